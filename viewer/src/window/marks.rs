//! What stands over every view: title, letters, scale bar, all readable over bone and over air.

use super::style;
use crate::view::scale_bar_mm;
use bevy_egui::egui::{
    Align2, Color32, CornerRadius, FontId, Galley, Painter, Pos2, Rect, Stroke, Vec2, pos2, vec2,
};
use std::sync::Arc;

/// Of what is not the title.
const SMALL: f32 = 11.5;

/// Half of what the letter at the upper edge takes with its ground, in points.
const LETTER: f32 = 22.0;

/// What is no wider breaks words.
const NARROW: f32 = 90.0;

/// Into the upper left corner: what is seen, where, and below what is special about it. Where there is no room beside the letter at
/// the upper edge, lines are broken. The lower end of it all.
pub(super) fn heading(painter: &Painter, pane: Rect, what: &str, place: &str, note: &str) -> f32 {
    let corner = pane.left_top() + vec2(10.0, 8.0);
    let (half, all) = (pane.center().x - LETTER - corner.x, pane.right() - 10.0 - corner.x);
    // In a pane that has no room beside the letter all goes below it.
    let (at, half) = if half < NARROW { (corner + vec2(0.0, LETTER), all) } else { (corner, half) };
    let mut last = broken(painter, at, what, 14.0, style::MARK, half);
    let beside = pos2(last.right() + 10.0, last.bottom() - 1.0);
    let line = painter.layout_no_wrap(place.to_owned(), FontId::proportional(SMALL), style::WEAK);
    let below = |last: Rect| pos2(at.x, last.bottom() + 3.0);
    if beside.x + line.size().x < at.x + half {
        on_ground(painter, beside, Align2::LEFT_BOTTOM, line, style::WEAK);
    } else if !place.is_empty() {
        last = broken(painter, below(last), place, SMALL, style::WEAK, half);
    }
    if !note.is_empty() {
        last = broken(painter, below(last) + vec2(0.0, 1.0), note, SMALL, style::MARK, all);
    }
    last.bottom()
}

/// The grey window, in the upper right corner where there is room beside the letter at the upper edge.
pub(super) fn window(painter: &Painter, pane: Rect, words: &str) {
    let corner = pane.right_top() + vec2(-8.0, 8.0);
    let line = painter.layout_no_wrap(words.to_owned(), FontId::proportional(SMALL), style::TEXT);
    if corner.x - line.size().x > pane.center().x + LETTER {
        on_ground(painter, corner, Align2::RIGHT_TOP, line, style::TEXT);
    }
}

/// Text as [`text`] draws it, broken where it is wider than it may be.
fn broken(painter: &Painter, at: Pos2, words: &str, size: f32, colour: Color32, most: f32) -> Rect {
    let drawn = painter.layout(words.to_owned(), FontId::proportional(size), colour, most);
    on_ground(painter, at, Align2::LEFT_TOP, drawn, colour)
}

/// Letters at the left, right, upper and lower edge.
pub(super) fn edge_letters(painter: &Painter, pane: Rect, [left, right, top, bottom]: [String; 4]) {
    const IN: f32 = 10.0;
    for (at, align, letters) in [
        (pane.left_center() + Vec2::X * IN, Align2::LEFT_CENTER, left),
        (pane.right_center() - Vec2::X * IN, Align2::RIGHT_CENTER, right),
        (pane.center_top() + Vec2::Y * IN, Align2::CENTER_TOP, top),
        (pane.center_bottom() - Vec2::Y * IN, Align2::CENTER_BOTTOM, bottom),
    ] {
        text(painter, at, align, &letters, 16.0, style::MARK);
    }
}

/// A bar of a round length, at most a quarter of the pane wide.
pub(super) fn scale_bar(painter: &Painter, pane: Rect, mm_per_point: f64) {
    let mm = scale_bar_mm(f64::from(pane.width()) * 0.25 * mm_per_point);
    let length = (mm / mm_per_point) as f32;
    let right = pane.right_bottom() + vec2(-14.0, -14.0);
    let left = right - vec2(length, 0.0);
    let dark = Stroke::new(4.0, Color32::from_black_alpha(150));
    for (stroke, grow) in [(dark, 1.0), (Stroke::new(1.8, style::MARK), 0.0)] {
        painter.line_segment([left - Vec2::X * grow, right + Vec2::X * grow], stroke);
        for end in [left, right] {
            painter.line_segment([end - Vec2::Y * (4.0 + grow), end + Vec2::Y * (4.0 + grow)], stroke);
        }
    }
    let middle = left.lerp(right, 0.5) - Vec2::Y * 5.0;
    text(painter, middle, Align2::CENTER_BOTTOM, &format!("{mm:.0} mm"), 12.0, style::MARK);
}

