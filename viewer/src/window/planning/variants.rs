//! Plans side by side.

use super::super::{numbers, style};
use crate::planning::{Control, Workbench};
use bevy_egui::egui::{Grid, RichText, Ui, Window};
use coxa_geometry::Quantity;
use coxa_planner::report::motion_in_words;
use coxa_planner::simulate::MotionLimit;

/// What is left of the required motion that is met least: `-6\u{b0} in flexion`.
fn least_margin(limits: &[MotionLimit]) -> String {
    let margins = limits.iter().filter_map(|limit| Some((limit.margin_deg?.degrees(), limit)));
    match margins.min_by(|a, b| a.0.total_cmp(&b.0)) {
        Some((margin, limit)) => {
            format!("{margin:+.0}\u{b0} in {}", motion_in_words(&limit.motion.name).to_lowercase())
        }
        None => "met".into(),
    }
}

/// Draws them. `removing` is the one about which it was asked whether it is to go.
pub(super) fn show(ui: &mut Ui, bench: &mut Workbench, is_open: &mut bool, removing: &mut Option<usize>) {
    let variants = bench.session().compared();
    let current = bench.session().current_variant();
    let (mut chosen, mut removed) = (None, None);
    Window::new("Plans side by side").open(is_open).resizable(false).show(ui.ctx(), |ui| {
        Grid::new("variants").striped(true).spacing([14.0, 4.0]).show(ui, |ui| {
            ui.label("");
            for (index, variant) in variants.iter().enumerate() {
                ui.vertical(|ui| {
                    if ui.selectable_label(index == current, RichText::new(&variant.name).strong()).clicked()
                    {
                        chosen = Some(index);
                    }
                    let is_asked = *removing == Some(index);
                    let words = if is_asked { "remove for good" } else { "remove" };
                    if variants.len() > 1 && ui.small_button(words).clicked() {
                        // Its history and notes go with it.
                        (*removing, removed) =
                            if is_asked { (None, Some(index)) } else { (Some(index), None) };
                    }
                });
            }
            ui.end_row();
            let mut line = |title: &str, value: &dyn Fn(usize) -> String| {
                ui.label(RichText::new(title).color(style::WEAK));
                for index in 0..variants.len() {
                    ui.label(value(index));
                }
                ui.end_row();
            };
            line("Shell", &|n| format!("{:.0} mm", variants[n].plan.cup.size_mm));
            line("Head", &|n| {
                let head = &variants[n].plan.head;
                format!("{:.0} mm, {:+.1}", head.diameter_mm, head.offset_mm)
            });
            line("Stem", &|n| format!("size {}", variants[n].plan.stem.size));
            for control in [Control::CupInclination, Control::CupAnteversion, Control::StemVersion] {
                let title = match control {
                    Control::StemVersion => Quantity::StemVersion.title(),
                    other => other.title(),
                };
                line(title, &|n| {
                    let plan = &variants[n].plan;
                    let value = control.value_of(plan, plan, bench.session().axes(), bench.angles);
                    value.map_or_else(|| "not known".into(), |value| format!("{value:.1}\u{b0}"))
                });
            }
            for quantity in numbers::HEADLINE {
                line(quantity.title(), &|n| match &variants[n].sketch {
                    Some(sketch) => sketch
                        .results
                        .get(quantity)
                        .map_or_else(|| "\u{2013}".into(), |measured| numbers::with_sign(quantity, measured)),
                    None => "not computed".into(),
                });
            }
            line("Required motion", &|n| match &variants[n].limits {
                Some(limits) => least_margin(limits),
                None => "not computed".into(),
            });
            line("Against the plan by rule", &|n| match &variants[n].prices {
                Some(prices) => numbers::price(prices),
                None => "not computed".into(),
            });
            line("Notes", &|n| {
                variants[n].notes.lines().next().unwrap_or_default().chars().take(24).collect()
            });
        });
        ui.label(
            RichText::new(
                "Click a name to continue with that plan; numbers are from when it was last shown.",
            )
            .small()
            .color(style::WEAK),
        );
    });
    if let Some(index) = chosen {
        bench.select_variant(index);
    }
    if let Some(index) = removed {
        bench.remove_variant(index);
    }
}
