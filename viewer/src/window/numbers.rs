//! Numbers of a plan in rows, and its findings.

use super::style;
use bevy_egui::egui::{Align, Color32, Grid, Label, Layout, RichText, Ui};
use coxa_geometry::{Finding, Measured, Measurements, Quantity, Severity};
use coxa_planner::optimise::PartPrice;
use coxa_planner::report::{NumberRow, figure_in_words, numbers_of_plan, value_in_words};

pub(super) const DISCLAIMER: &str = "A planning and research tool, not a cleared medical device.";

/// The numbers of a plan that are watched while a component is moved.
pub(super) const HEADLINE: [Quantity; 6] = [
    Quantity::LegLengthChange,
    Quantity::OffsetChange,
    Quantity::CombinedAnteversion,
    Quantity::CupCoverage,
    Quantity::MedialWall,
    Quantity::CanalFill,
];

/// Them as tiles, three in a row.
pub(super) fn headline(ui: &mut Ui, results: &Measurements) {
    let there: Vec<(Quantity, &Measured)> =
        HEADLINE.into_iter().filter_map(|quantity| Some((quantity, results.get(quantity)?))).collect();
    ui.add_space(6.0);
    for row in there.chunks(3) {
        ui.columns(3, |columns| {
            for (column, &(quantity, measured)) in columns.iter_mut().zip(row) {
                let value = with_sign(quantity, measured);
                // Columns stretch their words.
                column.with_layout(Layout::top_down(Align::LEFT), |ui| {
                    ui.label(RichText::new(value).strong().size(16.0));
                    ui.label(RichText::new(quantity.title()).small().color(style::WEAK));
                });
            }
        });
    }
}

/// A value; what is a change with its sign.
pub(super) fn with_sign(quantity: Quantity, measured: &Measured) -> String {
    let value = value_in_words(measured);
    if quantity.is_relative() && measured.value > 0.0 { format!("+{value}") } else { value }
}

/// What a plan costs over the plan by rule, in percentage points of success that it has to gain to be worth it.
pub(super) fn price(prices: &[PartPrice]) -> String {
    if prices.is_empty() {
        return "same price".into();
    }
    format!("price {:.1} points", prices.iter().map(|price| price.points).sum::<f64>())
}

/// The same as a line, with its parts where the mouse rests.
pub(super) fn price_line(ui: &mut Ui, prices: &[PartPrice]) {
    let mut words =
        "Gain in chance of success over the plan by rule, in percentage points, that would justify this plan at the prices set in the criteria."
            .to_owned();
    for price in prices {
        words += &format!("\n{}: {:+.1}", price.part.title(), price.points);
    }
    ui.horizontal(|ui| {
        ui.label(RichText::new("Against the plan by rule:").color(style::WEAK));
        ui.label(RichText::new(price(prices)).strong()).on_hover_text(words);
    });
}

/// What a plan comes to, in the order in which a hip is planned.
pub(super) fn of_plan(ui: &mut Ui, results: &Measurements) {
    for group in numbers_of_plan(results) {
        style::heading(ui, &group.heading);
        rows(ui, &group.heading, &group.rows);
    }
}

/// Name, value, spread; how it was obtained where the mouse rests.
fn rows(ui: &mut Ui, name: &str, rows: &[NumberRow]) {
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
pub(super) fn findings(ui: &mut Ui, findings: &[Finding]) {
    if findings.is_empty() {
        return;
    }
    style::heading(ui, "Findings");
    let mut sorted: Vec<&Finding> = findings.iter().collect();
    sorted.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    for finding in sorted {
        let (word, colour): (&str, Color32) = match finding.severity {
            Severity::Note => ("Note", style::WEAK),
            Severity::Caution => ("Caution", style::CAUTION),
            Severity::Refusal => ("Refused", style::REFUSAL),
        };
        ui.horizontal(|ui| {
            ui.label(RichText::new(word).color(colour).strong().small());
            let figure = ui.label(RichText::new(figure_in_words(finding)).color(style::WEAK).small());
            if !finding.source.is_empty() {
                figure.on_hover_text(&finding.source);
            }
        });
        ui.add(Label::new(&finding.message).wrap());
        ui.add_space(3.0);
    }
}
