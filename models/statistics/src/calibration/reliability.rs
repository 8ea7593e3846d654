//! The reliability curve: how often the event happens where it is predicted to.

use crate::calibration::forecasts::Forecasts;
use crate::error::StatisticsError;
use crate::interval::{Estimate, Level};
use crate::proportion::proportion;
use crate::summary::of_sorted;
use serde::{Deserialize, Serialize};

/// Cases whose probabilities lie near each other.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ReliabilityBin {
    /// Mean of their probabilities.
    pub predicted: f64,
    /// Fraction of them with the event, with Wilson's interval; `n` is their number.
    pub observed: Estimate,
}

/// The reliability curve in bins between quantiles of the probabilities. Cases with equal probabilities stand in one bin; a bin without cases is
/// not given.
///
/// # Errors
/// Range of a number of bins outside 1 to the number of cases.
pub fn reliability(
    forecasts: &Forecasts,
    bins: usize,
    level: Level,
) -> Result<Vec<ReliabilityBin>, StatisticsError> {
    let places = places(forecasts, bins)?;
    let mut sums = vec![(0.0, 0, 0); bins];
    let cases = forecasts.probabilities().iter().zip(forecasts.happened());
    for ((p, is), place) in cases.zip(places) {
        let (predicted, events, n) = &mut sums[place];
        *predicted += p;
        *events += usize::from(*is);
        *n += 1;
    }
    let filled = sums.into_iter().filter(|bin| bin.2 > 0);
    filled
        .map(|(sum, events, n)| {
            Ok(ReliabilityBin { predicted: sum / n as f64, observed: proportion(events, n, level)? })
        })
        .collect()
}

/// The bin of each case: the number of inner borders below its probability.
///
/// # Errors
/// As [`reliability`].
pub(crate) fn places(forecasts: &Forecasts, bins: usize) -> Result<Vec<usize>, StatisticsError> {
    StatisticsError::within("the number of bins", 1.0, forecasts.n() as f64, bins as f64)?;
    let mut sorted = forecasts.probabilities().to_vec();
    sorted.sort_by(f64::total_cmp);
    let borders: Vec<f64> = (1..bins).map(|i| of_sorted(&sorted, i as f64 / bins as f64)).collect();
    Ok(forecasts.probabilities().iter().map(|p| borders.partition_point(|border| border < p)).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near};

    #[test]
    fn bins_are_those_of_scikit_learn() {
        let cases = cases(1, 80);
        let forecasts = Forecasts::new(&cases.p, &cases.diseased).unwrap();
        let found = reliability(&forecasts, 10, Level::NINETY_FIVE).unwrap();
        // calibration_curve(strategy = "quantile", n_bins = 10) of scikit-learn 1.9.1: mean prediction, fraction with the event.
        let expected = [
            (0.179375000000000, 0.125000000000000),
            (0.319875000000000, 0.000000000000000),
            (0.382625000000000, 0.375000000000000),
            (0.447125000000000, 0.750000000000000),
            (0.524625000000000, 0.250000000000000),
            (0.572125000000000, 0.375000000000000),
            (0.633375000000000, 0.750000000000000),
            (0.692875000000000, 0.375000000000000),
            (0.726125000000000, 0.750000000000000),
            (0.830125000000000, 1.000000000000000),
        ];
        assert_eq!(found.len(), expected.len());
        for (bin, (predicted, observed)) in found.iter().zip(expected) {
            near(bin.predicted, predicted);
            near(bin.observed.value, observed);
        }
        assert_eq!(found.iter().map(|bin| bin.observed.n).sum::<usize>(), 80);
    }

    #[test]
    fn equal_probabilities_stand_in_one_bin() {
        let forecasts = Forecasts::new(&[0.5; 6], &[true, false, true, false, true, true]).unwrap();
        let found = reliability(&forecasts, 3, Level::NINETY_FIVE).unwrap();
        assert_eq!((found.len(), found[0].predicted, found[0].observed.n), (1, 0.5, 6));
        for wrong in [0, 7] {
            assert!(reliability(&forecasts, wrong, Level::NINETY_FIVE).is_err());
        }
    }
}
