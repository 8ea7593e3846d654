//! Carried muscles moved to where muscle ends in the scan, all together and smoothly.
//!
//! Bones say where a muscle begins and ends, not how thick it is between: fat and bone around it do. Along the normal of every vertex
//! the change from muscle to what is none is looked for. The displacement of all surfaces is a Gaussian process that
//! these gaps condition (Luthi et al. 2018, IEEE Trans Pattern Anal Mach Intell 40:1860); it moves a vertex along its
//! normal, and along the surface only as its surroundings do. Where two muscles touch without fat between them there is no
//! change, and the neighbourhood decides.

use super::patch::Patch;
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Mesh, Point};
use nalgebra::{DMatrix, DVector, Point3, Vector3};
use rayon::prelude::*;

/// Rounds, and how far a change is looked for in the first and in the last, in mm.
const ROUNDS: usize = 8;
const FIRST_REACH_MM: f64 = 22.0;
const LAST_REACH_MM: f64 = 8.0;
/// Where another muscle lies this near, in mm, a change farther off than the second is of that one.
const NEIGHBOUR_MM: f64 = 4.0;
const NEIGHBOUR_REACH_MM: f64 = 5.0;
/// Steps along a normal, and the length on either side of a change that is compared, in mm.
const STEP_MM: f64 = 1.0;
const SIDE_MM: f64 = 5.0;
/// A change of less than this, of the whole way from muscle to none, is none.
const LEAST_CHANGE: f64 = 0.3;
/// Standard deviation in mm of where a change is seen.
const SEEN_SD_MM: f64 = 2.5;
/// What one of the vertices that look counts for: a whole face of a muscle may be taken for its neighbour's, so that errors
/// of a region of several centimetres go together.
const WORTH: f64 = 0.02;
/// How muscles differ from where bones carry them: reach and standard deviation in mm.
const KERNEL_MM: [(f64, f64); 2] = [(70.0, 8.0), (25.0, 4.0)];
/// Places that the displacement is spanned by, and vertices that look for a change.
const CONTROLS: usize = 170;
const LOOKING: usize = 3500;

/// Moves the surfaces; they keep their triangles.
pub(super) fn lay(muscles: &mut [(String, Mesh<RightSide>)], patch: &Patch) {
    let carried: Vec<Point3<f64>> =
        muscles.iter().flat_map(|(_, m)| m.vertices.iter().map(|v| v.coords())).collect();
    if carried.is_empty() {
        return;
    }
    let controls = spread(&carried, CONTROLS);
    let step = carried.len().div_ceil(LOOKING).max(1);
    let covariance = DMatrix::from_fn(controls.len(), controls.len(), |i, j| {
        kernel((controls[i] - controls[j]).norm()) + if i == j { 1e-4 } else { 0.0 }
    });
    let basis: Vec<DVector<f64>> =
        (0..carried.len()).into_par_iter().step_by(step).map(|v| row(&carried[v], &controls)).collect();
    let beside = beside(muscles, patch);
    for round in 0..ROUNDS {
        let part = round as f64 / (ROUNDS - 1) as f64;
        let reach = FIRST_REACH_MM + (LAST_REACH_MM - FIRST_REACH_MM) * part;
        let (points, normals) = flat(muscles);
        let seen: Vec<(usize, Vector3<f64>, f64, f64)> = (0..basis.len())
            .into_par_iter()
            .filter_map(|n| {
                let v = n * step;
                let reach = if beside[v] { NEIGHBOUR_REACH_MM } else { reach };
                let (gap, sharpness) = change(patch, points[v], normals[v], reach)?;
                // From where the bones carried it.
                let total = (points[v] - carried[v]).dot(&normals[v]) + gap;
                Some((n, normals[v], total, sharpness))
            })
            .collect();
        let Some(weights) = solve(&covariance, &basis, &seen) else { return };
        let moved: Vec<Point3<f64>> = carried
            .par_iter()
            .map(|p| {
                let row = row(p, &controls);
                p + Vector3::from_fn(|axis, _| row.dot(&weights.column(axis)))
            })
            .collect();
        let mut next = moved.into_iter();
        for (_, mesh) in muscles.iter_mut() {
            for (vertex, place) in mesh.vertices.iter_mut().zip(&mut next) {
                *vertex = Point::from_coords(place);
            }
        }
    }
}

