//! Made-up cohorts.

use coxa_learning::{Outcomes, Predictions, Table};
use coxa_statistics::{Estimate, Level, Ratings};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

/// Random numbers of a seed.
pub(crate) struct Draws(ChaCha8Rng);

impl Draws {
    pub(crate) fn new(seed: u64) -> Draws {
        Draws(ChaCha8Rng::seed_from_u64(seed))
    }

    /// Between 0 and 1, neither of them.
    pub(crate) fn uniform(&mut self) -> f64 {
        (f64::from(self.0.random::<u32>()) + 0.5) / 4_294_967_296.0
    }

    /// Standard normal (Box and Muller).
    pub(crate) fn normal(&mut self) -> f64 {
        let radius = (-2.0 * self.uniform().ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }
}

/// A table of rows, its columns named x0, x1 and so on.
pub(crate) fn table(rows: &[Vec<f64>]) -> Table {
    let column = |i: usize| (format!("x{i}"), rows.iter().map(|row| row[i]).collect());
    Table::new((0..rows[0].len()).map(column).collect()).unwrap()
}

pub(crate) fn classes(count: usize, of: Vec<usize>) -> Outcomes {
    Outcomes::Classes { count, of }
}

pub(crate) fn class_of(outcomes: &Outcomes, row: usize) -> usize {
    match outcomes {
        Outcomes::Classes { of, .. } => of[row],
        Outcomes::Numbers(_) => panic!("they are classes"),
    }
}

/// Area under the curve of the probability of class 1.
pub(crate) fn area(predictions: &Predictions, outcomes: &Outcomes) -> Estimate {
    let Predictions::Probabilities(rows) = predictions else { panic!("classes have probabilities") };
    let ratings: Vec<f64> = rows.iter().map(|row| row[1]).collect();
    let diseased: Vec<bool> = (0..rows.len()).map(|row| class_of(outcomes, row) == 1).collect();
    Ratings::new(&ratings, &diseased).unwrap().estimate(Level::NINETY_FIVE)
}

const RHO: f64 = 0.4;
const APART: [f64; 5] = [0.6, -0.3, 0.2, 0.4, 0.0];
const SLOPES: [f64; 6] = [1.0, -0.8, 0.5, 0.0, 0.3, 0.0];

/// Two Gaussian classes whose columns all correlate by 0.4, and the area that the true log-odds have: with distance d between them in units of
/// the covariance, the normal distribution function of d / sqrt(2).
pub(crate) fn gaussian(rows: usize, columns: usize, seed: u64) -> (Table, Outcomes, f64) {
    let mut draws = Draws::new(seed);
    let mut of = Vec::with_capacity(rows);
    let mut made = Vec::with_capacity(rows);
    for row in 0..rows {
        let class = usize::from(row % 5 < 2);
        let common = draws.normal();
        let value = |i: usize, own: f64| {
            let mean = APART.get(i).map_or(0.0, |apart| apart * class as f64);
            mean + RHO.sqrt() * common + (1.0 - RHO).sqrt() * own
        };
        made.push((0..columns).map(|i| value(i, draws.normal())).collect::<Vec<f64>>());
        of.push(class);
    }
    let distance =
        gaussian_truth_of(&APART, columns).into_iter().zip(APART).map(|(slope, apart)| slope * apart);
    (table(&made), classes(2, of), normal_below((distance.sum::<f64>() / 2.0).sqrt()))
}

/// Slopes of the true log-odds: the inverse of (1 - rho) I + rho J, which is (I - rho / (1 + (p - 1) rho) J) / (1 - rho), times the difference of means.
fn gaussian_truth_of(apart: &[f64], columns: usize) -> Vec<f64> {
    let shrink = RHO / (1.0 + (columns as f64 - 1.0) * RHO) * apart.iter().sum::<f64>();
    (0..columns).map(|i| (apart.get(i).copied().unwrap_or(0.0) - shrink) / (1.0 - RHO)).collect()
}

/// Area of the true log-odds on the rows that were made.
pub(crate) fn area_of_gaussian_truth(table: &Table, outcomes: &Outcomes) -> f64 {
    area_of_score(&gaussian_truth_of(&APART, table.columns()), table, outcomes)
}

/// Area of the true score on the rows that were made.
pub(crate) fn area_of_logistic_truth(table: &Table, outcomes: &Outcomes) -> f64 {
    area_of_score(&SLOPES, table, outcomes)
}

fn area_of_score(slopes: &[f64], table: &Table, outcomes: &Outcomes) -> f64 {
    let score =
        |row: usize| slopes.iter().enumerate().map(|(i, slope)| slope * table.at(row, i)).sum::<f64>();
    let rows = (0..table.rows()).map(|row| vec![0.0, score(row)]).collect();
    area(&Predictions::Probabilities(rows), outcomes).value
}

/// Classes of a logistic model on independent normal columns, and the area of its true score.
pub(crate) fn logistic(rows: usize, seed: u64) -> (Table, Outcomes, f64) {
    const BASE: f64 = -1.0;
    let mut draws = Draws::new(seed);
    let (mut made, mut of) = (Vec::new(), Vec::new());
    for _ in 0..rows {
        let row: Vec<f64> = SLOPES.iter().map(|_| draws.normal()).collect();
        let score: f64 = BASE + row.iter().zip(SLOPES).map(|(x, slope)| x * slope).sum::<f64>();
        of.push(usize::from(draws.uniform() < 1.0 / (1.0 + (-score).exp())));
        made.push(row);
    }
    // The score is normal; over its values, how much of either class lies there.
    let spread = SLOPES.iter().map(|slope| slope * slope).sum::<f64>().sqrt();
    let (mut with, mut without, mut area) = (0.0, 0.0, 0.0);
    for step in -8000..=8000 {
        let z = f64::from(step) / 1000.0;
        let density = (-z * z / 2.0).exp();
        let risk = 1.0 / (1.0 + (-(BASE + spread * z)).exp());
        area += density * risk * (without + density * (1.0 - risk) / 2.0);
        with += density * risk;
        without += density * (1.0 - risk);
    }
    (table(&made), classes(2, of), area / (with * without))
}

/// The normal distribution function, by Simpson's rule from 0.
pub(crate) fn normal_below(x: f64) -> f64 {
    let density = |z: f64| (-z * z / 2.0).exp() / std::f64::consts::TAU.sqrt();
    let steps = 2000;
    let width = x / f64::from(steps);
    let weight = |i: i32| if i == 0 || i == steps { 1.0 } else { f64::from(2 + 2 * (i % 2)) };
    0.5 + (0..=steps).map(|i| weight(i) * density(width * f64::from(i))).sum::<f64>() * width / 3.0
}

#[test]
fn the_ceilings_are_right() {
    assert!((normal_below(1.959_963_984_540_054) - 0.975).abs() < 1e-12);
    // 200,000 rows rated by the truth: standard error 0.001.
    let (table, outcomes, ceiling) = logistic(200_000, 1);
    let found = area_of_logistic_truth(&table, &outcomes);
    assert!((found - ceiling).abs() < 0.003, "{found} {ceiling}");
    let (table, outcomes, ceiling) = gaussian(100_000, 10, 1);
    let found = area_of_gaussian_truth(&table, &outcomes);
    assert!((found - ceiling).abs() < 0.005, "{found} {ceiling}");
}
