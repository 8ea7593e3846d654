//! The cube that says which way the patient lies.

use super::style;
use crate::view::{Camera, letters};
use bevy_egui::egui::{Align2, Color32, FontId, Painter, Pos2, Shape, Stroke, Vec2};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Vector};

/// Half an edge, in points.
const HALF: f32 = 19.0;

/// A face turned further away than this has no room for its letter.
const READABLE: f64 = 0.35;

/// Draws the cube around a place of the pane, turned as the camera sees the patient.
pub(super) fn paint(painter: &Painter, middle: Pos2, camera: &Camera) {
    let axes = [Vector::new(1.0, 0.0, 0.0), Vector::new(0.0, 1.0, 0.0), Vector::new(0.0, 0.0, 1.0)];
    let at_cube = Camera { target: Point::origin(), ..*camera };
    let flat = |place: Vector<Patient>| {
        let [right, down, _] = at_cube.project(Point::origin() + place);
        middle + Vec2::new(right as f32, down as f32) * HALF
    };
    for axis in 0..3 {
        for sign in [-1.0, 1.0] {
            let normal: Vector<Patient> = axes[axis] * sign;
            let facing = -normal.dot(camera.into);
            if facing <= 1e-6 {
                continue;
            }
            let (u, v) = (axes[(axis + 1) % 3], axes[(axis + 2) % 3]);
            let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
            let corners = corners.iter().map(|&(a, b)| flat(normal + u * a + v * b)).collect();
            let light = (90.0 + 110.0 * facing) as u8;
            let fill = Color32::from_rgb(light, light.saturating_add(6), light.saturating_add(14));
            painter.add(Shape::convex_polygon(corners, fill, Stroke::new(1.0, style::GAP)));
            if facing > READABLE {
                let font = FontId::proportional(10.0 + 8.0 * facing as f32);
                painter.text(flat(normal), Align2::CENTER_CENTER, letters(normal), font, style::GAP);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Standard;
    use crate::view::letters_tests::direction;
    use crate::window::marks::drawn_words;
    use bevy_egui::egui::{Rect, pos2, vec2};
    use coxa_geometry::Side;

    #[test]
    fn faces_of_the_cube_have_the_letters_of_the_sides_that_look_at_the_viewer() {
        let pane = Rect::from_min_size(pos2(0.0, 0.0), vec2(200.0, 200.0));
        for side in Side::BOTH {
            for view in Standard::ALL {
                let camera = Camera::standard(view, side, Point::new(-70.0, 5.0, 30.0), 100.0);
                let drawn = drawn_words(pane, |painter| paint(painter, pane.center(), &camera));
                assert!(!drawn.is_empty());
                for (words, at) in drawn {
                    assert_eq!(words.len(), 1);
                    let normal = direction(words.chars().next().unwrap());
                    assert!(normal.dot(camera.into) < 0.0, "{view:?} {side}: {words} is behind");
                    let [right, down, _] = camera.project(camera.target + normal);
                    let off = at.center() - pane.center() - Vec2::new(right as f32, down as f32) * HALF;
                    assert!(off.length() < 3.0, "{view:?} {side}: {words} is off by {off:?}");
                }
            }
        }
    }
}
