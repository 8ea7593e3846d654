//! Names and numbers as a surgeon writes them.

use coxa_geometry::{Angle, Measured, Side, Unit};

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

/// `femur_left` becomes `Left femur`.
pub(super) fn with_side_first(name: &str) -> String {
    match split_side(name) {
        (rest, Some(side)) => capitalised(&format!("{side} {}", lower(&title(rest)))),
        (rest, None) => title(rest),
    }
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

/// Decimals that mean something in a unit, and how the unit is written; ratios are shown in per cent.
const fn style(unit: Unit) -> (usize, &'static str) {
    match unit {
        Unit::Degree => (1, "\u{b0}"),
        Unit::Percent | Unit::Ratio => (0, " %"),
        Unit::Hounsfield => (0, " HU"),
        Unit::Millimetre => (1, " mm"),
        Unit::SquareMillimetre => (0, " mm\u{b2}"),
        Unit::CubicCentimetre => (0, " cm\u{b3}"),
        Unit::Gram => (0, " g"),
        Unit::MilligramPerCubicCentimetre => (0, " mg/cm\u{b3}"),
    }
}

/// A value with its unit, to the digit that means something.
pub(super) fn number(value: f64, unit: Unit) -> String {
    let (decimals, suffix) = style(unit);
    let value = if unit == Unit::Ratio { 100.0 * value } else { value };
    rounded(value, decimals).map_or_else(|| "not known".into(), |digits| format!("{digits}{suffix}"))
}

/// Decimal digits with a true minus sign; a value that rounds to nothing does not keep its sign.
fn rounded(value: f64, decimals: usize) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let text = format!("{value:.decimals$}");
    Some(match text.strip_prefix('-') {
        Some(digits) if digits.chars().all(|c| c == '0' || c == '.') => digits.to_owned(),
        Some(digits) => format!("\u{2212}{digits}"),
        None => text,
    })
}

/// An angle in whole degrees.
pub(super) fn whole_degrees(angle: Angle) -> String {
    rounded(angle.degrees(), 0).map_or_else(|| "not known".into(), |digits| format!("{digits}\u{b0}"))
}

/// A length with its sign, as heads and liners are labelled.
pub(super) fn signed_mm(value: f64) -> String {
    signed(value, Unit::Millimetre)
}

/// A value with its sign, unless it rounds to nothing.
pub(super) fn signed(value: f64, unit: Unit) -> String {
    let text = number(value, unit);
    let is_nothing = !text.contains(|c: char| ('1'..='9').contains(&c));
    if value > 0.0 && value.is_finite() && !is_nothing { format!("+{text}") } else { text }
}

/// A measured value with its unit, to the digit that means something.
pub fn value(m: &Measured) -> String {
    number(m.value, m.unit)
}

/// A measured change or difference, with its sign.
pub(super) fn change(m: &Measured) -> String {
    signed(m.value, m.unit)
}

/// One standard deviation of a measured value, at least one in the last digit shown; empty where it has none.
pub(super) fn spread(m: &Measured) -> String {
    if !(m.spread.is_finite() && m.spread > 0.0) {
        return String::new();
    }
    let least = match m.unit {
        Unit::Degree | Unit::Millimetre => 0.1,
        Unit::Percent
        | Unit::Hounsfield
        | Unit::SquareMillimetre
        | Unit::CubicCentimetre
        | Unit::Gram
        | Unit::MilligramPerCubicCentimetre => 1.0,
        Unit::Ratio => 0.01,
    };
    format!("\u{b1} {}", number(m.spread.max(least), m.unit))
}

/// `right`, `left`, `right and left`, or nothing.
pub(super) fn sides(sides: &[Side]) -> String {
    let mut names: Vec<&str> = sides.iter().map(|s| s.name()).collect();
    names.sort_unstable_by(|a, b| b.cmp(a));
    names.dedup();
    names.join(" and ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(value: f64, spread: f64, unit: Unit) -> Measured {
        Measured { value, spread, unit, method: String::new() }
    }

    #[test]
    fn names_read_well() {
        assert_eq!(title("inter_asis_distance"), "Inter ASIS distance");
        assert_eq!(title(""), "");
        assert_eq!(with_side_first("femur_left"), "Left femur");
        assert_eq!(with_side_first("aiis_right"), "Right AIIS");
        assert_eq!(with_side_first("range_of_motion"), "Range of motion");
        assert_eq!(motion("flexion"), "Flexion");
        assert_eq!(motion("internal_rotation_at_90"), "Internal rotation at 90\u{b0} flexion");
        let sleep = motion("internal_rotation_at_45_adducted_15");
        assert_eq!(sleep, "Internal rotation at 45\u{b0} flexion, adducted 15\u{b0}");
        let pivot = motion("external_rotation_extended_10_adducted_10");
        assert_eq!(pivot, "External rotation, extended 10\u{b0}, adducted 10\u{b0}");
        assert_eq!(sides(&[Side::Left, Side::Right, Side::Left]), "right and left");
    }

    #[test]
    fn nothing_has_no_sign_and_less_than_nothing_a_true_minus() {
        for unit in [Unit::Degree, Unit::Percent, Unit::Hounsfield, Unit::Millimetre, Unit::Ratio] {
            for tiny in [-0.0, -1e-9, 1e-9, -0.0004] {
                let text = number(tiny, unit);
                assert!(!text.contains(['-', '\u{2212}', '+']), "{text}");
                assert_eq!(signed(tiny, unit), text);
            }
        }
        assert_eq!(number(-0.06, Unit::Millimetre), "\u{2212}0.1 mm");
        assert_eq!(signed(3.26, Unit::Millimetre), "+3.3 mm");
        assert_eq!(whole_degrees(Angle::from_degrees(-0.3)), "0\u{b0}");
        assert_eq!(number(f64::NAN, Unit::Degree), "not known");
        assert_eq!(signed(f64::INFINITY, Unit::Degree), "not known");
    }

    #[test]
    fn ratios_are_per_cent_and_spreads_never_round_to_nothing() {
        assert_eq!(number(0.854, Unit::Ratio), "85 %");
        assert_eq!(spread(&measured(0.854, 0.004, Unit::Ratio)), "\u{b1} 1 %");
        assert_eq!(spread(&measured(12.0, 0.02, Unit::Degree)), "\u{b1} 0.1\u{b0}");
        assert_eq!(spread(&measured(12.0, 0.0, Unit::Degree)), "");
        assert_eq!(spread(&measured(12.0, f64::NAN, Unit::Degree)), "");
    }
}
