//! Laws of landmark search and measurement: what a mirror, a rigid motion, a scale and a cut must do to the results.

use coxa_anatomy::{Bone, BoneSurfaces, HipAnatomy, LandmarkKind};
use coxa_geometry::finding::{Code, Subject};
use coxa_geometry::frame::Patient;
use coxa_geometry::side::Mirror;
use coxa_geometry::{Mesh, Point, Quantity, Side, Transform, Vector};
use coxa_imaging::{LabelMap, Volume};
use coxa_measure::measure;
use coxa_measure::surfaces::bone_surfaces;
use coxa_synthetic::{VirtualPatientOptions, generate};
use nalgebra::{Isometry3, Translation3, UnitQuaternion};
use ndarray::{Axis, Slice};

/// Surfaces of a virtual patient; the scan is coarse because nobody looks at it.
fn patient(seed: u64) -> BoneSurfaces {
    generate(&VirtualPatientOptions { seed, spacing_mm: 4.0, ..VirtualPatientOptions::default() })
        .expect("the options are in range")
        .surfaces
}

fn changed(surfaces: &BoneSurfaces, change: impl Fn(Mesh<Patient>) -> Mesh<Patient>) -> BoneSurfaces {
    surfaces.iter().map(|(&bone, mesh)| (bone, change(mesh.clone()))).collect()
}

/// Compares all landmarks of `after` with those of `before` taken through `expected`; returns the largest distance.
fn largest_distance(
    before: &HipAnatomy,
    after: &HipAnatomy,
    skip: &[LandmarkKind],
    side: impl Fn(Side) -> Side,
    expected: impl Fn(Point<Patient>) -> Point<Patient>,
) -> f64 {
    let mut worst: f64 = 0.0;
    assert!(before.landmarks.len() > 24, "only {} landmarks", before.landmarks.len());
    for landmark in before.landmarks.iter().filter(|l| !skip.contains(&l.kind)) {
        let moved = after
            .landmark(landmark.kind, side(landmark.side))
            .unwrap_or_else(|| panic!("{} is lost: {:?}", landmark.kind.name(), after.missing));
        worst = worst.max(moved.position_mm.distance(expected(landmark.position_mm)));
    }
    worst
}

#[test]
fn a_mirrored_patient_has_mirrored_landmarks_and_the_same_angles_on_the_other_side() {
    let surfaces = patient(3);
    let other = |bone| match bone {
        Bone::HipRight => Bone::HipLeft,
        Bone::HipLeft => Bone::HipRight,
        Bone::FemurRight => Bone::FemurLeft,
        Bone::FemurLeft => Bone::FemurRight,
        Bone::Sacrum => Bone::Sacrum,
    };
    let image: BoneSurfaces =
        surfaces.iter().map(|(&bone, mesh)| (other(bone), mesh.clone().mirror())).collect();
    let (before, after) = (measure(&surfaces, None), measure(&image, None));
    assert!(largest_distance(&before, &after, &[], Side::other, Mirror::mirror) < 1e-6);
    for (key, measured) in before.measurements.iter() {
        let image_key = key.side().map_or(key, |side| key.quantity.of(side.other()));
        let sign = if key.quantity.is_relative() { -1.0 } else { 1.0 };
        let image = after.measurements[image_key].value;
        assert!((image - sign * measured.value).abs() < 1e-6, "{key}: {image} against {}", measured.value);
    }
}

#[test]
fn landmarks_move_with_the_bones() {
    let surfaces = patient(4);
    let before = measure(&surfaces, None);
    for (axis, angle) in [([0.3, 0.5, -0.8], 0.4), ([1.0, 0.2, 0.1], 1.3), ([-0.2, 0.1, 1.0], 2.6)] {
        let turn = UnitQuaternion::from_scaled_axis(nalgebra::Vector3::from(axis).normalize() * angle);
        let motion = Isometry3::from_parts(Translation3::new(120.0, -340.0, 800.0), turn);
        let motion: Transform<Patient, Patient> = Transform::from_isometry(motion);
        let after = measure(&changed(&surfaces, |mesh| motion.apply(&mesh)), None);
        // The teardrop is defined in the coronal plane of the table, which does not move.
        let worst = largest_distance(&before, &after, &[LandmarkKind::Teardrop], |s| s, |p| motion.apply(p));
        assert!(worst < 0.1, "{worst} mm after a turn of {angle}");
        let tilt = (before.measurements[Quantity::NeckShaftAngle.of(Side::Left)].value
            - after.measurements[Quantity::NeckShaftAngle.of(Side::Left)].value)
            .abs();
        assert!(tilt < 0.05);
    }
}

