//! What intervals of areas, calibration and kappa hold.

use crate::made_up::{LEVEL, Patients, STUDIES, expect, holds, share};
use coxa_statistics::*;
use std::collections::BTreeMap;

const COVERED: std::ops::RangeInclusive<f64> = 0.93..=0.97;

/// Area under the ROC curve of normal ratings that are so far apart.
const APART: f64 = 1.0;
const AREA: f64 = 0.760_249_938_906_523_2;

/// Two lesions of each of `n` patients, one of three diseased, with ratings that the lesions of a patient share by two thirds of their variance.
fn lesions(patients: &mut Patients, n: usize) -> (Vec<f64>, Vec<bool>, Vec<usize>) {
    let (mut ratings, mut diseased, mut groups) = (vec![], vec![], vec![]);
    for patient in 0..n {
        let shared = patients.normal();
        let is_diseased = patient % 3 == 0;
        for _ in 0..2 {
            let noise = (2.0f64 / 3.0).sqrt() * shared + (1.0f64 / 3.0).sqrt() * patients.normal();
            ratings.push(APART * f64::from(is_diseased) + noise);
            diseased.push(is_diseased);
            groups.push(patient);
        }
    }
    (ratings, diseased, groups)
}

#[test]
fn of_areas() {
    // One lesion of each patient.
    let delong = |seed: u64, n: usize| {
        share(seed, |patients| {
            let (ratings, diseased, _) = lesions(patients, n);
            let ratings: Vec<f64> = ratings.into_iter().step_by(2).collect();
            let diseased: Vec<bool> = diseased.into_iter().step_by(2).collect();
            holds(&Ratings::new(&ratings, &diseased).unwrap().estimate(LEVEL), AREA)
        })
    };
    // Of 25 diseased the interval is somewhat too narrow.
    expect("DeLong's area, 75 patients", delong(71, 75), 0.91..=0.97);
    expect("DeLong's area, 150 patients", delong(171, 150), COVERED);
    let mut naive = 0;
    let covered = share(72, |patients| {
        let (ratings, diseased, groups) = lesions(patients, 150);
        naive += usize::from(holds(&Ratings::new(&ratings, &diseased).unwrap().estimate(LEVEL), AREA));
        holds(&clustered_area(&ratings, &diseased, &groups, LEVEL).unwrap(), AREA)
    });
    expect("area of two lesions each, 150 patients, Obuchowski's", covered, COVERED);
    expect("the same, lesions taken for patients", naive as f64 / STUDIES as f64, 0.0..=0.92);
    let mut seed = 0;
    let covered = share(73, |patients| {
        let (ratings, diseased, groups) = lesions(patients, 90);
        seed += 1;
        let draws = Bootstrap { draws: 200, seed };
        let kind = BootstrapInterval::Bca;
        holds(&resampled_area(&ratings, &diseased, Some(&groups), kind, draws, LEVEL).unwrap(), AREA)
    });
    expect("area of two lesions each, 90 patients drawn again, BCa", covered, COVERED);
}

#[test]
fn of_calibration() {
    let covered = |seed: u64, what: fn(&CalibrationLine) -> Option<Estimate>, truth: f64| {
        share(seed, |patients| {
            let (p, happened): (Vec<f64>, Vec<bool>) = (0..200)
                .map(|_| {
                    let logit = 1.2 * patients.normal() - 0.5;
                    let probability = |logit: f64| 1.0 / (1.0 + (-logit).exp());
                    // Predictions twice as extreme as they should be.
                    (probability(2.0 * logit), patients.uniform() < probability(logit))
                })
                .unzip();
            let line = calibration_line(&Forecasts::new(&p, &happened).unwrap(), LEVEL);
            holds(&what(&line).unwrap(), truth)
        })
    };
    expect("calibration slope of 0.5, 200 patients", covered(74, |line| line.slope, 0.5), COVERED);
    expect("calibration intercept of 0", covered(75, |line| line.intercept, 0.0), COVERED);
}

/// A way to limits of agreement.
type Limits = fn(&[f64], &[f64], Level) -> Result<Agreement, StatisticsError>;

#[test]
fn of_limits_of_agreement() {
    let covered = |n: usize, of: Limits| {
        share(79, |patients| {
            let (a, b): (Vec<f64>, Vec<f64>) = (0..n)
                .map(|_| {
                    let a = 50.0 + 10.0 * patients.normal();
                    (a, a + 1.0 + 2.0 * patients.normal())
                })
                .unzip();
            holds(&of(&a, &b, LEVEL).unwrap().limits[1], 1.0 + 1.96 * 2.0)
        })
    };
    expect("upper limit of agreement, 20 pairs, exact", covered(20, exact_agreement), COVERED);
    // Approximate: too narrow of few pairs.
    expect("the same, Bland and Altman's", covered(20, agreement), 0.9..=0.97);
    expect("upper limit of agreement, 60 pairs, Bland and Altman's", covered(60, agreement), COVERED);
}

