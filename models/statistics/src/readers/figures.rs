//! Any figure of merit of readers and methods, with the figures without each case in turn.

use crate::error::StatisticsError;
use crate::interval::{Estimate, Interval, Level};
use crate::readers::inference::{Components, Inference, MethodTest, method_test};
use crate::roc::{Ratings, mean};
use crate::student;
use serde::{Deserialize, Serialize};

/// Figures of merit of a fully crossed study: of every method and reader, over the same cases, and the same without each case in turn.
#[derive(Debug, Clone, PartialEq)]
pub struct FigureStudy {
    /// By method, then reader.
    figures: Vec<Vec<f64>>,
    /// By method, then reader, then case.
    without: Vec<Vec<Vec<f64>>>,
}

/// The mean figure of the readers with one method.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MethodEstimate {
    /// Whom it is for.
    pub inference: Inference,
    /// Mean over readers; `n` is the number of cases.
    pub estimate: Estimate,
    /// Its standard error.
    pub standard_error: f64,
    /// Degrees of freedom; infinite where the variance is taken as known.
    pub df: f64,
}

/// A module, which reads alone and always the same, against the mean reader.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModuleComparison {
    /// Figure of the module.
    pub module: f64,
    /// Mean figure of the readers.
    pub readers: f64,
    /// Module less mean reader.
    pub difference: MethodEstimate,
    /// Two-sided p value of no difference; `None` without a spread.
    pub p: Option<f64>,
}

impl FigureStudy {
    /// From a function that gives the figure of a method and a reader, of all cases (`None`) or without one. Where lesions or views of one patient are rated, a case
    /// here is a patient: what is left out at a time is all of theirs.
    ///
    /// # Errors
    /// Too few without a method or a reader, or below two cases; [`StatisticsError::NoFigure`] where a figure is no finite number, such as that of no diseased case.
    pub fn new(
        [methods, readers, cases]: [usize; 3],
        figure: impl Fn(usize, usize, Option<usize>) -> f64,
    ) -> Result<FigureStudy, StatisticsError> {
        let by = |of: &dyn Fn(usize, usize) -> Vec<f64>| -> Vec<Vec<Vec<f64>>> {
            (0..methods).map(|i| (0..readers).map(|j| of(i, j)).collect()).collect()
        };
        let all = by(&|i, j| vec![figure(i, j, None)]);
        let without = by(&|i, j| (0..cases).map(|k| figure(i, j, Some(k))).collect());
        let figures = all.into_iter().map(|readers| readers.concat()).collect();
        FigureStudy::checked(figures, without)
    }

    pub(crate) fn checked(
        figures: Vec<Vec<f64>>,
        without: Vec<Vec<Vec<f64>>>,
    ) -> Result<FigureStudy, StatisticsError> {
        StatisticsError::at_least("methods", 1, figures.len())?;
        StatisticsError::at_least("readers", 1, figures[0].len())?;
        StatisticsError::at_least("cases", 2, without[0].first().map_or(0, Vec::len))?;
        for (method, readers) in figures.iter().enumerate() {
            for (reader, figure) in readers.iter().enumerate() {
                if !figure.is_finite() || without[method][reader].iter().any(|figure| !figure.is_finite()) {
                    return Err(StatisticsError::NoFigure { method, reader });
                }
            }
        }
        Ok(FigureStudy { figures, without })
    }

