//! The cases beside the one that is shown, to choose another from.

use super::pages::Pages;
use super::style;
use crate::cohort::{CaseEntry, Cohort, Reached, Summary};
use bevy_egui::egui::{CentralPanel, Color32, Grid, RichText, ScrollArea, TextEdit, Ui};
use coxa_geometry::Severity;
use std::path::Path;

/// Height of a row, in points.
const ROW: f32 = 18.0;

/// Draws the page.
pub(super) fn show(ui: &mut Ui, pages: &mut Pages) {
    CentralPanel::default().show(ui, |ui| {
        let found = match pages.cohort() {
            None => {
                ui.label(RichText::new("Listing cases \u{2026}").color(style::CAUTION));
                return;
            }
            Some(Err(problem)) => {
                ui.label(RichText::new(problem).color(style::REFUSAL));
                return;
            }
            Some(Ok(cohort)) => cohort,
        };
        head(ui, pages, &found);
        ui.add_space(8.0);
        let words = pages.wanted_words.to_lowercase();
        let listed: Vec<&CaseEntry> = found.entries.iter().filter(|entry| holds(entry, &words)).collect();
        let own = std::path::absolute(pages.folder()).ok();
        // Only what is in sight is laid out: there may be thousands.
        ScrollArea::both().auto_shrink([false; 2]).show_rows(ui, ROW, listed.len() + 1, |ui, rows| {
            let grid = Grid::new("cases").striped(true).spacing([20.0, 6.0]).min_row_height(ROW);
            grid.start_row(rows.start).show(ui, |ui| {
                for row_at in rows {
                    match row_at.checked_sub(1).and_then(|n| listed.get(n)) {
                        None => heads(ui),
                        Some(entry) => row(ui, pages, entry, own.as_deref()),
                    }
                }
            });
        });
    });
}

fn heads(ui: &mut Ui) {
    for column in ["Case", "Side", "Stage", "Plan", "Worst finding", "Cautions", "Computed"] {
        ui.label(RichText::new(column).color(style::WEAK));
    }
    ui.end_row();
}

fn head(ui: &mut Ui, pages: &mut Pages, found: &Cohort) {
    ui.horizontal(|ui| {
        let name = found.folder.file_name().unwrap_or(found.folder.as_os_str()).to_string_lossy();
        ui.heading(name.into_owned()).on_hover_text(found.folder.display().to_string());
        let count = found.entries.len();
        ui.label(
            RichText::new(format!("{count} case{}", if count == 1 { "" } else { "s" })).color(style::WEAK),
        );
        if found.left_out > 0 {
            let words = format!("{} more are not listed", found.left_out);
            ui.label(RichText::new(words).color(style::CAUTION));
        }
        if pages.is_listing() {
            ui.label(RichText::new("updating \u{2026}").color(style::CAUTION));
        } else if ui.button("List again").clicked() {
            pages.list_again();
        }
        ui.add(TextEdit::singleline(&mut pages.wanted_words).hint_text("Find").desired_width(160.0));
    });
}

fn holds(entry: &CaseEntry, words: &str) -> bool {
    let plan = entry.content.as_ref().map(Summary::line).unwrap_or_default();
    words
        .split_whitespace()
        .all(|word| entry.name.to_lowercase().contains(word) || plan.to_lowercase().contains(word))
}

fn row(ui: &mut Ui, pages: &mut Pages, entry: &CaseEntry, own: Option<&Path>) {
    // The list is of whole paths.
    let is_shown = own == Some(entry.folder.as_path());
    let summary = match &entry.content {
        Ok(summary) => summary,
        Err(problem) => {
            ui.label(&entry.name);
            ui.label("");
            ui.label(RichText::new("unreadable").color(style::REFUSAL));
            ui.label(RichText::new(short(problem)).color(style::REFUSAL)).on_hover_text(problem);
            ui.end_row();
            return;
        }
    };
    let can_open = summary.reached >= Reached::Measured;
    let name = RichText::new(&entry.name).strong();
    let hint = if is_shown { "Currently shown: open it again" } else { "Open it" };
    let link =
        ui.add_enabled_ui(can_open, |ui| ui.selectable_label(is_shown, name).on_hover_text(hint)).inner;
    if link.clicked() {
        pages.wanted = Some(entry.folder.clone());
    }
    ui.label(summary.side.map(|side| side.to_string()).unwrap_or_default());
    let stage = match (summary.has_unsaved_edits, summary.is_edited) {
        (true, _) => format!("{}, edits not saved", summary.reached),
        (false, true) => "edited".to_owned(),
        (false, false) => summary.reached.to_string(),
    };
    let colour = if summary.is_edited { style::CAUTION } else { stage_colour(summary.reached) };
    let label = ui.label(RichText::new(stage).color(colour));
    if summary.is_edited {
        label.on_hover_text(
            "The plan was edited after its findings, report, motion and loads were computed; update them with coxa report.",
        );
    }
    let plan = summary.line();
    let line = ui.label(RichText::new(short(&plan)).color(plan_colour(summary)));
    if short(&plan) != plan {
        line.on_hover_text(&plan);
    }
    match &summary.worst {
        Some(finding) => {
            // Of the plan before it was edited, where it was.
            let (before, colour) = match summary.is_edited {
                true => ("before the edits: ", style::WEAK),
                false => ("", severity_colour(finding.severity)),
            };
            let words = RichText::new(short(&format!("{before}{}", finding.message))).color(colour);
            ui.label(words).on_hover_text(&finding.message);
        }
        None => {
            ui.label("");
        }
    }
    let cautions = if summary.cautions > 0 { summary.cautions.to_string() } else { String::new() };
    ui.label(RichText::new(cautions).color(if summary.is_edited { style::WEAK } else { style::TEXT }));
    let computed =
        [(summary.has_motion, "motion"), (summary.has_loads, "loads"), (summary.is_optimised, "optimised")];
    let words: Vec<&str> = computed.into_iter().filter(|(is, _)| *is).map(|(_, word)| word).collect();
    ui.label(RichText::new(words.join(", ")).color(style::WEAK));
    ui.end_row();
}

/// The first words of a sentence, for a line.
fn short(words: &str) -> String {
    const MOST: usize = 72;
    match words.char_indices().nth(MOST) {
        Some((at, _)) => format!("{}\u{2026}", words[..at].trim_end()),
        None => words.to_owned(),
    }
}

fn plan_colour(summary: &Summary) -> Color32 {
    match &summary.plan {
        Some(Ok(_)) => style::TEXT,
        Some(Err(_)) => style::REFUSAL,
        None => style::WEAK,
    }
}

fn stage_colour(reached: Reached) -> Color32 {
    match reached {
        Reached::Refused => style::REFUSAL,
        Reached::Planned | Reached::Reported => style::GOOD,
        Reached::Begun | Reached::Segmented | Reached::Measured => style::CAUTION,
    }
}

fn severity_colour(severity: Severity) -> Color32 {
    match severity {
        Severity::Refusal => style::REFUSAL,
        Severity::Caution => style::CAUTION,
        Severity::Note => style::WEAK,
    }
}
