//! A component's parts and numbers, each with a slider, a field and steps.

use super::super::style;
use crate::planning::{Choices, Component, Control, Workbench};
use bevy_egui::egui::{Button, ComboBox, DragValue, Grid, RichText, Slider, Ui, vec2};
use coxa_geometry::Unit;
use coxa_planner::adjust::{CupDefinition, CupPlane};

/// Room for the name of a number, in points.
const TITLE: f32 = 82.0;
/// Half of the last digit that is shown of a number.
const SHOWN: f64 = 0.05 + 1e-9;

pub(super) fn show(ui: &mut Ui, bench: &mut Workbench) {
    choices(ui, bench);
    if bench.component == Component::Cup {
        angles(ui, bench);
    }
    for &control in bench.component.controls() {
        number(ui, bench, control);
    }
    let words = match bench.component {
        Component::Cup => "Positions are relative to the plan as opened. Hold Shift for a tenth of the step.",
        Component::Stem => {
            "Tilts and positions are relative to the plan as opened. Hold Shift for a tenth of the step."
        }
    };
    ui.label(RichText::new(words).small().color(style::WEAK));
}

fn choices(ui: &mut Ui, bench: &mut Workbench) {
    let (plan, catalogue) = (bench.session().plan(), bench.session().data().catalogue());
    let all = match bench.component {
        Component::Cup => Choices::of_cup(plan, catalogue),
        Component::Stem => Choices::of_stem(plan, catalogue),
    };
    let mut wanted = None;
    Grid::new("parts of component").num_columns(2).spacing([10.0, 3.0]).show(ui, |ui| {
        for Choices { title, choices } in &all {
            ui.label(RichText::new(*title).color(style::WEAK));
            let chosen = choices.iter().find(|choice| choice.is_chosen);
            let text = chosen.map_or("not in the catalogue", |choice| choice.title.as_str());
            ComboBox::from_id_salt(title).width(176.0).selected_text(text).show_ui(ui, |ui| {
                for choice in choices {
                    if ui.selectable_label(choice.is_chosen, &choice.title).clicked() && !choice.is_chosen {
                        wanted = Some(choice.edit.clone());
                    }
                }
            });
            ui.end_row();
        }
    });
    if let Some(edit) = wanted {
        bench.edit(&edit);
    }
}

/// By which definition and against which plane the cup's angles are told.
fn angles(ui: &mut Ui, bench: &mut Workbench) {
    use CupDefinition::{Anatomical, Operative, Radiographic};
    let has_anterior_plane = bench
        .session()
        .axes()
        .cup_angles(&bench.session().plan().cup, Radiographic, CupPlane::AnteriorPelvic)
        .is_some();
    let angles = &mut bench.angles;
    ui.horizontal(|ui| {
        let [definition, plane] = angles.words();
        ComboBox::from_id_salt("definition").width(96.0).selected_text(definition).show_ui(ui, |ui| {
            for (value, words) in
                [(Radiographic, "radiographic"), (Operative, "operative"), (Anatomical, "anatomical")]
            {
                ui.selectable_value(&mut angles.definition, value, words);
            }
        });
        ComboBox::from_id_salt("plane").width(160.0).selected_text(plane).show_ui(ui, |ui| {
            ui.selectable_value(&mut angles.plane, CupPlane::Functional, "supine functional plane");
            ui.add_enabled_ui(has_anterior_plane, |ui| {
                ui.selectable_value(&mut angles.plane, CupPlane::AnteriorPelvic, "anterior pelvic plane");
            });
        });
    });
}

/// Name, slider, step down, field, step up.
fn number(ui: &mut Ui, bench: &mut Workbench, control: Control) {
    let Some(value) = control.value(bench.session(), bench.angles) else { return };
    let saved = bench.session().data().plan().map(|saved| &saved.plan);
    let from = saved
        .and_then(|saved| control.value_of(saved, saved, bench.session().axes(), bench.angles))
        .unwrap_or(value);
    let is_fine = ui.input(|i| i.modifiers.shift);
    let step = Control::step(is_fine);
    let suffix = if control.unit() == Unit::Degree { "\u{b0}" } else { " mm" };
    ui.horizontal(|ui| {
        ui.spacing_mut().item_spacing.x = 4.0;
        let is_held = bench.held_control() == Some(control);
        let title = RichText::new(control.title()).color(if is_held { style::HEADING } else { style::TEXT });
        let width = ui.available_width();
        ui.label(title);
        ui.add_space(TITLE - (width - ui.available_width()));
        // Nothing is not shown as minus nothing.
        let mut to = if value.abs() < 0.05 { 0.0 } else { value };
        ui.spacing_mut().slider_width = 88.0;
        let range = (from - control.reach()).min(value)..=(from + control.reach()).max(value);
        let slider = ui.add(Slider::new(&mut to, range).show_value(false));
        if ui.add(Button::new("\u{2212}").min_size(vec2(20.0, 18.0))).clicked() {
            bench.step(control, -step);
        }
        let field = DragValue::new(&mut to).speed(step / 5.0).max_decimals(1).min_decimals(1).suffix(suffix);
        // A number that is typed is meant when it is there whole.
        let field = field.update_while_editing(false);
        let field = ui.add_sized([62.0, 18.0], field);
        if ui.add(Button::new("+").min_size(vec2(20.0, 18.0))).clicked() {
            bench.step(control, step);
        }
        // A field that is left as it was tells its value to the digits that it shows.
        let is_as_shown = field.lost_focus() && (to - value).abs() <= SHOWN;
        if slider.changed() || (field.changed() && !is_as_shown) {
            bench.slide(control, to);
        }
        if slider.drag_stopped() || field.drag_stopped() || field.lost_focus() {
            bench.let_go();
        }
    });
}
