//! A virtual patient is reproducible, has the tissues of a CT, and its truth holds in its voxels.

use coxa_anatomy::Bone;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Point, Side, Vector, frame::Patient};
use coxa_synthetic::{
    ContrastPhase, Disease, Field, MrContrast, MrProtocol, MuscleTruth, Phantom, VirtualPatient,
    VirtualPatientError, VirtualPatientOptions, generate,
};

fn coarse() -> VirtualPatientOptions {
    VirtualPatientOptions { spacing_mm: 3.0, ..VirtualPatientOptions::default() }
}

fn on_threads(threads: usize, options: &VirtualPatientOptions) -> VirtualPatient {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().expect("a pool of threads");
    pool.install(|| generate(options)).expect("the options are valid")
}

/// Mean CT number in a ball.
fn mean_hu(patient: &VirtualPatient, centre: Point<Patient>, radius: f64) -> f64 {
    let grid = &patient.ct.grid;
    let (mut sum, mut count) = (0.0, 0.0);
    for ((k, j, i), &hu) in patient.ct.voxels.indexed_iter() {
        let at = grid.to_patient(Point::new(i as f64, j as f64, k as f64));
        if at.distance(centre) < radius {
            sum += f64::from(hu);
            count += 1.0;
        }
    }
    assert!(count > 0.0, "no voxel within {radius} mm");
    sum / count
}

#[test]
fn same_bytes_on_any_number_of_threads() {
    let options = VirtualPatientOptions { metal: Some(Side::Left), worn: Some(Side::Right), ..coarse() };
    let (one, three) = (on_threads(1, &options), on_threads(3, &options));
    assert_eq!(one.ct, three.ct);
    assert_eq!(one.labels, three.labels);
    assert_eq!(one.surfaces, three.surfaces);
    assert_eq!(one.truth, three.truth);
}

#[test]
fn seeds_make_different_patients() {
    let one = generate(&coarse()).unwrap();
    let two = generate(&VirtualPatientOptions { seed: 2, ..coarse() }).unwrap();
    assert_ne!(one.truth, two.truth);
    assert_ne!(one.ct.as_slice(), two.ct.as_slice());
}

#[test]
fn labels_hold_the_volume_of_the_surfaces() {
    let patient = generate(&VirtualPatientOptions { spacing_mm: 2.0, ..coarse() }).unwrap();
    let voxel = patient.labels.volume.grid.voxel_volume_mm3();
    for bone in Bone::ALL {
        let id = patient.labels.id(bone.name()).unwrap();
        let count = patient.labels.volume.as_slice().iter().filter(|&&l| l == id).count();
        let ratio = count as f64 * voxel / patient.surfaces[&bone].signed_volume();
        assert!((ratio - 1.0).abs() < 0.01, "{}: {ratio}", bone.name());
    }
}

#[test]
fn labels_of_different_bones_never_touch() {
    let options = VirtualPatientOptions { spacing_mm: 1.0, below_hips_mm: Some(60.0), ..coarse() };
    let patient = generate(&options).unwrap();
    let volume = &patient.labels.volume;
    let [ni, nj, nk] = volume.grid.dims;
    // Muscles may: they lie against one another.
    let is_bone = |label: u8| (1..=Bone::ALL.len()).contains(&usize::from(label));
    for ((k, j, i), &label) in volume.voxels.indexed_iter().filter(|(_, label)| is_bone(**label)) {
        for (k, j, i) in [(k, j, i + 1), (k, j + 1, i), (k + 1, j, i)] {
            if k < nk && j < nj && i < ni {
                let other = volume.voxels[[k, j, i]];
                assert!(!is_bone(other) || other == label, "{label} and {other} touch at {:?}", (k, j, i));
            }
        }
    }
}

