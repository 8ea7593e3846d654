//! A femur that the scan cuts, completed by the shape model: the knee end's directions, and the shaft's where too little of it is
//! seen, with the spread of the model's posterior. What is measured stays measured, and what is completed says so.

use super::femur::{isb_frame, version};
use super::{Hip, prepare};
use crate::landmarks::axes::{point_to_side, vector_to_side};
use crate::landmarks::ball::Sphere;
use crate::landmarks::distal_femur::{self, DistalFemur};
use crate::landmarks::proximal_femur::{self, ProximalFemur, ShaftFit};
use crate::landmarks::shape::Shape;
use crate::patient::{BoneSurfaces, FemurCompletion, HipAnatomy, Missing, Shaft};
use crate::shape_model::{FitOptions, fit_prepared, shipped};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Finding, Measured, Mesh, Point, Severity, Side, Unit, Vector};
use coxa_imaging::{CtVolume, LabelMap};
use nalgebra::Vector3;
use rayon::prelude::*;

/// Posterior samples; the spread of a standard deviation from them is 15 %.
const SAMPLES: u64 = 24;

/// Samples that must show their landmarks.
const LEAST_SAMPLES: usize = 16;

/// A fit with larger residuals, in mm, is no fit.
const POOR_FIT_MM: f64 = 1.5;

/// One possible femur, in the right-hip world.
struct Possible {
    shaft: ShaftFit,
    distal: DistalFemur,
}

/// A femur's likeliest completion and those that it might also have.
struct Completion {
    head: Sphere,
    /// Whether the scan shows the shaft's axis.
    is_shaft_seen: bool,
    likeliest: Possible,
    samples: Vec<Possible>,
    residual_mm: f64,
}

/// Completes every femur that has a head and is cut above its condyles: [`crate::HipSide::completion`], the femoral version with its spread, and a
/// finding that says so. Surfaces and scan are those that were measured. Where the model does not describe a femur, nothing is added but the reason.
pub fn complete_femora(
    anatomy: &mut HipAnatomy,
    surfaces: &BoneSurfaces,
    scan: Option<(&CtVolume, &LabelMap)>,
) {
    let up = anatomy.pelvis.functional.map_or(Vector::<Patient>::new(0.0, 0.0, 1.0), |functional| {
        functional.apply(Vector::new(0.0, 1.0, 0.0))
    });
    for side in Side::BOTH {
        if anatomy.side(side).head.is_none() || anatomy.side(side).femur_frame.is_some() {
            continue;
        }
        let hip = prepare(side, surfaces, scan.map(|(_, labels)| &labels.volume.grid));
        match complete(&hip, vector_to_side(side, up.coords())) {
            Ok((femur, completion)) => keep(anatomy, side, &femur, &completion),
            Err(why) => anatomy
                .missing
                .push(Missing { what: format!("femur_completion_{side}"), why: why.to_owned() }),
        }
    }
}

fn complete(hip: &Hip, superior: Vector3<f64>) -> Result<(ProximalFemur, Completion), &'static str> {
    let (shape, head) = hip.femur.as_ref().zip(hip.head).ok_or("it is not in the scan")?;
    let seen =
        proximal_femur::find(shape, &head, superior).ok_or("its head does not show where the neck is")?;
    let model = shipped::femur().ok_or("the shape model is damaged")?;
    let options = FitOptions { places: 1200, ..FitOptions::default() };
    let fit = fit_prepared(model, shape, Side::Right, &options)
        .map_err(|_| "the shape model of the femur cannot be laid on it")?;
    if fit.residual_mm > POOR_FIT_MM {
        return Err("the shape model does not describe this femur");
    }
    let shaft = seen.shaft.ok();
    let look = |mesh| possible(&mesh, &head, shaft, superior);
    let likeliest = look(fit.mesh()).ok_or("the completed femur shows no landmarks")?;
    let samples: Vec<Possible> =
        (0..SAMPLES).into_par_iter().filter_map(|seed| look(fit.sample(seed))).collect();
    if samples.len() < LEAST_SAMPLES {
        return Err("the completed femur is too uncertain to show landmarks");
    }
    let completion =
        Completion { head, is_shaft_seen: shaft.is_some(), likeliest, samples, residual_mm: fit.residual_mm };
    Ok((seen, completion))
}

impl Completion {
    /// One standard deviation of what is computed of each sample, about what the likeliest completion gives.
    fn spread(&self, of: impl Fn(&Possible) -> f64) -> f64 {
        let squares: f64 = self.samples.iter().map(|s| of(s).powi(2)).sum();
        (squares / self.samples.len().max(1) as f64).sqrt()
    }

