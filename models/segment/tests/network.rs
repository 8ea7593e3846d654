//! Networks that a user brings, with tiny graphs whose answers are known.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

use coxa_anatomy::label_names::structure_id;
use coxa_geometry::Point;
use coxa_imaging::{CtVolume, Grid, Volume};
use coxa_network::{Network, NetworkError};
use coxa_segment::{Segmentation, Segmenter};
use ndarray::Array3;
use std::path::{Path, PathBuf};

const THRESHOLD: &str = "12002d60b38810956eae01b21a7c64faea2ad55483d4636fd4ec35320a29811e";
const SHIFTED: &str = "275e6493c9afa4997e361330081f13c5cee95d173906cc0ce15a44f025eda4d6";

fn networks() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/networks")
}

/// A folder with a graph and its manifest.
struct Brought {
    folder: tempfile::TempDir,
}

impl Brought {
    fn new(graph: &str, sha256: &str, orientation: &str, spacing: [f64; 3], labels: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::copy(networks().join(graph), folder.path().join(graph)).unwrap();
        let manifest = format!(
            "format = 1\nname = \"tiny\"\n[[graph]]\nfile = \"{graph}\"\nsha256 = \"{sha256}\"\n[input]\n\
             orientation = \"{orientation}\"\nspacing_mm = {spacing:?}\npatch = [16, 24, 20]\n[normalisation]\n\
             clip_hu = [0, 1000]\nmean_hu = 0\ndeviation_hu = 1000\n[labels]\n{labels}\n"
        );
        std::fs::write(folder.path().join("manifest.toml"), manifest).unwrap();
        Brought { folder }
    }

    fn load(&self) -> Result<Network, NetworkError> {
        Network::load(&self.folder.path().join("manifest.toml"))
    }

    fn segment(&self, ct: &CtVolume) -> Segmentation {
        self.load().unwrap().segment(ct, &|_, _| {}).unwrap()
    }
}

/// A CT of lumps between 0 and 1000 HU, none at a threshold of the graphs.
fn lumps(dims: [usize; 3], spacing: [f64; 3]) -> CtVolume {
    let [ni, nj, nk] = dims;
    let grid = Grid::axis_aligned(dims, Point::new(-20.0, 30.0, 5.0), spacing);
    let value =
        |i: usize, j: usize, k: usize| ((i * 37 + j * 101 + k * 53 + i * j * k) % 10 * 100 + 50) as i16;
    CtVolume::new(grid, Array3::from_shape_fn((nk, nj, ni), |(k, j, i)| value(i, j, k)))
}

const LABELS: &str = "1 = \"hip_right\"\n2 = \"femur_left\"";

#[test]
fn windows_of_a_voxelwise_graph_say_what_it_says_of_each_voxel() {
    let ct = lumps([37, 50, 41], [1.0, 2.0, 1.5]);
    let brought = Brought::new("threshold.onnx", THRESHOLD, "SPL", [1.5, 2.0, 1.0], LABELS);
    let found = brought.segment(&ct);
    let [hip, femur] = ["hip_right", "femur_left"].map(|name| structure_id(name).unwrap());
    let expected = ct.map(|&hu| {
        if hu > 700 {
            femur
        } else if hu > 300 {
            hip
        } else {
            0
        }
    });
    assert_eq!(found.labels.volume.as_slice(), expected.as_slice());
    assert_eq!(found.labels.table.len(), 2);
    // The graph is sure except at its thresholds, which no voxel lies at.
    assert!(found.uncertainty.as_slice().iter().all(|&percent| percent < 45));
}

#[test]
fn the_same_volume_stored_another_way_is_segmented_alike() {
    let ct = lumps([30, 26, 22], [2.0, 2.0, 2.0]);
    // The same voxels, stored from the head down and with the first axis running to the front.
    let mut turned = ct.voxels.view().permuted_axes([0, 2, 1]);
    turned.invert_axis(ndarray::Axis(0));
    let step = ct.grid.step;
    let columns = [step.column(1).into_owned(), step.column(0).into_owned(), -step.column(2)];
    let origin = ct.grid.to_patient(Point::new(0.0, 0.0, 21.0));
    let grid = Grid { dims: [26, 30, 22], origin, step: nalgebra::Matrix3::from_columns(&columns) };
    let stored = Volume::new(grid, turned.as_standard_layout().to_owned());
    let brought = Brought::new("shifted.onnx", SHIFTED, "SPL", [2.0; 3], "1 = \"hip_right\"");
    let (one, other) = (brought.segment(&ct).labels.volume, brought.segment(&stored).labels.volume);
    for ((k, j, i), &id) in one.voxels.indexed_iter() {
        assert_eq!(other.voxels[[21 - k, i, j]], id);
    }
}

