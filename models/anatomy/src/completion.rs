//! What a shape model says of the parts of femur and pelvis that the scan cuts off.

use crate::fitted::Shaft;
use crate::landmark::Landmark;
use coxa_geometry::{Measured, Measurements, Point, Quantity, Transform, frame};
use frame::{AnteriorPelvicPlane, Patient};
use serde::{Deserialize, Serialize};

/// A cut femur completed by a shape model. Nothing in it was seen below [`Completion::seen_mm`], and nothing that was measured
/// is replaced by it; all spreads are one standard deviation, of the posterior or wider by what people left out and populations show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Completion {
    /// What it rests on, in one sentence.
    pub obtained_by: String,
    /// How far below the head centre the femur is seen, along the completed shaft.
    pub seen_mm: f64,
    /// Mean distance of the model from the surface where that is seen.
    pub residual_mm: f64,
    /// Samples of the posterior that the spreads were taken from.
    pub samples: usize,
    /// Axis of the completed proximal shaft; its `seen_mm` is zero, its spread that about each of two axes across it.
    pub shaft: Shaft,
    /// ISB frame of the completed femur; its Y axis is the mechanical axis.
    pub femur_frame: Transform<frame::Femur, Patient>,
    /// Of the frame, about the mechanical axis.
    pub rotation_spread_deg: f64,
    /// Of the mechanical axis, about each of two axes across it.
    pub lean_spread_deg: f64,
    /// Most posterior point of the medial condyle.
    pub medial_posterior_condyle_mm: Point<Patient>,
    /// Most posterior point of the lateral condyle.
    pub lateral_posterior_condyle_mm: Point<Patient>,
    /// Apex of the lesser trochanter.
    pub lesser_trochanter_mm: Point<Patient>,
    /// Of the apex, per axis.
    pub lesser_trochanter_spread_mm: f64,
    /// `femoral_version`, `neck_shaft_angle`, `femoral_offset` and `femur_length` of the completed femur.
    pub measurements: Measurements,
}

impl Completion {
    /// Version against the completed posterior condyles.
    pub fn version(&self) -> Option<&Measured> {
        self.measurements.get(Quantity::FemoralVersion)
    }
}

/// The anterior pelvic plane of a pelvis that the scan cuts off, by a shape model. Nothing that was measured is replaced by it; all
/// spreads are one standard deviation, of the posterior or wider by what people left out show.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PelvisCompletion {
    /// What it rests on, in one sentence.
    pub obtained_by: String,
    /// Mean distance of the model from the hip bones where they are seen.
    pub residual_mm: f64,
    /// Samples of the posterior that the spreads were taken from.
    pub samples: usize,
    /// The landmarks of the plane that the scan does not show.
    pub landmarks: Vec<Landmark>,
    /// Anterior pelvic plane through these and those that were measured, origin halfway between the ASIS.
    pub anterior_plane: Transform<AnteriorPelvicPlane, Patient>,
    /// Of the plane, about its transverse axis.
    pub tilt_spread_deg: f64,
    /// Of the plane, about each of its other two axes, the larger.
    pub turn_spread_deg: f64,
    /// `pelvic_tilt`, and `acetabular_inclination_app` and `acetabular_anteversion_app` with their side, in the completed plane.
    pub measurements: Measurements,
}
