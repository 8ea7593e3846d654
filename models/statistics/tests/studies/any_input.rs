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
        if let Ok(found) = exact_agreement(&a, &b, level) {
            prop_assert!(is_sound(&found.bias) && found.limits.iter().all(|limit| limit.value.is_finite()), "{found:?}");
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

/// Ratings, truths and groups of as many cases.
fn rated() -> impl Strategy<Value = (Vec<f64>, Vec<f64>, Vec<bool>, Vec<usize>)> {
    (0..14usize).prop_flat_map(|n| (values(n), values(n), vec(any::<bool>(), n), vec(0..5usize, n)))
}

proptest! {
    #[test]
    fn of_ratings(cases in rated(), threshold in wild(), other in wild(), level in level()) {
        let (a, b, diseased, groups) = cases;
        if let Ok(found) = compare_areas(&a, &b, &diseased, level) {
            prop_assert!(is_sound(&found.a) && is_sound(&found.b) && is_sound(&found.difference) && is_p(found.p));
        }
        if let Ok(ratings) = Ratings::new(&a, &diseased) {
            let curve = ratings.curve();
            prop_assert!((0.0..=1.0).contains(&curve.youden().sensitivity));
            for over in [PartialArea::Specificity(threshold, other), PartialArea::Sensitivity(0.2, 0.9)] {
                if let Ok(area) = curve.partial_area(over) {
                    prop_assert!((-1e-12..=1.0 + 1e-12).contains(&area), "{area}");
                }
            }
            if let Ok(point) = ratings.at(threshold, ProportionInterval::ClopperPearson, level) {
                prop_assert!(is_sound(&point.sensitivity) && is_sound(&point.specificity), "{point:?}");
                prop_assert!(point.positive_likelihood_ratio.as_ref().is_none_or(is_sound), "{point:?}");
                if let Ok(there) = point.at_prevalence(other) {
                    prop_assert!(there.positive_predictive_value.as_ref().is_none_or(is_sound), "{there:?}");
                    prop_assert!(there.negative_predictive_value.as_ref().is_none_or(is_sound), "{there:?}");
                }
            }
            prop_assert!(precision_recall(&a, &diseased).is_ok_and(|found| found.average_precision.is_finite()));
        }
        if let Ok(found) = compare_clustered_areas(&a, &b, &diseased, &groups, level) {
            prop_assert!(is_sound(&found.a) && is_sound(&found.difference) && is_p(found.p), "{found:?}");
        }
        let classes: Vec<usize> = groups.iter().map(|group| group % 3).collect();
        if let Ok(found) = concordance(&a, &classes, level) {
            prop_assert!(is_sound(&found), "{found:?}");
        }
    }

    #[test]
    fn of_probabilities(cases in rated(), at in wild(), level in level(), seed in any::<u64>(), rescaled in any::<bool>()) {
        let (a, _, happened, groups) = cases;
        let p: Vec<f64> = a.iter().map(|p| if rescaled { (p / 200.0 + 0.5).clamp(0.0, 1.0) } else { *p }).collect();
        let Ok(forecasts) = Forecasts::new(&p, &happened) else { return Ok(()) };
        let line = calibration_line(&forecasts, level);
        for found in [line.slope, line.intercept, line.in_the_large, line.observed_over_expected].iter().flatten() {
            prop_assert!(is_sound(found), "{found:?}");
        }
        for map in [fit_temperature(&forecasts), fit_platt(&forecasts), fit_beta(&forecasts)].into_iter().flatten() {
            prop_assert!((0.0..=1.0).contains(&map.apply(at.clamp(0.0, 1.0))) || at.is_nan(), "{map:?}");
            let sum: f64 = map.apply_to_classes(&[0.2, 0.5, 0.3]).iter().sum();
            prop_assert!((sum - 1.0).abs() < 1e-9, "{map:?}");
        }
        let smooth = smooth_calibration(&forecasts);
        prop_assert!(smooth.index.is_finite() && smooth.curve.iter().all(|point| (0.0..=1.0).contains(&point.1)));
        let found = brier(&forecasts, 3, level).unwrap();
        prop_assert!(is_sound(&found.score) && found.scaled.is_finite(), "{found:?}");
        let draws = Some(Bootstrap { draws: 40, seed });
        if let Ok(found) = decision_curve(&forecasts, &[at, 0.3], Some(&groups), draws, level) {
            prop_assert!(found.iter().all(|point| point.model.value.is_finite()), "{found:?}");
        }
    }

    #[test]
    fn of_correlations(
        columns in (0..12usize).prop_flat_map(|n| vec(values(n), 3..6)),
        groups in vec(0..4usize, 0..12),
        seed in any::<u64>(),
        level in level(),
    ) {
        let [x, y, others @ ..] = &columns[..] else { return Ok(()) };
        for found in [pearson(x, y, level), spearman(x, y, level), partial_spearman(x, y, others, level)].into_iter().flatten().flatten() {
            prop_assert!(is_sound(&found.estimate) && is_p(Some(found.p)), "{found:?}");
        }
        let of = ManyCorrelations { x: std::slice::from_ref(x), y: others, covariates: &[], groups: Some(&groups) };
        let permutations = Permutations { draws: 19, seed };
        for of in [of, ManyCorrelations { groups: None, ..of }, ManyCorrelations { groups: None, covariates: std::slice::from_ref(y), ..of }] {
            if let Ok(found) = many_correlations(of, permutations, level) {
                prop_assert!(found.iter().all(|pair| is_p(pair.p_family) && is_p(pair.p_permutation)), "{found:?}");
            }
        }
    }

    #[test]
    fn of_readers(
        study in (2..4usize, 1..4usize, 2..9usize).prop_flat_map(|(t, r, n)| (vec(vec(values(n), r), t), vec(any::<bool>(), n))),
        threshold in value(),
        level in level(),
    ) {
        let (ratings, diseased) = study;
        let studies = [
            FigureStudy::areas(&ratings, &diseased),
            FigureStudy::sensitivities(&ratings, &diseased, threshold),
            FigureStudy::log_times(&ratings),
        ];
        for study in studies.into_iter().flatten() {
            for inference in [Inference::RandomReadersRandomCases, Inference::FixedReadersRandomCases, Inference::RandomReadersFixedCases] {
                if let Ok(found) = study.single(0, inference, level) {
                    prop_assert!(is_sound(&found.estimate), "{found:?}");
                }
                for found in [study.test(inference, level), study.dorfman_berbaum_metz(inference, level)].into_iter().flatten() {
                    prop_assert!(found.p.is_nan() || (0.0..=1.0).contains(&found.p), "{found:?}");
                }
                let _ = study.against_module(0, &study, inference, level);
            }
        }
        if let Ok(study) = UncrossedStudy::new(&ratings, &diseased) {
            let found = study.difference(0, 1, level).unwrap();
            prop_assert!(is_sound(&found.estimate) && is_p(found.p), "{found:?}");
        }
    }

    #[test]
    fn of_few_cases_and_sizes(
        classes in vec((0..4usize, 0..4usize), 0..9),
        numbers in (wild(), wild(), wild(), wild()),
        count in 0..60usize,
        level in level(),
    ) {
        let (a, b): (Vec<usize>, Vec<usize>) = classes.into_iter().unzip();
        for weights in [KappaWeights::None, KappaWeights::Quadratic] {
            if let Ok(Some(found)) = kappa_of_few(&a, &b, 4, weights, Bootstrap { draws: 60, seed: 1 }, level) {
                prop_assert!(is_sound(&found), "{found:?}");
            }
        }
        let (one, other, third, fourth) = numbers;
        for found in [binary_model_cases(count, one, other, 0.9), continuous_model_cases(count, one, [third, fourth], 0.9)].into_iter().flatten() {
            prop_assert!(found.all >= found.shrinkage && found.per_parameter.is_finite(), "{found:?}");
        }
        let _ = cases_for_area(one, other, third, AreaVariance::HanleyMcNeil, level);
        let _ = cases_for_area_difference([one, other], third, 1.0, fourth, level);
        let _ = (cases_for_fraction(one, other, third, level), cases_for_kappa(one, other, third, level));
    }
}
