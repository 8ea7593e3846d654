//! The places on a patient's bones by which a model of a leg becomes the patient's, and where the plan puts its hip.

use crate::planned::Planned;
use coxa_anatomy::{HipAnatomy, LandmarkKind};
use coxa_geometry::frame::{Femur, Patient, RightSide};
use coxa_geometry::{Finding, Point, Quantity, Side, Vector, finding};
use coxa_muscle::leg::{Landmark, Landmarks, Scaled};
use nalgebra::{Point3, Vector3};
use std::collections::BTreeMap;

/// Half the width between the epicondyles over the length from head to knee, of the leg that ships: where these are completed by a shape
/// model, which tells only the femur's frame.
const HALF_WIDTH: f64 = 0.0983;

/// Landmarks of the scan and their names in the model.
const ON_PELVIS: [(LandmarkKind, Landmark); 5] = [
    (LandmarkKind::Asis, Landmark::Asis),
    (LandmarkKind::Aiis, Landmark::Aiis),
    (LandmarkKind::PubicTubercle, Landmark::PubicTubercle),
    (LandmarkKind::Psis, Landmark::Psis),
    (LandmarkKind::IschialSpine, Landmark::IschialSpine),
];
const ACROSS: [(LandmarkKind, Landmark); 2] =
    [(LandmarkKind::Asis, Landmark::OppositeAsis), (LandmarkKind::Psis, Landmark::OppositePsis)];
const ON_FEMUR: [(LandmarkKind, Landmark); 7] = [
    (LandmarkKind::GreaterTrochanter, Landmark::GreaterTrochanter),
    (LandmarkKind::LesserTrochanter, Landmark::LesserTrochanter),
    (LandmarkKind::IntercondylarNotch, Landmark::IntercondylarNotch),
    (LandmarkKind::LateralEpicondyle, Landmark::LateralEpicondyle),
    (LandmarkKind::MedialEpicondyle, Landmark::MedialEpicondyle),
    (LandmarkKind::LateralPosteriorCondyle, Landmark::LateralPosteriorCondyle),
    (LandmarkKind::MedialPosteriorCondyle, Landmark::MedialPosteriorCondyle),
];
/// What a pelvis and a femur are laid on at least, where more contradict one another.
const LEAST: [Landmark; 9] = [
    Landmark::HipCentre,
    Landmark::OppositeHipCentre,
    Landmark::Asis,
    Landmark::OppositeAsis,
    Landmark::PubicTubercle,
    Landmark::GreaterTrochanter,
    Landmark::LesserTrochanter,
    Landmark::LateralEpicondyle,
    Landmark::MedialEpicondyle,
];

/// A patient's landmarks, seen as of a right hip, in the axes of models: x forwards, y up, z to the right, mm.
#[derive(Debug, Clone)]
pub(crate) struct PatientLandmarks {
    pub(crate) all: Landmarks,
    /// Mean spread of those that were found, per axis, mm.
    pub(crate) spread_mm: f64,
    /// Whether some are those of a shape model.
    pub(crate) is_completed: bool,
    /// Those that are mirror images of what is known on the other half of the pelvis.
    pub(crate) mirrored: Vec<Landmark>,
}

/// Places on the two halves of a pelvis.
const PAIRS: [[Landmark; 2]; 3] = [
    [Landmark::HipCentre, Landmark::OppositeHipCentre],
    [Landmark::Asis, Landmark::OppositeAsis],
    [Landmark::Psis, Landmark::OppositePsis],
];

/// Adds mirror images of places that are known on one half only, across the plane in the middle of the pairs that are known; says which.
/// Without any pair there is no such plane, and nothing is added.
fn mirror(pelvis: &mut BTreeMap<Landmark, Point3<f64>>) -> Vec<Landmark> {
    let place = |of| pelvis.get(&of).copied();
    let known = || PAIRS.iter().filter_map(|&[own, other]| place(own).zip(place(other)));
    let across: Vector3<f64> = known().map(|(own, other)| own - other).sum();
    let count = known().count() as f64;
    let Some(normal) = across.try_normalize(1.0) else { return Vec::new() };
    let middle =
        known().map(|(own, other)| nalgebra::center(&own, &other).coords.dot(&normal)).sum::<f64>() / count;
    let image = |at: Point3<f64>| at - normal * (2.0 * (at.coords.dot(&normal) - middle));
    let missing = PAIRS.iter().flat_map(|&[own, other]| [(own, other), (other, own)]);
    let added: Vec<(Landmark, Point3<f64>)> = missing
        .filter(|(_, of)| place(*of).is_none())
        .filter_map(|(known, of)| Some((of, image(place(known)?))))
        .collect();
    pelvis.extend(added.iter().copied());
    added.into_iter().map(|(of, _)| of).collect()
}

