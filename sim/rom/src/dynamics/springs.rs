//! Capsule and muscles as straight fibres.

use super::{DynamicsError, HipJoint, within};
use coxa_geometry::Point;
use coxa_geometry::frame::{Femur, Pelvis};
use coxa_geometry::joint::HipAngles;
use nalgebra::Vector3;
use serde::{Deserialize, Serialize};
use std::f64::consts::TAU;

/// An elastic line between pelvis and femur that pulls and never pushes.
///
/// Its tension is `tension + stiffness (length - reference length)`, or zero where that is negative. A stiffness of zero
/// makes it a muscle of constant force.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Fibre {
    /// Where it begins.
    #[serde(rename = "on_pelvis_mm")]
    pub on_pelvis: Point<Pelvis>,
    /// Where it ends.
    #[serde(rename = "on_femur_mm")]
    pub on_femur: Point<Femur>,
    /// Stiffness in N/mm.
    pub stiffness_n_per_mm: f64,
    /// Tension in N at the reference length.
    pub tension_n: f64,
    /// The length at which it has that tension.
    pub reference_length_mm: f64,
}

/// A capsule between two circles: one about the cup's axis, one about the neck's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capsule {
    /// How many fibres stand for it.
    pub fibres: usize,
    /// Radius of the circle on the pelvis, about the cup's axis in the plane of its rim.
    pub pelvic_radius_mm: f64,
    /// Radius of the circle on the femur.
    pub femoral_radius_mm: f64,
    /// Distance of that circle from the head centre along the neck.
    pub femoral_distance_mm: f64,
    /// Elastic modulus.
    pub modulus_n_per_mm2: f64,
    /// Cross-section of the whole capsule.
    pub section_mm2: f64,
    /// Tension of the whole capsule in the reference position.
    pub pretension_n: f64,
    /// By how much every fibre may lengthen from the reference position before it pulls.
    pub slack_mm: f64,
}

impl Capsule {
    /// Slack in 30° of flexion, about the middle of the range, with which rotation about the thigh is free over 50°, as van Arkel et
    /// al. 2015 (J Biomech 48:3803) found in nine hips (50° ± 10°). The resistance beyond is right for turning in; turned out in
    /// flexion the ligaments, which wind about the neck, resist more than these straight fibres.
    pub const NATIVE_SLACK_MM: f64 = 8.5;

    /// The sum of the three ligaments measured by Pieroh et al. 2016 (PLoS ONE 11:e0163306): cross-sections of 53.5, 19.2
    /// and 15.2 mm², and their moduli of 48.8, 37.5 and 49.0 N/mm² weighted by these. Old donors and a wide scatter (a
    /// third to a half of each value); evenly spread, where the real capsule is strongest in front.
    pub fn pieroh_2016(pelvic_radius_mm: f64, femoral_radius_mm: f64, femoral_distance_mm: f64) -> Capsule {
        Capsule {
            fibres: 16,
            pelvic_radius_mm,
            femoral_radius_mm,
            femoral_distance_mm,
            modulus_n_per_mm2: 46.4,
            section_mm2: 87.9,
            pretension_n: 0.0,
            slack_mm: 0.0,
        }
    }

