//! A patient's leg with its muscles: with the hip as scanned and as planned.

use super::body::BodyMass;
use super::error::MuscleError;
use super::landmarks::{CentreSteps, PatientLandmarks};
use super::leg::LegError;
use super::strength::{Strength, strengths, structure_of};
use coxa_anatomy::HipAnatomy;
use coxa_geometry::{Finding, Side, finding};
use coxa_muscle::Skeleton;
use coxa_muscle::activity::{Names, Person};
use coxa_muscle::hip_loads::{FEMUR, HipLoadsError};
use coxa_muscle::leg::{self, Landmark, Landmarks, Scaled};
use coxa_muscle::model::Model;
use nalgebra::{Point3, UnitQuaternion};
use std::collections::BTreeMap;

/// How much an attachment differs between people who have the same landmarks, mm per axis (to be verified): centroids of attachments of
/// bones scaled to one another differ by 5 to 10 mm.
const ATTACHMENT_SPREAD_MM: f64 = 5.0;

/// A patient, ready for activities.
pub(crate) struct Patient {
    pub(crate) mass: BodyMass,
    pub(crate) scaled: Scaled,
    pub(crate) strengths: Vec<Strength>,
    /// One standard deviation of an attachment, per axis.
    pub(crate) attachment_spread_mm: f64,
    pub(crate) attachments_method: String,
    /// With the hip as scanned and as planned.
    pub(crate) before: Model,
    pub(crate) after: Model,
    pub(crate) person: Person,
    /// From the axes of the model's femur to those of the patient's femoral frame (ISB).
    pub(crate) femur_to_isb: UnitQuaternion<f64>,
    pub(crate) findings: Vec<Finding>,
}

impl Patient {
    /// The leg of somebody with these landmarks and this mass, its hip as scanned and as planned.
    pub(crate) fn new(
        known: &PatientLandmarks,
        steps: &CentreSteps,
        mass: BodyMass,
        anatomy: &HipAnatomy,
        side: Side,
    ) -> Result<Self, MuscleError> {
        let mut findings = Vec::new();
        let scale = |landmarks: &Landmarks| {
            let own_mass = leg::generic_mass_kg();
            leg::scaled(leg::generic(), leg::generic_landmarks(), own_mass, landmarks, mass.kg)
        };
        let (mut scaled, used) = match scale(&known.all) {
            Ok(scaled) => (scaled, known.all.clone()),
            Err(error) => {
                let least = known.least();
                let scaled = scale(&least)?;
                findings.push(finding::LandmarksContradict { error: error.to_string() }.finding());
                (scaled, least)
            }
        };
        let strengths = strengths(&scaled.model, anatomy, side);
        for (muscle, strength) in scaled.model.muscles.iter_mut().zip(&strengths) {
            muscle.max_isometric_force = strength.newtons;
        }
        let before = scaled.model.clone();
        let after = before.with_moved_hip(FEMUR, steps.in_pelvis(&scaled), steps.in_femur(&scaled))?;
        let mut attachments_method = format!(
            "attachments of a generic leg (gait2392) fitted to {} landmarks of pelvis and femur",
            used.pelvis.len() + used.femur.len()
        );
        if known.is_completed {
            attachments_method += ", some of them from a shape model beyond the scan";
        }
        let person = person(&scaled, mass.kg)?;
        Ok(Patient {
            attachment_spread_mm: ATTACHMENT_SPREAD_MM.hypot(known.spread_mm),
            femur_to_isb: scaled.femur_to_isb()?,
            mass,
            scaled,
            strengths,
            attachments_method,
            before,
            after,
            person,
            findings,
        })
    }

    /// The same with other strengths: ratios by the structure in which a muscle of the model lies.
    pub(crate) fn with_strengths(mut self, ratios: &BTreeMap<String, f64>) -> Self {
        for (place, strength) in self.strengths.iter_mut().enumerate() {
            for model in [&mut self.scaled.model, &mut self.before, &mut self.after] {
                let Some(muscle) = model.muscles.get_mut(place) else { continue };
                let Some(ratio) = structure_of(&muscle.name).and_then(|name| ratios.get(name)) else {
                    continue;
                };
                muscle.max_isometric_force *= ratio;
                strength.newtons = muscle.max_isometric_force;
            }
        }
        self
    }
}

/// What the activities need to know. Landmarks that the scan does not show are those of the leg that ships, and the other hip is the mirror
/// image of this one.
fn person(scaled: &Scaled, body_mass_kg: f64) -> Result<Person, MuscleError> {
    let mut known = scaled.landmarks.clone();
    let posterior = [Landmark::Psis, Landmark::OppositePsis];
    if posterior.iter().any(|landmark| !known.pelvis.contains_key(landmark)) {
        // The two planes of the spines differ by a constant angle then.
        let generic = &leg::generic_landmarks().pelvis;
        let spines = [Landmark::Psis, Landmark::OppositePsis, Landmark::Asis, Landmark::OppositeAsis];
        known.pelvis.extend(spines.iter().filter_map(|name| Some((*name, *generic.get(name)?))));
    }
    if let Some(hip) = known.pelvis.get(&Landmark::HipCentre).copied() {
        known.pelvis.entry(Landmark::OppositeHipCentre).or_insert(Point3::new(hip.x, hip.y, -hip.z));
    }
    let skeleton = Skeleton::new(&scaled.model).map_err(LegError::from)?;
    Ok(Person::of_leg(&skeleton, &Names::default(), &known, body_mass_kg).map_err(HipLoadsError::from)?)
}
