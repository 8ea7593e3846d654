//! Input that is refused, and the smallest that is not.

use super::*;
use proptest::prelude::*;

fn said(image: &Array3<f64>, spacing_mm: [f64; 3], settings: &str) -> String {
    apply(image.view(), spacing_mm, &filter(settings)).unwrap_err().to_string()
}

#[test]
fn images_without_values_are_refused() {
    let mean = "kind = 'mean'\nsupport_voxels = 3\ndimensions = '3d'\nboundary = 'zero'";
    assert_eq!(said(&Array3::zeros([0, 2, 2]), [1.0; 3], mean), "the image has no voxels (0 x 2 x 2)");
    let mut image = Array3::zeros([2, 2, 2]);
    assert!(said(&image, [1.0, f64::NAN, 1.0], mean).contains("along y is NaN mm"));
    assert!(said(&image, [0.0, 1.0, 1.0], mean).contains("along z is 0 mm"));
    image[[0, 1, 1]] = f64::NAN;
    assert!(said(&image, [1.0; 3], mean).contains("1 voxels of the image are not finite"));
}

#[test]
fn settings_outside_their_range_are_named() {
    let image = image([2, 3, 4]);
    let both = "dimensions = '3d'\nboundary = 'mirror'";
    for (settings, expected) in [
        ("kind = 'mean'\nsupport_voxels = 0", "`support_voxels` is 0: give an odd number"),
        ("kind = 'mean'\nsupport_voxels = 4", "`support_voxels` is 4"),
        ("kind = 'mean'\nsupport_voxels = 1000001", "at most 4097"),
        ("kind = 'laplacian-of-gaussian'\nsigma_mm = 0\ncutoff_sigmas = 4", "`sigma_mm` is 0"),
        ("kind = 'laplacian-of-gaussian'\nsigma_mm = inf\ncutoff_sigmas = 4", "`sigma_mm` is inf"),
        ("kind = 'laplacian-of-gaussian'\nsigma_mm = 1e9\ncutoff_sigmas = 4", "choose a smaller value"),
        ("kind = 'laplacian-of-gaussian'\nsigma_mm = 1e-200\ncutoff_sigmas = 4", "too large for a number"),
        ("kind = 'laplacian-of-gaussian'\nsigma_mm = 1\ncutoff_sigmas = -1", "`cutoff_sigmas` is -1"),
        ("kind = 'laws'\nkernels = ['L5', 'E5']", "name one kernel for each"),
        (
            "kind = 'laws'\nkernels = ['L5', 'E5', 'E5']\nenergy_distance_voxels = 9999999",
            "`energy_distance_voxels`",
        ),
        ("kind = 'separable-wavelet'\nwavelet = 'haar'\nbands = ['L']\nlevel = 1", "name one band for each"),
        ("kind = 'separable-wavelet'\nwavelet = 'haar'\nbands = ['L', 'L', 'H']\nlevel = 0", "`level` is 0"),
        ("kind = 'simoncelli'\nlevel = 77\nsampling = 'exact'", "`level` is 77"),
        ("kind = 'simoncelli'\nlevel = 1", "with this boundary write `sampling = \"exact\"`"),
        ("kind = 'simoncelli'\nlevel = 1\nsampling = 'exact'\nriesz.order = [1, 1]", "`order` is [1, 1]"),
        (
            "kind = 'simoncelli'\nlevel = 1\nsampling = 'exact'\nriesz.order = [0, 0, 0]",
            "`order` is [0, 0, 0]",
        ),
        (
            "kind = 'simoncelli'\nlevel = 1\nsampling = 'exact'\nriesz.order = [4294967295, 4294967295, 0]",
            "`order`",
        ),
        (
            "kind = 'simoncelli'\nlevel = 1\nsampling = 'exact'\nriesz.order = [5, 0, 0]\nriesz.alignment_sigma_mm = 1",
            "from 1 to 4",
        ),
        (
            "kind = 'simoncelli'\nlevel = 1\nsampling = 'exact'\nriesz.order = [1, 0, 0]\nriesz.alignment_sigma_mm = 1e9",
            "`alignment_sigma_mm`",
        ),
    ] {
        let (first, rest) = settings.split_once('\n').unwrap();
        let said = said(&image, [1.0; 3], &format!("{first}\n{both}\n{rest}"));
        assert!(said.contains(expected), "{settings}: {said}");
    }
    let gabor = |settings: &str| {
        let settings =
            format!("kind = 'gabor'\npooling = 'average'\nplanes = 'axial'\nboundary = 'zero'\n{settings}");
        said(&image, [1.0; 3], &settings)
    };
    assert!(
        gabor("sigma_mm = 1e6\nwavelength_mm = 1\naspect_ratio = 1").contains("`sigma_mm` makes a kernel")
    );
    assert!(
        gabor("sigma_mm = 1\nwavelength_mm = 1\naspect_ratio = 1e-6")
            .contains("`aspect_ratio` makes a kernel")
    );
    assert!(gabor("sigma_mm = 1\nwavelength_mm = 0\naspect_ratio = 1").contains("`wavelength_mm` is 0"));
    let step = |step: &str| {
        gabor(&format!("sigma_mm = 1\nwavelength_mm = 1\naspect_ratio = 1\norientation_step_deg = {step}"))
    };
    for wrong in ["0", "7", "-45", "nan", "1e-9", "720"] {
        assert!(step(wrong).contains("a whole part of 360"), "{wrong}");
    }
}

