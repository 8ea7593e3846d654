//! What muscles are called.

use coxa_muscle::leg::anatomical_name;

/// What an anatomist calls a part of the model: its muscle, and which part of it where there are several.
pub(super) fn title(name: &str) -> String {
    let muscle = anatomical_name(name).unwrap_or(short_name(name));
    match short_name(name).chars().last().filter(char::is_ascii_digit) {
        Some(part) => format!("{muscle}, part {part}"),
        None => muscle.into(),
    }
}

/// A muscle's name without the side of the model, which is always a right one.
pub(super) fn short_name(name: &str) -> &str {
    name.strip_suffix("_r").unwrap_or(name)
}
