//! Leg length and offset, and their differences between the sides.

use super::pelvis::Planes;
use super::record::Record;
use crate::patient::LandmarkKind;
use coxa_geometry::Side;

/// Keeps hip lengths, global offsets and their differences.
pub(super) fn record(record: &mut Record, planes: &Planes) {
    let Some(functional) = planes.functional else {
        for name in ["leg_length_difference", "offset_difference"] {
            record.missing(name, "it needs both hips in the functional frame");
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
            record.anatomy.measurements.get(&format!("femoral_offset_{side}")).map(|m| (m.value, m.spread)),
        ) {
            let socket = axes.components(&head.point, &teardrop.point)[2];
            let (value, spread) = (socket + femoral.0, teardrop.spread.hypot(head.spread).hypot(femoral.1));
            record.length(
                format!("hip_offset_{side}"),
                value,
                spread,
                "Global hip offset: from the vertical through the teardrop to the head centre along the functional \
                 transverse axis, plus the femoral offset.",
            );
            offsets[i] = Some((value, spread));
        } else {
            record.missing(
                format!("hip_offset_{side}"),
                "it needs the teardrop, the head centre and the femoral offset",
            );
        }

        let teardrops = record.pair(LandmarkKind::Teardrop);
        let lesser = record.anatomy.landmark(LandmarkKind::LesserTrochanter, side);
        if let (Some([right, left]), Some(lesser)) = (teardrops, lesser) {
            // Perpendicular distance in the coronal projection, below the line positive.
            let flat = |v: nalgebra::Vector3<f64>| (v.dot(&functional.lateral), v.dot(&functional.superior));
            let (x, y) = flat(right.point - left.point);
            let (px, py) = flat(lesser.position_mm.coords() - left.point);
            let length = (y * px - x * py) / x.hypot(y);
            let spread = lesser.spread_mm.hypot(right.spread.hypot(left.spread) / 2.0_f64.sqrt());
            record.length(
                format!("hip_length_{side}"),
                length,
                spread,
                "Perpendicular distance from the apex of the lesser trochanter to the inter-teardrop line in the coronal projection \
                 of the supine functional frame.",
            );
            lengths[i] = Some((length, spread));
        } else {
            record.missing(format!("hip_length_{side}"), "it needs both teardrops and the lesser trochanter");
        }
    }
    let differences = [
        (
            "leg_length_difference",
            lengths,
            "Hip length (lesser trochanter to inter-teardrop line) of the right less the left, supine: positive where the right \
             leg is longer. Abduction and flexion of the legs in the scan change it; bones below the hip are not in it.",
            "it needs the hip length of both sides",
        ),
        (
            "offset_difference",
            offsets,
            "Global hip offset of the right less the left: positive where the right is larger.",
            "it needs the global hip offset of both sides",
        ),
    ];
    for (name, sides, method, why) in differences {
        match sides {
            [Some((right, a)), Some((left, b))] => record.length(name, right - left, a.hypot(b), method),
            _ => record.missing(name, why),
        }
    }
}
