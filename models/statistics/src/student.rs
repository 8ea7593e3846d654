//! Student's t and the normal distribution: tails and quantiles.
//!
//! Relative errors are below 1e-11 for p values above 1e-15. statrs has both, but its t quantile is a search that may not end, and its incomplete
//! beta function stops at 140 terms, which many degrees of freedom exceed.

use crate::interval::Level;
use statrs::function::beta::checked_beta_reg;
use statrs::function::erf::erfc_inv;
use statrs::function::gamma::checked_gamma_ur;
use std::f64::consts::SQRT_2;

/// Degrees of freedom from which the expansion below takes over; there it is good to 1e-14 up to t = 8, to 1e-7 at t = 36.
const MANY: f64 = 1000.0;

/// Share of the standard normal distribution below a value.
pub(crate) fn normal_below(z: f64) -> f64 {
    if z < 0.0 { normal_tail(-z) } else { 1.0 - normal_tail(z) }
}

/// Share of the standard normal distribution above a value of zero or more, by the incomplete gamma function: erfc of statrs has ten digits.
fn normal_tail(z: f64) -> f64 {
    let square = z * z / 2.0;
    // Out of its range are zero, at which one half lies above, and what is infinite.
    let beyond = if square > 0.0 { 0.0 } else { 1.0 };
    0.5 * checked_gamma_ur(0.5, square).unwrap_or(beyond)
}

/// The value that a standard normal deviate exceeds in size with probability 1 − level.
pub(crate) fn normal_two_sided(level: Level) -> f64 {
    SQRT_2 * erfc_inv(level.error())
}

/// The value that a standard normal deviate stays below with a probability; infinite at 0 and 1.
pub(crate) fn normal_quantile(below: f64) -> f64 {
    match below {
        below if below <= 0.0 => f64::NEG_INFINITY,
        below if below >= 1.0 => f64::INFINITY,
        below if below < 0.5 => -SQRT_2 * erfc_inv(2.0 * below),
        below => SQRT_2 * erfc_inv(2.0 * (1.0 - below)),
    }
}

/// Probability that t exceeds a value of zero or more, at one degree of freedom or more.
fn upper_tail(t: f64, freedom: f64) -> f64 {
    let ratio = t * t / freedom;
    if ratio.is_infinite() {
        return 0.0;
    }
    if freedom > MANY {
        return normal_tail(as_normal(t, freedom));
    }
    0.5 * beta_tail(freedom / 2.0, 0.5, ratio)
}

/// The incomplete beta function of a and b at 1 / (1 + ratio), for a finite ratio of zero or more.
fn beta_tail(a: f64, b: f64, ratio: f64) -> f64 {
    let x = 1.0 / (1.0 + ratio);
    // Each side of the incomplete beta function where it converges, and without 1 − x of an x near 1.
    let tail = if x < (a + 1.0) / (a + b + 2.0) {
        checked_beta_reg(a, b, x)
    } else {
        checked_beta_reg(b, a, ratio / (1.0 + ratio)).map(|rest| 1.0 - rest)
    };
    // The arguments are within its range by construction.
    tail.unwrap_or(0.0).clamp(0.0, 1.0)
}

/// The normal deviate with the tail of a t (Hill 1970, Commun ACM 13:617, algorithm 395).
fn as_normal(t: f64, freedom: f64) -> f64 {
    let a = freedom - 0.5;
    let b = 48.0 * a * a;
    let y = a * (t * t / freedom).ln_1p();
    let series = ((((-0.4 * y - 3.3) * y - 24.0) * y - 85.5) / (0.8 * y * y + 100.0 + b) + y + 3.0) / b + 1.0;
    series * y.sqrt()
}

/// Two-sided p value of a t: the probability of one at least as far from zero. Below 1e-300 it may be 0.
pub(crate) fn p_value(t: f64, freedom: f64) -> f64 {
    2.0 * upper_tail(t.abs(), freedom)
}

/// Probability that F exceeds a value; the second degrees of freedom may be infinite.
pub(crate) fn f_tail(f: f64, df1: f64, df2: f64) -> f64 {
    if f <= 0.0 {
        return 1.0;
    }
    if df2.is_infinite() {
        return checked_gamma_ur(df1 / 2.0, df1 * f / 2.0).unwrap_or(0.0);
    }
    let ratio = df1 * f / df2;
    if ratio.is_infinite() { 0.0 } else { beta_tail(df2 / 2.0, df1 / 2.0, ratio) }
}

/// The F that is exceeded with a probability, at finite degrees of freedom.
pub(crate) fn f_quantile(tail: f64, df1: f64, df2: f64) -> f64 {
    let (mut low, mut high) = (0.0, 1.0);
    while f_tail(high, df1, df2) > tail && high < f64::MAX / 4.0 {
        (low, high) = (high, 2.0 * high);
    }
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return high;
        }
        if f_tail(middle, df1, df2) > tail { low = middle } else { high = middle }
    }
}

