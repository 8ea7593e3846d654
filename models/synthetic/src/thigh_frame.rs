//! A frame along a thigh, in which the vessels' courses are written.

use super::shape::Anatomy;
use coxa_anatomy::{Bone, LandmarkKind};
use coxa_geometry::Side;
use nalgebra::{Point3, Vector3};

/// The shaft's axis is the middle of the femur so far below the apex of the lesser trochanter.
const BELOW_TROCHANTER_MM: std::ops::Range<f64> = 15.0..35.0;

/// From the shaft at the level of the lesser trochanter to the knee, of a right thigh.
pub(super) struct ThighFrame {
    origin: Point3<f64>,
    medial: Vector3<f64>,
    anterior: Vector3<f64>,
    /// Whole length.
    down: Vector3<f64>,
}

impl ThighFrame {
    /// `None` where a landmark is missing or they span no frame.
    pub(super) fn of(anatomy: &Anatomy, side: Side) -> Option<ThighFrame> {
        let truth = anatomy.side(side);
        let at = |kind| truth.landmarks_mm.get(&kind).map(|&p| side.enter(p).coords());
        let trochanter = at(LandmarkKind::LesserTrochanter)?;
        let lateral = at(LandmarkKind::LateralEpicondyle)?;
        let knee = nalgebra::center(&at(LandmarkKind::MedialEpicondyle)?, &lateral);
        let axis = (knee - trochanter).try_normalize(1.0)?;
        let femur = anatomy.bones.iter().find(|posed| posed.bone == Bone::femur(side))?;
        let of_shaft = femur.mesh.vertices.iter().map(|p| side.enter(*p).coords());
        let (sum, count) = of_shaft
            .filter(|p| BELOW_TROCHANTER_MM.contains(&(p - trochanter).dot(&axis)))
            .fold((Vector3::zeros(), 0.0), |(sum, count), p| (sum + p.coords, count + 1.0));
        let middle = Point3::from(sum / f64::max(count, 1.0));
        // At the level of the trochanter's apex.
        let origin = middle + axis * (trochanter - middle).dot(&axis);
        let down = knee - origin;
        let axis = down.try_normalize(1.0)?;
        let outwards = lateral - knee;
        let medial = -(outwards - axis * outwards.dot(&axis)).try_normalize(1.0)?;
        // Right leg: medial is the patient's left, x; down is -z; the front is -y.
        Some(ThighFrame { origin, medial, anterior: axis.cross(&medial), down })
    }

    /// The place at a share of the way from the lesser trochanter to the knee, so far inwards and forwards of the shaft.
    pub(super) fn place(&self, level: f64, medial: f64, anterior: f64) -> Point3<f64> {
        self.origin + self.down * level + self.medial * medial + self.anterior * anterior
    }

    /// From the lesser trochanter to the knee.
    pub(super) fn down(&self) -> Vector3<f64> {
        self.down
    }
}
