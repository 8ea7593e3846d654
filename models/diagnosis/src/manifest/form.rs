//! The form of `module.toml`.

use super::graph::GraphFile;
use super::input::InputForm;
use super::network::Network;
use super::output::OutputForm;
use coxa_learning::{Grid, Settings};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use toml::Spanned;

/// Form of the manifest that this program reads.
pub const FORMAT: u32 = 1;

/// `module.toml` as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Form {
    pub(super) format: u32,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) question: String,
    pub(super) evidence: Evidence,
    pub(super) licence: Licence,
    pub(super) intended_use: String,
    #[serde(default, rename = "input")]
    pub(super) inputs: Vec<InputForm>,
    #[serde(default, rename = "preprocess")]
    pub(super) preprocess: Vec<Spanned<toml::Table>>,
    #[serde(default, rename = "graph")]
    pub(super) graphs: Vec<GraphFile>,
    #[serde(default)]
    pub(super) network: Option<Spanned<Network>>,
    #[serde(default, rename = "candidate")]
    pub(super) candidates: Vec<CandidateForm>,
    #[serde(default, rename = "output")]
    pub(super) outputs: Vec<OutputForm>,
    #[serde(default)]
    pub(super) association: Option<Association>,
    #[serde(default)]
    pub(super) explain: Option<Explain>,
    #[serde(default)]
    pub(super) calibration: Calibration,
    pub(super) evaluation: Evaluation,
    pub(super) card: Card,
}

/// Evidence tag of a figure.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// A law of mathematics or physics.
    Analytic,
    /// Real cases with a reference standard.
    RealReference,
    /// Real cases with labels of a program.
    RealPseudoLabel,
    /// Virtual cases of anatomies that training did not see.
    SyntheticNewAnatomy,
    /// Virtual cases of anatomies that training saw.
    SyntheticSameAnatomy,
}

impl Evidence {
    /// As in documents.
    pub fn tag(self) -> &'static str {
        match self {
            Evidence::Analytic => "analytic",
            Evidence::RealReference => "real-reference",
            Evidence::RealPseudoLabel => "real-pseudo-label",
            Evidence::SyntheticNewAnatomy => "synthetic-new-anatomy",
            Evidence::SyntheticSameAnatomy => "synthetic-same-anatomy",
        }
    }
}

/// Licences of what ships with a module.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Licence {
    /// Of its weights; `none` where none ship.
    pub weights: String,
    /// Of the cases that it was trained on.
    pub data: String,
}

/// A `[[candidate]]` as it is written.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct CandidateForm {
    pub(super) name: String,
    /// Settings that do not vary.
    pub(super) settings: Settings,
    /// Values of those that do: all combinations are tried.
    #[serde(default)]
    pub(super) vary: BTreeMap<String, Vec<serde_json::Value>>,
}

/// A model that may be chosen, with a grid of settings.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Name in tables: `elastic net`.
    pub name: String,
    /// Settings to choose among.
    pub grid: Vec<Settings>,
}

impl CandidateForm {
    /// The candidate, or what is wrong with it.
    pub(super) fn read(self) -> Result<Candidate, String> {
        let CandidateForm { name, settings, vary } = self;
        let grid = Grid { base: settings, vary }.candidates();
        let grid = grid.map_err(|error| format!("candidate {name:?}: {error}"))?;
        Ok(Candidate { name, grid })
    }
}

/// Everything against everything, corrected for how much is compared.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Association {
    /// Columns of scores.
    pub scores: Vec<Score>,
    /// Ids of inputs that partial correlations adjust for.
    #[serde(default)]
    pub adjust_for: Vec<String>,
    /// Permutations of the family-wise test.
    pub permutations: usize,
    /// Seed of the permutations.
    pub seed: u64,
}

/// A score that is held against inputs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Score {
    /// Column of the table.
    pub column: String,
    /// Title.
    pub title: String,
    /// Least and most that the score can be.
    pub range: [f64; 2],
    /// Whether more is better for the patient.
    pub more_is_better: bool,
}

/// How a prediction is explained.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Explain {
    /// The method.
    pub method: ExplainMethod,
}

/// Ways to explain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExplainMethod {
    /// Class activation map of a graph, from its `maps`.
    Cam,
    /// The prediction with parts of the image covered.
    Occlusion,
    /// Shapley values of a table.
    Shapley,
}

/// How probabilities are calibrated.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Calibration {
    /// The method.
    pub method: CalibrationMethod,
}

/// Ways to calibrate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CalibrationMethod {
    /// Not at all.
    #[default]
    None,
    /// One temperature for all log probabilities (Guo 2017).
    Temperature,
    /// Logistic, of binary outputs (Platt 1999).
    Platt,
    /// Isotonic, of binary outputs and from 1,000 cases.
    Isotonic,
}

/// How a module is judged.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Evaluation {
    /// Column whose cases stay together.
    #[serde(default = "patient")]
    pub group: String,
    /// Outer folds.
    #[serde(default = "five")]
    pub folds: usize,
    /// Inner folds, where settings are chosen.
    #[serde(default = "five")]
    pub inner_folds: usize,
    /// Seed of folds, models and bootstrap.
    #[serde(default)]
    pub seed: u64,
    /// Predictors to be better than.
    #[serde(default)]
    pub baselines: Vec<Baseline>,
    /// Columns, or `age:65` for below and from a number, of whose subgroups tables are made.
    #[serde(default)]
    pub subgroups: Vec<String>,
}

fn patient() -> String {
    "patient".into()
}

fn five() -> usize {
    5
}

/// A predictor that a module must be better than.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Baseline {
    /// The mean, or the frequency of each class.
    Constant,
    /// The value of an input as it is, such as the grade on admission.
    CarryForward(String),
    /// The module's first candidate on these inputs alone.
    Inputs(Vec<String>),
    /// The module's own models on outcomes that were shuffled among cases: must be of no use.
    Shuffled,
}

/// What is known of a module in words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Cases that the weights that ship were trained on.
    pub trained_on: String,
    /// Method, in a few sentences.
    pub method: String,
    /// Where it fails.
    pub fails_on: Vec<String>,
    /// Publications that it rests on.
    #[serde(default)]
    pub sources: Vec<String>,
}