    /// Areas under empirical ROC curves, of ratings by method, reader and case.
    ///
    /// # Errors
    /// Lengths that differ; as [`Ratings::new`] and [`FigureStudy::new`].
    pub fn areas(ratings: &[Vec<Vec<f64>>], diseased: &[bool]) -> Result<FigureStudy, StatisticsError> {
        shape(ratings)?;
        let (mut figures, mut without) = (Vec::new(), Vec::new());
        // Those without disease come first in what the placements give.
        let mut order: Vec<usize> = (0..diseased.len()).collect();
        order.sort_by_key(|case| diseased[*case]);
        for readers in ratings {
            let placed = readers.iter().map(|of| Ok(Ratings::new(of, diseased)?.placements()));
            let placed = placed.collect::<Result<Vec<_>, StatisticsError>>()?;
            figures.push(placed.iter().map(|placed| placed.area()).collect());
            let in_place = |left: Vec<f64>| {
                let mut found = vec![0.0; left.len()];
                order.iter().zip(left).for_each(|(case, figure)| found[*case] = figure);
                found
            };
            without.push(placed.iter().map(|placed| in_place(placed.without_each())).collect());
        }
        FigureStudy::checked(figures, without)
    }

    /// Means over cases of values by method, reader and case: of errors, of whether a case is right, of times.
    ///
    /// # Errors
    /// Lengths that differ; as [`FigureStudy::new`].
    pub fn means(values: &[Vec<Vec<f64>>]) -> Result<FigureStudy, StatisticsError> {
        let [methods, readers, cases] = shape(values)?;
        let sums: Vec<Vec<f64>> =
            values.iter().map(|of| of.iter().map(|of| of.iter().sum()).collect()).collect();
        FigureStudy::new([methods, readers, cases], |i, j, left| match left {
            None => sums[i][j] / cases as f64,
            Some(k) => (sums[i][j] - values[i][j][k]) / (cases as f64 - 1.0),
        })
    }

    /// Sensitivities at a threshold: fractions of the diseased, who alone are the cases then, rated at it or above.
    ///
    /// # Errors
    /// As [`FigureStudy::means`].
    pub fn sensitivities(
        ratings: &[Vec<Vec<f64>>],
        diseased: &[bool],
        threshold: f64,
    ) -> Result<FigureStudy, StatisticsError> {
        FigureStudy::means(&called(ratings, diseased, true, |rating| rating >= threshold)?)
    }

    /// Specificities at a threshold: fractions of those without disease, who alone are the cases then, rated below it.
    ///
    /// # Errors
    /// As [`FigureStudy::means`].
    pub fn specificities(
        ratings: &[Vec<Vec<f64>>],
        diseased: &[bool],
        threshold: f64,
    ) -> Result<FigureStudy, StatisticsError> {
        FigureStudy::means(&called(ratings, diseased, false, |rating| rating < threshold)?)
    }

    /// Mean absolute errors of numbers read from cases.
    ///
    /// # Errors
    /// As [`FigureStudy::means`].
    pub fn absolute_errors(
        readings: &[Vec<Vec<f64>>],
        truth: &[f64],
    ) -> Result<FigureStudy, StatisticsError> {
        let [.., cases] = shape(readings)?;
        StatisticsError::same_length("readings and truths", truth.len(), cases)?;
        let of = |reading: &Vec<f64>| -> Vec<f64> {
            reading.iter().zip(truth).map(|(reading, truth)| (reading - truth).abs()).collect()
        };
        FigureStudy::means(
            &readings.iter().map(|readers| readers.iter().map(of).collect()).collect::<Vec<_>>(),
        )
    }

    /// Mean logarithms of the time for a case: the exponential of a difference is a ratio of geometric mean times.
    ///
    /// # Errors
    /// As [`FigureStudy::means`]; no figure where a time is not above 0.
    pub fn log_times(times: &[Vec<Vec<f64>>]) -> Result<FigureStudy, StatisticsError> {
        let of = |times: &Vec<f64>| times.iter().map(|time| time.ln()).collect::<Vec<f64>>();
        FigureStudy::means(&times.iter().map(|readers| readers.iter().map(of).collect()).collect::<Vec<_>>())
    }

    /// Figures by method, then reader.
    pub fn figures(&self) -> &[Vec<f64>] {
        &self.figures
    }

    /// Jackknife variance and covariances, each the mean over all pairs of its kind; 0 where a study has no pair of a kind.
    pub fn components(&self) -> Components {
        components(&self.without)
    }

