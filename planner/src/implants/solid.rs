//! Closed surfaces from rings of points: bodies of revolution and lofts.

use coxa_geometry::frame::Frame;
use coxa_geometry::{Mesh, Point};
use std::f64::consts::{PI, TAU};

/// Largest distance between a generated surface and its mesh, in millimetres, where nothing else is asked for.
pub const DEFAULT_TOLERANCE_MM: f64 = 0.05;

/// Tolerances outside this range give meshes too large to use or too coarse to be a part.
const TOLERANCE_RANGE_MM: (f64, f64) = (0.002, 1.0);

/// Points of consecutive rings nearer than this are one vertex.
const WELD_MM: f64 = 1e-9;

/// Number of equal steps of a whole circle whose chords stay within `tolerance_mm` of it; a multiple of four.
pub(super) fn steps_around(radius_mm: f64, tolerance_mm: f64) -> usize {
    let tolerance = tolerance_mm.clamp(TOLERANCE_RANGE_MM.0, TOLERANCE_RANGE_MM.1);
    let ratio = (1.0 - tolerance / radius_mm.max(2.0 * tolerance)).clamp(0.0, 1.0 - 1e-9);
    let steps = (PI / ratio.acos()).ceil().clamp(16.0, 1024.0) as usize;
    steps.next_multiple_of(4)
}

/// Points of a circle about (`0`, `centre_z`) in the (r, z) half plane, from polar angle `from` to `to` (radians from
/// +z), ends included.
pub fn arc(radius_mm: f64, centre_z: f64, from: f64, to: f64, tolerance_mm: f64) -> Vec<(f64, f64)> {
    let whole = steps_around(radius_mm, tolerance_mm) as f64;
    let steps = ((to - from).abs() / TAU * whole).ceil().max(1.0) as usize;
    (0..=steps)
        .map(|i| {
            let polar = from + (to - from) * i as f64 / steps as f64;
            // The pole itself must lie on the axis, not a rounding error beside it.
            let r = radius_mm * polar.sin();
            (if r.abs() < WELD_MM { 0.0 } else { r }, centre_z + radius_mm * polar.cos())
        })
        .collect()
}

/// A closed surface around the z axis. `profile` gives the outline in the (r, z) half plane at an azimuth (radians from
/// +x towards +y): always the same number of points, the first and the last on the axis.
pub fn revolved<F: Frame>(steps: usize, profile: impl Fn(f64) -> Vec<(f64, f64)>) -> Mesh<F> {
    let columns: Vec<(f64, Vec<(f64, f64)>)> = (0..steps)
        .map(|j| TAU * j as f64 / steps as f64)
        .map(|azimuth| (azimuth, profile(azimuth)))
        .collect();
    let Some((_, first)) = columns.first() else { return Mesh::default() };
    let apex = |point: Option<&(f64, f64)>| Point::new(0.0, 0.0, point.map_or(0.0, |p| p.1));
    let (start, end) = (apex(first.first()), apex(first.last()));
    let rings: Vec<Vec<Point<F>>> = (1..first.len().saturating_sub(1))
        .map(|i| {
            columns
                .iter()
                .map(|(azimuth, column)| {
                    let (r, z) = column[i];
                    Point::new(r * azimuth.cos(), r * azimuth.sin(), z)
                })
                .collect()
        })
        .collect();
    loft(start, &rings, end)
}

/// Joins rings of equally many points, each running the same way round, into a closed surface between two apices.
/// Where neighbouring rings share a point the surface is welded, so that an outline may fold together locally.
pub(super) fn loft<F: Frame>(start: Point<F>, rings: &[Vec<Point<F>>], end: Point<F>) -> Mesh<F> {
    let Some(around) = rings.first().map(Vec::len) else { return Mesh::default() };
    let mut vertices = vec![start];
    let mut indices: Vec<Vec<u32>> = Vec::with_capacity(rings.len());
    for (i, ring) in rings.iter().enumerate() {
        let row = (0..around)
            .map(|j| {
                if i > 0 && ring[j].distance(rings[i - 1][j]) < WELD_MM {
                    return indices[i - 1][j];
                }
                vertices.push(ring[j]);
                vertices.len() as u32 - 1
            })
            .collect();
        indices.push(row);
    }
    let last = vertices.len() as u32;
    vertices.push(end);

    let mut triangles = Vec::with_capacity(2 * rings.len() * around);
    let mut add = |t: [u32; 3]| {
        if t[0] != t[1] && t[1] != t[2] && t[2] != t[0] {
            triangles.push(t);
        }
    };
    for j in 0..around {
        let k = (j + 1) % around;
        add([0, indices[0][k], indices[0][j]]);
        for pair in indices.windows(2) {
            add([pair[0][j], pair[0][k], pair[1][k]]);
            add([pair[0][j], pair[1][k], pair[1][j]]);
        }
        if let Some(row) = indices.last() {
            add([row[j], row[k], last]);
        }
    }
    let mut mesh = Mesh { vertices, triangles };
    if mesh.signed_volume() < 0.0 {
        for triangle in &mut mesh.triangles {
            triangle.swap(1, 2);
        }
    }
    mesh
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::frame::Cup;
    use coxa_geometry::mesh::validate::defects;

    #[test]
    fn a_revolved_ball_is_sound_and_keeps_its_tolerance() {
        for tolerance in [0.01, 0.05, 0.3] {
            let steps = steps_around(14.0, tolerance);
            let ball: Mesh<Cup> = revolved(steps, |_| arc(14.0, 0.0, 0.0, PI, tolerance));
            assert_eq!(defects(&ball), []);
            let farthest = (0..ball.triangles.len())
                .map(|t| {
                    let [a, b, c] = ball.corners(t);
                    let middle = Point::origin()
                        + ((a - Point::origin()) + (b - Point::origin()) + (c - Point::origin()))
                            * (1.0 / 3.0);
                    14.0 - middle.distance(Point::origin())
                })
                .fold(0.0, f64::max);
            // A triangle's middle lies below both of its chords' arcs, by about twice the tolerance at most.
            assert!(farthest < 2.0 * tolerance, "{farthest} at {tolerance}");
        }
    }

    #[test]
    fn an_outline_that_folds_together_is_welded() {
        // A cylinder whose collar vanishes on one half.
        let collar = |azimuth: f64| if azimuth.sin() > 0.1 { 2.0 } else { 0.0 };
        let mesh: Mesh<Cup> = revolved(40, |a| {
            vec![
                (0.0, 0.0),
                (5.0, 0.0),
                (5.0, 4.0),
                (5.0, 4.0 + collar(a)),
                (3.0, 4.0 + collar(a)),
                (0.0, 4.0),
            ]
        });
        assert_eq!(defects(&mesh), []);
        assert!(mesh.signed_volume() > 0.0);
    }
}
