//! How muscles share moments: the least sum of powers of what they do.
//!
//! Least `sum |x_i|^p` such that `A x = b` and `l <= x <= u`, with `p > 1`. The problem is strictly convex, so that its answer is one. There
//! are many more unknowns than equations, and each unknown follows from the multipliers of these in closed form: where `s = A' k`, it is
//! `sign(s) (|s|/p)^(1/(p-1))`, held within its bounds. What remains is to find the few multipliers `k` at which `A x(k) = b`, the least of a
//! convex function with a continuous slope (the dual problem; Boyd and Vandenberghe, Convex Optimization, section 5.5). Newton's method
//! does it, with the slopes of `x` that hold where it stands (Qi and Sun 1993, Math Program 58:353) and, along each step, the best place.
//! For `p = 2` all is linear but for the bounds, and the answer is exact once it is known which of them hold. From the multipliers of one
//! frame to those of the next it is mostly one or two steps.
//!
//! Moments that cannot be met have multipliers without end. Then those are taken that miss them by the least squares, as far as that
//! is settled by a very small price on the multipliers, and what is missing is said.

use super::cholesky::Cholesky;
use super::columns::{Columns, dot};

/// Rounds before moments count as out of reach.
const ROUNDS: usize = 200;
/// Moments count as met within this share of the largest, over the reach of what acts on their coordinate.
const SETTLED: f64 = 1e-12;
/// Multipliers, in the units of rows of length one, beyond which moments count as out of reach.
const ENDLESS: f64 = 1e9;
/// Price on the multipliers of moments that cannot be met.
const PRICE: f64 = 1e-7;
/// What is added to the diagonal of Newton's matrix, over its greatest element: at first, least and most.
const DAMPING: [f64; 3] = [1e-10, 1e-15, 1.0];
/// Where a slope has no end or none at zero, it is taken so far from there.
const NEAR_ZERO: f64 = 1e-5;
/// Places along a step that are looked at, and the share of the slope at its beginning that may be left.
const LINE_ROUNDS: usize = 30;
const LINE_SETTLED: f64 = 1e-3;

/// What is asked of all that acts.
#[derive(Debug, Clone, Copy)]
pub struct Demand<'a> {
    /// For each that acts, one after the other, what a control of one does on each coordinate.
    pub effects: &'a [f64],
    /// Least and greatest control of each.
    pub bounds: &'a [[f64; 2]],
    /// What is needed on each coordinate.
    pub moments: &'a [f64],
}

/// How it came out.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Outcome {
    /// Newton steps.
    pub rounds: usize,
    /// Whether the moments are met.
    pub is_met: bool,
    /// What they are missed by at most, in their unit. All other conditions of the optimum hold by construction.
    pub residual: f64,
    /// The sum of powers.
    pub cost: f64,
}

/// The solver: keeps the multipliers of the last problem, where it begins, and room for the work.
#[derive(Debug, Clone)]
pub struct Sharing {
    exponent: f64,
    multipliers: Vec<f64>,
    /// Of each coordinate one over the reach of all that acts on it.
    scale: Vec<f64>,
    /// Effects over the reach, and moments.
    effects: Columns,
    moments: Vec<f64>,
    /// Of each that acts its price, and how that changes along a step.
    price: Vec<f64>,
    price_rate: Vec<f64>,
    gradient: Vec<f64>,
    step: Vec<f64>,
    newton: Cholesky,
}

/// An exponent that shares nothing.
#[derive(Debug, Clone, Copy, PartialEq, thiserror::Error)]
#[error("the exponent of static optimisation is {0}; it must be greater than 1 and at most 100")]
pub struct ExponentError(pub f64);

impl Sharing {
    /// For an exponent greater than one.
    ///
    /// # Errors
    /// Where it is not.
    pub fn new(exponent: f64) -> Result<Sharing, ExponentError> {
        if !(exponent > 1.0 && exponent <= 100.0) {
            return Err(ExponentError(exponent));
        }
        Ok(Sharing {
            exponent,
            multipliers: Vec::new(),
            scale: Vec::new(),
            effects: Columns::default(),
            moments: Vec::new(),
            price: Vec::new(),
            price_rate: Vec::new(),
            gradient: Vec::new(),
            step: Vec::new(),
            newton: Cholesky::default(),
        })
    }

