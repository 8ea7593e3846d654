//! Measures of osteoarthritis on virtual patients whose disease is known.

use coxa_anatomy::HipAnatomy;
use coxa_geometry::finding::{Code, Subject};
use coxa_geometry::{Quantity, Severity, Side};
use coxa_measure::{measure, surfaces};
use coxa_synthetic::{Disease, HipDisease, VirtualPatientOptions, generate};

const SIDE: Side = Side::Right;

fn measured(options: &VirtualPatientOptions) -> (HipAnatomy, HipDisease) {
    let options = VirtualPatientOptions {
        above_hips_mm: Some(75.0),
        below_hips_mm: Some(80.0),
        affected: Some(SIDE),
        ..options.clone()
    };
    let patient = generate(&options).expect("the options are valid");
    let bones = surfaces::bone_surfaces(&patient.ct, &patient.labels);
    let anatomy = measure(&bones, Some((&patient.ct, &patient.labels)));
    (anatomy, patient.truth.side(SIDE).disease.clone())
}

fn value(anatomy: &HipAnatomy, quantity: Quantity, side: Side) -> f64 {
    anatomy.measurements[quantity.of(side)].value
}

fn arthritic(grade: u8) -> VirtualPatientOptions {
    VirtualPatientOptions {
        seed: 41,
        spacing_mm: 1.5,
        disease: Disease::Osteoarthritis,
        grade: Some(grade),
        ..VirtualPatientOptions::default()
    }
}

#[test]
fn a_worse_joint_measures_worse_and_a_healthy_one_healthy() {
    let found: Vec<_> = [0, 2, 4].map(|grade| measured(&arthritic(grade))).into();
    let of = |quantity| -> Vec<f64> { found.iter().map(|(a, _)| value(a, quantity, SIDE)).collect() };
    let widths = of(Quantity::JointSpaceMinimum);
    assert!(widths[0] > widths[1] + 0.2 && widths[1] > widths[2] + 0.2, "{widths:?}");
    for quantity in
        [Quantity::OsteophyteHeight, Quantity::SubchondralSclerosis, Quantity::HeadMigrationSuperior]
    {
        let values = of(quantity);
        assert!(values[0] < values[1] && values[1] < values[2], "{quantity}: {values:?}");
    }
    // What is true of the joint: the space that was made, less what the disease took; a round head while it is not flattened.
    let space = of(Quantity::JointSpaceSuperior);
    let healthy = VirtualPatientOptions::default().joint_space_mm;
    for (space, (_, disease)) in space.iter().zip(&found) {
        let truth = healthy * (1.0 - disease.joint_space_lost_fraction);
        assert!((space - truth).abs() < 0.6, "{space} for {truth}");
    }
    assert!(space[1] < space[0] - 0.25 && space[2] < space[1] - 0.25, "{space:?}");
    // Osteophytes are lumpy, and the highest twentieth does not count.
    for (anatomy, disease) in &found {
        let height = &anatomy.measurements[Quantity::OsteophyteHeight.of(SIDE)];
        let off = (height.value - disease.osteophyte_mm).abs();
        assert!(off < height.spread + 0.5 * disease.osteophyte_mm, "{height:?}, {}", disease.osteophyte_mm);
    }
    let round = of(Quantity::HeadAsphericity);
    assert!(round[0] < 0.25 && round[1] < 0.3 && round[2] > 2.0 * round[0], "{round:?}");
    assert!(of(Quantity::SubchondralCysts)[0] < 0.05 && of(Quantity::SubchondralCysts)[2] > 0.05);
    let grades: Vec<_> = found
        .iter()
        .map(|(a, _)| a.side(SIDE).severity.clone().and_then(|s| s.kellgren_lawrence).expect("a grade"))
        .collect();
    for (grade, truth) in grades.iter().zip([0.0, 2.0, 4.0]) {
        assert!((grade.mean() - truth).abs() < 1.1 && grade.likeliest().1 < 0.93, "{grade:?}");
    }
    let narrowed = |a: &HipAnatomy, side: Side| {
        a.findings.iter().any(|f| f.code == Code::JointSpaceNarrowed && f.about == Subject::Hip(side))
    };
    assert!(!narrowed(&found[0].0, SIDE) && narrowed(&found[2].0, SIDE));
    assert!(found.iter().all(|(a, _)| !narrowed(a, SIDE.other())));
    let map = &found[0].0.side(SIDE).joint_space;
    assert!(map.len() > 100 && map.iter().all(|p| (0.0..15.0).contains(&p.width_mm)));
}

#[test]
fn a_worn_hip_has_less_joint_space_than_the_other() {
    let options =
        VirtualPatientOptions { spacing_mm: 1.5, worn: Some(SIDE), ..VirtualPatientOptions::default() };
    let (anatomy, _) = measured(&options);
    let space = |side| value(&anatomy, Quantity::JointSpaceSuperior, side);
    assert!(space(SIDE) < space(SIDE.other()) - 1.0, "{} {}", space(SIDE), space(SIDE.other()));
}

#[test]
fn a_dislocated_head_has_its_grade_after_crowe() {
    let options = VirtualPatientOptions {
        spacing_mm: 1.8,
        disease: Disease::Dysplasia,
        grade: Some(3),
        ..VirtualPatientOptions::default()
    };
    let (anatomy, disease) = measured(&options);
    let risen = value(&anatomy, Quantity::CroweRatio, SIDE);
    println!("risen by {risen:.0} %, {:.0} mm in truth", disease.socket_superior_mm);
    let crowe = anatomy.side(SIDE).severity.clone().and_then(|s| s.crowe).expect("a grade");
    assert!((2..=4).contains(&crowe.likeliest().0), "{crowe:?}");
    assert!(
        anatomy.findings.iter().any(|f| f.code == Code::HipSubluxated && f.severity == Severity::Caution)
    );
    let other = anatomy.side(SIDE.other()).severity.clone().and_then(|s| s.crowe).expect("a grade");
    assert_eq!(other.likeliest().0, 1);
}
