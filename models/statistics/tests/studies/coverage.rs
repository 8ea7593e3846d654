//! How often intervals of 95 % hold the truth.

use crate::made_up::{LEVEL, Patients, STUDIES, expect, holds, share};
use coxa_statistics::{
    Estimate, Level, mean, paired, proportion, regression, standard_deviation_at_most, summary, unpaired,
};

/// A thousand studies have a standard error of 0.7 %.
const COVERED: std::ops::RangeInclusive<f64> = 0.93..=0.97;

/// Pairs that share most of what differs between patients, B above A by a mean.
fn pairs(patients: &mut Patients, n: usize, by: f64) -> (Vec<f64>, Vec<f64>) {
    (0..n)
        .map(|_| {
            let a = 100.0 + 10.0 * patients.normal();
            (a, a + by + patients.normal())
        })
        .unzip()
}

/// Share of the standard normal distribution below a value, by its series; good to 1e-10 within ±4.
fn normal_below(z: f64) -> f64 {
    let (mut term, mut sum) = (z, z);
    for k in 1..100 {
        let k = f64::from(k);
        term *= -z * z / (2.0 * k);
        sum += term / (2.0 * k + 1.0);
    }
    0.5 + sum / std::f64::consts::TAU.sqrt()
}

#[test]
fn of_a_mean_and_of_a_mean_difference() {
    // Of eight patients, for whom ±1.96 standard errors would hold 91 %.
    let of_mean = share(1, |patients| {
        let values: Vec<f64> = (0..8).map(|_| 3.0 + 2.0 * patients.normal()).collect();
        holds(&mean(&values, LEVEL).unwrap(), 3.0)
    });
    expect("mean, 8 patients", of_mean, COVERED);
    let of_difference = share(2, |patients| {
        let (a, b) = pairs(patients, 8, 1.5);
        holds(&paired(&a, &b, LEVEL).unwrap().difference, 1.5)
    });
    expect("mean difference, 8 pairs", of_difference, COVERED);
}

/// The share of four thousand studies, with half of the standard error; the next three seeds are used too.
fn share_of_many(seed: u64, mut study: impl FnMut(&mut Patients) -> bool) -> f64 {
    (seed..seed + 4).map(|seed| share(seed, &mut study)).sum::<f64>() / 4.0
}

#[test]
fn of_an_effect_size() {
    // Exact of normal differences, however few and however large.
    for (n, truth) in [(3, 1.0), (5, 0.0), (5, 1.0), (5, 3.0), (12, 1.0), (40, 0.5)] {
        let covered = share_of_many(31, |patients| {
            let (a, b) = pairs(patients, n, truth);
            holds(&paired(&a, &b, LEVEL).unwrap().effect_size.unwrap(), truth)
        });
        expect(&format!("effect size {truth}, {n} pairs"), covered, 0.94..=0.96);
    }
}

#[test]
fn of_an_effect_size_leaves_out_0_where_that_of_the_difference_does() {
    let leaves_out = |estimate: &Estimate| !holds(estimate, 0.0);
    let mut found = 0;
    let agrees = share(35, |patients| {
        let n = 3 + (patients.uniform() * 20.0) as usize;
        // About where half of the tests find the difference.
        let by = 4.0 * patients.normal() / (n as f64).sqrt();
        let (a, b) = pairs(patients, n, by);
        let compared = paired(&a, &b, LEVEL).unwrap();
        found += usize::from(leaves_out(&compared.difference));
        leaves_out(&compared.difference) == leaves_out(&compared.effect_size.unwrap())
            && leaves_out(&compared.difference) == compared.p.is_some_and(|p| p < LEVEL.error())
    });
    expect("effect sizes that agree with the test", agrees, 1.0..=1.0);
    expect("differences that are found", found as f64 / STUDIES as f64, 0.2..=0.8);
}

#[test]
fn of_the_upper_limit_of_a_standard_deviation() {
    let eighty = Level::new(0.8).unwrap();
    for n in [3, 10, 30] {
        let held = share_of_many(36, |patients| {
            let values: Vec<f64> = (0..n).map(|_| 3.0 * patients.normal()).collect();
            let spread = summary(&values, LEVEL).unwrap().standard_deviation.unwrap();
            standard_deviation_at_most(spread, n, eighty).unwrap() >= 3.0
        });
        // Two and a half standard errors.
        expect(&format!("upper limit of a standard deviation at 80 %, {n} values"), held, 0.784..=0.816);
    }
}