    /// Whether methods differ, after Obuchowski and Rockette with Hillis' degrees of freedom.
    ///
    /// # Errors
    /// Too few below two methods or two readers.
    pub fn test(&self, inference: Inference, level: Level) -> Result<MethodTest, StatisticsError> {
        self.is_crossed()?;
        Ok(method_test(&self.figures, self.components(), self.cases(), inference, level))
    }

    /// Pseudovalues by method, reader and case: the number of cases times the figure, less one fewer times the figure without the case, moved so that
    /// their mean is the figure (Dorfman et al. 1992, Invest Radiol 27:723; Hillis et al. 2005, Stat Med 24:1579).
    pub fn pseudovalues(&self) -> Vec<Vec<Vec<f64>>> {
        let count = self.cases() as f64;
        let of = |(figure, without): (&f64, &Vec<f64>)| -> Vec<f64> {
            // The moved values need no more than the distance from the mean without a case.
            let middle = mean(without);
            without.iter().map(|left| figure + (count - 1.0) * (middle - left)).collect()
        };
        self.figures.iter().zip(&self.without).map(|(a, b)| a.iter().zip(b).map(of).collect()).collect()
    }

    /// The mean figure of one method over readers, from its own variance and covariance alone (Hillis 2007). A single reader is allowed for fixed
    /// readers, and no others.
    ///
    /// # Errors
    /// Range of a method that is none; too few below two readers.
    pub fn single(
        &self,
        method: usize,
        inference: Inference,
        level: Level,
    ) -> Result<MethodEstimate, StatisticsError> {
        StatisticsError::within("a method", 0.0, self.figures.len() as f64 - 1.0, method as f64)?;
        let figures = &self.figures[method];
        let needed = if inference == Inference::FixedReadersRandomCases { 1 } else { 2 };
        StatisticsError::at_least("readers", needed, figures.len())?;
        let r = figures.len() as f64;
        let Components { var, cov2, .. } = components(std::slice::from_ref(&self.without[method]));
        let (value, shared) = (mean(figures), (r * cov2).max(0.0));
        let of_readers =
            figures.iter().map(|figure| (figure - value).powi(2)).sum::<f64>() / (r - 1.0).max(1.0);
        let (variance, df) = match inference {
            Inference::RandomReadersRandomCases => {
                let both = of_readers + shared;
                (both / r, both * both / (of_readers * of_readers / (r - 1.0)))
            }
            Inference::FixedReadersRandomCases => ((var + (r - 1.0) * cov2.max(0.0)) / r, f64::INFINITY),
            Inference::RandomReadersFixedCases => (of_readers / r, r - 1.0),
        };
        // Readers that are all alike have no degrees of freedom to count: what is left is the cases.
        let df = if df.is_nan() { f64::INFINITY } else { df };
        let standard_error = variance.max(0.0).sqrt();
        let of_level =
            if df.is_finite() { student::two_sided(level, df) } else { student::normal_two_sided(level) };
        let interval = Interval::around(value, of_level * standard_error, level);
        let interval = interval.filter(|_| standard_error > 0.0);
        Ok(MethodEstimate {
            inference,
            estimate: Estimate { value, interval, n: self.cases() },
            standard_error,
            df,
        })
    }

