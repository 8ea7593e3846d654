//! A module's predictions against the truth, beside those of its comparators.

use super::binary::binary_detail;
use super::evaluated::{Evaluated, MeasureValue, PredictorKind, PredictorResult, SubgroupResult};
use super::measure::{Measure, measures_of};
use super::subgroup::Subgroup;
use crate::manifest::Output;
use coxa_learning::{Outcomes, Predictions};
use coxa_statistics::{
    Bootstrap, BootstrapInterval, Interval, Level, Resampling, StatisticsError, mean, resampled, summary,
};
use rayon::prelude::*;
use std::collections::BTreeSet;

/// Number of bootstrap resamples of patients.
pub(crate) const DRAWS: usize = 1000;
/// Half the width of a normal interval of 95 % in standard deviations.
const NORMAL: f64 = 1.959964;
/// A part with fewer cases is listed without a figure.
const LEAST_OF_PART: usize = 10;

/// What is asked.
#[derive(Debug, Clone, Copy)]
pub struct EvaluationInput<'a> {
    /// The output.
    pub output: &'a Output,
    /// Predictions of the module.
    pub predictions: &'a Predictions,
    /// The truth.
    pub outcomes: &'a Outcomes,
    /// Patient of each case, as a number.
    pub groups: &'a [usize],
    /// Parts of the cases.
    pub parts: &'a [Subgroup],
    /// Values of thresholds that were set before, by name.
    pub frozen: &'a [(String, f64)],
    /// Predictions of shuffled outcomes by the same models, with those outcomes: what chance gives.
    pub shuffled: &'a [(Predictions, Outcomes)],
    /// Cross-validations of bootstrap resamples of patients; empty where the models were fixed before these cases.
    pub retrained: &'a [Retrained],
    /// Seed of the draws.
    pub seed: u64,
}

/// A cross-validation of a bootstrap resample of patients, all models refitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Retrained {
    /// Predictions of the module, then of its comparators in their order.
    pub predictions: Vec<Predictions>,
    /// The truth.
    pub outcomes: Outcomes,
}

/// Something that the module is compared with.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparator {
    /// Name in tables.
    pub name: String,
    /// A baseline, or the ceiling.
    pub kind: PredictorKind,
    /// Its predictions of the same cases.
    pub predictions: Predictions,
}

/// Evaluates predictions. Intervals are percentiles over 1,000 bootstrap resamples of patients, those of differences over the same resamples. Where models were trained on these very cases, figures spread
/// more than that, because models and test cases share their chance (Bates et al. 2024, J Am Stat Assoc 119:1434): each interval is widened about its value by the ratio of the spread over cross-validations of
/// bootstrap resamples of patients to that of the resamples, where it is above 1.
///
/// # Errors
/// Fewer than two patients; of a binary output one class alone.
pub fn evaluate(
    asked: &EvaluationInput<'_>,
    comparators: &[Comparator],
) -> Result<Evaluated, StatisticsError> {
    let measures = measures_of(asked.output);
    let all: Vec<usize> = (0..asked.outcomes.rows()).collect();
    let predictors: Vec<&Predictions> = [asked.predictions]
        .into_iter()
        .chain(comparators.iter().map(|comparator| &comparator.predictions))
        .collect();
    let tasks: Vec<(usize, Measure)> = (0..predictors.len())
        .flat_map(|predictor| measures.iter().map(move |measure| (predictor, *measure)))
        .collect();
    let values = |rows: &[usize]| -> Vec<f64> {
        let of = |&(predictor, measure): &(usize, Measure)| {
            measure.of(predictors[predictor], asked.outcomes, rows)
        };
        tasks.par_iter().map(of).collect()
    };
    let whole = values(&all);
    let (each, count) = (measures.len(), whole.len());
    let intervals = drawn_again(asked, &all, 2 * count, |rows, out| {
        let found = values(rows);
        out[..count].copy_from_slice(&found);
        for (place, value) in found.iter().enumerate() {
            out[count + place] = found[place % each] - value;
        }
    })?;
    let intervals =
        widened(intervals, &whole, measures, &retrained_values(asked, measures, predictors.len()));
    let names = [("module".to_owned(), PredictorKind::Module)].into_iter();
    let names = names.chain(comparators.iter().map(|comparator| (comparator.name.clone(), comparator.kind)));
    let result = |(place, (name, kind)): (usize, (String, PredictorKind))| {
        let value = |(at, &measure): (usize, &Measure)| {
            let at = place * each + at;
            let value = Some(whole[at]).filter(|value| value.is_finite());
            let module_less_this = if place > 0 { intervals[count + at] } else { None };
            MeasureValue { measure, value, interval: intervals[at], module_less_this }
        };
        PredictorResult { name, kind, measures: measures.iter().enumerate().map(value).collect() }
    };
    let bootstrap = Bootstrap { draws: DRAWS, seed: asked.seed };
    let binary = match asked.output.is_binary() {
        true => {
            let EvaluationInput { predictions, outcomes, groups, output, frozen, .. } = asked;
            binary_detail(predictions, outcomes, groups, &output.thresholds, frozen, bootstrap)?
        }
        false => None,
    };
    let of_chance = chance(asked, measures)?;
    let counts = match asked.outcomes {
        Outcomes::Numbers(_) => Vec::new(),
        Outcomes::Classes { count, of } => {
            (0..*count).map(|class| of.iter().filter(|own| **own == class).count()).collect()
        }
    };
    Ok(Evaluated {
        output: asked.output.id.clone(),
        title: asked.output.title.clone(),
        classes: asked.output.classes().into_iter().map(str::to_owned).collect(),
        counts,
        cases: all.len(),
        patients: asked.groups.iter().collect::<BTreeSet<_>>().len(),
        predictors: names.enumerate().map(result).chain(of_chance).collect(),
        subgroups: asked
            .parts
            .iter()
            .map(|part| of_part(asked, measures[0], part))
            .collect::<Result<_, _>>()?,
        binary,
    })
}

