//! The plan in the hand: what is beside the views while one plans.

mod bar;
mod component;
mod limits;
mod map;
mod notices;
mod variants;

use super::numbers;
use super::style;
use crate::planning::{Component, Workbench};
use crate::shown::Shown;
use bevy::prelude::Resource;
use bevy_egui::egui::{Panel, RichText, ScrollArea, Ui};
use std::time::{Duration, Instant};

/// How often it is looked whether somebody else changed the case.
const LOOK: Duration = Duration::from_secs(2);

/// The workbench, and what of the panel is open.
#[derive(Resource)]
pub(super) struct Desk {
    /// Absent where the case has no plan that could be changed.
    pub(super) bench: Option<Workbench>,
    /// Whether the map of cup orientations is open.
    pub(super) has_map: bool,
    has_variants: bool,
    has_notes: bool,
    copy_to: String,
    looked: Instant,
}

impl Desk {
    pub(super) fn new(bench: Option<Workbench>) -> Self {
        let copy_to = std::env::home_dir().unwrap_or_default().join("plan.toml").display().to_string();
        Desk { bench, has_map: false, has_variants: false, has_notes: false, copy_to, looked: Instant::now() }
    }

    /// Looks at the disk now and then.
    pub(super) fn look(&mut self) {
        if self.looked.elapsed() > LOOK {
            self.looked = Instant::now();
            if let Some(bench) = &mut self.bench {
                bench.look_at_disk();
            }
        }
    }
}

/// Draws the panel.
pub(super) fn show(ui: &mut Ui, shown: &Shown, desk: &mut Desk) {
    Panel::right("numbers").default_size(322.0).show(ui, |ui| {
        Panel::bottom("disclaimer").show(ui, |ui| {
            ui.label(RichText::new(numbers::DISCLAIMER).small().color(style::WEAK));
        });
        let Desk { bench, has_map, has_variants, has_notes, copy_to, .. } = desk;
        let Some(bench) = bench else {
            ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
                ui.heading("No plan");
                numbers::findings(ui, &shown.findings);
            });
            return;
        };
        Panel::top("plan").show(ui, |ui| {
            ui.add_space(3.0);
            ui.heading(format!("Plan of the {} hip", shown.side));
            bar::show(ui, bench, has_variants, has_notes);
            notices::show(ui, bench, copy_to);
            ui.add_space(3.0);
        });
        ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
            ui.add_space(3.0);
            ui.horizontal(|ui| {
                for component in Component::ALL {
                    ui.selectable_value(&mut bench.component, component, component.title());
                }
                ui.checkbox(&mut bench.has_handles, "Handles")
                    .on_hover_text("Arrows and arcs in space to take hold of: key G");
            });
            component::show(ui, bench);
            live(ui, bench, has_map);
        });
        if *has_variants {
            variants::show(ui, bench, has_variants);
        }
    });
}

/// What the plan comes to, dimmed while it is of an earlier one: what one looks at while dragging first.
fn live(ui: &mut Ui, bench: &mut Workbench, has_map: &mut bool) {
    let answers = bench.answers().clone();
    let sketch = answers.sketch.value.as_ref();
    match sketch {
        Some(sketch) => dimmed(ui, answers.sketch.is_stale, |ui| numbers::headline(ui, &sketch.results)),
        None if answers.problem.is_none() => {
            ui.add_space(6.0);
            ui.label(RichText::new("computing ...").color(style::WEAK));
        }
        None => {}
    }
    limits::show(ui, &answers);
    if map::show(ui, &answers, bench.session().plan(), has_map) {
        bench.session_mut().set_map_wanted(*has_map);
    }
    if let Some(sketch) = sketch {
        dimmed(ui, answers.sketch.is_stale, |ui| {
            numbers::findings(ui, &sketch.findings);
            numbers::of_plan(ui, &sketch.results);
        });
    }
}

/// Draws weaker what is no longer, or not yet, so.
fn dimmed(ui: &mut Ui, is_stale: bool, draw: impl FnOnce(&mut Ui)) {
    ui.scope(|ui| {
        if is_stale {
            ui.set_opacity(0.5);
        }
        draw(ui);
    });
}