    /// Forgets the last problem.
    pub fn restart(&mut self) {
        self.multipliers.clear();
    }

    /// Solves a problem; the controls are written to `controls`.
    ///
    /// # Panics
    /// Where the sizes of the demand and of `controls` are not of one problem.
    pub fn solve(&mut self, demand: &Demand<'_>, controls: &mut [f64]) -> Outcome {
        let rows = demand.moments.len();
        assert_eq!(demand.bounds.len(), controls.len(), "one control within bounds for each that acts");
        assert_eq!(demand.effects.len(), rows * controls.len(), "one effect of each on each coordinate");
        self.prepare(demand);
        let mut rounds = self.descend(demand, 0.0, controls);
        let is_met = self.is_met(0.0);
        if !is_met {
            self.multipliers.fill(0.0);
            rounds += self.descend(demand, PRICE, controls);
        }
        let residual = self.excess().map(f64::abs);
        let outcome = Outcome {
            rounds,
            is_met,
            residual: residual.fold(0.0, |most, off| if off > most || off.is_nan() { off } else { most }),
            cost: controls.iter().map(|x| x.abs().powf(self.exponent)).sum(),
        };
        if !is_met {
            // What was out of reach is no place to begin from.
            self.multipliers.fill(0.0);
        }
        outcome
    }

    /// What a solution misses on each coordinate: what it does less what is needed, in the unit of the moments.
    pub fn excess(&self) -> impl Iterator<Item = f64> {
        self.gradient.iter().zip(&self.scale).map(|(g, scale)| g / scale)
    }

    fn prepare(&mut self, demand: &Demand<'_>) {
        let rows = demand.moments.len();
        if self.multipliers.len() != rows {
            self.multipliers.clear();
            self.multipliers.resize(rows, 0.0);
            self.scale.clear();
        }
        // Multipliers are kept in the unit of rows of length one: those of the last problem are turned into those of this one.
        let old = std::mem::take(&mut self.scale);
        self.scale.resize(rows, 0.0);
        for column in demand.effects.chunks_exact(rows.max(1)) {
            for (sum, effect) in self.scale.iter_mut().zip(column) {
                *sum += effect * effect;
            }
        }
        for scale in &mut self.scale {
            *scale = if *scale > 0.0 { scale.sqrt().recip() } else { 1.0 };
        }
        for ((multiplier, old), new) in self.multipliers.iter_mut().zip(&old).zip(&self.scale) {
            *multiplier *= old / new;
        }
        self.effects.clear();
        for n in 0..demand.bounds.len() {
            let column = &demand.effects[n * rows..(n + 1) * rows];
            self.effects.push(column.iter().zip(&self.scale).map(|(effect, scale)| effect * scale));
        }
        self.moments.clear();
        self.moments.extend(demand.moments.iter().zip(&self.scale).map(|(moment, scale)| moment * scale));
        self.price.resize(demand.bounds.len(), 0.0);
        self.price_rate.resize(demand.bounds.len(), 0.0);
        self.gradient.resize(rows, 0.0);
        self.step.resize(rows, 0.0);
    }

    /// Whether all moments are met, but for the price on multipliers.
    fn is_met(&self, price: f64) -> bool {
        let most = self.moments.iter().fold(1e-3, |most, moment: &f64| moment.abs().max(most));
        self.gradient.iter().zip(&self.multipliers).all(|(g, k)| (g + price * k).abs() <= SETTLED * most)
    }

