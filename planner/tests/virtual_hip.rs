//! Laws of placement on virtual patients, whose joint centres are known by construction.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

use coxa_anatomy::HipAnatomy;
use coxa_geometry::frame::Patient;
use coxa_geometry::side::Mirror;
use coxa_geometry::{Point, Quantity, Side, Vector};
use coxa_imaging::{CtVolume, LabelMap, Volume};
use coxa_measure::measure;
use coxa_measure::surfaces::bone_surfaces;
use coxa_planner::Planned;
use coxa_planner::implants::Catalogue;
use coxa_planner::placement::{PlanOptions, PlanningInput, place};
use coxa_synthetic::{VirtualPatient, VirtualPatientOptions, generate};

/// A patient, what is measured on its true bones, and a plan that is to change neither leg length nor offset.
fn planned(worn: Option<Side>) -> (VirtualPatient, HipAnatomy, Planned) {
    let options = VirtualPatientOptions { seed: 3, spacing_mm: 1.5, worn, ..Default::default() };
    let patient = generate(&options).unwrap();
    let anatomy = measure(&patient.surfaces, Some((&patient.ct, &patient.labels)));
    let mut options = PlanOptions::default();
    (options.targets.leg_length_change_mm, options.targets.offset_change_mm) = (Some(0.0), Some(0.0));
    let input = PlanningInput {
        grid: &patient.ct.grid,
        labels: &patient.labels,
        surfaces: &patient.surfaces,
        anatomy: &anatomy,
        findings: &[],
        side: Side::Right,
        options,
    };
    let planned = place(&input, &Catalogue::builtin()).unwrap();
    (patient, anatomy, planned)
}

fn value(planned: &Planned, quantity: Quantity) -> f64 {
    planned.results[quantity].value
}

#[test]
fn a_healthy_hip_is_planned_back_to_where_it_was() {
    let (patient, anatomy, planned) = planned(None);
    let truth = patient.truth.side(Side::Right);
    assert!(truth.head_centre_mm.distance(truth.socket_centre_mm) < 1e-9);
    for name in [Quantity::LegLengthChange, Quantity::OffsetChange] {
        assert!(value(&planned, name).abs() < 3.0, "{name} {}", value(&planned, name));
    }
    for name in
        [Quantity::CupCentreShiftSuperior, Quantity::CupCentreShiftAnterior, Quantity::HipCentreShiftSuperior]
    {
        assert!(value(&planned, name).abs() < 3.5, "{name} {}", value(&planned, name));
    }

    // The stem has the version of the native head about its axis, so that the planned head lies neither before nor behind it.
    let hip = anatomy.side(Side::Right);
    let (head, shaft) = (hip.head.as_ref().unwrap().centre_mm, hip.shaft.as_ref().unwrap());
    let medial = planned.pose.stem_frame.apply(Vector::new(1.0, 0.0, 0.0));
    let ahead: Vector<Patient> = medial.cross(shaft.axis);
    let missed = planned.pose.head_centre - head;
    assert!(missed.dot(ahead).abs() < 0.1, "{missed:?}");
    // What is missed along the neck counts too, for the neck points forwards.
    let expected = value(&planned, Quantity::HipCentreShiftAnterior) + missed.y();
    let found = value(&planned, Quantity::FemurShiftAnterior);
    assert!((found - expected).abs() < 1.0, "{found} against {expected}");
    assert!(found.abs() < 6.0, "{found}");
}

#[test]
fn a_worn_hip_is_brought_back_down_into_its_socket() {
    let (patient, anatomy, planned) = planned(Some(Side::Right));
    let truth = patient.truth.side(Side::Right);
    // The head has migrated upwards by two thirds of the joint space; the cup belongs to the socket.
    let migrated = truth.head_centre_mm - truth.socket_centre_mm;
    assert!(migrated.z() > 1.0, "{migrated:?}");
    // What is left is the step that placement chose within the socket, and the error of the socket's measured centre.
    let measured = anatomy.side(Side::Right).acetabulum.as_ref().unwrap().centre_mm;
    let chosen = value(&planned, Quantity::CupCentreShiftSuperior);
    let error = (measured - truth.socket_centre_mm).z();
    let expected = chosen + error - migrated.z();
    let found = value(&planned, Quantity::HipCentreShiftSuperior);
    assert!((found - expected).abs() < 0.3, "{found} against {expected}");
    assert!(found < -1.0, "{found}");
}

#[test]
fn a_mirrored_ct_gets_the_mirror_image_of_the_plan() {
    let options = VirtualPatientOptions { seed: 3, spacing_mm: 2.0, ..Default::default() };
    let patient = generate(&options).unwrap();
    let (ct, labels) = (&patient.ct, &patient.labels);
    // What lies at x comes to lie at -x, in voxels that run to the patient's left as before, and right bones become left ones.
    let mut grid = ct.grid.clone();
    let last = ct.grid.to_patient(Point::new((grid.dims[0] - 1) as f64, 0.0, 0.0));
    grid.origin = Point::new(-last.x(), grid.origin.y(), grid.origin.z());
    let other = |name: &str| match name.strip_suffix("_right") {
        Some(bone) => format!("{bone}_left"),
        None => name.strip_suffix("_left").map_or(name.to_owned(), |bone| format!("{bone}_right")),
    };
    let mut table = labels.table.clone();
    for label in &mut table {
        label.name = other(&label.name);
    }
    let turned = |voxels: &ndarray::Array3<u8>| {
        let mut voxels = voxels.clone();
        voxels.invert_axis(ndarray::Axis(2));
        voxels.as_standard_layout().into_owned()
    };
    let mut grey = ct.voxels.clone();
    grey.invert_axis(ndarray::Axis(2));
    let mirrored_ct = Volume::new(grid.clone(), grey.as_standard_layout().into_owned());
    let mirrored_labels = LabelMap { volume: Volume::new(grid, turned(&labels.volume.voxels)), table };

    let plan = |ct: &CtVolume, labels: &LabelMap, side: Side| {
        let surfaces = bone_surfaces(ct, labels);
        let anatomy = measure(&surfaces, Some((ct, labels)));
        let input = PlanningInput {
            grid: &ct.grid,
            labels,
            surfaces: &surfaces,
            anatomy: &anatomy,
            findings: &[],
            side,
            options: PlanOptions::default(),
        };
        place(&input, &Catalogue::builtin()).unwrap()
    };
    let right = plan(ct, labels, Side::Right);
    let left = plan(&mirrored_ct, &mirrored_labels, Side::Left);
    let (a, b) = (&right.plan, &left.plan);
    assert_eq!((a.cup.size_mm, &a.head, a.stem.size), (b.cup.size_mm, &b.head, b.stem.size));
    assert!(a.cup.centre_mm.distance(b.cup.centre_mm.mirror()) < 0.02, "{:?} {:?}", a.cup, b.cup);
    assert!(a.stem.origin_mm.distance(b.stem.origin_mm.mirror()) < 0.02, "{:?} {:?}", a.stem, b.stem);
    assert_eq!(a.stem.version_deg, b.stem.version_deg);
    for (name, measured) in right.results.iter() {
        let off = (left.results[name].value - measured.value).abs();
        assert!(off < 0.05, "{name}: {} and {}", measured.value, left.results[name].value);
    }
}