#[test]
fn the_first_axis_of_the_tensor_runs_where_the_manifest_says() {
    let ct = lumps([30, 26, 22], [2.0; 3]);
    let is_bone = |i: usize, j: usize, k: usize| ct.voxels[[k, j, i]] > 300;
    let hip = structure_id("hip_right").unwrap();
    for (orientation, before) in
        [("SPL", [0, 0, -1]), ("IPL", [0, 0, 1]), ("LPS", [-1, 0, 0]), ("RSA", [1, 0, 0]), ("ASL", [0, 1, 0])]
    {
        let brought = Brought::new("shifted.onnx", SHIFTED, orientation, [2.0; 3], "1 = \"hip_right\"");
        let found = brought.segment(&ct).labels.volume;
        for ((k, j, i), &id) in found.voxels.indexed_iter() {
            let [i, j, k] = [(i, before[0]), (j, before[1]), (k, before[2])]
                .map(|(n, shift): (usize, isize)| n.checked_add_signed(shift).unwrap_or(usize::MAX));
            // At the first slice the graph sees what it is padded with.
            if i < 30 && j < 26 && k < 22 {
                assert_eq!(id == hip, is_bone(i, j, k), "{orientation} at {i} {j} {k}");
            }
        }
    }
}

#[test]
fn a_network_on_larger_voxels_gives_smooth_labels_on_those_of_the_ct() {
    // A ball of bone, segmented at three times the voxel size of the CT.
    let (n, radius) = (60, 20.0);
    let grid = Grid::axis_aligned([n; 3], Point::origin(), [1.0; 3]);
    let from_centre = |k: usize, j: usize, i: usize| {
        [k, j, i].map(|v| (v as f64 - 29.5).powi(2)).iter().sum::<f64>().sqrt()
    };
    let ct = CtVolume::new(
        grid,
        Array3::from_shape_fn((n, n, n), |(k, j, i)| if from_centre(k, j, i) < radius { 600 } else { 0 }),
    );
    let brought = Brought::new("threshold.onnx", THRESHOLD, "SAR", [3.0; 3], LABELS);
    let found = brought.segment(&ct).labels.volume;
    for ((k, j, i), &id) in found.voxels.indexed_iter() {
        let distance = from_centre(k, j, i);
        if (distance - radius).abs() > 2.0 {
            assert_eq!(id != 0, distance < radius, "{distance} mm from the centre");
        }
    }
}

#[test]
fn air_alone_and_nothing_at_all_are_answered() {
    let brought = Brought::new("threshold.onnx", THRESHOLD, "SPL", [1.5, 2.0, 1.0], LABELS);
    let air = lumps([20, 20, 20], [2.0; 3]).map(|_| -1000);
    assert!(brought.segment(&air).labels.volume.as_slice().iter().all(|&id| id == 0));
    assert!(brought.load().unwrap().segment(&lumps([0, 3, 3], [1.0; 3]), &|_, _| {}).is_err());
}

#[test]
fn damaged_missing_and_misdescribed_weights_are_refused_by_name() {
    let brought = Brought::new("threshold.onnx", SHIFTED, "SPL", [1.0; 3], LABELS);
    let message = brought.load().unwrap_err().to_string();
    assert!(message.contains("threshold.onnx") && message.contains(SHIFTED), "{message}");

    let brought = Brought::new("threshold.onnx", THRESHOLD, "SPL", [1.0; 3], "1 = \"spleen\"");
    let message = brought.load().unwrap_err().to_string();
    assert!(message.contains("manifest.toml") && message.contains("`spleen`"), "{message}");

    // More classes are named than the graph has.
    let brought = Brought::new("threshold.onnx", THRESHOLD, "SPL", [1.0; 3], "3 = \"hip_right\"");
    let message = brought.load().unwrap_err().to_string();
    assert!(message.contains("at least the 4 classes"), "{message}");

    let brought = Brought::new("threshold.onnx", THRESHOLD, "SPL", [1.0; 3], LABELS);
    std::fs::remove_file(brought.folder.path().join("threshold.onnx")).unwrap();
    let message = brought.load().unwrap_err().to_string();
    assert!(message.contains("cannot read threshold.onnx"), "{message}");

    // Bytes that are no graph, with the right hash.
    let empty = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855";
    let brought = Brought::new("threshold.onnx", empty, "SPL", [1.0; 3], LABELS);
    std::fs::write(brought.folder.path().join("threshold.onnx"), b"").unwrap();
    assert!(matches!(brought.load(), Err(NetworkError::Graph { .. })));

    let manifest = brought.folder.path().join("manifest.toml");
    let text = std::fs::read_to_string(&manifest).unwrap().replace("16, 24, 20", "16, 24, 24");
    std::fs::write(&manifest, text.replace(empty, THRESHOLD)).unwrap();
    std::fs::copy(networks().join("threshold.onnx"), brought.folder.path().join("threshold.onnx")).unwrap();
    let message = brought.load().unwrap_err().to_string();
    assert!(message.contains("[1, 1, 16, 24, 20]") && message.contains("[1, 1, 16, 24, 24]"), "{message}");
}

