//! Axes, landmarks, frame and angles of one femur.

use super::pelvis::Planes;
use super::prepared::Hip;
use super::record::Record;
use coxa_anatomy::{LandmarkKind, Neck, Shaft};
use coxa_geometry::{Quantity, Side, Transform};
use coxa_shape::landmarks::ball::Sphere;
use coxa_shape::landmarks::distal_femur::{self, DistalFemur};
use coxa_shape::landmarks::proximal_femur::{self, ProximalFemur, ShaftFit};
use coxa_shape::landmarks::rocking::{Found, NotFound};
use nalgebra::Vector3;

/// What a femur shows, seen as a right one.
pub(crate) struct Femur {
    pub(crate) head: Sphere,
    pub(crate) proximal: ProximalFemur,
    pub(crate) distal: Result<DistalFemur, NotFound>,
}

/// Finds everything on a femur that has a head.
pub(super) fn find(hip: &Hip, planes: &Planes) -> Option<Femur> {
    let (shape, head) = (hip.femur.as_ref()?, hip.head?);
    let superior = planes.axes.seen_from(hip.side).superior;
    let proximal = proximal_femur::find(shape, &head, superior)?;
    let distal = match &proximal.shaft {
        Ok(_) => distal_femur::find(shape, &head, proximal.up, proximal.medial),
        Err(_) => Err(NotFound::OnCut),
    };
    Some(Femur { head, proximal, distal })
}

/// Keeps landmarks, axes and what follows from this femur alone.
pub(super) fn record(record: &mut Record, hip: &Hip, femur: Option<&Femur>) {
    let side = hip.side;
    if hip.femur.is_none() {
        return;
    }
    let Some(femur) = femur else {
        return record.missing(
            format!("femoral_axes_{side}"),
            "no femoral head was found, so the femur was not measured",
        );
    };
    record_landmarks(record, side, femur);
    record_axes(record, side, femur);
    record_angles(record, side, femur);
    match &femur.distal {
        Ok(distal) => {
            record.anatomy.side_mut(side).femur_frame = isb_frame(side, &femur.head, distal);
        }
        Err(reason) => {
            let why = format!(
                "epicondyles or condyles, needed for the ISB frame, were not found: {}",
                reason.why()
            );
            record.missing(format!("femur_frame_{side}"), why);
        }
    }
}

fn record_landmarks(record: &mut Record, side: Side, femur: &Femur) {
    let proximal = &femur.proximal;
    let along = if proximal.shaft.is_ok() {
        "the shaft axis"
    } else {
        "the superior direction of the pelvis (no shaft axis found)"
    };
    record.landmark(
        LandmarkKind::GreaterTrochanter,
        side,
        proximal.greater,
        &format!(
            "Most proximal point lateral to the neck along {along}; centre of the contact points of slightly tilted planes, between the peaks of its ridge."
        ),
    );
    record.landmark(
        LandmarkKind::LesserTrochanter,
        side,
        proximal.lesser,
        &format!("Most posteromedial point below the neck, perpendicular to {along}; mean of the contact points over a cone of directions."),
    );
    if let Some(neck) = &proximal.neck {
        record.landmark(
            LandmarkKind::NeckIsthmus,
            side,
            Ok(Found { point: neck.isthmus, spread: neck.spread }),
            "Centroid of the narrowest section of the neck normal to the line to the head centre.",
        );
    }
    let condyles = match femur.distal {
        Ok(d) => [
            Ok(d.medial_epicondyle),
            Ok(d.lateral_epicondyle),
            Ok(d.medial_posterior),
            Ok(d.lateral_posterior),
        ],
        Err(reason) => [Err(reason); 4],
    };
    let kinds = [
        (
            LandmarkKind::MedialEpicondyle,
            "Most medial point anterior to the posterior condyles, along the line between the epicondyles",
        ),
        (
            LandmarkKind::LateralEpicondyle,
            "Most lateral point anterior to the posterior condyles, along the line between the epicondyles",
        ),
        (
            LandmarkKind::MedialPosteriorCondyle,
            "Most posterior point of the medial condyle, normal to the mechanical axis",
        ),
        (
            LandmarkKind::LateralPosteriorCondyle,
            "Most posterior point of the lateral condyle, normal to the mechanical axis",
        ),
    ];
    for ((kind, what), found) in kinds.into_iter().zip(condyles) {
        record.landmark(
            kind,
            side,
            found,
            &format!("{what}; mean of the contact points of slightly tilted planes."),
        );
    }
    let notch = femur.distal.as_ref().map_err(|&e| e).and_then(|d| d.notch.ok_or(NotFound::Empty));
    record.landmark(
        LandmarkKind::IntercondylarNotch,
        side,
        notch,
        "Corner in which the trochlear groove turns into the roof of the notch, midway between the posterior condyles.",
    );
}

