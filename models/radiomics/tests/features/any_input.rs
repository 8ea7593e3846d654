//! Regions that are as small, flat, empty or strange as can be: an error that says why, or features of which some are undefined.

use coxa_geometry::Point;
use coxa_imaging::{Grid, Volume};
use coxa_radiomics::{
    Aggregation, Discretisation, Extraction, Interpolation, Method, Mode, RadiomicsError, Resegmentation,
    Settings, Texture, extract,
};
use ndarray::Array3;
use proptest::prelude::*;

const ALL_WAYS: [Aggregation; 6] = Aggregation::ALL;

fn all_ways() -> Settings {
    let texture = Texture { aggregations: ALL_WAYS.to_vec(), dependence_alpha: 0 };
    Settings { texture, ..Settings::default() }
}

fn volumes(
    dims: [usize; 3],
    value: impl Fn([usize; 3]) -> f64,
    inside: impl Fn([usize; 3]) -> bool,
) -> (Volume<f64>, Volume<bool>) {
    let grid = Grid::axis_aligned(dims, Point::new(0.0, 0.0, 0.0), [1.0, 1.5, 2.0]);
    let shape = (dims[2], dims[1], dims[0]);
    let image = Array3::from_shape_fn(shape, |(k, j, i)| value([i, j, k]));
    let mask = Array3::from_shape_fn(shape, |(k, j, i)| inside([i, j, k]));
    (Volume::new(grid.clone(), image), Volume::new(grid, mask))
}

fn noise([x, y, z]: [usize; 3]) -> f64 {
    ((x * 7919 + y * 104_729 + z * 1_299_709) % 211) as f64 - 60.0
}

fn in_both_modes((image, mask): &(Volume<f64>, Volume<bool>)) -> [Extraction; 2] {
    [Mode::Ibsi, Mode::Pyradiomics]
        .map(|mode| extract(image, mask, &Settings { mode, ..all_ways() }).unwrap())
}

#[test]
fn one_voxel() {
    let [ibsi, pyradiomics] = in_both_modes(&volumes([5, 5, 5], noise, |at| at == [2, 2, 2]));
    assert_eq!(ibsi.value("stat_mean"), Some(noise([2, 2, 2])));
    assert_eq!(ibsi.value("stat_var"), Some(0.0));
    assert!((ibsi.value("morph_volume").unwrap() - 0.5).abs() < 1e-12);
    for undefined in
        ["cm_contrast_3D_avg", "ngt_contrast_3D", "morph_vol_dens_aee", "morph_moran_i", "ih_max_grad"]
    {
        assert_eq!(ibsi.value(undefined), None, "{undefined}");
        assert!(ibsi.features.iter().any(|feature| feature.tag == undefined), "{undefined}");
    }
    assert_eq!(pyradiomics.features.len(), 107);
    assert_eq!(pyradiomics.value("original_glcm_Contrast"), None);
    assert_eq!(pyradiomics.value("original_glrlm_RunPercentage"), None);
    assert_eq!(pyradiomics.value("original_glszm_ZonePercentage"), Some(1.0));
}

#[test]
fn a_flat_region() {
    let [ibsi, pyradiomics] = in_both_modes(&volumes([6, 5, 4], |_| 7.25, |at| at[0] > 0));
    for (tag, value) in [
        ("stat_skew", 0.0),
        ("ih_entropy", 0.0),
        ("ih_uniformity", 1.0),
        ("cm_corr_3D_comb", 1.0),
        ("cm_info_corr1_3D_avg", 0.0),
        ("cm_info_corr2_2D_avg", 0.0),
        ("szm_z_perc_3D", 0.01),
        ("ngt_coarseness_3D", 1e6),
        ("ngt_busyness_2_5D", 0.0),
    ] {
        assert_eq!(ibsi.value(tag), Some(value), "{tag}");
    }
    assert_eq!(ibsi.value("morph_moran_i"), None);
    assert_eq!(pyradiomics.value("original_glcm_MCC"), Some(1.0));
    assert_eq!(pyradiomics.value("original_firstorder_Kurtosis"), Some(0.0));
}

#[test]
fn what_cannot_be_computed_is_an_error() {
    let refused = |value: f64, inside: bool, settings: &Settings| {
        let (image, mask) =
            volumes([4, 4, 4], |at| if at == [1, 1, 1] { value } else { noise(at) }, |_| inside);
        extract(&image, &mask, settings).unwrap_err()
    };
    let settings = Settings::default();
    assert_eq!(refused(0.0, false, &settings), RadiomicsError::EmptyRegion);
    assert_eq!(refused(f64::NAN, true, &settings), RadiomicsError::NotFinite { count: 1 });
    let narrow = Discretisation::FixedBinSize { width: 1e-7, from: None };
    let narrow = Settings { discretisation: narrow, ..settings.clone() };
    assert!(matches!(refused(0.0, true, &narrow), RadiomicsError::TooManyLevels { .. }));
    let resegmentation = Resegmentation { range: Some([1e6, 1e7]), outliers_sd: None };
    let nothing = Settings { resegmentation, ..settings.clone() };
    assert_eq!(refused(0.0, true, &nothing), RadiomicsError::EmptyResegmented);
    let (image, _) = volumes([4, 4, 4], noise, |_| true);
    let (_, mask) = volumes([4, 4, 5], noise, |_| true);
    assert_eq!(extract(&image, &mask, &settings).unwrap_err(), RadiomicsError::Grid);
    let (image, mask) = volumes([0, 4, 4], noise, |_| true);
    assert!(matches!(extract(&image, &mask, &settings), Err(RadiomicsError::NoImage { .. })));
}