/// A place of the patient along the axes of models.
fn world(side: Side, at: Point<Patient>) -> Point3<f64> {
    along_axes(side.enter(at))
}

/// A place seen as of a right hip, along the axes of models.
fn along_axes(at: Point<RightSide>) -> Point3<f64> {
    Point3::new(-at.y(), at.z(), -at.x())
}

/// Back: a place along the axes of models, in the patient.
pub(crate) fn from_world(side: Side, at: Point3<f64>) -> Point<Patient> {
    side.leave(Point::new(-at.z, -at.x, at.y))
}

/// A direction seen as of a right hip, along the axes of models.
pub(crate) fn to_world(v: Vector<RightSide>) -> Vector3<f64> {
    Vector3::new(-v.y(), v.z(), -v.x())
}

/// Back: a direction along the axes of models, seen as of a right hip.
pub(crate) fn direction_from_world(v: Vector3<f64>) -> Vector<RightSide> {
    Vector::new(-v.z, -v.x, v.y)
}

impl PatientLandmarks {
    /// Of one side; `None` where there is no head.
    pub(crate) fn new(anatomy: &HipAnatomy, side: Side) -> Option<Self> {
        let (own, other) = (anatomy.side(side), side.other());
        let head = own.head.as_ref()?;
        let completed = anatomy.pelvis.completion.as_ref();
        let mut all = Landmarks::default();
        let (mut spreads, mut is_completed) = (vec![head.spread_mm], false);
        let mut place = |kind, of| -> Option<Point3<f64>> {
            let seen = anatomy.landmark(kind, of);
            let guessed = || completed?.landmarks.iter().find(|l| l.kind == kind && l.side == of);
            let found = seen.or_else(guessed)?;
            is_completed |= seen.is_none();
            spreads.push(found.spread_mm);
            Some(world(side, found.position_mm))
        };
        for (kind, landmark) in ON_PELVIS {
            all.pelvis.extend(place(kind, side).map(|at| (landmark, at)));
        }
        for (kind, landmark) in ACROSS {
            all.pelvis.extend(place(kind, other).map(|at| (landmark, at)));
        }
        for (kind, landmark) in ON_FEMUR {
            all.femur.extend(place(kind, side).map(|at| (landmark, at)));
        }
        all.pelvis.insert(Landmark::HipCentre, world(side, head.centre_mm));
        all.femur.insert(Landmark::HipCentre, world(side, head.centre_mm));
        if let Some(opposite) = &anatomy.side(other).head {
            all.pelvis.insert(Landmark::OppositeHipCentre, world(side, opposite.centre_mm));
        }
        if !all.femur.contains_key(&Landmark::LateralEpicondyle)
            && let Some(completion) = &own.completion
            && let Some(length) = completion.measurements.get(Quantity::FemurLength)
        {
            is_completed = true;
            let at = |z: f64| {
                let in_femur = Point::<Femur>::new(0.0, -length.value, z * HALF_WIDTH * length.value);
                world(side, completion.femur_frame.apply(in_femur))
            };
            // Z of a femur's frame is to the right: lateral of a right femur.
            let outwards = if side == Side::Right { 1.0 } else { -1.0 };
            all.femur.insert(Landmark::LateralEpicondyle, at(outwards));
            all.femur.insert(Landmark::MedialEpicondyle, at(-outwards));
            let trochanter = completion.lesser_trochanter_mm;
            all.femur.entry(Landmark::LesserTrochanter).or_insert(world(side, trochanter));
        }
        let spread_mm = spreads.iter().sum::<f64>() / spreads.len() as f64;
        let mirrored = mirror(&mut all.pelvis);
        Some(PatientLandmarks { all, spread_mm, is_completed, mirrored })
    }

    /// What must be known of where they come from.
    pub(crate) fn finding(&self) -> Option<Finding> {
        let names: Vec<String> = self.mirrored.iter().map(|landmark| in_words(*landmark)).collect();
        (!names.is_empty()).then(|| finding::PelvisMirrored { landmarks: names.join(", ") }.finding())
    }

    /// Only those that a model needs.
    pub(crate) fn least(&self) -> Landmarks {
        let mut least = self.all.clone();
        least.pelvis.retain(|landmark, _| LEAST.contains(landmark));
        least.femur.retain(|landmark, _| LEAST.contains(landmark));
        least
    }
}

