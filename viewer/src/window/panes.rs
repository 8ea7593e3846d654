//! How the window is divided, and what the mouse does in each view.

use super::canvas::Canvas;
use super::player::Player;
use super::resources::MOST_PX;
use super::slices::Slices;
use super::space_target::SpaceTarget;
use super::wheel::{nearer, notches, pinched};
use super::{cube, hands, marks, overlays, radiograph, range, style};
use crate::motion::HipPose;
use crate::planning::{Component, Workbench};
use crate::shown::{Body, Shown, Stage};
use crate::view::{Layout, Plane, ViewState, edges};
use bevy::camera::visibility::RenderLayers;
use bevy::prelude::{Bundle, Camera3d, Msaa};
use bevy_egui::PrimaryEguiContext;
use bevy_egui::egui::{Color32, Painter, PointerButton, Pos2, Rect, Sense, Stroke, Ui, pos2, vec2};
use coxa_geometry::Side;
use coxa_planner::pictures::View;

/// Between the panes, in points.
const GAP: f32 = 2.0;

/// Part of the width that the range of motion takes beside the view in space.
const RANGE_SHARE: f32 = 0.4;

/// What a notch of the wheel does to a slice.
const STEP_MM: f64 = 1.0;

/// Turn for each point that the mouse is dragged, radians.
const TURN: f64 = 0.008;

/// Hounsfield units for each point that the mouse is dragged.
const WINDOW_HU: f64 = 4.0;

/// Room around the place where the lines of the other planes would cross, in points.
const OPEN: f32 = 9.0;

/// The camera that egui draws with: it sees nothing itself.
pub(super) fn camera() -> impl Bundle {
    (PrimaryEguiContext, Camera3d::default(), RenderLayers::none(), Msaa::Off)
}

/// Draws the views of the layout into what is left of the window.
pub(super) fn show(
    ui: &mut Ui,
    shown: &Shown,
    state: &mut ViewState,
    slices: &mut Slices,
    canvas: &mut Canvas<'_, '_, '_>,
    target: &mut SpaceTarget,
    bench: Option<&mut Workbench>,
    player: &Player,
) {
    let mut all = ui.available_rect_before_wrap();
    ui.painter().rect_filled(all, 0.0, style::GAP);
    let has_range = state.played.as_ref().is_some_and(|played| played.has_range);
    if has_range && state.layout == Layout::Space {
        let (left, right) = all.split_left_right_at_fraction(1.0 - RANGE_SHARE);
        range::show(ui, right, state, player);
        all = left.with_max_x(left.right() - GAP);
    }
    match (state.layout, state.layout.plane()) {
        (Layout::Four, _) => {
            let half = vec2((all.width() - GAP) / 2.0, (all.height() - GAP) / 2.0);
            let pane = |column: f32, row: f32| {
                let corner = all.min + vec2(column * (half.x + GAP), row * (half.y + GAP));
                Rect::from_min_size(corner, half)
            };
            space(ui, pane(0.0, 0.0), shown, state, target, bench);
            if has_range {
                range::show(ui, pane(1.0, 0.0), state, player);
            } else {
                slice(ui, pane(1.0, 0.0), shown, state, slices, canvas, Plane::Axial);
            }
            slice(ui, pane(0.0, 1.0), shown, state, slices, canvas, Plane::Coronal);
            slice(ui, pane(1.0, 1.0), shown, state, slices, canvas, Plane::Sagittal);
        }
        (Layout::Radiograph, _) => radiograph::show(ui, all, shown, state, &mut slices.films, canvas),
        (_, Some(plane)) => slice(ui, all, shown, state, slices, canvas, plane),
        (_, None) => space(ui, all, shown, state, target, bench),
    }
}

