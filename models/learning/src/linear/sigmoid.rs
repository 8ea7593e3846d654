//! The logistic function and its relatives, without overflow.

/// 1 / (1 + e^-x).
pub(crate) fn sigmoid(x: f64) -> f64 {
    if x >= 0.0 {
        1.0 / (1.0 + (-x).exp())
    } else {
        let e = x.exp();
        e / (1.0 + e)
    }
}

/// ln(1 + e^x).
pub(crate) fn softplus(x: f64) -> f64 {
    x.max(0.0) + (-x.abs()).exp().ln_1p()
}

/// e^x over the sum of all e^x.
pub(crate) fn softmax(scores: &[f64]) -> Vec<f64> {
    let most = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let parts: Vec<f64> = scores.iter().map(|score| (score - most).exp()).collect();
    let sum: f64 = parts.iter().sum();
    parts.iter().map(|part| part / sum).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn large_scores_overflow_nowhere() {
        assert_eq!((sigmoid(-800.0), sigmoid(800.0), sigmoid(0.0)), (0.0, 1.0, 0.5));
        assert_eq!((softplus(-800.0), softplus(800.0), softplus(0.0)), (0.0, 800.0, 2f64.ln()));
        assert_eq!(softmax(&[1e308, 0.0]), [1.0, 0.0]);
        assert!((sigmoid(-40.0) / (-40f64).exp() - 1.0).abs() < 1e-15);
    }
}