#[test]
fn landmarks_grow_with_the_bones() {
    let surfaces = patient(5);
    let before = measure(&surfaces, None);
    let factor = 1.15;
    let grown = |p: Point<Patient>| Point::origin() + (p - Point::origin()) * factor;
    let larger = changed(&surfaces, |mut mesh| {
        mesh.vertices.iter_mut().for_each(|v| *v = grown(*v));
        mesh
    });
    let after = measure(&larger, None);
    // Tolerances in millimetres do not grow, so this holds only nearly.
    let worst = largest_distance(&before, &after, &[], |s| s, grown);
    assert!(worst < 1.5, "{worst}");
    let angle = |a: &HipAnatomy| a.measurements[Quantity::NeckShaftAngle.of(Side::Right)].value;
    assert!((angle(&before) - angle(&after)).abs() < 0.3);
}

#[test]
fn the_head_centre_of_a_virtual_patient_is_where_it_was_made() {
    let patient =
        generate(&VirtualPatientOptions { seed: 6, spacing_mm: 4.0, ..Default::default() }).unwrap();
    let anatomy = measure(&patient.surfaces, None);
    for side in Side::BOTH {
        let (found, truth) = (anatomy.side(side).head.as_ref().unwrap(), patient.truth.side(side));
        assert!(
            found.centre_mm.distance(truth.head_centre_mm) < 0.5,
            "{:?} against {:?}",
            found,
            truth.head_centre_mm
        );
        assert!((found.radius_mm - truth.head_radius_mm).abs() < 0.4);
    }
}

/// Cuts everything beyond a plane off, leaving the edge open.
fn cut(mesh: &Mesh<Patient>, keep: impl Fn(Point<Patient>) -> bool) -> Mesh<Patient> {
    let triangles = (0..mesh.triangles.len()).filter(|&t| mesh.corners(t).into_iter().all(&keep));
    Mesh { vertices: mesh.vertices.clone(), triangles: triangles.map(|t| mesh.triangles[t]).collect() }
}

fn is_missing(anatomy: &HipAnatomy, what: &str) -> bool {
    anatomy.missing.iter().any(|m| m.what == what && !m.why.is_empty())
}

#[test]
fn what_a_scan_cuts_off_is_missing_with_a_reason() {
    let surfaces = patient(7);
    let whole = measure(&surfaces, None);
    let asis = whole.landmark(LandmarkKind::Asis, Side::Right).unwrap().position_mm.z();
    let lesser = whole.landmark(LandmarkKind::LesserTrochanter, Side::Right).unwrap().position_mm.z();

    let low = measure(&changed(&surfaces, |mesh| cut(&mesh, |p| p.z() < asis - 15.0)), None);
    for what in ["asis_right", "psis_left", "anterior_pelvic_plane", "pelvic_tilt", "pelvis_frame"] {
        assert!(is_missing(&low, what), "{what} among {:?}", low.missing);
    }
    assert!(low.landmark(LandmarkKind::Asis, Side::Right).is_none());
    assert!(low.right.head.is_some() && low.right.acetabulum.is_some());

    let short = measure(&changed(&surfaces, |mesh| cut(&mesh, |p| p.z() > lesser - 80.0)), None);
    for what in ["medial_epicondyle_right", "femoral_version_left", "femur_frame_right"] {
        assert!(is_missing(&short, what), "{what}");
    }
    let angle = |a: &HipAnatomy| a.measurements[Quantity::NeckShaftAngle.of(Side::Right)].value;
    assert!((angle(&whole) - angle(&short)).abs() < 3.0, "{} {}", angle(&whole), angle(&short));
    assert!(short.right.shaft.as_ref().unwrap().seen_mm < 80.0);

    let stub = measure(&changed(&surfaces, |mesh| cut(&mesh, |p| p.z() > lesser)), None);
    for what in
        ["lesser_trochanter_right", "shaft_axis_right", "neck_shaft_angle_right", "leg_length_difference"]
    {
        assert!(is_missing(&stub, what), "{what}");
    }
    assert!(stub.right.neck.is_some() && stub.right.shaft.is_none() && stub.right.canal.is_none());
}

/// The rows from `first` up to before `end`; row 0 is in front.
fn rows<T: Copy>(volume: &Volume<T>, first: usize, end: usize) -> Volume<T> {
    let mut grid = volume.grid.clone();
    grid.origin = grid.to_patient(Point::new(0.0, first as f64, 0.0));
    grid.dims[1] = end - first;
    let voxels = volume.voxels.slice_axis(Axis(1), Slice::from(first..end));
    Volume::new(grid, voxels.as_standard_layout().into_owned())
}

