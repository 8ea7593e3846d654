//! Hips that the plan by rule treats otherwise: dysplasia, and spines that do not move as usual.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

use coxa_activity::posture::SpinalMobility;
use coxa_geometry::finding::Code;
use coxa_geometry::{Angle, Quantity, Side};
use coxa_measure::measure;
use coxa_planner::implants::Catalogue;
use coxa_planner::placement::{PlanOptions, PlanningInput, Refusal, place};
use coxa_planner::{Planned, Targets};
use coxa_synthetic::{Disease, VirtualPatient, VirtualPatientOptions, generate};

fn patient(disease: Disease, grade: Option<u8>) -> VirtualPatient {
    let options = VirtualPatientOptions {
        seed: 7,
        spacing_mm: 2.0,
        disease,
        grade,
        affected: Some(Side::Right),
        ..Default::default()
    };
    generate(&options).unwrap()
}

fn planned(patient: &VirtualPatient, edit: impl Fn(&mut Targets)) -> Result<Planned, Refusal> {
    let anatomy = measure(&patient.surfaces, Some((&patient.ct, &patient.labels)));
    let mut options = PlanOptions::default();
    edit(&mut options.targets);
    let input = PlanningInput {
        grid: &patient.ct.grid,
        labels: &patient.labels,
        surfaces: &patient.surfaces,
        anatomy: &anatomy,
        findings: &[],
        side: Side::Right,
        options,
    };
    place(&input, &Catalogue::builtin())
}

fn value(planned: &Planned, quantity: Quantity) -> f64 {
    planned.results[quantity].value
}

fn has(planned: &Planned, code: Code) -> bool {
    planned.findings.iter().any(|finding| finding.code == code)
}

/// In every grade the hip's centre comes back to where it belongs, or the plan says by how much it does not; the cup is not made
/// steeper for the sake of its cover.
#[test]
fn a_dysplastic_hip_is_restored_or_says_what_stands_in_the_way() {
    for grade in 1..=3 {
        let planned = planned(&patient(Disease::Dysplasia, Some(grade)), |_| {}).unwrap();
        let moved = [Quantity::CupCentreShiftMedial, Quantity::CupCentreShiftSuperior]
            .map(|quantity| value(&planned, quantity).abs());
        let furthest = moved[0].max(moved[1]);
        assert!(furthest < 6.5, "grade {grade}: {moved:?}");
        let shift = [Quantity::HipCentreShiftMedial, Quantity::HipCentreShiftSuperior]
            .map(|quantity| value(&planned, quantity).abs());
        assert!(
            shift[0].max(shift[1]) < 3.6 || has(&planned, Code::HipCentreMoved),
            "grade {grade}: {shift:?}"
        );
        assert_eq!(planned.plan.cup.inclination_deg, Angle::from_degrees(40.0));
        let combined = value(&planned, Quantity::CombinedAnteversion);
        assert!((25.0..=50.0).contains(&combined) || has(&planned, Code::CombinedAnteversion), "{combined}");
        let coverage = value(&planned, Quantity::CupCoverage);
        assert!(coverage > 60.0 || has(&planned, Code::CupCoverageLow), "grade {grade}: {coverage}");
    }
}

/// A stiff spine wants more combined anteversion than a usual one, a hypermobile one less, and a pelvis that tilts backwards in
/// standing a cup that is less anteverted in the supine one.
#[test]
fn spine_and_standing_tilt_turn_the_cup() {
    let patient = patient(Disease::None, None);
    let anteversion = |edit: &dyn Fn(&mut Targets)| {
        let planned = planned(&patient, edit).unwrap();
        (planned.plan.cup.anteversion_deg.degrees(), planned)
    };
    let (usual, of_usual) = anteversion(&|_| {});
    let (stiff, of_stiff) = anteversion(&|targets| targets.spine = Some(SpinalMobility::Stiff));
    let (lax, _) = anteversion(&|targets| targets.spine = Some(SpinalMobility::Hypermobile));
    assert!(lax <= usual && usual <= stiff && stiff - lax > 4.0, "{lax} {usual} {stiff}");
    assert!(has(&of_stiff, Code::SpineStiff) && !has(&of_usual, Code::SpineStiff));
    assert!(has(&of_usual, Code::StandingTiltUnknown));
    let (tilted, of_tilted) =
        anteversion(&|targets| targets.standing_tilt_deg = Some(Angle::from_degrees(10.0)));
    assert!((usual - tilted - 7.0).abs() < 2.0, "{usual} {tilted}");
    assert!(!has(&of_tilted, Code::StandingTiltUnknown));
}
