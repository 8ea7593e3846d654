//! Segmentation of virtual patients, whose truth is known (evidence: synthetic-new-anatomy), and of the reference CT
//! where it is at hand (real-pseudo-label).

use coxa_anatomy::Bone;
use coxa_anatomy::label_names::{self, Mapping};
use coxa_geometry::finding::{Code, Subject};
use coxa_geometry::{Finding, Severity, Side, Vector};
use coxa_imaging::compare::compare;
use coxa_imaging::{CtVolume, Grid, LabelMap, Volume, nifti};
use coxa_segment::{SegmentOptions, Segmentation, segment};
use coxa_synthetic::{VirtualPatient, VirtualPatientOptions, generate};
use coxa_test_support::reference_data;
use ndarray::{Axis, Slice};

fn patient(options: VirtualPatientOptions) -> VirtualPatient {
    generate(&options).expect("the options lie within their ranges")
}

/// Both hips from the acetabular roof to below the lesser trochanter.
fn hips_only() -> VirtualPatientOptions {
    VirtualPatientOptions {
        spacing_mm: 1.6,
        above_hips_mm: Some(60.0),
        below_hips_mm: Some(80.0),
        ..VirtualPatientOptions::default()
    }
}

fn segmented(ct: &CtVolume) -> Segmentation {
    segment(ct, &SegmentOptions::default(), &|_, _| {}).expect("the scan has voxels")
}

fn dice(found: &LabelMap, truth: &LabelMap, bone: Bone) -> f64 {
    let id = |map: &LabelMap| map.id(bone.name()).expect("the table lists all bones");
    compare(&found.volume, id(found), &truth.volume, id(truth)).expect("the grids are the same").dice
}

fn codes(found: &Segmentation) -> Vec<(Code, Subject)> {
    found.findings.iter().map(|finding| (finding.code, finding.about.clone())).collect()
}

/// The least Dice of hip bones, femora and sacrum. What the end of a scan cuts is no doubt about the rest.
fn check_against_truth(options: VirtualPatientOptions, least: [f64; 3]) {
    let patient = patient(options.clone());
    let found = segmented(&patient.ct);
    for bone in Bone::ALL {
        let least = match bone {
            Bone::HipRight | Bone::HipLeft => least[0],
            Bone::FemurRight | Bone::FemurLeft => least[1],
            Bone::Sacrum => least[2],
        };
        let dice = dice(&found.labels, &patient.labels, bone);
        println!(
            "synthetic-new-anatomy: seed {}, {} mm, {}: Dice {dice:.4}",
            options.seed,
            options.spacing_mm,
            bone.name()
        );
        assert!(dice >= least, "seed {}, {}: {dice}", options.seed, bone.name());
    }
    assert!(found.metal.is_empty());
    let whole = options.above_hips_mm.is_none();
    let doubts = |f: &&Finding| f.severity > Severity::Note && (whole || f.code != Code::BoneCutOff);
    let doubts: Vec<_> = found.findings.iter().filter(doubts).collect();
    assert!(doubts.is_empty(), "{doubts:?}");
}

#[test]
fn bones_of_new_anatomy_are_found_apart_healthy_and_worn() {
    for (seed, worn) in [(11, None), (12, Some(Side::Left))] {
        let options = VirtualPatientOptions {
            seed,
            worn,
            spacing_mm: 1.5,
            below_hips_mm: Some(100.0),
            ..VirtualPatientOptions::default()
        };
        // Measured: hip bones 0.962 to 0.967, femora 0.976 to 0.979, sacrum 0.960 and 0.966.
        check_against_truth(options, [0.96, 0.97, 0.95]);
    }
}

#[test]
fn bones_of_a_fine_scan_are_found_apart() {
    let fine = VirtualPatientOptions {
        seed: 14,
        worn: Some(Side::Right),
        spacing_mm: 0.8,
        above_hips_mm: Some(50.0),
        below_hips_mm: Some(50.0),
        ..VirtualPatientOptions::default()
    };
    // In a joint of usual width the blur of both bones fills part of the gap: measured 0.982 and 0.979 for the hip bones.
    check_against_truth(fine.clone(), [0.975, 0.98, 0.97]);
    // With borders halfway up the cortex hip bones had 0.985 and the sacrum 0.975; why virtual bones lose 0.003 is not known.
    check_against_truth(VirtualPatientOptions { joint_space_mm: 3.5, ..fine }, [0.98, 0.985, 0.97]);
}

