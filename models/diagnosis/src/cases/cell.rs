//! One cell as the value that its input or output says it is.

use crate::manifest::Numeric;
use chrono::NaiveDate;

/// Written for a value that is not there.
const MISSING: [&str; 6] = ["", "na", "n/a", "nan", "null", "."];

/// Whether a cell says that its value is missing.
pub(super) fn is_missing(cell: &str) -> bool {
    MISSING.contains(&cell.to_ascii_lowercase().as_str())
}

/// A number within its range, or what is wrong with it.
pub(super) fn number(cell: &str, numeric: &Numeric) -> Result<f64, String> {
    let Ok(value) = cell.parse::<f64>() else {
        let is_comma = cell.replacen(',', ".", 1).parse::<f64>().is_ok();
        return Err(match is_comma {
            true => "a number has a decimal point, not a comma".into(),
            false => "text where a number is asked".into(),
        });
    };
    let [low, high] = numeric.range;
    match (low..=high).contains(&value) {
        true => Ok(value),
        false => {
            let unit = if numeric.unit.is_empty() { String::new() } else { format!(" ({})", numeric.unit) };
            Err(format!("the number lies outside {low} to {high}{unit}"))
        }
    }
}

/// Yes or no, or what is wrong with it.
pub(super) fn flag(cell: &str) -> Result<bool, String> {
    match cell.to_ascii_lowercase().as_str() {
        "yes" | "true" | "1" => Ok(true),
        "no" | "false" | "0" => Ok(false),
        _ => Err("neither yes nor no (1 or 0, true or false)".into()),
    }
}

/// The place of a class among its names, or what is wrong with it.
pub(super) fn class(cell: &str, classes: &[String]) -> Result<usize, String> {
    let folded = cell.to_lowercase();
    let found = classes.iter().position(|class| class.to_lowercase() == folded);
    found.ok_or_else(|| format!("not one of: {}", classes.join(", ")))
}

/// A date, or what is wrong with it.
pub(super) fn date(cell: &str) -> Result<NaiveDate, String> {
    ["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(cell, form).ok())
        .ok_or_else(|| "no date; write 2024-03-15".into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_the_value_that_is_asked_or_says_why_not() {
        let years = Numeric { unit: "years".into(), range: [18.0, 110.0] };
        assert_eq!(number("70.5", &years), Ok(70.5));
        assert_eq!(number("70,5", &years), Err("a number has a decimal point, not a comma".into()));
        assert_eq!(number("seventy", &years), Err("text where a number is asked".into()));
        for outside in ["7", "111", "inf", "NaN", "-1e300"] {
            assert_eq!(
                number(outside, &years),
                Err("the number lies outside 18 to 110 (years)".into()),
                "{outside}"
            );
        }
        assert_eq!((flag("Yes"), flag("0")), (Ok(true), Ok(false)));
        assert!(flag("perhaps").is_err());
        assert_eq!(class("b", &["A".into(), "B".into()]), Ok(1));
        assert_eq!(class("c", &["A".into(), "B".into()]), Err("not one of: A, B".into()));
        let day = NaiveDate::from_ymd_opt(2024, 3, 15);
        assert_eq!(
            (date("2024-03-15").ok(), date("20240315").ok(), date("2024/03/15").ok()),
            (day, day, day)
        );
        assert!(date("15.3.2024").is_err() && date("2024-02-30").is_err());
        assert!(is_missing("NA") && is_missing("") && !is_missing("0"));
    }
}
