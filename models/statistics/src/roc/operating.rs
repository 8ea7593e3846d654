//! What a threshold does: sensitivity, specificity, predictive values, likelihood ratios.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::proportion::ProportionInterval;
use crate::roc::ratings::Ratings;
use crate::student;
use serde::{Deserialize, Serialize};

/// Cases counted by truth and by what a threshold calls them: diseased at it or above.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperatingPoint {
    /// Threshold, in the unit of the ratings.
    pub threshold: f64,
    /// Diseased and called so.
    pub true_positives: usize,
    /// Not diseased and called so.
    pub false_positives: usize,
    /// Not diseased and not called so.
    pub true_negatives: usize,
    /// Diseased and not called so.
    pub false_negatives: usize,
    /// Fraction of the diseased that are called so.
    pub sensitivity: Estimate,
    /// Fraction of the others that are not.
    pub specificity: Estimate,
    /// Fraction of those called diseased that are, at the prevalence of these cases; `None` where none is called so.
    pub positive_predictive_value: Option<Estimate>,
    /// Fraction of those not called diseased that are not; `None` where all are called so.
    pub negative_predictive_value: Option<Estimate>,
    /// Sensitivity over 1 − specificity; `None` where that is 0.
    pub positive_likelihood_ratio: Option<Estimate>,
    /// 1 − sensitivity over specificity; `None` where that is 0.
    pub negative_likelihood_ratio: Option<Estimate>,
    /// Of the intervals of this point.
    pub level: Level,
}

/// Predictive values where the disease is as frequent as stated.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AtPrevalence {
    /// Fraction of cases that are diseased.
    pub prevalence: f64,
    /// Fraction of those called diseased that are; `None` where none is called so.
    pub positive_predictive_value: Option<Estimate>,
    /// Fraction of those not called diseased that are not; `None` where all are called so.
    pub negative_predictive_value: Option<Estimate>,
}

impl Ratings {
    /// What a threshold does with these cases. Intervals of fractions are of the kind asked for, those of likelihood ratios are by their
    /// logarithms (Simel et al. 1991, J Clin Epidemiol 44:763); a ratio of 0 has none.
    ///
    /// # Errors
    /// Range of a threshold that is no finite number.
    pub fn at(
        &self,
        threshold: f64,
        kind: ProportionInterval,
        level: Level,
    ) -> Result<OperatingPoint, StatisticsError> {
        StatisticsError::within("a threshold", f64::MIN, f64::MAX, threshold)?;
        let called = |ratings: &[f64]| ratings.iter().filter(|rating| **rating >= threshold).count();
        let (tp, fp) = (called(self.with()), called(self.without()));
        let (diseased, others) = (self.with().len(), self.without().len());
        let (fn_, tn) = (diseased - tp, others - fp);
        let fraction = |count: usize, n: usize| (n > 0).then(|| kind.estimate(count, n, level));
        let rate = |count: usize, n: usize| count as f64 / n as f64;
        Ok(OperatingPoint {
            threshold,
            true_positives: tp,
            false_positives: fp,
            true_negatives: tn,
            false_negatives: fn_,
            sensitivity: kind.estimate(tp, diseased, level),
            specificity: kind.estimate(tn, others, level),
            positive_predictive_value: fraction(tp, tp + fp),
            negative_predictive_value: fraction(tn, tn + fn_),
            positive_likelihood_ratio: ratio(
                (rate(tp, diseased), diseased),
                (rate(fp, others), others),
                level,
            ),
            negative_likelihood_ratio: ratio(
                (rate(fn_, diseased), diseased),
                (rate(tn, others), others),
                level,
            ),
            level,
        })
    }
}

/// Ratio of two fractions, each of so many; `None` where the second is 0.
fn ratio(above: (f64, usize), below: (f64, usize), level: Level) -> Option<Estimate> {
    let value = above.0 / below.0;
    let part = |(fraction, n): (f64, usize)| (1.0 - fraction) / (fraction * n as f64);
    let half = student::normal_two_sided(level) * (part(above) + part(below)).sqrt();
    let interval = Interval::new(value * (-half).exp(), value * half.exp(), level);
    let interval = interval.filter(|_| half > 0.0 && value > 0.0);
    (below.0 > 0.0).then_some(Estimate { value, interval, n: above.1 + below.1 })
}

