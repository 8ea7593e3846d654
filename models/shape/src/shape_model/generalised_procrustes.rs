//! Rigid alignment of shapes in correspondence: partial Procrustes, which turns and shifts but never scales, because size
//! is part of a bone's shape (Dryden and Mardia 1998, Statistical Shape Analysis, chapter 4).

use nalgebra::{Isometry3, Matrix3, Point3, Rotation3, SVD, Translation3, UnitQuaternion, Vector3};
use rayon::prelude::*;

/// Rounds after which the mean no longer moves for any bone.
const MAX_ROUNDS: usize = 100;

/// The mean moves less than this at the end, root mean square in mm.
const SETTLED_MM: f64 = 1e-9;

/// The rigid motion that takes points `from` to points `to` with the least weighted sum of squared distances (Kabsch
/// 1976 Acta Cryst A32:922, without reflection). Weights that are missing count as one. Identity for fewer than one pair; where the points
/// lie on a line, one of the equally good motions.
pub fn rigid_fit(from: &[Point3<f64>], to: &[Point3<f64>], weights: Option<&[f64]>) -> Isometry3<f64> {
    let weight = |i: usize| weights.and_then(|w| w.get(i)).copied().unwrap_or(1.0);
    let pairs = from.len().min(to.len());
    let total: f64 = (0..pairs).map(weight).sum();
    if total.is_nan() || total <= 0.0 {
        return Isometry3::identity();
    }
    let centre = |points: &[Point3<f64>]| -> Vector3<f64> {
        (0..pairs).map(|i| points[i].coords * weight(i)).sum::<Vector3<f64>>() / total
    };
    let (a, b) = (centre(from), centre(to));
    let cross = (0..pairs).fold(Matrix3::zeros(), |sum, i| {
        sum + (to[i].coords - b) * (from[i].coords - a).transpose() * weight(i)
    });
    let svd = SVD::new(cross, true, true);
    let (Some(u), Some(v_t)) = (svd.u, svd.v_t) else {
        return Translation3::from(b - a).into();
    };
    // Singular values come sorted: a reflection is undone in the direction that matters least.
    let sign = if (u * v_t).determinant() < 0.0 { -1.0 } else { 1.0 };
    let turn = u * Matrix3::from_diagonal(&Vector3::new(1.0, 1.0, sign)) * v_t;
    let rotation = UnitQuaternion::from_rotation_matrix(&Rotation3::from_matrix_unchecked(turn));
    Isometry3::from_parts(Translation3::from(b - rotation * a), rotation)
}

/// Aligns shapes to their common mean, whose centroid is at the origin and whose axes are those of the first shape as far as the
/// others agree. Returns the aligned shapes; all must have the same number of points.
pub(super) fn align(shapes: &[Vec<Point3<f64>>]) -> Vec<Vec<Point3<f64>>> {
    let Some(first) = shapes.first() else { return Vec::new() };
    let mut mean = centred(first);
    let mut aligned = shapes.to_vec();
    for _ in 0..MAX_ROUNDS {
        aligned = shapes
            .par_iter()
            .map(|shape| {
                let motion = rigid_fit(shape, &mean, None);
                shape.iter().map(|p| motion * p).collect()
            })
            .collect();
        let next = mean_of(&aligned);
        let moved: f64 = next.iter().zip(&mean).map(|(p, q)| (p - q).norm_squared()).sum();
        mean = next;
        if (moved / mean.len().max(1) as f64).sqrt() < SETTLED_MM {
            break;
        }
    }
    aligned
}

fn centred(shape: &[Point3<f64>]) -> Vec<Point3<f64>> {
    let centre = shape.iter().map(|p| p.coords).sum::<Vector3<f64>>() / shape.len().max(1) as f64;
    shape.iter().map(|p| p - centre).collect()
}

fn mean_of(shapes: &[Vec<Point3<f64>>]) -> Vec<Point3<f64>> {
    let points = shapes.first().map_or(0, Vec::len);
    (0..points)
        .map(|i| Point3::from(shapes.iter().map(|s| s[i].coords).sum::<Vector3<f64>>() / shapes.len() as f64))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cloud() -> impl Strategy<Value = Vec<Point3<f64>>> {
        prop::collection::vec(prop::array::uniform3(-50.0..50.0f64).prop_map(Point3::from), 6..20)
    }

    proptest! {
        #[test]
        fn a_rigid_motion_is_found_again(
            points in cloud(), turn in prop::array::uniform3(-2.0..2.0f64), shift in prop::array::uniform3(-300.0..300.0f64),
        ) {
            let motion = Isometry3::new(shift.into(), turn.into());
            let moved: Vec<_> = points.iter().map(|p| motion * p).collect();
            let found = rigid_fit(&points, &moved, None);
            for (p, q) in points.iter().zip(&moved) {
                prop_assert!((found * p - q).norm() < 1e-8);
            }
        }

        #[test]
        fn alignment_does_not_depend_on_where_shapes_lay(
            a in cloud(), noise in prop::collection::vec(prop::array::uniform3(-3.0..3.0f64), 20),
            turn in prop::array::uniform3(-2.0..2.0f64), shift in prop::array::uniform3(-300.0..300.0f64),
        ) {
            let b: Vec<Point3<f64>> = a.iter().zip(&noise).map(|(p, n)| p + Vector3::from(*n)).collect();
            let motion = Isometry3::new(shift.into(), turn.into());
            let moved: Vec<_> = b.iter().map(|p| motion * p).collect();
            let (plain, turned) = (align(&[a.clone(), b]), align(&[a, moved]));
            for (p, q) in plain[1].iter().zip(&turned[1]) {
                prop_assert!((p - q).norm() < 1e-5, "{p} {q}");
            }
        }

        #[test]
        fn a_mirror_image_is_not_turned_into_its_original(points in cloud()) {
            let mirrored: Vec<_> = points.iter().map(|p| Point3::new(-p.x, p.y, p.z)).collect();
            let found = rigid_fit(&points, &mirrored, None);
            prop_assert!((found.rotation.to_rotation_matrix().matrix().determinant() - 1.0).abs() < 1e-9);
        }
    }
}
