//! What a model was made from, and how good it is.

use serde::{Deserialize, Serialize};

/// What a model was made from.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Provenance {
    /// Where the examples come from.
    pub sources: Vec<Source>,
    /// Number of examples.
    pub shapes: usize,
    /// Version of the program that built it.
    pub program_version: String,
    /// How it was built, as a command or in words.
    #[serde(default)]
    pub recipe: String,
    /// How good the model is, as measured when it was built.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metrics: Option<Metrics>,
}

/// One source of examples.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Source {
    /// Name and place.
    pub name: String,
    /// Licence, as an SPDX identifier where there is one.
    pub licence: String,
    /// Words that the licence asks for.
    #[serde(default)]
    pub attribution: String,
}

/// Figures of a model; distances in mm.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Metrics {
    /// Mean distance from each example to the surface that a model of the others gives it, over its vertices and the examples, with the first mode, the first two, and
    /// so on, found in correspondence.
    pub generalisation_mm: Vec<f64>,
    /// Mean distance between the vertices of a sample and of the example nearest to it, over 200 samples.
    pub specificity_mm: f64,
    /// Root mean square over the examples of what completing each from its upper quarter (of several pieces: from the lower six tenths), by a model of the others, gets wrong
    /// along the normals of the unseen vertices, against the posterior's own spread there.
    #[serde(default)]
    pub completion_factor: f64,
    /// The same error in mm.
    #[serde(default)]
    pub completion_mm: f64,
}
