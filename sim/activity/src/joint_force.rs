//! Forces in the hip that instrumented prostheses have measured.

use coxa_geometry::Vector;
use coxa_geometry::frame::Femur;
use serde::Deserialize;

/// A mean force of the cup on the head in body weights, of Bergmann et al. 2016 (PLoS ONE 11:e0155612), from the patients' means as published
/// with Fischer et al. 2021 (J Biomech).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum MeasuredForce {
    /// Level walking, over the phase between the two peaks; ten patients.
    Walking,
    /// Standing up, over the peak phase; nine patients.
    StandingUp,
    /// One-leg stance, over the plateau; ten patients.
    OneLegStance,
}

/// The part of an activity in which a measured force acts.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct JointForce {
    /// The force.
    pub(crate) of: MeasuredForce,
    /// From which to which fraction of the activity.
    pub(crate) span: [f64; 2],
}

/// Angle between the femoral shaft, to which the measured loads refer, and the mechanical axis of the ISB frame: 5° to 7° in
/// most adults, to be verified.
const SHAFT_TO_MECHANICAL_AXIS_DEG: f64 = 6.0;

impl MeasuredForce {
    /// In the axes of the measurements: x lateral, y anterior, z along the femoral shaft.
    const fn along_shaft(self) -> [f64; 3] {
        match self {
            MeasuredForce::Walking => [0.6770, -0.2362, -2.3582],
            MeasuredForce::StandingUp => [0.8607, -0.2344, -1.9447],
            MeasuredForce::OneLegStance => [0.7362, -0.1497, -2.4879],
        }
    }

    /// In the ISB femur: the shaft leans outwards from the knee, so its axis points up and to the side.
    fn in_femur(self) -> Vector<Femur> {
        let [lateral, anterior, along] = self.along_shaft();
        let (sin, cos) = SHAFT_TO_MECHANICAL_AXIS_DEG.to_radians().sin_cos();
        Vector::new(anterior, along * cos - lateral * sin, along * sin + lateral * cos)
    }
}

impl JointForce {
    /// The force at a fraction of the activity, body weights; `None` outside its span.
    pub(crate) fn at(&self, fraction: f64) -> Option<Vector<Femur>> {
        let [from, to] = self.span;
        (from..=to).contains(&fraction).then(|| self.of.in_femur())
    }
}