impl OperatingPoint {
    /// Predictive values at a prevalence other than that of these cases, by Bayes' rule, with intervals on the logit scale (Mercaldo et al.
    /// 2007, Stat Med 26:2170). A value of 0 or 1 has none. Cases drawn by their truth say nothing of the prevalence: state the one of the clinic.
    ///
    /// # Errors
    /// Range of a prevalence that is not between 0 and 1.
    pub fn at_prevalence(&self, prevalence: f64) -> Result<AtPrevalence, StatisticsError> {
        let tiny = f64::EPSILON;
        let prevalence = StatisticsError::within("a prevalence", tiny, 1.0 - tiny, prevalence)?;
        let (sensitivity, specificity) = (self.sensitivity.value, self.specificity.value);
        let odds = prevalence / (1.0 - prevalence);
        let diseased = self.true_positives as f64 + self.false_negatives as f64;
        let others = self.true_negatives as f64 + self.false_positives as f64;
        let z = student::normal_two_sided(self.level);
        // Odds of being right, and the variance of their logarithm.
        let value = |right: f64, wrong: f64, variance: f64| {
            let of = |shift: f64| right / (right + wrong * shift.exp());
            let half = z * variance.sqrt();
            let interval =
                Interval::new(of(half), of(-half), self.level).filter(|_| right > 0.0 && wrong > 0.0);
            let n = self.sensitivity.n.saturating_add(self.specificity.n);
            (right + wrong > 0.0).then(|| Estimate { value: of(0.0), interval, n })
        };
        let part = |fraction: f64, n: f64| (1.0 - fraction) / (fraction * n);
        Ok(AtPrevalence {
            prevalence,
            positive_predictive_value: value(
                sensitivity * odds,
                1.0 - specificity,
                part(sensitivity, diseased) + part(1.0 - specificity, others),
            ),
            negative_predictive_value: value(
                specificity,
                (1.0 - sensitivity) * odds,
                part(specificity, others) + part(1.0 - sensitivity, diseased),
            ),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::made_up::{cases, near, near_ends};

    fn at(threshold: f64, kind: ProportionInterval) -> OperatingPoint {
        let cases = cases(1, 80);
        Ratings::new(&cases.a, &cases.diseased).unwrap().at(threshold, kind, Level::NINETY_FIVE).unwrap()
    }

    #[test]
    fn fractions_and_their_intervals_are_those_of_r() {
        let found = at(5.0, ProportionInterval::ClopperPearson);
        let counts =
            [found.true_positives, found.false_positives, found.true_negatives, found.false_negatives];
        assert_eq!(counts, [31, 23, 19, 7]);
        // binom.test of R 4.2.2.
        near_ends(found.sensitivity.interval, [0.656_738_005_689_079, 0.922_573_148_161_151]);
        near_ends(found.specificity.interval, [0.298_458_813_196_318, 0.613_268_212_762_129]);
        let positive = found.positive_predictive_value.unwrap();
        near_ends(positive.interval, [0.432_082_649_895_245, 0.707_652_733_762_931]);
        // prop.test(correct = FALSE), which is Wilson's.
        let found = at(5.0, ProportionInterval::Wilson);
        near_ends(found.sensitivity.interval, [0.665_811_419_288_686, 0.907_782_348_147_787]);
        let negative = found.negative_predictive_value.unwrap();
        near_ends(negative.interval, [0.539_169_596_208_238, 0.862_955_516_779_816]);
    }

    #[test]
    fn likelihood_ratios_and_values_at_a_prevalence_are_those_of_numpy() {
        let found = at(5.0, ProportionInterval::Wilson);
        let there = found.at_prevalence(0.1).unwrap();
        for (found, value, low, high) in [
            (found.positive_likelihood_ratio, 1.489702517162471, 1.088624278153968, 2.038548684035807),
            (found.negative_likelihood_ratio, 0.407202216066482, 0.192875169482812, 0.859694097555832),
            (there.positive_predictive_value, 0.142015706806283, 0.107906117636999, 0.184675426307083),
            (there.negative_predictive_value, 0.956713780918728, 0.912807224133967, 0.979019059225008),
        ] {
            near(found.unwrap().value, value);
            near_ends(found.unwrap().interval, [low, high]);
        }
    }

    #[test]
    fn a_prevalence_of_the_cases_gives_their_own_values() {
        let found = at(5.0, ProportionInterval::Wilson);
        let own = found.at_prevalence(38.0 / 80.0).unwrap();
        near(own.positive_predictive_value.unwrap().value, 31.0 / 54.0);
        near(own.negative_predictive_value.unwrap().value, 19.0 / 26.0);
        for wrong in [0.0, 1.0, f64::NAN, -0.2] {
            assert!(found.at_prevalence(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn a_threshold_beyond_all_ratings_has_no_positive_predictive_value() {
        let none = at(99.0, ProportionInterval::Wilson);
        assert_eq!((none.positive_predictive_value, none.positive_likelihood_ratio), (None, None));
        assert_eq!(none.negative_likelihood_ratio.unwrap().value, 1.0);
        let there = none.at_prevalence(0.1).unwrap();
        assert_eq!(there.positive_predictive_value, None);
        near(there.negative_predictive_value.unwrap().value, 0.9);
        let all = at(-1.0, ProportionInterval::ClopperPearson);
        assert_eq!((all.negative_predictive_value, all.negative_likelihood_ratio), (None, None));
        assert_eq!(all.sensitivity.value, 1.0);
        let cases = cases(1, 80);
        let ratings = Ratings::new(&cases.a, &cases.diseased).unwrap();
        assert!(ratings.at(f64::NAN, ProportionInterval::Wilson, Level::NINETY_FIVE).is_err());
    }
}
