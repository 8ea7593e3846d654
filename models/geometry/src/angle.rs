//! Plane angles whose constructors name the unit.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::{Add, Div, Mul, Neg, Sub};

/// A plane angle, held in radians. Files and the command line use degrees, through [`Angle::degrees`].
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default, Serialize, Deserialize)]
#[serde(from = "f64", into = "f64")]
pub struct Angle(f64);

impl Angle {
    /// Zero.
    pub const ZERO: Angle = Angle(0.0);

    /// From degrees.
    pub fn from_degrees(degrees: f64) -> Self {
        Angle(degrees.to_radians())
    }

    /// From radians.
    pub const fn from_radians(radians: f64) -> Self {
        Angle(radians)
    }

    /// In degrees.
    pub fn degrees(self) -> f64 {
        self.0.to_degrees()
    }

    /// In radians.
    pub const fn radians(self) -> f64 {
        self.0
    }

    /// Sine.
    pub fn sin(self) -> f64 {
        self.0.sin()
    }

    /// Cosine.
    pub fn cos(self) -> f64 {
        self.0.cos()
    }

    /// Tangent.
    pub fn tan(self) -> f64 {
        self.0.tan()
    }

    /// Magnitude.
    pub fn abs(self) -> Self {
        Angle(self.0.abs())
    }
}

/// Steps per degree that files keep: finer than any instrument reads, and coarser than the last digits that radians
/// cost, so that 15 degrees are not written as 14.999999999999998.
const STEPS_PER_DEGREE: f64 = 1e9;

/// Serialised angles are degrees; the field that holds one ends in `_deg`.
impl From<f64> for Angle {
    fn from(degrees: f64) -> Self {
        Angle::from_degrees(degrees)
    }
}

/// Degrees for a file, rounded to the billionth. Never the negative zero.
impl From<Angle> for f64 {
    fn from(angle: Angle) -> f64 {
        let rounded = (angle.degrees() * STEPS_PER_DEGREE).round() / STEPS_PER_DEGREE;
        // What is too large to be scaled has no decimals to round.
        if rounded.is_finite() { rounded + 0.0 } else { angle.degrees() }
    }
}

impl fmt::Display for Angle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let decimals = f.precision().unwrap_or(1);
        write!(f, "{:.decimals$}\u{b0}", self.degrees())
    }
}

impl Add for Angle {
    type Output = Angle;
    fn add(self, other: Angle) -> Angle {
        Angle(self.0 + other.0)
    }
}

impl Sub for Angle {
    type Output = Angle;
    fn sub(self, other: Angle) -> Angle {
        Angle(self.0 - other.0)
    }
}

impl Neg for Angle {
    type Output = Angle;
    fn neg(self) -> Angle {
        Angle(-self.0)
    }
}

impl Mul<f64> for Angle {
    type Output = Angle;
    fn mul(self, factor: f64) -> Angle {
        Angle(self.0 * factor)
    }
}

impl Div<f64> for Angle {
    type Output = Angle;
    fn div(self, divisor: f64) -> Angle {
        Angle(self.0 / divisor)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn angles_are_shown_and_stored_in_degrees() {
        let right = Angle::from_radians(std::f64::consts::FRAC_PI_2);
        assert_eq!(format!("{right} {right:.3}"), "90.0\u{b0} 90.000\u{b0}");
        assert_eq!(serde_json::to_string(&Angle::from_degrees(0.0)).unwrap(), "0.0");
        let read: Angle = serde_json::from_str("45.0").unwrap();
        assert!((read.radians() - std::f64::consts::FRAC_PI_4).abs() < 1e-15);
    }

    #[test]
    fn files_hold_the_degrees_that_were_meant() {
        for tenth in -3600..=3600 {
            let degrees = f64::from(tenth) / 10.0;
            assert_eq!(f64::from(Angle::from_degrees(degrees)), degrees);
        }
        assert!(f64::from(Angle::from_degrees(-0.0)).is_sign_positive());
        assert!(f64::from(Angle::from_degrees(-1e-12)).is_sign_positive());
        assert_eq!(f64::from(Angle::from_degrees(1e305)), Angle::from_degrees(1e305).degrees());
        assert!(f64::from(Angle::from_degrees(f64::NAN)).is_nan());
    }

    proptest! {
        #[test]
        fn degrees_come_back(degrees in -1e4..1e4f64) {
            prop_assert!((Angle::from_degrees(degrees).degrees() - degrees).abs() <= 1e-12 * degrees.abs());
        }

        #[test]
        fn arithmetic_is_that_of_numbers(a in -10.0..10.0f64, b in -10.0..10.0f64) {
            let (x, y) = (Angle::from_radians(a), Angle::from_radians(b));
            prop_assert_eq!((x + y).radians(), a + b);
            prop_assert_eq!((x - y).radians(), a - b);
            prop_assert_eq!((-x * 2.0 / 4.0).radians(), -a / 2.0);
            prop_assert_eq!(x.abs().radians(), a.abs());
            prop_assert!((x.sin() / x.cos() - x.tan()).abs() <= 1e-9 * x.tan().abs().max(1.0));
        }
    }
}
