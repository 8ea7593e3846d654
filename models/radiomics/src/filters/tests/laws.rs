//! Laws that hold for every image.

use super::*;
use ndarray::{Axis, Slice, concatenate};
use std::f64::consts::PI;

/// The image turned by a right angle in the plane of two axes.
fn turned(image: &Array3<f64>, from: usize, to: usize) -> Array3<f64> {
    let mut turned = image.clone();
    turned.swap_axes(from, to);
    turned.invert_axis(Axis(from));
    turned.as_standard_layout().into_owned()
}

/// The image and its mirror image behind it, along an axis.
fn doubled(image: &Array3<f64>, axis: usize) -> Array3<f64> {
    let mut mirrored = image.clone();
    mirrored.invert_axis(Axis(axis));
    concatenate(Axis(axis), &[image.view(), mirrored.view()]).unwrap()
}

/// The first voxels of an image along each axis.
fn start(image: &Array3<f64>, shape: &[usize]) -> Array3<f64> {
    image.slice_each_axis(|axis| Slice::from(..shape[axis.axis.index()])).to_owned()
}

/// The image shifted by voxels along an axis, as if periodic.
fn shifted(image: &Array3<f64>, axis: usize, by: usize) -> Array3<f64> {
    let (first, second) = image.view().split_at(Axis(axis), image.len_of(Axis(axis)) - by);
    concatenate(Axis(axis), &[second, first]).unwrap()
}

#[test]
fn linear_filters_are_linear() {
    let (one, other) =
        (image([5, 7, 6]), turned(&turned(&image([5, 6, 7]), 1, 2), 1, 2).mapv(|value| value * value));
    let other = turned(&other, 1, 2);
    for boundary in ["zero", "nearest", "periodic", "mirror"] {
        for dimensions in ["2d", "3d"] {
            let filters = plain(dimensions, boundary);
            for filter in &filters[..filters.len() - 1] {
                let sum = respond(&(&one * 2.0 - &other * 0.5), filter);
                let parts = respond(&one, filter) * 2.0 - respond(&other, filter) * 0.5;
                assert!(difference(&sum, &parts) < 1e-11, "{filter:?}");
            }
        }
    }
}

#[test]
fn a_shift_of_a_periodic_image_shifts_the_response() {
    let image = image([5, 7, 6]);
    for filter in plain("3d", "periodic") {
        let planar = matches!(filter, Filter::Gabor(_));
        for axis in if planar { 1..3 } else { 0..3 } {
            let (found, expected) = (respond(&shifted(&image, axis, 2), &filter), respond(&image, &filter));
            assert!(difference(&found, &shifted(&expected, axis, 2)) < 1e-11, "{filter:?} {axis}");
        }
    }
}

#[test]
fn a_mirrored_image_is_a_periodic_one_with_its_mirror_image() {
    let image = image([5, 7, 6]);
    let all = (0..3).fold(image.clone(), |image, axis| doubled(&image, axis));
    for dimensions in ["2d", "3d"] {
        for (mirror, periodic) in plain(dimensions, "mirror").iter().zip(plain(dimensions, "periodic")) {
            let expected = start(&respond(&all, &periodic), image.shape());
            assert!(difference(&respond(&image, mirror), &expected) < 1e-11, "{mirror:?}");
        }
    }
}

#[test]
fn zeros_and_nearest_voxels_may_as_well_be_part_of_the_image() {
    // Filters of bounded reach alone: the others stop at a margin.
    let small = image([5, 7, 6]);
    let reach = 20;
    for boundary in ["zero", "nearest"] {
        let large = Array3::from_shape_fn([45, 47, 46], |(z, y, x)| {
            let inside = |at: usize, length: usize| (reach..reach + length).contains(&at);
            let near = |at: usize, length: usize| at.clamp(reach, reach + length - 1) - reach;
            let is_inside = inside(z, 5) && inside(y, 7) && inside(x, 6);
            if is_inside || boundary == "nearest" { small[[near(z, 5), near(y, 7), near(x, 6)]] } else { 0.0 }
        });
        for filter in plain("3d", boundary) {
            let is_bounded = match &filter {
                Filter::LaplacianOfGaussian(filter) => filter.riesz.is_none(),
                Filter::Simoncelli(_) => false,
                _ => true,
            };
            if is_bounded {
                let found = respond(&large, &filter);
                let found = found
                    .slice_each_axis(|axis| Slice::from(reach..reach + [5, 7, 6][axis.axis.index()]))
                    .to_owned();
                assert!(difference(&found, &respond(&small, &filter)) < 1e-9, "{filter:?}");
            }
        }
    }
}

