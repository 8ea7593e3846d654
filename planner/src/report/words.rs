//! Names and numbers as a surgeon writes them.

use coxa_geometry::{Finding, Measured, Severity, Unit};

/// `leg_length_change` becomes `Leg length change`; abbreviations keep their capitals.
pub(super) fn title(name: &str) -> String {
    let words: Vec<String> = name
        .split('_')
        .filter(|w| !w.is_empty())
        .map(|word| match word {
            "asis" | "aiis" | "psis" | "app" | "hu" => word.to_uppercase(),
            "widmer" => "(Widmer)".into(),
            _ => word.into(),
        })
        .collect();
    let text = words.join(" ");
    let mut letters = text.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

/// A value with its unit, to the digit that means something.
pub(super) fn number(value: f64, unit: Unit) -> String {
    if !value.is_finite() {
        return "not known".into();
    }
    // A value that rounds to nothing must not keep its sign.
    let value = if value.abs() < 0.05 { 0.0 } else { value };
    match unit {
        Unit::Degree => format!("{value:.1}\u{b0}"),
        Unit::Percent => format!("{value:.0} %"),
        Unit::Ratio => format!("{value:.2}"),
        Unit::Hounsfield => format!("{value:.0} HU"),
        Unit::Millimetre => format!("{value:.1} mm"),
    }
}

/// A measured value.
pub(super) fn value(m: &Measured) -> String {
    number(m.value, m.unit)
}

/// One standard deviation of a measured value.
pub(super) fn spread(m: &Measured) -> String {
    match m.spread {
        s if s.is_finite() && s > 0.0 => format!("\u{b1} {}", number(s.max(0.05), m.unit)),
        _ => String::new(),
    }
}

/// A change, with its sign.
pub(super) fn change(m: &Measured) -> String {
    let text = value(m);
    if m.value >= 0.05 { format!("+{text}") } else { text }
}

/// The word for a severity, also its style on the page.
pub(super) fn severity(finding: &Finding) -> &'static str {
    match finding.severity {
        Severity::Refusal => "refusal",
        Severity::Caution => "caution",
        Severity::Note => "note",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_numbers_read_well() {
        assert_eq!(title("inter_asis_distance"), "Inter ASIS distance");
        assert_eq!(title(""), "");
        assert_eq!(number(-0.01, Unit::Millimetre), "0.0 mm");
        assert_eq!(number(f64::NAN, Unit::Degree), "not known");
        let m = Measured { value: 3.26, spread: 0.0, unit: Unit::Millimetre, method: String::new() };
        assert_eq!((change(&m).as_str(), spread(&m).as_str()), ("+3.3 mm", ""));
    }
}
