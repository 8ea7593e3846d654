//! The pane with the range of motion as a surface, and where on it the hip is.

use super::player::Player;
use super::{marks, style};
use crate::motion::{RangePicture, RangeSurface, RangeView, cause_colour};
use crate::view::ViewState;
use bevy_egui::egui::{
    Align2, Color32, CornerRadius, FontId, Mesh, Painter, PointerButton, Pos2, Rect, RichText, Sense, Shape,
    Stroke, TextStyle, TextWrapMode, Ui, UiBuilder, WidgetText, pos2, vec2,
};
use coxa_geometry::joint::HipAngles;
use coxa_planner::simulate::ContactPair;

/// Degrees for each point that the mouse is dragged.
const TURN_DEG: f32 = 0.5;
/// Opacity of the surface: what lies behind it is guessed at.
const OPACITY: u8 = 225;
/// Room over and under the surface, in points.
const TITLE: f32 = 26.0;
const LEGEND: f32 = 40.0;
/// Side of a patch of colour in the legend, in points.
const SWATCH: f32 = 10.0;

/// Draws it into a part of the window.
pub(super) fn show(ui: &mut Ui, all: Rect, state: &mut ViewState, player: &Player) {
    let hip = player.frame(state).map(|frame| frame.leg.hip);
    let is_met = player.is_met(state);
    let Some(played) = state.played.as_mut() else { return };
    ui.painter().rect_filled(all, 0.0, style::GAP);
    let of = if state.is_ahead { "previous plan, updating \u{2026}" } else { "" };
    marks::heading(&ui.painter_at(all), all, "Range of motion", of, "");
    let inside = all.shrink2(vec2(8.0, 4.0));
    let Some(surface) = &player.ready().range else {
        let (words, colour) = match player.ready().problem.as_ref().or(player.ready().no_joint.as_ref()) {
            Some(problem) => (problem.as_str(), style::REFUSAL),
            None => ("is mapped \u{2026}", style::CAUTION),
        };
        let font = FontId::proportional(14.0);
        let text = ui.painter().layout(words.to_owned(), font, colour, inside.width());
        ui.painter().galley(all.center() - text.size() / 2.0, text, colour);
        return;
    };
    let (pane, below) = inside.split_top_bottom_at_y(inside.bottom() - LEGEND);
    let pane = pane.with_min_y(pane.top() + TITLE);
    let response = ui.interact(pane, ui.id().with("range"), Sense::click_and_drag());
    if response.dragged_by(PointerButton::Primary) {
        let moved = response.drag_delta() * TURN_DEG;
        let RangeView { turned_deg, above_deg } = played.range_view;
        played.range_view = RangeView {
            turned_deg: (turned_deg - f64::from(moved.x)).rem_euclid(360.0),
            above_deg: (above_deg + f64::from(moved.y)).clamp(-90.0, 90.0),
        };
    }
    let picture = RangePicture::new(surface, played.range_view);
    draw(&ui.painter_at(pane), pane, surface, &picture, hip.map(|hip| (hip, is_met)));
    ui.scope_builder(UiBuilder::new().max_rect(below), legend);
    response.on_hover_text(
        "All positions that the planned hip reaches from neutral: rotation at each flexion and adduction. Drag to turn the view.",
    );
}

