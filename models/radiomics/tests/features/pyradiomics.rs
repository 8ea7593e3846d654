//! Values of pyradiomics 3.1.0 of one region, which lies beside the reference data.

use coxa_geometry::Point;
use coxa_imaging::{Grid, Volume};
use coxa_radiomics::{Discretisation, Mode, Settings, extract};
use coxa_test_support::reference_data;
use ndarray::Array3;
use std::io::Read;
use std::path::Path;

/// Shape and bytes of an array of an .npz file.
fn array(path: &Path, name: &str) -> (Vec<usize>, Vec<u8>) {
    let mut archive = zip::ZipArchive::new(std::fs::File::open(path).unwrap()).unwrap();
    let mut bytes = Vec::new();
    archive.by_name(&format!("{name}.npy")).unwrap().read_to_end(&mut bytes).unwrap();
    let header = 10 + usize::from(u16::from_le_bytes([bytes[8], bytes[9]]));
    let text = String::from_utf8(bytes[10..header].to_vec()).unwrap();
    assert!(text.contains("'fortran_order': False"));
    let shape = text.split("'shape': (").nth(1).unwrap().split(')').next().unwrap();
    let shape = shape.split(',').filter_map(|n| n.trim().parse().ok()).collect();
    (shape, bytes.split_off(header))
}

#[test]
fn all_107_features_of_a_region() {
    let Some(folder) = reference_data("radiomics-pyradiomics") else { return };
    let file = folder.join("roi20.npz");
    let (shape, image) = array(&file, "image_zyx");
    let image: Vec<f64> =
        image.as_chunks().0.iter().map(|&bytes| f64::from(i16::from_le_bytes(bytes))).collect();
    let mask: Vec<bool> = array(&file, "mask_zyx").1.iter().map(|&label| label == 1).collect();
    let spacing: Vec<f64> =
        array(&file, "spacing_xyz").1.as_chunks().0.iter().map(|&bytes| f64::from_le_bytes(bytes)).collect();
    let shape = [shape[0], shape[1], shape[2]];
    let dims = [shape[2], shape[1], shape[0]];
    let grid = Grid::axis_aligned(dims, Point::new(0.0, 0.0, 0.0), [spacing[0], spacing[1], spacing[2]]);
    let image = Volume::new(grid.clone(), Array3::from_shape_vec(shape, image).unwrap());
    let mask = Volume::new(grid, Array3::from_shape_vec(shape, mask).unwrap());
    let settings = Settings {
        mode: Mode::Pyradiomics,
        discretisation: Discretisation::FixedBinSize { width: 25.0, from: None },
        ..Settings::default()
    };
    let found = extract(&image, &mask, &settings).unwrap();

    let text = std::fs::read_to_string(folder.join("roi20_pyradiomics.json")).unwrap();
    let reference: serde_json::Map<String, serde_json::Value> = serde_json::from_str(&text).unwrap();
    let reference: Vec<(&String, f64)> = reference
        .iter()
        .filter(|(name, _)| name.starts_with("original_"))
        .map(|(name, value)| (name, value.as_f64().unwrap()))
        .collect();
    assert_eq!((reference.len(), found.features.len()), (107, 107));
    let mut worst = 0.0_f64;
    for (name, value) in reference {
        let found = found.value(name).unwrap_or(f64::NAN);
        let error = (found - value).abs() / value.abs();
        assert!(error < 1e-6, "{name}: {found}, not {value}");
        worst = worst.max(error);
    }
    println!("largest relative difference {worst:.1e}");
}

/// Features of a region of waves, bins of 25, as pyradiomics 3.0.1 (numpy 2.4.6, SimpleITK 2.5.7) gives them.
fn check(inside: impl Fn([usize; 3]) -> bool, expected: &[(&str, f64)]) {
    let value = |[x, y, z]: [usize; 3]| ((x * x * 3 + y * 7 + z * z * 5 + x * y) % 40) as f64 * 5.0 - 60.0;
    let grid = Grid::axis_aligned([14, 13, 12], Point::new(0.0, 0.0, 0.0), [1.0, 1.5, 2.0]);
    let image = Volume::new(grid.clone(), Array3::from_shape_fn((12, 13, 14), |(k, j, i)| value([i, j, k])));
    let mask = Volume::new(grid, Array3::from_shape_fn((12, 13, 14), |(k, j, i)| inside([i, j, k])));
    let settings = Settings { mode: Mode::Pyradiomics, ..Settings::default() };
    let found = extract(&image, &mask, &settings).unwrap();
    for &(name, value) in expected {
        let found = found.value(&format!("original_{name}")).unwrap();
        assert!((found - value).abs() <= 1e-9 * value.abs(), "{name}: {found}, not {value}");
    }
}

#[test]
fn a_region_of_one_slice_has_no_runs_across() {
    check(
        |[_, _, z]| z == 5,
        &[
            ("glrlm_RunPercentage", 0.923076923076923),
            ("glrlm_ShortRunEmphasis", 0.945288443017456),
            ("glrlm_RunEntropy", 3.3607176292687795),
            ("glcm_Contrast", 11.699466398985628),
            ("shape_MeshVolume", 506.0),
            ("shape_Maximum2DDiameterSlice", 23.43608329051593),
            ("shape_LeastAxisLength", 0.0),
        ],
    );
}

#[test]
fn scattered_voxels_without_neighbours_count() {
    check(
        |[x, y, z]| (x * 31 + y * 17 + z * 57 + x * y * z) % 11 == 0,
        &[
            ("ngtdm_Busyness", 1.926468693735643),
            ("ngtdm_Coarseness", 0.017596084065613894),
            ("ngtdm_Complexity", 63.768066335310436),
            ("ngtdm_Contrast", 0.3527955178412256),
            ("ngtdm_Strength", 0.48408474363477166),
            ("glszm_ZonePercentage", 0.9278846153846154),
            ("glcm_MCC", 0.8495957402508278),
            ("shape_SurfaceArea", 1026.9888960462838),
        ],
    );
}
