//! Steps back and forth, saving, and other plans to take up.

use super::super::style;
use super::by_rule::ByRule;
use crate::planning::Workbench;
use crate::session::{Edit, Snap};
use bevy_egui::egui::{Button, ComboBox, RichText, TextEdit, Ui};
use std::path::Path;

/// Draws them.
pub(super) fn show(
    ui: &mut Ui,
    bench: &mut Workbench,
    has_variants: &mut bool,
    has_notes: &mut bool,
    copy_to: &mut String,
    by_rule: &mut ByRule,
) {
    by_rule.follow(bench);
    let (done, undone) = bench.session().steps();
    let is_saved = bench.session().is_saved();
    ui.horizontal(|ui| {
        if ui.add_enabled(done > 0, Button::new("Undo")).on_hover_text("Ctrl+Z").clicked() {
            bench.undo();
        }
        if ui.add_enabled(undone > 0, Button::new("Redo")).on_hover_text("Ctrl+Shift+Z").clicked() {
            bench.redo();
        }
        if ui.add_enabled(!is_saved, Button::new("Save")).on_hover_text("Writes plan.toml: Ctrl+S").clicked()
        {
            bench.save();
        }
        ui.menu_button("Copy \u{23f7}", |ui| copy(ui, bench, copy_to))
            .response
            .on_hover_text("Writes the plan to another file; it remains unsaved in its case");
        let words = if is_saved { "saved" } else { "not saved" };
        let colour = if is_saved { style::WEAK } else { style::CAUTION };
        ui.label(RichText::new(words).color(colour).small());
    });
    ui.horizontal(|ui| {
        ui.menu_button("Load \u{23f7}", |ui| {
            for (words, snap) in [
                ("The plan as it was opened", Snap::Saved),
                ("The plan by rule", Snap::RuleBased),
                ("What the optimiser recommends", Snap::Optimised),
            ] {
                if ui.button(words).clicked() {
                    match snap {
                        Snap::RuleBased => by_rule.is_wanted = true,
                        _ => bench.edit(&Edit::Snap(snap)),
                    }
                    ui.close();
                }
            }
        });
        variant(ui, bench);
        if ui.button("+").on_hover_text("Copy this plan as a new variant").clicked() {
            bench.add_variant();
        }
        ui.toggle_value(has_variants, "Compare").on_hover_text("Plans side by side");
        ui.toggle_value(has_notes, "Notes").on_hover_text("Name and notes of this plan");
    });
    if *has_notes {
        notes(ui, bench);
    }
}

/// Another file for the plan.
fn copy(ui: &mut Ui, bench: &mut Workbench, to: &mut String) {
    ui.add(TextEdit::singleline(to).desired_width(320.0));
    if ui.button("Save a copy").clicked() {
        bench.save_copy(Path::new(to.as_str()));
        ui.close();
    }
}

/// Which of the plans side by side is worked on.
fn variant(ui: &mut Ui, bench: &mut Workbench) {
    let names: Vec<String> = bench.session().variants().into_iter().map(|variant| variant.name).collect();
    let current = bench.session().current_variant();
    let mut chosen = current;
    ComboBox::from_id_salt("variant").width(68.0).selected_text(&names[current]).show_ui(ui, |ui| {
        for (index, name) in names.iter().enumerate() {
            ui.selectable_value(&mut chosen, index, name);
        }
    });
    if chosen != current {
        bench.select_variant(chosen);
    }
}

fn notes(ui: &mut Ui, bench: &mut Workbench) {
    let current = bench.session().current_variant();
    let Some(own) = bench.session().variants().into_iter().nth(current) else { return };
    let (mut name, mut notes) = (own.name, own.notes);
    let named = ui.add(TextEdit::singleline(&mut name).hint_text("Name").desired_width(f32::INFINITY));
    if named.changed() {
        // Both are of the variant that is there.
        let _ = bench.session_mut().name_variant(current, &name);
    }
    let hint = "Notes of this plan, kept beside it in the case";
    let noted =
        ui.add(TextEdit::multiline(&mut notes).hint_text(hint).desired_rows(3).desired_width(f32::INFINITY));
    if noted.changed() {
        let _ = bench.session_mut().note(current, &notes);
    }
}
