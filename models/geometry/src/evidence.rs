//! How sure a number is, and what a plan must say about it.

use crate::Side;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The unit a measured number is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Unit {
    /// Millimetres.
    #[serde(rename = "mm")]
    Millimetre,
    /// Degrees.
    #[serde(rename = "deg")]
    Degree,
    /// Per cent.
    #[serde(rename = "%")]
    Percent,
    /// Hounsfield units.
    #[serde(rename = "HU")]
    Hounsfield,
    /// A ratio without unit.
    #[serde(rename = "1")]
    Ratio,
    /// Cubic centimetres.
    #[serde(rename = "cm3")]
    CubicCentimetre,
    /// Grams.
    #[serde(rename = "g")]
    Gram,
    /// Milligrams in a cubic centimetre.
    #[serde(rename = "mg/cm3")]
    MilligramPerCubicCentimetre,
}

impl Unit {
    /// The unit as files name it.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Millimetre => "mm",
            Unit::Degree => "deg",
            Unit::Percent => "%",
            Unit::Hounsfield => "HU",
            Unit::Ratio => "1",
            Unit::CubicCentimetre => "cm3",
            Unit::Gram => "g",
            Unit::MilligramPerCubicCentimetre => "mg/cm3",
        }
    }
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Unit::Millimetre => "mm",
            Unit::Degree => "\u{b0}",
            Unit::Percent => "%",
            Unit::Hounsfield => "HU",
            Unit::Ratio => "",
            Unit::CubicCentimetre => "cm\u{b3}",
            Unit::Gram => "g",
            Unit::MilligramPerCubicCentimetre => "mg/cm\u{b3}",
        })
    }
}

/// A number a person may act on, with its spread and how it was obtained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Measured {
    /// The value, in `unit`.
    pub value: f64,
    /// One standard deviation, in `unit`.
    pub spread: f64,
    /// Unit of value and spread.
    pub unit: Unit,
    /// One sentence: definition, plane or frame, and what it was measured on.
    pub method: String,
}

/// How much a [`Finding`] weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Worth knowing.
    Note,
    /// To be looked at before the plan is used.
    Caution,
    /// The input or the plan cannot bear this; the program exits with code 1.
    Refusal,
}

/// Something the user must know: about what, the number, the limit and where the limit comes from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// How much it weighs.
    pub severity: Severity,
    /// Stable snake_case code for programs, such as `femur_cut_off`.
    pub code: String,
    /// The thing it is about, such as `femur_left` or `cup`.
    pub about: String,
    /// One or two sentences for a surgeon: what is the matter and what to do. No patient data, no paths.
    pub message: String,
    /// The number found, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<f64>,
    /// The limit it was held against, in the same unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub limit: Option<f64>,
    /// Unit of `value` and `limit`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<Unit>,
    /// Where the limit comes from.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub source: String,
}

impl Finding {
    /// A finding without a number.
    pub fn new(severity: Severity, code: &str, about: &str, message: impl Into<String>) -> Self {
        Finding {
            severity,
            code: code.into(),
            about: about.into(),
            message: message.into(),
            value: None,
            limit: None,
            unit: None,
            source: String::new(),
        }
    }

    /// The side that it is about; `None` where it is about both or neither.
    pub fn side(&self) -> Option<Side> {
        Side::BOTH.into_iter().find(|side| self.about.rsplit('_').next() == Some(side.name()))
    }

    /// Adds the number, its limit and the limit's source.
    #[must_use]
    pub fn with_limit(mut self, value: f64, limit: f64, unit: Unit, source: &str) -> Self {
        (self.value, self.limit, self.unit) = (Some(value), Some(limit), Some(unit));
        self.source = source.into();
        self
    }
}
