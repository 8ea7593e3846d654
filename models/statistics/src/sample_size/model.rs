//! Cases for the development of a prediction model (Riley et al. 2020, BMJ 368:m441).

use crate::error::StatisticsError;
use crate::interval::Level;
use crate::sample_size::whole::whole;
use crate::student;
use serde::{Deserialize, Serialize};

/// Cases that each criterion asks for.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct ModelCases {
    /// For a shrinkage of predictions of at least 0.9 (or what was asked).
    pub shrinkage: usize,
    /// For an explained fraction that looks no more than 0.05 larger than it is.
    pub optimism: usize,
    /// For the whole: a prevalence to 0.05, or a residual standard deviation to 10 %.
    pub overall: usize,
    /// For a mean outcome to 10 %; of a continuous outcome alone.
    pub intercept: Option<usize>,
    /// The largest of these.
    pub all: usize,
    /// Cases with the event for each parameter, or cases of a continuous outcome.
    pub per_parameter: f64,
}

/// What optimism may add to an explained fraction.
const OPTIMISM: f64 = 0.05;

/// How exact whole figures must be: relative.
const RELATIVE: f64 = 0.1;

/// Most cases.
const MOST: usize = 10_000_000;

/// Numbers that both kinds of outcome share.
fn check(parameters: usize, explained: f64, shrinkage: f64) -> Result<(), StatisticsError> {
    StatisticsError::within("the number of parameters", 1.0, 1e5, parameters as f64)?;
    StatisticsError::within("a shrinkage", 0.5, 0.99, shrinkage)?;
    StatisticsError::within("an explained fraction", 1e-4, 0.999, explained).map(|_| ())
}

/// Cases for a model of an event (Riley et al. 2019, Stat Med 38:1276): `parameters` are those that are tried, not those that stay; `cox_snell` is the explained fraction of
/// Cox and Snell that is expected (0.15 of its largest, 1 − (p^p (1 − p)^(1 − p))², where nothing is known); `shrinkage` is 0.9 as a rule.
///
/// # Errors
/// Range of a number of parameters of 0, of a prevalence that is not between 0 and 1, of an explained fraction that is not above 0 and below its largest and the shrinkage, of a
/// shrinkage outside 0.5 to 0.99.
pub fn binary_model_cases(
    parameters: usize,
    prevalence: f64,
    cox_snell: f64,
    shrinkage: f64,
) -> Result<ModelCases, StatisticsError> {
    check(parameters, cox_snell, shrinkage)?;
    StatisticsError::within("a prevalence", 1e-6, 1.0 - 1e-6, prevalence)?;
    let rest = 1.0 - prevalence;
    let largest = 1.0 - (2.0 * (prevalence * prevalence.ln() + rest * rest.ln())).exp();
    StatisticsError::within("an explained fraction", 1e-4, largest.min(shrinkage - 1e-6), cox_snell)?;
    let count = parameters as f64;
    let of = |shrinkage: f64| whole(count / ((shrinkage - 1.0) * (1.0 - cox_snell / shrinkage).ln()));
    let optimism = of(cox_snell / (cox_snell + OPTIMISM * largest));
    // To 0.05 with the 1.96 of the paper.
    let overall = whole((1.96f64 / 0.05).powi(2) * prevalence * rest);
    let all = of(shrinkage).max(optimism).max(overall);
    let per_parameter = all as f64 * prevalence / count;
    Ok(ModelCases { shrinkage: of(shrinkage), optimism, overall, intercept: None, all, per_parameter })
}

