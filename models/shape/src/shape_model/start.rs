//! Where a model is laid before it is fitted: rigid, by the landmarks of a femur or by principal axes, the best of several.

use super::generalised_procrustes::rigid_fit;
use super::pieces::Pieces;
use super::target::{COMPATIBLE, Place, Posed, Target, places};
use crate::landmarks::ball::{Facing, find_sphere};
use crate::landmarks::proximal_femur;
use crate::landmarks::shape::Shape;
use coxa_geometry::Mesh;
use coxa_geometry::frame::RightSide;
use nalgebra::{
    Isometry3, Matrix3, Point3, Rotation3, SymmetricEigen, Translation3, UnitQuaternion, Vector3,
};
use rayon::prelude::*;

/// Rounds of closest points that every start is given before they are compared.
const ROUNDS: usize = 25;

/// Places of the target that are compared.
const PLACES: usize = 400;

/// Share of the places that counts, the nearest ones: a target may have growths that the model lacks.
const COUNTED: f64 = 0.9;

/// The rigid motion that lays a mean surface on targets, each on its own piece; the second number is the mean distance
/// in mm of the targets' places from it. `None` where the mean is no usable surface.
pub(super) fn find(
    mean: &Mesh<RightSide>,
    pieces: &Pieces,
    targets: &[Target<'_>],
) -> Option<(Isometry3<f64>, f64)> {
    let surface = Posed::new(mean.clone(), pieces)?;
    let shown: Vec<Shape> = targets
        .iter()
        .map(|t| Shape::new(&pieces.mesh(mean, t.piece), 0.0, &|_| false))
        .collect::<Option<_>>()?;
    let theirs: Vec<&Shape> = targets.iter().map(Target::shape).collect();
    let mut starts = principal(&shown.iter().collect::<Vec<_>>(), &theirs);
    if let ([own], [target]) = (&shown[..], &theirs[..]) {
        starts.extend(by_femoral_head(own, target));
    }
    let places = places(targets, PLACES);
    starts
        .into_par_iter()
        .map(|start| settle(&surface, &places, start))
        .collect::<Vec<_>>()
        .into_iter()
        .min_by(|a, b| a.1.total_cmp(&b.1))
}

/// Closest points from the target to the mean, those that fit worst left out (trimmed iterative closest point).
fn settle(surface: &Posed<'_>, places: &[Place], mut pose: Isometry3<f64>) -> (Isometry3<f64>, f64) {
    let mut score = f64::INFINITY;
    for _ in 0..ROUNDS {
        let mut pairs: Vec<(f64, Point3<f64>, Point3<f64>)> = places
            .iter()
            .map(|place| {
                let (on, normal, distance) =
                    surface.nearest(place.piece, pose.inverse_transform_point(&place.point));
                let facing = pose.rotation * normal;
                // Facing the wrong way counts as being further off.
                let penalty = if facing.dot(&place.normal) > COMPATIBLE { 1.0 } else { 2.0 };
                (distance * penalty + 5.0 * (penalty - 1.0), on, place.point)
            })
            .collect();
        pairs.sort_by(|a, b| a.0.total_cmp(&b.0));
        pairs.truncate(((COUNTED * pairs.len() as f64) as usize).max(3));
        score = pairs.iter().map(|p| p.0).sum::<f64>() / pairs.len().max(1) as f64;
        let (from, to): (Vec<_>, Vec<_>) = pairs.into_iter().map(|(_, a, b)| (a, b)).unzip();
        pose = rigid_fit(&from, &to, None);
    }
    (pose, score)
}

/// Principal axes laid on principal axes in the four ways that are rotations, and as the patient lies, with centroids and with upper ends
/// together.
fn principal(own: &[&Shape], target: &[&Shape]) -> Vec<Isometry3<f64>> {
    let (a, b) = (axes(own), axes(target));
    let mut starts: Vec<Isometry3<f64>> = [[1.0, 1.0], [1.0, -1.0], [-1.0, 1.0], [-1.0, -1.0]]
        .into_iter()
        .map(|[first, second]| {
            let flip = Matrix3::from_diagonal(&Vector3::new(first, second, first * second));
            let turn = b.1 * flip * a.1.transpose();
            let rotation = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(turn));
            Isometry3::from_parts(Translation3::from(b.0 - rotation * a.0), rotation)
        })
        .collect();
    let shift = b.0 - a.0;
    starts.push(Translation3::from(shift).into());
    let top =
        |all: &[&Shape]| all.iter().flat_map(|s| &s.points).map(|p| p.z).fold(f64::NEG_INFINITY, f64::max);
    starts.push(Translation3::new(shift.x, shift.y, top(target) - top(own)).into());
    starts
}

/// Centroid and principal axes of surfaces together, right-handed, the longest first.
fn axes(shapes: &[&Shape]) -> (Vector3<f64>, Matrix3<f64>) {
    let weighted = || shapes.iter().flat_map(|s| s.points.iter().zip(&s.areas));
    let total: f64 = weighted().map(|(_, a)| *a).sum();
    let centre = weighted().map(|(p, a)| p.coords * *a).sum::<Vector3<f64>>() / total;
    let scatter = weighted().fold(Matrix3::zeros(), |sum, (p, a)| {
        let d = p.coords - centre;
        sum + d * d.transpose() * *a
    });
    let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(scatter);
    let mut order = [0, 1, 2];
    order.sort_by(|&i, &j| eigenvalues[j].total_cmp(&eigenvalues[i]));
    let (x, y) = (eigenvectors.column(order[0]).into_owned(), eigenvectors.column(order[1]).into_owned());
    (centre, Matrix3::from_columns(&[x, y, x.cross(&y)]))
}

/// Head on head, neck on neck, shaft on shaft, where both have them.
fn by_femoral_head(own: &Shape, target: &Shape) -> Option<Isometry3<f64>> {
    let (a, b) = (head_frame(own)?, head_frame(target)?);
    Some(b * a.inverse())
}

fn head_frame(shape: &Shape) -> Option<Isometry3<f64>> {
    let head = find_sphere(shape, Facing::Ball)?;
    let femur = proximal_femur::find(shape, &head, Vector3::z())?;
    let matrix = Matrix3::from_columns(&[femur.medial, femur.up, femur.medial.cross(&femur.up)]);
    let rotation = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(matrix));
    Some(Isometry3::from_parts(Translation3::from(head.centre.coords().coords), rotation))
}