#[test]
fn tissues_have_their_ct_numbers() {
    let patient = generate(&VirtualPatientOptions { spacing_mm: 1.2, noise_hu: 10.0, ..coarse() }).unwrap();
    let truth = patient.truth.side(Side::Right);
    let head = mean_hu(&patient, truth.head_centre_mm, 8.0);
    assert!((200.0..350.0).contains(&head), "spongy bone of the head {head}");

    // Through the middle of the shaft: soft tissue, cortex, marrow, cortex.
    let femur = &patient.surfaces[&Bone::FemurRight];
    let (low, high) = femur.bounds().unwrap();
    let level = (low.z() + high.z()) / 2.0;
    let near: Vec<_> = femur.vertices.iter().filter(|v| (v.z() - level).abs() < 6.0).collect();
    let mean = |f: fn(Point<Patient>) -> f64| near.iter().map(|&&v| f(v)).sum::<f64>() / near.len() as f64;
    let shaft = Point::new(mean(Point::x), mean(Point::y), level);
    let marrow = mean_hu(&patient, shaft, 4.0);
    assert!((-60.0..60.0).contains(&marrow), "marrow {marrow}");
    let grid = &patient.ct.grid;
    let across: Vec<f64> = (-25..=25)
        .map(|step| {
            let at = grid.to_voxel(Point::new(shaft.x() + f64::from(step), shaft.y(), level)).coords();
            f64::from(patient.ct.voxels[[at.z, at.y, at.x].map(|c| c.round() as usize)])
        })
        .collect();
    let cortex = across.iter().copied().fold(0.0, f64::max);
    assert!((1200.0..1700.0).contains(&cortex), "cortex {cortex}");
    let thick = across.iter().filter(|hu| **hu > 700.0).count();
    assert!((8..=18).contains(&thick), "both cortices together {thick} mm");

    // Between head and socket.
    let above = 0.5 * (truth.head_radius_mm + truth.socket_radius_mm);
    let joint = mean_hu(&patient, truth.head_centre_mm + Vector::new(0.0, 0.0, above), 1.0);
    assert!((40.0..400.0).contains(&joint), "joint space {joint}");

    // Of the body, air around it left out: more muscle than there is bone, and less than there is fat and muscle together.
    let count = |low: i16, high: i16| {
        patient.ct.as_slice().iter().filter(|hu| (low..high).contains(hu)).count() as f64
    };
    let body = count(-200, i16::MAX);
    let share = |low: i16, high: i16| count(low, high) / body;
    assert!((0.15..0.6).contains(&share(-150, -50)), "fat {}", share(-150, -50));
    assert!((0.3..0.7).contains(&share(10, 100)), "muscle {}", share(10, 100));
    assert!(share(10, 100) > share(150, i16::MAX), "bone {}", share(150, i16::MAX));
    assert!(count(-1024, -900) > 0.3 * patient.ct.as_slice().len() as f64);
}

#[test]
fn the_diseased_side_has_less_muscle_and_more_fat() {
    let patient = generate(&VirtualPatientOptions {
        disease: Disease::Osteoarthritis,
        grade: Some(4),
        affected: Some(Side::Left),
        below_hips_mm: Some(120.0),
        ..coarse()
    })
    .unwrap();
    assert_eq!(patient.truth.no_muscles, []);
    let muscle = |name: &str, side: Side| {
        patient.muscles.iter().find(|muscle| muscle.name == name && muscle.side == side).unwrap()
    };
    for name in ["gluteus_maximus", "gluteus_medius", "gluteus_minimus"] {
        let [right, left] = Side::BOTH.map(|side| muscle(name, side));
        let lean_ml = |muscle: &MuscleTruth| muscle.volume_ml * (1.0 - muscle.fat_fraction);
        assert!(lean_ml(left) < 0.95 * lean_ml(right), "{left:?} {right:?}");
        assert!(left.fat_fraction > right.fat_fraction + 0.03, "{left:?} {right:?}");
        assert!(left.mean_hu < right.mean_hu, "{left:?} {right:?}");
    }
    // One muscle alone may gain what a neighbour leaves it where there is no fat between them; all glutei together do not.
    let glutei_ml = |side: Side| {
        let own = patient.muscles.iter().filter(|m| m.side == side && m.name.starts_with("gluteus"));
        own.map(|muscle| muscle.volume_ml).sum::<f64>()
    };
    assert!(glutei_ml(Side::Left) < 0.95 * glutei_ml(Side::Right));
    // Volumes and fat are those of the labels: the fat by mixing, but for the bone that shares a voxel with muscle.
    let voxel_ml = patient.labels.volume.grid.voxel_volume_mm3() / 1000.0;
    let (lean, fat) = (patient.truth.composition.lean_muscle_hu, patient.truth.composition.fat_hu);
    for muscle in &patient.muscles {
        let id = patient.labels.id(&format!("{}_{}", muscle.name, muscle.side)).unwrap();
        let count = patient.labels.volume.as_slice().iter().filter(|&&label| label == id).count();
        assert!((muscle.volume_ml - count as f64 * voxel_ml).abs() < 1e-6, "{muscle:?}");
        if muscle.name == "gluteus_maximus" {
            let mixed = (lean - muscle.mean_hu) / (lean - fat);
            assert!((mixed - muscle.fat_fraction).abs() < 0.05, "{mixed} {muscle:?}");
        }
    }
}

