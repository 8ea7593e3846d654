//! Names and numbers as a surgeon writes them.

use super::speech::say;
use coxa_geometry::Side;
use coxa_locale::Language;

/// `leg_length_change` becomes `Leg length change`; abbreviations keep their capitals.
pub fn title(name: &str) -> String {
    let words: Vec<String> = name
        .split('_')
        .filter(|w| !w.is_empty())
        .map(|word| match word {
            "asis" | "aiis" | "psis" | "app" | "hu" => word.to_uppercase(),
            _ => word.into(),
        })
        .collect();
    capitalised(&words.join(" "))
}

/// A source as a reader of the report has it.
pub(super) fn source(text: &str) -> String {
    text.replace("to be verified", "not verified")
}

/// The text with a capital first.
pub(super) fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A name without the side that ends it, and that side.
pub(super) fn split_side(name: &str) -> (&str, Option<Side>) {
    [("_right", Side::Right), ("_left", Side::Left)]
        .into_iter()
        .find_map(|(ending, side)| name.strip_suffix(ending).map(|rest| (rest, Some(side))))
        .unwrap_or((name, None))
}

/// A name in a language: `leg_length_change` becomes `Leg length change`.
pub(super) fn titled(language: Language, name: &str) -> String {
    capitalised(&language.word(&title(name)))
}

/// `femur_left` becomes `Left femur`.
pub(super) fn with_side_first(language: Language, name: &str) -> String {
    match split_side(name) {
        (rest, Some(side)) => of_side(language, side, &lower(&titled(language, rest))),
        // `screw_2`
        (rest, None) => match rest.rsplit_once('_') {
            Some((what, number)) if number.bytes().all(|digit| digit.is_ascii_digit()) => {
                let of = [("what", titled(language, what).into()), ("number", number.into())];
                say(language, "report-numbered", of)
            }
            _ => titled(language, rest),
        },
    }
}

/// `Left femur`, of a word that is of the language already.
pub(super) fn of_side(language: Language, side: Side, what: &str) -> String {
    say(language, "report-of-side", [("side", side.name().into()), ("what", what.into())])
}

/// Without the capital that a sentence begins with; abbreviations keep theirs.
pub(super) fn lower(title: &str) -> String {
    let mut letters = title.chars();
    match (letters.next(), letters.clone().next()) {
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => title.into(),
    }
}

/// The name of a motion in a language.
pub(super) fn motion_in(language: Language, name: &str) -> String {
    capitalised(&language.word(&motion(name)))
}

/// `internal_rotation_at_45_adducted_15` becomes `Internal rotation at 45° flexion, adducted 15°`.
pub fn motion(name: &str) -> String {
    let Some((what, pose)) = name.split_once("_at_") else {
        // `external_rotation_extended_10`
        return match name.split_once("_extended_") {
            Some((what, pose)) => {
                let pose = pose.replace("_adducted_", "\u{b0}, adducted ");
                format!("{}, extended {pose}\u{b0}", title(what))
            }
            None => title(name),
        };
    };
    let (flexion, rest) = pose.split_once('_').unwrap_or((pose, ""));
    let mut text = format!("{} at {flexion}\u{b0} flexion", title(what));
    if !rest.is_empty() {
        let degree = if rest.ends_with(|c: char| c.is_ascii_digit()) { "\u{b0}" } else { "" };
        text += &format!(", {}{degree}", rest.replace('_', " "));
    }
    text
}

/// `right`, `left`, `right and left`, or nothing.
pub(super) fn sides(language: Language, sides: &[Side]) -> String {
    match (sides.contains(&Side::Right), sides.contains(&Side::Left)) {
        (true, true) => language.text("report-right-and-left"),
        (true, false) => language.word(Side::Right.name()).into_owned(),
        (false, true) => language.word(Side::Left.name()).into_owned(),
        (false, false) => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_read_well() {
        assert_eq!(title("inter_asis_distance"), "Inter ASIS distance");
        assert_eq!(title(""), "");
        assert_eq!(with_side_first(Language::English, "femur_left"), "Left femur");
        assert_eq!(with_side_first(Language::English, "aiis_right"), "Right AIIS");
        assert_eq!(with_side_first(Language::English, "range_of_motion"), "Range of motion");
        assert_eq!(with_side_first(Language::English, "screw_2"), "Screw 2");
        assert_eq!(motion("flexion"), "Flexion");
        assert_eq!(motion("internal_rotation_at_90"), "Internal rotation at 90\u{b0} flexion");
        let sleep = motion("internal_rotation_at_45_adducted_15");
        assert_eq!(sleep, "Internal rotation at 45\u{b0} flexion, adducted 15\u{b0}");
        let pivot = motion("external_rotation_extended_10_adducted_10");
        assert_eq!(pivot, "External rotation, extended 10\u{b0}, adducted 10\u{b0}");
        assert_eq!(sides(Language::English, &[Side::Left, Side::Right, Side::Left]), "right and left");
    }
}