fn record_axes(record: &mut Record, side: Side, femur: &Femur) {
    match &femur.proximal.neck {
        Some(neck) => {
            record.anatomy.side_mut(side).neck = Some(Neck {
                isthmus_mm: side.leave(neck.isthmus),
                axis: side.leave(neck.axis),
                isthmus_radius_mm: neck.radius,
            });
        }
        None => record
            .missing(format!("neck_{side}"), "no narrowest section was found between head and trochanters"),
    }
    match &femur.proximal.shaft {
        Ok(shaft) => {
            record.anatomy.side_mut(side).shaft = Some(Shaft {
                point_mm: side.leave(shaft.point),
                axis: side.leave(shaft.axis),
                seen_mm: shaft.seen_mm,
                spread_deg: shaft.spread_rad.to_degrees(),
            });
        }
        Err(_) => record.missing(
            format!("shaft_axis_{side}"),
            "too little of the shaft below the lesser trochanter is in the scan to give an axis",
        ),
    }
}

fn record_angles(record: &mut Record, side: Side, femur: &Femur) {
    let head = &femur.head;
    let Ok(shaft) = &femur.proximal.shaft else {
        for quantity in [Quantity::NeckShaftAngle, Quantity::FemoralOffset, Quantity::FemoralVersion] {
            record.missing(quantity.of(side), "the shaft axis was not found");
        }
        return;
    };
    match &femur.proximal.neck {
        Some(neck) => {
            let arm = (head.centre - neck.isthmus).norm();
            let neck_spread = head.spread.hypot(neck.spread) / arm.max(1.0);
            record.angle(
                Quantity::NeckShaftAngle.of(side),
                neck.axis.coords().angle(&-shaft.axis.coords()),
                neck_spread.hypot(shaft.spread_rad),
                "Angle in space between the neck axis (centre of the narrowest section to head centre) and the proximal shaft axis.",
            );
        }
        None => record.missing(Quantity::NeckShaftAngle.of(side), "the neck axis was not found"),
    }
    let to_head = head.centre - shaft.point;
    let height = to_head.dot(shaft.axis);
    record.value(
        Quantity::FemoralOffset.of(side),
        (to_head - shaft.axis * height).norm(),
        head.spread.hypot(height * shaft.spread_rad),
        "Distance in space from the head centre to the proximal shaft axis.",
    );
    match (&femur.distal, &femur.proximal.lesser) {
        (Ok(distal), Ok(lesser)) => {
            let (version, spread) = version(head, shaft, lesser, distal);
            record.angle(
                Quantity::FemoralVersion.of(side),
                version,
                spread,
                "Anteversion (Murphy 1987): in the plane normal to the shaft axis, from the posterior condylar line to the line \
                 from the shaft centre at the level of the lesser trochanter to the head centre; head anterior positive.",
            );
        }
        (Err(reason), _) => record.missing(
            Quantity::FemoralVersion.of(side),
            format!("epicondyles or condyles were not found: {}", reason.why()),
        ),
        (_, Err(_)) => {
            record.missing(Quantity::FemoralVersion.of(side), "the lesser trochanter was not found");
        }
    }
}

/// Version and its spread in radians.
pub(super) fn version(head: &Sphere, shaft: &ShaftFit, lesser: &Found, distal: &DistalFemur) -> (f64, f64) {
    let up = shaft.axis.coords();
    let across = |v: Vector3<f64>| v - up * up.dot(&v);
    let base = shaft.point.coords() + up * (lesser.point - shaft.point).coords().dot(&up);
    let neck = across(head.centre.coords() - base);
    let condyles = across((distal.medial_posterior.point - distal.lateral_posterior.point).coords());
    // Anterior = up x lateral, and the condylar line points medially.
    let anterior = condyles.cross(&up);
    let angle = (neck.dot(&anterior) / anterior.norm()).atan2(neck.dot(&condyles) / condyles.norm());
    let level_part = lesser.spread * shaft.spread_rad;
    let neck_part = head.spread.hypot(level_part).hypot(shaft.spread_rad * 20.0) / neck.norm().max(1.0);
    let condyle_part =
        distal.medial_posterior.spread.hypot(distal.lateral_posterior.spread) / condyles.norm().max(1.0);
    // Posterior contacts scatter along the condyles more than across them, so this errs on the wide side.
    (angle, neck_part.hypot(condyle_part))
}

/// ISB frame: Y from the epicondyles' middle to the head centre, Z right in the plane of both.
pub(super) fn isb_frame(
    side: Side,
    head: &Sphere,
    distal: &DistalFemur,
) -> Option<Transform<coxa_geometry::frame::Femur, coxa_geometry::frame::Patient>> {
    let place = |p| side.leave(p);
    let (centre, medial, lateral) =
        (place(head.centre), place(distal.medial_epicondyle.point), place(distal.lateral_epicondyle.point));
    let right = match side {
        Side::Right => lateral - medial,
        Side::Left => medial - lateral,
    };
    let up = centre - medial.midpoint(lateral);
    Transform::from_axes(centre, up.cross(right), up)
}