fn draw(
    painter: &Painter,
    pane: Rect,
    surface: &RangeSurface,
    picture: &RangePicture<'_>,
    hip: Option<(HipAngles, bool)>,
) {
    let half = pane.width().min(pane.height()) / 2.0;
    let flat = |[right, down]: [f64; 2]| pane.center() + vec2(right as f32, down as f32) * half;
    let at = |f: f64, a: f64, r: f64| flat(picture.place([f, a, r]));
    let [f, a] = [&surface.flexion_deg, &surface.adduction_deg]
        .map(|values| [values.first(), values.last()].map(|v| v.copied().unwrap_or(0.0)));
    let r = surface.rotation_deg;
    let thin = Stroke::new(1.0, style::WEAK.gamma_multiply(0.6));
    // The box of the map: its floor, and the axes along three of its edges.
    let floor = [at(f[0], a[0], r[0]), at(f[1], a[0], r[0]), at(f[1], a[1], r[0]), at(f[0], a[1], r[0])];
    painter.add(Shape::closed_line(floor.to_vec(), thin));
    for (a, f) in [(a[0], f[0]), (a[1], f[0]), (a[1], f[1]), (a[0], f[1])] {
        painter.line_segment(
            [at(f, a, r[0]), at(f, a, r[1])],
            Stroke::new(0.7, style::WEAK.gamma_multiply(0.35)),
        );
    }
    let mut mesh = Mesh::default();
    for face in picture.faces() {
        let [red, green, blue] = face.colour;
        let colour = Color32::from_rgba_unmultiplied(red, green, blue, OPACITY);
        let first = mesh.vertices.len() as u32;
        face.corners.iter().for_each(|corner| mesh.colored_vertex(flat(*corner), colour));
        mesh.add_triangle(first, first + 1, first + 2);
        mesh.add_triangle(first, first + 2, first + 3);
    }
    painter.add(Shape::mesh(mesh));
    ticks(painter, pane, &at, [f, a, r]);
    if let Some((hip, is_met)) = hip {
        let place = flat(picture.place_of(hip));
        let [df, da, dr] = [hip.flexion, hip.adduction, hip.internal_rotation].map(|angle| angle.degrees());
        let colour = if is_met { style::REFUSAL } else { Color32::WHITE };
        painter
            .line_segment([at(df, da, r[0]), at(df, da, r[1])], Stroke::new(1.0, colour.gamma_multiply(0.7)));
        painter.line_segment([at(df, a[0], r[0]), at(df, da, r[0])], thin);
        painter.line_segment([at(f[0], da, r[0]), at(df, da, r[0])], thin);
        painter.circle(place, 5.5, colour, Stroke::new(2.0, style::GAP));
        let words = format!("{dr:+.0}\u{b0}");
        painter.text(place + vec2(9.0, 0.0), Align2::LEFT_CENTER, words, FontId::proportional(12.5), colour);
    }
}

/// Names of the axes and a few values along them.
fn ticks(painter: &Painter, pane: Rect, at: &impl Fn(f64, f64, f64) -> Pos2, [f, a, r]: [[f64; 2]; 3]) {
    let small = FontId::proportional(11.0);
    let inside = pane.shrink(4.0);
    let put = |place: Pos2, words: String, colour| {
        let drawn = painter.layout_no_wrap(words, small.clone(), colour);
        let half = drawn.size() / 2.0;
        let place = pos2(
            place.x.clamp(inside.left() + half.x, inside.right() - half.x),
            place.y.clamp(inside.top() + half.y, inside.bottom() - half.y),
        );
        painter.galley(place - half, drawn, colour);
    };
    let middle = |[from, to]: [f64; 2]| (from + to) / 2.0;
    let values = |[from, to]: [f64; 2], step: f64| {
        let first = (from / step).ceil() as i32;
        let last = (to / step).floor() as i32;
        (first..=last).map(move |n| f64::from(n) * step)
    };
    let beyond = |from: Pos2, by: f32, centre: Pos2| from + (from - centre).normalized() * by;
    let floor = at(middle(f), middle(a), r[0]);
    for value in values(f, 40.0) {
        put(beyond(at(value, a[1], r[0]), 10.0, floor), format!("{value:.0}"), style::WEAK);
    }
    put(beyond(at(middle(f), a[1], r[0]), 26.0, floor), "flexion".into(), style::TEXT);
    for value in values(a, 30.0) {
        put(beyond(at(f[1], value, r[0]), 10.0, floor), format!("{value:.0}"), style::WEAK);
    }
    put(beyond(at(f[1], middle(a), r[0]), 30.0, floor), "adduction".into(), style::TEXT);
    for value in values(r, 30.0) {
        put(at(f[0], a[1], value) - vec2(14.0, 0.0), format!("{value:.0}"), style::WEAK);
    }
    put(at(f[0], a[1], r[1]) - vec2(0.0, 12.0), "internal rotation".into(), style::TEXT);
}

fn legend(ui: &mut Ui) {
    ui.horizontal_wrapped(|ui| {
        let causes = ContactPair::ALL.into_iter().map(|pair| (Some(pair), pair.to_string()));
        for (cause, words) in causes.chain([(None, "not simulated further".to_owned())]) {
            let [r, g, b] = cause_colour(cause);
            let words = RichText::new(words).small();
            let wide = WidgetText::from(words.clone());
            let wide =
                wide.into_galley(ui, Some(TextWrapMode::Extend), f32::INFINITY, TextStyle::Small).size().x;
            // A colour stays beside its words.
            if ui.available_size_before_wrap().x < SWATCH + ui.spacing().item_spacing.x + wide {
                ui.end_row();
            }
            let (swatch, _) = ui.allocate_exact_size(vec2(SWATCH, SWATCH), Sense::hover());
            ui.painter().rect_filled(swatch, CornerRadius::same(2), Color32::from_rgb(r, g, b));
            ui.label(words);
        }
    });
}
