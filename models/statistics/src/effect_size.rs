//! Standardised differences with Hedges' correction.

use crate::interval::{Estimate, Interval, Level};
use crate::student;

/// A standardised difference d with its large-sample variance, corrected for the bias of few degrees of freedom by
/// 1 − 3 / (4 freedom − 1) (Hedges 1981, J Educ Stat 6:107). The interval has the corrected value in its middle and the width that d gives. `None` of one
/// degree of freedom, where nothing remains of d.
pub(crate) fn corrected(d: f64, variance: f64, freedom: f64, n: usize, level: Level) -> Option<Estimate> {
    if freedom < 2.0 {
        return None;
    }
    let value = d * (1.0 - 3.0 / (4.0 * freedom - 1.0));
    let interval = Interval::around(value, student::normal_two_sided(level) * variance.sqrt(), level);
    value.is_finite().then_some(Estimate { value, interval, n })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_degrees_of_freedom_make_it_smaller() {
        let effect = corrected(0.5, 0.1125, 9.0, 10, Level::NINETY_FIVE).unwrap();
        assert!((effect.value - 0.5 * 32.0 / 35.0).abs() < 1e-15);
        let interval = effect.interval.unwrap();
        assert!((interval.half_width() - 1.959963984540054 * 0.1125f64.sqrt()).abs() < 1e-12);
        assert!((interval.low + interval.half_width() - effect.value).abs() < 1e-15);
        assert_eq!(corrected(0.5, 0.1, 1.0, 2, Level::NINETY_FIVE), None);
    }
}
