//! What the wheel and two fingers do over a view.

use bevy_egui::egui::{Response, Ui};

/// A notch of the wheel, in points.
const NOTCH_POINTS: f32 = 40.0;

/// How much nearer a notch of the wheel brings what is seen.
const ZOOM: f64 = 1.15;

/// Notches that the wheel was turned over a view.
pub(super) fn notches(ui: &Ui, response: &Response) -> f64 {
    match response.hovered() {
        true => f64::from(ui.input(|i| i.smooth_scroll_delta.y) / NOTCH_POINTS),
        false => 0.0,
    }
}

/// How much larger two fingers, or the wheel with the control key, make what is below the mouse.
pub(super) fn pinched(ui: &Ui, response: &Response) -> f64 {
    if response.hovered() { f64::from(ui.input(|i| i.zoom_delta())) } else { 1.0 }
}

/// How much higher what is seen becomes by the wheel.
pub(super) fn nearer(ui: &Ui, response: &Response) -> f64 {
    ZOOM.powf(-notches(ui, response)) / pinched(ui, response).max(1e-3)
}