/// The t that is exceeded in size with probability 1 − level.
pub(crate) fn two_sided(level: Level, freedom: f64) -> f64 {
    let wanted = level.error();
    let mut high = 1.0;
    while p_value(high, freedom) > wanted && high < f64::MAX / 4.0 {
        high *= 2.0;
    }
    // The tail falls all the way, so that halving ends at the last digit.
    let mut low = if high > 1.0 { high / 2.0 } else { 0.0 };
    loop {
        let middle = low + (high - low) / 2.0;
        if middle <= low || middle >= high {
            return high;
        }
        if p_value(middle, freedom) > wanted {
            low = middle;
        } else {
            high = middle;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn near(found: f64, expected: f64, relative: f64) {
        assert!((found / expected - 1.0).abs() < relative, "{found:e} instead of {expected:e}");
    }

    #[test]
    fn tails_are_those_of_thirty_digits() {
        // Incomplete beta function of mpmath 1.3: degrees of freedom, t, p.
        let known = [
            (1.0, 0.01, 0.993634014470183),
            (1.0, 1.0, 0.5),
            (1.0, 30.0, 0.0212128048110708),
            (2.5, 2.5, 0.104569963078155),
            (9.0, 1.0, 0.343436396137913),
            (9.0, 30.0, 2.48370470415826e-10),
            (100.0, 2.5, 0.0140457891240771),
            (100.0, 30.0, 8.38033255868829e-52),
            (999.0, 0.01, 0.992023283928494),
            (999.0, 2.5, 0.0125787275845092),
            (999.0, 8.0, 3.42999825776359e-15),
            (1001.0, 0.01, 0.9920232799398679),
            (1001.0, 2.5, 0.0125784083376897),
            (1001.0, 8.0, 3.42333434423318e-15),
            (1e5, 1.0, 0.317312927564110),
            (1e9, 8.0, 1.24419342844547e-15),
        ];
        for (freedom, t, p) in known {
            near(p_value(t, freedom), p, 1e-11);
            assert_eq!(p_value(-t, freedom), p_value(t, freedom));
        }
        assert_eq!(p_value(0.0, 5.0), 1.0);
        assert_eq!((p_value(1e200, 5.0), p_value(f64::INFINITY, 5000.0)), (0.0, 0.0));
    }

    #[test]
    fn quantiles_are_those_of_thirty_digits() {
        let known = [
            (0.5, 1.0, 1.0),
            (0.5, 198.0, 0.675730842385586),
            (0.95, 1.0, 12.7062047361746),
            (0.95, 2.5, 3.57465484200368),
            (0.95, 9.0, 2.262157162798205),
            (0.95, 999.5, 1.96234027038384),
            (0.95, 5000.0, 1.96043855170650),
            (0.95, 1e8, 1.95996400826276),
            (0.9975, 9.0, 4.145788828443257),
            (0.999999, 1.0, 636619.7723487513),
            (0.999999, 198.0, 5.04991192713189),
        ];
        for (level, freedom, t) in known {
            near(two_sided(Level::new(level).unwrap(), freedom), t, 1e-11);
        }
        near(normal_two_sided(Level::NINETY_FIVE), 1.959963984540054, 1e-14);
        near(normal_below(-1.959963984540054), 0.025, 1e-13);
        near(normal_below(-0.75), 0.226627352376868, 1e-13);
        near(normal_below(-8.0), 6.220960574271785e-16, 1e-13);
        near(normal_below(1.0), 0.8413447460685429, 1e-15);
        near(normal_quantile(0.8413447460685429), 1.0, 1e-14);
        near(normal_quantile(0.025), -1.959963984540054, 1e-14);
        assert_eq!((normal_quantile(0.5), normal_quantile(0.0)), (0.0, f64::NEG_INFINITY));
    }

    #[test]
    fn the_normal_distribution_falls_from_a_half_to_nothing() {
        let mut last = 0.5;
        assert_eq!(normal_below(0.0), last);
        for z in (1..80_000).map(|i| f64::from(i) / 2000.0) {
            let tail = normal_below(-z);
            assert!(tail < last || tail == 0.0, "{z}: {tail}");
            last = tail;
        }
        for far in [40.0, 1e200, f64::INFINITY] {
            assert_eq!((normal_below(-far), normal_below(far)), (0.0, 1.0));
        }
    }

    #[test]
    fn the_search_for_a_quantile_ends_at_every_level() {
        for level in [1e-300, 1e-17, 1e-9, 0.3, 1.0 - 1e-9, 1.0 - f64::EPSILON / 2.0] {
            let level = Level::new(level).unwrap();
            for freedom in [1.0, 1.5, 30.0, 1000.0, 1000.1, 1e18] {
                let t = two_sided(level, freedom);
                assert!(t.is_finite() && t >= 0.0, "{level:?} {freedom}: {t}");
            }
        }
    }
}
