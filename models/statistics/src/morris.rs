//! Elementary effects: a cheap look at which factors matter at all.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Level};
use crate::sample::{Moments, Sample, largest};
use serde::{Deserialize, Serialize};

/// What the elementary effects of one factor say, in the unit of the output per unit of the factor's step.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ElementaryEffects {
    /// μ: mean effect with its t interval.
    pub mu: Estimate,
    /// μ*: mean size of the effects with its t interval, which begins at 0 at the lowest. It does not cancel where the effect changes sign.
    pub mu_star: Estimate,
    /// σ: standard deviation of the effects (divisor n − 1), large where the effect is not linear or depends on other factors; `None` of
    /// one effect.
    pub sigma: Option<f64>,
    /// Missing effects (NaN), which are left out.
    pub left_out: usize,
}

/// Morris' measures of one factor (Morris 1991, Technometrics 33:161; μ* of Campolongo et al. 2007, Environ Model Softw 22:1509) from its
/// effects, one of each trajectory: change of the output over change of the factor. The intervals suppose independent trajectories; with the usual ten
/// or so, that of μ* is a rough one.
///
/// # Errors
/// Too few where no effect is there; too large where one is infinite.
pub fn elementary_effects(effects: &[f64], level: Level) -> Result<ElementaryEffects, StatisticsError> {
    let sample = Sample::of(effects)?.with_at_least(1, "effects")?;
    let largest = largest(&sample.values);
    let moments = Moments::of(&sample.values)?;
    let sizes: Vec<f64> = sample.values.iter().map(|effect| effect.abs()).collect();
    let mut mu_star = Moments::of(&sizes)?.estimate(largest, level);
    if let Some(interval) = &mut mu_star.interval {
        interval.low = interval.low.max(0.0);
    }
    Ok(ElementaryEffects {
        mu: moments.estimate(largest, level),
        mu_star,
        sigma: moments.standard_deviation,
        left_out: sample.left_out,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_linear_effect_has_no_spread() {
        let found = elementary_effects(&[2.0; 10], Level::NINETY_FIVE).unwrap();
        assert_eq!((found.mu.value, found.mu_star.value, found.sigma), (2.0, 2.0, Some(0.0)));
        assert_eq!(found.mu.interval, None);
    }

    #[test]
    fn effects_of_both_signs_cancel_in_the_mean_and_not_in_its_size() {
        let found = elementary_effects(&[-3.0, 3.0, f64::NAN, -1.0, 1.0], Level::NINETY_FIVE).unwrap();
        assert_eq!((found.mu.value, found.mu_star.value, found.left_out), (0.0, 2.0, 1));
        assert!((found.sigma.unwrap().powi(2) - 20.0 / 3.0).abs() < 1e-14);
        // t of 3 degrees of freedom is 3.182446; the sizes have a standard deviation of sqrt(4/3).
        let half = 3.182446305284263 * (4.0f64 / 3.0).sqrt() / 2.0;
        let interval = found.mu_star.interval.unwrap();
        assert!((interval.low - (2.0 - half)).abs() < 1e-12 && (interval.high - (2.0 + half)).abs() < 1e-12);
        let wide = elementary_effects(&[0.0, 3.0, 0.0], Level::NINETY_FIVE).unwrap();
        assert_eq!(wide.mu_star.interval.unwrap().low, 0.0);
        assert!(wide.mu.interval.unwrap().low < 0.0);
    }

    #[test]
    fn one_effect_is_known_without_its_spread_and_none_is_an_error() {
        let one = elementary_effects(&[-1.5], Level::NINETY_FIVE).unwrap();
        assert_eq!((one.mu.value, one.mu_star.value, one.sigma, one.mu.interval), (-1.5, 1.5, None, None));
        let none = elementary_effects(&[f64::NAN], Level::NINETY_FIVE);
        assert!(matches!(none, Err(StatisticsError::TooFew { needed: 1, found: 0, .. })));
    }
}