#[test]
fn pooled_filters_turn_with_the_image() {
    let image = image([5, 7, 6]);
    for boundary in ["periodic", "mirror", "nearest"] {
        for filter in invariant(boundary) {
            if boundary == "nearest" && matches!(filter, Filter::Simoncelli(_)) {
                continue;
            }
            let response = respond(&image, &filter);
            for (from, to) in [(0, 1), (1, 2), (2, 0)] {
                let found = respond(&turned(&image, from, to), &filter);
                assert!(difference(&found, &turned(&response, from, to)) < 1e-9, "{filter:?} {from} {to}");
            }
        }
    }
}

#[test]
fn an_impulse_shows_the_kernel() {
    let mut impulse = Array3::zeros([15, 15, 15]);
    impulse[[7, 7, 7]] = 1.0;
    let place = |(z, y, x): (usize, usize, usize)| [z as f64 - 7.0, y as f64 - 7.0, x as f64 - 7.0];
    let sigma = 1.5f64;
    let log = "kind = 'laplacian-of-gaussian'\nsigma_mm = 1.5\ncutoff_sigmas = 4\ndimensions = '3d'\nboundary = 'zero'";
    for (at, found) in respond(&impulse, &filter(log)).indexed_iter() {
        let square: f64 = place(at).iter().map(|k| k * k).sum();
        let is_inside = place(at).iter().all(|k| k.abs() <= 6.0);
        let kernel = -(3.0 - square / sigma.powi(2)) / sigma.powi(2)
            * (-square / (2.0 * sigma.powi(2))).exp()
            / ((2.0 * PI).sqrt() * sigma).powi(3);
        assert!((found - if is_inside { kernel } else { 0.0 }).abs() < 1e-15);
    }
    // Kernels, not mirrored: x and z have odd ones.
    let laws = "kind = 'laws'\nkernels = ['E3', 'L3', 'W5']\ndimensions = '3d'\nboundary = 'zero'";
    let response = respond(&impulse, &filter(laws));
    let norm = (2.0f64 * 6.0 * 10.0).sqrt();
    assert!((response[[7, 7, 8]] - 0.0).abs() < 1e-15);
    assert!((response[[6, 7, 8]] - 2.0 * 2.0 / norm).abs() < 1e-15);
    assert!((response[[9, 6, 6]] + 1.0 / norm).abs() < 1e-15);
    let gabor = "kind = 'gabor'\nsigma_mm = 2\nwavelength_mm = 3\naspect_ratio = 0.5\norientation_deg = 30\npooling = 'max'\nplanes = 'axial'\nboundary = 'zero'";
    for (at, found) in respond(&impulse, &filter(gabor)).indexed_iter() {
        let [z, y, x] = place(at);
        let (sine, cosine) = 30.0f64.to_radians().sin_cos();
        let (u, v) = (x * cosine + y * sine, y * cosine - x * sine);
        let envelope = if z == 0.0 { (-(u * u + 0.25 * v * v) / 8.0).exp() } else { 0.0 };
        assert!((found - envelope).abs() < 1e-12, "{at:?}");
    }
}

#[test]
fn the_bands_of_a_wavelet_keep_the_energy_eight_times() {
    let image = image([5, 8, 6]);
    let energy = |image: &Array3<f64>| -> f64 { image.iter().map(|value| value * value).sum() };
    for wavelet in ["haar", "daubechies2", "daubechies3", "daubechies10", "coiflet1"] {
        let mut sum = 0.0;
        for bands in 0..8 {
            let band = |bit: u32| if bands >> bit & 1 == 0 { "L" } else { "H" };
            let bands = format!("['{}', '{}', '{}']", band(0), band(1), band(2));
            let settings = format!(
                "kind = 'separable-wavelet'\nwavelet = '{wavelet}'\nbands = {bands}\nlevel = 1\ndimensions = '3d'\nboundary = 'periodic'"
            );
            sum += energy(&respond(&image, &filter(&settings)));
        }
        assert!((sum / energy(&image) - 8.0).abs() < 1e-9, "{wavelet}: {sum}");
    }
}

