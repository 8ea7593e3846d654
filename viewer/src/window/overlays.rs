//! Landmarks, frames, planes and the joint sphere over the view in space, and what the colours of a map mean.

use super::{marks as words, style};
use crate::shown::{MapKind, Mark, Poses, Shown, marks};
use crate::view::{Camera, ViewState};
use bevy_egui::egui::{Align2, Color32, FontId, Mesh, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Vector};

/// Length of the axes of a frame, of the height of what is seen.
const AXIS: f64 = 0.09;
/// Colours of X, Y and Z.
const AXES: [Color32; 3] =
    [Color32::from_rgb(235, 96, 88), Color32::from_rgb(92, 196, 110), Color32::from_rgb(96, 156, 245)];
const POINT: Color32 = Color32::from_rgb(255, 214, 92);
const SPHERE: Color32 = Color32::from_rgb(120, 210, 235);
const PATCH: Color32 = Color32::from_rgb(150, 170, 240);

/// Draws the marks that are shown, as a camera sees them, where bodies are.
pub(super) fn paint(
    painter: &Painter,
    pane: Rect,
    shown: &Shown,
    state: &ViewState,
    camera: &Camera,
    poses: &Poses,
) {
    let points_per_mm = pane.height() / camera.height_mm as f32;
    let flat = |place: Point<Patient>| {
        let [right, down, _] = camera.project(place);
        pane.center() + vec2(right as f32, down as f32) * points_per_mm
    };
    let cutaway = state.cutaway.filter(|_| state.layout.has_space());
    let is_cut_away = |place| cutaway.is_some_and(|cutaway| cutaway.removes(state.crosshair, place));
    // Names that would lie on one another are left out; the mark itself stays.
    let mut taken: Vec<Rect> = Vec::new();
    let mut name = |at: Pos2, text: &str| {
        let size = vec2(6.2 * text.len() as f32, 14.0);
        let place = Rect::from_min_size(at + vec2(6.0, -7.0), size);
        if taken.iter().any(|other| other.intersects(place)) {
            return;
        }
        taken.push(place);
        words::text(painter, at + vec2(7.0, 0.0), Align2::LEFT_CENTER, text, 11.0, style::MARK);
    };
    for mark in state.marks.iter().flat_map(|&kind| marks(kind, shown, state.stage, poses)) {
        match mark {
            // What is cut away takes its points along.
            Mark::Point(place, _) if is_cut_away(place) => {}
            Mark::Point(place, text) => {
                painter.circle(flat(place), 3.5, POINT, Stroke::new(1.0, Color32::BLACK));
                name(flat(place), &text);
            }
            Mark::Axes(origin, axes, text) => {
                let length = AXIS * camera.height_mm;
                for (axis, colour) in axes.into_iter().zip(AXES) {
                    let tip = flat(origin + axis * length);
                    painter.line_segment([flat(origin), tip], Stroke::new(2.5, colour));
                    painter.circle_filled(tip, 3.0, colour);
                }
                name(flat(origin), &text);
            }
            Mark::Patch(corners, text) => {
                let corners = corners.map(flat);
                let fill = PATCH.gamma_multiply(0.16);
                painter.add(Shape::convex_polygon(corners.to_vec(), fill, Stroke::new(1.2, PATCH)));
                name(corners[0], &text);
            }
            Mark::Sphere(centre, radius) => {
                painter.circle_stroke(flat(centre), radius as f32 * points_per_mm, Stroke::new(1.6, SPHERE));
                great_circles(painter, centre, radius, &flat);
                painter.circle_filled(flat(centre), 2.5, SPHERE);
            }
        }
    }
}

/// The three great circles of a sphere in the planes of the patient.
fn great_circles(
    painter: &Painter,
    centre: Point<Patient>,
    radius: f64,
    flat: &dyn Fn(Point<Patient>) -> Pos2,
) {
    const STEPS: usize = 48;
    let axes: [Vector<Patient>; 3] =
        [Vector::new(1.0, 0.0, 0.0), Vector::new(0.0, 1.0, 0.0), Vector::new(0.0, 0.0, 1.0)];
    for n in 0..3 {
        let (u, v) = (axes[n], axes[(n + 1) % 3]);
        let line = (0..=STEPS).map(|k| {
            let (sin, cos) = (k as f64 / STEPS as f64 * std::f64::consts::TAU).sin_cos();
            flat(centre + (u * cos + v * sin) * radius)
        });
        painter.add(Shape::line(line.collect(), Stroke::new(0.8, SPHERE.gamma_multiply(0.6))));
    }
}

/// A bar of the colours with the numbers at its ends and in its middle.
pub(super) fn legend(painter: &Painter, pane: Rect, map: MapKind, title: &str) {
    const SIZE: [f32; 2] = [170.0, 11.0];
    const STEPS: usize = 48;
    let at = pane.left_bottom() + vec2(14.0, -34.0);
    let [low, high] = map.range();
    let value = |part: f64| low + (high - low) * part;
    let mut bar = Mesh::default();
    for n in 0..STEPS {
        let [r, g, b] = map.colour(value((n as f64 + 0.5) / STEPS as f64));
        let wide = SIZE[0] / STEPS as f32;
        let cell = Rect::from_min_size(at + vec2(n as f32 * wide, 0.0), vec2(wide + 0.5, SIZE[1]));
        bar.add_colored_rect(cell, Color32::from_rgb(r, g, b));
    }
    let ground = Rect::from_min_max(at - vec2(7.0, 21.0), at + vec2(SIZE[0] + 20.0, SIZE[1] + 18.0));
    painter.rect_filled(ground, 4.0, Color32::from_black_alpha(150));
    painter.add(Shape::mesh(bar));
    for part in [0.0, 0.5, 1.0] {
        let place = pos2(at.x + SIZE[0] * part as f32, at.y + SIZE[1] + 2.0);
        let end = if part == 1.0 { "+" } else { "" };
        let text = format!("{}{end}", value(part));
        painter.text(place, Align2::CENTER_TOP, text, FontId::proportional(11.0), style::TEXT);
    }
    painter.text(at - vec2(0.0, 4.0), Align2::LEFT_BOTTOM, title, FontId::proportional(12.0), style::TEXT);
}
