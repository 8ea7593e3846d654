//! What an evaluation finds.

use super::binary::BinaryDetail;
use super::measure::Measure;
use coxa_statistics::Interval;
use serde::{Deserialize, Serialize};

/// Evaluation of the predictions of one output.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Evaluated {
    /// Id of the output.
    pub output: String,
    /// Its title.
    pub title: String,
    /// Its classes; of a number none.
    pub classes: Vec<String>,
    /// Cases of each class; of a number none.
    pub counts: Vec<usize>,
    /// Cases with a truth.
    pub cases: usize,
    /// Patients that they are of.
    pub patients: usize,
    /// The module, then what it is compared with.
    pub predictors: Vec<PredictorResult>,
    /// The module in parts of the cases, by the first measure.
    pub subgroups: Vec<SubgroupResult>,
    /// Curves and thresholds of a binary output.
    pub binary: Option<BinaryDetail>,
}

/// Kind of predictor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PredictorKind {
    /// The module itself.
    Module,
    /// Something that it must be better than.
    Baseline,
    /// The same models on shuffled outcomes: what chance gives.
    Chance,
    /// The law from which virtual cases were drawn: nothing can be better but by chance.
    Ceiling,
}

/// One predictor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PredictorResult {
    /// Name in tables.
    pub name: String,
    /// Its kind.
    pub kind: PredictorKind,
    /// Measures, the one that counts first.
    pub measures: Vec<MeasureValue>,
}

/// A measure of one predictor.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MeasureValue {
    /// The measure.
    pub measure: Measure,
    /// Its value; `None` where the cases do not determine it.
    pub value: Option<f64>,
    /// Interval by bootstrap resamples of patients.
    pub interval: Option<Interval>,
    /// The module less this predictor, over the same draws; of the module itself `None`.
    pub module_less_this: Option<Interval>,
}

/// The module in a part of the cases.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SubgroupResult {
    /// What the part has in common: `Sex: female`.
    pub name: String,
    /// Cases in it.
    pub cases: usize,
    /// The first measure.
    pub value: MeasureValue,
}