    /// Its fibres, evenly spaced, with the pretension in the position `reference`; each has its share of the section
    /// and the stiffness modulus × section / length.
    ///
    /// # Errors
    /// [`DynamicsError`] for numbers out of range or an axis without direction.
    pub fn fibres(&self, joint: &HipJoint, reference: HipAngles) -> Result<Vec<Fibre>, DynamicsError> {
        within("number of capsule fibres", self.fibres as f64, 3.0, 1000.0)?;
        within("radius of the capsule on the pelvis in mm", self.pelvic_radius_mm, 1.0, 500.0)?;
        within("radius of the capsule on the femur in mm", self.femoral_radius_mm, 1.0, 500.0)?;
        within("distance of the capsule along the neck in mm", self.femoral_distance_mm, 1.0, 500.0)?;
        within("modulus of the capsule in N/mm2", self.modulus_n_per_mm2, 0.0, 1e5)?;
        within("cross-sectional area of the capsule in mm2", self.section_mm2, 0.0, 1e5)?;
        within("tension of the capsule in N", self.pretension_n, 0.0, 1e5)?;
        within("slack of the capsule in mm", self.slack_mm, 0.0, 100.0)?;
        let checked = joint.checked()?;
        let (cup, neck) = (checked.cup_axis.coords(), checked.neck_axis.coords());
        let pose = reference.pose();
        let turn = reference.rotation();
        // Opposite points face each other: the circles' first radii are the same direction, seen across each axis.
        let neck_in_pelvis = turn * neck;
        let common = [cup + neck_in_pelvis, cup]
            .into_iter()
            .find_map(|v| v.try_normalize(1e-6))
            .ok_or(DynamicsError::Direction("cup axis"))?;
        let least = Vector3::ith(common.iamin(), 1.0);
        let spoke = |axis: &Vector3<f64>, angle: f64| {
            let first = (least - axis * axis.dot(&least)).normalize();
            first * angle.cos() + axis.cross(&first) * angle.sin()
        };
        let count = self.fibres as f64;
        let fibres = (0..self.fibres).map(|index| {
            let angle = TAU * index as f64 / count;
            let on_pelvis = cup * checked.liner.rim_height() + spoke(&cup, angle) * self.pelvic_radius_mm;
            let femoral = neck_in_pelvis * self.femoral_distance_mm
                + spoke(&neck_in_pelvis, angle) * self.femoral_radius_mm;
            let on_pelvis = Point::<Pelvis>::from_coords(on_pelvis.into());
            let in_pelvis = Point::<Pelvis>::from_coords(femoral.into());
            let length = on_pelvis.distance(in_pelvis);
            within("length of a capsule fibre in mm", length, 0.1, 1e3)?;
            Ok(Fibre {
                on_pelvis,
                on_femur: pose.inverse().apply(in_pelvis),
                stiffness_n_per_mm: self.modulus_n_per_mm2 * self.section_mm2 / (count * length),
                tension_n: self.pretension_n / count,
                reference_length_mm: length + self.slack_mm,
            })
        });
        fibres.collect()
    }
}

impl Fibre {
    pub(super) fn check(&self) -> Result<(), DynamicsError> {
        let far = self.on_pelvis.coords().coords.norm().max(self.on_femur.coords().coords.norm());
        within("distance of a fibre's end from the hip centre in mm", far, 0.0, 1e4)?;
        if !(self.on_pelvis.is_finite() && self.on_femur.is_finite()) {
            return Err(DynamicsError::Direction("end of a fibre"));
        }
        within("stiffness of a fibre in N/mm", self.stiffness_n_per_mm, 0.0, 1e5)?;
        within("tension of a fibre in N", self.tension_n, 0.0, 1e5)?;
        within("reference length of a fibre in mm", self.reference_length_mm, 0.0, 1e4)?;
        Ok(())
    }

    /// Its pull on the femur in N, with its end on the femur at `end` in the pelvis.
    pub(super) fn pull(&self, end: &Vector3<f64>) -> Vector3<f64> {
        let line = self.on_pelvis.coords().coords - end;
        let length = line.norm();
        let tension = self.tension_n + self.stiffness_n_per_mm * (length - self.reference_length_mm);
        if length > 0.0 && tension > 0.0 { line * (tension / length) } else { Vector3::zeros() }
    }

    /// The work in N mm that stretched it from slack (or, for a constant force, from zero length).
    pub(super) fn energy(&self, end: &Vector3<f64>) -> f64 {
        let length = (self.on_pelvis.coords().coords - end).norm();
        if self.stiffness_n_per_mm == 0.0 {
            return self.tension_n * length;
        }
        let tension = self.tension_n + self.stiffness_n_per_mm * (length - self.reference_length_mm);
        tension.max(0.0).powi(2) / (2.0 * self.stiffness_n_per_mm)
    }
}