/// Cases for a model of a continuous outcome (Riley et al. 2019, Stat Med 38:1262): `explained` is the adjusted R² that is expected, `mean` and `standard_deviation` are those of the
/// outcome; of a mean of 0, which no number of cases gives to 10 %, the last criterion is left out.
///
/// # Errors
/// Range of a number of parameters of 0, of an explained fraction outside 0.0001 to 0.999, of a shrinkage outside 0.5 to 0.99, of a standard deviation that is not above 0, or of what
/// needs more than ten million cases.
pub fn continuous_model_cases(
    parameters: usize,
    explained: f64,
    [mean, standard_deviation]: [f64; 2],
    shrinkage: f64,
) -> Result<ModelCases, StatisticsError> {
    check(parameters, explained, shrinkage)?;
    StatisticsError::within("a standard deviation", f64::MIN_POSITIVE, 1e150, standard_deviation)?;
    StatisticsError::within("a mean", -1e150, 1e150, mean)?;
    let count = parameters as f64;
    let shrunk = |n: usize| {
        let n = n as f64;
        let seen = (explained * (n - count - 1.0) + count) / (n - 1.0);
        1.0 + (count - 2.0) / (n * (1.0 - seen).ln()) >= shrinkage
    };
    let unexplained = standard_deviation * (1.0 - explained).sqrt();
    let exact = |n: usize| {
        let t = student::two_sided(Level::NINETY_FIVE, n as f64 - count - 1.0);
        t * unexplained / (n as f64).sqrt() <= RELATIVE * mean.abs()
    };
    let least = |what: &'static str, is_enough: &dyn Fn(usize) -> bool| {
        let (mut few, mut enough) = (parameters + 1, MOST);
        if !is_enough(enough) {
            let (least, most) = (0.0, MOST as f64);
            return Err(StatisticsError::Range { what, least, most, found: f64::INFINITY });
        }
        while enough - few > 1 {
            let middle = few + (enough - few) / 2;
            if is_enough(middle) { enough = middle } else { few = middle }
        }
        Ok(enough)
    };
    let for_shrinkage = least("the number of cases for a shrinkage", &shrunk)?;
    let optimism = whole(1.0 + count * (1.0 - explained) / OPTIMISM);
    // A residual standard deviation to 10 % wants 234 degrees of freedom.
    let overall = 234 + parameters;
    let intercept =
        if mean == 0.0 { None } else { Some(least("the number of cases for a mean outcome", &exact)?) };
    let all = for_shrinkage.max(optimism).max(overall).max(intercept.unwrap_or(0));
    let per_parameter = all as f64 / count;
    Ok(ModelCases { shrinkage: for_shrinkage, optimism, overall, intercept, all, per_parameter })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cases_of_the_papers_are_found_again() {
        // The examples of the help page of R's pmsampsize; its formulas by scipy 1.17.1.
        let found = binary_model_cases(24, 0.174, 0.288, 0.9).unwrap();
        assert_eq!((found.shrinkage, found.optimism, found.overall, found.all), (623, 662, 221, 662));
        let found = continuous_model_cases(25, 0.2, [26.7, 8.7], 0.9).unwrap();
        assert_eq!((found.shrinkage, found.optimism, found.overall, found.all), (918, 401, 259, 918));
        assert_eq!(found.intercept, Some(40));
        // The same formulas by scipy.
        let found = binary_model_cases(10, 0.3, 0.05, 0.9).unwrap();
        assert_eq!((found.shrinkage, found.optimism, found.overall), (1750, 272, 323));
        assert!((found.per_parameter - 52.5).abs() < 1e-9);
        let found = continuous_model_cases(8, 0.5, [3.0, 5.0], 0.9).unwrap();
        assert_eq!((found.shrinkage, found.intercept), (75, Some(536)));
    }

    #[test]
    fn what_no_number_of_cases_gives_is_refused() {
        assert!(binary_model_cases(0, 0.2, 0.1, 0.9).is_err());
        // Of a prevalence of 0.01 at most 0.106 can be explained.
        assert!(matches!(binary_model_cases(5, 0.01, 0.2, 0.9), Err(StatisticsError::Range { .. })));
        assert!(binary_model_cases(5, f64::NAN, 0.1, 0.9).is_err());
        assert!(continuous_model_cases(5, 0.3, [1e-9, 1.0], 0.9).is_err());
        assert_eq!(continuous_model_cases(5, 0.3, [0.0, 1.0], 0.9).unwrap().intercept, None);
        assert!(continuous_model_cases(5, 0.3, [1.0, 0.0], 0.9).is_err());
        assert!(continuous_model_cases(1, 0.3, [1.0, 1.0], 0.9).is_ok());
    }
}
