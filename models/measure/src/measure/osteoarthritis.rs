//! Joint space, shape and place of the head, bone beneath the joint, and grades, as measurements.

use super::femur::Femur;
use super::pelvis::Planes;
use super::prepared::Hip;
use super::record::Record;
use crate::osteoarthritis::grade::{self, Signs};
use crate::osteoarthritis::joint_space::{self, JointSpace};
use crate::osteoarthritis::{head_shape, subchondral};
use coxa_anatomy::osteoarthritis::Sector;
use coxa_anatomy::osteoarthritis::Severity as Grades;
use coxa_anatomy::thresholds::METAL_HU;
use coxa_anatomy::{Bone, LandmarkKind};
use coxa_geometry::frame::{Patient, RightSide};
use coxa_geometry::{Point, Quantity, Severity, Side, finding};
use coxa_imaging::{CtVolume, LabelMap};
use coxa_shape::landmarks::axes::Axes;
use coxa_shape::landmarks::ball::Sphere;

/// A surface drawn from voxels is sure to this part of one: a cortex thinner than the blur lets it lie outside.
pub(super) const SURFACE_VOXELS: f64 = 0.3;
/// What a CT number's mean over many voxels is sure to, for noise and beam hardening: an assumption of this program.
const MEAN_HU: f64 = 30.0;
/// Between slices or voxels farther apart than this, cysts of the least size that counts, 4 mm across, cannot be told from marrow: an
/// assumption.
const COARSEST_FOR_CYSTS_MM: f64 = 2.6;
/// Part of the measured volume by which small cysts are unsure.
const CYST_SHARE: f64 = 0.5;
/// Joint space at or below which it counts as narrowed and as lost.
const NARROWED_MM: f64 = Quantity::JointSpaceMinimum.least(Severity::Note);
const LOST_MM: f64 = Quantity::JointSpaceMinimum.least(Severity::Caution);
/// By so many spreads.
const SURE_SPREADS: f64 = 2.0;
/// More metal than this, so near to the surface of the head, is an implant, and what lies beside it shows no disease: assumptions, more
/// than a clip has and as far as streaks are worst.
const IMPLANT_MM3: f64 = 100.0;
const IMPLANT_WITHIN_MM: f64 = 12.0;
/// What is measured, but for parts of the joint space.
const MEASURED: [Quantity; 7] = [
    Quantity::JointSpaceMinimum,
    Quantity::HeadAsphericity,
    Quantity::HeadMigrationSuperior,
    Quantity::CroweRatio,
    Quantity::OsteophyteHeight,
    Quantity::SubchondralSclerosis,
    Quantity::SubchondralCysts,
];
/// A head that has risen by so much of its socket's height is Crowe's grade II.
const SUBLUXATED_PERCENT: f64 = 50.0;

/// Records all of it for one hip.
pub(super) fn record(
    record: &mut Record,
    hip: &Hip,
    femur: Option<&Femur>,
    planes: &Planes,
    scan: Option<(&CtVolume, &LabelMap)>,
) {
    let side = hip.side;
    let (Some(pelvis), Some(bone), Some(head)) = (&hip.pelvis, &hip.femur, &hip.head) else { return };
    if scan.is_some_and(|(ct, _)| holds_implant(ct, side, head)) {
        for quantity in MEASURED {
            let why = "metal in or beside the head: its artefacts mimic osteoarthritis";
            record.missing(quantity.of(side), why);
        }
        return;
    }
    let axes = planes.functional.unwrap_or(planes.axes).seen_from(side);
    let surface_mm = SURFACE_VOXELS * bone.resolution_mm;
    let space = joint_space::measure(pelvis, bone, head, &axes, scan.map(|(ct, _)| (ct, side)));
    match &space {
        Some(space) => record_joint_space(record, side, space, surface_mm),
        None => record.missing(
            Quantity::JointSpaceMinimum.of(side),
            "too little of the weight-bearing acetabulum was found over the head",
        ),
    }
    let shape = femur
        .and_then(|f| f.proximal.neck.as_ref())
        .and_then(|neck| head_shape::measure(bone, head, &neck.axis.coords()));
    if let Some(shape) = shape {
        record_head(record, side, &shape, surface_mm);
    }
    record_place(record, hip, &axes, surface_mm);
    let roof = scan.zip(space.as_ref()).and_then(|((ct, labels), space)| {
        record_cysts(record, side, ct, labels, space);
        subchondral::roof_hu(ct, space, side)
    });
    if let Some([band, deeper]) = roof {
        let method = format!(
            "Mean CT number 1.5 to 5 mm under the surface of the roof minus that at 9 to 15 mm, over its superior and lateral part; {band:.0} HU against {deeper:.0} HU."
        );
        let spread = MEAN_HU * 2.0_f64.sqrt();
        record.value(Quantity::SubchondralSclerosis.of(side), band - deeper, spread, method);
    }
    record_grades(record, hip);
    if let Some(space) = space {
        record.anatomy.side_mut(side).joint_space = side.leave(space.places);
    }
}

