//! How far motions go that something is required of, and what stops them.

use super::super::{numbers, style};
use crate::session::{Answers, Problem};
use bevy_egui::egui::{Color32, Grid, Label, RichText, Ui};
use coxa_planner::report::{limit_in_words, motion_in_words};
use coxa_planner::simulate::{MotionLimit, Verdict};

pub(super) fn show(ui: &mut Ui, answers: &Answers) {
    style::heading(ui, "Required motion");
    match &answers.problem {
        Some(Problem::Refused(findings)) => {
            let words = "This plan is refused: move the component back.";
            ui.add(Label::new(RichText::new(words).color(style::REFUSAL)).wrap());
            numbers::findings(ui, findings);
            return;
        }
        Some(Problem::Plan(text) | Problem::Case(text)) => {
            ui.add(Label::new(RichText::new(text).color(style::REFUSAL)).wrap());
            return;
        }
        None => {}
    }
    // With spreads where they are there, else as they are known while dragging.
    let with_spreads = answers.limits.value.as_ref().filter(|_| !answers.limits.is_stale);
    let (limits, is_stale) = match (with_spreads, &answers.required_limits.value) {
        (Some(limits), _) => (limits, false),
        (None, Some(limits)) => (limits, answers.required_limits.is_stale),
        (None, None) => {
            ui.label(RichText::new("computing ...").color(style::WEAK));
            return;
        }
    };
    style::dimmed(ui, is_stale, |ui| {
        Grid::new("limits").num_columns(3).spacing([6.0, 2.0]).striped(true).show(ui, |ui| {
            for limit in limits.iter().filter(|limit| limit.required_deg.is_some()) {
                row(ui, limit);
            }
        });
    });
}

fn row(ui: &mut Ui, limit: &MotionLimit) {
    let degrees = |angle: coxa_geometry::Angle| format!("{:.0}\u{b0}", angle.degrees());
    ui.scope(|ui| {
        ui.set_width(172.0);
        let words = ui.add(Label::new(motion_in_words(&limit.motion.name)).wrap());
        if let Some(source) = &limit.required_source {
            words.on_hover_text(source);
        }
    });
    ui.vertical(|ui| {
        ui.label(RichText::new(limit_in_words(limit)).strong());
        let required = limit.required_deg.map_or_else(String::new, |angle| format!("of {}", degrees(angle)));
        ui.label(RichText::new(required).small().color(style::WEAK));
    });
    ui.vertical(|ui| {
        let (words, colour) = verdict(limit);
        ui.label(RichText::new(words).color(colour));
        if let Some(cause) = limit.cause {
            ui.label(RichText::new(cause.to_string()).small().color(style::WEAK));
        }
    });
    ui.end_row();
}

fn verdict(limit: &MotionLimit) -> (String, Color32) {
    // Without its spread a limit is not judged yet: the margin says as much.
    let margin = limit.margin_deg.map(|margin| format!("{:+.0}\u{b0}", margin.degrees()));
    let is_short = limit.margin_deg.is_some_and(|margin| margin.degrees() < 0.0);
    match (limit.verdict, margin) {
        (Some(Verdict::Met), margin) => (margin.unwrap_or_else(|| "met".into()), style::GOOD),
        (Some(Verdict::Short), Some(margin)) => (margin, style::REFUSAL),
        (Some(Verdict::Undecided), Some(margin)) => (margin, style::CAUTION),
        (Some(verdict), _) => (verdict.words().into(), style::WEAK),
        (None, Some(margin)) => (margin, if is_short { style::REFUSAL } else { style::GOOD }),
        (None, None) => ("met".into(), style::GOOD),
    }
}
