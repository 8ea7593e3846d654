//! How good a model is: compactness, generalisation and specificity (Styner et al. 2003 IPMI; Davies 2002).

use super::build::{BuildError, build};
use super::fit::{FitOptions, fit_pieces};
use super::generalised_procrustes::{align, rigid_fit};
use super::model::{ShapeModel, points};
use super::provenance::{Metrics, Provenance};
use super::scoring::surface_distance;
use coxa_geometry::frame::{Patient, Template};
use coxa_geometry::{Mesh, Point, Side};
use nalgebra::{DVector, Point3};
use rayon::prelude::*;

/// Part of a bone, from its upper end, that its completion is judged from.
const UPPER_PART: f64 = 0.25;

/// Part of a model of several pieces, from its lower end, that its completion is judged from: a scan of the hips cuts the pelvis
/// from above.
const LOWER_PART: f64 = 0.6;

/// Modes up to which generalisation is measured.
const MOST_MODES: usize = 15;

/// Samples of the specificity.
const SAMPLES: u64 = 200;

/// Rounds in which pose and coefficients of a shape in correspondence settle.
const ROUNDS: usize = 20;

impl ShapeModel {
    /// Share of the total variance, noise included, that the first mode explains, the first two, and so on.
    pub fn compactness(&self) -> Vec<f64> {
        let total = self.variances.sum() + self.noise_variance * self.mean.len() as f64;
        self.variances
            .iter()
            .scan(0.0, |sum, v| {
                *sum += v;
                Some(*sum / total)
            })
            .collect()
    }
}

/// Measures a model that was built of these shapes.
///
/// # Errors
/// Where a model of all shapes but one cannot be built.
pub fn measure(model: &ShapeModel, shapes: &[Vec<Point3<f64>>]) -> Result<Metrics, BuildError> {
    let (completion_factor, completion_mm) = completion(model, shapes)?;
    Ok(Metrics {
        generalisation_mm: generalisation(model, shapes)?,
        specificity_mm: specificity(model, shapes),
        completion_factor,
        completion_mm,
    })
}

/// The model of all shapes but one.
fn without(
    model: &ShapeModel,
    shapes: &[Vec<Point3<f64>>],
    left_out: usize,
) -> Result<ShapeModel, BuildError> {
    let others: Vec<_> =
        shapes.iter().enumerate().filter(|(i, _)| *i != left_out).map(|(_, s)| s.clone()).collect();
    build(&model.bone, model.faces.clone(), &others, model.mode_count(), Provenance::default())
}

/// Factor and error of [`Metrics`]; shapes that cannot be fitted are passed over, and no factor is below one.
fn completion(model: &ShapeModel, shapes: &[Vec<Point3<f64>>]) -> Result<(f64, f64), BuildError> {
    let found = (0..shapes.len())
        .into_par_iter()
        .map(|left_out| {
            let small = without(model, shapes, left_out)?;
            Ok(completed(&small, &shapes[left_out]))
        })
        .collect::<Result<Vec<_>, BuildError>>()?;
    let (errors, variances, count) =
        found.into_iter().flatten().fold((0.0, 0.0, 0.0), |sum, (e, v, n)| (sum.0 + e, sum.1 + v, sum.2 + n));
    if count == 0.0 || variances <= 0.0 {
        return Ok((1.0, 0.0));
    }
    Ok(((errors / variances).sqrt().max(1.0), (errors / count).sqrt()))
}

/// Sums of squared errors and of variances along the normals of unseen vertices, and their number.
fn completed(model: &ShapeModel, shape: &[Point3<f64>]) -> Option<(f64, f64, f64)> {
    // In the pose of the model, so that its z runs along the bone's upper end.
    let mean: Vec<Point3<f64>> = points::<Template>(&model.mean).iter().map(|p| p.coords()).collect();
    let motion = rigid_fit(shape, &mean, None);
    let vertices: Vec<Point<Patient>> = shape.iter().map(|p| Point::from_coords(motion * p)).collect();
    let whole = Mesh { vertices, triangles: model.faces.clone() };
    let (low, high) = whole.bounds()?;
    let pieces = model.pieces();
    // How far a place is into what is seen, in mm.
    let height = high.z() - low.z();
    let depth = |p: Point<Patient>| match pieces.count() {
        0 | 1 => p.z() - (high.z() - UPPER_PART * height),
        _ => low.z() + LOWER_PART * height - p.z(),
    };
    let is_seen = |v: &u32| depth(whole.vertices[*v as usize]) > 0.0;
    let seen: Vec<Mesh<Patient>> = (0..pieces.count())
        .map(|piece| {
            let all = pieces.triangles(piece).iter().map(|&t| whole.triangles[t]);
            let triangles = all.filter(|t| t.iter().all(is_seen)).collect();
            Mesh { vertices: whole.vertices.clone(), triangles }
        })
        .collect();
    let options = FitOptions { places: 1000, ..FitOptions::default() };
    let found = fit_pieces(model, &seen.iter().map(Some).collect::<Vec<_>>(), Side::Right, &options).ok()?;
    let (mesh, sds) = (found.mesh(), found.vertex_sd());
    let normals = mesh.vertex_normals();
    let unseen = (0..whole.vertices.len()).filter(|&v| depth(whole.vertices[v]) < -5.0);
    Some(unseen.fold((0.0, 0.0, 0.0), |(errors, variances, count), v| {
        let error = (whole.vertices[v] - mesh.vertices[v]).dot(normals[v]);
        (errors + error * error, variances + sds[v] * sds[v], count + 1.0)
    }))
}

