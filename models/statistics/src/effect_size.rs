//! Standardised differences with Hedges' correction.

use crate::interval::{Estimate, Interval, Level};
use crate::noncentral::shift_exceeding;

/// Standardised differences beyond this have the interval of this one, in proportion: off by about a millionth of its width, where the integral
/// would take long.
const LARGEST: f64 = 1000.0;

/// A standardised difference d, corrected for the bias of few degrees of freedom by 1 − 3 / (4 freedom − 1) (Hedges 1981, J Educ Stat 6:107), with the
/// exact interval of what it estimates. `None` of one degree of freedom, where nothing remains of d.
///
/// `unit` is the standard error of d where there is no difference, so that d / unit is a noncentral t whose shift is the true value / unit. The interval
/// holds the true values with which neither so large a t nor so small a one has a probability below error / 2 (Steiger and Fouladi 1997; Cumming and
/// Finch 2001, Educ Psychol Meas 61:532). It leaves out 0 where the t test finds a difference and only there. The correction is not of the ends, which have
/// no bias: with it they would hold the truth too rarely. Where they do not hold the corrected value, at levels below a half or so, they are moved to it.
pub(crate) fn corrected(d: f64, unit: f64, freedom: f64, n: usize, level: Level) -> Option<Estimate> {
    if freedom < 2.0 {
        return None;
    }
    let value = d * (1.0 - 3.0 / (4.0 * freedom - 1.0));
    let stretch = (d.abs() / (LARGEST * unit * freedom.sqrt())).max(1.0);
    let t = d / stretch / unit;
    let tail = level.error() / 2.0;
    let low = shift_exceeding(t, freedom, tail) * unit * stretch;
    let high = -shift_exceeding(-t, freedom, tail) * unit * stretch;
    let interval = Interval::new(low.min(value), high.max(value), level);
    value.is_finite().then_some(Estimate { value, interval, n })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ends(d: f64, n: f64) -> [f64; 2] {
        let effect = corrected(d, 1.0 / n.sqrt(), n - 1.0, n as usize, Level::NINETY_FIVE).unwrap();
        effect.interval.map(|interval| [interval.low, interval.high]).unwrap()
    }

    #[test]
    fn few_degrees_of_freedom_make_it_smaller() {
        let effect = corrected(0.5, 0.1f64.sqrt(), 9.0, 10, Level::NINETY_FIVE).unwrap();
        assert!((effect.value - 0.5 * 32.0 / 35.0).abs() < 1e-15);
        assert_eq!(corrected(0.5, 0.1, 1.0, 2, Level::NINETY_FIVE), None);
    }

    #[test]
    fn intervals_are_those_of_the_noncentral_t() {
        // Roots of scipy.stats.nct (1.17) by brentq: d, n, ends.
        let known = [
            (0.5, 10.0, [-0.17227906558572, 1.1482357855249]),
            (0.0, 5.0, [-0.87652254057658, 0.87652254057658]),
            (1.0, 5.0, [-0.13772028677959, 2.0665751796221]),
            (2.0, 8.0, [0.74346256546397, 3.2173908963705]),
            (0.3, 100.0, [0.098884373272307, 0.49966497286008]),
            (0.05, 1000.0, [-0.012030753502261, 0.11200576124058]),
        ];
        for (d, n, expected) in known {
            let (found, back) = (ends(d, n), ends(-d, n));
            for i in 0..2 {
                assert!((found[i] - expected[i]).abs() < 1e-10, "{d} {n}: {found:?}");
                assert_eq!(back[i], -found[1 - i]);
            }
        }
    }

    #[test]
    fn of_many_values_it_is_that_of_a_large_sample() {
        for (d, n) in [(0.5, 1e6), (3.0, 1e9), (300.0, 1e6)] {
            let half = 1.959963984540054 * (1.0f64 / n + d * d / (2.0 * n)).sqrt();
            let [low, high] = ends(d, n);
            assert!(((d - low) / half - 1.0).abs() < 5e-3, "{d} {n}: {low} {high}");
            assert!(((high - d) / half - 1.0).abs() < 5e-3, "{d} {n}: {low} {high}");
        }
    }

    #[test]
    fn very_large_effects_are_in_proportion() {
        let [low, high] = ends(1e3, 5.0);
        for times in [10.0, 1e6, 1e200] {
            let [far_low, far_high] = ends(1e3 * times, 5.0);
            assert!((far_low / low / times - 1.0).abs() < 1e-5, "{far_low}");
            assert!((far_high / high / times - 1.0).abs() < 1e-5, "{far_high}");
        }
    }

    #[test]
    fn at_any_level_the_interval_holds_the_value() {
        for level in [1e-300, 1e-3, 0.1, 0.3, 0.5, 0.999, 1.0 - f64::EPSILON / 2.0] {
            for d in [-30.0, -0.1, 0.0, 2.0] {
                let effect = corrected(d, 0.5, 3.0, 4, Level::new(level).unwrap()).unwrap();
                let interval = effect.interval.unwrap();
                assert!(interval.contains(effect.value), "{level} {d}: {effect:?}");
            }
        }
    }
}