/// For each cross-validation of a bootstrap resample the measures of each predictor, in the order of [`evaluate`].
fn retrained_values(asked: &EvaluationInput<'_>, measures: &[Measure], predictors: usize) -> Vec<Vec<f64>> {
    let whole = asked.retrained.iter().filter(|one| one.predictions.len() == predictors);
    let of = |one: &Retrained| {
        let rows: Vec<usize> = (0..one.outcomes.rows()).collect();
        let each = one.predictions.iter();
        each.flat_map(|predictions| {
            measures.iter().map(|measure| measure.of(predictions, &one.outcomes, &rows))
        })
        .collect()
    };
    whole.collect::<Vec<_>>().into_par_iter().map(of).collect()
}

/// Intervals of values, then of differences from the module, each widened about its value by how much more it spreads where everything is fitted anew.
fn widened(
    intervals: Vec<Option<Interval>>,
    whole: &[f64],
    measures: &[Measure],
    again: &[Vec<f64>],
) -> Vec<Option<Interval>> {
    let (count, each) = (whole.len(), measures.len());
    let one = |(place, interval): (usize, Option<Interval>)| {
        let interval = interval?;
        let of = |values: &[f64]| match place < count {
            true => values[place],
            false => values[(place - count) % each] - values[place - count],
        };
        let spread = summary(&again.iter().map(|values| of(values)).collect::<Vec<f64>>(), interval.level);
        let spread = spread.ok().and_then(|found| found.standard_deviation);
        let own = interval.half_width() / NORMAL;
        let ratio = match spread {
            Some(spread) if own > 0.0 => (spread / own).max(1.0),
            _ => 1.0,
        };
        let value = of(whole);
        // Differences have no ends of their own that matter here.
        let [least, most] = if place < count { measures[place % each].range() } else { [f64::MIN, f64::MAX] };
        let away = |end: f64| (value + ratio * (end - value)).clamp(least, most);
        Interval::new(away(interval.low), away(interval.high), interval.level)
    };
    intervals.into_iter().enumerate().map(one).collect()
}

/// Means over shuffles, with the t interval of the mean. Cross-validated measures of one shuffle spread about twice as wide as bootstrap resamples of patients
/// say: what a fold has by chance its training cases lack (Bates et al. 2024, J Am Stat Assoc 119:1434).
fn chance(
    asked: &EvaluationInput<'_>,
    measures: &[Measure],
) -> Result<Option<PredictorResult>, StatisticsError> {
    if asked.shuffled.is_empty() {
        return Ok(None);
    }
    let all: Vec<usize> = (0..asked.outcomes.rows()).collect();
    let value = |&measure: &Measure| {
        let of = |(predictions, outcomes): &(Predictions, Outcomes)| measure.of(predictions, outcomes, &all);
        let values: Vec<f64> = asked.shuffled.iter().map(of).collect();
        let is_known = values.iter().all(|value| value.is_finite());
        let found = if is_known { Some(mean(&values, Level::NINETY_FIVE)?) } else { None };
        let interval = found.as_ref().and_then(|found| found.interval);
        let value = found.map(|found| found.value);
        Ok(MeasureValue { measure, value, interval, module_less_this: None })
    };
    let measures = measures.iter().map(value).collect::<Result<_, StatisticsError>>()?;
    let name = match asked.shuffled.len() {
        1 => "shuffled outcomes, once".to_owned(),
        count => format!("shuffled outcomes, mean of {count}"),
    };
    Ok(Some(PredictorResult { name, kind: PredictorKind::Chance, measures }))
}

/// Intervals of statistics over some cases, by bootstrap resamples of patients.
fn drawn_again(
    asked: &EvaluationInput<'_>,
    cases: &[usize],
    statistics: usize,
    mut statistic: impl FnMut(&[usize], &mut [f64]),
) -> Result<Vec<Option<Interval>>, StatisticsError> {
    let groups: Vec<usize> = cases.iter().map(|&case| asked.groups[case]).collect();
    let how = Resampling { groups: Some(&groups), strata: None, interval: BootstrapInterval::Percentile };
    let bootstrap = Bootstrap { draws: DRAWS, seed: asked.seed };
    let mut rows = Vec::new();
    resampled(cases.len(), statistics, how, bootstrap, Level::NINETY_FIVE, |places, out| {
        rows.clear();
        rows.extend(places.iter().map(|&place| cases[place]));
        statistic(&rows, out);
    })
}

fn of_part(
    asked: &EvaluationInput<'_>,
    measure: Measure,
    part: &Subgroup,
) -> Result<SubgroupResult, StatisticsError> {
    let mut value = MeasureValue { measure, value: None, interval: None, module_less_this: None };
    if part.cases.len() >= LEAST_OF_PART {
        let of = |rows: &[usize]| measure.of(asked.predictions, asked.outcomes, rows);
        value.value = Some(of(&part.cases)).filter(|value| value.is_finite());
        let patients: BTreeSet<usize> = part.cases.iter().map(|&case| asked.groups[case]).collect();
        if patients.len() >= 2 {
            value.interval = drawn_again(asked, &part.cases, 1, |rows, out| out[0] = of(rows))?[0];
        }
    }
    Ok(SubgroupResult { name: part.name.clone(), cases: part.cases.len(), value })
}
