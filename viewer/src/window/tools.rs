//! The bar above the views and the list of parts beside them.

use super::export::Export;
use super::{export, motion, style};
use crate::shown::{Group, MapKind, MarkKind, Shown, Stage};
use crate::view::{Cutaway, Layout, MOST_APART_MM, Page, Standard, Target, ViewState};
use bevy_egui::egui::{
    self, Color32, ComboBox, CornerRadius, DragValue, Panel, RichText, ScrollArea, Sense, Slider, Ui, vec2,
};
use coxa_planner::pictures::THICKEST_SLAB_MM;

/// Draws both.
pub(super) fn show(
    ui: &mut Ui,
    shown: &Shown,
    state: &mut ViewState,
    pages: &[Page],
    export: Option<&mut Export>,
) {
    Panel::top("bar").show(ui, |ui| bar(ui, shown, state, pages, export));
    Panel::left("parts").default_size(216.0).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
            parts(ui, shown, state, Group::Implants);
            parts(ui, shown, state, Group::Bones);
            over(ui, state);
            cut(ui, state);
            slices(ui, state);
            parts(ui, shown, state, Group::SoftTissue);
        });
    });
}

/// The bar of the pages that have no views.
pub(super) fn pages(ui: &mut Ui, state: &mut ViewState, pages: &[Page]) {
    Panel::top("bar").show(ui, |ui| {
        ui.add_space(2.0);
        ui.horizontal(|ui| turn(ui, state, pages));
        ui.add_space(2.0);
    });
}

/// What the window can be turned to.
fn turn(ui: &mut Ui, state: &mut ViewState, pages: &[Page]) {
    for &page in pages {
        ui.selectable_value(&mut state.page, page, page.title());
    }
}

fn bar(ui: &mut Ui, shown: &Shown, state: &mut ViewState, pages: &[Page], export: Option<&mut Export>) {
    ui.add_space(2.0);
    ui.horizontal_wrapped(|ui| {
        // In one line on a window of usual width.
        (ui.spacing_mut().item_spacing.x, ui.spacing_mut().button_padding.x) = (3.0, 3.0);
        turn(ui, state, pages);
        ui.separator();
        for layout in Layout::ALL {
            ui.selectable_value(&mut state.layout, layout, layout.title());
        }
        ui.separator();
        if shown.planned.is_some() {
            ui.selectable_value(&mut state.stage, Stage::Before, "Before");
            ui.selectable_value(&mut state.stage, Stage::Planned, "Planned");
            ui.separator();
        }
        for view in Standard::ALL {
            if ui.button(view.title()).clicked() {
                state.look_from(shown, view);
            }
        }
        ui.separator();
        for (target, words) in [(Target::Pelvis, "All bones"), (Target::Hip, "Hip")] {
            if ui.button(words).clicked() {
                state.look_at(shown, target);
            }
        }
        motion::button(ui, shown, state);
        if let Some(export) = export {
            export::menu(ui, state, export);
        }
    });
    ui.add_space(2.0);
}

/// What surfaces are coloured by, and what is drawn over them.
fn over(ui: &mut Ui, state: &mut ViewState) {
    ui.add_space(6.0);
    ui.label(RichText::new("Colours and marks").strong().size(14.5).color(style::HEADING));
    let title = state.map.map_or("no colour map", MapKind::title);
    ComboBox::from_id_salt("map").width(190.0).selected_text(title).show_ui(ui, |ui| {
        ui.selectable_value(&mut state.map, None, "no colour map");
        for kind in MapKind::ALL {
            ui.selectable_value(&mut state.map, Some(kind), kind.title());
        }
    });
    for kind in MarkKind::ALL {
        let mut is_shown = state.marks.contains(&kind);
        if ui.checkbox(&mut is_shown, kind.title()).changed() {
            match is_shown {
                true => state.marks.insert(kind),
                false => state.marks.remove(&kind),
            };
        }
    }
}

