//! What is told over the view in space of a motion: where something meets or nearly does, and the force.

use super::player::Player;
use super::style;
use crate::motion::{Nearest, Track};
use crate::view::ViewState;
use bevy_egui::egui::{
    Align2, Color32, CornerRadius, FontId, Painter, Pos2, Rect, Shape, Stroke, pos2, vec2,
};
use coxa_geometry::Point;
use coxa_geometry::frame::Patient;

/// What is nearer than this is shown before it meets, in mm.
const NEAR_MM: f64 = 3.0;
/// What is as near as this touches, in mm: contact is found to a tenth of a degree.
const TOUCHES_MM: f64 = 0.06;
/// Length of the arrow of the greatest force of an activity, mm.
const ARROW_MM: f64 = 85.0;

/// What is in contact or nearest, in words.
pub(super) fn in_contact(track: &Track, part: f64, nearest: Option<Nearest>) -> (String, Color32) {
    let bare = if track.stop.is_some_and(|stop| stop.is_bare_stem) {
        " (stem without surrounding bone: femur truncated by the scan)"
    } else {
        ""
    };
    if track.out_at.is_some_and(|out| part >= out) {
        return ("the head is dislocated".into(), style::BLOCKED);
    }
    match nearest {
        Some(near) if near.distance_mm.abs() < TOUCHES_MM => {
            (format!("{} touches{bare}", near.pair), style::BLOCKED)
        }
        Some(near) if near.distance_mm < 0.0 => {
            (format!("{} by {:.1} mm{bare}", near.pair, -near.distance_mm), style::BLOCKED)
        }
        Some(near) => {
            let colour = if near.distance_mm < NEAR_MM { style::CAUTION } else { style::FREE };
            (format!("{:.1} mm free, {}", near.distance_mm, near.pair), colour)
        }
        None if track.is_blocked(part) => match track.stop {
            Some(stop) => (format!("{}{bare}", stop.cause), style::BLOCKED),
            None => ("in contact".into(), style::BLOCKED),
        },
        None => ("free".into(), style::FREE),
    }
}

/// Draws over the view in space where something meets, and the force. What is told already goes down to `told_to`.
pub(super) fn paint(painter: &Painter, pane: Rect, told_to: f32, state: &ViewState, player: &Player) {
    // What met in the plan before is not told of this one.
    if state.is_ahead {
        return;
    }
    let (Some((moves, track)), Some(played)) = (player.playing(state), &state.played) else { return };
    let points_per_mm = pane.height() / state.camera.height_mm.max(1.0) as f32;
    let flat = |place: Point<Patient>| -> Pos2 {
        let [right, down, _] = state.camera.project(place);
        pane.center() + vec2(right as f32, down as f32) * points_per_mm
    };
    let frame = track.at(played.at);
    if let Some(now) = moves.force(&track.name).and_then(|force| Some((force, force.at(played.at)?))) {
        let (force, now) = now;
        let size = now.on_head_n.norm();
        if let (Some(tip), Some(along)) = (now.on_liner_mm, now.on_head_n.normalised()) {
            let length = ARROW_MM * size / force.peak_n().max(1.0);
            arrow(painter, flat(tip - along * length), flat(tip));
            let words = format!("{size:.0} N");
            let beside = flat(tip - along * (length + 8.0));
            label(painter, beside, Align2::CENTER_CENTER, &words, style::FORCE);
        }
    }
    let nearest = player.nearest(&frame).filter(|near| near.distance_mm < NEAR_MM);
    let at_stop = track.stop.filter(|_| track.is_blocked(played.at));
    let place = match (nearest, at_stop) {
        (Some(near), _) => {
            Some((near.place_mm, near.pair, near.distance_mm < TOUCHES_MM || at_stop.is_some()))
        }
        (None, Some(stop)) => stop.place_mm.map(|place| (place, stop.cause, true)),
        (None, None) => None,
    };
    if !state.has_panels {
        let (words, colour) = in_contact(track, played.at, player.nearest(&frame));
        let title = format!("{}, {}", track.title, track.place_in_words(played.at));
        // Below the title of the view, and what is special about it.
        let at = pos2(pane.left() + 10.0, told_to + 7.0);
        let drawn = label(painter, at, Align2::LEFT_TOP, &title, style::MARK);
        label(painter, drawn.left_bottom() + vec2(4.0, 6.0), Align2::LEFT_TOP, &words, colour);
    }
    if let Some((place, pair, is_met)) = place {
        let colour = if is_met { style::BLOCKED } else { style::CAUTION };
        let at = flat(place);
        let radius = (6.0 * points_per_mm).clamp(9.0, 40.0);
        painter.circle_stroke(at, radius, Stroke::new(5.0, Color32::from_black_alpha(150)));
        painter.circle_stroke(at, radius, Stroke::new(2.6, colour));
        painter.circle_filled(at, 2.6, colour);
        let words = pair.to_string();
        let beside = at + vec2(radius + 6.0, 0.0);
        label(painter, beside, Align2::LEFT_CENTER, &words, colour);
    }
}

/// Words that can be read over bone: on a ground that lets little through.
fn label(painter: &Painter, at: Pos2, align: Align2, words: &str, colour: Color32) -> Rect {
    let drawn = painter.layout_no_wrap(words.to_owned(), FontId::proportional(13.5), colour);
    let place = align.anchor_size(at, drawn.size());
    painter.rect_filled(place.expand2(vec2(5.0, 2.0)), CornerRadius::same(3), Color32::from_black_alpha(205));
    painter.galley(place.min, drawn, colour);
    place
}

fn arrow(painter: &Painter, from: Pos2, tip: Pos2) {
    let along = (tip - from).normalized();
    if !along.is_finite() || along.length() < 0.5 {
        return;
    }
    let (neck, across) = (tip - along * 16.0, along.rot90() * 7.0);
    for (grow, colour) in [(3.0, Color32::from_black_alpha(160)), (0.0, style::FORCE)] {
        painter.line_segment([from, neck + along * 2.0], Stroke::new(5.0 + grow, colour));
        let head = vec![
            tip + along * grow,
            neck + across + across.normalized() * grow,
            neck - across - across.normalized() * grow,
        ];
        painter.add(Shape::convex_polygon(head, colour, Stroke::NONE));
    }
}
