//! The atlas carried to a patient by the shape models of the bones.

use super::atlas::MuscleAtlas;
use super::muscle::CarriedMuscle;
use crate::shape_model::{FitOptions, fit, fit_pieces, shipped};
use coxa_anatomy::{Bone, BoneSurfaces};
use coxa_geometry::Side;

/// A model that lies worse than this on a bone, in mm on average, is on something else: a nail, a fracture, a stump.
const WORST_FIT_MM: f64 = 1.5;
/// Of the pelvis, whose sacrum is smoother in the model than in people.
const WORST_PELVIS_FIT_MM: f64 = 2.5;

/// Muscles where the bones carry them.
#[derive(Debug, Clone)]
pub struct CarriedMuscles {
    /// Side of the patient.
    pub side: Side,
    /// The muscles.
    pub muscles: Vec<CarriedMuscle>,
    /// Mean distance of the fitted pelvis from the surfaces that were given, in mm.
    pub pelvis_residual_mm: f64,
    /// Mean distance of the fitted femur from its surface, in mm.
    pub femur_residual_mm: f64,
}

/// Carries the atlas to one side of a patient.
///
/// # Errors
/// Words that say what is missing of the bones or does not fit, to follow "not found".
pub fn carry(atlas: &MuscleAtlas, surfaces: &BoneSurfaces, side: Side) -> Result<CarriedMuscles, String> {
    let damaged = || "a built-in shape model is damaged: install Coxa again".to_owned();
    let (pelvis, femur) = (shipped::pelvis().ok_or_else(damaged)?, shipped::femur().ok_or_else(damaged)?);
    let surface = |bone: Bone| surfaces.get(&bone);
    let hip = surface(Bone::hip(side)).ok_or("the hip bone is not in the scan")?;
    let thigh = surface(Bone::femur(side)).ok_or("the femur is not in the scan")?;
    let options = FitOptions { places: 1200, ..FitOptions::default() };
    let pieces = [Some(hip), surface(Bone::hip(side.other())), surface(Bone::Sacrum)];
    let (pelvis, femur) =
        rayon::join(|| fit_pieces(pelvis, &pieces, side, &options), || fit(femur, thigh, side, &options));
    let no_fit =
        |bone: &str, why: &dyn std::fmt::Display| format!("the shape of the {bone} is unusual ({why})");
    let pelvis = pelvis.map_err(|e| no_fit("pelvis", &e))?;
    let femur = femur.map_err(|e| no_fit("femur", &e))?;
    let off = |bone: &str, found: f64, most: f64| match found <= most {
        true => Ok(()),
        false => Err(format!(
            "the shape of the {bone} is unusual: its surface lies {found:.1} mm from the fitted shape model on average"
        )),
    };
    off("pelvis", pelvis.residual_mm, WORST_PELVIS_FIT_MM)?;
    off("femur", femur.residual_mm, WORST_FIT_MM)?;
    let (own_pelvis, own_femur) = (side.enter(pelvis.mesh()).vertices, side.enter(femur.mesh()).vertices);
    let muscles =
        atlas.carried(&own_pelvis, &own_femur).ok_or("the atlas does not belong to the shape models")?;
    Ok(CarriedMuscles {
        side,
        muscles,
        pelvis_residual_mm: pelvis.residual_mm,
        femur_residual_mm: femur.residual_mm,
    })
}