/// Two readers who agree by a chance and else draw their classes, each at its own fractions.
fn read(patients: &mut Patients, n: usize, kappa: f64, fractions: [&[f64]; 2]) -> [Vec<usize>; 2] {
    let draw = |patients: &mut Patients, reader: usize| {
        let place = patients.uniform();
        let mut sum = 0.0;
        let found = fractions[reader].iter().position(|fraction| {
            sum += fraction;
            place < sum
        });
        found.unwrap_or(fractions[reader].len() - 1)
    };
    let (mut a, mut b) = (vec![], vec![]);
    for _ in 0..n {
        let one = draw(patients, 0);
        a.push(one);
        b.push(if patients.uniform() < kappa { one } else { draw(patients, 1) });
    }
    [a, b]
}

/// Tables of two readers and the interval of each, for so few cases come again and again.
type Known = BTreeMap<Vec<usize>, Option<Interval>>;

/// How often intervals of seven cases hold kappa, of studies that have one.
fn few(seed: u64, kappa: f64, fractions: &[f64], weights: KappaWeights, known: &mut Known) -> (f64, f64) {
    let classes = fractions.len();
    let (mut normal, mut all) = (0, 0);
    let held = share(seed, |patients| {
        loop {
            let [a, b] = read(patients, 7, kappa, [fractions, fractions]);
            let mut pairs: Vec<usize> = a.iter().zip(&b).map(|(a, b)| a * classes + b).collect();
            pairs.sort_unstable();
            let interval = *known.entry(pairs.clone()).or_insert_with(|| {
                let [a, b] = [0, 1].map(|reader| -> Vec<usize> {
                    pairs
                        .iter()
                        .map(|pair| if reader == 0 { pair / classes } else { pair % classes })
                        .collect()
                });
                let draws = Bootstrap { draws: 1000, seed: 3 };
                let found = kappa_of_few(&a, &b, classes, weights, draws, LEVEL).unwrap();
                found.and_then(|found| found.interval)
            });
            let Some(interval) = interval else { continue };
            let usual = coxa_statistics::kappa(&a, &b, classes, weights, LEVEL).unwrap().unwrap();
            normal += usize::from(usual.interval.is_some_and(|interval| interval.contains(kappa)));
            all += 1;
            return interval.contains(kappa);
        }
    });
    (held, f64::from(normal as u32) / f64::from(all))
}

#[test]
fn of_a_kappa_of_seven_cases() {
    let (mut two, mut three) = (Known::new(), Known::new());
    let mut worst: f64 = 1.0;
    for (kappa, fractions) in
        [(0.0, [0.5, 0.5]), (0.4, [0.5, 0.5]), (0.8, [0.5, 0.5]), (0.4, [0.7, 0.3]), (0.6, [0.7, 0.3])]
    {
        let (held, normal) = few(76, kappa, &fractions, KappaWeights::None, &mut two);
        worst = worst.min(normal);
        expect(&format!("kappa {kappa} of 7 cases, classes {fractions:?}"), held, 0.93..=1.0);
    }
    expect("the normal interval of the same at its worst", worst, 0.0..=0.92);
    for kappa in [0.2, 0.6] {
        let fractions = [0.3, 0.3, 0.4];
        let (held, _) = few(77, kappa, &fractions, KappaWeights::Linear, &mut three);
        expect(&format!("linear kappa {kappa} of 7 cases in three classes"), held, 0.93..=1.0);
    }
}

#[test]
fn of_no_difference_between_methods() {
    // Readers and cases as of Roe and Metz, half of the variance shared by readers of a case.
    let mut uncrossed = 0;
    let mut seed = 80;
    let claimed = share(78, |patients| {
        seed += 1;
        let diseased: Vec<bool> = (0..60).map(|case| case % 2 == 0).collect();
        let hard: Vec<f64> = (0..60).map(|_| patients.normal()).collect();
        let skill: Vec<f64> = (0..4).map(|_| 1.2 + 0.3 * patients.normal()).collect();
        let mut rating = |reader: usize, case: usize| {
            f64::from(diseased[case]) * skill[reader] + 0.7 * hard[case] + 0.7 * patients.normal()
        };
        let mut ratings: Vec<Vec<Vec<f64>>> = (0..2)
            .map(|_| (0..4).map(|reader| (0..60).map(|case| rating(reader, case)).collect()).collect())
            .collect();
        let study = FigureStudy::areas(&ratings, &diseased).unwrap();
        let p = study.dorfman_berbaum_metz(Inference::RandomReadersRandomCases, LEVEL).unwrap().p;
        // Each case is read by two readers of four.
        for readers in &mut ratings {
            for (reader, cases) in readers.iter_mut().enumerate() {
                cases
                    .iter_mut()
                    .enumerate()
                    .filter(|(case, _)| (case / 2 + reader) % 2 == 0)
                    .for_each(|(_, of)| *of = f64::NAN);
            }
        }
        let found = UncrossedStudy::new(&ratings, &diseased).unwrap().difference(0, 1, LEVEL).unwrap();
        uncrossed += usize::from(found.p.is_some_and(|p| p <= 0.05));
        p <= 0.05
    });
    expect("claims of pseudovalues, 4 readers, 60 cases", claimed, 0.02..=0.07);
    expect("claims of U-statistics, half of the readings", uncrossed as f64 / STUDIES as f64, 0.02..=0.08);
}
