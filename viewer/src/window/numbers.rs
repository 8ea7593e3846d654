//! The plan in words and numbers, beside the views.

use super::style;
use crate::shown::Shown;
use bevy_egui::egui::{Color32, Grid, Label, Panel, RichText, ScrollArea, Ui};
use coxa_geometry::{Finding, Severity};
use coxa_planner::Planned;
use coxa_planner::report::{Row, numbers_of_plan};

const DISCLAIMER: &str = "A planning and research tool, not a cleared medical device.";

/// Draws the panel.
pub(super) fn show(ui: &mut Ui, shown: &Shown) {
    Panel::right("numbers").default_size(306.0).show(ui, |ui| {
        Panel::bottom("disclaimer").show(ui, |ui| {
            ui.label(RichText::new(DISCLAIMER).small().color(style::WEAK));
        });
        ScrollArea::vertical().auto_shrink([false; 2]).show(ui, |ui| {
            ui.add_space(4.0);
            match &shown.planned {
                Some(planned) => plan(ui, planned),
                None => {
                    ui.heading("No plan");
                }
            }
            findings(ui, &shown.findings);
        });
    });
}

fn plan(ui: &mut Ui, planned: &Planned) {
    let plan = &planned.plan;
    ui.heading(format!("Plan of the {} hip", plan.side));
    ui.add_space(2.0);
    let title = |name: &str| name.replace('_', " ");
    let (cup, head, stem) = (&plan.cup, &plan.head, &plan.stem);
    let angle = stem.neck_shaft_deg.degrees();
    let components = [
        ("Cup", format!("{}, {:.0} mm", title(&cup.family), cup.size_mm)),
        ("Liner", title(&plan.liner.kind)),
        ("Head", format!("{} mm, {:+.1} mm", head.diameter_mm, head.offset_mm)),
        ("Stem", format!("{}, size {}, {angle:.0}\u{b0}, {}", title(&stem.family), stem.size, stem.offset)),
    ];
    Grid::new("components").num_columns(2).spacing([10.0, 3.0]).show(ui, |ui| {
        for (what, which) in components {
            ui.label(RichText::new(what).color(style::WEAK));
            ui.label(which);
            ui.end_row();
        }
    });
    heading(ui, "Cup orientation, supine, radiographic");
    let angle = |name: &str, value: String| Row {
        name: name.into(),
        value,
        spread: String::new(),
        method: String::new(),
    };
    let orientation = [
        angle("Inclination", cup.inclination_deg.to_string()),
        angle("Anteversion", cup.anteversion_deg.to_string()),
    ];
    rows(ui, "orientation", &orientation);
    for group in numbers_of_plan(&planned.results) {
        heading(ui, group.heading);
        rows(ui, group.heading, &group.rows);
    }
}

fn heading(ui: &mut Ui, words: &str) {
    ui.add_space(7.0);
    ui.label(RichText::new(words).strong().color(style::HEADING));
}

/// Name, value, spread; how it was obtained where the mouse rests.
fn rows(ui: &mut Ui, name: &str, rows: &[Row]) {
    Grid::new(name).num_columns(2).spacing([8.0, 2.0]).striped(true).show(ui, |ui| {
        for row in rows {
            ui.scope(|ui| {
                ui.set_width(184.0);
                let label = ui.add(Label::new(&row.name).wrap());
                if !row.method.is_empty() {
                    label.on_hover_text(&row.method);
                }
            });
            ui.vertical(|ui| {
                ui.label(RichText::new(&row.value).strong());
                if !row.spread.is_empty() {
                    ui.label(RichText::new(&row.spread).small().color(style::WEAK));
                }
            });
            ui.end_row();
        }
    });
}

/// What must be known of the plan, the worst first.
fn findings(ui: &mut Ui, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    heading(ui, "Findings");
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in sorted {
        let (word, colour): (&str, Color32) = match finding.severity {
            Severity::Note => ("Note", style::WEAK),
            Severity::Caution => ("Caution", style::CAUTION),
            Severity::Refusal => ("Refused", style::REFUSAL),
        };
        ui.label(RichText::new(word).color(colour).strong().small());
        ui.add(Label::new(&finding.message).wrap());
        ui.add_space(3.0);
    }
}