    /// Newton's method from the multipliers that are there.
    fn descend(&mut self, demand: &Demand<'_>, price: f64, controls: &mut [f64]) -> usize {
        let rows = self.moments.len();
        let mut damping = DAMPING[0];
        for round in 0..ROUNDS {
            self.look(demand, controls);
            let is_endless = self.multipliers.iter().any(|k| k.is_nan() || k.abs() > ENDLESS);
            if self.is_met(price) || is_endless {
                return round;
            }
            self.newton.clear(rows);
            for (column, (control, bounds)) in self.effects.iter().zip(controls.iter().zip(demand.bounds)) {
                if *control > bounds[0] && *control < bounds[1] {
                    self.newton.add(column, slope(self.exponent, *control));
                }
            }
            self.newton.damp(damping, price);
            self.newton.factorise();
            for ((step, g), k) in self.step.iter_mut().zip(&self.gradient).zip(&self.multipliers) {
                *step = -(g + price * k);
            }
            self.newton.solve(&mut self.step);
            let far = self.best_along(demand, price);
            for (multiplier, step) in self.multipliers.iter_mut().zip(&self.step) {
                *multiplier += far * step;
            }
            // Steps that lead too far say that the matrix knows too little of what lies ahead.
            damping = if far < 0.1 { damping * 30.0 } else { damping * 0.1 }.clamp(DAMPING[1], DAMPING[2]);
        }
        self.look(demand, controls);
        ROUNDS
    }

    /// Controls and the gradient at the multipliers that are there.
    fn look(&mut self, demand: &Demand<'_>, controls: &mut [f64]) {
        for (gradient, moment) in self.gradient.iter_mut().zip(&self.moments) {
            *gradient = -moment;
        }
        let of_each = controls.iter_mut().zip(&mut self.price).zip(demand.bounds);
        for (column, ((control, price), bounds)) in self.effects.iter().zip(of_each) {
            *price = dot(column, &self.multipliers);
            *control = answer(self.exponent, *price, *bounds);
            for (row, effect) in column {
                self.gradient[*row] += effect * *control;
            }
        }
    }

    /// The best place along a step: where the slope along it vanishes.
    fn best_along(&mut self, demand: &Demand<'_>, price: f64) -> f64 {
        for (rate, column) in self.price_rate.iter_mut().zip(self.effects.iter()) {
            *rate = dot(column, &self.step);
        }
        let fixed: f64 = self.moments.iter().zip(&self.step).map(|(moment, step)| moment * step).sum();
        let leaning: f64 = self.multipliers.iter().zip(&self.step).map(|(k, step)| k * step).sum();
        let length: f64 = self.step.iter().map(|step| step * step).sum();
        let along = |t: f64| {
            let mut sum = price * (leaning + t * length) - fixed;
            for ((start, rate), bounds) in self.price.iter().zip(&self.price_rate).zip(demand.bounds) {
                sum += rate * answer(self.exponent, start + t * rate, *bounds);
            }
            sum
        };
        let begin = along(0.0);
        let enough = LINE_SETTLED * begin.abs();
        let (mut low, mut low_slope) = (0.0, begin);
        let (mut high, mut high_slope) = (1.0, along(1.0));
        // Forward, while it still falls.
        while high_slope < -enough && high < 1e6 {
            (low, low_slope) = (high, high_slope);
            high *= 4.0;
            high_slope = along(high);
        }
        if high_slope.abs() <= enough || high_slope < 0.0 {
            return high;
        }
        for round in 0..LINE_ROUNDS {
            let even = low - low_slope * (high - low) / (high_slope - low_slope);
            let t = if round % 2 == 1 || !(even > low && even < high) { 0.5 * (low + high) } else { even };
            let slope = along(t);
            if slope.abs() <= enough {
                return t;
            }
            if slope < 0.0 {
                (low, low_slope) = (t, slope);
            } else {
                (high, high_slope) = (t, slope);
            }
        }
        // The side from which it still falls, unless that is where it began.
        if low > 0.0 { low } else { high }
    }
}

/// The control that is worth its price most.
fn answer(exponent: f64, price: f64, [least, most]: [f64; 2]) -> f64 {
    let free = if exponent == 2.0 {
        0.5 * price
    } else {
        (price.abs() / exponent).powf((exponent - 1.0).recip()).copysign(price)
    };
    free.max(least).min(most)
}

/// How fast a control follows its price.
fn slope(exponent: f64, control: f64) -> f64 {
    if exponent == 2.0 {
        return 0.5;
    }
    control.abs().max(NEAR_ZERO).powf(2.0 - exponent) / (exponent * (exponent - 1.0))
}

#[cfg(test)]
mod tests;
