//! What diagnostic modules say of the case: a table, and pictures with what lies over them.

use super::canvas::Canvas;
use super::pages::Pages;
use super::style;
use crate::modules::{ModulePanel, ModulePicture, ramp};
use crate::shown::Shown;
use crate::view::ViewState;
use bevy_egui::egui::{
    Align2, CentralPanel, Color32, FontId, Grid, Mesh, Panel, Rect, RichText, ScrollArea, Sense, Shape,
    Slider, Ui, pos2, vec2,
};

/// Height of a picture at most, in points.
const HIGHEST: f32 = 380.0;
/// Room that it has at least, whatever is cut off.
const LEAST: f32 = 260.0;
const LEGEND: [f32; 2] = [140.0, 11.0];
const STEPS: usize = 48;

/// Draws the page.
pub(super) fn show(
    ui: &mut Ui,
    shown: &Shown,
    state: &mut ViewState,
    pages: &mut Pages,
    canvas: &mut Canvas<'_, '_, '_>,
) {
    let panels = match pages.panels(shown) {
        Some(Ok(panels)) => panels,
        Some(Err(problem)) => {
            ui.label(RichText::new(problem).color(style::REFUSAL));
            return;
        }
        None => {
            ui.label(RichText::new("Modules are analysing the case \u{2026}").color(style::CAUTION));
            return;
        }
    };
    let chosen = panels.iter().position(|panel| state.module.as_deref() == Some(panel.name)).unwrap_or(0);
    Panel::left("modules").default_size(216.0).show(ui, |ui| {
        style::heading(ui, "Modules");
        for (n, panel) in panels.iter().enumerate() {
            if ui.selectable_label(n == chosen, panel.title).clicked() {
                state.module = Some(panel.name.to_owned());
            }
        }
        ui.add_space(10.0);
        ui.horizontal(|ui| {
            ui.label("Overlay");
            ui.spacing_mut().slider_width = 100.0;
            ui.add(Slider::new(&mut pages.opacity, 0.0..=1.0).show_value(false));
        });
    });
    CentralPanel::default().show(ui, |ui| {
        let Some(panel) = panels.get(chosen) else {
            ui.label(RichText::new("No module has results for this case.").color(style::WEAK));
            return;
        };
        let all = ui.available_width();
        ScrollArea::both().auto_shrink([false; 2]).show(ui, |ui| {
            ui.heading(panel.title);
            ui.label(RichText::new(&panel.evidence).color(style::WEAK));
            ui.add_space(8.0);
            // Side by side where there is room.
            ui.horizontal_top(|ui| {
                let table = ui.vertical(|ui| table(ui, panel)).response.rect;
                ui.add_space(14.0);
                let room = (all - table.width() - 40.0).max(LEAST);
                ui.vertical(|ui| {
                    for (n, picture) in panel.pictures.iter().enumerate() {
                        show_picture(ui, pages, canvas, (panel.name, n), picture, room);
                        ui.add_space(10.0);
                    }
                });
            });
        });
    });
}

fn table(ui: &mut Ui, panel: &ModulePanel) {
    Grid::new(panel.name).striped(true).spacing([22.0, 5.0]).show(ui, |ui| {
        ui.label("");
        for column in &panel.table.columns {
            ui.label(RichText::new(column).color(style::WEAK));
        }
        ui.end_row();
        for row in &panel.table.rows {
            ui.label(&row.name).on_hover_text(&row.method);
            for cell in &row.cells {
                ui.label(RichText::new(cell).color(style::MARK)).on_hover_text(&row.method);
            }
            ui.end_row();
        }
    });
}

fn show_picture(
    ui: &mut Ui,
    pages: &mut Pages,
    canvas: &mut Canvas<'_, '_, '_>,
    key: (&'static str, usize),
    picture: &ModulePicture,
    room: f32,
) {
    let [width, height] = picture.size_px;
    let opacity = pages.opacity;
    let name = format!("module {key:?}");
    if pages.drawn.insert(key, opacity) != Some(opacity) {
        let rgba =
            picture.rgb(opacity).chunks_exact(3).flat_map(|rgb| [rgb[0], rgb[1], rgb[2], 255]).collect();
        canvas.put(&name, [width, height], rgba);
    }
    let scale = (HIGHEST / height as f32).min(room / width as f32).min(2.5);
    let (place, _) = ui.allocate_exact_size(vec2(width as f32, height as f32) * scale, Sense::hover());
    let whole = Rect::from_min_max(pos2(0.0, 0.0), pos2(1.0, 1.0));
    let painter = ui.painter_at(place);
    painter.rect_filled(place, 0.0, style::GAP);
    if let Some(texture) = canvas.texture(&name) {
        painter.image(texture, place, whole, Color32::WHITE);
    }
    let ends = [
        (place.left_center() + vec2(8.0, 0.0), Align2::LEFT_CENTER),
        (place.right_center() - vec2(8.0, 0.0), Align2::RIGHT_CENTER),
    ];
    for ((at, align), letter) in ends.into_iter().zip(picture.sides) {
        painter.text(at, align, letter, FontId::proportional(16.0), style::MARK);
    }
    ui.set_max_width(room);
    ui.label(RichText::new(&picture.caption).small().color(style::WEAK));
    let Some(overlay) = &picture.overlay else { return };
    ui.horizontal(|ui| {
        let [low, high] = overlay.ends();
        ui.label(RichText::new(&overlay.title).small());
        ui.label(RichText::new(low).small().color(style::WEAK));
        let (bar, _) = ui.allocate_exact_size(vec2(LEGEND[0], LEGEND[1]), Sense::hover());
        let mut mesh = Mesh::default();
        for step in 0..STEPS {
            let [r, g, b] = ramp((step as f32 + 0.5) / STEPS as f32);
            let wide = bar.width() / STEPS as f32;
            let cell =
                Rect::from_min_size(bar.min + vec2(step as f32 * wide, 0.0), vec2(wide + 0.5, bar.height()));
            mesh.add_colored_rect(cell, Color32::from_rgb(r, g, b));
        }
        ui.painter().add(Shape::mesh(mesh));
        ui.label(RichText::new(high).small().color(style::WEAK));
    });
}