/// The view in space: dragging turns it, with the shift key or another button moves it, the wheel brings it nearer.
fn space(
    ui: &mut Ui,
    pane: Rect,
    shown: &Shown,
    state: &mut ViewState,
    target: &mut SpaceTarget,
    mut bench: Option<&mut Workbench>,
) {
    let px = pane.size() * ui.ctx().pixels_per_point();
    target.pane = pane;
    target.wanted_px = [px.x, px.y].map(|side| (side.round() as u32).clamp(1, MOST_PX));
    let response = ui.interact(pane, ui.id().with("space"), Sense::click_and_drag());
    let moved = response.drag_delta();
    let (right, down) = (f64::from(moved.x), f64::from(moved.y));
    let mm_per_point = |state: &ViewState| state.camera.height_mm / f64::from(pane.height().max(1.0));
    // Handles are where components are planned to be, not where they are seen when the joint is drawn apart or moved.
    let is_in_place = state.apart_mm <= 0.0 && state.hip == HipPose::default();
    let has_handles = is_in_place && state.stage == Stage::Planned;
    let at_hand = bench.as_deref_mut().filter(|_| has_handles);
    let is_held = at_hand.is_some_and(|bench| hands::act(ui, pane, &response, state, bench));
    if response.clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        let off = (at - pane.center()) * mm_per_point(state) as f32;
        pick(shown, state, [f64::from(off.x), f64::from(off.y)], bench.as_deref_mut());
    }
    if is_held {
        // The hand turns a component, not the view.
    } else if response.dragged_by(PointerButton::Primary) && !ui.input(|i| i.modifiers.shift) {
        state.camera = state.camera.orbited(right * TURN, down * TURN);
    } else if response.dragged() {
        let scale = mm_per_point(state);
        state.camera = state.camera.panned(right * scale, down * scale);
    }
    state.camera = state.camera.zoomed(state.camera.height_mm * nearer(ui, &response));

    let painter = ui.painter_at(pane);
    painter.image(target.texture, pane, Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0)), Color32::WHITE);
    overlays::paint(&painter, pane, shown, state, &state.camera, &state.drawn(shown));
    if let Some(map) = state.map {
        overlays::legend(&painter, pane, map, &target.legend);
    }
    if let Some(bench) = bench.filter(|_| has_handles) {
        hands::paint(ui, pane, &response, state, bench);
    }
    marks::edge_letters(&painter, pane, edges(state.camera.right(), -state.camera.up));
    marks::scale_bar(&painter, pane, mm_per_point(state));
    cube::paint(&painter, pane.right_top() + vec2(-44.0, 44.0), &state.camera);
    let side = match shown.side {
        Side::Right => "Right",
        Side::Left => "Left",
    };
    let stage = match state.stage {
        Stage::Before => "as scanned",
        Stage::Planned => "as planned",
    };
    let apart = (state.apart_mm > 0.0).then(|| format!("joint separated by {:.0} mm", state.apart_mm));
    let changed: Vec<String> = apart
        .into_iter()
        .chain(state.cutaway.map(|cut| format!("{}{}", cut.title(), target.pending)))
        .collect();
    target.told_to = marks::heading(&painter, pane, &format!("{side} hip, {stage}"), "", &changed.join(", "));
}

/// What was clicked: the crosshair goes there, and a component that was hit is worked on, with its handles shown.
fn pick(shown: &Shown, state: &mut ViewState, at: [f64; 2], bench: Option<&mut Workbench>) {
    let Some((index, place)) = state.part_at(shown, at) else { return };
    state.crosshair = place;
    state.slice_centre = place;
    let component = match shown.parts[index].body {
        Body::Cup => Component::Cup,
        Body::Stem => Component::Stem,
        Body::Fixed | Body::Femur | Body::ScannedFemur => return,
    };
    if let Some(bench) = bench {
        (bench.component, bench.has_handles) = (component, true);
    }
}

