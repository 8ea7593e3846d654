//! The reader study of Van Dyke et al. 1993 (Radiology 187:111; ratings as R's MRMCaov and RJafroc have them), to the digits that both print.

use coxa_statistics::{Covariances, Inference, Level, ReaderStudy};
use coxa_test_support::reference_data;

const METHODS: usize = 2;
const READERS: usize = 5;
const CASES: usize = 114;

fn study(text: &str) -> ReaderStudy {
    let mut ratings = vec![vec![vec![f64::NAN; CASES]; READERS]; METHODS];
    let mut diseased = vec![false; CASES];
    for line in text.lines().skip(1) {
        let fields: Vec<usize> = line.split(',').map(|field| field.trim().parse().unwrap()).collect();
        let [reader, method, case, truth, rating] = fields[..] else { panic!("{line}") };
        ratings[method - 1][reader - 1][case - 1] = rating as f64;
        diseased[case - 1] = truth == 1;
    }
    ReaderStudy::new(&ratings, &diseased).unwrap()
}

fn printed(found: f64, expected: f64, digit: f64) {
    assert!((found - expected).abs() <= 0.5001 * digit, "{found} instead of {expected}");
}

#[test]
fn van_dyke_s_readers_are_analysed_to_the_last_printed_digit() {
    let Some(folder) = reference_data("test-only/reader-studies") else { return };
    let study = study(&std::fs::read_to_string(folder.join("vandyke.csv")).unwrap());
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
