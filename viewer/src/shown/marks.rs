//! What is drawn over the surfaces: landmarks with their names, axes of frames, planes and the sphere of the joint.

use super::{Body, Poses, Shown, Stage};
use coxa_geometry::frame::{Frame, Patient};
use coxa_geometry::{Point, Transform, Vector};
use coxa_planner::report::name_in_words;
use serde::{Deserialize, Serialize};

/// A kind of marks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MarkKind {
    /// Points of the anatomy by name.
    Landmarks,
    /// Axes of pelvis, femora, cup and stem.
    Frames,
    /// The anterior pelvic plane and the plane of the table through the hip centres.
    Planes,
    /// The sphere of the femoral head, or of the planned joint.
    JointSphere,
}

impl MarkKind {
    /// All, in the order in which they are listed.
    pub const ALL: [MarkKind; 4] =
        [MarkKind::Landmarks, MarkKind::Frames, MarkKind::Planes, MarkKind::JointSphere];

    /// What a list calls it.
    pub const fn title(self) -> &'static str {
        match self {
            MarkKind::Landmarks => "Landmarks",
            MarkKind::Frames => "Frames",
            MarkKind::Planes => "Planes",
            MarkKind::JointSphere => "Joint sphere",
        }
    }
}

/// One mark.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A point with its name.
    Point(Point<Patient>, String),
    /// Three axes from an origin, with the name of their frame: X, Y and Z.
    Axes(Point<Patient>, [Vector<Patient>; 3], String),
    /// A patch of a plane by its corners, with its name.
    Patch([Point<Patient>; 4], String),
    /// A sphere by centre and radius in millimetres.
    Sphere(Point<Patient>, f64),
}

/// Half a side of a patch, and what stands out over the landmarks in it.
const PATCH_MM: f64 = 110.0;

/// The marks of a kind, each where the body is that it is of.
pub fn marks(kind: MarkKind, shown: &Shown, stage: Stage, poses: &Poses) -> Vec<Mark> {
    match kind {
        MarkKind::Landmarks => landmarks(shown, stage, poses),
        MarkKind::Frames => frames(shown, stage, poses),
        MarkKind::Planes => planes(shown),
        MarkKind::JointSphere => sphere(shown, stage, poses),
    }
}

fn landmarks(shown: &Shown, stage: Stage, poses: &Poses) -> Vec<Mark> {
    let planned = shown.planned.as_ref().filter(|_| stage == Stage::Planned);
    shown
        .anatomy
        .landmarks
        .iter()
        .map(|landmark| {
            // Those of the operated femur go with it.
            let is_own = landmark.side == shown.side && landmark.kind.is_of_femur();
            let at = match planned {
                Some(planned) if is_own => {
                    planned.pose.reduced().then(&poses.of(Body::Femur)).apply(landmark.position_mm)
                }
                None if is_own => poses.of(Body::ScannedFemur).apply(landmark.position_mm),
                _ => landmark.position_mm,
            };
            Mark::Point(at, name_in_words(landmark.kind.name()))
        })
        .collect()
}

fn axes<F: Frame>(frame: &Transform<F, Patient>, name: &str) -> Mark {
    let axis = |x, y, z| frame.apply(Vector::<F>::new(x, y, z));
    let all = [axis(1.0, 0.0, 0.0), axis(0.0, 1.0, 0.0), axis(0.0, 0.0, 1.0)];
    Mark::Axes(frame.apply(Point::origin()), all, name.into())
}

fn frames(shown: &Shown, stage: Stage, poses: &Poses) -> Vec<Mark> {
    let own = shown.anatomy.side(shown.side);
    let mut all = Vec::new();
    all.extend(own.pelvis_frame.as_ref().map(|frame| axes(frame, "pelvis")));
    match shown.planned.as_ref().filter(|_| stage == Stage::Planned) {
        Some(planned) => {
            let reduced = planned.pose.reduced().then(&poses.of(Body::Femur));
            all.extend(own.femur_frame.as_ref().map(|frame| axes(&frame.then(&reduced), "femur")));
            all.push(axes(&planned.pose.cup_frame.then(&poses.of(Body::Cup)), "cup"));
            let stem = planned.pose.stem_frame.then(&planned.pose.reduced()).then(&poses.of(Body::Stem));
            all.push(axes(&stem, "stem"));
        }
        None => {
            let scanned = poses.of(Body::ScannedFemur);
            all.extend(own.femur_frame.as_ref().map(|frame| axes(&frame.then(&scanned), "femur")));
        }
    }
    all
}

fn planes(shown: &Shown) -> Vec<Mark> {
    let pelvis = &shown.anatomy.pelvis;
    let patch = |centre: Point<Patient>, u: Vector<Patient>, v: Vector<Patient>, name: &str| {
        let corner = |a: f64, b: f64| centre + u * (a * PATCH_MM) + v * (b * PATCH_MM);
        Mark::Patch([corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)], name.into())
    };
    let mut all = Vec::new();
    if let Some(plane) = pelvis.known_anterior_plane() {
        // X points forwards out of the plane.
        let [u, v] = [Vector::new(0.0, 0.0, 1.0), Vector::new(0.0, 1.0, 0.0)].map(|axis| plane.apply(axis));
        let middle = plane.apply(Point::origin()) - v * (PATCH_MM * 0.5);
        let words = if pelvis.anterior_plane.is_some() {
            "anterior pelvic plane"
        } else {
            "anterior pelvic plane, completed"
        };
        all.push(patch(middle, u, v, words));
    }
    if let Some(functional) = pelvis.functional {
        let [u, v] =
            [Vector::new(0.0, 0.0, 1.0), Vector::new(0.0, 1.0, 0.0)].map(|axis| functional.apply(axis));
        all.push(patch(functional.apply(Point::origin()), u, v, "supine functional plane"));
    }
    all
}

fn sphere(shown: &Shown, stage: Stage, poses: &Poses) -> Vec<Mark> {
    let planned = shown.planned.as_ref().filter(|_| stage == Stage::Planned);
    match planned {
        Some(planned) => {
            let centre = poses.of(Body::Cup).apply(planned.pose.hip_centre);
            vec![Mark::Sphere(centre, planned.plan.head.diameter_mm / 2.0)]
        }
        None => {
            let head = shown.anatomy.side(shown.side).head.as_ref();
            let at = poses.of(Body::ScannedFemur);
            head.map(|head| Mark::Sphere(at.apply(head.centre_mm), head.radius_mm)).into_iter().collect()
        }
    }
}
