//! Keys.

use super::planning::Desk;
use super::{Case, State};
use crate::shown::Stage;
use crate::view::{Layout, Standard, Target};
use bevy::prelude::*;
use bevy_egui::input::EguiWantsInput;

const VIEWS: [KeyCode; 8] = [
    KeyCode::Digit1,
    KeyCode::Digit2,
    KeyCode::Digit3,
    KeyCode::Digit4,
    KeyCode::Digit5,
    KeyCode::Digit6,
    KeyCode::Digit7,
    KeyCode::Digit8,
];

/// Standard views on 1 to 8; F and H put all bones or the hip into the middle, B shows before or planned, V the view in space
/// or all four, R the radiograph or all four, P lists and numbers, X the crosshair, G the handles of the component. With the control key: Z takes a step back, with
/// shift or Y forth, S saves. Escape gives up what is being dragged.
pub(super) fn keys(
    pressed: Res<'_, ButtonInput<KeyCode>>,
    wants: Res<'_, EguiWantsInput>,
    case: Res<'_, Case>,
    mut state: ResMut<'_, State>,
    mut desk: ResMut<'_, Desk>,
) {
    if wants.wants_any_keyboard_input() || pressed.get_just_pressed().len() == 0 {
        return;
    }
    if let Some(bench) = &mut desk.bench {
        if pressed.any_pressed([KeyCode::ControlLeft, KeyCode::ControlRight, KeyCode::SuperLeft]) {
            let is_shift = pressed.any_pressed([KeyCode::ShiftLeft, KeyCode::ShiftRight]);
            for key in pressed.get_just_pressed() {
                match key {
                    KeyCode::KeyZ if is_shift => bench.redo(),
                    KeyCode::KeyZ => bench.undo(),
                    KeyCode::KeyY => bench.redo(),
                    KeyCode::KeyS => bench.save(),
                    _ => {}
                }
            }
            return;
        }
        if pressed.just_pressed(KeyCode::KeyG) {
            bench.has_handles = !bench.has_handles;
        }
        if pressed.just_pressed(KeyCode::Escape) {
            bench.give_up();
        }
    }
    let (shown, state) = (&case.0, &mut state.0);
    for key in pressed.get_just_pressed() {
        if let Some(at) = VIEWS.iter().position(|view| view == key) {
            state.look_from(shown, Standard::ALL[at]);
        }
        match key {
            KeyCode::KeyF => state.look_at(shown, Target::Pelvis),
            KeyCode::KeyH => state.look_at(shown, Target::Hip),
            KeyCode::KeyB if shown.planned.is_some() => {
                state.stage = if state.stage == Stage::Before { Stage::Planned } else { Stage::Before };
            }
            KeyCode::KeyV => {
                state.layout = if state.layout == Layout::Four { Layout::Space } else { Layout::Four };
            }
            KeyCode::KeyR => {
                let is_seen = state.layout == Layout::Radiograph;
                state.layout = if is_seen { Layout::Four } else { Layout::Radiograph };
            }
            KeyCode::KeyP => state.has_panels = !state.has_panels,
            KeyCode::KeyX => state.has_crosshair = !state.has_crosshair,
            _ => {}
        }
    }
}
