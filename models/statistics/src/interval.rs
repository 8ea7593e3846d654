//! Levels of confidence, intervals, and estimates that have one.

use crate::error::StatisticsError;
use serde::{Deserialize, Serialize};

/// A level of confidence, between 0 and 1 without the ends: 0.95 is 95 %. Tests of significance have the error 1 − level.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64", into = "f64")]
pub struct Level(f64);

impl Level {
    /// The usual 95 %.
    pub const NINETY_FIVE: Level = Level(0.95);

    /// A level from a share.
    ///
    /// # Errors
    /// [`StatisticsError::Level`] outside 0 to 1, at the ends, and of NaN.
    pub fn new(share: f64) -> Result<Self, StatisticsError> {
        if share > 0.0 && share < 1.0 { Ok(Level(share)) } else { Err(StatisticsError::Level(share)) }
    }

    /// As a share.
    pub const fn share(self) -> f64 {
        self.0
    }

    /// 1 − level: how often an interval may miss, or a test claim what is not so.
    pub const fn error(self) -> f64 {
        1.0 - self.0
    }

    /// The level at which so many intervals must be computed for all of them to hold at once at this one, however they depend
    /// on each other (Bonferroni: 1 − error / count). None counts as one.
    pub fn simultaneous(self, intervals: usize) -> Level {
        // So many that the error vanishes in rounding must not make a level of 1.
        const LARGEST: f64 = 1.0 - f64::EPSILON / 2.0;
        Level((1.0 - self.error() / intervals.max(1) as f64).min(LARGEST))
    }
}

impl Default for Level {
    fn default() -> Self {
        Level::NINETY_FIVE
    }
}

impl TryFrom<f64> for Level {
    type Error = StatisticsError;

    fn try_from(share: f64) -> Result<Self, StatisticsError> {
        Level::new(share)
    }
}

impl From<Level> for f64 {
    fn from(level: Level) -> f64 {
        level.0
    }
}

/// A confidence interval, both ends finite, in the unit of its estimate.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Interval {
    /// Lower end.
    pub low: f64,
    /// Upper end; not below `low`.
    pub high: f64,
    /// Level of confidence.
    pub level: Level,
}

impl Interval {
    /// Between two ends; `None` where one is not finite or they are the wrong way round.
    pub fn new(low: f64, high: f64, level: Level) -> Option<Self> {
        (low.is_finite() && high.is_finite() && low <= high).then_some(Interval { low, high, level })
    }

    /// A centre and what is added and taken away.
    pub(crate) fn around(centre: f64, half_width: f64, level: Level) -> Option<Self> {
        Interval::new(centre - half_width, centre + half_width, level)
    }

    /// Whether a value lies within, ends included.
    pub fn contains(&self, value: f64) -> bool {
        self.low <= value && value <= self.high
    }

    /// Half of the distance between the ends.
    pub fn half_width(&self) -> f64 {
        self.high / 2.0 - self.low / 2.0
    }
}

/// A number computed from values, with what is known of its precision.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Estimate {
    /// The best single number; finite.
    pub value: f64,
    /// Its interval; `None` where the values determine none: there is one alone, or all are the same but for rounding.
    pub interval: Option<Interval>,
    /// How many values (pairs, rows, trajectories) it rests on, missing ones not counted.
    pub n: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_level_lies_between_0_and_1() {
        for wrong in [0.0, 1.0, -0.1, 95.0, f64::NAN, f64::INFINITY] {
            assert!(matches!(Level::new(wrong), Err(StatisticsError::Level(_))), "{wrong}");
            assert!(serde_json::from_str::<Level>(&format!("{wrong:?}")).is_err(), "{wrong}");
        }
        assert_eq!(Level::new(0.95), Ok(Level::default()));
    }

    #[test]
    fn intervals_that_hold_at_once_share_the_error() {
        let each = Level::NINETY_FIVE.simultaneous(20);
        assert!((each.share() - 0.9975).abs() < 1e-15);
        assert_eq!(Level::NINETY_FIVE.simultaneous(1), Level::NINETY_FIVE);
        assert_eq!(Level::NINETY_FIVE.simultaneous(0), Level::NINETY_FIVE);
        assert!(Level::NINETY_FIVE.simultaneous(usize::MAX).share() < 1.0);
    }

    #[test]
    fn an_interval_has_two_finite_ends_in_order() {
        let level = Level::NINETY_FIVE;
        let interval = Interval::new(1.0, 3.0, level).unwrap();
        assert!(interval.contains(1.0) && interval.contains(3.0) && !interval.contains(3.1));
        assert_eq!(interval.half_width(), 1.0);
        assert_eq!(Interval::new(-f64::MAX, f64::MAX, level).unwrap().half_width(), f64::MAX);
        for (low, high) in [(3.0, 1.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)] {
            assert_eq!(Interval::new(low, high, level), None);
        }
    }

    #[test]
    fn an_estimate_is_written_and_read_back() {
        let estimate = Estimate { value: 2.5, interval: Interval::new(1.0, 4.0, Level::NINETY_FIVE), n: 12 };
        let text = serde_json::to_string(&estimate).unwrap();
        assert_eq!(text, r#"{"value":2.5,"interval":{"low":1.0,"high":4.0,"level":0.95},"n":12}"#);
        assert_eq!(serde_json::from_str::<Estimate>(&text).unwrap(), estimate);
    }
}
