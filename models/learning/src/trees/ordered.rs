//! Thresholds between ordered classes, given one score a row (cumulative logits).

/// Iterations of one refinement at most.
const ITERATIONS: usize = 20;
/// Change of the mean log-likelihood below which thresholds are good enough.
const SETTLED: f64 = 1e-12;

/// The logistic function, without overflow.
pub(super) fn logistic(value: f64) -> f64 {
    if value >= 0.0 {
        1.0 / (1.0 + (-value).exp())
    } else {
        let e = value.exp();
        e / (1.0 + e)
    }
}

/// log(1 + exp(x)), without overflow.
pub(super) fn log_one_plus_exp(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// Minus the log-likelihood of a class: P(class ≤ k) is the logistic of threshold k − score.
///
/// By log(σ(b) − σ(a)) = log σ(b) + log σ(−a) + log(1 − exp(a − b)), which loses no digits where both are near 1.
pub(super) fn loss(thresholds: &[f64], score: f64, class: usize) -> f64 {
    let upper = thresholds.get(class).map(|threshold| threshold - score);
    let lower = class.checked_sub(1).map(|below| thresholds[below] - score);
    let mut loss = 0.0;
    if let Some(b) = upper {
        loss += log_one_plus_exp(-b);
    }
    if let Some(a) = lower {
        loss += log_one_plus_exp(a);
    }
    if let (Some(a), Some(b)) = (lower, upper) {
        loss -= (-(a - b).exp_m1()).ln();
    }
    loss
}

/// First and second derivative of the loss by the score.
pub(super) fn derivatives(thresholds: &[f64], score: f64, class: usize) -> [f64; 2] {
    let upper = thresholds.get(class).map_or(1.0, |threshold| logistic(threshold - score));
    let lower = class.checked_sub(1).map_or(0.0, |below| logistic(thresholds[below] - score));
    [1.0 - lower - upper, lower * (1.0 - lower) + upper * (1.0 - upper)]
}

/// Probability of each class, one more than thresholds.
pub(super) fn probabilities(thresholds: &[f64], score: f64) -> Vec<f64> {
    let mut below = 0.0;
    let mut found: Vec<f64> = thresholds
        .iter()
        .map(|threshold| {
            let up_to = logistic(threshold - score);
            let alone = up_to - below;
            below = up_to;
            alone
        })
        .collect();
    found.push(1.0 - below);
    found
}

/// Thresholds that fit classes of which these are the parts, all with score 0.
pub(super) fn start(parts: &[f64]) -> Vec<f64> {
    let total: f64 = parts.iter().sum();
    let mut up_to = 0.0;
    let mut thresholds = Vec::with_capacity(parts.len().saturating_sub(1));
    for part in &parts[..parts.len().saturating_sub(1)] {
        up_to += part;
        thresholds.push((up_to / (total - up_to)).ln());
    }
    thresholds
}

/// One row or a part of one, for the fit of thresholds.
#[derive(Debug, Clone, Copy)]
pub(super) struct Row {
    /// Its score.
    pub(super) score: f64,
    /// Its class.
    pub(super) class: usize,
    /// How much it counts.
    pub(super) weight: f64,
}

/// Moves thresholds to the greatest likelihood given the scores, by Newton's method with halved steps; the likelihood is concave in them.
pub(super) fn refine(thresholds: &mut [f64], rows: &[Row]) {
    let total = |thresholds: &[f64]| -> f64 {
        rows.iter().map(|row| row.weight * loss(thresholds, row.score, row.class)).sum()
    };
    let weight: f64 = rows.iter().map(|row| row.weight).sum();
    let mut now = total(thresholds);
    for _ in 0..ITERATIONS {
        let step = newton_step(thresholds, rows);
        let mut part = 1.0;
        let better = loop {
            let tried: Vec<f64> = thresholds.iter().zip(&step).map(|(at, step)| at + part * step).collect();
            let loss = if tried.is_sorted_by(|a, b| a < b) { total(&tried) } else { f64::INFINITY };
            if loss < now {
                break Some((tried, loss));
            }
            part /= 2.0;
            if part < 1e-3 {
                break None;
            }
        };
        let Some((tried, loss)) = better else { return };
        let gained = now - loss;
        thresholds.copy_from_slice(&tried);
        now = loss;
        if gained <= SETTLED * weight {
            return;
        }
    }
}

/// Solves H step = −g for the tridiagonal second derivatives H of the loss by the thresholds.
fn newton_step(thresholds: &[f64], rows: &[Row]) -> Vec<f64> {
    let count = thresholds.len();
    let (mut gradient, mut diagonal, mut beside) = (vec![0.0; count], vec![0.0; count], vec![0.0; count]);
    for row in rows {
        let (lower, upper) = (row.class.checked_sub(1), row.class);
        if upper < count {
            let b = logistic(thresholds[upper] - row.score);
            gradient[upper] -= row.weight * (1.0 - b);
            diagonal[upper] += row.weight * b * (1.0 - b);
        }
        if let Some(lower) = lower {
            let a = logistic(thresholds[lower] - row.score);
            gradient[lower] += row.weight * a;
            diagonal[lower] += row.weight * a * (1.0 - a);
            if upper < count {
                let r = 1.0 / (thresholds[upper] - thresholds[lower]).exp_m1();
                gradient[upper] -= row.weight * r;
                gradient[lower] += row.weight * r;
                let mixed = row.weight * r * (1.0 + r);
                diagonal[upper] += mixed;
                diagonal[lower] += mixed;
                beside[lower] -= mixed;
            }
        }
    }
    // Thomas' algorithm; the matrix is positive definite but for rounding.
    let mut step: Vec<f64> = gradient.iter().map(|gradient| -gradient).collect();
    for at in 0..count {
        diagonal[at] = diagonal[at].max(1e-12);
        if at + 1 < count {
            let factor = beside[at] / diagonal[at];
            diagonal[at + 1] -= factor * beside[at];
            step[at + 1] -= factor * step[at];
        }
    }
    for at in (0..count).rev() {
        let next = if at + 1 < count { beside[at] * step[at + 1] } else { 0.0 };
        step[at] = (step[at] - next) / diagonal[at];
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_are_those_of_the_loss() {
        let thresholds = [-1.0, 0.5, 2.5];
        for class in 0..4 {
            for score in [-3.0, 0.0, 0.7, 4.0] {
                let h = 1e-4;
                let at = |score| loss(&thresholds, score, class);
                let [first, second] = derivatives(&thresholds, score, class);
                assert!((first - (at(score + h) - at(score - h)) / (2.0 * h)).abs() < 1e-7);
                let curved = (at(score + h) - 2.0 * at(score) + at(score - h)) / (h * h);
                assert!((second - curved).abs() < 1e-6);
                let p = probabilities(&thresholds, score)[class];
                assert!((-p.ln() - at(score)).abs() < 1e-12);
            }
        }
        assert!(loss(&thresholds, 800.0, 0) > 700.0 && loss(&thresholds, 800.0, 0).is_finite());
    }

    #[test]
    fn thresholds_of_equal_scores_are_those_of_the_frequencies() {
        let counts = [10.0, 30.0, 5.0, 55.0];
        let rows: Vec<Row> =
            counts.iter().enumerate().map(|(class, &weight)| Row { score: 0.3, class, weight }).collect();
        let mut found = vec![-0.1, 0.0, 0.1];
        refine(&mut found, &rows);
        for (found, start) in found.iter().zip(start(&counts)) {
            assert!((found - 0.3 - start).abs() < 1e-6, "{found} {start}");
        }
    }

    #[test]
    fn thresholds_are_those_of_a_cumulative_model() {
        let scores = [-1.0, -0.5, 0.0, 0.2, 0.5, 0.9, 1.3, 2.0];
        let classes = [0, 1, 0, 1, 2, 1, 2, 2];
        let rows: Vec<Row> =
            scores.iter().zip(classes).map(|(&score, class)| Row { score, class, weight: 1.0 }).collect();
        let mut found = vec![-1.0, 1.0];
        refine(&mut found, &rows);
        // R 4.2.2, ordinal 2022.11.16: clm(y ~ offset(s))$alpha.
        for (found, expected) in found.iter().zip([-0.957566977520939, 1.078604107526548]) {
            assert!((found - expected).abs() < 1e-6, "{found} instead of {expected}");
        }
    }
}