/// What of the view in space is out of the way.
fn cut(ui: &mut Ui, state: &mut ViewState) {
    ui.add_space(6.0);
    ui.label(RichText::new("Cut open").strong().size(14.5).color(style::HEADING));
    let whole = "whole";
    let title = state.cutaway.map_or(whole, Cutaway::title);
    ComboBox::from_id_salt("cutaway").width(190.0).selected_text(title).show_ui(ui, |ui| {
        ui.selectable_value(&mut state.cutaway, None, whole);
        for cutaway in Cutaway::ALL {
            ui.selectable_value(&mut state.cutaway, Some(cutaway), cutaway.title());
        }
    });
    ui.horizontal(|ui| {
        ui.label("Joint apart");
        ui.spacing_mut().slider_width = 74.0;
        ui.add(Slider::new(&mut state.apart_mm, 0.0..=MOST_APART_MM).max_decimals(0).suffix(" mm"));
    });
}

/// What of the slices is chosen for all three.
fn slices(ui: &mut Ui, state: &mut ViewState) {
    ui.add_space(6.0);
    ui.label(RichText::new("Slices").strong().size(14.5).color(style::HEADING));
    ui.checkbox(&mut state.has_crosshair, "Crosshair");
    ui.horizontal(|ui| {
        ui.label("Maximum intensity over");
        let slab = DragValue::new(&mut state.slab_mm).range(0.0..=THICKEST_SLAB_MM).speed(0.5);
        ui.add(slab.max_decimals(1).suffix(" mm")).on_hover_text(
            "Maximum intensity projection (MIP) through a slab of this thickness; 0 shows a single slice.",
        );
    });
}

/// The parts of a group with the colours of their outlines.
fn parts(ui: &mut Ui, shown: &Shown, state: &mut ViewState, group: Group) {
    let is_there = |at: &usize| {
        let part = &shown.parts[*at];
        part.group == group && part.stage.is_none_or(|stage| stage == state.stage)
    };
    let own: Vec<usize> = (0..shown.parts.len()).filter(is_there).collect();
    let Some(&first) = own.first() else { return };
    ui.add_space(6.0);
    ui.label(RichText::new(group.title()).strong().size(14.5).color(style::HEADING));
    if group == Group::SoftTissue && shown.is_making_soft_tissue() {
        ui.label(RichText::new("preparing surfaces \u{2026}").color(style::CAUTION));
    }
    let before = state.looks[first].opacity;
    let mut opacity = before;
    ui.horizontal(|ui| {
        let mut all = own.iter().all(|&at| state.looks[at].is_shown);
        if ui.checkbox(&mut all, "All").changed() {
            own.iter().for_each(|&at| state.looks[at].is_shown = all);
        }
        ui.spacing_mut().slider_width = 74.0;
        ui.add(Slider::new(&mut opacity, 0.0..=1.0).show_value(false));
        ui.label(RichText::new(format!("{:.0} %", 100.0 * opacity)).color(style::WEAK));
    });
    if opacity != before {
        own.iter().for_each(|&at| state.looks[at].opacity = opacity);
    }
    for at in own {
        row(ui, shown, state, at);
    }
}

/// One part: its colour, which of soft tissue can be another, whether it is shown, and how opaque.
fn row(ui: &mut Ui, shown: &Shown, state: &mut ViewState, at: usize) {
    let part = &shown.parts[at];
    ui.horizontal(|ui| {
        let mut colour = state.outline(shown, at);
        if part.group == Group::SoftTissue {
            ui.scope(|ui| {
                ui.spacing_mut().interact_size = vec2(10.0, 10.0);
                if ui.color_edit_button_srgb(&mut colour).changed() {
                    state.looks[at].colour = Some(colour);
                }
            });
        } else {
            let [r, g, b] = colour;
            let (swatch, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
            ui.painter().rect_filled(swatch, CornerRadius::same(2), Color32::from_rgb(r, g, b));
        }
        ui.checkbox(&mut state.looks[at].is_shown, part.title());
        if !state.looks[at].is_shown {
            return;
        }
        ui.with_layout(egui::Layout::right_to_left(egui::Align::Center), |ui| {
            let mut percent = 100.0 * state.looks[at].opacity;
            let value = DragValue::new(&mut percent).range(0.0..=100.0).max_decimals(0).suffix(" %");
            if ui.add(value).on_hover_text("Opacity").changed() {
                state.looks[at].opacity = percent / 100.0;
            }
        });
    });
}
