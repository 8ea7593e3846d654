//! The mean negative log-likelihood of ordered classes with proportional odds (McCullagh 1980, J R Stat Soc B 42:109):
//! logit P(class <= k) = threshold k - predictor.

use super::gram::gram;
use super::loss::Loss;
use super::sigmoid::{sigmoid, softplus};
use crate::design::Design;

/// Parameters: thresholds in ascending order, slopes.
pub(crate) struct Cumulative<'a> {
    pub(crate) design: &'a Design,
    /// How many classes there are; each has a row.
    pub(crate) count: usize,
    /// Class of each row.
    pub(crate) classes: &'a [usize],
}

/// Derivatives of the loss of one row by the ends of its class; zero by an end that has no threshold.
#[derive(Default, Clone, Copy)]
struct Row {
    /// By the upper and by the lower end.
    upper: f64,
    lower: f64,
    /// Twice, of the part of an end by itself.
    upper_bend: f64,
    lower_bend: f64,
    /// Twice, of the part of the width of the class, which moves with one end against the other.
    width_bend: f64,
}

impl Cumulative<'_> {
    fn thresholds(&self) -> usize {
        self.count - 1
    }

    /// Ends of the class of each row, less its predictor; infinite beyond the outer classes.
    fn ends(&self, at: &[f64]) -> Vec<(f64, f64)> {
        let (thresholds, slopes) = at.split_at(self.thresholds());
        let predictor = self.design.predictor(0.0, slopes);
        let one = |(class, score): (&usize, &f64)| {
            let upper = thresholds.get(*class).map_or(f64::INFINITY, |end| end - score);
            let lower = class.checked_sub(1).map_or(f64::NEG_INFINITY, |k| thresholds[k] - score);
            (upper, lower)
        };
        self.classes.iter().zip(&predictor).map(one).collect()
    }

    fn rows(&self, at: &[f64]) -> Vec<Row> {
        self.ends(at).into_iter().map(Row::of).collect()
    }
}

impl Row {
    fn of((upper, lower): (f64, f64)) -> Row {
        let bend = |end: f64| if end.is_finite() { sigmoid(end) * sigmoid(-end) } else { 0.0 };
        let has_width = upper.is_finite() && lower.is_finite();
        let q = if has_width { 1.0 / (upper - lower).exp_m1() } else { 0.0 };
        Row {
            upper: if upper.is_finite() { -sigmoid(-upper) - q } else { 0.0 },
            lower: if lower.is_finite() { sigmoid(lower) + q } else { 0.0 },
            upper_bend: bend(upper),
            lower_bend: bend(lower),
            width_bend: q * (1.0 + q),
        }
    }

    /// By the predictor, which moves both ends down and leaves the width.
    fn by_predictor((upper, lower): (f64, f64)) -> f64 {
        let from_upper = if upper.is_finite() { sigmoid(-upper) } else { 0.0 };
        let from_lower = if lower.is_finite() { sigmoid(lower) } else { 0.0 };
        from_upper - from_lower
    }

    /// Twice by the predictor and a threshold, for a row of a class.
    fn with_predictor(&self, class: usize, threshold: usize) -> f64 {
        match () {
            () if class == threshold => -self.upper_bend,
            () if class == threshold + 1 => -self.lower_bend,
            () => 0.0,
        }
    }

    /// Twice by two thresholds, for a row of a class.
    fn between(&self, class: usize, one: usize, other: usize) -> f64 {
        let is_end = |threshold: usize| threshold == class || threshold + 1 == class;
        match () {
            () if !is_end(one) || !is_end(other) => 0.0,
            () if one != other => -self.width_bend,
            () if one == class => self.upper_bend + self.width_bend,
            () => self.lower_bend + self.width_bend,
        }
    }
}

impl Loss for Cumulative<'_> {
    fn start(&self) -> Vec<f64> {
        let mut counts = vec![0.0; self.count];
        self.classes.iter().for_each(|class| counts[*class] += 1.0);
        let mut below = 0.0;
        let threshold = |count: &f64| {
            below += count;
            (below / (self.classes.len() as f64 - below)).ln()
        };
        let mut start: Vec<f64> = counts[..self.thresholds()].iter().map(threshold).collect();
        start.resize(self.thresholds() + self.design.columns.len(), 0.0);
        start
    }

    fn is_slope(&self, parameter: usize) -> bool {
        parameter >= self.thresholds()
    }

    fn value(&self, at: &[f64]) -> f64 {
        // sigmoid(a) - sigmoid(b) = sigmoid(a) sigmoid(-b) (1 - e^(b - a)).
        let one = |(upper, lower): (f64, f64)| {
            if upper <= lower {
                return f64::INFINITY;
            }
            let width =
                if upper.is_finite() && lower.is_finite() { -(-(lower - upper).exp_m1()).ln() } else { 0.0 };
            let ends = [(-upper, upper.is_finite()), (lower, lower.is_finite())];
            width + ends.iter().filter(|(_, is)| *is).map(|(end, _)| softplus(*end)).sum::<f64>()
        };
        self.ends(at).into_iter().map(one).sum::<f64>() / self.design.rows as f64
    }

    fn gradient(&self, at: &[f64]) -> Vec<f64> {
        let ends = self.ends(at);
        let mut found = vec![0.0; self.thresholds()];
        for (class, ends) in self.classes.iter().zip(&ends) {
            let row = Row::of(*ends);
            if let Some(upper) = found.get_mut(*class) {
                *upper += row.upper;
            }
            if *class > 0 {
                found[class - 1] += row.lower;
            }
        }
        found.iter_mut().for_each(|sum| *sum /= self.design.rows as f64);
        let by: Vec<f64> = ends.iter().map(|ends| Row::by_predictor(*ends)).collect();
        found.extend(self.design.means_of_products(&by));
        found
    }

    fn curvature(&self, at: &[f64], of: &[usize]) -> Vec<f64> {
        let (n, first) = (of.len(), self.thresholds());
        let rows = self.rows(at);
        let mut found = vec![0.0; n * n];
        let slopes: Vec<usize> = (0..n).filter(|&place| of[place] >= first).collect();
        let columns: Vec<usize> = slopes.iter().map(|&place| of[place] - first + 1).collect();
        let weights: Vec<f64> = rows.iter().map(|row| row.upper_bend + row.lower_bend).collect();
        let products = gram(self.design, &weights, &columns);
        for (i, &place) in slopes.iter().enumerate() {
            for (j, &other) in slopes.iter().enumerate() {
                found[place * n + other] = products[i * slopes.len() + j];
            }
        }
        for place in (0..n).filter(|&place| of[place] < first) {
            let threshold = of[place];
            // Derivative by the threshold, and by the predictor of each row.
            let both = self.classes.iter().zip(&rows);
            let with_predictor: Vec<f64> =
                both.clone().map(|(class, row)| row.with_predictor(*class, threshold)).collect();
            let with_slopes = self.design.means_of_products(&with_predictor);
            for &other in &slopes {
                found[place * n + other] = with_slopes[of[other] - first];
                found[other * n + place] = with_slopes[of[other] - first];
            }
            for other in (0..n).filter(|&other| of[other] < first) {
                let between = both.clone().map(|(class, row)| row.between(*class, threshold, of[other]));
                let sum: f64 = between.sum();
                found[place * n + other] = sum / self.design.rows as f64;
            }
        }
        found
    }

    fn reach(&self, step: &[f64]) -> f64 {
        let (thresholds, slopes) = step.split_at(self.thresholds());
        thresholds.iter().fold(self.design.reach(0.0, slopes), |most, by| most.max(by.abs()))
    }
}