/// Whether another muscle lies just outside each vertex.
fn beside(muscles: &[(String, Mesh<RightSide>)], patch: &Patch) -> Vec<bool> {
    let depths: Vec<Vec<f32>> = muscles.par_iter().map(|(_, mesh)| patch.depth(mesh, NEIGHBOUR_MM)).collect();
    let mut found = Vec::new();
    for (own, (_, mesh)) in muscles.iter().enumerate() {
        for (vertex, normal) in mesh.vertices.iter().zip(mesh.vertex_normals()) {
            let outside = patch.nearest(vertex.coords() + 0.75 * NEIGHBOUR_MM * normal.coords());
            let is_near = |n: usize| {
                let other =
                    |(m, depth): (usize, &Vec<f32>)| m != own && f64::from(depth[n]) > -0.25 * NEIGHBOUR_MM;
                depths.iter().enumerate().any(other)
            };
            found.push(outside.is_some_and(is_near));
        }
    }
    found
}

fn kernel(distance: f64) -> f64 {
    KERNEL_MM.iter().map(|(reach, sd)| sd * sd * (-0.5 * (distance / reach).powi(2)).exp()).sum()
}

fn row(point: &Point3<f64>, controls: &[Point3<f64>]) -> DVector<f64> {
    DVector::from_iterator(controls.len(), controls.iter().map(|c| kernel((point - c).norm())))
}

/// Weights of the kernels at the controls, a column for each axis, that minimise
/// `sum w (n·u - gap)² / sd² + sum over axes aᵀ K a`.
fn solve(
    covariance: &DMatrix<f64>,
    basis: &[DVector<f64>],
    seen: &[(usize, Vector3<f64>, f64, f64)],
) -> Option<DMatrix<f64>> {
    let count = covariance.nrows();
    let mut rows = DMatrix::zeros(3 * count, seen.len());
    let mut pull = DVector::zeros(3 * count);
    for ((n, normal, gap, weight), mut column) in seen.iter().zip(rows.column_iter_mut()) {
        let root = (WORTH * weight).sqrt() / SEEN_SD_MM;
        for axis in 0..3 {
            column.rows_mut(axis * count, count).axpy(root * normal[axis], &basis[*n], 0.0);
        }
        pull.axpy(root * gap, &column, 1.0);
    }
    let mut system = &rows * rows.transpose();
    for axis in 0..3 {
        let mut own = system.view_mut((axis * count, axis * count), (count, count));
        own += covariance;
    }
    let solution = system.cholesky()?.solve(&pull);
    Some(DMatrix::from_fn(count, 3, |row, axis| solution[axis * count + row]))
}

/// Where, along a normal, muscle changes to none, in mm from the point, and how sharply, up to 1.
fn change(patch: &Patch, point: Point3<f64>, normal: Vector3<f64>, reach: f64) -> Option<(f64, f64)> {
    if normal.norm() < 0.5 {
        return None;
    }
    let width = (SIDE_MM / STEP_MM) as usize;
    let half = (reach / STEP_MM) as usize + width;
    let profile: Vec<f64> = (0..=2 * half)
        .map(|n| patch.muscle_at(point + normal * ((n as f64 - half as f64) * STEP_MM)))
        .collect::<Option<_>>()?;
    let mut sums = vec![0.0; profile.len() + 1];
    for (n, value) in profile.iter().enumerate() {
        sums[n + 1] = sums[n] + value;
    }
    let mut best: Option<(f64, f64, f64)> = None;
    // The change lies between n - 1 and n.
    for n in width..=profile.len() - width {
        let (inside, outside) = (sums[n] - sums[n - width], sums[n + width] - sums[n]);
        let sharpness = (inside - outside) / width as f64;
        let gap = (n as f64 - 0.5 - half as f64) * STEP_MM;
        let score = sharpness - 0.5 * (gap / reach).powi(2);
        if sharpness > LEAST_CHANGE && best.is_none_or(|b| score > b.0) {
            best = Some((score, gap, sharpness));
        }
    }
    best.map(|(_, gap, sharpness)| (gap, sharpness))
}

fn flat(muscles: &[(String, Mesh<RightSide>)]) -> (Vec<Point3<f64>>, Vec<Vector3<f64>>) {
    let points = muscles.iter().flat_map(|(_, m)| m.vertices.iter().map(|v| v.coords())).collect();
    let normals = muscles.iter().flat_map(|(_, m)| m.vertex_normals().into_iter().map(|n| n.coords()));
    (points, normals.collect())
}

/// Points far from one another: the farthest from those taken is taken next.
fn spread(points: &[Point3<f64>], count: usize) -> Vec<Point3<f64>> {
    let mut taken = vec![points[0]];
    let mut distances = vec![f64::INFINITY; points.len()];
    while taken.len() < count.min(points.len()) {
        let last = taken[taken.len() - 1];
        let mut farthest = 0;
        for (n, point) in points.iter().enumerate() {
            distances[n] = distances[n].min((point - last).norm_squared());
            if distances[n] > distances[farthest] {
                farthest = n;
            }
        }
        if distances[farthest] <= 0.0 {
            break;
        }
        taken.push(points[farthest]);
    }
    taken
}