#[test]
fn the_spine_stands_on_the_sacrum_and_touches_nothing() {
    let options = VirtualPatientOptions {
        spacing_mm: 1.5,
        above_hips_mm: Some(220.0),
        below_hips_mm: Some(20.0),
        ..coarse()
    };
    let patient = generate(&options).unwrap();
    let volume = &patient.labels.volume;
    let id = |name: &str| patient.labels.id(name).unwrap();
    let spine = ["vertebrae_L5", "vertebrae_L4", "vertebrae_L3"].map(id);
    let voxel_ml = volume.grid.voxel_volume_mm3() / 1000.0;
    let mean_height = |wanted: u8| {
        let (mut sum, mut count) = (0.0, 0.0);
        for ((k, _, _), _) in volume.voxels.indexed_iter().filter(|(_, label)| **label == wanted) {
            sum += k as f64;
            count += 1.0;
        }
        (sum / count, count * voxel_ml)
    };
    let (l5, l4) = (mean_height(spine[0]), mean_height(spine[1]));
    // Whole lumbar vertebrae of adults have 50 to 90 ml.
    for (_, volume_ml) in [l5, l4] {
        assert!((40.0..110.0).contains(&volume_ml), "{volume_ml}");
    }
    assert!(mean_height(id("sacrum")).0 < l5.0 && l5.0 < l4.0 && l4.0 < mean_height(spine[2]).0);
    let [ni, nj, nk] = volume.grid.dims;
    let is_bone = |label: u8| (1..=Bone::ALL.len()).contains(&usize::from(label)) || spine.contains(&label);
    for ((k, j, i), &label) in volume.voxels.indexed_iter().filter(|(_, label)| spine.contains(label)) {
        for (k, j, i) in [(k, j, i + 1), (k, j + 1, i), (k + 1, j, i)] {
            if k < nk && j < nj && i < ni {
                let other = volume.voxels[[k, j, i]];
                assert!(!is_bone(other) || other == label, "{label} and {other} touch at {:?}", (k, j, i));
            }
        }
    }
}

#[test]
fn vessels_lie_where_anatomy_has_them_and_shine_in_their_phase() {
    let options = VirtualPatientOptions {
        spacing_mm: 1.5,
        below_hips_mm: Some(150.0),
        noise_hu: 0.0,
        contrast: Some(ContrastPhase::Arterial),
        ..coarse()
    };
    let patient = generate(&options).unwrap();
    assert_eq!(patient.truth.vessels.len(), 20, "ten vessels on either side");
    let hu_of = |name: &str| {
        let id = patient.labels.id(name).unwrap_or_else(|| panic!("{name} is not labelled"));
        let mut hus: Vec<i16> = patient
            .ct
            .as_slice()
            .iter()
            .zip(patient.labels.volume.as_slice())
            .filter(|(_, label)| **label == id)
            .map(|(hu, _)| *hu)
            .collect();
        hus.sort_unstable();
        // The lumen, not the wall.
        f64::from(hus[hus.len() * 9 / 10])
    };
    let blood = patient.truth.blood;
    for side in Side::BOTH {
        for (name, expected) in [
            ("external_iliac_artery", blood.artery_hu),
            ("common_femoral_artery", blood.artery_hu),
            ("superficial_femoral_artery", blood.artery_hu),
            ("external_iliac_vein", blood.vein_hu),
            ("common_femoral_vein", blood.leg_vein_hu),
        ] {
            let found = hu_of(&format!("{name}_{side}"));
            assert!((found - expected).abs() < 25.0, "{name}_{side}: {found} of {expected}");
        }
        // At the groin: vein inwards of artery, both in front of the head, the artery not far from its middle.
        let head = patient.truth.side(side).head_centre_mm;
        let at_head = |name: &str| {
            let vessel = patient.truth.vessels.iter().find(|v| v.name == name && v.side == side).unwrap();
            let near = vessel
                .course_mm
                .iter()
                .min_by(|a, b| (a.z() - head.z()).abs().total_cmp(&(b.z() - head.z()).abs()))
                .unwrap();
            side.enter(*near - head)
        };
        let (artery, vein) = (at_head("common_femoral_artery"), at_head("common_femoral_vein"));
        assert!(vein.x() > artery.x() + 5.0, "{side}: artery {artery:?}, vein {vein:?}");
        for vessel in [artery, vein] {
            assert!((-70.0..-22.0).contains(&vessel.y()), "{side}: {vessel:?}");
        }
        assert!((-10.0..30.0).contains(&artery.x()), "{side}: {artery:?}");
    }
    // No vessel runs through bone.
    for (bone, mesh) in &patient.surfaces {
        let query = MeshQuery::new(mesh).unwrap();
        for vessel in &patient.truth.vessels {
            let inside = vessel.course_mm.iter().filter(|&&p| query.contains(p)).count();
            assert_eq!(inside, 0, "{} {} in {}", vessel.name, vessel.side, bone.name());
        }
    }
}

