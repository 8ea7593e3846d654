//! Proof on demand: the installed program against reference tables and folders.
//!
//! A suite reads a file or folder as it stands, compares every case with what the program computes, and returns a
//! [`SuiteReport`]. `coxa verify` prints it and exits 0 only if every check holds.

pub mod completion;
pub mod cup_angles;
pub mod hip_forces;
mod interval;
pub mod jumping_distance;
pub mod landmarks;
pub mod leg_peers;
pub mod made_scans;
pub mod opensim_id;
pub mod opensim_ik;
pub mod opensim_jr;
pub mod opensim_paths;
pub mod opensim_so;
pub mod oscillation_angle;
pub mod pelvis;
mod people;
pub mod radiomics;
pub mod rom_cone;
pub mod rom_workload;
pub mod segmentation;
pub mod shape;
mod table;
pub mod vessels;
pub mod workload;

use crate::table::Table;
use serde::Serialize;
use std::fmt;

/// One quantity of a suite, held against its tolerance over all cases.
#[derive(Debug, Clone, Serialize)]
pub struct Check {
    /// What was compared, such as `flexion limit` or `asis_right`.
    pub name: String,
    /// Cases compared.
    pub cases: usize,
    /// Median of the absolute error, or the value itself where the check is a lower bound; `None` without cases.
    pub median: Option<f64>,
    /// Worst value over the cases; `None` without cases, or where one of them is not a number.
    pub worst: Option<f64>,
    /// The bound that `worst` is held against; `None` of what is only shown.
    pub tolerance: Option<f64>,
    /// Whether values must stay at or below the tolerance, or at or above it.
    pub bound: Bound,
    /// Unit of the three numbers; empty for ratios.
    pub unit: &'static str,
    /// Anything a reader should know, such as the spread between raters.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub note: String,
}

/// Direction of a [`Check`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// Errors and distances: at most the tolerance.
    AtMost,
    /// Overlaps such as Dice: at least the tolerance.
    AtLeast,
    /// Reported without a verdict.
    Shown,
}

/// Result of one suite.
#[derive(Debug, Clone, Serialize)]
pub struct SuiteReport {
    /// Suite name as on the command line.
    pub suite: &'static str,
    /// Evidence tag: `analytic`, `real-reference`, `real-pseudo-label`, `synthetic-new-anatomy` or
    /// `synthetic-same-anatomy`.
    pub evidence: &'static str,
    /// One entry per quantity.
    pub checks: Vec<Check>,
}

impl Check {
    /// From the absolute errors of all cases; not-a-number counts as the worst.
    pub fn at_most(name: impl Into<String>, errors: &[f64], tolerance: f64, unit: &'static str) -> Self {
        Self::from_values(name, errors, Some(tolerance), unit, Bound::AtMost)
    }

    /// From values that must reach the tolerance; not-a-number counts as the worst.
    pub fn at_least(name: impl Into<String>, values: &[f64], tolerance: f64, unit: &'static str) -> Self {
        Self::from_values(name, values, Some(tolerance), unit, Bound::AtLeast)
    }

    /// Values shown without a verdict.
    pub fn shown(name: impl Into<String>, values: &[f64], unit: &'static str) -> Self {
        Self::from_values(name, values, None, unit, Bound::Shown)
    }

    fn from_values(
        name: impl Into<String>,
        values: &[f64],
        tolerance: Option<f64>,
        unit: &'static str,
        bound: Bound,
    ) -> Self {
        let mut sorted: Vec<f64> = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let has_nan = sorted.iter().any(|v| v.is_nan());
        let worst = match bound {
            _ if has_nan => None,
            Bound::AtLeast => sorted.first().copied(),
            Bound::AtMost | Bound::Shown => sorted.last().copied(),
        };
        let median = match sorted.len() {
            0 => None,
            n if n % 2 == 1 => Some(sorted[n / 2]),
            n => Some((sorted[n / 2 - 1] + sorted[n / 2]) / 2.0),
        };
        Check {
            name: name.into(),
            cases: values.len(),
            median: median.filter(|median| !median.is_nan()),
            worst,
            tolerance,
            bound,
            unit,
            note: String::new(),
        }
    }

    /// Adds a note.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = note.into();
        self
    }

    /// Whether the check holds. A check without cases, or with one that is not a number, does not.
    pub fn holds(&self) -> bool {
        match (self.bound, self.worst, self.tolerance) {
            (Bound::Shown, ..) => true,
            (Bound::AtMost, Some(worst), Some(tolerance)) => worst <= tolerance,
            (Bound::AtLeast, Some(worst), Some(tolerance)) => worst >= tolerance,
            _ => false,
        }
    }
}

impl SuiteReport {
    /// Whether the suite has at least one check with a verdict and all hold.
    pub fn holds(&self) -> bool {
        self.checks.iter().any(|c| c.bound != Bound::Shown) && self.checks.iter().all(Check::holds)
    }
}

impl fmt::Display for SuiteReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} [{}]", self.suite, self.evidence)?;
        let mut table = Table::new()
            .indented()
            .left("quantity")
            .right("cases")
            .right("median")
            .right("worst")
            .right("bound")
            .left("verdict")
            .left("");
        for c in &self.checks {
            let bound = match (c.bound, c.tolerance) {
                (Bound::AtMost, Some(tolerance)) => format!("<= {tolerance} {}", c.unit),
                (Bound::AtLeast, Some(tolerance)) => format!(">= {tolerance} {}", c.unit),
                _ => c.unit.to_owned(),
            };
            let verdict = match c.bound {
                Bound::Shown => "",
                _ if c.holds() => "holds",
                _ => "FAILS",
            };
            table.row(&[
                &c.name,
                &c.cases,
                &significant(c.median),
                &significant(c.worst),
                &bound.trim(),
                &verdict,
                &c.note,
            ]);
        }
        writeln!(f, "{table}")?;
        write!(f, "{}: {}", self.suite, if self.holds() { "all checks hold" } else { "NOT all checks hold" })
    }
}

/// Four significant digits, in plain or scientific notation.
fn significant(value: Option<f64>) -> String {
    let Some(value) = value.filter(|value| value.is_finite()) else { return "not a number".into() };
    let magnitude = value.abs();
    if magnitude != 0.0 && !(1e-3..1e5).contains(&magnitude) {
        format!("{value:.2e}")
    } else {
        format!("{value:.4}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suite_holds_only_if_something_was_compared_and_all_of_it_holds() {
        let suite = |checks| SuiteReport { suite: "test", evidence: "analytic", checks };
        assert!(!suite(vec![]).holds());
        assert!(!suite(vec![Check::shown("x", &[1.0], "mm")]).holds());
        assert!(!suite(vec![Check::at_most("x", &[], 1.0, "mm")]).holds());
        assert!(!suite(vec![Check::at_most("x", &[0.1, f64::NAN], 1.0, "mm")]).holds());
        assert!(!suite(vec![Check::at_least("x", &[0.95, 0.85], 0.9, "")]).holds());
        assert!(suite(vec![Check::at_most("x", &[0.1, 1.0], 1.0, "mm")]).holds());
    }
}