/// What a person calls a landmark.
fn in_words(landmark: Landmark) -> String {
    match landmark {
        Landmark::HipCentre => "the femoral head on this side",
        Landmark::OppositeHipCentre => "the other femoral head",
        Landmark::Asis => "the anterior superior iliac spine on this side",
        Landmark::OppositeAsis => "the other anterior superior iliac spine",
        Landmark::Psis => "the posterior superior iliac spine on this side",
        Landmark::OppositePsis => "the other posterior superior iliac spine",
        other => return format!("{other:?}"),
    }
    .into()
}

/// Where a plan moves the centre of rotation, along the axes of models, mm.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CentreSteps {
    /// Of the native head.
    native: Point3<f64>,
    /// Planned, in the pelvis.
    centre: Point3<f64>,
    /// Of the planned head, in the femur as scanned.
    head: Point3<f64>,
}

impl CentreSteps {
    /// Of a plan; `None` where the native head is not known.
    pub(crate) fn new(planned: &Planned, anatomy: &HipAnatomy) -> Option<Self> {
        let side = planned.plan.side;
        let native = world(side, anatomy.side(side).head.as_ref()?.centre_mm);
        let head = world(side, planned.pose.reduced().inverse().apply(planned.pose.hip_centre));
        Some(CentreSteps { native, centre: world(side, planned.pose.hip_centre), head })
    }

    /// Of the hip as scanned.
    pub(crate) fn none(anatomy: &HipAnatomy, side: Side) -> Option<Self> {
        let native = world(side, anatomy.side(side).head.as_ref()?.centre_mm);
        Some(CentreSteps { native, centre: native, head: native })
    }

    /// Of a planned centre in the pelvis and the centre of the planned head in the femur as scanned, both seen as of a right hip.
    pub(crate) fn between(
        native: Point<RightSide>,
        centre: Point<RightSide>,
        head: Point<RightSide>,
    ) -> Self {
        let [native, centre, head] = [native, centre, head].map(along_axes);
        CentreSteps { native, centre, head }
    }

    /// Planned centre less that of the native head, m along the axes of the model's pelvis.
    pub(crate) fn in_pelvis(&self, scaled: &Scaled) -> Vector3<f64> {
        scaled.pelvis.rotation * (self.centre - self.native) / 1e3
    }

    /// Centre of the planned head less that of the native one, m along the axes of the model's femur.
    pub(crate) fn in_femur(&self, scaled: &Scaled) -> Vector3<f64> {
        scaled.femur.rotation * (self.head - self.native) / 1e3
    }

    /// A patient's landmarks with the hip as planned.
    pub(crate) fn on(&self, landmarks: &Landmarks) -> Landmarks {
        let mut planned = landmarks.clone();
        planned.pelvis.insert(Landmark::HipCentre, self.centre);
        planned.femur.insert(Landmark::HipCentre, self.head);
        planned
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_half_of_the_pelvis_lacks_is_the_mirror_image_of_the_other() {
        // Symmetric about a plane that is neither in the middle of the world nor upright in it.
        let normal = Vector3::new(0.1, -0.2, 1.0).normalize();
        let at = |x: f64, y: f64, across: f64| Point3::new(5.0 + x, y, 20.0) + normal * across;
        let in_plane = |p: Point3<f64>| p - normal * (p - at(0.0, 0.0, 0.0)).dot(&normal);
        let pair =
            |x: f64, y: f64, half: f64| [1.0, -1.0].map(|s| in_plane(at(x, y, 0.0)) + normal * (s * half));
        let ([asis, other_asis], [head, other_head]) = (pair(40.0, 90.0, 115.0), pair(0.0, 0.0, 88.0));
        let mut pelvis = BTreeMap::from([
            (Landmark::Asis, asis),
            (Landmark::OppositeAsis, other_asis),
            (Landmark::HipCentre, head),
        ]);
        assert_eq!(mirror(&mut pelvis), [Landmark::OppositeHipCentre]);
        assert!((pelvis[&Landmark::OppositeHipCentre] - other_head).norm() < 1e-9);
        // The other way round, and without any pair.
        pelvis.remove(&Landmark::Asis);
        assert_eq!(mirror(&mut pelvis), [Landmark::Asis]);
        assert!((pelvis[&Landmark::Asis] - asis).norm() < 1e-9);
        let mut alone = BTreeMap::from([(Landmark::HipCentre, head)]);
        assert!(mirror(&mut alone).is_empty() && alone.len() == 1);
    }
}
