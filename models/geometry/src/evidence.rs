//! How sure a number is.

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
    /// Square millimetres.
    #[serde(rename = "mm2")]
    SquareMillimetre,
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
            Unit::SquareMillimetre => "mm2",
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
            Unit::SquareMillimetre => "mm\u{b2}",
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
