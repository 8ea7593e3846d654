//! The handles of a component over the view in space, and what a hand does with them.

use super::numbers;
use super::style;
use crate::planning::{Control, Handle, Workbench};
use crate::view::ViewState;
use bevy_egui::egui::{
    Color32, CursorIcon, PointerButton, Pos2, Rect, Response, Shape, Stroke, Ui, Vec2, vec2,
};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Unit};

/// How near to a handle a hand takes it, in points.
const NEAR: f32 = 9.0;

/// Lets a hand take, pull and let go of handles. Whether it holds one: the view does not turn then.
pub(super) fn act(
    ui: &Ui,
    pane: Rect,
    response: &Response,
    state: &ViewState,
    bench: &mut Workbench,
) -> bool {
    let points_per_mm = pane.height() / state.camera.height_mm as f32;
    let place = |at: Pos2| {
        let off = (at - pane.center()) / points_per_mm;
        [f64::from(off.x), f64::from(off.y)]
    };
    if response.drag_started_by(PointerButton::Primary)
        && let Some(at) = ui.input(|i| i.pointer.press_origin())
        && let Some(handle) = nearest(bench, state, place(at), f64::from(NEAR / points_per_mm))
    {
        bench.take(handle, &state.camera, place(at));
    }
    let is_held = bench.is_holding() && response.dragged_by(PointerButton::Primary);
    if is_held && let Some(at) = response.interact_pointer_pos() {
        bench.pull(place(at));
    }
    if response.drag_stopped_by(PointerButton::Primary) {
        bench.let_go();
    }
    is_held
}

fn nearest(bench: &Workbench, state: &ViewState, at: [f64; 2], within_mm: f64) -> Option<Handle> {
    let off = |handle: &Handle| handle.distance_mm(&state.camera, at);
    let all = bench.handles(&state.camera).into_iter().filter(|handle| off(handle) <= within_mm);
    all.min_by(|a, b| off(a).total_cmp(&off(b)))
}

/// Draws the handles, the one that would be taken or is held brighter and with its number.
pub(super) fn paint(ui: &Ui, pane: Rect, response: &Response, state: &ViewState, bench: &Workbench) {
    let painter = ui.painter_at(pane);
    let points_per_mm = pane.height() / state.camera.height_mm as f32;
    let flat = |place: &Point<Patient>| {
        let [right, down, _] = state.camera.project(*place);
        pane.center() + vec2(right as f32, down as f32) * points_per_mm
    };
    let hovered = response.hover_pos().filter(|_| !bench.is_holding()).and_then(|at| {
        let off = (at - pane.center()) / points_per_mm;
        let at = [f64::from(off.x), f64::from(off.y)];
        nearest(bench, state, at, f64::from(NEAR / points_per_mm)).map(|handle| handle.control)
    });
    let bright = bench.held_control().or(hovered);
    if bright.is_some() && response.contains_pointer() {
        ui.ctx().set_cursor_icon(if bench.is_holding() { CursorIcon::Grabbing } else { CursorIcon::Grab });
    }
    for handle in bench.handles(&state.camera) {
        let line: Vec<Pos2> = handle.drawn().iter().map(flat).collect();
        let is_bright = bright == Some(handle.control);
        let colour = colour(handle.control);
        let width = if is_bright { 4.5 } else { 3.0 };
        painter.add(Shape::line(line.clone(), Stroke::new(width + 2.5, Color32::from_black_alpha(140))));
        painter.add(Shape::line(line.clone(), Stroke::new(width, colour)));
        let (Some(&[.., before, tip]), is_arc) =
            (line.last_chunk::<2>(), handle.control.unit() == Unit::Degree)
        else {
            continue;
        };
        head(&painter, before, tip, colour);
        if is_arc && let Some(&[first, second]) = line.first_chunk::<2>() {
            head(&painter, second, first, colour);
        }
        if is_bright {
            let value = handle.control.value(bench.session(), bench.angles);
            let suffix = if is_arc { "\u{b0}" } else { " mm" };
            let mut words = match value {
                Some(value) => format!("{} {value:.1}{suffix}", handle.control.title()),
                None => handle.control.title().to_owned(),
            };
            if let Some(price) = bench.answers().prices.fresh() {
                words = format!("{words}, {}", numbers::price(price));
            }
            let at = tip + (tip - before).normalized() * 14.0;
            super::marks::text(
                &painter,
                at,
                bevy_egui::egui::Align2::CENTER_CENTER,
                &words,
                13.5,
                style::MARK,
            );
        }
    }
}

/// The head of an arrow that comes from `before`.
fn head(painter: &bevy_egui::egui::Painter, before: Pos2, tip: Pos2, colour: Color32) {
    let along = (tip - before).normalized();
    if along == Vec2::ZERO {
        return;
    }
    let (out, across) = (tip + along * 9.0, along.rot90() * 5.5);
    painter.add(Shape::convex_polygon(vec![out, tip + across, tip - across], colour, Stroke::NONE));
}

/// That of the plane in which a hand turns it, or of the axis along which it moves, as the crosshair has them.
const fn colour(control: Control) -> Color32 {
    match control {
        Control::CupMedial | Control::StemMedial | Control::StemFlexion => Color32::from_rgb(240, 196, 70),
        Control::CupSuperior | Control::StemDeeper | Control::CupAnteversion | Control::StemVersion => {
            Color32::from_rgb(235, 96, 88)
        }
        Control::CupAnterior | Control::StemAnterior | Control::CupInclination | Control::StemVarus => {
            Color32::from_rgb(92, 196, 110)
        }
    }
}
