//! Leg length and offset, and their differences between the sides.

use super::pelvis::Planes;
use super::record::Record;
use coxa_anatomy::{HipAnatomy, LandmarkKind};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Quantity, Side, Vector, finding};

const HIP_LENGTH_METHOD: &str = "Perpendicular distance from the apex of the lesser trochanter to the inter-teardrop line in the coronal projection of the supine functional frame";
const LEG_LENGTH_METHOD: &str = "Hip length (lesser trochanter to inter-teardrop line) of the right minus the left, supine: positive where the right leg is longer. Abduction and flexion of the legs in the scan affect it; bones below the hip are not included.";

/// The teardrops of some 90 pelves (nine people, the others virtual patients without dysplasia) lay within 4.3 mm of one height in the
/// supine functional frame.
const MOST_UNLEVEL_MM: f64 = 5.0;

/// Keeps hip lengths, global offsets and their differences.
pub(super) fn record(record: &mut Record, planes: &Planes) {
    let Some(functional) = planes.functional else {
        for quantity in [Quantity::LegLengthDifference, Quantity::OffsetDifference] {
            record.missing(quantity, "the functional frame was not found");
        }
        return;
    };
    let mut lengths = [None; 2];
    let mut offsets = [None; 2];
    for (i, side) in Side::BOTH.into_iter().enumerate() {
        let axes = functional.seen_from(side);
        if let (Some(teardrop), Some(head), Some(femoral)) = (
            record.get(LandmarkKind::Teardrop, side),
            record.get(LandmarkKind::HeadCentre, side),
            record.anatomy.measurements.get(Quantity::FemoralOffset.of(side)).map(|m| (m.value, m.spread)),
        ) {
            let socket = axes.components(head.point, teardrop.point)[2];
            let (value, spread) = (socket + femoral.0, teardrop.spread.hypot(head.spread).hypot(femoral.1));
            record.value(
                Quantity::HipOffset.of(side),
                value,
                spread,
                "Global hip offset: distance from the vertical through the teardrop to the head centre along the functional \
                 transverse axis, plus the femoral offset.",
            );
            offsets[i] = Some((value, spread));
        } else {
            record.missing(
                Quantity::HipOffset.of(side),
                "the teardrop, the head centre or the femoral offset was not found",
            );
        }

        let lesser = record.anatomy.landmark(LandmarkKind::LesserTrochanter, side);
        let length = lesser.and_then(|l| hip_length(&record.anatomy, l.position_mm, l.spread_mm));
        if let Some((length, spread)) = length {
            record.value(Quantity::HipLength.of(side), length, spread, format!("{HIP_LENGTH_METHOD}."));
            lengths[i] = Some((length, spread));
        } else {
            record.missing(Quantity::HipLength.of(side), "a teardrop or the lesser trochanter was not found");
        }
    }
    let differences = [
        (
            Quantity::LegLengthDifference,
            lengths,
            LEG_LENGTH_METHOD,
            "the hip length of one or both sides was not measured",
        ),
        (
            Quantity::OffsetDifference,
            offsets,
            "Global hip offset of the right minus the left: positive where the right is larger.",
            "the global hip offset of one or both sides was not measured",
        ),
    ];
    for (quantity, sides, method, why) in differences {
        match sides {
            [Some((right, a)), Some((left, b))] => record.value(quantity, right - left, a.hypot(b), method),
            _ => record.missing(quantity, why),
        }
    }
}

/// Hip length to the apex of a lesser trochanter that is as sure as `spread_mm`, below the inter-teardrop line positive, and its
/// spread in mm; `None` without both teardrops and the functional frame.
fn hip_length(anatomy: &HipAnatomy, apex: Point<Patient>, spread_mm: f64) -> Option<(f64, f64)> {
    let frame = anatomy.pelvis.functional?;
    let [right, left] = [Side::Right, Side::Left].map(|side| anatomy.landmark(LandmarkKind::Teardrop, side));
    let (right, left) = (right?, left?);
    let (superior, lateral) =
        (frame.apply(Vector::new(0.0, 1.0, 0.0)), frame.apply(Vector::new(0.0, 0.0, 1.0)));
    let flat = |v: Vector<Patient>| (v.dot(lateral), v.dot(superior));
    let (x, y) = flat(right.position_mm - left.position_mm);
    let (px, py) = flat(apex - left.position_mm);
    let length = (y * px - x * py) / x.hypot(y);
    let of_teardrops = right.spread_mm.hypot(left.spread_mm) / 2.0_f64.sqrt();
    // One of two that lie at such different heights is not where a teardrop is, and which is not known.
    let of_line = if y.abs() > MOST_UNLEVEL_MM { y.abs() } else { 0.0 };
    length.is_finite().then(|| (length, spread_mm.hypot(of_teardrops).hypot(of_line)))
}

/// Hip lengths to lesser trochanters that a shape model completed, and with them the difference of leg length where a measured one
/// is not to be had. It says what it rests on, and its spread holds that of the completion.
pub(super) fn complete(anatomy: &mut HipAnatomy) {
    for side in Side::BOTH {
        if anatomy.landmark(LandmarkKind::LesserTrochanter, side).is_some() {
            continue;
        }
        let completion = anatomy.side(side).completion.as_ref();
        let apex = completion.map(|c| (c.lesser_trochanter_mm, c.lesser_trochanter_spread_mm));
        let Some((value, spread)) = apex.and_then(|(apex, spread)| hip_length(anatomy, apex, spread)) else {
            continue;
        };
        let Some(completion) = anatomy.side_mut(side).completion.as_mut() else { continue };
        let method = format!("{HIP_LENGTH_METHOD}, of the completed femur. {}", completion.obtained_by);
        completion.measurements.insert(Quantity::HipLength, value, spread, method);
    }
    if anatomy.measurements.contains(Quantity::LegLengthDifference) {
        return;
    }
    let length = |side: Side| {
        let seen = anatomy.measurements.get(Quantity::HipLength.of(side));
        seen.map(|m| (m, None)).or_else(|| {
            Some((anatomy.side(side).completion.as_ref()?.measurements.get(Quantity::HipLength)?, Some(side)))
        })
    };
    let (Some((right, of_right)), Some((left, of_left))) = (length(Side::Right), length(Side::Left)) else {
        return;
    };
    let (value, spread) = (right.value - left.value, right.spread.hypot(left.spread));
    let completed: Vec<&str> = of_right.into_iter().chain(of_left).map(Side::name).collect();
    let which = match completed[..] {
        [one] => format!("the {one} lesser trochanter is"),
        _ => "both lesser trochanters are".into(),
    };
    let method = format!("{LEG_LENGTH_METHOD} Being outside the scan, {which} estimated by a shape model.");
    anatomy.missing.retain(|m| m.what != Quantity::LegLengthDifference.name());
    anatomy.findings.push(finding::LegLengthCompleted { spread_mm: spread, which }.finding());
    anatomy.measurements.insert(Quantity::LegLengthDifference, value, spread, method);
}