#[test]
fn the_patient_lies_on_a_table_that_only_x_rays_see() {
    let options = VirtualPatientOptions { above_hips_mm: Some(30.0), below_hips_mm: Some(30.0), ..coarse() };
    let phantom = Phantom::new(&options).unwrap();
    let couch = phantom.truth.couch;
    let grid = &phantom.hu.grid;
    let at = Point::new(couch.middle_x_mm, couch.top_y_mm + couch.thickness_mm / 2.0, grid.origin.z() + 15.0);
    let [i, j, k] = grid.to_voxel(at).coords().coords.map(|c| c.round() as usize).into();
    let column: Vec<i16> = (0..grid.dims[1]).map(|j| phantom.hu.voxels[[k, j, i]]).collect();
    assert!((column[j] - couch.core_hu as i16).abs() < 60, "{}", column[j]);
    let skins = column.iter().skip(j.saturating_sub(6)).filter(|hu| (-800..-50).contains(*hu)).count();
    assert!(skins >= 2, "{column:?}");
    assert_eq!(phantom.labels.volume.voxels[[k, j, i]], 0);
    let mr = phantom.mr(&MrProtocol { noise: 0.0, ..MrProtocol::usual(MrContrast::T1, Field::Tesla1_5) }, 1);
    assert_eq!(mr.voxels[[k, j, i]], 0);
}

#[test]
fn field_of_view_can_be_cut() {
    let cut = VirtualPatientOptions { below_hips_mm: Some(100.0), above_hips_mm: Some(60.0), ..coarse() };
    let (cut, whole) = (generate(&cut).unwrap(), generate(&coarse()).unwrap());
    let reach = |p: &VirtualPatient| p.ct.grid.dims[2] as f64 * p.ct.grid.spacing_mm()[2];
    assert!((reach(&cut) - 160.0).abs() < 5.0, "{}", reach(&cut));
    let bottom = whole.ct.grid.origin.z();
    for surface in whole.surfaces.values() {
        let (low, high) = surface.bounds().unwrap();
        assert!(low.z() > bottom && high.z() < bottom + reach(&whole), "a bone leaves the whole scan");
    }
    assert_eq!(cut.truth, whole.truth);
    assert_eq!(cut.surfaces, whole.surfaces);
}

#[test]
fn metal_shows_on_its_side_only() {
    let patient = generate(&VirtualPatientOptions { metal: Some(Side::Left), ..coarse() }).unwrap();
    let half = patient.ct.grid.dims[0] / 2;
    let metal = |left: bool| {
        patient.ct.voxels.indexed_iter().filter(|((_, _, i), hu)| (*i >= half) == left && **hu > 2800).count()
    };
    assert!(metal(true) > 200, "{}", metal(true));
    assert_eq!(metal(false), 0);
}

#[test]
fn options_out_of_range_are_refused() {
    let default = VirtualPatientOptions::default;
    let wrong = [
        VirtualPatientOptions { spacing_mm: 1e-6, ..default() },
        VirtualPatientOptions { spacing_mm: f64::NAN, ..default() },
        VirtualPatientOptions { spacing_mm: -1.0, ..default() },
        VirtualPatientOptions { noise_hu: f64::INFINITY, ..default() },
        VirtualPatientOptions { joint_space_mm: 0.0, ..default() },
        VirtualPatientOptions { above_hips_mm: Some(1e300), ..default() },
        VirtualPatientOptions { below_hips_mm: Some(1e300), ..default() },
        VirtualPatientOptions { below_hips_mm: Some(f64::NAN), ..default() },
    ];
    for options in wrong {
        let refused = generate(&options);
        assert!(matches!(refused, Err(VirtualPatientError::OutOfRange { .. })), "{options:?}");
    }
    let message = generate(&VirtualPatientOptions { spacing_mm: 9.0, ..default() }).unwrap_err().to_string();
    assert_eq!(message, "spacing_mm is 9, but must lie between 0.7 and 4");
}
