//! A model from shapes in correspondence.

use super::generalised_procrustes::align;
use super::kernel::Kernel;
use super::left_out;
use super::model::{ShapeModel, orthonormal};
use super::provenance::Provenance;
use nalgebra::{DMatrix, DVector, Point3};

/// Why no model was built.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BuildError {
    /// A spread needs more than two shapes to say anything of what is left out.
    #[error("a shape model needs at least 3 shapes, found {0}")]
    TooFewShapes(usize),
    /// Shapes are not in correspondence.
    #[error(
        "shape {shape} has {found} vertices and shape 0 has {expected}; shapes of a model have the same vertices"
    )]
    NotInCorrespondence {
        /// Index of the shape.
        shape: usize,
        /// Its vertices.
        found: usize,
        /// Vertices of the first.
        expected: usize,
    },
    /// A coordinate is infinite or not a number.
    #[error("shape {0} has a vertex that is not finite")]
    NotFinite(usize),
    /// A face names a vertex that does not exist.
    #[error("face {0} uses a vertex that does not exist")]
    Face(usize),
    /// All shapes are the same.
    #[error("the shapes are all the same; a shape model needs shapes that differ")]
    NoVariation,
}

/// Builds a model of right bones (mirror left ones before) from shapes in correspondence, in any pose, at most `max_modes` modes.
///
/// Shapes are aligned rigidly, without scaling. Modes and variances are the principal components of their covariance.
/// The noise is the average variance that the modes discard, as in probabilistic principal component analysis (Tipping
/// and Bishop 1999 J R Stat Soc B 61:611). Few shapes discard nothing, so it is estimated by leaving each shape
/// out: its mean square distance from the span of the others. All modes are shrunk by one factor so that the total variance, of which the sample's is an unbiased
/// estimate, stays what it is.
///
/// # Errors
/// Any [`BuildError`].
pub fn build(
    bone: &str,
    faces: Vec<[u32; 3]>,
    shapes: &[Vec<Point3<f64>>],
    max_modes: usize,
    mut provenance: Provenance,
) -> Result<ShapeModel, BuildError> {
    check(&faces, shapes)?;
    let aligned = align(shapes);
    let vertices = aligned[0].len();
    let count = aligned.len() as f64;
    let mut centred =
        DMatrix::from_fn(3 * vertices, aligned.len(), |row, column| aligned[column][row / 3][row % 3]);
    let mean: DVector<f64> = centred.column_mean();
    for mut column in centred.column_iter_mut() {
        column -= &mean;
    }
    let left_out = left_out::residuals(&centred);
    let (modes, variances) = orthonormal(&(&centred / (count - 1.0).sqrt()));
    if variances.is_empty() || variances[0] < 1e-12 {
        return Err(BuildError::NoVariation);
    }
    let kept = variances.len().min(max_modes);
    let total = variances.sum();
    let dropped: f64 = variances.iter().skip(kept).sum();
    let unseen = (left_out.norm_squared() / count + dropped).min(0.9 * total);
    let shrink = (total - unseen) / (total - dropped);
    let noise_variance = unseen / (3 * vertices) as f64;
    let kernel = Kernel::estimate(&mean, &left_out, noise_variance);
    provenance.shapes = shapes.len();
    provenance.program_version = env!("CARGO_PKG_VERSION").to_owned();
    Ok(ShapeModel {
        bone: bone.to_owned(),
        faces,
        mean,
        modes: modes.columns(0, kept).into_owned(),
        variances: variances.rows(0, kept) * shrink,
        noise_variance,
        kernel,
        provenance,
    })
}

fn check(faces: &[[u32; 3]], shapes: &[Vec<Point3<f64>>]) -> Result<(), BuildError> {
    if shapes.len() < 3 {
        return Err(BuildError::TooFewShapes(shapes.len()));
    }
    let expected = shapes[0].len();
    for (shape, points) in shapes.iter().enumerate() {
        if points.len() != expected {
            return Err(BuildError::NotInCorrespondence { shape, found: points.len(), expected });
        }
        if !points.iter().all(|p| p.iter().all(|c| c.is_finite())) {
            return Err(BuildError::NotFinite(shape));
        }
    }
    match faces.iter().position(|f| f.iter().any(|&v| v as usize >= expected)) {
        Some(face) => Err(BuildError::Face(face)),
        None => Ok(()),
    }
}