#[test]
fn a_head_that_the_scan_cuts_is_still_measured_less_surely_and_said_to_be_cut() {
    let options = VirtualPatientOptions {
        seed: 9,
        spacing_mm: 1.6,
        above_hips_mm: Some(50.0),
        below_hips_mm: Some(60.0),
        ..Default::default()
    };
    let patient = generate(&options).unwrap();
    let measured = |first: usize, end: usize| {
        let ct = rows(&patient.ct, first, end);
        let labels = LabelMap {
            volume: rows(&patient.labels.volume, first, end),
            table: patient.labels.table.clone(),
        };
        measure(&bone_surfaces(&ct, &labels), Some((&ct, &labels)))
    };
    let is_said = |anatomy: &HipAnatomy, side: Side| {
        anatomy.findings.iter().any(|f| f.code == Code::FemoralHeadCut && f.about == Subject::Femur(side))
    };
    let grid = &patient.ct.grid;
    let last = grid.dims[1];
    let whole = measured(0, last);
    for side in Side::BOTH {
        let truth = patient.truth.side(side);
        let middle = grid.to_voxel(truth.head_centre_mm).y().round() as usize;
        assert!(!is_said(&whole, side));
        let sure = whole.side(side).head.as_ref().unwrap();
        let diameter = &whole.measurements[Quantity::HeadDiameter.of(side)];
        println!(
            "{side} whole: {:.2} mm, spread {:.2}",
            diameter.value - 2.0 * truth.head_radius_mm,
            diameter.spread
        );
        for (first, end) in [(middle, last), (0, middle)] {
            let cut = measured(first, end);
            let head = cut.side(side).head.as_ref().unwrap_or_else(|| panic!("{:?}", cut.missing));
            let error = head.centre_mm.distance(truth.head_centre_mm);
            let diameter = &cut.measurements[Quantity::HeadDiameter.of(side)];
            let off = diameter.value - 2.0 * truth.head_radius_mm;
            println!(
                "{side} {first}..{end}: centre {error:.2} mm off, spread {:.2} ({:.2} of the whole); diameter {off:.2} mm \
                 off, spread {:.2}",
                head.spread_mm, sure.spread_mm, diameter.spread
            );
            assert!(is_said(&cut, side), "{:?}", cut.findings);
            assert!(head.spread_mm > sure.spread_mm);
            // Three standard deviations of a distance in space.
            assert!(error < 3.0 * 3.0_f64.sqrt() * head.spread_mm, "{error} of {}", head.spread_mm);
            assert!(off.abs() < 3.0 * diameter.spread, "{off} of {}", diameter.spread);
        }
    }
}

#[test]
fn nothing_and_nonsense_give_missing_entries_and_no_panic() {
    let point = Point::<Patient>::new;
    let grid = |step: f64, lift: fn(f64, f64) -> f64| {
        let at = |i: u32, j: u32| {
            point(f64::from(i) * step, f64::from(j) * step, lift(f64::from(i), f64::from(j)))
        };
        let vertices = (0..30).flat_map(|i| (0..30).map(move |j| at(i, j))).collect();
        let square = |i: u32, j: u32| {
            let a = i * 30 + j;
            [[a, a + 1, a + 30], [a + 1, a + 31, a + 30]]
        };
        let triangles = (0..29).flat_map(|i| (0..29).flat_map(move |j| square(i, j))).collect();
        Mesh { vertices, triangles }
    };
    let mut broken = grid(2.0, |_, _| 0.0);
    broken.vertices[17] = point(f64::NAN, 0.0, 0.0);
    broken.vertices[18] = point(f64::INFINITY, 0.0, 0.0);
    broken.triangles[5] = [1, 2, 4_000_000_000];
    broken.triangles[6] = [3, 3, 3];
    let meshes = [
        Mesh::default(),
        Mesh { vertices: vec![point(0.0, 0.0, 0.0); 3], triangles: vec![[0, 1, 2]; 500] },
        grid(2.0, |_, _| 0.0),
        grid(5.0, |i, j| (i * 0.7).sin() * 9.0 + (j * 0.9).cos() * 7.0),
        grid(1e12, |i, _| i * 1e12),
        grid(1e300, |i, j| i * j * 1e300),
        grid(1e-9, |i, j| i * j * 1e-9),
        broken,
    ];
    for mesh in &meshes {
        let surfaces: BoneSurfaces = Bone::ALL.into_iter().map(|bone| (bone, mesh.clone())).collect();
        let anatomy = measure(&surfaces, None);
        assert!(!anatomy.missing.is_empty());
        assert!(anatomy.measurements.iter().all(|(_, m)| m.value.is_finite() && m.spread.is_finite()));
    }
    assert!(measure(&BoneSurfaces::new(), None).landmarks.is_empty());
    // Bones that are not where they belong.
    let surfaces = patient(8);
    let shuffled: BoneSurfaces =
        Bone::ALL.into_iter().zip(surfaces.values().rev()).map(|(bone, mesh)| (bone, mesh.clone())).collect();
    measure(&shuffled, None);
    let apart = changed(&surfaces, |mut mesh| {
        let shift = Vector::new(mesh.vertices[0].x() * 7.0, 0.0, 0.0);
        mesh.vertices.iter_mut().for_each(|v| *v = *v + shift);
        mesh
    });
    measure(&apart, None);
}
