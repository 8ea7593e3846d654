//! Muscles of scans that have none, and of the reference CT where it is at hand (real-pseudo-label).

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

use coxa_anatomy::label_names::{self, Mapping};
use coxa_anatomy::{Bone, BoneSurfaces};
use coxa_geometry::frame::{Patient, Template};
use coxa_geometry::side::Mirror;
use coxa_geometry::{Finding, Mesh, Point, Transform};
use coxa_imaging::compare::compare;
use coxa_imaging::{CtVolume, Grid, LabelMap, Volume, source};
use coxa_measure::surfaces::bone_surfaces;
use coxa_segment::muscles::{Finders, add_muscles};
use coxa_segment::{SegmentOptions, segment};
use coxa_shape::muscle_atlas::MuscleAtlas;
use coxa_shape::shape_model::shipped;
use coxa_test_support::reference_data;
use ndarray::Array3;

/// The mean bones, both sides, in a scan of 4 mm that shows something else.
fn bones_in(value: impl Fn(usize) -> i16) -> (CtVolume, LabelMap, BoneSurfaces) {
    let (pelvis, femur) = (shipped::pelvis().unwrap(), shipped::femur().unwrap());
    let whole: Mesh<Patient> = Transform::<Template, Patient>::identity().apply(&pelvis.mean_mesh());
    let pieces = pelvis.pieces();
    let atlas = MuscleAtlas::shipped().unwrap();
    let vertices = atlas.femur_vertices(femur).into_iter().map(|p| Point::from_coords(p.coords())).collect();
    let right: Mesh<Patient> = Mesh { vertices, triangles: femur.faces.clone() };
    let surfaces = BoneSurfaces::from([
        (Bone::HipRight, pieces.mesh(&whole, 0)),
        (Bone::HipLeft, pieces.mesh(&whole, 1)),
        (Bone::Sacrum, pieces.mesh(&whole, 2)),
        (Bone::FemurLeft, right.clone().mirror()),
        (Bone::FemurRight, right),
    ]);
    let dims = [90, 60, 100];
    let grid = Grid::axis_aligned(dims, Point::new(-180.0, -130.0, -240.0), [4.0; 3]);
    let voxels = Array3::from_shape_fn((dims[2], dims[1], dims[0]), |(k, _, _)| value(k));
    let labels = LabelMap {
        volume: Volume::new(grid.clone(), Array3::zeros((dims[2], dims[1], dims[0]))),
        table: label_names::our_table(),
    };
    (Volume::new(grid, voxels), labels, surfaces)
}

fn said(findings: &[Finding]) -> Vec<String> {
    findings.iter().map(|f| f.about.to_string()).collect()
}

#[test]
fn a_scan_without_muscle_or_without_fat_gives_none_and_says_so() {
    let cases: [(&str, &dyn Fn(usize) -> i16); 4] = [
        ("muscle everywhere", &|_| 50),
        ("air", &|_| -1000),
        ("noise of air and bone", &|k| if k % 2 == 0 { -1000 } else { 1000 }),
        // Muscle in the lowest slices alone, below all that is looked at.
        ("fat with some muscle", &|k| if k < 5 { 50 } else { -105 }),
    ];
    for (what, value) in cases {
        let (ct, mut labels, surfaces) = bones_in(value);
        let findings =
            add_muscles(&ct, &mut labels, None, &surfaces, Finders::default(), &|_, _| ()).findings;
        assert_eq!(said(&findings), ["muscles_right", "muscles_left"], "{what}: {findings:?}");
        assert!(labels.volume.as_slice().iter().all(|&id| id == 0), "{what}");
        assert_eq!(labels.table, label_names::our_table());
    }
}

#[test]
fn without_a_femur_there_are_no_muscles_on_its_side() {
    let (ct, mut labels, mut surfaces) = bones_in(|k| if k % 8 < 6 { 50 } else { -105 });
    surfaces.remove(&Bone::FemurLeft);
    let findings = add_muscles(&ct, &mut labels, None, &surfaces, Finders::default(), &|_, _| ()).findings;
    assert_eq!(said(&findings), ["muscles_left"], "{findings:?}");
    assert!(findings[0].message.contains("the femur is not in the scan"));
    assert!(labels.id("gluteus_maximus_right").is_some() && labels.id("gluteus_maximus_left").is_none());
}

