//! The tables of reference values as the IBSI's software keeps them: `reference value;tolerance;tag`, a row each, without a value where
//! there was no consensus.

/// A row of a table.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct ReferenceRow {
    /// Tag of the feature with its aggregation, or of a number of the processing.
    pub(super) tag: String,
    /// Consensus value and tolerance; `None` where the feature is not standardised.
    pub(super) reference: Option<Reference>,
}

/// A consensus.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Reference {
    /// The value.
    pub(super) value: f64,
    /// Its tolerance; 0 means to the digits of the value.
    pub(super) tolerance: f64,
    /// Half of the last digit that the value was rounded to.
    pub(super) half_digit: f64,
}

/// Reads a table; the message says which line is wrong.
pub(super) fn read(text: &str) -> Result<Vec<ReferenceRow>, String> {
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let header = lines.next().map(|(_, line)| line.trim());
    if header != Some("reference value;tolerance;tag") {
        return Err("line 1: the header is not `reference value;tolerance;tag`".to_owned());
    }
    let mut rows = Vec::new();
    for (index, line) in lines.filter(|(_, line)| !line.trim().is_empty()) {
        let wrong = |what: &str| format!("line {}: {what}", index + 1);
        let cells: Vec<&str> = line.trim().split(';').collect();
        let [value, tolerance, tag] = cells[..] else { return Err(wrong("three cells are wanted")) };
        let reference = if value.is_empty() {
            None
        } else {
            let number = |cell: &str| {
                cell.parse::<f64>()
                    .ok()
                    .filter(|x| x.is_finite())
                    .ok_or_else(|| wrong(&format!("{cell:?} is no number")))
            };
            Some(Reference {
                value: number(value)?,
                tolerance: number(tolerance)?,
                half_digit: half_digit(value),
            })
        };
        rows.push(ReferenceRow { tag: tag.to_owned(), reference });
    }
    Ok(rows)
}

/// Half of the last digit of a number as written. Values were rounded to three significant digits, and `3` stands for 3.00; more digits
/// than three count, zeros at the end of a whole number do not.
fn half_digit(written: &str) -> f64 {
    let (digits, exponent) = match written.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i32>().unwrap_or(0)),
        None => (written, 0),
    };
    let digits = digits.trim_start_matches(['-', '+']);
    let place = match digits.split_once('.') {
        Some((_, behind)) => -(behind.len() as i32),
        None => (digits.len() - digits.trim_end_matches('0').len()) as i32,
    };
    let value = written.parse::<f64>().unwrap_or(0.0).abs();
    let third = if value > 0.0 { value.log10().floor() as i32 - 2 } else { -2 };
    0.5 * 10_f64.powi((place + exponent).min(third))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_with_and_without_consensus() {
        let rows =
            read("reference value;tolerance;tag\n556;4;morph_volume\n;;ivh_auc\n1.4e+3;0;a\n").unwrap();
        assert_eq!(rows.len(), 3);
        assert_eq!(rows[0].reference.unwrap().tolerance, 4.0);
        assert_eq!(rows[1].reference, None);
        assert!((rows[2].reference.unwrap().half_digit - 5.0).abs() < 1e-9);
        assert!(read("value;tag\n").unwrap_err().contains("line 1"));
        assert!(read("reference value;tolerance;tag\nx;1;a\n").unwrap_err().contains("line 2"));
    }

    #[test]
    fn digits_as_written() {
        for (written, half) in [
            ("2.15", 0.005),
            ("3", 0.005),
            ("567", 0.5),
            ("1490", 5.0),
            ("114596", 0.5),
            ("358000", 500.0),
            ("-0.0121", 0.00005),
            ("100", 0.5),
        ] {
            assert!((half_digit(written) - half).abs() < 1e-9 * half, "{written}");
        }
    }
}
