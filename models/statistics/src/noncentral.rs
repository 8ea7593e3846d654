//! The noncentral t distribution, by integration over the spread of the sample.

use crate::student::normal_below;

/// Steps at the most.
const STEPS: f64 = 100_000.0;

/// The logarithm of a weight at which it no longer counts.
const NOTHING: f64 = -45.0;

/// Probability that a noncentral t lies beyond ± a critical value.
///
/// t is (z + shift) / s with a standard normal z and s² a χ² over its degrees of freedom, so that the probability given s is one of z. Over u = ln s it
/// is summed in equal steps, which for such functions converges faster than any power of the step; the weights are divided by their own sum,
/// so that no gamma function enters. Errors are below 1e-11 while shift / sqrt(freedom) is below 700, beyond which steps are coarser.
pub(crate) fn beyond(critical: f64, freedom: f64, shift: f64) -> f64 {
    // Of the density of u, the factors that do not depend on it left out: 0 at u = 0, where it is greatest.
    let logarithm = |u: f64| freedom * (u - (2.0 * u).exp_m1() / 2.0);
    let end = |direction: f64| {
        let mut u = direction * (-NOTHING / freedom).sqrt();
        while logarithm(u) > NOTHING {
            u *= 1.25;
        }
        u
    };
    let (from, to) = (end(-1.0), end(1.0));
    // Fine enough for the density and for the step of the normal distribution, as wide in u as 1 / shift.
    let step = (0.5 / (2.0 * freedom + shift * shift).sqrt()).min(0.1);
    let steps = ((to - from) / step).ceil().clamp(1.0, STEPS);
    let (mut all, mut outside) = (0.0, 0.0);
    for i in 0..=steps as u32 {
        let u = from + (to - from) * f64::from(i) / steps;
        let weight = logarithm(u).exp();
        let limit = critical * u.exp();
        all += weight;
        outside += weight * (normal_below(shift - limit) + normal_below(-shift - limit));
    }
    (outside / all).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::interval::Level;
    use crate::student;

    fn power(effect: f64, n: f64, level: f64) -> f64 {
        let critical = student::two_sided(Level::new(level).unwrap(), n - 1.0);
        beyond(critical, n - 1.0, effect * n.sqrt())
    }

    #[test]
    fn integrals_are_those_of_thirty_digits() {
        // Adaptive quadrature over the χ density in mpmath 1.3: effect, n, level, probability.
        let known = [
            (0.5, 34.0, 0.95, 0.807777501279274),
            (0.5, 33.0, 0.95, 0.795365841487504),
            (0.2, 199.0, 0.95, 0.801691024037066),
            (0.0, 10.0, 0.95, 0.05),
            (0.3, 2.0, 0.95, 0.0544146676681017),
            (2.0, 3.0, 0.95, 0.470749431278435),
            (10.0, 2.0, 0.95, 0.732819589805712),
            (0.01, 5000.0, 0.95, 0.10893144458547),
            (3.0, 4.0, 0.9999, 0.0140290651182307),
            (30.0, 3.0, 0.99999, 0.0266483606854964),
            (200.0, 2.0, 0.999, 0.343165704325495),
            (400.0, 2.0, 0.9999, 0.0708049659089356),
            (700.0, 2.0, 0.9999, 0.123573557256703),
            (5000.0, 2.0, 0.9999, 0.733311423599156),
            (1e5, 2.0, 0.999999, 0.17579832796412),
        ];
        for (effect, n, level, expected) in known {
            let found = power(effect, n, level);
            let allowed = if effect < 500.0 { 1e-11 } else { 1e-3 };
            assert!(
                (found - expected).abs() < allowed,
                "{effect} {n} {level}: {found} instead of {expected}"
            );
        }
    }

    #[test]
    fn without_a_shift_it_is_student_s_t() {
        for freedom in [1.0, 2.0, 7.0, 150.0, 1e4, 1e7, 1e12] {
            for critical in [0.1, 1.0, 3.0, 10.0] {
                let (found, expected) = (beyond(critical, freedom, 0.0), student::p_value(critical, freedom));
                assert!(
                    (found - expected).abs() < 1e-11,
                    "{freedom} {critical}: {found} instead of {expected}"
                );
            }
        }
    }
}
