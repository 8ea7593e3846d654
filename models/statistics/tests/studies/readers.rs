//! The reader study of Van Dyke et al. 1993 (Radiology 187:111; ratings as R's MRMCaov and RJafroc have them), to the digits that both print.

use coxa_statistics::{Covariances, FigureStudy, Inference, Level, MethodTest, ReaderStudy, UncrossedStudy};
use coxa_test_support::reference_data;

const METHODS: usize = 2;
const READERS: usize = 5;
const CASES: usize = 114;

/// Ratings by method, reader and case, and who is diseased.
fn study(text: &str) -> (Vec<Vec<Vec<f64>>>, Vec<bool>) {
    let mut ratings = vec![vec![vec![f64::NAN; CASES]; READERS]; METHODS];
    let mut diseased = vec![false; CASES];
    for line in text.lines().skip(1) {
        let fields: Vec<usize> = line.split(',').map(|field| field.trim().parse().unwrap()).collect();
        let [reader, method, case, truth, rating] = fields[..] else { panic!("{line}") };
        ratings[method - 1][reader - 1][case - 1] = rating as f64;
        diseased[case - 1] = truth == 1;
    }
    (ratings, diseased)
}

fn printed(found: f64, expected: f64, digit: f64) {
    assert!((found - expected).abs() <= 0.5001 * digit, "{found} instead of {expected}");
}

#[test]
fn van_dyke_s_readers_are_analysed_to_the_last_printed_digit() {
    let Some(folder) = reference_data("test-only/reader-studies") else { return };
    let (ratings, diseased) = study(&std::fs::read_to_string(folder.join("vandyke.csv")).unwrap());
    let study = ReaderStudy::new(&ratings, &diseased).unwrap();
    let areas = [
        [0.9196457327, 0.8587761675, 0.9038647343, 0.9731078905, 0.8297906602],
        [0.9478260870, 0.9053140097, 0.9217391304, 0.9993558776, 0.9299516908],
    ];
    for (found, expected) in study.areas().iter().flatten().zip(areas.iter().flatten()) {
        printed(*found, *expected, 1e-10);
    }
    for (by, components, f, df2, p) in [
        (
            Covariances::Jackknife,
            [0.00080228827, 0.00034661371, 0.00034407483, 0.00023902837],
            4.456319,
            15.25967,
            0.0516657,
        ),
        (
            Covariances::DeLong,
            [0.00079213245, 0.00034200896, 0.00033952653, 0.00023584965],
            4.484854,
            15.06611,
            0.0512330,
        ),
    ] {
        let found = study.components(by);
        for (found, expected) in [found.var, found.cov1, found.cov2, found.cov3].into_iter().zip(components) {
            printed(found, expected, 1e-11);
        }
        let test = study.test(by, Inference::RandomReadersRandomCases, Level::NINETY_FIVE);
        printed(test.f, f, 1e-6);
        printed(test.df2, df2, 1e-5);
        printed(test.p, p, 1e-7);
    }
}

/// F, degrees of freedom, p, and difference with its interval.
fn tested(found: &MethodTest, [f, df2, p]: [(f64, f64); 3], ends: [f64; 2]) {
    printed(found.f, f.0, f.1);
    if df2.0.is_finite() {
        printed(found.df2, df2.0, df2.1);
    }
    printed(found.p, p.0, p.1);
    let interval = found.differences[0].2.interval.unwrap();
    printed(interval.low, ends[0], 1e-5);
    printed(interval.high, ends[1], 1e-5);
}

#[test]
fn van_dyke_s_readers_are_those_of_the_iowa_program() {
    let Some(folder) = reference_data("test-only/reader-studies") else { return };
    let (ratings, diseased) = study(&std::fs::read_to_string(folder.join("vandyke.csv")).unwrap());
    let study = FigureStudy::areas(&ratings, &diseased).unwrap();
    let random = Inference::RandomReadersRandomCases;
    let (fixed_readers, fixed_cases) =
        (Inference::FixedReadersRandomCases, Inference::RandomReadersFixedCases);
    // What OR-DBM MRMC 2.51 (trapezoidal area, jackknife) prints, with second less first method here.
    let of = |inference| study.test(inference, Level::NINETY_FIVE).unwrap();
    let pseudo = |inference| study.dorfman_berbaum_metz(inference, Level::NINETY_FIVE).unwrap();
    for found in [of(random), pseudo(random)] {
        tested(&found, [(4.46, 1e-2), (15.26, 1e-2), (0.0517, 1e-4)], [-0.00036, 0.08796]);
    }
    let infinite = (f64::INFINITY, 0.0);
    tested(&of(fixed_readers), [(5.47595, 1e-5), infinite, (0.0193, 1e-4)], [0.00711, 0.08049]);
    for found in [of(fixed_cases), pseudo(fixed_cases)] {
        tested(&found, [(8.70, 1e-2), (4.0, 1e-9), (0.0420, 1e-4)], [0.00258, 0.08502]);
    }
    for (method, inference, error, df, ends) in [
        (0, random, 0.03317360, 12.74, [0.82522360, 0.96885048]),
        (1, random, 0.02156637, 12.71, [0.89413783, 0.98753689]),
        (0, fixed_readers, 0.02428971, f64::INFINITY, [0.84943008, 0.94464399]),
        (1, fixed_readers, 0.01677632, f64::INFINITY, [0.90795637, 0.97371835]),
        (0, fixed_cases, 0.02482994, 4.0, [0.82809808, 0.96597599]),
        (1, fixed_cases, 0.01615303, 4.0, [0.89598936, 0.98568536]),
    ] {
        let found = study.single(method, inference, Level::NINETY_FIVE).unwrap();
        printed(found.standard_error, error, 1e-8);
        if df.is_finite() {
            printed(found.df, df, 1e-2);
        }
        let interval = found.estimate.interval.unwrap();
        printed(interval.low, ends[0], 1e-8);
        printed(interval.high, ends[1], 1e-8);
    }
    // Of a crossed design the U-statistics have another variance for the same difference.
    let found =
        UncrossedStudy::new(&ratings, &diseased).unwrap().difference(0, 1, Level::NINETY_FIVE).unwrap();
    printed(found.estimate.value, 0.04380032, 1e-8);
    assert!((found.variance.sqrt() - 0.02075).abs() < 0.002, "{found:?}");
}
