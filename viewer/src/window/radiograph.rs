//! The simulated AP radiograph with silhouettes, kept until something changes that it shows.

use super::{marks, overlays};
use crate::shown::{Shown, Silhouettes, Stage};
use crate::view::{ViewState, edges};
use bevy_egui::egui::{Color32, ColorImage, Rect, Sense, TextureHandle, TextureOptions, Ui, pos2, vec2};
use coxa_planner::pictures::View;

/// Pixels of the silhouettes for each pixel of the screen: their borders come out smooth.
const FINER: f64 = 1.4;

/// Pictures as they were last drawn.
#[derive(Default)]
pub(super) struct Films {
    film: Option<TextureHandle>,
    silhouettes: Option<(Silhouettes, TextureHandle)>,
}

/// Draws it: dragging moves it, the wheel brings it nearer, a click puts the crosshair there and leaves its depth.
pub(super) fn show(ui: &mut Ui, pane: Rect, shown: &Shown, state: &mut ViewState, films: &mut Films) {
    let response = ui.interact(pane, ui.id().with("radiograph"), Sense::click_and_drag());
    let points_per_mm = |state: &ViewState| f64::from(pane.height().max(1.0)) / state.camera.height_mm;
    let camera = state.radiograph(shown);
    if response.dragged() {
        let (by, scale) = (response.drag_delta(), points_per_mm(state).recip());
        state.camera.target = camera.panned(f64::from(by.x) * scale, f64::from(by.y) * scale).target;
    }
    state.camera = state.camera.zoomed(state.camera.height_mm * super::panes::nearer(ui, &response));
    if response.clicked()
        && let Some(at) = response.interact_pointer_pos()
    {
        let off = (at - pane.center()) / points_per_mm(state) as f32;
        let place = camera.target + camera.right() * f64::from(off.x) - camera.up * f64::from(off.y);
        let depth = (state.crosshair - place).dot(camera.into);
        state.crosshair = place + camera.into * depth;
        state.slice_centre = state.crosshair;
    }

    let camera = state.radiograph(shown);
    let (right, down) = (camera.right(), -camera.up);
    let points_per_mm = points_per_mm(state);
    let view = View {
        width_mm: f64::from(pane.width()) / points_per_mm,
        px_per_mm: points_per_mm * f64::from(ui.ctx().pixels_per_point()) * FINER,
        ..View::coronal(camera.target, 1.0, camera.height_mm, 1.0)
    };
    let painter = ui.painter_at(pane);
    painter.rect_filled(pane, 0.0, Color32::BLACK);
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let all = shown.film();
    let film = films.film.get_or_insert_with(|| {
        let (width, height) = all.view.size_px();
        let image = ColorImage::from_gray([width as usize, height as usize], &all.grey);
        ui.ctx().load_texture("film", image, TextureOptions::LINEAR)
    });
    let [x, y, _] = camera.project(all.view.centre);
    let middle = pane.center() + vec2(x as f32, y as f32) * points_per_mm as f32;
    let size = vec2(all.view.width_mm as f32, all.view.height_mm as f32) * points_per_mm as f32;
    painter.image(film.id(), Rect::from_center_size(middle, size), whole, Color32::WHITE);

    let seen = (0..shown.parts.len()).map(|index| state.is_seen(shown, index)).collect();
    let (poses, plan) = (state.bodies(), shown.plan_count);
    let wanted = Silhouettes { view, stage: state.stage, seen, poses, plan };
    let texture = match films.silhouettes.take() {
        Some((drawn, texture)) if drawn == wanted => texture,
        earlier => {
            let (width, height) = view.size_px();
            let overlay: Vec<u8> = wanted.overlay(shown).into_flattened();
            let image = ColorImage::from_rgba_unmultiplied([width as usize, height as usize], &overlay);
            match earlier {
                Some((_, mut texture)) => {
                    texture.set(image, TextureOptions::LINEAR);
                    texture
                }
                None => ui.ctx().load_texture("silhouettes", image, TextureOptions::LINEAR),
            }
        }
    };
    painter.image(texture.id(), pane, whole, Color32::WHITE);
    films.silhouettes = Some((wanted, texture));

    overlays::paint(&painter, pane, shown, state, &camera, &poses);
    marks::edge_letters(&painter, pane, edges(right, down));
    marks::scale_bar(&painter, pane, 1.0 / points_per_mm);
    let stage = match (state.stage, shown.planned.is_some()) {
        (Stage::Planned, true) => "implants as planned",
        _ => "as scanned",
    };
    marks::title(&painter, pane, "Simulated AP radiograph", "");
    marks::note(&painter, pane, &format!("{stage}; parallel rays, no magnification"));
}
