//! Where muscle ends along a normal.

use super::patch::Patch;
use coxa_shape::muscle_atlas::CarriedMuscle;
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// Where another muscle lies this near, in mm, a change farther off than [`NEIGHBOUR_REACH_MM`] is of that one.
const NEIGHBOUR_MM: f64 = 4.0;
/// See above.
pub(super) const NEIGHBOUR_REACH_MM: f64 = 5.0;
/// Steps along a normal, and the length on either side of a change that is compared, in mm.
const STEP_MM: f64 = 1.0;
const SIDE_MM: f64 = 5.0;
/// A change of less than this, of the whole way from muscle to none, is none.
const LEAST_CHANGE: f64 = 0.3;

/// Whether another muscle lies just outside each vertex.
pub(super) fn beside(muscles: &[CarriedMuscle], patch: &Patch) -> Vec<bool> {
    let depths: Vec<Vec<f32>> = muscles.par_iter().map(|m| patch.depth(&m.mesh, NEIGHBOUR_MM)).collect();
    let mut found = Vec::new();
    for (own, CarriedMuscle { mesh, .. }) in muscles.iter().enumerate() {
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

/// Where, along a normal, what `inside` gives (1 in the muscle, 0 outside, `None` beyond the scan) changes to none, in mm from the point, and how
/// sharply, up to 1.
pub(super) fn change(
    inside: impl Fn(Point3<f64>) -> Option<f64>,
    point: Point3<f64>,
    normal: Vector3<f64>,
    reach: f64,
) -> Option<(f64, f64)> {
    if normal.norm() < 0.5 {
        return None;
    }
    let width = (SIDE_MM / STEP_MM) as usize;
    let half = (reach / STEP_MM) as usize + width;
    let profile: Vec<f64> = (0..=2 * half)
        .map(|n| inside(point + normal * ((n as f64 - half as f64) * STEP_MM)))
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_sharp_end_along_the_normal_is_found() {
        let normal = Vector3::x();
        // Muscle ends at 6 mm, begins again at 16 and ends at 30.
        let inside = |p: Point3<f64>| Some(if p.x < 6.0 || (16.0..30.0).contains(&p.x) { 1.0 } else { 0.0 });
        let (gap, sharpness) = change(inside, Point3::origin(), normal, 20.0).unwrap();
        assert!((gap - 6.0).abs() < 1.0 && sharpness > 0.9, "{gap} {sharpness}");
        // Nothing ends within reach.
        assert!(change(|_| Some(1.0), Point3::origin(), normal, 20.0).is_none());
        assert!(change(inside, Point3::origin(), Vector3::zeros(), 20.0).is_none());
        assert!(change(|p: Point3<f64>| (p.x < 4.0).then_some(1.0), Point3::origin(), normal, 8.0).is_none());
    }
}