/// Whether an implant lies in or beside the head of a hip seen as a right one.
pub(super) fn holds_implant(ct: &CtVolume, side: Side, head: &Sphere) -> bool {
    let centre = side.leave(head.centre);
    let near = ct.grid.voxels_near(centre, head.radius + IMPLANT_WITHIN_MM);
    let metal = near.filter(|&index| ct.voxels.get(index).is_some_and(|hu| *hu >= METAL_HU)).count();
    metal as f64 * ct.grid.voxel_volume_mm3() > IMPLANT_MM3
}

fn record_joint_space(record: &mut Record, side: Side, space: &JointSpace, surface_mm: f64) {
    let spread = space.spread(surface_mm);
    let how = "between the bone of head and acetabulum along lines from the head centre, within 55 degrees of the vertical";
    record.value(
        Quantity::JointSpaceMinimum.of(side),
        space.least(),
        spread,
        format!("Joint space {how}: 5th percentile over {} points.", space.places.len()),
    );
    for (quantity, sector, words) in [
        (Quantity::JointSpaceMean, None, "mean of all points"),
        (Quantity::JointSpaceSuperior, Some(Sector::Superior), "mean within 25 degrees"),
        (Quantity::JointSpaceMedial, Some(Sector::Medial), "mean of the medial part"),
        (Quantity::JointSpaceAnterior, Some(Sector::Anterior), "mean of the anterior part"),
    ] {
        if let Some(width) = space.mean(sector) {
            record.value(quantity.of(side), width, spread, format!("Joint space {how}: {words}."));
        }
    }
    let least = space.least();
    // Said where it is beyond doubt: of a spread that is true, one in forty lies further off than two.
    if least + SURE_SPREADS * spread < NARROWED_MM {
        record.anatomy.findings.push(if least + SURE_SPREADS * spread < LOST_MM {
            finding::JointSpaceLost { side, least_mm: least, limit_mm: LOST_MM }.finding()
        } else {
            finding::JointSpaceNarrowed { side, least_mm: least, limit_mm: NARROWED_MM }.finding()
        });
    }
}

fn record_head(record: &mut Record, side: Side, shape: &head_shape::HeadShape, surface_mm: f64) {
    record.value(
        Quantity::HeadAsphericity.of(side),
        shape.rms_mm,
        // Roughness of the surface adds to the deviations, so this is one-sided.
        surface_mm,
        format!(
            "Root mean square distance between the surface of the femoral head, within 75 degrees of its pole, and its best-fit sphere; 95th percentile {:.1} mm.",
            shape.most_mm
        ),
    );
    let method = "Fraction of the femoral head within 75 degrees of its pole that is more than 1 mm from its best-fit sphere.";
    record.value(
        Quantity::HeadAsphericalFraction.of(side),
        100.0 * shape.aspherical_fraction,
        100.0 * (surface_mm / 4.0).min(0.5),
        method,
    );
    record.value(
        Quantity::OsteophyteHeight.of(side),
        shape.osteophyte_mm,
        surface_mm,
        "Height of bone above the head's sphere at the head-neck junction (80 to 112 degrees from the pole), 95th percentile; a cam deformity raises it too.",
    );
}

