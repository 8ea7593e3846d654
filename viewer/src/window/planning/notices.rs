//! What the last step had to say, and what the user should know of the case, each with what can be done about it.

use super::super::style;
use crate::planning::Workbench;
use crate::session::Notice;
use bevy_egui::egui::{Frame, Label, RichText, Stroke, Ui};

pub(super) fn show(ui: &mut Ui, bench: &mut Workbench, is_placing: bool) {
    if is_placing {
        ui.label(RichText::new("Computing the plan by rule \u{2026}").color(style::CAUTION));
    }
    if let Some(said) = bench.said() {
        let colour = if said.is_refusal { style::REFUSAL } else { style::WEAK };
        ui.add(Label::new(RichText::new(&said.text).color(colour)).wrap());
    }
    for notice in bench.notices().to_vec() {
        let frame = Frame::new().inner_margin(6).stroke(Stroke::new(1.0, style::CAUTION));
        frame.show(ui, |ui| {
            ui.set_width(ui.available_width());
            ui.add(Label::new(RichText::new(sentence(&notice)).color(style::CAUTION)).wrap());
            ui.horizontal(|ui| actions(ui, bench, &notice));
        });
    }
}

fn actions(ui: &mut Ui, bench: &mut Workbench, notice: &Notice) {
    match notice {
        Notice::Recoverable { .. } => {
            if ui.button("Restore them").clicked() {
                bench.decide_recovery(true);
            }
            if ui.button("Discard them").clicked() {
                bench.decide_recovery(false);
            }
        }
        Notice::PlanChangedOnDisk => {
            if ui.button("Reload it").clicked() {
                bench.take_up_disk();
            }
            if ui.button("Overwrite it").clicked() {
                bench.save_over();
            }
        }
        Notice::PlanGone => {
            if ui.button("Save again").clicked() {
                bench.save_over();
            }
        }
        _ => {
            if ui.button("Understood").clicked() {
                bench.put_aside(notice);
            }
        }
    }
}

/// With a capital letter, unless it begins with the name of a file, and a full stop.
fn sentence(notice: &Notice) -> String {
    let text = notice.to_string();
    if text.split(' ').next().is_some_and(|word| word.contains('.')) {
        return text + ".";
    }
    let mut letters = text.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    first.chain(letters).chain(['.']).collect()
}
