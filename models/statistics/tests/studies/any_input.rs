//! Nothing panics on any input, and what comes out is a number.

use crate::made_up::LEVEL;
use coxa_statistics::*;
use proptest::collection::vec;
use proptest::prelude::*;

/// Values of every kind: usual ones, ties, missing, infinite, next to nothing and next to too large.
fn value() -> impl Strategy<Value = f64> {
    prop_oneof![
        8 => -100.0..100.0,
        4 => (-2i8..3).prop_map(f64::from),
        1 => Just(f64::NAN),
        1 => prop_oneof![Just(f64::MIN_POSITIVE / 8.0), Just(1e-200), Just(1e-300)],
    ]
}

/// As above, with values that no unit has.
fn wild() -> impl Strategy<Value = f64> {
    prop_oneof![10 => value(), 1 => any::<f64>(), 1 => Just(f64::MAX), 1 => Just(-f64::MAX), 1 => Just(f64::INFINITY)]
}

/// A list of values, tame or wild, or of one value again and again.
fn values(length: impl Into<proptest::collection::SizeRange> + Clone) -> impl Strategy<Value = Vec<f64>> {
    let again = vec(Just(()), length.clone());
    prop_oneof![
        2 => vec(value(), length.clone()),
        2 => vec(wild(), length),
        1 => (wild(), again).prop_map(|(value, again)| vec![value; again.len()]),
    ]
}

fn level() -> impl Strategy<Value = Level> {
    prop_oneof![
        Just(LEVEL),
        (0.0..1.0f64).prop_filter_map("a level", |share| Level::new(share).ok()),
        (1..1_000_000_000usize).prop_map(|many| LEVEL.simultaneous(many)),
    ]
}

/// A finite value, within its interval if there is one.
fn is_sound(estimate: &Estimate) -> bool {
    estimate.value.is_finite() && estimate.interval.is_none_or(|interval| interval.contains(estimate.value))
}

fn is_p(p: Option<f64>) -> bool {
    p.is_none_or(|p| (0.0..=1.0).contains(&p))
}

proptest! {
    #[test]
    fn of_one_sample(values in values(0..12), share in wild(), level in level()) {
        if let Ok(found) = summary(&values, level) {
            prop_assert!(is_sound(&found.mean), "{found:?}");
            prop_assert!(found.standard_deviation.is_none_or(|spread| spread.is_finite() && spread >= 0.0));
            let places = [found.least, found.lower_quartile, found.median, found.upper_quartile, found.greatest];
            prop_assert!(places.windows(2).all(|pair| pair[0] <= pair[1]), "{places:?}");
        }
        prop_assert!(quantile(&values, share).is_ok_and(f64::is_finite) || quantile(&values, share).is_err());
        if let Ok(found) = elementary_effects(&values, level) {
            prop_assert!(is_sound(&found.mu) && is_sound(&found.mu_star), "{found:?}");
            prop_assert!(found.mu_star.value >= found.mu.value.abs() * (1.0 - 1e-12), "{found:?}");
        }
    }

    #[test]
    fn of_two_samples(pairs in (0..10usize).prop_flat_map(|n| (values(n), values(n))), level in level()) {
        let (a, b) = pairs;
        if let Ok(found) = paired(&a, &b, level) {
            prop_assert!(is_sound(&found.difference) && is_sound(&found.exceeds), "{found:?}");
            prop_assert!(found.effect_size.as_ref().is_none_or(is_sound) && is_p(found.p), "{found:?}");
            prop_assert!((0.0..=1.0).contains(&found.exceeds.value) && found.exceeds.interval.is_some());
            prop_assert_eq!(found.difference.n + found.left_out, a.len());
        }
        if let Ok(found) = unpaired(&a, &b, level) {
            prop_assert!(is_sound(&found.difference) && is_p(found.p), "{found:?}");
            prop_assert!(found.effect_size.as_ref().is_none_or(is_sound), "{found:?}");
        }
    }

    #[test]
    fn of_factors(
        columns in (0..14usize).prop_flat_map(|n| vec(values(n), 1..6)),
        draws in 0..60usize,
        seed in any::<u64>(),
        level in level(),
    ) {
        let (y, factors) = columns.split_first().unwrap();
        if let Ok(found) = regression(factors, y, level) {
            prop_assert!(found.coefficients.iter().all(is_sound) && (0.0..=1.0).contains(&found.r_squared), "{found:?}");
        }
        let b = factors.first().unwrap_or(y);
        if let Ok(found) = sobol(SaltelliOutputs { a: y, b, ab: factors }, level, Bootstrap { draws, seed }) {
            prop_assert!(found.variance.is_finite() && found.variance >= 0.0, "{found:?}");
            let all = found.factors.iter().all(|factor| factor.first.value.is_finite() && factor.total.value >= 0.0);
            prop_assert!(all, "{found:?}");
        }
    }

    #[test]
    fn of_numbers(effect in wild(), n in any::<usize>(), count in 0..1000usize, wanted in wild(), level in level()) {
        if let Ok(found) = power(effect, n, level) {
            prop_assert!((0.0..=1.0).contains(&found), "{found}");
        }
        if let Ok(found) = half_width(effect, n, level) {
            prop_assert!(found.is_finite() && found >= 0.0);
        }
        if let Ok(found) = standard_deviation_at_most(effect, n, level) {
            prop_assert!(found.is_finite() && found >= 0.0);
        }
        if let Ok(found) = proportion(count, n % 1100, level) {
            prop_assert!(is_sound(&found), "{found:?}");
        }
        let p: Vec<Option<f64>> = vec![Some(effect), Some(wanted), None];
        prop_assert!(holm(&p).is_err() || holm(&p).unwrap().into_iter().all(is_p));
        let found = pairs_needed(effect, wanted, level, n % 100_000);
        if let Ok(PairsNeeded::Pairs(pairs)) = found {
            prop_assert!(power(effect, pairs, level).unwrap() >= wanted);
        }
    }
}