/// Where the head is: against the socket, and against the pelvis.
fn record_place(record: &mut Record, hip: &Hip, axes: &Axes<RightSide>, surface_mm: f64) {
    let side = hip.side;
    let (Some(head), Some(socket)) = (&hip.head, &hip.socket) else { return };
    let [_, up, out] = axes.components(head.centre, socket.centre);
    let spread = head.spread.hypot(socket.spread).hypot(surface_mm / 3.0);
    for (quantity, value, words) in
        [(Quantity::HeadMigrationSuperior, up, "superior"), (Quantity::HeadMigrationLateral, out, "lateral")]
    {
        record.value(
            quantity.of(side),
            value,
            spread,
            format!("Displacement of the femoral head centre from the centre of the sphere through the lunate surface, {words} positive, supine functional frame. A socket worn out of round moves with the head, which hides migration."),
        );
    }
    let Some([right, left]) = record.pair(LandmarkKind::Teardrop) else { return };
    let Some(neck) = record.anatomy.side(side).neck.clone() else { return };
    // The lower end of the junction of head and neck lies on the line between the teardrops in a hip that has not risen.
    let pole = side.enter(neck.axis).coords();
    let Some(below) = (pole * pole.dot(&axes.superior) - axes.superior).try_normalize(1e-6) else { return };
    let (sine, cosine) = JUNCTION_DEG.to_radians().sin_cos();
    let junction = head.centre.coords() + (pole * cosine + below * sine) * head.radius;
    // The teardrop is sought beside the head and rises with it: the lower one is the one that can be trusted.
    let height = |at: nalgebra::Point3<f64>| axes.superior.dot(&at.coords);
    let height_of = |at: Point<Patient>| height(side.enter(at).coords());
    let [low, high] =
        if height_of(right.point) < height_of(left.point) { [right, left] } else { [left, right] };
    let risen = height(junction) - height_of(low.point);
    let share = risen / (2.0 * head.radius) + HEALTHY_SHARE;
    let landmarks = low.spread.hypot(head.spread).hypot(POSE_MM) / (2.0 * head.radius);
    let spread = landmarks.hypot(HEALTHY_SPREAD);
    let apart = (height_of(high.point) - height_of(low.point)).abs();
    record.value(
        Quantity::CroweRatio.of(side),
        100.0 * share,
        100.0 * spread,
        format!("Rise of the inferior head-neck junction above its position in healthy hips, divided by the head diameter (after Crowe 1979); measured from the lower teardrop ({apart:.0} mm below the other), supine functional frame."),
    );
}

/// Angle from the pole at which the sphere of the head ends at the lower side of the neck.
const JUNCTION_DEG: f64 = 110.0;
/// What flexion and rotation of the leg move the junction by.
const POSE_MM: f64 = 2.0;
/// By how much of its diameter the junction of a healthy head lies below the teardrop as this program finds it, and one standard
/// deviation between people: 60 hips of virtual patients (synthetic-same-anatomy).
const HEALTHY_SHARE: f64 = 0.144;
const HEALTHY_SPREAD: f64 = 0.035;

fn record_cysts(record: &mut Record, side: Side, ct: &CtVolume, labels: &LabelMap, space: &JointSpace) {
    let id = |bone: Bone| labels.id(bone.name());
    let (Some(hip), Some(femur)) = (id(Bone::hip(side)), id(Bone::femur(side))) else { return };
    let name = Quantity::SubchondralCysts.of(side);
    if ct.grid.spacing_mm().into_iter().any(|spacing| spacing > COARSEST_FOR_CYSTS_MM) {
        return record
            .missing(name, "a slice or voxel spacing above 2.6 mm is too coarse to tell cysts from marrow");
    }
    let Some(volume) = subchondral::cyst_volume_mm3(ct, labels, [hip, femur], space, side) else {
        return record.missing(name, "too little bone beside the joint is free of metal");
    };
    let value = volume / 1000.0;
    let method = "Volume of islands of fluid (CT number below 110 HU, and below 45 % of the median) in bone 1.5 to 14 mm beneath the weight-bearing part of the joint.";
    record.value(name, value, (CYST_SHARE * value).max(0.03), method);
}

fn record_grades(record: &mut Record, hip: &Hip) {
    let side = hip.side;
    let get = |quantity: Quantity| {
        let m = record.anatomy.measurements.get(quantity.of(side))?;
        Some((m.value, m.spread))
    };
    let signs = get(Quantity::JointSpaceMinimum)
        .zip(get(Quantity::OsteophyteHeight))
        .zip(get(Quantity::SubchondralSclerosis))
        .zip(hip.head);
    let kellgren_lawrence = signs.and_then(|(((space, bone), dense), head)| {
        grade::kellgren_lawrence(&Signs {
            joint_space: (space.0 / head.radius, space.1 / head.radius),
            osteophyte_mm: bone,
            sclerosis_hu: dense,
        })
    });
    let crowe = get(Quantity::CroweRatio).map(|(share, spread)| grade::crowe(share / 100.0, spread / 100.0));
    if kellgren_lawrence.is_none() && crowe.is_none() {
        return;
    }
    if let Some((found, share)) = crowe.as_ref().map(|c| c.likeliest()).zip(get(Quantity::CroweRatio))
        && found.0 >= 2
    {
        let subluxated = finding::HipSubluxated {
            side,
            grade: found.0,
            likely_percent: 100.0 * found.1,
            risen_percent: share.0,
            limit_percent: SUBLUXATED_PERCENT,
        };
        record.anatomy.findings.push(subluxated.finding());
    }
    if let Some((grade, share)) =
        kellgren_lawrence.as_ref().map(|g| g.likeliest()).filter(|(grade, _)| *grade >= 2)
    {
        let likely_percent = 100.0 * share;
        record.anatomy.findings.push(finding::Osteoarthritis { side, grade, likely_percent }.finding());
    }
    record.anatomy.side_mut(side).severity = Some(Grades { kellgren_lawrence, crowe });
}
