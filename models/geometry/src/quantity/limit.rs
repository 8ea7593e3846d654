//! Limits that a quantity is held against, and what they rest on.

use crate::finding::Severity;

/// What a limit rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Basis {
    /// Patients or specimens in whom this limit, or one within rounding of it, was looked for or used.
    Study,
    /// Worked out from measurements of patients that were made for something else.
    Derived,
    /// An assumption of this program; its source gives the reason.
    Assumption,
}

impl Basis {
    /// In a word, as documents have it.
    pub const fn name(self) -> &'static str {
        match self {
            Basis::Study => "study",
            Basis::Derived => "derived",
            Basis::Assumption => "assumption",
        }
    }
}

/// Where a limit comes from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Source {
    words: &'static str,
    basis: Basis,
}

impl Source {
    pub(super) const fn study(words: &'static str) -> Self {
        Source { words, basis: Basis::Study }
    }

    pub(super) const fn derived(words: &'static str) -> Self {
        Source { words, basis: Basis::Derived }
    }

    pub(super) const fn assumption(words: &'static str) -> Self {
        Source { words, basis: Basis::Assumption }
    }
}

/// A range that a value is to lie in.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Limit {
    /// How much it weighs when the value lies outside.
    pub severity: Severity,
    /// Least value that is in range, in the quantity's unit; minus infinity where there is none.
    pub least: f64,
    /// Largest value that is in range, in the quantity's unit; infinity where there is none.
    pub most: f64,
    /// Where it comes from.
    pub source: &'static str,
    /// What it rests on.
    pub basis: Basis,
}

impl Limit {
    /// No less than this.
    pub(super) const fn least(severity: Severity, least: f64, source: Source) -> Self {
        Limit::range(severity, [least, f64::INFINITY], source)
    }

    /// No more than this.
    pub(super) const fn most(severity: Severity, most: f64, source: Source) -> Self {
        Limit::range(severity, [f64::NEG_INFINITY, most], source)
    }

    /// From one to the other.
    pub(super) const fn range(severity: Severity, [least, most]: [f64; 2], source: Source) -> Self {
        Limit { severity, least, most, source: source.words, basis: source.basis }
    }

    /// The bound that a value lies beyond; `None` where it is in range.
    pub fn crossed_by(&self, value: f64) -> Option<f64> {
        if value < self.least {
            Some(self.least)
        } else if value > self.most {
            Some(self.most)
        } else {
            None
        }
    }
}

/// A range within which nothing is gained any more. It bounds the ends that the limit of a caution bounds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ideal {
    /// From here on, in the quantity's unit; minus infinity where there is no such end.
    pub least: f64,
    /// Up to here, in the quantity's unit; infinity where there is no such end.
    pub most: f64,
    /// Where it comes from.
    pub source: &'static str,
    /// What it rests on.
    pub basis: Basis,
}

impl Ideal {
    /// From this on.
    pub(super) const fn least(least: f64, source: Source) -> Self {
        Ideal::range([least, f64::INFINITY], source)
    }

    /// Up to this.
    pub(super) const fn most(most: f64, source: Source) -> Self {
        Ideal::range([f64::NEG_INFINITY, most], source)
    }

    /// From one to the other.
    pub(super) const fn range([least, most]: [f64; 2], source: Source) -> Self {
        Ideal { least, most, source: source.words, basis: source.basis }
    }
}