#[test]
fn a_settings_file_with_an_unknown_word_is_refused() {
    let read = |settings: &str| toml::from_str::<Filter>(settings).unwrap_err().to_string();
    let mean = "kind = 'mean'\nsupport_voxels = 3\ndimensions = '3d'\nboundary = 'zero'";
    assert!(read(&format!("{mean}\nsupport = 3")).contains("unknown field `support`"));
    assert!(read("kind = 'median'").contains("unknown variant `median`"));
    assert!(
        read("kind = 'mean'\nsupport_voxels = 3\ndimensions = '3d'").contains("missing field `boundary`")
    );
    for filter in plain("3d", "mirror").into_iter().chain(invariant("periodic")) {
        let text = toml::to_string(&filter).unwrap();
        assert_eq!(toml::from_str::<Filter>(&text).unwrap(), filter, "{text}");
    }
}

#[test]
fn one_voxel_and_one_slice_are_images() {
    for shape in [[1, 1, 1], [1, 4, 5], [4, 1, 1]] {
        for boundary in ["zero", "nearest", "periodic", "mirror"] {
            // Margins make a volume of a voxel, and time of nothing.
            let has_margin = ["zero", "nearest"].contains(&boundary);
            let more = if has_margin { Vec::new() } else { invariant(boundary) };
            for filter in plain("2d", boundary).into_iter().chain(plain("3d", boundary)).chain(more) {
                let response = respond(&image(shape), &filter);
                assert_eq!(response.shape(), shape);
            }
        }
    }
    let ibsi = filter("kind = 'simoncelli'\nlevel = 1\ndimensions = '3d'\nboundary = 'periodic'");
    assert_eq!(respond(&image([1, 1, 2]), &ibsi).shape(), [1, 1, 2]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]
    #[test]
    fn no_number_makes_a_filter_panic(
        shape in [1usize..4, 1usize..5, 1usize..6],
        spacing in [0.05f64..20.0, 0.05f64..20.0, 0.05f64..20.0],
        lengths in [prop_oneof![1e-3f64..50.0, any::<f64>()], prop_oneof![1e-3f64..50.0, any::<f64>()], prop_oneof![0.1f64..10.0, any::<f64>()]],
        count in prop_oneof![0usize..40, any::<usize>()],
        orders in proptest::collection::vec(prop_oneof![0u32..4, any::<u32>()], 0..4),
        which in (0usize..6, 0usize..4, any::<bool>(), any::<bool>()),
        size in prop_oneof![Just(1.0), Just(1e300), Just(-1e300)],
    ) {
        let (kind, boundary, is_volume, is_max) = which;
        let boundary = [Boundary::Zero, Boundary::Nearest, Boundary::Periodic, Boundary::Mirror][boundary];
        let dimensions = if is_volume { Dimensions::Volume } else { Dimensions::Slices };
        let pooling = if is_max { Pooling::Max } else { Pooling::Average };
        let riesz = (!orders.is_empty()).then(|| Riesz { order: orders.clone(), alignment_sigma_mm: is_max.then_some(lengths[2]) });
        let n = dimensions.count();
        let filter = match kind {
            0 => Filter::Mean(Mean { support_voxels: count, dimensions, boundary }),
            1 => Filter::LaplacianOfGaussian(LaplacianOfGaussian { sigma_mm: lengths[0], cutoff_sigmas: lengths[1], dimensions, boundary, riesz }),
            2 => Filter::Laws(Laws { kernels: vec![LawsKernel::E5; n], rotation_pooling: Some(pooling), energy_distance_voxels: Some(count), dimensions, boundary }),
            3 => Filter::Gabor(Gabor {
                sigma_mm: lengths[0], wavelength_mm: lengths[1], aspect_ratio: lengths[2], orientation_deg: lengths[1], orientation_step_deg: is_volume.then_some(lengths[0]),
                pooling, planes: if is_volume { GaborPlanes::Orthogonal } else { GaborPlanes::Axial }, boundary,
            }),
            4 => Filter::SeparableWavelet(SeparableWavelet { wavelet: Wavelet::Daubechies4, bands: vec![Band::H; n], level: count, rotation_pooling: Some(pooling), dimensions, boundary }),
            _ => {
                let sampling = if is_max { FrequencySampling::Ibsi } else { FrequencySampling::Exact };
                // Twice as large margins are twice as slow, and no different.
                Filter::Simoncelli(Simoncelli { level: u32::try_from(count).unwrap_or(u32::MAX).min(if count < 40 { 1 } else { u32::MAX }), dimensions, boundary, sampling, riesz })
            }
        };
        match apply(image(shape).mapv(|value| value * size).view(), spacing, &filter) {
            Ok(response) => {
                prop_assert_eq!(response.shape(), shape);
                prop_assert!(response.iter().all(|value| value.is_finite()));
            }
            Err(error) => prop_assert!(!error.to_string().is_empty()),
        }
    }
}