#[test]
fn of_the_probability_of_exceeding() {
    // Each study another truth, for a single one is jagged in counts.
    let continuous = share(4, |patients| {
        let by = 2.0 * patients.uniform() - 1.0;
        let (a, b) = pairs(patients, 30, by);
        holds(&paired(&a, &b, LEVEL).unwrap().exceeds, normal_below(by))
    });
    expect("exceeding, 30 pairs without ties", continuous, COVERED);
    // Steps of a whole number, a third of them none.
    let tied = share(5, |patients| {
        let ties = 0.2 + 0.3 * patients.uniform();
        let above = (1.0 - ties) * (0.3 + 0.4 * patients.uniform());
        let (a, b) = steps(patients, 30, above, ties);
        holds(&paired(&a, &b, LEVEL).unwrap().exceeds, above + ties / 2.0)
    });
    expect("exceeding, 30 pairs with a third of ties", tied, COVERED);
    // Nearly all tie: wide, lest a sample of ties alone be certain.
    let mostly_tied = share(6, |patients| {
        let above = 0.1 * patients.uniform();
        let (a, b) = steps(patients, 30, above, 0.9);
        holds(&paired(&a, &b, LEVEL).unwrap().exceeds, above + 0.45)
    });
    expect("exceeding, 30 pairs with nine in ten ties", mostly_tied, 0.93..=1.0);
}

/// Pairs of whole numbers of which shares are above and tied.
fn steps(patients: &mut Patients, n: usize, above: f64, ties: f64) -> (Vec<f64>, Vec<f64>) {
    (0..n)
        .map(|_| {
            let a = (10.0 * patients.normal()).round();
            let place = patients.uniform();
            (a, if place < above { a + 1.0 } else { a - f64::from(u8::from(place >= above + ties)) })
        })
        .unzip()
}

#[test]
fn of_a_proportion() {
    let covered = share(7, |patients| {
        let truth = 0.05 + 0.9 * patients.uniform();
        let count = (0..30).filter(|_| patients.uniform() < truth).count();
        holds(&proportion(count, 30, LEVEL).unwrap(), truth)
    });
    expect("proportion, 30 patients", covered, COVERED);
}

#[test]
fn of_a_difference_between_groups() {
    // Few patients with the larger spread: a pooled one would hold far less.
    let covered = share(8, |patients| {
        let a: Vec<f64> = (0..8).map(|_| 5.0 * patients.normal()).collect();
        let b: Vec<f64> = (0..30).map(|_| 2.0 + patients.normal()).collect();
        holds(&unpaired(&a, &b, LEVEL).unwrap().difference, 2.0)
    });
    expect("difference of groups of 8 and 30 with spreads of 5 and 1", covered, COVERED);
    let covered = share(9, |patients| {
        let a: Vec<f64> = (0..15).map(|_| patients.normal()).collect();
        let b: Vec<f64> = (0..25).map(|_| 0.8 + patients.normal()).collect();
        holds(&unpaired(&a, &b, LEVEL).unwrap().effect_size.unwrap(), 0.8)
    });
    expect("Hedges' g of 0.8, groups of 15 and 25", covered, COVERED);
}

#[test]
fn of_a_standardised_coefficient() {
    let spread = |values: &[f64]| {
        let mean = values.iter().sum::<f64>() / values.len() as f64;
        values.iter().map(|value| (value - mean).powi(2)).sum::<f64>().sqrt()
    };
    let covered = share(10, |patients| {
        let one: Vec<f64> = (0..12).map(|_| patients.normal()).collect();
        // Correlated with the first by 0.7.
        let other: Vec<f64> = one.iter().map(|x| x + patients.normal()).collect();
        let y: Vec<f64> = (0..12).map(|i| 20.0 + 2.0 * one[i] - other[i] + 3.0 * patients.normal()).collect();
        // In standard deviations of this sample.
        let truth = -spread(&other) / spread(&y);
        let found = regression(&[one, other], &y, LEVEL).unwrap();
        holds(&found.coefficients[1], truth)
    });
    expect("standardised coefficient, 12 rows", covered, COVERED);
}
