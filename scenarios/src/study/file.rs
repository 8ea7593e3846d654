//! What a study file says.

use super::cohort::Cohort;
use super::design::Design;
use super::error::StudyError;
use super::factor::Factor;
use crate::output::Output;
use serde::{Deserialize, Serialize};

/// A study, as its file says it. [`Study::from_toml`] reads and checks one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Study {
    /// Version of the file's form.
    pub format: u32,
    /// What the study is called.
    pub title: String,
    /// What it asks, in a sentence.
    #[serde(default)]
    pub question: String,
    /// Seed of everything random but the patients.
    #[serde(default = "one")]
    pub seed: u64,
    /// Of whom.
    pub cohort: Cohort,
    /// What is varied.
    #[serde(default, rename = "factor")]
    pub factors: Vec<Factor>,
    /// How levels are combined.
    #[serde(default)]
    pub design: Design,
    /// What is simulated.
    #[serde(default)]
    pub simulate: Simulate,
    /// Names of the quantities that are kept.
    pub keep: Vec<String>,
    /// Folder of the user's own implants, as for `coxa plan --implants`; relative to the study file.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub implants: Option<std::path::PathBuf>,
    /// The study is given up where more than this part of the patients cannot be used, per cent.
    #[serde(default = "twenty")]
    pub most_unusable_percent: f64,
}

const fn one() -> u64 {
    1
}

const fn twenty() -> f64 {
    20.0
}

/// What is simulated of each plan. Stages that nothing that is kept needs are left out.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Simulate {
    /// Activities whose contact is followed; none are all of those that `keep` names.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub activities: Vec<String>,

    /// Whether the hip force over each activity is kept, in a second table.
    pub series: bool,
}

impl Study {
    /// The quantities that are kept, in the order of the file, each once.
    ///
    /// # Errors
    /// A name that no quantity has, with those nearest to it.
    pub fn outputs(&self) -> Result<Vec<Output>, StudyError> {
        let mut outputs: Vec<Output> = Vec::new();
        for name in &self.keep {
            for output in Output::named(name)? {
                if !outputs.contains(&output) {
                    outputs.push(output);
                }
            }
        }
        Ok(outputs)
    }
}
