//! What stands over every view: title, letters, scale bar, all readable over bone and over air.

use super::style;
use crate::view::scale_bar_mm;
use bevy_egui::egui::{Align2, Color32, CornerRadius, FontId, Painter, Pos2, Rect, Stroke, Vec2, pos2, vec2};

/// What is seen, and where, in the upper left corner.
pub(super) fn title(painter: &Painter, pane: Rect, what: &str, place: &str) {
    let at = pane.left_top() + vec2(10.0, 8.0);
    let drawn = text(painter, at, Align2::LEFT_TOP, what, 14.0, style::MARK);
    let beside = pos2(drawn.right() + 10.0, drawn.bottom() - 1.0);
    text(painter, beside, Align2::LEFT_BOTTOM, place, 11.5, style::WEAK);
}

/// What is special about a view, below its title.
pub(super) fn note(painter: &Painter, pane: Rect, words: &str) {
    text(painter, pane.left_top() + vec2(10.0, 29.0), Align2::LEFT_TOP, words, 11.5, style::MARK);
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
    let place = align.anchor_size(at, drawn.size());
    if !words.is_empty() {
        let ground = place.expand2(vec2(4.0, 1.0));
        painter.rect_filled(ground, CornerRadius::same(3), Color32::from_black_alpha(165));
    }
    painter.galley(place.min, drawn, colour);
    place
}

/// Words as they were drawn, each with the middle of its place.
#[cfg(test)]
pub(super) fn drawn_words(pane: Rect, paint: impl Fn(&Painter)) -> Vec<(String, Pos2)> {
    use bevy_egui::egui::{Context, RawInput, Shape};
    let input = RawInput { screen_rect: Some(pane), ..RawInput::default() };
    let context = Context::default();
    let drawn = context.run_ui(input, |ui| paint(&ui.painter_at(pane)));
    let words = drawn.shapes.into_iter().filter_map(|shape| match shape.shape {
        Shape::Text(text) => Some((text.galley.text().to_owned(), text.visual_bounding_rect().center())),
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
                    let off = at - pane.center();
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
}
