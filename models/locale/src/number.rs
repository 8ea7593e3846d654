//! Numbers as a language writes them.

use icu_decimal::DecimalFormatter;
use icu_decimal::input::Decimal;
use icu_decimal::options::{DecimalFormatterOptions, GroupingStrategy};
use icu_locale_core::Locale;
use std::str::FromStr;

/// A number, rounded as Rust rounds it, with the signs of a language; without groups, so that it can be copied into files.
pub(crate) fn write_number(tag: &str, value: f64, decimals: Option<usize>) -> String {
    let plain = match decimals {
        Some(decimals) => format!("{value:.decimals$}"),
        None => value.to_string(),
    };
    if tag == "en" {
        return plain;
    }
    // Infinities and what is no number have no digits.
    localised(tag, &plain).unwrap_or(plain)
}

fn localised(tag: &str, plain: &str) -> Option<String> {
    let mut options = DecimalFormatterOptions::default();
    options.grouping_strategy = Some(GroupingStrategy::Never);
    let formatter = DecimalFormatter::try_new(tag.parse::<Locale>().ok()?.into(), options).ok()?;
    Some(formatter.format(&Decimal::from_str(plain).ok()?).to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_keep_their_digits_and_take_the_signs_of_the_language() {
        for tag in ["en", "ja", "de"] {
            let said = write_number(tag, -12345.678, Some(2));
            assert_eq!(said.replace(',', "."), "-12345.68", "{tag}");
            assert_eq!(write_number(tag, f64::INFINITY, Some(1)), "inf");
        }
        assert_eq!(write_number("de", 0.5, None), "0,5");
        assert_eq!(write_number("en", 30.0, None), "30");
    }
}
