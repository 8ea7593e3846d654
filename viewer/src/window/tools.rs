//! The bar above the views and the list of parts beside them.

use super::{motion, style};
use crate::script::{Layout, Target};
use crate::shown::{Group, Shown, Stage};
use crate::view::{Standard, ViewState};
use bevy_egui::egui::{Color32, CornerRadius, Panel, RichText, ScrollArea, Sense, Slider, Ui, vec2};

/// Draws both.
pub(super) fn show(ui: &mut Ui, shown: &Shown, state: &mut ViewState) {
    Panel::top("bar").show(ui, |ui| bar(ui, shown, state));
    Panel::left("parts").default_size(216.0).show(ui, |ui| {
        ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
            Group::ALL.into_iter().for_each(|group| parts(ui, shown, state, group));
        });
    });
}

fn bar(ui: &mut Ui, shown: &Shown, state: &mut ViewState) {
    ui.add_space(2.0);
    ui.horizontal(|ui| {
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
        ui.checkbox(&mut state.has_crosshair, "Crosshair");
        motion::button(ui, shown, state);
    });
    ui.add_space(2.0);
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
        let part = &shown.parts[at];
        ui.horizontal(|ui| {
            let [r, g, b] = part.outline;
            let (swatch, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
            ui.painter().rect_filled(swatch, CornerRadius::same(2), Color32::from_rgb(r, g, b));
            ui.checkbox(&mut state.looks[at].is_shown, part.title());
        });
    }
}
