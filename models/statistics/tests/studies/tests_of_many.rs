//! How often tests claim a difference, where there is none and where there is one.

use crate::made_up::{LEVEL, Patients, STUDIES, expect, holds, share};
use coxa_statistics::{PairsNeeded, holm, paired, pairs_needed, power};

/// Criteria that a study compares.
const CRITERIA: usize = 20;

/// p values of all criteria in thirty pairs of patients, where no level changes any. What the criteria of a patient have in
/// common is a share of their spread.
fn p_values(patients: &mut Patients, common: f64) -> Vec<Option<f64>> {
    let mut values = vec![(Vec::new(), Vec::new()); CRITERIA];
    for _ in 0..30 {
        let together = common.sqrt() * patients.normal();
        for (a, b) in &mut values {
            let before = 50.0 + 5.0 * patients.normal();
            a.push(before);
            b.push(before + together + (1.0 - common).sqrt() * patients.normal());
        }
    }
    values.iter().map(|(a, b)| paired(a, b, LEVEL).unwrap().p).collect()
}

fn claims(p: &[Option<f64>]) -> bool {
    p.iter().any(|p| p.is_some_and(|p| p <= 0.05))
}

#[test]
fn of_twenty_criteria_that_do_not_differ_holm_claims_none_in_95_percent() {
    // 1.645 standard errors of a thousand studies above 5 %.
    let most = 0.05 + 1.645 * (0.05 * 0.95 / STUDIES as f64).sqrt();
    for (common, least_without) in [(0.0, 0.5), (0.5, 0.2)] {
        let mut without = 0;
        let with = share(21, |patients| {
            let p = p_values(patients, common);
            without += usize::from(claims(&p));
            claims(&holm(&p).unwrap())
        });
        let without = without as f64 / STUDIES as f64;
        // Uncorrected tests claim often, or this study could not tell.
        expect(&format!("uncorrected claims, {common} in common"), without, least_without..=1.0);
        expect(
            &format!("Holm's claims, {common} in common"),
            with,
            if common == 0.0 { 0.03..=most } else { 0.0..=most },
        );
    }
}

#[test]
fn simultaneous_intervals_hold_at_once() {
    let level = LEVEL.simultaneous(10);
    let all_hold = share(22, |patients| {
        let together: Vec<f64> = (0..12).map(|_| patients.normal()).collect();
        let mut all = true;
        for criterion in 0..10 {
            let truth = f64::from(criterion);
            let a: Vec<f64> = (0..12).map(|_| 7.0 + patients.normal()).collect();
            let b: Vec<f64> =
                a.iter().zip(&together).map(|(a, t)| a + truth + 0.3 * t + patients.normal()).collect();
            all &= holds(&paired(&a, &b, level).unwrap().difference, truth);
        }
        all
    });
    expect("ten intervals that hold at once", all_hold, 0.935..=0.98);
}

#[test]
fn a_test_claims_as_often_as_its_power_says() {
    for effect in [0.2, 0.5, 1.0] {
        let Ok(PairsNeeded::Pairs(n)) = pairs_needed(effect, 0.8, LEVEL, 1000) else { panic!("no number") };
        let expected = power(effect, n, LEVEL).unwrap();
        let claimed = share(23, |patients| {
            let (a, b): (Vec<f64>, Vec<f64>) = (0..n)
                .map(|_| {
                    let a = 10.0 * patients.normal();
                    (a, a + effect + patients.normal())
                })
                .unzip();
            claims(&[paired(&a, &b, LEVEL).unwrap().p])
        });
        // Two and a half standard errors.
        expect(
            &format!("claims of {effect} in {n} pairs, power {:.1} %", 100.0 * expected),
            claimed,
            expected - 0.032..=expected + 0.032,
        );
    }
}
