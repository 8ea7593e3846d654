//! Keys.

use super::planning::Desk;
use super::resources::{Case, State};
use crate::shown::Stage;
use crate::view::{Layout, Page, Standard, Target};
use bevy::input::keyboard::Key;
use bevy::prelude::*;
use bevy_egui::input::EguiWantsInput;

/// By their place, for with some keyboards digits need the shift key.
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
/// shift or Y forth, S saves. Escape gives up what is being dragged. Letters are those that the keyboard writes.
pub(super) fn keys(
    pressed: Res<'_, ButtonInput<KeyCode>>,
    written: Res<'_, ButtonInput<Key>>,
    wants: Res<'_, EguiWantsInput>,
    case: Res<'_, Case>,
    mut state: ResMut<'_, State>,
    mut desk: ResMut<'_, Desk>,
) {
    // Whatever has the keys, what is dragged can be given up.
    if pressed.just_pressed(KeyCode::Escape)
        && let Some(bench) = desk.bench.as_mut().filter(|bench| bench.is_holding())
    {
        bench.give_up();
    }
    let is_seen = state.0.page == Page::Views;
    if wants.wants_any_keyboard_input() || pressed.get_just_pressed().len() == 0 || !is_seen {
        return;
    }
    let letters: Vec<char> = written.get_just_pressed().filter_map(letter).collect();
    // Also what was let go within the same frame, which may have been a long one.
    let is_held = |keys: [KeyCode; 2]| pressed.any_pressed(keys) || pressed.any_just_pressed(keys);
    if is_held([KeyCode::ControlLeft, KeyCode::ControlRight])
        || is_held([KeyCode::SuperLeft, KeyCode::SuperRight])
    {
        let is_shift = is_held([KeyCode::ShiftLeft, KeyCode::ShiftRight]);
        for (letter, bench) in letters.iter().zip(desk.bench.iter_mut()) {
            match letter {
                'z' if is_shift => bench.redo(),
                'z' => bench.undo(),
                'y' => bench.redo(),
                's' => bench.save(),
                _ => {}
            }
        }
        return;
    }
    let (shown, state) = (&case.0, &mut state.0);
    for key in pressed.get_just_pressed() {
        if let Some(at) = VIEWS.iter().position(|view| view == key) {
            state.look_from(shown, Standard::ALL[at]);
        }
    }
    for letter in letters {
        match (letter, &mut desk.bench) {
            ('g', Some(bench)) => bench.has_handles = !bench.has_handles,
            ('f', _) => state.look_at(shown, Target::Pelvis),
            ('h', _) => state.look_at(shown, Target::Hip),
            ('b', _) if shown.planned.is_some() => {
                state.stage = if state.stage == Stage::Before { Stage::Planned } else { Stage::Before };
            }
            ('v', _) => {
                state.layout = if state.layout == Layout::Four { Layout::Space } else { Layout::Four };
            }
            ('r', _) => {
                let is_seen = state.layout == Layout::Radiograph;
                state.layout = if is_seen { Layout::Four } else { Layout::Radiograph };
            }
            ('p', _) => state.has_panels = !state.has_panels,
            ('x', _) => state.has_crosshair = !state.has_crosshair,
            _ => {}
        }
    }
}

/// The letter that a key writes, small.
fn letter(key: &Key) -> Option<char> {
    let Key::Character(text) = key else { return None };
    text.chars().next().map(|c| c.to_ascii_lowercase())
}
