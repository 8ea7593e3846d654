//! The acetabulum of one side and its angles.

use super::pelvis::Planes;
use super::prepared::Hip;
use super::record::Record;
use coxa_anatomy::{Acetabulum, LandmarkKind, OutOfPlace};
use coxa_geometry::cup::{Radiographic, ReferencePlane};
use coxa_geometry::frame::{AnteriorPelvicPlane, Gravity, Patient, RightSide};
use coxa_geometry::{Point, Quantity, Side, Vector};
use coxa_shape::landmarks::acetabulum::{find_rim, find_roof, find_teardrop};
use coxa_shape::landmarks::axes::Axes;
use coxa_shape::landmarks::ball::Sphere;
use coxa_shape::landmarks::rocking::Found;
use nalgebra::Vector3;

/// The roof is also read in planes this far in front of and behind the centre; their scatter is the spread.
const ROOF_PLANE_STEP_MM: f64 = 3.0;

/// Keeps socket, rim, native orientation and teardrop.
pub(super) fn record_acetabulum(record: &mut Record, hip: &Hip, planes: &Planes) {
    let side = hip.side;
    let Some(shape) = &hip.pelvis else { return };
    let Some(socket) = &hip.socket else {
        return record.missing(format!("acetabulum_{side}"), "no part of the hip bone is spherical enough");
    };
    let axes = planes.axes.seen_from(side);
    let rim = find_rim(shape, socket, &axes);
    match &rim {
        Some(rim) => {
            record.anatomy.side_mut(side).acetabulum = Some(Acetabulum {
                centre_mm: side.leave(socket.centre),
                radius_mm: socket.radius,
                residual_mm: socket.rms,
                rim_mm: side.leave(rim.points.clone()),
                opening: side.leave(rim.opening),
                rim_residual_mm: rim.rms,
            });
            let seen = |axes: Option<Axes<Patient>>| axes.map(|a| a.seen_from(side));
            orientation::<AnteriorPelvicPlane>(
                record,
                [Quantity::AcetabularInclinationApp, Quantity::AcetabularAnteversionApp],
                side,
                rim.opening.coords(),
                seen(planes.anterior),
                rim.spread_rad.hypot(planes.anterior_spread),
            );
            orientation::<Gravity>(
                record,
                [Quantity::AcetabularInclinationSupine, Quantity::AcetabularAnteversionSupine],
                side,
                rim.opening.coords(),
                seen(planes.functional),
                rim.spread_rad.hypot(planes.functional_spread),
            );
        }
        None => record.missing(
            format!("acetabular_rim_{side}"),
            "too little of the rim is in the scan to fit a plane to it",
        ),
    }

    // The fossa is sought about the head, which lies in the socket's true centre even where the lunate surface is worn; of a head that
    // has risen from its socket, about where it would lie by the other side.
    let joint = hip.head.as_ref().unwrap_or(socket);
    let risen = match record.anatomy.out_of_place(side) {
        Some(OutOfPlace::Risen(_)) => record.anatomy.mirrored_head(side),
        Some(OutOfPlace::Inwards(_)) | None => None,
    };
    let by_other = risen.map(|head| Sphere { centre: side.enter(head.centre_mm), ..*joint });
    let middle =
        if by_other.is_some() { "the mirrored joint centre of the other side" } else { "the joint centre" };
    record.landmark(
        LandmarkKind::Teardrop,
        side,
        find_teardrop(
            shape,
            by_other.as_ref().unwrap_or(joint),
            &planes.functional.unwrap_or(planes.axes).seen_from(side),
        ),
        &format!(
            "Lowest point of the medial wall of the acetabulum above the acetabular notch, median over coronal planes through {middle}."
        ),
    );
}

/// Native radiographic inclination and anteversion in one plane.
fn orientation<P: ReferencePlane>(
    record: &mut Record,
    [inclination, anteversion]: [Quantity; 2],
    side: Side,
    opening: Vector3<f64>,
    axes: Option<Axes<RightSide>>,
    spread: f64,
) {
    let Some(axes) = axes else {
        return record.missing(inclination.of(side), format!("the reference plane ({}) is missing", P::NAME));
    };
    let axis = Vector::<P>::new(
        opening.dot(&axes.anterior),
        opening.dot(&axes.superior),
        opening.dot(&axes.lateral),
    );
    let angles = Radiographic::from_axis(axis);
    let method = |angle: &str| {
        format!(
            "Radiographic {angle} of the normal of the plane through the bony acetabular rim, reference {}.",
            P::NAME
        )
    };
    record.angle(inclination.of(side), angles.inclination.radians(), spread, method("inclination"));
    record.angle(anteversion.of(side), angles.anteversion.radians(), spread, method("anteversion"));
}

