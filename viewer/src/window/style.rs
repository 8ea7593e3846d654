//! Colours and sizes of lists and marks.

use bevy_egui::egui::{Color32, Context, FontId, RichText, Shadow, Stroke, TextStyle, Theme, Ui, Visuals};

pub(super) const PANEL: Color32 = Color32::from_rgb(32, 36, 43);
pub(super) const TEXT: Color32 = Color32::from_rgb(222, 226, 232);
pub(super) const WEAK: Color32 = Color32::from_rgb(150, 158, 170);
pub(super) const MARK: Color32 = Color32::from_rgb(240, 243, 247);
pub(super) const GAP: Color32 = Color32::from_rgb(12, 14, 17);
pub(super) const HEADING: Color32 = Color32::from_rgb(108, 178, 235);
pub(super) const CHOSEN: Color32 = Color32::from_rgb(52, 102, 148);
pub(super) const GOOD: Color32 = Color32::from_rgb(112, 196, 128);
pub(super) const CAUTION: Color32 = Color32::from_rgb(240, 178, 62);
pub(super) const REFUSAL: Color32 = Color32::from_rgb(232, 92, 84);
/// Of motions: free, in contact, and the arrow of the force.
pub(super) const FREE: Color32 = Color32::from_rgb(86, 160, 110);
pub(super) const BLOCKED: Color32 = Color32::from_rgb(214, 70, 62);
pub(super) const FORCE: Color32 = Color32::from_rgb(250, 196, 60);

/// Sets them; does nothing once that is done.
pub(super) fn apply(context: &Context) {
    if context.theme() == Theme::Dark && context.global_style().visuals.panel_fill == PANEL {
        return;
    }
    context.set_theme(Theme::Dark);
    context.style_mut_of(Theme::Dark, |style| {
        style.visuals = Visuals { panel_fill: PANEL, override_text_color: Some(TEXT), ..Visuals::dark() };
        style.visuals.window_shadow = Shadow::NONE;
        style.visuals.selection.bg_fill = CHOSEN;
        style.visuals.selection.stroke = Stroke::new(1.0, Color32::WHITE);
        // Pictures are taken of the state, not on the way to it.
        style.animation_time = 0.0;
        style.spacing.item_spacing.y = 3.5;
        let sizes = [
            (TextStyle::Body, 13.5),
            (TextStyle::Button, 13.5),
            (TextStyle::Small, 11.5),
            (TextStyle::Heading, 17.0),
        ];
        for (kind, size) in sizes {
            style.text_styles.insert(kind, FontId::proportional(size));
        }
    });
}

/// What stands over a group of numbers.
pub(super) fn heading(ui: &mut Ui, words: &str) {
    ui.add_space(7.0);
    ui.label(RichText::new(words).strong().color(HEADING));
}

/// Draws weaker what is no longer, or not yet, so.
pub(super) fn dimmed(ui: &mut Ui, is_stale: bool, draw: impl FnOnce(&mut Ui)) {
    ui.scope(|ui| {
        if is_stale {
            ui.set_opacity(0.5);
        }
        draw(ui);
    });
}
