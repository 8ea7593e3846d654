//! Landmarks, frames and measurements of the pelvis as a whole.

use super::record::Record;
use coxa_anatomy::LandmarkKind;
use coxa_geometry::frame::{AnteriorPelvicPlane, Frame, Gravity, Patient, Pelvis};
use coxa_geometry::{Point, Quantity, Side, Transform, Vector, finding};
use coxa_shape::landmarks::axes::Axes;
use coxa_shape::landmarks::hip_bone::{AxesFrom, HipBone, PelvisAxes, find_prominences, plane_axes};

/// A pelvis tilted or turned further than this against the scanner is not lying supine in it.
const MAX_SUPINE_DEG: f64 = 40.0;

/// The pelvis' axes for searching and for measuring.
pub(super) struct Planes {
    /// Best axes known, for searching.
    pub(super) axes: Axes<Patient>,
    /// Anterior pelvic plane.
    pub(super) anterior: Option<Axes<Patient>>,
    /// Supine functional frame.
    pub(super) functional: Option<Axes<Patient>>,
    /// One standard deviation of the anterior pelvic plane's sagittal and of its transverse directions, in radians.
    pub(super) anterior_spread: f64,
    /// The same of the functional frame's transverse axis.
    pub(super) functional_spread: f64,
}

/// Finds and keeps the prominences of one hip bone.
pub(super) fn record_prominences(record: &mut Record, bone: &HipBone<'_>, axes: &PelvisAxes) {
    let found = find_prominences(bone, axes);
    let plane = match axes.from {
        AxesFrom::AnteriorPlane => "the anterior pelvic plane",
        AxesFrom::Bones => "the axes through hip joints and symphysis",
        AxesFrom::Scanner => "the axes of the scanner",
    };
    let tip = "centre of the densest cluster of contact points of planes tilted about its direction; the spread is their scatter over small tilts";
    let side = bone.side;
    record.landmark(
        LandmarkKind::Asis,
        side,
        found.asis,
        &format!("Anterior tip of the iliac crest, above the hip joint relative to {plane}; {tip}."),
    );
    record.landmark(
        LandmarkKind::PubicTubercle,
        side,
        found.pubic_tubercle,
        &format!("Tip of the anterolateral corner of the pubic crest relative to {plane}; {tip}."),
    );
    record.landmark(
        LandmarkKind::Psis,
        side,
        found.psis,
        &format!("Most posterior tip of the ilium relative to {plane}; centre of the densest cluster of contact points of tilted planes, whose scatter is the spread."),
    );
    record.landmark(
        LandmarkKind::Aiis,
        side,
        found.aiis,
        &format!(
            "Tip of the anterior border between the hip joint and the ASIS, relative to {plane}; {tip}."
        ),
    );
    record.landmark(
        LandmarkKind::IschialSpine,
        side,
        found.ischial_spine,
        &format!("Posteromedial tip at the level of the hip joint, relative to {plane}; {tip}."),
    );
}

