//! The noncentral t distribution, by integration over the spread of the sample.
//!
//! t is (z + shift) / s with a standard normal z and s² a χ² over its degrees of freedom, so that a probability given s is one of z. Over u = ln s it
//! is summed in equal steps, which for such functions converges faster than any power of the step; the weights are divided by their own sum,
//! so that no gamma function enters. Errors are below 1e-11 while shift / sqrt(freedom) is below 700, beyond which steps are coarser.

use crate::student::normal_below;
use std::f64::consts::TAU;

/// Steps at the most.
const STEPS: f64 = 100_000.0;

/// The logarithm of a weight at which it no longer counts.
const NOTHING: f64 = -45.0;

/// Standard deviations beyond which nothing of a normal distribution counts.
const FAR: f64 = 14.0;

/// Probability that a noncentral t lies beyond ± a critical value.
pub(crate) fn beyond(critical: f64, freedom: f64, shift: f64) -> f64 {
    let [outside] = mean(freedom, shift, |spread| {
        let limit = critical * spread;
        [normal_below(shift - limit) + normal_below(-shift - limit)]
    });
    outside.clamp(0.0, 1.0)
}

/// The shift with which a noncentral t exceeds one that was found with a probability of at most one half.
///
/// Over the shift, the probability is the distribution of t s − z. Its logarithm bends downwards everywhere, as those of the densities of both terms do,
/// so that Newton's steps on it approach the shift from below. They begin between ends that follow from t s − z having tails no heavier than those of a
/// normal distribution with a variance of 1 + t² / freedom.
pub(crate) fn shift_exceeding(t: f64, freedom: f64, probability: f64) -> f64 {
    const ENOUGH: usize = 200;
    let width = 1.0f64.hypot(t / freedom.sqrt());
    let (mut low, mut high) = (t.min(0.0) - (-2.0 * probability.ln()).sqrt() * width, t + 2.0 * width);
    let mut shift = (t - 2.0 * width).max(low);
    for _ in 0..ENOUGH {
        let (found, slope) = exceeding(t, freedom, shift);
        if found < probability {
            low = shift;
        } else {
            high = shift;
        }
        let newton = shift - found / slope * (found / probability).ln();
        let next = if low <= newton && newton <= high { newton } else { low + (high - low) / 2.0 };
        // The error of a step is of the size of its square.
        let is_last = (next - shift).abs() <= 1e-8 * width;
        shift = next;
        if is_last {
            break;
        }
    }
    shift
}

/// The value that a noncentral t exceeds with a probability, to ten digits.
pub(crate) fn exceeded(probability: f64, freedom: f64, shift: f64) -> f64 {
    const FARTHEST: f64 = 1e12;
    let is_below = |t: f64| exceeding(t, freedom, shift).0 > probability;
    let (mut low, mut high) = (shift - 1.0, shift + 1.0);
    while !is_below(low) && low > -FARTHEST {
        low = shift - 2.0 * (shift - low);
    }
    while is_below(high) && high < FARTHEST {
        high = shift + 2.0 * (high - shift);
    }
    while high - low > 1e-11 * high.abs().max(low.abs()).max(1.0) {
        let middle = low + (high - low) / 2.0;
        if is_below(middle) { low = middle } else { high = middle }
    }
    low + (high - low) / 2.0
}

/// Probability that a noncentral t exceeds a value, and how fast it grows with the shift.
fn exceeding(t: f64, freedom: f64, shift: f64) -> (f64, f64) {
    let [probability, slope] = mean(freedom, shift, |spread| {
        let z = shift - t * spread;
        match z {
            _ if z < -FAR => [0.0, 0.0],
            _ if z > FAR => [1.0, 0.0],
            _ => [normal_below(z), (-z * z / 2.0).exp() / TAU.sqrt()],
        }
    });
    (probability, slope)
}

/// Mean of numbers that depend on the spread s as a normal distribution around a shift does.
fn mean<const N: usize>(freedom: f64, shift: f64, of: impl Fn(f64) -> [f64; N]) -> [f64; N] {
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
    let (mut all, mut sums) = (0.0, [0.0; N]);
    for i in 0..=steps as u32 {
        let u = from + (to - from) * f64::from(i) / steps;
        let weight = logarithm(u).exp();
        all += weight;
        for (sum, value) in sums.iter_mut().zip(of(u.exp())) {
            *sum += weight * value;
        }
    }
    sums.map(|sum| sum / all)
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
    fn shifts_are_those_of_twenty_digits() {
        // Adaptive quadrature over the χ density and a bracketed root in mpmath 1.4: t, degrees of freedom, probability, shift.
        let known = [
            (2.5, 9.0, 0.025, 0.182943963044932),
            (-2.5, 9.0, 0.025, -4.71541229121613),
            (0.0, 4.0, 0.025, -1.95996398454005),
            (4.062127683382037, 9.0, 0.025, 1.31116809128766),
            (-4.062127683382037, 9.0, 0.025, -6.69775630603172),
            (1.0, 2.0, 0.025, -1.2494611882179),
            (-1.0, 2.0, 0.025, -3.07129932916676),
            (17.0, 2.0, 0.025, 2.52292986162906),
            (-17.0, 2.0, 0.025, -32.748442236144),
            (17.0, 2.0, 0.0005, -0.689337293917126),
            (300.0, 999.0, 0.025, 286.697003870037),
            (-300.0, 999.0, 0.025, -313.292075228037),
            (300.0, 4.0, 0.025, 104.388228079693),
            (-300.0, 4.0, 0.025, -500.731560643357),
            (2.5, 1e6, 0.025, 0.540032328021306),
            (300.0, 1e6, 0.025, 297.996350153253),
            (-300.0, 1e6, 0.025, -302.003505964741),
            (300.0, 100.0, 1e-6, 204.447449903438),
            (0.3, 30.0, 0.4, 0.0439742348899951),
            (-0.3, 30.0, 0.4, -0.551045103263133),
            (1000.0, 4.0, 0.025, 347.997304169604),
        ];
        for (t, freedom, probability, expected) in known {
            let found = shift_exceeding(t, freedom, probability);
            assert!(
                (found - expected).abs() < 1e-10 * (1.0 + expected.abs()),
                "{t} {freedom} {probability}: {found} instead of {expected}"
            );
        }
    }

    #[test]
    fn the_search_for_a_shift_ends_where_its_probability_is_that_asked_for() {
        for t in [-1e5, -300.0, -3.0, -1e-9, 0.0, 0.7, 40.0, 3000.0] {
            for freedom in [2.0, 3.0, 29.0, 1e4, 1e6] {
                for probability in [1e-15, 1e-6, 0.025, 0.3, 0.5] {
                    if t * t / freedom < 1e6 {
                        let shift = shift_exceeding(t, freedom, probability);
                        let (found, _) = exceeding(t, freedom, shift);
                        let ratio = found / probability;
                        assert!((ratio - 1.0).abs() < 1e-6, "{t} {freedom} {probability}: {shift}, {ratio}");
                    }
                }
            }
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