/// The scan seen in a mirror: columns turned round, which keeps its grid.
fn mirrored(ct: &CtVolume) -> CtVolume {
    let mut voxels = ct.voxels.clone();
    voxels.invert_axis(ndarray::Axis(2));
    Volume::new(ct.grid.clone(), voxels.as_standard_layout().into_owned())
}

/// The labels in a mirror: bones of the right become those of the left.
fn mirrored_bones(labels: &LabelMap) -> LabelMap {
    let id = |bone: Bone| labels.id(bone.name()).expect("the table lists all bones");
    let pairs = [(Bone::HipRight, Bone::HipLeft), (Bone::FemurRight, Bone::FemurLeft)];
    let swapped = |found: u8| {
        let other = |&(a, b): &(Bone, Bone)| {
            if found == id(a) { Some(id(b)) } else { (found == id(b)).then(|| id(a)) }
        };
        pairs.iter().find_map(other).unwrap_or(found)
    };
    let mut voxels = labels.volume.voxels.mapv(swapped);
    voxels.invert_axis(ndarray::Axis(2));
    let volume = Volume::new(labels.volume.grid.clone(), voxels.as_standard_layout().into_owned());
    LabelMap { volume, table: labels.table.clone() }
}

fn with_muscles(ct: &CtVolume, bones: &LabelMap) -> (LabelMap, Vec<Finding>) {
    let mut labels = bones.clone();
    let surfaces = bone_surfaces(ct, &labels);
    let findings = add_muscles(ct, &mut labels, None, &surfaces, Finders::default(), &|_, _| ()).findings;
    (labels, findings)
}

#[test]
fn muscles_of_a_native_hip_agree_with_another_program_and_with_their_mirror_image() {
    let Some(folder) = reference_data("ct-totalseg") else { return };
    let ct =
        source::open(&folder.join("example_ct.nii.gz"), &source::ReadOptions::default()).expect("a CT").ct;
    let bones = segment(&ct, &SegmentOptions::default(), &|_, _| {}).expect("the scan has voxels").labels;
    let (labels, findings) = with_muscles(&ct, &bones);
    // The left femur holds a nail.
    assert_eq!(said(&findings), ["muscles_left"], "{findings:?}");
    let reference = folder.join("example_seg_fast_force_split.nii.gz");
    let (reference, _) =
        label_names::import_on(&reference, &ct.grid, &Mapping::default()).expect("labels of the same scan");
    let mut joined = labels.clone();
    let [iliacus, psoas] = ["iliacus_right", "psoas_major_right"].map(|n| labels.id(n).expect("it is found"));
    joined.volume.as_mut_slice().iter_mut().filter(|id| **id == psoas).for_each(|id| *id = iliacus);
    let wanted = [
        ("gluteus_maximus_right", labels.id("gluteus_maximus_right"), LEAST[0]),
        ("gluteus_medius_right", labels.id("gluteus_medius_right"), LEAST[1]),
        ("gluteus_minimus_right", labels.id("gluteus_minimus_right"), LEAST[2]),
        ("iliopsoas_right", Some(iliacus), LEAST[3]),
    ];
    for (name, id, least) in wanted {
        let id = id.expect("it is found");
        let theirs = reference.id(name).expect("it is in the reference");
        let dice = compare(&joined.volume, id, &reference.volume, theirs).expect("one grid").dice;
        println!("real-pseudo-label: {name}: Dice {dice:.3}");
        assert!(dice >= least, "{name}: {dice}");
    }

    let (other, findings) = with_muscles(&mirrored(&ct), &mirrored_bones(&bones));
    assert_eq!(said(&findings), ["muscles_right"], "{findings:?}");
    let mut back = other.volume.clone();
    back.voxels.invert_axis(ndarray::Axis(2));
    back.voxels = back.voxels.as_standard_layout().into_owned();
    for name in ["gluteus_maximus", "gluteus_minimus", "psoas_major", "obturator_internus"] {
        let id = |map: &LabelMap, side| map.id(&format!("{name}_{side}")).expect("it is found");
        let own = id(&labels, "right");
        let dice = compare(&labels.volume, own, &back, id(&other, "left")).expect("one grid").dice;
        assert!(dice > 0.95, "{name}: {dice} of its mirror image");
    }
}

/// Least Dice of gluteus maximus, medius, minimus and iliopsoas: what was found, less a hundredth for other processors' rounding.
const LEAST: [f64; 4] = [0.88, 0.79, 0.66, 0.74];
