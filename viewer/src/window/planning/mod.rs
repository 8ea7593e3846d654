//! The plan in the hand: what is beside the views while one plans.

mod bar;
mod by_rule;
mod component;
mod limits;
mod map;
mod notices;
mod variants;

use super::numbers;
use super::style;
use crate::planning::{Component, Workbench};
use crate::session::Problem;
use crate::shown::Shown;
use bevy::prelude::Resource;
use bevy_egui::egui::{Label, Panel, RichText, ScrollArea, Ui};
use by_rule::ByRule;
use std::path::Path;
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
    /// The variant about which it was asked whether it is to go.
    removing: Option<usize>,
    copy_to: String,
    by_rule: ByRule,
    looked: Instant,
}

impl Desk {
    pub(super) fn new(bench: Option<Workbench>) -> Self {
        let folder = bench.as_ref().map(|bench| bench.session().data().folder());
        Desk {
            copy_to: folder.map(copy_of).unwrap_or_default(),
            bench,
            has_map: false,
            has_variants: false,
            has_notes: false,
            removing: None,
            by_rule: ByRule::default(),
            looked: Instant::now(),
        }
    }

    /// Whether answers are still to come.
    pub(super) fn is_in_work(&self) -> bool {
        let Some(answers) = self.bench.as_ref().map(Workbench::answers) else { return false };
        let has_map =
            self.has_map && answers.orientation_map.is_stale && answers.orientation_problem.is_none();
        self.by_rule.is_wanted
            || (answers.problem.is_none() && (answers.planned.is_stale || answers.limits.is_stale || has_map))
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

/// Where a copy of the plan of a case is offered to go: among the user's own files, by the name of the case.
fn copy_of(case: &Path) -> String {
    let name =
        case.canonicalize().ok().and_then(|path| Some(path.file_name()?.to_string_lossy().into_owned()));
    let file = format!("{}_plan.toml", name.as_deref().unwrap_or("case"));
    std::env::home_dir().unwrap_or_default().join(file).display().to_string()
}

/// Draws the panel.
pub(super) fn show(ui: &mut Ui, shown: &Shown, desk: &mut Desk) {
    Panel::right("numbers").default_size(322.0).show(ui, |ui| {
        Panel::bottom("disclaimer").show(ui, |ui| {
            ui.label(RichText::new(numbers::DISCLAIMER).small().color(style::WEAK));
        });
        let Desk { bench, has_map, has_variants, has_notes, removing, copy_to, by_rule, .. } = desk;
        let Some(bench) = bench else {
            ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
                ui.heading("No plan");
                let words = "This case has no plan. Run coxa plan CT --side SIDE -o CASE: it plans, or says why it cannot.";
                ui.add(Label::new(RichText::new(words).color(style::WEAK)).wrap());
                numbers::findings(ui, &shown.findings);
            });
            return;
        };
        Panel::top("plan").show(ui, |ui| {
            ui.add_space(3.0);
            ui.heading(format!("Plan of the {} hip", shown.side));
            bar::show(ui, bench, has_variants, has_notes, copy_to, by_rule);
            ui.add_space(3.0);
        });
        // At the foot: what comes and goes must not move a row from under the mouse.
        if by_rule.is_wanted || bench.said().is_some() || !bench.notices().is_empty() {
            Panel::bottom("notices").show(ui, |ui| notices::show(ui, bench, by_rule.is_wanted));
        }
        ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
            ui.add_space(3.0);
            ui.horizontal(|ui| {
                for component in Component::ALL {
                    ui.selectable_value(&mut bench.component, component, component.title());
                }
                ui.checkbox(&mut bench.has_handles, "Handles")
                    .on_hover_text("Draggable arrows and arcs in the 3D view (key G)");
            });
            component::show(ui, bench);
            live(ui, bench, has_map);
        });
        if *has_variants {
            variants::show(ui, bench, has_variants, removing);
        }
    });
}

/// What the plan comes to, dimmed while it is of an earlier one: what one looks at while dragging first.
fn live(ui: &mut Ui, bench: &mut Workbench, has_map: &mut bool) {
    let answers = bench.answers().clone();
    let sketch = answers.sketch.value.as_ref();
    match sketch {
        Some(sketch) => {
            style::dimmed(ui, answers.sketch.is_stale, |ui| numbers::headline(ui, &sketch.results));
            if let Some(prices) = &answers.prices.value {
                style::dimmed(ui, answers.prices.is_stale, |ui| numbers::price_line(ui, prices));
            }
        }
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
        style::dimmed(ui, answers.sketch.is_stale, |ui| {
            // Those of a refusal stand above.
            if !matches!(answers.problem, Some(Problem::Refused(_))) {
                numbers::findings(ui, &sketch.findings);
            }
            numbers::of_plan(ui, &sketch.results);
        });
    }
}
