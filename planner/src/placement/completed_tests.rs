//! A plan on a femur or a pelvis that a shape model completed.

use super::PlanOptions;
use super::synthetic::Case;
use coxa_anatomy::LandmarkKind;
use coxa_geometry::finding::Code;
use coxa_geometry::frame::Patient;
use coxa_geometry::quantity::CUP_ANGLES;
use coxa_geometry::{Measurements, Quantity, Side, Transform, Vector};

/// A case whose shaft and condyles, turned out by an angle against the table, come from a shape model.
fn completed_femur(mut case: Case, side: Side, turn_deg: f64) -> Case {
    let hip = case.anatomy.side_mut(side);
    let (head, mut shaft) = (hip.head.clone().unwrap().centre_mm, hip.shaft.take().unwrap());
    hip.canal = None;
    (shaft.seen_mm, shaft.spread_deg) = (0.0, 4.0);
    // Medial is +x for a right hip.
    let medial = if side == Side::Right { 1.0 } else { -1.0 };
    let turn = turn_deg.to_radians();
    let line = Vector::<Patient>::new(medial * turn.cos(), turn.sin(), 0.0);
    let knee = head + Vector::new(0.0, 0.0, -400.0);
    let mut measurements = Measurements::new();
    measurements.insert(Quantity::FemoralVersion, 12.0, 7.0, "");
    let outwards = line * -1.0;
    let right = if side == Side::Right { outwards } else { line };
    hip.completion = Some(coxa_anatomy::Completion {
        obtained_by: "Shape model of 26 people.".into(),
        seen_mm: 30.0,
        residual_mm: 0.5,
        samples: 24,
        shaft,
        femur_frame: Transform::from_axes(
            head,
            Vector::new(0.0, 0.0, 1.0).cross(right),
            Vector::new(0.0, 0.0, 1.0),
        )
        .unwrap(),
        rotation_spread_deg: 6.5,
        lean_spread_deg: 2.5,
        medial_posterior_condyle_mm: knee + line * 25.0,
        lateral_posterior_condyle_mm: knee - line * 25.0,
        lesser_trochanter_mm: head,
        lesser_trochanter_spread_mm: 3.0,
        measurements,
    });
    case
}

#[test]
fn a_completed_femur_gives_version_and_shaft_with_its_spread() {
    let side_of = |case: &Case| case.plan(PlanOptions::default()).plan.side;
    let cases: [fn() -> Case; 2] = [Case::right, || Case::right().mirrored()];
    for case in cases {
        let side = side_of(&case());
        let turned = completed_femur(case(), side, 10.0);
        let planned = turned.plan(PlanOptions::default());
        let straight = completed_femur(case(), side, 0.0).plan(PlanOptions::default());
        let mut alone = turned;
        alone.anatomy.side_mut(side).completion = None;
        let without = alone.plan(PlanOptions::default());
        let native = &planned.results[Quantity::FemoralVersionNative];
        assert!(native.method.contains("shape model of 26 people"), "{}", native.method);
        assert_eq!(native.spread, 7.0);
        assert!(without.results[Quantity::FemoralVersionNative].spread > 12.0);
        // Medial condyle behind the lateral one: the leg is turned inwards, the head stands further forwards against it.
        let forwards = native.value - straight.results[Quantity::FemoralVersionNative].value;
        assert!((forwards - 10.0).abs() < 0.5, "{forwards}");
        assert_eq!(planned.results[Quantity::StemVarus].spread, 4.0);
        let text = |code: Code| planned.findings.iter().find(|f| f.code == code).unwrap().message.clone();
        assert!(text(Code::FemurCutOff).contains("femoral version \u{b1} 7"), "{}", text(Code::FemurCutOff));
        assert!(text(Code::CondylesNotSeen).contains("(\u{b1} 7"));
        assert_eq!(planned.motion_spread.femur_rotation_deg.degrees(), 7.0);
        assert_eq!(planned.motion_spread.femur_lean_deg.degrees(), 2.5);
    }
}

#[test]
fn a_completed_pelvis_bears_a_plan_with_its_spread_in_the_angles_to_its_plane() {
    let mut case = Case::right();
    let seen = case.plan(PlanOptions::default());
    case.anatomy.landmarks.retain(|l| l.kind != LandmarkKind::Asis);
    let anterior_plane = case.anatomy.pelvis.anterior_plane.take().unwrap();
    case.anatomy.pelvis.completion = Some(coxa_anatomy::PelvisCompletion {
        obtained_by: "Shape model of 26 people.".into(),
        residual_mm: 1.0,
        samples: 24,
        landmarks: Vec::new(),
        anterior_plane,
        tilt_spread_deg: 4.0,
        turn_spread_deg: 3.0,
        measurements: Default::default(),
    });
    let planned = case.plan(PlanOptions::default());
    for name in CUP_ANGLES[0][1] {
        let (own, whole) = (&planned.results[name], &seen.results[name]);
        assert!((own.value - whole.value).abs() < 0.5 && own.spread == 5.0 && whole.spread < 3.0, "{name}");
    }
    assert!(planned.findings.iter().all(|f| f.code != Code::AnteriorPelvicPlaneMissing));
    // Known to no more than ten degrees, the plane does not bear a judgement of the cup in its middle.
    case.anatomy.pelvis.completion.as_mut().unwrap().tilt_spread_deg = 10.0;
    let unsure = case.plan(PlanOptions::default());
    assert!(unsure.findings.iter().any(|f| f.code == Code::LewinnekNotJudged));
    assert!(planned.findings.iter().all(|f| f.code != Code::LewinnekNotJudged));
}
