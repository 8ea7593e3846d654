//! What is not planned, on the hip that is known by construction.

use super::synthetic::Case;
use super::*;
use coxa_anatomy::{Bone, LandmarkKind};
use coxa_geometry::finding::{self, Code, Finding};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Angle, Severity, Side, Vector};

#[test]
fn what_cannot_be_planned_is_refused_with_its_reason() {
    let refused = |edit: &dyn Fn(&mut Case), findings: &[Finding], options: PlanOptions| -> Vec<Code> {
        let mut case = Case::right();
        edit(&mut case);
        let input = PlanningInput { findings, ..case.input(options) };
        let refusal = place(&input, &Catalogue::builtin()).unwrap_err();
        assert!(refusal.findings.iter().any(|f| f.severity == Severity::Refusal));
        refusal.findings.into_iter().map(|f| f.code).collect()
    };
    let plain = PlanOptions::default;
    assert_eq!(refused(&|c| drop(c.surfaces.remove(&Bone::HipRight)), &[], plain())[0], Code::HipBoneMissing);
    assert_eq!(refused(&|c| c.anatomy.right.head = None, &[], plain()), [Code::FemoralHeadMissing]);
    assert_eq!(refused(&|c| c.anatomy.right.neck = None, &[], plain()), [Code::FemoralNeckMissing]);
    assert_eq!(
        refused(&|c| c.anatomy.landmarks.retain(|l| l.kind != LandmarkKind::Asis), &[], plain()),
        [Code::PelvisCutOff]
    );
    let speak_against = |side| {
        [
            finding::MetalAtJoint { side, volume_ml: 2.0 }.finding(),
            finding::MetalInFemur { side, volume_ml: 2.0 }.finding(),
            finding::FemoralHeadCut { side, seen_percent: 20.0 }.finding(),
            finding::FemoralHeadSmall { side, value: 30.0, limit: 36.0 }.finding(),
        ]
    };
    for here in speak_against(Side::Right) {
        let code = here.code;
        assert_eq!(refused(&|_| (), &[here], plain()), [code]);
    }
    let turned = [finding::ScanTurned { how: "upside down" }.finding()];
    assert_eq!(refused(&|_| (), &turned, plain()), [Code::ScanTurned]);
    let coarse = finding::LowResolution { voxel_mm: 3.0, limit_mm: 2.0 }.finding();
    for elsewhere in speak_against(Side::Left).into_iter().chain([coarse]) {
        let (elsewhere, case) = ([elsewhere], Case::right());
        let input = PlanningInput { findings: &elsewhere, ..case.input(plain()) };
        assert!(place(&input, &Catalogue::builtin()).is_ok(), "{elsewhere:?}");
    }
    let huge = |c: &mut Case| c.anatomy.right.acetabulum.as_mut().unwrap().radius_mm = 40.0;
    assert_eq!(refused(&huge, &[], plain()), [Code::CupBeyondCatalogue]);
    let tight = |c: &mut Case| {
        for s in &mut c.anatomy.right.canal.as_mut().unwrap().sections {
            s.inner_mm.fill(0.5);
        }
    };
    assert_eq!(refused(&tight, &[], plain()), [Code::ImplantTooLarge]);
    assert_eq!(
        refused(&|_| (), &[], PlanOptions { stem_family: Some("x".into()), ..plain() }),
        [Code::NotInCatalogue]
    );
}

/// Codes of the refusal of an edited plan.
fn refusal_of(edit: impl Fn(&mut Plan)) -> Vec<(Code, Option<f64>, Option<f64>)> {
    let case = Case::right();
    let mut plan = case.plan(PlanOptions::default()).sketch.plan;
    edit(&mut plan);
    let refusal = realise(&plan, &case.input(PlanOptions::default()), &Catalogue::builtin()).unwrap_err();
    assert!(refusal.findings.iter().all(|f| f.severity == Severity::Refusal));
    refusal.findings.into_iter().map(|f| (f.code, f.value, f.limit)).collect()
}

#[test]
fn components_away_from_their_bones_are_refused_with_the_number() {
    let aside = |by: [f64; 3]| Vector::<Patient>::new(by[0], by[1], by[2]);
    let out = refusal_of(|plan| plan.cup.centre_mm = plan.cup.centre_mm + aside([-45.0, 0.0, -30.0]));
    assert_eq!(out[0], (Code::CupOffBone, Some(0.0), Some(10.0)));
    assert_eq!(out[1].0, Code::CupFarFromAcetabulum);
    assert!((out[1].1.unwrap() - 54.0).abs() < 6.5, "{out:?}");
    for by in [[-30.0, 0.0, 0.0], [0.0, 0.0, 150.0], [0.0, 60.0, 0.0], [0.0, 0.0, -900.0]] {
        let off = refusal_of(|plan| plan.stem.origin_mm = plan.stem.origin_mm + aside(by));
        assert_eq!((off.len(), off[0].0), (1, Code::StemOffBone), "{by:?}");
    }
    let upside_down = refusal_of(|plan| plan.stem.axis = -plan.stem.axis);
    assert_eq!(upside_down[0].0, Code::StemOffBone);
}

#[test]
fn parts_that_do_not_exist_are_refused_alike() {
    for edit in [
        (|plan| plan.cup.size_mm = 53.0) as fn(&mut Plan),
        |plan| plan.head.diameter_mm = 33.0,
        |plan| plan.head.offset_mm = 1.0,
        |plan| plan.stem.size = 99,
        |plan| plan.stem.neck_shaft_deg = Angle::from_degrees(131.0),
        |plan| plan.stem.offset = "higher".into(),
    ] {
        assert_eq!(refusal_of(edit)[0].0, Code::NotInCatalogue);
    }
}
