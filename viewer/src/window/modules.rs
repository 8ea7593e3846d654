//! What diagnostic modules say of the case: texts, a table, pictures with what lies over them, and the card of the module.

use super::canvas::Canvas;
use super::module_picture::{self, Drawn};
use super::pages::Pages;
use super::style;
use crate::shown::Shown;
use crate::view::ViewState;
use bevy_egui::egui::{CentralPanel, CollapsingHeader, Grid, Panel, RichText, ScrollArea, Slider, Ui};
use coxa_panel::Card;
use coxa_planner::panels::CasePanel;

/// Room that a picture has at least, whatever is cut off.
const LEAST: f32 = 260.0;
/// Paragraphs are no wider, in points.
const WIDEST: f32 = 760.0;

/// Draws the page.
pub(super) fn show(
    ui: &mut Ui,
    shown: &Shown,
    state: &mut ViewState,
    pages: &mut Pages,
    canvas: &mut Canvas<'_, '_, '_>,
) {
    let (reading, modules) = match pages.modules(shown) {
        Some(Ok(modules)) => modules,
        Some(Err(problem)) => {
            ui.label(RichText::new(problem).color(style::REFUSAL));
            return;
        }
        None => {
            ui.label(RichText::new("Modules are analysing the case \u{2026}").color(style::CAUTION));
            return;
        }
    };
    let chosen = modules.place(state.module.as_deref());
    Panel::left("modules").default_size(216.0).show(ui, |ui| {
        style::heading(ui, "Modules");
        for (n, one) in modules.panels.iter().enumerate() {
            if ui.selectable_label(n == chosen, &one.panel.title).clicked() {
                state.module = Some(one.panel.module.clone());
            }
        }
        ui.add_space(10.0);
        ui.horizontal(|ui| {
            ui.label("Overlay");
            ui.spacing_mut().slider_width = 100.0;
            ui.add(Slider::new(&mut pages.opacity, 0.0..=1.0).show_value(false));
        });
        ui.add_space(6.0);
        if ui.button("Read again").on_hover_text("Show what modules said since").clicked() {
            pages.read_again();
        }
        for problem in &modules.problems {
            ui.add_space(6.0);
            ui.label(RichText::new(problem).small().color(style::REFUSAL));
        }
    });
    CentralPanel::default().show(ui, |ui| {
        let Some(one) = modules.panels.get(chosen) else {
            ui.label(RichText::new("No module has results for this case.").color(style::WEAK));
            return;
        };
        let all = ui.available_width();
        ScrollArea::both().auto_shrink([false; 2]).show(ui, |ui| {
            words(ui, one, all.min(WIDEST));
            ui.add_space(8.0);
            // Side by side where there is room.
            ui.horizontal_top(|ui| {
                let table = ui.vertical(|ui| table(ui, one)).response.rect;
                ui.add_space(14.0);
                let room = (all - table.width() - 40.0).max(LEAST);
                ui.vertical(|ui| {
                    for (n, picture) in one.panel.pictures.iter().enumerate() {
                        let key = (one.panel.module.clone(), n);
                        module_picture::show(ui, pages, canvas, Drawn { key, reading }, picture, room);
                        ui.add_space(10.0);
                    }
                });
            });
            if let Some(of_module) = &one.panel.card {
                ui.add_space(8.0);
                card(ui, &one.panel.module, of_module, all.min(WIDEST));
            }
        });
    });
}

/// Its heading and paragraphs.
fn words(ui: &mut Ui, one: &CasePanel, wide: f32) {
    ui.vertical(|ui| {
        ui.set_max_width(wide);
        ui.heading(&one.panel.title);
        ui.label(RichText::new(&one.panel.evidence).color(style::WEAK));
        if let Some(caution) = &one.caution {
            ui.label(RichText::new(caution).color(style::CAUTION));
        }
        for text in &one.panel.texts {
            ui.add_space(4.0);
            ui.label(text);
        }
    });
}

fn table(ui: &mut Ui, one: &CasePanel) {
    let table = &one.panel.table;
    if table.rows.is_empty() {
        return;
    }
    Grid::new(&one.panel.module).striped(true).spacing([22.0, 5.0]).show(ui, |ui| {
        ui.label("");
        for column in &table.columns {
            ui.label(RichText::new(column).color(style::WEAK));
        }
        ui.end_row();
        for row in &table.rows {
            ui.label(&row.name).on_hover_text(&row.method);
            for cell in &row.cells {
                ui.label(RichText::new(cell).color(style::MARK)).on_hover_text(&row.method);
            }
            ui.end_row();
        }
    });
}

/// What is known of the module, which can be folded away.
fn card(ui: &mut Ui, module: &str, card: &Card, wide: f32) {
    let header = CollapsingHeader::new("About this module").id_salt(("card", module)).default_open(true);
    header.show(ui, |ui| {
        ui.set_max_width(wide);
        for (name, words) in card.lines() {
            ui.label(RichText::new(name).small().color(style::WEAK));
            ui.label(words);
            ui.add_space(3.0);
        }
    });
}