/// Frames and measurements that need both sides. Uses the landmarks kept so far.
pub(super) fn record_frames(record: &mut Record, axes: &PelvisAxes) -> Planes {
    let asis = record.pair(LandmarkKind::Asis);
    let pubis = record.pair(LandmarkKind::PubicTubercle);
    let psis = record.pair(LandmarkKind::Psis);
    let joints = record.pair(LandmarkKind::HeadCentre);

    let mut planes = Planes {
        axes: axes.axes,
        anterior: None,
        functional: None,
        anterior_spread: 0.0,
        functional_spread: 0.0,
    };

    if let Some([right, left]) = asis {
        let distance = (right.point - left.point).norm();
        record.value(
            Quantity::InterAsisDistance,
            distance,
            right.spread.hypot(left.spread),
            "Distance between the anterior superior iliac spines.",
        );
    }
    match (asis, pubis) {
        (Some([a, b]), Some([c, d])) => {
            planes.anterior = plane_axes(a.point, b.point, c.point, d.point);
            let height = (a.point.midpoint(b.point) - c.point.midpoint(d.point)).norm();
            let ends = a.spread.hypot(b.spread).hypot(c.spread).hypot(d.spread) / 2.0;
            planes.anterior_spread = ends / height.max(1.0);
            let origin = a.point.midpoint(b.point);
            record.anatomy.pelvis.anterior_plane =
                planes.anterior.and_then(|axes| frame::<AnteriorPelvicPlane>(&axes, origin));
        }
        _ => record.missing("anterior_pelvic_plane", "an ASIS or a pubic tubercle was not found"),
    }

    record_functional(
        record,
        &mut planes,
        asis.map(|[a, b]| (a.point, b.point, a.spread.hypot(b.spread))),
        joints.map(|[a, b]| (a.point, b.point, a.spread.hypot(b.spread))),
    );
    record_tilt(record, &planes);

    match (asis, psis) {
        (Some([a, b]), Some([c, d])) => {
            let behind = c.point.midpoint(d.point);
            let forward = (a.point.midpoint(b.point) - behind).coords();
            let right = (a.point - b.point).coords();
            for side in Side::BOTH {
                let Some(head) = record.anatomy.side(side).head.as_ref().map(|h| h.centre_mm) else {
                    continue;
                };
                // X from the PSIS to the ASIS, normal to Z; Y = Z x X.
                let axes = right
                    .try_normalize(1e-9)
                    .and_then(|z| Axes::from_right_and_superior(right, z.cross(&forward)));
                record.anatomy.side_mut(side).pelvis_frame =
                    axes.and_then(|axes| frame::<Pelvis>(&axes, head));
            }
        }
        _ => record.missing("pelvis_frame", "an ASIS or a PSIS was not found"),
    }
    planes
}

/// The table's axes after removing obliquity and axial rotation by the ASIS line, else by the line between the joints.
fn record_functional(
    record: &mut Record,
    planes: &mut Planes,
    asis: Option<(Point<Patient>, Point<Patient>, f64)>,
    joints: Option<(Point<Patient>, Point<Patient>, f64)>,
) {
    let Some((right, left, spread)) = asis.or(joints) else {
        return record.missing("functional_frame", "neither both ASIS nor both hip joints were found");
    };
    planes.functional = Axes::from_right_and_superior((right - left).coords(), Axes::of_patient().superior);
    planes.functional_spread = spread / (right - left).norm().max(1.0);
    let origin = joints.map_or_else(|| right.midpoint(left), |(a, b, _)| a.midpoint(b));
    record.anatomy.pelvis.functional = planes.functional.and_then(|axes| frame::<Gravity>(&axes, origin));
}

/// Tilt of the anterior pelvic plane in the functional frame, and whether the patient lies supine at all.
fn record_tilt(record: &mut Record, planes: &Planes) {
    let (Some(anterior), Some(functional)) = (planes.anterior, planes.functional) else {
        return record.missing(Quantity::PelvicTilt, "the anterior pelvic plane was not found");
    };
    let x = anterior.anterior;
    let tilt = x.dot(&functional.superior).atan2(x.dot(&functional.anterior));
    record.angle(
        Quantity::PelvicTilt,
        tilt,
        planes.anterior_spread,
        "Angle of the anterior pelvic plane (both ASIS, pubic tubercles) to the coronal plane of the table, supine; \
         posterior tilt (ASIS behind the pubic tubercles) positive.",
    );
    let turned =
        [(anterior.superior, Axes::of_patient().superior), (anterior.lateral, Axes::of_patient().lateral)]
            .map(|(a, b)| a.angle(&b).to_degrees())
            .into_iter()
            .fold(0.0, f64::max);
    if turned > MAX_SUPINE_DEG {
        let (turned_deg, limit_deg) = (turned, MAX_SUPINE_DEG);
        record.anatomy.findings.push(finding::NotSupine { turned_deg, limit_deg }.finding());
    }
}

/// A frame with X anterior, Y superior, Z right.
pub(super) fn frame<F: Frame>(axes: &Axes<Patient>, origin: Point<Patient>) -> Option<Transform<F, Patient>> {
    Transform::from_axes(origin, Vector::from_coords(axes.anterior), Vector::from_coords(axes.superior))
}