    fn mechanical(&self, of: &Possible) -> Vector3<f64> {
        let (medial, lateral) = (of.distal.medial_epicondyle.point, of.distal.lateral_epicondyle.point);
        self.head.centre - nalgebra::center(&medial, &lateral)
    }

    /// Spread of the condylar line about the shaft axis, in radians.
    fn rotation(&self) -> f64 {
        let (axis, line) = (self.likeliest.shaft.axis, condylar_line(&self.likeliest.distal));
        self.spread(|s| turn_about(axis, line, condylar_line(&s.distal)))
    }

    /// Spread of a direction about each axis across it, in radians: an angle has two directions to err in.
    fn lean(&self, of: impl Fn(&Possible) -> Vector3<f64>) -> f64 {
        let likeliest = of(&self.likeliest);
        self.spread(|s| of(s).angle(&likeliest)) / 2.0_f64.sqrt()
    }
}

fn keep(anatomy: &mut HipAnatomy, side: Side, seen: &ProximalFemur, completion: &Completion) {
    let Possible { shaft, distal } = &completion.likeliest;
    let Some(femur_frame) = isb_frame(side, &completion.head, distal) else { return };
    let rotation = completion.rotation();
    let place = |p| Point::from_coords(point_to_side(side, p));
    let completed_shaft = (!completion.is_shaft_seen).then(|| Shaft {
        point_mm: place(shaft.point),
        axis: Vector::from_coords(vector_to_side(side, shaft.axis)),
        seen_mm: 0.0,
        spread_deg: completion.lean(|s| s.shaft.axis).hypot(shaft.spread_rad).to_degrees(),
    });
    let length = completion.mechanical(&completion.likeliest).norm();
    if let Ok(lesser) = &seen.lesser {
        let (angle, measured) = version(&completion.head, shaft, lesser, distal);
        let turned = if completion.is_shaft_seen { 0.0 } else { completion.lean(|s| s.shaft.axis) };
        let name = format!("femoral_version_{side}");
        let method = "Anteversion (Murphy 1987) against the posterior condylar line of the femur as the shape model completes it: the \
                      condyles are not in the scan. The spread is that of the completions that fit what is seen.";
        anatomy.missing.retain(|m| m.what != name);
        anatomy.measurements.insert(
            name,
            Measured {
                value: angle.to_degrees(),
                spread: rotation.hypot(measured).hypot(turned).to_degrees(),
                unit: Unit::Degree,
                method: method.to_owned(),
            },
        );
    }
    anatomy.side_mut(side).completion = Some(FemurCompletion {
        shaft: completed_shaft,
        posterior_condyles_mm: [place(distal.medial_posterior.point), place(distal.lateral_posterior.point)],
        femur_frame,
        rotation_spread_deg: rotation.to_degrees(),
        lean_spread_deg: completion.lean(|s| completion.mechanical(s)).to_degrees(),
        length_mm: length,
        length_spread_mm: completion.spread(|s| completion.mechanical(s).norm() - length),
        residual_mm: completion.residual_mm,
    });
    let message = format!(
        "The scan ends above the condyles of the {side} femur. A shape model completes it: the condylar line, to which femoral version refers, is known to \
         {:.0} degrees (one standard deviation); nothing of it is measured.",
        rotation.to_degrees()
    );
    anatomy.findings.push(Finding::new(Severity::Note, "femur_completed", &format!("femur_{side}"), message));
}

/// Landmarks of one completion, about the head that was measured.
fn possible(
    mesh: &Mesh<Patient>,
    head: &Sphere,
    shaft: Option<ShaftFit>,
    superior: Vector3<f64>,
) -> Option<Possible> {
    let shape = Shape::new(mesh, 0.0, &|_| false)?;
    let proximal = proximal_femur::find(&shape, head, superior)?;
    let shaft = shaft.or_else(|| proximal.shaft.ok())?;
    let distal = distal_femur::find(&shape, head, shaft.axis, proximal.medial).ok()?;
    Some(Possible { shaft, distal })
}

fn condylar_line(distal: &DistalFemur) -> Vector3<f64> {
    distal.medial_posterior.point - distal.lateral_posterior.point
}

/// Signed angle in radians about an axis from one direction to another.
fn turn_about(axis: Vector3<f64>, from: Vector3<f64>, to: Vector3<f64>) -> f64 {
    let across = |v: Vector3<f64>| v - axis * axis.dot(&v);
    let (a, b) = (across(from), across(to));
    a.cross(&b).dot(&axis).atan2(a.dot(&b))
}