#[test]
fn simoncelli_s_bands_keep_the_energy_of_coarse_images() {
    // Waves of less than a quarter turn a voxel, of which the bands miss nothing.
    let image = Array3::from_shape_fn([16, 12, 20], |(z, y, x)| {
        let turn = |at: usize, waves: f64, length: f64| 2.0 * PI * waves * at as f64 / length;
        (turn(x, 2.0, 20.0) + turn(y, 1.0, 12.0) + 0.3).cos()
            + 0.5 * (turn(z, 3.0, 16.0) - turn(x, 3.0, 20.0)).sin()
    });
    let energy = |image: &Array3<f64>| -> f64 { image.iter().map(|value| value * value).sum() };
    let level = |level: usize| {
        let settings = "\nsampling = 'exact'\ndimensions = '3d'\nboundary = 'periodic'";
        energy(&respond(&image, &filter(&format!("kind = 'simoncelli'\nlevel = {level}{settings}"))))
    };
    assert!(((1..6).map(level).sum::<f64>() / energy(&image) - 1.0).abs() < 1e-12);
}

#[test]
fn riesz_components_of_an_order_keep_the_energy() {
    // Odd lengths: no wave of two voxels, whose odd components vanish.
    let image = image([5, 7, 9]);
    let energy = |image: &Array3<f64>| -> f64 { image.iter().map(|value| value * value).sum() };
    let response = |riesz: &str| {
        let settings = "sampling = 'exact'\ndimensions = '3d'\nboundary = 'periodic'";
        energy(&respond(&image, &filter(&format!("kind = 'simoncelli'\nlevel = 1\n{settings}\n{riesz}"))))
    };
    let whole = response("");
    for order in 1..5 {
        let mut sum = 0.0;
        for x in 0..=order {
            for y in 0..=order - x {
                sum += response(&format!("riesz.order = [{x}, {y}, {}]", order - x - y));
            }
        }
        assert!((sum / whole - 1.0).abs() < 1e-12, "{order}: {sum} of {whole}");
    }
}

#[test]
fn directions_follow_a_wave_whatever_its_direction() {
    // Along the direction of the only wave, order 2 is minus the wave, and across it nothing.
    let wave = Array3::from_shape_fn([20, 20, 20], |(z, y, x)| {
        (2.0 * PI * (3.0 * x as f64 + 2.0 * y as f64 - z as f64) / 20.0 + 0.4).cos()
    });
    let level =
        "kind = 'simoncelli'\nlevel = 1\nsampling = 'exact'\ndimensions = '3d'\nboundary = 'periodic'";
    let band = respond(&wave, &filter(level));
    let along =
        respond(&wave, &filter(&format!("{level}\nriesz.order = [2, 0, 0]\nriesz.alignment_sigma_mm = 2")));
    let across =
        respond(&wave, &filter(&format!("{level}\nriesz.order = [0, 1, 1]\nriesz.alignment_sigma_mm = 2")));
    assert!(band.iter().any(|value| value.abs() > 0.3));
    assert!(difference(&along, &(-&band)) < 1e-9);
    assert!(difference(&across, &Array3::zeros(band.dim())) < 1e-9);
}

#[test]
fn the_number_of_threads_changes_no_byte() {
    let image = image([9, 21, 33]);
    let all = |threads: usize| -> Vec<Array3<f64>> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
        let filters =
            plain("2d", "mirror").into_iter().chain(plain("3d", "periodic")).chain(invariant("mirror"));
        pool.install(|| filters.map(|filter| respond(&image, &filter)).collect())
    };
    assert!(all(1) == all(3));
}

#[test]
fn spacing_stretches_the_laplacian_and_gabor_kernels() {
    // Twice the spacing and twice the lengths in mm are the same filter.
    let image = image([5, 7, 6]);
    let log = |sigma: f64| {
        filter(&format!(
            "kind = 'laplacian-of-gaussian'\nsigma_mm = {sigma}\ncutoff_sigmas = 4\ndimensions = '3d'\nboundary = 'mirror'"
        ))
    };
    let one = apply(image.view(), [1.0; 3], &log(1.5)).unwrap();
    assert!(difference(&one, &apply(image.view(), [2.0; 3], &log(3.0)).unwrap()) < 1e-12);
    // A parabola x^2 along a stretched axis has the physical second derivative, in units of the smallest edge.
    let parabola =
        Array3::from_shape_fn([1, 41, 41], |(_, y, x)| (2.0 * x as f64).powi(2) + (y as f64).powi(2));
    let planar = filter(
        "kind = 'laplacian-of-gaussian'\nsigma_mm = 2\ncutoff_sigmas = 8\ndimensions = '2d'\nboundary = 'nearest'",
    );
    let found = apply(parabola.view(), [9.0, 1.0, 2.0], &planar).unwrap()[[0, 20, 20]];
    assert!((found - 4.0).abs() < 1e-3, "{found}");
}
