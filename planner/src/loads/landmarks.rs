//! The places on a patient's bones by which a model of a leg becomes the patient's, and where the plan puts its hip.

use crate::plan::Planned;
use coxa_anatomy::{HipAnatomy, LandmarkKind};
use coxa_geometry::frame::{Femur, Patient};
use coxa_geometry::{Point, Side, Vector};
use coxa_sim::muscle::leg::{Landmark, Landmarks, Scaled};
use nalgebra::{Point3, Vector3};

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

/// A patient's landmarks in the right-hip world: x forwards, y up, z to the right, mm.
#[derive(Debug, Clone)]
pub(crate) struct PatientLandmarks {
    pub(crate) all: Landmarks,
    /// Mean spread of those that were found, per axis, mm.
    pub(crate) spread_mm: f64,
    /// Whether some are those of a shape model.
    pub(crate) is_completed: bool,
}

/// A place of the patient in the right-hip world.
fn world(side: Side, at: Point<Patient>) -> Point3<f64> {
    let at = side.to_right(at);
    Point3::new(-at.y(), at.z(), -at.x())
}

/// Back: a direction in the right-hip world, in the patient mirrored to right.
pub(crate) fn to_patient(v: Vector3<f64>) -> Vector<Patient> {
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
            && let Some(length) = completion.measurements.get("femur_length")
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
        Some(PatientLandmarks { all, spread_mm, is_completed })
    }

    /// Only those that a model needs.
    pub(crate) fn least(&self) -> Landmarks {
        let mut least = self.all.clone();
        least.pelvis.retain(|landmark, _| LEAST.contains(landmark));
        least.femur.retain(|landmark, _| LEAST.contains(landmark));
        least
    }
}

/// How a plan moves the centre of rotation, in m along the axes of the model's pelvis and femur.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CentreSteps {
    /// Planned centre less that of the native head.
    pub(crate) in_pelvis: Vector3<f64>,
    /// Centre of the planned head less that of the native one.
    pub(crate) in_femur: Vector3<f64>,
    /// Both centres in the right-hip world, mm.
    centre: Point3<f64>,
    head: Point3<f64>,
}

impl CentreSteps {
    /// Of a plan; `None` where the native head is not known.
    pub(crate) fn new(planned: &Planned, anatomy: &HipAnatomy, scaled: &Scaled) -> Option<Self> {
        let side = planned.plan.side;
        let native = world(side, anatomy.side(side).head.as_ref()?.centre_mm);
        let head = world(side, planned.reduction.inverse().apply(planned.hip_centre_mm));
        let centre = world(side, planned.hip_centre_mm);
        Some(CentreSteps {
            in_pelvis: scaled.pelvis.rotation * (centre - native) / 1e3,
            in_femur: scaled.femur.rotation * (head - native) / 1e3,
            centre,
            head,
        })
    }

    /// A patient's landmarks with the hip as planned.
    pub(crate) fn on(&self, landmarks: &Landmarks) -> Landmarks {
        let mut planned = landmarks.clone();
        planned.pelvis.insert(Landmark::HipCentre, self.centre);
        planned.femur.insert(Landmark::HipCentre, self.head);
        planned
    }
}
