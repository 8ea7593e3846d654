//! Tests of all filters: laws, what other programs compute, input that is refused.

mod laws;
mod peers;
mod refused;

use super::*;
use ndarray::Array3;

/// An image that no symmetry leaves as it is, of whole numbers from -8 to 8, [z, y, x].
fn image(shape: [usize; 3]) -> Array3<f64> {
    Array3::from_shape_fn(shape, |(z, y, x)| {
        ((3 * x * x + 5 * x * y + 11 * z + y * y + 7 * z * x) % 17) as f64 - 8.0
    })
}

/// The response of voxels of a millimetre.
fn respond(image: &Array3<f64>, filter: &Filter) -> Array3<f64> {
    apply(image.view(), [1.0; 3], filter).unwrap()
}

/// The largest difference of two responses.
fn difference(one: &Array3<f64>, other: &Array3<f64>) -> f64 {
    assert_eq!(one.dim(), other.dim());
    one.iter().zip(other).fold(0.0, |most, (one, other)| most.max((one - other).abs()))
}

/// A filter from its settings, as they stand in a file.
fn filter(settings: &str) -> Filter {
    toml::from_str(settings).unwrap()
}

/// One filter of each kind with these dimensions and boundary, not turned: linear but for the last, Gabor's.
fn plain(dimensions: &str, boundary: &str) -> Vec<Filter> {
    let (kernels, bands, order) = match dimensions {
        "2d" => (r#"["E5", "W5"]"#, r#"["H", "L"]"#, "[1, 2]"),
        _ => (r#"["E5", "W5", "L3"]"#, r#"["H", "L", "L"]"#, "[1, 2, 0]"),
    };
    [
        "kind = 'mean'\nsupport_voxels = 3".to_owned(),
        "kind = 'laplacian-of-gaussian'\nsigma_mm = 0.9\ncutoff_sigmas = 4".to_owned(),
        format!("kind = 'laplacian-of-gaussian'\nsigma_mm = 1.1\ncutoff_sigmas = 4\nriesz.order = {order}"),
        format!("kind = 'laws'\nkernels = {kernels}"),
        format!("kind = 'separable-wavelet'\nwavelet = 'daubechies2'\nbands = {bands}\nlevel = 1"),
        "kind = 'simoncelli'\nlevel = 1\nsampling = 'exact'".to_owned(),
        format!("kind = 'simoncelli'\nlevel = 1\nsampling = 'exact'\nriesz.order = {order}"),
        "kind = 'gabor'\nsigma_mm = 1.5\nwavelength_mm = 3.5\naspect_ratio = 0.8\norientation_deg = 25\npooling = 'max'\nplanes = 'axial'"
            .to_owned(),
    ]
    .iter()
    .map(|settings| {
        let dimensions = if settings.contains("gabor") { String::new() } else { format!("dimensions = '{dimensions}'") };
        // Tables stand last in a file.
        let (first, rest) = settings.split_once('\n').unwrap();
        filter(&format!("{first}\nboundary = '{boundary}'\n{dimensions}\n{rest}"))
    })
    .collect()
}

/// Filters that do not change under rotations by right angles.
fn invariant(boundary: &str) -> Vec<Filter> {
    let sampling = "sampling = 'exact'\n";
    [
        "kind = 'mean'\nsupport_voxels = 3\ndimensions = '3d'".to_owned(),
        "kind = 'laplacian-of-gaussian'\nsigma_mm = 0.9\ncutoff_sigmas = 4\ndimensions = '3d'".to_owned(),
        "kind = 'laws'\nkernels = ['E5', 'W5', 'L3']\nrotation_pooling = 'max'\nenergy_distance_voxels = 2\ndimensions = '3d'".to_owned(),
        "kind = 'laws'\nkernels = ['E5', 'W5', 'S3']\nrotation_pooling = 'average'\ndimensions = '3d'".to_owned(),
        "kind = 'separable-wavelet'\nwavelet = 'daubechies3'\nbands = ['L', 'L', 'H']\nlevel = 2\nrotation_pooling = 'average'\ndimensions = '3d'".to_owned(),
        "kind = 'separable-wavelet'\nwavelet = 'coiflet1'\nbands = ['H', 'L', 'H']\nlevel = 1\nrotation_pooling = 'max'\ndimensions = '3d'".to_owned(),
        format!("kind = 'simoncelli'\nlevel = 1\n{sampling}dimensions = '3d'"),
        "kind = 'gabor'\nsigma_mm = 1.5\nwavelength_mm = 3.5\naspect_ratio = 0.8\norientation_step_deg = 45\npooling = 'average'\nplanes = 'orthogonal'".to_owned(),
        format!("kind = 'simoncelli'\nlevel = 2\n{sampling}dimensions = '3d'\nriesz.order = [2, 0, 0]\nriesz.alignment_sigma_mm = 1.0"),
        "kind = 'laplacian-of-gaussian'\nsigma_mm = 1.0\ncutoff_sigmas = 4\ndimensions = '3d'\nriesz.order = [1, 0, 0]\nriesz.alignment_sigma_mm = 0.8".to_owned(),
    ]
    .iter()
    .map(|settings| {
        let (first, rest) = settings.split_once('\n').unwrap();
        filter(&format!("{first}\nboundary = '{boundary}'\n{rest}"))
    })
    .collect()
}
