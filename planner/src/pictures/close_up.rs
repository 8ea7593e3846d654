//! Close-ups on a place where surfaces meet, seen from where the least stands before it.

use super::mask::for_each_pixel;
use super::{Canvas, Solid, View, scene};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Vector};
use std::f64::consts::TAU;

/// Circle around the place that a view should leave open, and what may stand before it: the contact itself bulges.
const OPEN_MM: f64 = 8.0;
const BEFORE_MM: f64 = 3.0;
/// How much of the open circle a view from the usual side is worth more than one from the opposite side.
const USUAL: f64 = 0.25;
/// Ring around the place.
const RING_MM: f64 = 6.0;

/// A picture around a place, marked by a ring. Of many directions the one is taken that leaves most of the place open, and
/// of alike ones that nearest to `usual`, from which one looks along.
pub fn close_up(
    place: Point<Patient>,
    size_mm: f64,
    px_per_mm: f64,
    usual: Vector<Patient>,
    solids: &[Solid<'_>],
) -> (Canvas, View) {
    let views = directions().map(|into| towards(place, into, size_mm, px_per_mm));
    let worth = |view: &View| open_part(view, solids) + USUAL * view.into_picture().dot(usual) / 2.0;
    let best = views.map(|view| (worth(&view), view)).reduce(|a, b| if b.0 > a.0 { b } else { a });
    let view = best.map_or_else(|| towards(place, usual, size_mm, px_per_mm), |(_, view)| view);
    let mut canvas = scene(&view, solids);
    let [x, y, _] = view.project(place);
    let ring: Vec<[f64; 2]> = (0..=72)
        .map(|i| {
            let (sin, cos) = (TAU * f64::from(i) / 72.0).sin_cos();
            [x + RING_MM * px_per_mm * cos, y + RING_MM * px_per_mm * sin]
        })
        .collect();
    canvas.polyline(&ring, [0, 0, 0], 7.0);
    canvas.polyline(&ring, [255, 255, 255], 3.0);
    (canvas, view)
}

/// Directions of view: all around, level and from 35 degrees above and below.
fn directions() -> impl Iterator<Item = Vector<Patient>> {
    [0.0f64, -35.0, 35.0].into_iter().flat_map(|elevation| {
        (0..12).map(move |i| {
            let (up, level) = elevation.to_radians().sin_cos();
            let (sin, cos) = (TAU * f64::from(i) / 12.0).sin_cos();
            Vector::new(level * sin, level * cos, up)
        })
    })
}

/// A view with the patient's head upwards. Letters stand where an edge is clearly a side of the patient.
fn towards(centre: Point<Patient>, into: Vector<Patient>, size_mm: f64, px_per_mm: f64) -> View {
    let upwards = Vector::new(0.0, 0.0, 1.0);
    let right = into.cross(upwards).normalised().unwrap_or(Vector::new(1.0, 0.0, 0.0));
    let sides = match [right.x(), right.y()] {
        [x, _] if x > 0.85 => ['R', 'L'],
        [x, _] if x < -0.85 => ['L', 'R'],
        [_, y] if y > 0.85 => ['A', 'P'],
        [_, y] if y < -0.85 => ['P', 'A'],
        _ => [' ', ' '],
    };
    View { centre, right, down: into.cross(right), width_mm: size_mm, height_mm: size_mm, px_per_mm, sides }
}

/// Part of the circle around a view's centre before which nothing stands.
fn open_part(view: &View, solids: &[Solid<'_>]) -> f64 {
    let window = View { width_mm: 2.0 * OPEN_MM, height_mm: 2.0 * OPEN_MM, px_per_mm: 1.0, ..*view };
    let (width, height) = window.size_px();
    let (width, height) = (width as usize, height as usize);
    let mut is_open = vec![true; width * height];
    for solid in solids {
        let projected: Vec<[f64; 3]> = solid.mesh.vertices.iter().map(|&v| window.project(v)).collect();
        for triangle in &solid.mesh.triangles {
            let corners = triangle.map(|v| projected[v as usize]);
            if corners.iter().all(|c| c[2] > -BEFORE_MM) {
                continue;
            }
            for_each_pixel(corners, width, height, |at, weights| {
                let depth: f64 = weights.iter().zip(corners).map(|(w, c)| w * c[2]).sum();
                is_open[at] &= depth > -BEFORE_MM;
            });
        }
    }
    let middle = OPEN_MM - 0.5;
    let in_circle = |at: &usize| {
        let (x, y) = ((at % width) as f64 - middle, (at / width) as f64 - middle);
        x.hypot(y) <= OPEN_MM
    };
    let (mut open, mut all) = (0.0, 0.0);
    for at in (0..width * height).filter(in_circle) {
        open += f64::from(u8::from(is_open[at]));
        all += 1.0;
    }
    if all > 0.0 { open / all } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Mesh;

    /// A wide plate across the y axis.
    fn plate(y: f64) -> Mesh<Patient> {
        let corner = |x: f64, z: f64| Point::new(x * 100.0, y, z * 100.0);
        Mesh {
            vertices: vec![corner(-1.0, -1.0), corner(1.0, -1.0), corner(1.0, 1.0), corner(-1.0, 1.0)],
            triangles: vec![[0, 1, 2], [0, 2, 3]],
        }
    }

    #[test]
    fn the_view_comes_from_where_nothing_stands_before_the_place() {
        let (front, usual) = (plate(-20.0), Vector::new(0.0, 1.0, 0.0));
        let solid = Solid { mesh: &front, colour: [200, 0, 0] };
        let (_, free) = close_up(Point::origin(), 60.0, 1.0, usual, &[]);
        assert!((free.into_picture() - usual).norm() < 1e-9, "nothing in the way: from the usual side");
        let (_, view) = close_up(Point::origin(), 60.0, 1.0, usual, &[solid]);
        assert!(view.into_picture().dot(usual) < 0.1, "{:?}", view.into_picture());
        assert!(open_part(&view, &[solid]) > 0.99 && open_part(&free, &[solid]) < 0.01);
        // Upright, and the ring is drawn around the middle.
        assert!(view.down.z() < -0.5);
        let (canvas, _) = close_up(Point::origin(), 60.0, 4.0, usual, &[]);
        assert_eq!(canvas.pixel(120 + 24, 120), [255, 255, 255]);
    }
}
