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
}

/// `evaluation.json`: how good it is.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Results {
    /// By output, by cross-validation.
    pub outputs: Vec<Evaluated>,
    /// Mean absolute Shapley values of the cases by output: column and value, on the raw scale of the model of all cases.
    pub importance: Vec<(String, Vec<(String, f64)>)>,
    /// Comparisons, of a module that compares.
    pub association: Option<Associated>,
}

/// A run as it lies in its folder.
#[derive(Debug, Clone, PartialEq)]
pub struct TrainingRun {
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