/// The same scan with the patient mirrored, kept in place by its grid.
fn mirrored(ct: &CtVolume) -> CtVolume {
    let mut grid = ct.grid.clone();
    let far = grid.origin.x() + grid.step[(0, 0)] * (grid.dims[0] - 1) as f64;
    grid.origin = coxa_geometry::Point::new(-far, grid.origin.y(), grid.origin.z());
    let mut voxels = ct.voxels.clone();
    voxels.invert_axis(Axis(2));
    Volume::new(grid, voxels.as_standard_layout().into_owned())
}

/// Share of the labelled voxels of two label arrays that agree.
fn agreement(a: &[u8], b: &[u8]) -> f64 {
    let labelled = a.iter().zip(b).filter(|(a, b)| **a != 0 || **b != 0).count();
    let same = a.iter().zip(b).filter(|(a, b)| **a != 0 && a == b).count();
    same as f64 / labelled as f64
}

/// The same scan stored along other axes: columns first and head last, as a feet-first scan on its side would be.
fn stored_otherwise(volume: &CtVolume) -> CtVolume {
    let [ni, nj, nk] = volume.grid.dims;
    let step = volume.grid.step;
    let last = coxa_geometry::Point::new(0.0, 0.0, (nk - 1) as f64);
    let mut grid = Grid { dims: [nk, ni, nj], origin: volume.grid.to_patient(last), step };
    for (axis, (column, sign)) in [(2, -1.0), (0, 1.0), (1, 1.0)].into_iter().enumerate() {
        grid.step.set_column(axis, &(step.column(column) * sign));
    }
    let voxels = ndarray::Array3::from_shape_fn((nj, ni, nk), |(j, i, k)| volume.voxels[[nk - 1 - k, j, i]]);
    Volume::new(grid, voxels)
}

#[test]
fn how_the_patient_lies_and_the_scan_is_stored_does_not_matter() {
    let patient = patient(VirtualPatientOptions { spacing_mm: 2.0, ..hips_only() });
    let found = segmented(&patient.ct);
    let labels = found.labels.volume.as_slice();

    let mut moved = patient.ct.clone();
    moved.grid.origin = moved.grid.origin + Vector::new(123.4, -56.7, 890.1);
    let there = segmented(&moved);
    assert_eq!(there.labels.volume.grid, moved.grid);
    assert!(
        there.labels.volume.as_slice() == labels,
        "{}",
        agreement(labels, there.labels.volume.as_slice())
    );
    assert_eq!((&there.metal, &there.findings), (&found.metal, &found.findings));

    let mut mirror = segmented(&mirrored(&patient.ct)).labels.volume.voxels;
    mirror.invert_axis(Axis(2));
    // The bones come in pairs, right before left; sacrum and metal are their own images.
    let mirror: Vec<u8> = mirror.iter().map(|&id| [0, 2, 1, 4, 3, 5, 6][usize::from(id)]).collect();
    assert!(agreement(labels, &mirror) > 0.995, "{}", agreement(labels, &mirror));

    let [ni, nj, nk] = patient.ct.grid.dims;
    let other = segmented(&stored_otherwise(&patient.ct)).labels.volume.voxels;
    let back = ndarray::Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| other[[j, i, nk - 1 - k]]);
    let agreement = agreement(labels, back.as_slice().unwrap());
    assert!(agreement > 0.999, "{agreement}");
}

#[test]
fn the_number_of_threads_does_not_matter() {
    let patient = patient(VirtualPatientOptions { spacing_mm: 2.4, ..hips_only() });
    let on = |threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        pool.install(|| segmented(&patient.ct))
    };
    assert_eq!(on(1), on(5));
}