/// Text on a dark ground that lets what is behind it through.
pub(super) fn text(
    painter: &Painter,
    at: Pos2,
    align: Align2,
    words: &str,
    size: f32,
    colour: Color32,
) -> Rect {
    let drawn = painter.layout_no_wrap(words.to_owned(), FontId::proportional(size), colour);
    on_ground(painter, at, align, drawn, colour)
}

/// Lines that are laid out, on that ground.
fn on_ground(painter: &Painter, at: Pos2, align: Align2, drawn: Arc<Galley>, colour: Color32) -> Rect {
    let place = align.anchor_size(at, drawn.size());
    if !drawn.text().is_empty() {
        let ground = place.expand2(vec2(4.0, 1.0));
        painter.rect_filled(ground, CornerRadius::same(3), Color32::from_black_alpha(200));
    }
    painter.galley(place.min, drawn, colour);
    place
}

/// Words as they were drawn, each with its place.
#[cfg(test)]
pub(super) fn drawn_words(pane: Rect, paint: impl Fn(&Painter)) -> Vec<(String, Rect)> {
    use bevy_egui::egui::{Context, RawInput, Shape};
    let input = RawInput { screen_rect: Some(pane), ..RawInput::default() };
    let context = Context::default();
    let drawn = context.run_ui(input, |ui| paint(&ui.painter_at(pane)));
    let words = drawn.shapes.into_iter().filter_map(|shape| match shape.shape {
        Shape::Text(text) => Some((text.galley.text().to_owned(), text.visual_bounding_rect())),
        _ => None,
    });
    words.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::letters_tests::direction;
    use crate::view::{Camera, Standard, edges};
    use coxa_geometry::{Point, Side};

    #[test]
    fn letters_are_drawn_at_the_edges_that_they_are_of() {
        let pane = Rect::from_min_size(pos2(300.0, 40.0), vec2(500.0, 400.0));
        for side in Side::BOTH {
            for view in Standard::ALL {
                let camera = Camera::standard(view, side, Point::origin(), 100.0);
                let told = edges(camera.right(), -camera.up);
                let drawn = drawn_words(pane, |painter| edge_letters(painter, pane, told.clone()));
                assert_eq!(drawn.len(), 4);
                for (words, at) in drawn {
                    let off = at.center() - pane.center();
                    // Of two letters the first is that of the edge; the patient's own direction lies towards it.
                    let axis = direction(words.chars().next().unwrap());
                    let [right, down, _] = camera.project(Point::origin() + axis);
                    let towards =
                        (right * f64::from(off.x) + down * f64::from(off.y)) / f64::from(off.length());
                    assert!(towards > 0.5, "{view:?} {side}: {words} at {off:?}, drawn {right:.2} {down:.2}");
                    // At an edge, not somewhere in the middle.
                    let to_edge = (1.0 - off.x.abs() / 250.0).min(1.0 - off.y.abs() / 200.0);
                    assert!(to_edge < 0.15, "{words} at {off:?}");
                }
            }
        }
    }

    #[test]
    fn nothing_lies_over_a_letter_in_small_panes() {
        for width in [150.0, 220.0, 300.0, 450.0, 900.0] {
            let pane = Rect::from_min_size(pos2(20.0, 30.0), vec2(width, 220.0));
            let letters = ["R", "L", "S", "I"].map(str::to_owned);
            let letters = drawn_words(pane, |painter| edge_letters(painter, pane, letters.clone()));
            let words = drawn_words(pane, |painter| {
                let place = "12.4 mm to the right, 3 mm above";
                let to = heading(painter, pane, "Coronal, as planned", place, "maximum intensity over 20 mm");
                assert!(to > pane.top() + 20.0 && to < pane.center().y, "{width}: {to}");
                window(painter, pane, "L 370  W 1060 HU");
            });
            let all: Vec<_> = letters.into_iter().chain(words).collect();
            assert!(all.len() >= 7, "{all:?}");
            for (n, (a, of_a)) in all.iter().enumerate() {
                for (b, of_b) in &all[n + 1..] {
                    assert!(!of_a.intersects(*of_b), "{width}: {a} {of_a:?} and {b} {of_b:?}");
                }
            }
        }
    }
}