    /// A module that reads alone against the mean reader of one method: the differences from each reader over the same cases are figures of one
    /// method, so that what the module shares with itself counts as shared between readers, and no other module is thought of. This is the one-treatment
    /// random-reader random-case analysis of Chakraborty 2017 (Observer Performance Methods for Diagnostic Imaging, chapter 22), which extends Hupse et al.
    /// 2013 (Radiology 266:123; there cases are fixed). `module` is a study of one method and one reader.
    ///
    /// # Errors
    /// Lengths where the cases differ in number; too few where the module has no figure or more than one, or below two readers; as [`FigureStudy::single`].
    pub fn against_module(
        &self,
        method: usize,
        module: &FigureStudy,
        inference: Inference,
        level: Level,
    ) -> Result<ModuleComparison, StatisticsError> {
        StatisticsError::within("a method", 0.0, self.figures.len() as f64 - 1.0, method as f64)?;
        StatisticsError::same_length("cases of readers and module", self.cases(), module.cases())?;
        let of_module = module.figures.iter().map(Vec::len).sum::<usize>();
        StatisticsError::same_length("figures of one module", 1, of_module)?;
        let alone = module.figures[0][0];
        let figures: Vec<f64> = self.figures[method].iter().map(|figure| alone - figure).collect();
        let less = |without: &Vec<f64>| -> Vec<f64> {
            module.without[0][0].iter().zip(without).map(|(module, reader)| module - reader).collect()
        };
        let without = self.without[method].iter().map(less).collect();
        let study = FigureStudy { figures: vec![figures], without: vec![without] };
        let difference = study.single(0, inference, level)?;
        let t = difference.estimate.value / difference.standard_error;
        let p = match difference.df.is_finite() {
            true => student::p_value(t, difference.df),
            false => 2.0 * student::normal_below(-t.abs()),
        };
        let p = (difference.standard_error > 0.0).then_some(p);
        Ok(ModuleComparison { module: alone, readers: mean(&self.figures[method]), difference, p })
    }

    /// Number of cases.
    pub(crate) fn cases(&self) -> usize {
        self.without[0][0].len()
    }

    /// That there are methods and readers to compare.
    pub(crate) fn is_crossed(&self) -> Result<(), StatisticsError> {
        StatisticsError::at_least("methods", 2, self.figures.len())?;
        StatisticsError::at_least("readers", 2, self.figures[0].len())
    }
}

/// Jackknife components of figures without each case, by method, then reader.
fn components(without: &[Vec<Vec<f64>>]) -> Components {
    let centred: Vec<Vec<f64>> = without
        .iter()
        .flatten()
        .map(|figures| {
            let middle = mean(figures);
            figures.iter().map(|figure| figure - middle).collect()
        })
        .collect();
    let count = centred[0].len() as f64;
    Components::pooled(without.len(), without[0].len(), |a, b| {
        let sum: f64 = centred[a].iter().zip(&centred[b]).map(|(a, b)| a * b).sum();
        (count - 1.0) / count * sum
    })
}

/// Numbers of methods, readers and cases.
///
/// # Errors
/// Too few without any; lengths that differ.
pub(crate) fn shape<T>(values: &[Vec<Vec<T>>]) -> Result<[usize; 3], StatisticsError> {
    StatisticsError::at_least("methods", 1, values.len())?;
    let readers = values[0].len();
    StatisticsError::at_least("readers", 1, readers)?;
    let cases = values[0][0].len();
    for of_method in values {
        StatisticsError::same_length("readers of the methods", readers, of_method.len())?;
        for of_reader in of_method {
            StatisticsError::same_length("cases of the readers", cases, of_reader.len())?;
        }
    }
    Ok([values.len(), readers, cases])
}

/// Whether each case of a kind is called right, as 0 and 1; NaN of a rating that is missing.
fn called(
    ratings: &[Vec<Vec<f64>>],
    diseased: &[bool],
    kind: bool,
    is_right: impl Fn(f64) -> bool,
) -> Result<Vec<Vec<Vec<f64>>>, StatisticsError> {
    let [.., cases] = shape(ratings)?;
    StatisticsError::same_length("ratings and truths", diseased.len(), cases)?;
    let of = |ratings: &Vec<f64>| -> Vec<f64> {
        let own = ratings.iter().zip(diseased).filter(|(_, is)| **is == kind);
        own.map(|(rating, _)| if rating.is_nan() { f64::NAN } else { f64::from(is_right(*rating)) }).collect()
    };
    Ok(ratings.iter().map(|readers| readers.iter().map(of).collect()).collect())
}
