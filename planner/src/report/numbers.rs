//! Numbers as a surgeon writes them, in a language.

use super::speech::say;
use coxa_geometry::{Angle, Measured, Unit};
use coxa_locale::{Argument, Language};

/// Decimals that mean something in a unit, and the message that writes the unit; ratios are shown in per cent.
const fn style(unit: Unit) -> (usize, &'static str) {
    match unit {
        Unit::Degree => (1, "report-degrees"),
        Unit::Percent | Unit::Ratio => (0, "report-percent"),
        Unit::Hounsfield => (0, "report-hounsfield"),
        Unit::Millimetre => (1, "report-millimetres"),
        Unit::SquareMillimetre => (0, "report-square-millimetres"),
        Unit::CubicCentimetre => (0, "report-cubic-centimetres"),
        Unit::Gram => (0, "report-grams"),
        Unit::MilligramPerCubicCentimetre => (0, "report-milligrams-per-cubic-centimetre"),
    }
}

/// A value with its unit, to the digit that means something.
pub(super) fn number(language: Language, value: f64, unit: Unit) -> String {
    let (decimals, _) = style(unit);
    with_decimals(language, value, unit, decimals)
}

/// A value with its unit and so many decimals.
pub(super) fn with_decimals(language: Language, value: f64, unit: Unit, decimals: usize) -> String {
    match digits(language, in_shown_unit(value, unit), decimals) {
        Some(digits) => say(language, style(unit).1, [("number", digits.into())]),
        None => language.text("report-not-known"),
    }
}

/// A number whose unit is said by the one that follows: without it where it is short.
pub(super) fn bare(language: Language, value: f64, unit: Unit) -> String {
    match unit {
        Unit::Degree | Unit::Percent | Unit::Ratio | Unit::Millimetre => {
            let found = digits(language, in_shown_unit(value, unit), style(unit).0);
            found.unwrap_or_else(|| language.text("report-not-known"))
        }
        _ => number(language, value, unit),
    }
}

fn in_shown_unit(value: f64, unit: Unit) -> f64 {
    if unit == Unit::Ratio { 100.0 * value } else { value }
}

/// Decimal digits with a true minus sign; a value that rounds to nothing does not keep its sign. `None` of what is no number.
fn digits(language: Language, value: f64, decimals: usize) -> Option<String> {
    if !value.is_finite() {
        return None;
    }
    let size = language.number(value.abs(), Some(decimals));
    let is_nothing = !format!("{value:.decimals$}").contains(|c: char| ('1'..='9').contains(&c));
    Some(if value < 0.0 && !is_nothing { format!("\u{2212}{size}") } else { size })
}

/// An angle in whole degrees.
pub(super) fn whole_degrees(language: Language, angle: Angle) -> String {
    with_decimals(language, angle.degrees(), Unit::Degree, 0)
}

/// A length with its sign, as heads and liners are labelled.
pub(super) fn signed_mm(language: Language, value: f64) -> String {
    signed(language, value, Unit::Millimetre)
}

/// A value with its sign, unless it rounds to nothing.
pub(super) fn signed(language: Language, value: f64, unit: Unit) -> String {
    let text = number(language, value, unit);
    let is_nothing = !number(Language::English, value, unit).contains(|c: char| ('1'..='9').contains(&c));
    if value > 0.0 && value.is_finite() && !is_nothing { format!("+{text}") } else { text }
}

/// The same without its unit.
pub(super) fn signed_bare(language: Language, value: f64, unit: Unit) -> String {
    let is_positive = signed(Language::English, value, unit).starts_with('+');
    let bare = bare(language, value, unit);
    if is_positive { format!("+{bare}") } else { bare }
}

/// A measured value with its unit, to the digit that means something.
pub(super) fn value(language: Language, m: &Measured) -> String {
    number(language, m.value, m.unit)
}

/// A measured value in English.
pub fn value_in_words(m: &Measured) -> String {
    value(Language::English, m)
}

/// A measured change or difference, with its sign.
pub(super) fn change(language: Language, m: &Measured) -> String {
    signed(language, m.value, m.unit)
}

/// One standard deviation of a measured value, at least one in the last digit shown; empty where it has none.
pub(super) fn spread(language: Language, m: &Measured) -> String {
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
    plus_minus(language, m.spread.max(least), m.unit)
}

/// `± 0.5 mm`.
pub(super) fn plus_minus(language: Language, spread: f64, unit: Unit) -> String {
    format!("\u{b1} {}", number(language, spread, unit))
}

/// A number of a message.
pub(super) fn fixed(value: f64, decimals: usize) -> Argument {
    Argument::fixed(value, decimals)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn measured(value: f64, spread: f64, unit: Unit) -> Measured {
        Measured { value, spread, unit, method: String::new() }
    }

    #[test]
    fn nothing_has_no_sign_and_less_than_nothing_a_true_minus() {
        for unit in [Unit::Degree, Unit::Percent, Unit::Hounsfield, Unit::Millimetre, Unit::Ratio] {
            for tiny in [-0.0, -1e-9, 1e-9, -0.0004] {
                let text = number(Language::English, tiny, unit);
                assert!(!text.contains(['-', '\u{2212}', '+']), "{text}");
                assert_eq!(signed(Language::English, tiny, unit), text);
            }
        }
        assert_eq!(number(Language::English, -0.06, Unit::Millimetre), "\u{2212}0.1 mm");
        assert_eq!(signed(Language::English, 3.26, Unit::Millimetre), "+3.3 mm");
        assert_eq!(whole_degrees(Language::English, Angle::from_degrees(-0.3)), "0\u{b0}");
        assert_eq!(number(Language::English, f64::NAN, Unit::Degree), "not known");
        assert_eq!(signed(Language::English, f64::INFINITY, Unit::Degree), "not known");
    }

    #[test]
    fn ratios_are_per_cent_and_spreads_never_round_to_nothing() {
        assert_eq!(number(Language::English, 0.854, Unit::Ratio), "85 %");
        assert_eq!(spread(Language::English, &measured(0.854, 0.004, Unit::Ratio)), "\u{b1} 1 %");
        assert_eq!(spread(Language::English, &measured(12.0, 0.02, Unit::Degree)), "\u{b1} 0.1\u{b0}");
        assert_eq!(spread(Language::English, &measured(12.0, 0.0, Unit::Degree)), "");
        assert_eq!(spread(Language::English, &measured(12.0, f64::NAN, Unit::Degree)), "");
    }
}