fn generalisation(model: &ShapeModel, shapes: &[Vec<Point3<f64>>]) -> Result<Vec<f64>, BuildError> {
    let rows: Vec<Vec<f64>> = (0..shapes.len())
        .into_par_iter()
        .map(|left_out| {
            let small = without(model, shapes, left_out)?;
            Ok((1..=small.mode_count().min(MOST_MODES))
                .map(|count| {
                    let (seen, given) = in_correspondence(&small, &shapes[left_out], count);
                    surface_distance(&seen, &given, |_| true).mean_mm
                })
                .collect())
        })
        .collect::<Result<_, BuildError>>()?;
    let shortest = rows.iter().map(Vec::len).min().unwrap_or(0);
    Ok((0..shortest).map(|k| rows.iter().map(|r| r[k]).sum::<f64>() / rows.len() as f64).collect())
}

/// A shape in the pose of the model, and what the first `count` modes make of it, by least squares over pose and coefficients.
fn in_correspondence(
    model: &ShapeModel,
    shape: &[Point3<f64>],
    count: usize,
) -> (Mesh<Template>, Mesh<Template>) {
    let truncated = model.truncated(count);
    let mut given = model.mean.clone();
    let mut posed = shape.to_vec();
    for _ in 0..ROUNDS {
        let wanted: Vec<Point3<f64>> = points::<Template>(&given).iter().map(|p| p.coords()).collect();
        let motion = rigid_fit(shape, &wanted, None);
        posed = shape.iter().map(|p| motion * p).collect();
        let away = flat(&posed) - &truncated.mean;
        given = &truncated.mean + &truncated.modes * truncated.modes.tr_mul(&away);
    }
    (model.mesh(&flat(&posed)), model.mesh(&given))
}

fn specificity(model: &ShapeModel, shapes: &[Vec<Point3<f64>>]) -> f64 {
    let mut examples = align(shapes);
    let mean: Vec<Point3<f64>> = points::<Template>(&model.mean).iter().map(|p| p.coords()).collect();
    for example in &mut examples {
        let motion = rigid_fit(example, &mean, None);
        example.iter_mut().for_each(|p| *p = motion * *p);
    }
    let nearest: f64 = (0..SAMPLES)
        .into_par_iter()
        .map(|seed| {
            let sample = model.sample(seed).vertices;
            let distance = |example: &Vec<Point3<f64>>| {
                let sum: f64 = sample.iter().zip(example).map(|(a, b)| (a.coords() - b).norm()).sum();
                sum / sample.len().max(1) as f64
            };
            examples.iter().map(distance).fold(f64::INFINITY, f64::min)
        })
        .collect::<Vec<_>>()
        .into_iter()
        .sum();
    nearest / SAMPLES as f64
}

fn flat(shape: &[Point3<f64>]) -> DVector<f64> {
    DVector::from_iterator(3 * shape.len(), shape.iter().flat_map(|p| [p.x, p.y, p.z]))
}

#[cfg(test)]
mod tests {
    use super::super::tests::{ball, bumpy};
    use super::*;

    #[test]
    fn more_modes_generalise_better_and_three_describe_three_ways_to_differ() {
        let shapes = bumpy(9, 10, 4);
        let model = build("ball", ball(10).triangles, &shapes, usize::MAX, Provenance::default()).unwrap();
        let metrics = measure(&model, &shapes).unwrap();
        let found = &metrics.generalisation_mm;
        assert!(found.windows(2).all(|w| w[1] <= w[0] + 1e-6), "{found:?}");
        // Size, bump and bend are three modes, but for what turns and bends do together.
        assert!(found[0] > 0.5 && found[2] < 0.1, "{found:?}");
        let compactness = model.compactness();
        assert!(compactness[2] > 0.99 && compactness.windows(2).all(|w| w[0] <= w[1]));
        assert!(metrics.specificity_mm > 0.0 && metrics.specificity_mm < 10.0);
    }
}