/// Keeps centre-edge, roof and Sharp angle in the coronal plane through the head centre. Needs the teardrops of both sides.
pub(super) fn record_roof(record: &mut Record, hip: &Hip, planes: &Planes) {
    let side = hip.side;
    let (Some(shape), Some(socket), Some(head)) = (&hip.pelvis, &hip.socket, &hip.head) else {
        return record
            .missing(Quantity::CentreEdgeAngle.of(side), "the femoral head or the acetabulum was not found");
    };
    let Some(coronal) = planes.functional.map(|a| a.seen_from(side)) else {
        return record.missing(Quantity::CentreEdgeAngle.of(side), "the functional frame is missing");
    };
    // In-plane angle of an arm, from lateral towards superior.
    let rise = |from: Point<RightSide>, to: Point<RightSide>| {
        let [_, s, l] = coronal.components(to, from);
        (s, l)
    };
    let teardrop = record.get(LandmarkKind::Teardrop, side);
    let teardrops = record.pair(LandmarkKind::Teardrop);
    let obliquity = teardrops.map(|[right, left]| {
        let rightwards = (right.point - left.point).coords();
        let axes = planes.functional.unwrap_or(planes.axes);
        let slope = rightwards.dot(&axes.superior).atan2(rightwards.dot(&axes.lateral));
        // Seen from the left, lateral is the other way.
        if side == Side::Right { slope } else { -slope }
    });

    let mut readings: [Vec<f64>; 3] = Default::default();
    for step in [0.0, -1.0, 1.0] {
        let centre = head.centre + Vector::from_coords(coronal.anterior * (step * ROOF_PLANE_STEP_MM));
        let Some(roof) = find_roof(shape, socket, centre, &coronal) else { continue };
        let (s, l) = rise(head.centre, roof.lateral);
        readings[0].push(l.atan2(s));
        if let Some(medial) = roof.medial {
            let (s, l) = rise(medial, roof.lateral);
            readings[1].push(s.atan2(l));
        }
        if let Some(teardrop) = teardrop {
            let (s, l) = rise(teardrop.point, roof.lateral);
            readings[2].push(s.atan2(l) - obliquity.unwrap_or(0.0));
        }
    }
    let edge = 0.5 * shape.resolution_mm / head.radius;
    let definitions = [
        (
            Quantity::CentreEdgeAngle,
            "Lateral centre-edge angle (Wiberg): from the vertical through the head centre to the lateral edge of the roof, \
             in the coronal plane through the head centre, supine functional frame.",
            "the lateral edge of the roof was not found",
        ),
        (
            Quantity::AcetabularRoofAngle,
            "Acetabular roof angle (T\u{f6}nnis): from the horizontal to the line from the medial to the lateral end of the \
             weight-bearing roof, in the coronal plane through the head centre, supine functional frame; positive where \
             the roof rises laterally.",
            "the acetabular fossa was not found, so the medial end of the roof is not known",
        ),
        (
            Quantity::SharpAngle,
            "Sharp angle: from the inter-teardrop line to the line from the teardrop's tip to the lateral edge of the roof, \
             coronal projection, supine functional frame.",
            "the teardrop or the lateral edge of the roof was not found",
        ),
    ];
    for (values, (quantity, method, why)) in readings.iter().zip(definitions) {
        // The middle plane comes first and is the value; the others give the spread.
        let Some(&value) = values.first() else {
            record.missing(quantity.of(side), why);
            continue;
        };
        let square: f64 = values.iter().map(|v| (v - value).powi(2)).sum();
        let other_end = match (quantity, teardrop) {
            (Quantity::SharpAngle, Some(Found { spread, .. })) => spread / (2.0 * head.radius),
            // Where the roof passes into the fossa is seen to the resolution of the surface; a chord turns by half the arc.
            (Quantity::AcetabularRoofAngle, _) => shape.resolution_mm / (2.0 * head.radius),
            _ => 0.0,
        };
        let spread = (square / values.len() as f64)
            .sqrt()
            .hypot(edge)
            .hypot(planes.functional_spread)
            .hypot(other_end);
        record.angle(quantity.of(side), value, spread, method);
    }
}