#[test]
fn voxels_without_a_value_do_not_count_outside_the_region() {
    let value = |at: [usize; 3]| if at[0] == 0 { f64::NAN } else { noise(at) };
    let (image, mask) = volumes([8, 6, 5], value, |at| at[0] > 1);
    let found = extract(&image, &mask, &all_ways()).unwrap();
    assert!(found.value("loc_peak_glob").is_some() && found.value("stat_mean").is_some());
    // Within the region the range can exclude them.
    let (image, mask) = volumes([8, 6, 5], value, |_| true);
    let resegmentation = Resegmentation { range: Some([-1000.0, 1000.0]), outliers_sd: None };
    let found = extract(&image, &mask, &Settings { resegmentation, ..all_ways() }).unwrap();
    assert_eq!(found.diagnostics.resegmented_region.voxels, 7 * 6 * 5);
}

#[test]
fn a_region_without_neighbours_and_one_that_fills_the_image() {
    let [ibsi, _] = in_both_modes(&volumes([9, 9, 9], noise, |at| at.iter().all(|x| x % 2 == 0)));
    assert_eq!(ibsi.value("cm_contrast_3D_comb"), None);
    assert_eq!(ibsi.value("rlm_r_perc_3D_comb"), Some(1.0));
    assert_eq!(ibsi.value("ngt_coarseness_3D"), None);
    let [ibsi, _] = in_both_modes(&volumes([5, 6, 7], noise, |_| true));
    assert_eq!(ibsi.value("morph_vol_approx"), Some(3.0 * 210.0));
    assert!(ibsi.features.iter().all(|feature| feature.value.is_some()));
}

#[test]
fn many_grey_levels() {
    let (image, mask) = volumes([24, 24, 24], |at| noise(at) * 0.01 * at[0] as f64, |_| true);
    let narrow = Discretisation::FixedBinNumber { number: 16_384 };
    let found = extract(&image, &mask, &Settings { discretisation: narrow, ..all_ways() }).unwrap();
    assert!(found.value("cm_joint_entr_3D_comb").unwrap() > 10.0);
}

#[test]
fn the_same_on_any_number_of_threads() {
    let (image, mask) = volumes([30, 25, 20], |at| noise(at) + 0.37, |[x, y, z]| (x + y * 2 + z) % 9 != 0);
    let interpolation = Some(Interpolation {
        spacing_mm: vec![1.3, 1.1, 1.7],
        method: Method::Cubic,
        mask_method: Method::Linear,
        mask_threshold: 0.5,
        round: false,
    });
    for mode in [Mode::Ibsi, Mode::Pyradiomics] {
        let settings = Settings { mode, interpolation: interpolation.clone(), ..all_ways() };
        let on = |threads: usize| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
            pool.install(|| extract(&image, &mask, &settings)).unwrap()
        };
        let (one, three) = (on(1), on(3));
        let bits = |found: &Extraction| -> Vec<Option<u64>> {
            found.features.iter().map(|feature| feature.value.map(f64::to_bits)).collect()
        };
        assert_eq!(bits(&one), bits(&three));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]
    #[test]
    fn small_regions_of_any_form(
        dims in prop::array::uniform3(1_usize..6),
        values in prop::collection::vec(-3.0_f64..3.0, 125),
        inside in prop::collection::vec(any::<bool>(), 125),
        width in 0.01_f64..4.0,
        spacing in 0.3_f64..4.0,
        is_interpolated in any::<bool>(),
    ) {
        let index = |[x, y, z]: [usize; 3]| (z * 5 + y) * 5 + x;
        let (image, mask) = volumes(dims, |at| values[index(at)], |at| inside[index(at)]);
        let interpolation = is_interpolated.then(|| Interpolation {
            spacing_mm: vec![spacing; 3],
            method: Method::Cubic,
            mask_method: Method::Linear,
            mask_threshold: 0.5,
            round: false,
        });
        for mode in [Mode::Ibsi, Mode::Pyradiomics] {
            let discretisation = Discretisation::FixedBinSize { width, from: None };
            let interpolation = interpolation.clone();
            let settings = Settings { mode, discretisation, interpolation, ..all_ways() };
            match extract(&image, &mask, &settings) {
                Ok(found) => {
                    prop_assert!(found.features.iter().all(|feature| feature.value.is_none_or(f64::is_finite)));
                    let volume = if mode == Mode::Ibsi { "morph_volume" } else { "original_shape_MeshVolume" };
                    prop_assert!(found.value(volume).is_some_and(|volume| volume > 0.0));
                }
                Err(error) => prop_assert!(
                    matches!(error, RadiomicsError::EmptyRegion | RadiomicsError::EmptyInterpolated),
                    "{error}"
                ),
            }
        }
    }
}
