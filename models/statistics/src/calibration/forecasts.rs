//! Predicted probabilities beside what happened.

use crate::error::StatisticsError;

/// Predicted probabilities of an event and whether it happened.
#[derive(Debug, Clone, PartialEq)]
pub struct Forecasts {
    probabilities: Vec<f64>,
    happened: Vec<bool>,
    left_out: usize,
}

/// Where a logit is needed, probabilities closer to 0 or 1 are taken as this far from it.
const CLOSEST: f64 = 1e-6;

impl Forecasts {
    /// Of cases in any order; those with a missing probability (NaN) are left out and counted.
    ///
    /// # Errors
    /// Lengths that differ; range of a probability outside 0 to 1; too few below two cases with the event or without.
    pub fn new(probabilities: &[f64], happened: &[bool]) -> Result<Forecasts, StatisticsError> {
        StatisticsError::same_length("probabilities and outcomes", probabilities.len(), happened.len())?;
        let mut found = Forecasts { probabilities: vec![], happened: vec![], left_out: 0 };
        for (p, is) in probabilities.iter().zip(happened) {
            if p.is_nan() {
                found.left_out += 1;
                continue;
            }
            found.probabilities.push(StatisticsError::fraction("a probability", *p)?);
            found.happened.push(*is);
        }
        let events = found.happened.iter().filter(|is| **is).count();
        StatisticsError::at_least("cases with the event", 2, events)?;
        StatisticsError::at_least("cases without the event", 2, found.n() - events)?;
        Ok(found)
    }

    /// One class against all others, of probabilities by case, then class.
    ///
    /// # Errors
    /// As [`Forecasts::new`]; lengths where a case has no probability of the class.
    pub fn of_class(
        probabilities: &[Vec<f64>],
        truth: &[usize],
        class: usize,
    ) -> Result<Forecasts, StatisticsError> {
        let of = |row: &Vec<f64>| {
            let (what, found) = ("probabilities of the classes", row.len());
            row.get(class).copied().ok_or(StatisticsError::Lengths { what, expected: class + 1, found })
        };
        let own = probabilities.iter().map(of).collect::<Result<Vec<f64>, _>>()?;
        let is: Vec<bool> = truth.iter().map(|of| *of == class).collect();
        Forecasts::new(&own, &is)
    }

    /// Probabilities of the cases that count.
    pub fn probabilities(&self) -> &[f64] {
        &self.probabilities
    }

    /// Whether the event happened, of the same cases.
    pub fn happened(&self) -> &[bool] {
        &self.happened
    }

    /// Cases with a missing probability.
    pub fn left_out(&self) -> usize {
        self.left_out
    }

    /// Number of cases that count.
    pub(crate) fn n(&self) -> usize {
        self.probabilities.len()
    }

    /// Fraction of cases with the event.
    pub(crate) fn prevalence(&self) -> f64 {
        self.happened.iter().filter(|is| **is).count() as f64 / self.n() as f64
    }

    /// Outcomes as 0 and 1.
    pub(crate) fn outcomes(&self) -> impl Iterator<Item = f64> {
        self.happened.iter().map(|is| f64::from(*is))
    }

    /// Logits of the probabilities, those of 0 and 1 of the nearest that is not.
    pub(crate) fn logits(&self) -> Vec<f64> {
        self.probabilities.iter().map(|p| logit(*p)).collect()
    }
}

/// ln(p / (1 − p)) of a probability, at most 1e-6 from 0 and 1.
pub(crate) fn logit(p: f64) -> f64 {
    let p = p.clamp(CLOSEST, 1.0 - CLOSEST);
    (p / (1.0 - p)).ln()
}

/// The probability of a logit.
pub(crate) fn expit(logit: f64) -> f64 {
    1.0 / (1.0 + (-logit).exp())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_is_left_out_and_what_is_no_probability_refused() {
        let happened = [true, false, true, false, true];
        let found = Forecasts::new(&[0.1, 0.2, f64::NAN, 1.0, 0.0], &happened).unwrap();
        assert_eq!((found.n(), found.left_out(), found.prevalence()), (4, 1, 0.5));
        assert!(Forecasts::new(&[0.1, 1.2, 0.3, 0.4, 0.5], &happened).is_err());
        assert!(Forecasts::new(&[0.1, 0.2], &happened).is_err());
        let single = Forecasts::new(&[0.1, 0.2, 0.3], &[true, true, true]);
        assert!(matches!(single, Err(StatisticsError::TooFew { what: "cases without the event", .. })));
    }

    #[test]
    fn a_class_is_taken_against_the_others() {
        let rows = vec![vec![0.2, 0.8], vec![0.6, 0.4], vec![0.5, 0.5], vec![0.9, 0.1]];
        let found = Forecasts::of_class(&rows, &[1, 0, 1, 0], 1).unwrap();
        assert_eq!(found.probabilities(), [0.8, 0.4, 0.5, 0.1]);
        assert_eq!(found.happened(), [true, false, true, false]);
        assert!(Forecasts::of_class(&rows, &[1, 0, 1, 0], 2).is_err());
    }

    #[test]
    fn logits_are_finite_and_turn_back() {
        assert!((expit(logit(0.3)) - 0.3).abs() < 1e-15);
        assert!(logit(0.0).is_finite() && (logit(0.0) + logit(1.0)).abs() < 1e-9);
    }
}