#[test]
fn predictions_of_a_part_lie_where_the_structures_lie() {
    let ct = lumps([40, 44, 36], [2.0; 3]);
    let hip = structure_id("hip_right").unwrap();
    for orientation in ["SPL", "LPS", "RSA", "IAR"] {
        let brought = Brought::new("shifted.onnx", SHIFTED, orientation, [2.0; 3], "1 = \"hip_right\"");
        let network = brought.load().unwrap();
        let whole = network.segment(&ct, &|_, _| {}).unwrap().labels.volume;
        // A part larger than a window along no axis is widened to one; it stays in the scan.
        let corners = [Point::new(0.0, 50.0, 30.0), Point::new(20.0, 60.0, 44.0)];
        let predictions = network.predictions(&ct, corners, |id| id == hip, &|_, _| {}).unwrap();
        assert_eq!(predictions.members(), 1);
        assert!(predictions.of(0, hip + 1).is_none() && predictions.of(1, hip).is_none());
        let prediction = predictions.of(0, hip).unwrap();
        assert!(
            prediction.grid.len() >= 16 * 24 * 20 && prediction.grid.len() < ct.grid.len(),
            "{:?}",
            prediction.grid.dims
        );
        let mut inside = 0;
        for ((k, j, i), &said) in prediction.voxels.indexed_iter() {
            let place =
                ct.grid.to_voxel(prediction.grid.to_patient(Point::new(i as f64, j as f64, k as f64)));
            let at = [place.z(), place.y(), place.x()].map(|c| c.round() as usize);
            // Next to the end of a part the graph sees what it is padded with.
            let is_within = (1..prediction.grid.dims[0] - 1).contains(&i)
                && (1..prediction.grid.dims[1] - 1).contains(&j)
                && (1..prediction.grid.dims[2] - 1).contains(&k);
            if is_within {
                assert_eq!(said > 127, whole.voxels[at] == hip, "{orientation} at {i} {j} {k}");
                inside += 1;
            }
        }
        assert!(inside > 5000);
    }
}

#[test]
fn members_of_the_shipped_network_differ_and_it_is_the_same_every_time() {
    let network = Network::muscles().unwrap();
    let dropout = network.manifest().dropout.unwrap();
    let ct = lumps([24, 24, 20], [8.0; 3]);
    let corners = [Point::new(-20.0, 30.0, 5.0), Point::new(100.0, 150.0, 100.0)];
    let psoas = structure_id("psoas_major_left").unwrap();
    let predictions = || network.predictions(&ct, corners, |id| id == psoas, &|_, _| {}).unwrap();
    let (one, other) = (predictions(), predictions());
    assert_eq!(one.members(), dropout.samples);
    let of =
        |predictions: &coxa_network::Predictions, n| predictions.of(n, psoas).unwrap().as_slice().to_vec();
    for member in 0..dropout.samples {
        assert_eq!(of(&one, member), of(&other, member));
    }
    assert_ne!(of(&one, 0), of(&one, 1));
}

#[test]
fn a_graph_without_masks_is_refused_where_the_manifest_has_dropout() {
    let brought = Brought::new("threshold.onnx", THRESHOLD, "SPL", [1.0; 3], LABELS);
    let path = brought.folder.path().join("manifest.toml");
    let manifest = std::fs::read_to_string(&path).unwrap();
    let dropout = "[dropout]\nchannels = 8\nrate = 0.1\nsamples = 2\nseed = 1\n[labels]";
    std::fs::write(&path, manifest.replace("[labels]", dropout)).unwrap();
    let refused = brought.load().unwrap_err().to_string();
    assert!(refused.contains("but [dropout] of the manifest asks for [[1, 8]]"), "{refused}");
}