#[test]
fn metal_is_marked_and_its_side_named() {
    let patient = patient(VirtualPatientOptions { metal: Some(Side::Left), ..hips_only() });
    let found = segmented(&patient.ct);
    assert_eq!(found.metal.len(), 1);
    assert_eq!(found.metal[0].side, Side::Left);
    assert!(found.metal[0].in_femur_mm3 > 1000.0, "{:?}", found.metal);
    let codes = codes(&found);
    assert!(codes.contains(&(Code::MetalInFemur, Subject::Femur(Side::Left))), "{codes:?}");
    assert!(
        codes
            .iter()
            .all(|(code, about)| !code.name().starts_with("metal") || about.side() == Some(Side::Left)),
        "{codes:?}"
    );
    let right = dice(&found.labels, &patient.labels, Bone::FemurRight);
    assert!(right > 0.95, "{right}");
}

/// The voxels from `first` up to before `end` along an axis of memory (slices 0, rows 1, columns 2).
fn cropped<T: Copy>(volume: &Volume<T>, axis: usize, first: usize, end: usize) -> Volume<T> {
    let mut grid = volume.grid.clone();
    let mut corner = [0.0; 3];
    corner[2 - axis] = first as f64;
    grid.origin = grid.to_patient(coxa_geometry::Point::new(corner[0], corner[1], corner[2]));
    grid.dims[2 - axis] = end - first;
    let voxels = volume.voxels.slice_axis(Axis(axis), Slice::from(first..end));
    Volume::new(grid, voxels.as_standard_layout().into_owned())
}

#[test]
fn above_the_joints_no_hips_are_found_and_the_reason_is_told() {
    let patient = patient(VirtualPatientOptions { above_hips_mm: None, ..hips_only() });
    let hips = patient.truth.right.head_centre_mm.z();
    let first = ((hips + 60.0 - patient.ct.grid.origin.z()) / patient.ct.grid.spacing_mm()[2]) as usize;
    let found = segmented(&cropped(&patient.ct, 0, first, patient.ct.grid.dims[2]));
    assert_eq!(codes(&found), [(Code::HipsNotFound, Subject::Scan)]);
    assert_eq!(found.findings[0].severity, Severity::Refusal);
}

#[test]
fn one_hip_is_enough_and_what_is_cut_is_told() {
    let whole = patient(hips_only());
    // From a little beyond the midline to the right end.
    let ct = &whole.ct;
    let keep = (ct.grid.dims[0] * 11).div_ceil(20);
    let cut = cropped(ct, 2, 0, keep);
    let truth =
        LabelMap { volume: cropped(&whole.labels.volume, 2, 0, keep), table: whole.labels.table.clone() };
    let found = segmented(&cut);
    for bone in [Bone::HipRight, Bone::FemurRight] {
        let dice = dice(&found.labels, &truth, bone);
        assert!(dice > 0.95, "{}: {dice}", bone.name());
    }
    let codes = codes(&found);
    assert!(codes.contains(&(Code::HipMissing, Subject::Hip(Side::Left))), "{codes:?}");
    assert!(codes.contains(&(Code::BoneCutOff, Subject::Hip(Side::Right))), "{codes:?}");
    assert!(codes.contains(&(Code::BoneCutOff, Subject::Femur(Side::Right))), "{codes:?}");
}

#[test]
fn the_reference_ct_agrees_with_the_labels_of_another_program() {
    let Some(folder) = reference_data("ct-totalseg") else { return };
    let (ct, _) = nifti::read_ct(&folder.join("example_ct.nii.gz")).unwrap();
    let labels = folder.join("example_seg_fast_force_split.nii.gz");
    let (reference, _) = label_names::import_file(&labels, &ct, &Mapping::default()).unwrap();
    let found = segmented(&ct);
    let limits =
        [(Bone::HipRight, 0.93), (Bone::HipLeft, 0.93), (Bone::FemurRight, 0.93), (Bone::Sacrum, 0.80)];
    for (bone, least) in limits {
        let dice = dice(&found.labels, &reference, bone);
        println!("real-pseudo-label: {}: Dice {dice:.3}", bone.name());
        assert!(dice >= least, "{}: {dice}", bone.name());
    }
    let codes = codes(&found);
    assert!(codes.contains(&(Code::MetalInFemur, Subject::Femur(Side::Left))), "{codes:?}");
    assert!(codes.contains(&(Code::LowResolution, Subject::Scan)), "{codes:?}");
}
