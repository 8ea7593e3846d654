//! The smooth calibration curve and the integrated calibration index.

use crate::calibration::forecasts::Forecasts;
use crate::calibration::loess::loess;
use crate::sample::Moments;
use crate::summary::of_sorted;
use serde::{Deserialize, Serialize};

/// Span of the smoother: R's default, which Austin and Steyerberg use.
const SPAN: f64 = 0.75;

/// More different probabilities than these are smoothed at as many quantiles and by straight lines between them.
const PLACES: usize = 1000;

/// Points of the curve that are given.
const POINTS: usize = 101;

/// The smooth calibration curve and its distance from the diagonal (Austin and Steyerberg 2019, Stat Med 38:4051).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SmoothCalibration {
    /// Predicted probability and smoothed fraction with the event, cut to 0 to 1, from the least to the greatest probability in even steps.
    pub curve: Vec<(f64, f64)>,
    /// Integrated calibration index: mean over cases of the distance between probability and smoothed fraction.
    pub index: f64,
    /// Median of that distance (E50).
    pub median: f64,
    /// The distance that nine in ten cases stay below (E90).
    pub ninetieth: f64,
    /// The largest distance (Emax).
    pub most: f64,
}

/// The smooth calibration curve by local quadratic regression (loess, span 0.75), computed directly at each probability, or of more than a thousand
/// different ones at a thousand quantiles. R's loess interpolates on a coarser tree unless told `surface = "direct"`, which moves the index in the
/// third digit. Distances are of the curve as it is, beyond 0 and 1 too. No interval: draw patients again ([`resampled`](crate::resampled)). Chance
/// alone makes an index above 0.
pub fn smooth_calibration(forecasts: &Forecasts) -> SmoothCalibration {
    let mut cases: Vec<(f64, f64)> =
        forecasts.probabilities().iter().copied().zip(forecasts.outcomes()).collect();
    cases.sort_by(|one, other| one.0.total_cmp(&other.0));
    let (x, y): (Vec<f64>, Vec<f64>) = cases.into_iter().unzip();
    let smoother = Smoother::of(&x, &y);
    let mut distances: Vec<f64> = x.iter().map(|p| (p - smoother.at(*p)).abs()).collect();
    distances.sort_by(f64::total_cmp);
    let (least, greatest) = (x[0], x[x.len() - 1]);
    let point = |i: usize| {
        let p = least + (greatest - least) * i as f64 / (POINTS - 1) as f64;
        (p, loess(&x, &y, SPAN, p).clamp(0.0, 1.0))
    };
    SmoothCalibration {
        curve: (0..POINTS).map(point).collect(),
        index: Moments::of(&distances).map_or(f64::NAN, |moments| moments.mean),
        median: of_sorted(&distances, 0.5),
        ninetieth: of_sorted(&distances, 0.9),
        most: of_sorted(&distances, 1.0),
    }
}

/// Smoothed fractions at places in order.
struct Smoother {
    places: Vec<f64>,
    values: Vec<f64>,
}

impl Smoother {
    fn of(x: &[f64], y: &[f64]) -> Smoother {
        let mut places = x.to_vec();
        places.dedup();
        if places.len() > PLACES {
            places = (0..PLACES).map(|i| of_sorted(x, i as f64 / (PLACES - 1) as f64)).collect();
            places.dedup();
        }
        let values = places.iter().map(|place| loess(x, y, SPAN, *place)).collect();
        Smoother { places, values }
    }

    fn at(&self, p: f64) -> f64 {
        let above = self.places.partition_point(|place| *place < p).min(self.places.len() - 1);
        let below = above.saturating_sub(1);
        if self.places[above] == p || above == below {
            return self.values[above];
        }
        let part = (p - self.places[below]) / (self.places[above] - self.places[below]);
        (1.0 - part) * self.values[below] + part * self.values[above]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near};

    #[test]
    fn the_index_is_that_of_r_s_direct_loess() {
        let cases = cases(1, 80);
        let found = smooth_calibration(&Forecasts::new(&cases.p, &cases.diseased).unwrap());
        // loess(y ~ p, control = loess.control(surface = "direct")) of R 4.2.2.
        near(found.index, 0.0898095947234717);
        near(found.median, 0.0836977646075429);
        near(found.ninetieth, 0.1654812606116073);
        near(found.most, 0.304830786248426);
        let [first, middle, last] = [0, 50, 100].map(|i| found.curve[i].1);
        // R's are -0.0615 and 1.1908 at the ends.
        assert_eq!((first, last), (0.0, 1.0));
        near(middle, 0.4735699601390195);
    }

    #[test]
    fn many_probabilities_are_smoothed_at_a_thousand_places() {
        let cases = cases(5, 3000);
        // Without ties: nearly all of three thousand differ.
        let p: Vec<f64> = cases.p.iter().enumerate().map(|(i, p)| p + i as f64 * 1e-8).collect();
        let found = smooth_calibration(&Forecasts::new(&p, &cases.diseased).unwrap());
        let (mut sorted, mut y): (Vec<f64>, Vec<f64>) = (p.clone(), vec![]);
        let mut order: Vec<usize> = (0..3000).collect();
        order.sort_by(|one, other| p[*one].total_cmp(&p[*other]));
        sorted.sort_by(f64::total_cmp);
        y.extend(order.iter().map(|&i| f64::from(cases.diseased[i])));
        let whole: f64 = sorted.iter().step_by(10).map(|x| (x - loess(&sorted, &y, SPAN, *x)).abs()).sum();
        assert!((whole / 300.0 - found.index).abs() < 2e-4, "{whole} {}", found.index);
    }

    #[test]
    fn one_probability_for_all_is_its_distance_from_the_prevalence() {
        let happened = [true, false, true, true, false, false, false, false];
        let found = smooth_calibration(&Forecasts::new(&[0.5; 8], &happened).unwrap());
        assert!(found.index.is_finite() && found.most == found.median, "{found:?}");
        assert!(found.curve.iter().all(|point| point.0 == 0.5));
    }
}
