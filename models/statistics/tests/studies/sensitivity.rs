//! Sobol' indices and elementary effects of functions whose own are known.

use crate::made_up::{LEVEL, Patients, holds};
use coxa_statistics::{Bootstrap, SaltelliOutputs, Sobol, elementary_effects, regression, sobol};
use std::f64::consts::PI;

/// Indices of a function of factors from 0 to 1, in so many random rows.
fn indices(
    f: impl Fn(&[f64]) -> f64,
    factors: usize,
    rows: usize,
    patients: &mut Patients,
    bootstrap: Bootstrap,
) -> Sobol {
    let mut matrix = || -> Vec<Vec<f64>> {
        (0..rows).map(|_| (0..factors).map(|_| patients.uniform()).collect()).collect()
    };
    let (a, b) = (matrix(), matrix());
    let outputs = |matrix: &[Vec<f64>]| matrix.iter().map(|row| f(row)).collect::<Vec<f64>>();
    let ab: Vec<Vec<f64>> = (0..factors)
        .map(|factor| {
            let mixed = a.iter().zip(&b).map(|(a, b)| {
                let mut row = a.clone();
                row[factor] = b[factor];
                row
            });
            outputs(&mixed.collect::<Vec<_>>())
        })
        .collect();
    sobol(SaltelliOutputs { a: &outputs(&a), b: &outputs(&b), ab: &ab }, LEVEL, bootstrap).unwrap()
}

/// Ishigami and Homma 1990 with a = 7, b = 0.1.
fn ishigami(row: &[f64]) -> f64 {
    let x = [0, 1, 2].map(|i| PI * (2.0 * row[i] - 1.0));
    x[0].sin() + 7.0 * x[1].sin().powi(2) + 0.1 * x[2].powi(4) * x[0].sin()
}

#[test]
fn the_function_of_ishigami_has_its_indices() {
    // Its parts of the variance: a²/8, (1/2)(1 + bπ⁴/5)², b²π⁸(1/18 - 1/50).
    let second = 49.0 / 8.0;
    let first = 0.5 * (1.0 + 0.1 * PI.powi(4) / 5.0).powi(2);
    let both = 0.01 * PI.powi(8) * (1.0 / 18.0 - 1.0 / 50.0);
    let all = first + second + both;
    let truth = [(first / all, (first + both) / all), (second / all, second / all), (0.0, both / all)];
    for ((first, total), published) in truth.iter().zip([(0.3139, 0.5576), (0.4424, 0.4424), (0.0, 0.2437)]) {
        assert!((first - published.0).abs() < 5.1e-5 && (total - published.1).abs() < 5.1e-5);
    }
    let found = indices(ishigami, 3, 8192, &mut Patients::of(31), Bootstrap { draws: 500, seed: 1 });
    assert!((found.variance / all - 1.0).abs() < 0.03, "{}", found.variance);
    for (factor, (first, total)) in found.factors.iter().zip(truth) {
        for (estimate, truth) in [(factor.first, first), (factor.total, total)] {
            let interval = estimate.interval.unwrap();
            println!(
                "Ishigami {truth:.4}: {:.4} ({:.4} to {:.4})",
                estimate.value, interval.low, interval.high
            );
            assert!(holds(&estimate, truth), "{estimate:?} {truth}");
            assert!(
                interval.half_width() < 0.04 && (estimate.value - truth).abs() < 0.03,
                "{estimate:?} {truth}"
            );
        }
    }
    let again = indices(ishigami, 3, 8192, &mut Patients::of(31), Bootstrap { draws: 500, seed: 1 });
    assert_eq!(found, again);
}

#[test]
fn intervals_of_indices_hold_them() {
    // x1 + 2 x2 + 3 x1 x3 about its middle: variances by hand below, of factors with the variance 1/12.
    let f = |x: &[f64]| 50.0 + (x[0] - 0.5) + 2.0 * (x[1] - 0.5) + 3.0 * (x[0] - 0.5) * (x[2] - 0.5);
    let (v1, v2, v13) = (1.0 / 12.0, 4.0 / 12.0, 9.0 / 144.0);
    let all = v1 + v2 + v13;
    let truth = [v1 / all, (v1 + v13) / all, v2 / all, v2 / all, 0.0, v13 / all];
    let mut patients = Patients::of(32);
    let mut held = [0; 6];
    const SAMPLES: usize = 600;
    for seed in 0..SAMPLES as u64 {
        let found = indices(f, 3, 256, &mut patients, Bootstrap { draws: 400, seed });
        let all = found.factors.iter().flat_map(|factor| [factor.first, factor.total]);
        for ((held, estimate), truth) in held.iter_mut().zip(all).zip(truth) {
            *held += usize::from(holds(&estimate, truth));
        }
    }
    let shares = held.map(|held| held as f64 / SAMPLES as f64);
    println!("Sobol' intervals of 256 rows hold {shares:?}");
    // Percentile intervals of so few rows are a little short.
    assert!(shares.iter().all(|share| (0.91..=0.98).contains(share)), "{shares:?}");
}

#[test]
fn elementary_effects_tell_linear_from_curved() {
    // 3 x1 + 10 (x2 - 1/2)² with steps of 1/2 from 0 or from 1/2, as on a grid of three.
    let mut patients = Patients::of(33);
    let (mut of_first, mut of_second) = (Vec::new(), Vec::new());
    for _ in 0..40 {
        let from = if patients.uniform() < 0.5 { 0.0 } else { 0.5 };
        let curved = |x: f64| 10.0 * (x - 0.5f64).powi(2);
        of_first.push((3.0 * (from + 0.5) - 3.0 * from) / 0.5);
        of_second.push((curved(from + 0.5) - curved(from)) / 0.5);
    }
    let first = elementary_effects(&of_first, LEVEL).unwrap();
    assert_eq!((first.mu.value, first.mu_star.value, first.sigma), (3.0, 3.0, Some(0.0)));
    // -5 or 5, by chance half of each.
    let second = elementary_effects(&of_second, LEVEL).unwrap();
    assert_eq!(second.mu_star.value, 5.0);
    assert!(holds(&second.mu, 0.0) && second.mu.value.abs() < 2.5);
    assert!((second.sigma.unwrap() - 5.0).abs() < 0.5);
}

#[test]
fn squared_coefficients_of_a_sum_are_its_indices() {
    let f = |x: &[f64]| x[0] + 2.0 * x[1] - 0.5 * x[2];
    let mut patients = Patients::of(34);
    let rows: Vec<Vec<f64>> = (0..4000).map(|_| (0..3).map(|_| patients.uniform()).collect()).collect();
    let factors: Vec<Vec<f64>> = (0..3).map(|i| rows.iter().map(|row| row[i]).collect()).collect();
    let y: Vec<f64> = rows.iter().map(|row| f(row)).collect();
    let line = regression(&factors, &y, LEVEL).unwrap();
    let shares = indices(f, 3, 4000, &mut patients, Bootstrap { draws: 100, seed: 2 });
    for (coefficient, factor) in line.coefficients.iter().zip(&shares.factors) {
        assert!((coefficient.value.powi(2) - factor.total.value).abs() < 0.03, "{coefficient:?} {factor:?}");
    }
}
