//! Brier's score and its parts.

use crate::calibration::forecasts::Forecasts;
use crate::calibration::reliability::places;
use crate::error::StatisticsError;
use crate::interval::{Estimate, Level};
use crate::sample::Moments;
use serde::{Deserialize, Serialize};

/// Brier's score: the mean squared difference of probabilities and outcomes (Brier 1950, Mon Weather Rev 78:1), and the parts that Murphy 1973 (J Appl
/// Meteorol 12:595) finds in it: score = reliability − resolution + uncertainty + within.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Brier {
    /// The score, 0 at best, with its t interval.
    pub score: Estimate,
    /// 1 − score / uncertainty: 1 at best, 0 of the prevalence as everyone's probability, below 0 of what is worse than that.
    pub scaled: f64,
    /// Squared distance of predicted and observed fractions of bins: 0 at best.
    pub reliability: f64,
    /// Squared distance of observed fractions of bins from the prevalence: the more the better.
    pub resolution: f64,
    /// Variance of the outcomes: the score of the prevalence as everyone's probability.
    pub uncertainty: f64,
    /// Left by probabilities that differ within a bin (Stephenson et al. 2008, Weather Forecast 23:752); 0 where none do.
    pub within: f64,
}

/// Brier's score, its parts in bins between quantiles of the probabilities.
///
/// # Errors
/// Range of a number of bins outside 1 to the number of cases.
pub fn brier(forecasts: &Forecasts, bins: usize, level: Level) -> Result<Brier, StatisticsError> {
    let places = places(forecasts, bins)?;
    let outcomes: Vec<f64> = forecasts.outcomes().collect();
    let squares: Vec<f64> =
        forecasts.probabilities().iter().zip(&outcomes).map(|(p, y)| (p - y).powi(2)).collect();
    let score = Moments::of(&squares)?.estimate(1.0, level);
    let (n, prevalence) = (forecasts.n() as f64, forecasts.prevalence());
    let mut sums = vec![(0.0, 0.0, 0.0); bins];
    for ((p, y), place) in forecasts.probabilities().iter().zip(&outcomes).zip(places) {
        let sum = &mut sums[place];
        *sum = (sum.0 + p, sum.1 + y, sum.2 + 1.0);
    }
    let filled = || sums.iter().filter(|sum| sum.2 > 0.0);
    let reliability = filled().map(|(p, y, k)| k * (p / k - y / k).powi(2)).sum::<f64>() / n;
    let resolution = filled().map(|(_, y, k)| k * (y / k - prevalence).powi(2)).sum::<f64>() / n;
    let uncertainty = prevalence * (1.0 - prevalence);
    Ok(Brier {
        score,
        scaled: 1.0 - score.value / uncertainty,
        reliability,
        resolution,
        uncertainty,
        within: score.value - (reliability - resolution + uncertainty),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near};

    #[test]
    fn the_score_is_that_of_scikit_learn_and_its_parts_those_of_numpy() {
        let cases = cases(1, 80);
        let found =
            brier(&Forecasts::new(&cases.p, &cases.diseased).unwrap(), 10, Level::NINETY_FIVE).unwrap();
        near(found.score.value, 0.200011625000000);
        near(found.scaled, 0.197948370927318);
        near(found.reliability, 0.045541865625000);
        near(found.resolution, 0.093125000000000);
        near(found.uncertainty, 0.249375000000000);
        // Of variances and covariances within bins, as Stephenson et al. have it.
        near(found.within, -0.001780240625000);
    }

    #[test]
    fn the_prevalence_as_everyone_s_probability_scores_its_variance() {
        let happened = [true, false, false, false];
        let happened = [happened, happened].concat();
        let found = brier(&Forecasts::new(&[0.25; 8], &happened).unwrap(), 4, Level::NINETY_FIVE).unwrap();
        assert_eq!((found.score.value, found.scaled, found.uncertainty), (0.1875, 0.0, 0.1875));
        assert_eq!((found.reliability, found.resolution, found.within), (0.0, 0.0, 0.0));
        let certain = Forecasts::new(&[1.0, 0.0, 1.0, 0.0], &[true, false, true, false]).unwrap();
        let found = brier(&certain, 2, Level::NINETY_FIVE).unwrap();
        assert_eq!((found.score.value, found.scaled, found.resolution), (0.0, 1.0, 0.25));
    }
}