/// A slice with its outlines and the crosshair: clicking puts the crosshair there, dragging with the second button changes the
/// grey window and with the third moves the slice, the wheel goes through the slices or, with the control key, zooms.
fn slice(
    ui: &mut Ui,
    pane: Rect,
    shown: &Shown,
    state: &mut ViewState,
    slices: &mut Slices,
    canvas: &mut Canvas<'_, '_, '_>,
    plane: Plane,
) {
    let response = ui.interact(pane, ui.id().with(plane.title()), Sense::click_and_drag());
    let seen = |state: &ViewState| {
        let points_per_mm = f64::from(pane.height().max(1.0)) / state.slice_height_mm;
        let width_mm = f64::from(pane.width()) / points_per_mm;
        let px_per_mm = points_per_mm * f64::from(ui.ctx().pixels_per_point());
        (points_per_mm, plane.view(state.centre_of(plane), width_mm, state.slice_height_mm, px_per_mm))
    };
    let (points_per_mm, view) = seen(state);
    if let Some(at) = response.interact_pointer_pos()
        && (response.clicked() || response.dragged_by(PointerButton::Primary))
    {
        let off = (at - pane.center()) / points_per_mm as f32;
        state.point_at(plane, view.centre + view.right * f64::from(off.x) + view.down * f64::from(off.y));
    }
    let moved = response.drag_delta();
    if response.double_clicked_by(PointerButton::Secondary) {
        state.reset_window();
    } else if response.dragged_by(PointerButton::Secondary) {
        let window = &mut state.window;
        let middle = (window.black_hu + window.white_hu) / 2.0 + f64::from(moved.y) * WINDOW_HU;
        let width = (window.white_hu - window.black_hu + f64::from(moved.x) * WINDOW_HU).max(1.0);
        (window.black_hu, window.white_hu) = (middle - width / 2.0, middle + width / 2.0);
    }
    if response.dragged_by(PointerButton::Middle) {
        let by = moved / points_per_mm as f32;
        state.slice_centre = state.slice_centre - view.right * f64::from(by.x) - view.down * f64::from(by.y);
    }
    let (turned, pinched) = (notches(ui, &response), pinched(ui, &response));
    if turned != 0.0 {
        state.scroll(plane, turned * STEP_MM);
    }
    if pinched != 1.0 {
        state.slice_height_mm = (state.slice_height_mm / pinched.max(1e-3)).clamp(5.0, 2000.0);
    }

    let (points_per_mm, view) = seen(state);
    let painter = ui.painter_at(pane);
    let pending = slices.paint(&painter, pane, canvas, shown, state, plane, &view);
    if state.has_crosshair {
        crosshair(&painter, pane, state, plane, points_per_mm, &view);
    }
    marks::edge_letters(&painter, pane, edges(view.right, view.down));
    marks::scale_bar(&painter, pane, 1.0 / points_per_mm);
    let slab =
        (state.slab_mm > 0.0).then(|| format!("maximum intensity over {:.0} mm{pending}", state.slab_mm));
    // The scan does not follow the leg.
    let is_moved = state.stage == Stage::Planned && state.hip != HipPose::default();
    let moved = is_moved.then(|| "leg outlines in the played position".to_owned());
    let notes: Vec<String> = slab.into_iter().chain(moved).collect();
    let place = plane.place_in_words(state.crosshair);
    marks::heading(&painter, pane, plane.title(), &place, &notes.join(", "));
    let window = state.window;
    let (middle, width) = ((window.black_hu + window.white_hu) / 2.0, window.white_hu - window.black_hu);
    marks::window(&painter, pane, &format!("L {middle:.0}  W {width:.0} HU"));
}

/// The lines of the other two planes, open where they cross so that what is there can be seen.
fn crosshair(
    painter: &Painter,
    pane: Rect,
    state: &ViewState,
    plane: Plane,
    points_per_mm: f64,
    view: &View,
) {
    let d = state.crosshair - view.centre;
    let off = vec2(d.dot(view.right) as f32, d.dot(view.down) as f32) * points_per_mm as f32;
    let at: Pos2 = pane.center() + off;
    for other in Plane::ALL.into_iter().filter(|&other| other != plane) {
        let [r, g, b] = other.colour();
        let stroke = Stroke::new(1.0, Color32::from_rgba_unmultiplied(r, g, b, 190));
        // The other plane is seen edge on: along the picture's horizontal if its normal points down the picture.
        if view.down.coords()[other.normal_axis()].abs() > 0.5 {
            painter.hline(pane.left()..=at.x - OPEN, at.y, stroke);
            painter.hline(at.x + OPEN..=pane.right(), at.y, stroke);
        } else {
            painter.vline(at.x, pane.top()..=at.y - OPEN, stroke);
            painter.vline(at.x, at.y + OPEN..=pane.bottom(), stroke);
        }
    }
}
