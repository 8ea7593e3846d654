//! What a run keeps.

use crate::association::Associated;
use crate::evaluation::Evaluated;
use crate::training::{FittedOutput, FoldLog};
use serde::{Deserialize, Serialize};

/// `settings.json`: what was run.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RunSettings {
    /// Form of the folder, 1.
    pub format: u32,
    /// Version of the program.
    pub program_version: String,
    /// Name of the module.
    pub module: String,
    /// SHA-256 of the manifest.
    pub manifest_sha256: String,
    /// SHA-256 of the table of cases.
    pub table_sha256: String,
    /// Whether the cases are virtual ones of the module's own law.
    pub is_example: bool,
    /// Cases and patients of the table.
    pub cases: usize,
    /// Patients that they are of.
    pub patients: usize,
    /// Sentences about what is missing or was left out.
    pub notes: Vec<String>,
    /// What the run did.
    #[serde(default, skip_serializing_if = "RunKind::is_training")]
    pub kind: RunKind,
}

/// What a run did.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RunKind {
    /// It trained a module and judged it by cross-validation, or compared.
    #[default]
    Training,
    /// It judged predictions that were made without these cases.
    Evaluation {
        /// Whether the cases are of another place or time than those of the training.
        external: bool,
        /// Whether the thresholds were set before, in the training.
        frozen_thresholds: bool,
    },
}

impl RunKind {
    /// Whether it trained, or compared.
    pub fn is_training(&self) -> bool {
        *self == RunKind::Training
    }
}

/// `evaluation.json`: how good it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// By output; of a training by cross-validation.
    pub outputs: Vec<Evaluated>,
    /// Mean absolute Shapley values of the cases by output: column and value, on the raw scale of the model of all cases.
    pub importance: Vec<(String, Vec<(String, f64)>)>,
    /// Comparisons, of a module that compares.
    pub association: Option<Associated>,
}

/// A run as it lies in its folder: of a training, or of an evaluation.
#[derive(Debug, Clone, PartialEq)]
pub struct ModuleRun {
    /// The manifest as it was written.
    pub manifest: String,
    /// What was run.
    pub settings: RunSettings,
    /// Models, of a module that predicts.
    pub models: Vec<FittedOutput>,
    /// Choices in each fold, by output.
    pub log: Vec<(String, Vec<FoldLog>)>,
    /// How good it is.
    pub results: Results,
    /// Further files: name and content.
    pub files: Vec<(String, Vec<u8>)>,
}
