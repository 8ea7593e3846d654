//! The form of `virtual.toml`.

use serde::Deserialize;
use std::collections::BTreeMap;
use thiserror::Error;

/// A law of virtual cases that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{0}")]
pub struct LawError(pub String);

/// The file.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    pub(super) format: u32,
    #[serde(rename = "variable")]
    pub(super) variables: Vec<VariableForm>,
}

/// A column, drawn from those before it.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct VariableForm {
    /// Name of the column.
    pub(super) name: String,
    /// How it is drawn.
    pub(super) draw: DrawForm,
    /// Part of the cases in which the table does not have it.
    #[serde(default)]
    pub(super) missing: f64,
}

/// How a variable is drawn.
#[derive(Debug, Clone, Deserialize)]
#[serde(tag = "law", rename_all = "snake_case", deny_unknown_fields)]
pub(super) enum DrawForm {
    /// Normal about a sum of terms, rounded, ends clipped.
    Normal {
        /// Mean without its terms.
        mean: f64,
        /// Standard deviation.
        sd: f64,
        /// Coefficients by term.
        #[serde(default)]
        of: BTreeMap<String, f64>,
        /// Least and most; what is beyond is put there.
        range: [f64; 2],
        /// Values are multiples of this.
        step: f64,
    },
    /// Classes with these probabilities.
    Classes {
        /// Names.
        classes: Vec<String>,
        /// Probabilities, in that order.
        probabilities: Vec<f64>,
    },
    /// Classes whose log odds against the first are sums of terms.
    Softmax {
        /// Names.
        classes: Vec<String>,
        /// For each class but the first its intercept and coefficients.
        of: BTreeMap<String, SumForm>,
    },
    /// Yes or no; the log odds of yes are a sum of terms.
    Logistic {
        /// Log odds without its terms.
        intercept: f64,
        /// Coefficients by term.
        #[serde(default)]
        of: BTreeMap<String, f64>,
    },
    /// Ordered classes: the log odds of being beyond class k are a sum of terms less the k-th cut.
    Ordered {
        /// Names from least to most.
        classes: Vec<String>,
        /// Cuts, one fewer than classes, growing.
        cuts: Vec<f64>,
        /// Coefficients by term.
        #[serde(default)]
        of: BTreeMap<String, f64>,
    },
}

/// An intercept with coefficients.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct SumForm {
    #[serde(default)]
    pub(super) intercept: f64,
    #[serde(default)]
    pub(super) of: BTreeMap<String, f64>,
}
