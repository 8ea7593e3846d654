//! Surfaces of arrows, balls and tubes, for what has none of its own.

use coxa_geometry::frame::{Cup, Patient};
use coxa_geometry::{Mesh, Point, Transform, Vector};
use coxa_planner::implants::solid::{arc, revolved};
use std::f64::consts::{PI, TAU};

/// Corners of a tube, and distance of a ball's surface from its mesh in mm.
const CORNERS: usize = 8;
const AROUND: usize = 24;
const TOLERANCE_MM: f64 = 0.1;

/// A ball.
pub fn ball(centre: Point<Patient>, radius_mm: f64) -> Mesh<Patient> {
    let about: Mesh<Patient> = revolved(AROUND, |_| arc(radius_mm, 0.0, 0.0, PI, TOLERANCE_MM));
    let moved = about.vertices.into_iter().map(|v| centre + (v - Point::origin())).collect();
    Mesh { vertices: moved, triangles: about.triangles }
}

/// An arrow from a place to its tip; none where these are the same.
pub fn arrow(from: Point<Patient>, tip: Point<Patient>, radius_mm: f64) -> Mesh<Patient> {
    let along = tip - from;
    let (length, head) = (along.norm(), 5.0 * radius_mm);
    let outline = |_| {
        let neck = (length - head).max(0.0);
        vec![(0.0, 0.0), (radius_mm, 0.0), (radius_mm, neck), (2.3 * radius_mm, neck), (0.0, length)]
    };
    let mesh: Mesh<Cup> = revolved(AROUND, outline);
    match frame_along(from, along) {
        Some(frame) => frame.apply(&mesh),
        None => Mesh::default(),
    }
}

/// Tubes about lines, open at their ends' corners as a wire is bent; of one surface, so that many are drawn at once.
pub fn tubes(lines: &[Vec<Point<Patient>>], radius_mm: f64) -> Mesh<Patient> {
    let mut whole = Mesh::default();
    for line in lines {
        for pair in line.windows(2) {
            let Some(frame) = frame_along(pair[0], pair[1] - pair[0]) else { continue };
            let length = pair[1].distance(pair[0]);
            let first = whole.vertices.len() as u32;
            for corner in 0..CORNERS {
                let (sin, cos) = (TAU * corner as f64 / CORNERS as f64).sin_cos();
                for z in [-0.4 * radius_mm, length + 0.4 * radius_mm] {
                    whole.vertices.push(frame.apply(Point::<Cup>::new(radius_mm * cos, radius_mm * sin, z)));
                }
            }
            for corner in 0..CORNERS as u32 {
                let [a, b] = [corner, (corner + 1) % CORNERS as u32].map(|c| first + 2 * c);
                whole.triangles.extend([[a, b, b + 1], [a, b + 1, a + 1]]);
            }
        }
    }
    whole
}

/// A frame whose Z goes along; `None` of no direction.
fn frame_along(origin: Point<Patient>, along: Vector<Patient>) -> Option<Transform<Cup, Patient>> {
    let z = along.normalised()?;
    let other = if z.x().abs() < 0.8 { Vector::new(1.0, 0.0, 0.0) } else { Vector::new(0.0, 1.0, 0.0) };
    let x = other.cross(z).normalised()?;
    Transform::from_axes(origin, x, z.cross(x))
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::mesh::validate::defects;

    #[test]
    fn an_arrow_ends_in_its_tip_and_faces_outwards() {
        let (from, tip) = (Point::new(1.0, 2.0, 3.0), Point::new(-20.0, 30.0, 8.0));
        let mesh = arrow(from, tip, 2.0);
        assert_eq!(defects(&mesh), []);
        assert!(mesh.signed_volume() > 0.0);
        let far =
            |to: Point<Patient>| mesh.vertices.iter().map(|v| v.distance(to)).fold(f64::INFINITY, f64::min);
        assert!(far(tip) < 1e-9 && far(from) < 1e-9);
        assert!(arrow(from, from, 2.0).is_empty());
    }

    #[test]
    fn a_tube_keeps_its_distance_and_faces_outwards() {
        let line = vec![Point::new(0.0, 0.0, 0.0), Point::new(0.0, 0.0, 50.0)];
        let mesh = tubes(&[line, Vec::new()], 1.5);
        assert_eq!(mesh.vertices.len(), 2 * CORNERS);
        assert!(mesh.vertices.iter().all(|v| (v.x().hypot(v.y()) - 1.5).abs() < 1e-9));
        for t in 0..mesh.triangles.len() {
            let [a, b, c] = mesh.corners(t);
            let out = (a - Point::new(0.0, 0.0, a.z())) + (b - Point::new(0.0, 0.0, b.z()));
            assert!((b - a).cross(c - a).dot(out) > 0.0);
        }
        assert!(ball(Point::new(5.0, 0.0, 0.0), 3.0).signed_volume() > 100.0);
    }
}
