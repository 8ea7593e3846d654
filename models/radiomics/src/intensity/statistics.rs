//! Intensity statistics (IBSI reference manual, chapter 3.3) and those of the histogram that are alike (3.4).

use super::distribution::Distribution;

/// Statistics of a distribution; what it does not determine is not a number.
#[derive(Debug, Clone, Copy, PartialEq)]
#[allow(missing_docs)] // the table of features has their names and definitions
pub(crate) struct Statistics {
    pub(crate) mean: f64,
    pub(crate) variance: f64,
    pub(crate) skewness: f64,
    /// Excess kurtosis.
    pub(crate) kurtosis: f64,
    pub(crate) median: f64,
    pub(crate) least: f64,
    pub(crate) percentile_10: f64,
    pub(crate) percentile_90: f64,
    pub(crate) most: f64,
    pub(crate) interquartile_range: f64,
    pub(crate) mean_absolute_deviation: f64,
    pub(crate) robust_mean_absolute_deviation: f64,
    pub(crate) median_absolute_deviation: f64,
    pub(crate) quartile_coefficient: f64,
    pub(crate) energy: f64,
}

/// Statistics of values. Variance is that of the values themselves (n in the denominator). Skewness and kurtosis of values
/// that are all the same are 0.
pub(crate) fn statistics(values: &Distribution) -> Statistics {
    let mean = values.mean_of(|value| value);
    let moment = |power: i32| values.mean_of(|value| (value - mean).powi(power));
    let (least, most) = (values.least(), values.most());
    let variance = if most > least { moment(2) } else { 0.0 };
    let flat = variance == 0.0;
    let median = values.quantile(0.5);
    let (p10, p90) = (values.quantile(0.1), values.quantile(0.9));
    let (p25, p75) = (values.quantile(0.25), values.quantile(0.75));
    let robust = values.within(p10, p90);
    let robust_mean = robust.mean_of(|value| value);
    Statistics {
        mean,
        variance,
        skewness: if flat { 0.0 } else { moment(3) / variance.powf(1.5) },
        kurtosis: if flat { 0.0 } else { moment(4) / variance.powi(2) - 3.0 },
        median,
        least,
        percentile_10: p10,
        percentile_90: p90,
        most,
        interquartile_range: p75 - p25,
        mean_absolute_deviation: values.mean_of(|value| (value - mean).abs()),
        robust_mean_absolute_deviation: robust.mean_of(|value| (value - robust_mean).abs()),
        median_absolute_deviation: values.mean_of(|value| (value - median).abs()),
        quartile_coefficient: (p75 - p25) / (p75 + p25),
        energy: values.values.iter().map(|&(value, count)| count as f64 * value * value).sum(),
    }
}

impl Statistics {
    /// In the order of the table of intensity statistics.
    pub(crate) fn in_order(&self, n: u64) -> Vec<f64> {
        let mut all = self.start();
        all.extend(self.end());
        all.extend([self.energy, (self.energy / n as f64).sqrt()]);
        all
    }

    /// Mean to maximum, as both tables begin.
    pub(crate) fn start(&self) -> Vec<f64> {
        vec![
            self.mean,
            self.variance,
            self.skewness,
            self.kurtosis,
            self.median,
            self.least,
            self.percentile_10,
            self.percentile_90,
            self.most,
        ]
    }

    /// Interquartile range to quartile coefficient, as both tables go on.
    pub(crate) fn end(&self) -> Vec<f64> {
        vec![
            self.interquartile_range,
            self.most - self.least,
            self.mean_absolute_deviation,
            self.robust_mean_absolute_deviation,
            self.median_absolute_deviation,
            self.variance.sqrt() / self.mean,
            self.quartile_coefficient,
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statistics_of_five_values() {
        let values = Distribution::of([1.0, 2.0, 2.0, 3.0, 7.0].into_iter());
        let found = statistics(&values);
        assert_eq!((found.mean, found.median, found.least, found.most), (3.0, 2.0, 1.0, 7.0));
        assert!((found.variance - 4.4).abs() < 1e-12);
        assert!((found.skewness - 10.8 / 4.4_f64.powf(1.5)).abs() < 1e-12);
        assert!((found.percentile_90 - 5.4).abs() < 1e-12);
        assert_eq!(found.interquartile_range, 1.0);
        assert!((found.mean_absolute_deviation - 1.6).abs() < 1e-12);
        // Only 2, 2 and 3 lie between the percentiles 1.4 and 5.4.
        assert!((found.robust_mean_absolute_deviation - 4.0 / 9.0).abs() < 1e-12);
        assert_eq!(found.energy, 67.0);
    }

    #[test]
    fn flat_values_have_no_skew_and_no_spread() {
        let found = statistics(&Distribution::of([0.1; 7].into_iter()));
        assert_eq!((found.variance, found.skewness, found.kurtosis), (0.0, 0.0, 0.0));
    }
}
