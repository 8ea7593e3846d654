//! A module as its manifest describes it.

use super::form::{Association, Calibration, Candidate, Card, Evaluation, Evidence, Explain, Licence};
use super::graph::{GraphFile, Preprocess};
use super::input::Input;
use super::network::Network;
use super::output::Output;
use thiserror::Error;

/// A module as its manifest describes it.
#[derive(Debug, Clone, PartialEq)]
pub struct Manifest {
    /// Name at the command line: small letters, digits and hyphens.
    pub name: String,
    /// Title in reports.
    pub title: String,
    /// The question that the module answers, in a sentence.
    pub question: String,
    /// Evidence that there is for the module as it ships.
    pub evidence: Evidence,
    /// Licences.
    pub licence: Licence,
    /// Purpose that the author intends.
    pub intended_use: String,
    /// Everything that the module looks at.
    pub inputs: Vec<Input>,
    /// Steps between an image and a graph, in their order.
    pub preprocess: Vec<Preprocess>,
    /// ONNX graphs whose answers are averaged.
    pub graphs: Vec<GraphFile>,
    /// How a network is trained; with graphs, how they were.
    pub network: Option<Network>,
    /// Models of tables to choose among by nested cross-validation.
    pub candidates: Vec<Candidate>,
    /// What the module predicts; of an association nothing.
    pub outputs: Vec<Output>,
    /// What an association compares with what.
    pub association: Option<Association>,
    /// How a prediction is explained.
    pub explain: Option<Explain>,
    /// How probabilities are calibrated.
    pub calibration: Calibration,
    /// How the module is judged.
    pub evaluation: Evaluation,
    /// What is known about it in words.
    pub card: Card,
}

/// A mistake in a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// Line, from 1, where it can be named.
    pub line: Option<usize>,
    /// What it is about and what is wrong.
    pub what: String,
}

/// A manifest that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{}", words(.0))]
pub struct ManifestError(pub Vec<Mistake>);

fn words(mistakes: &[Mistake]) -> String {
    let line = |mistake: &Mistake| match mistake.line {
        Some(line) => format!("line {line}: {}", mistake.what),
        None => mistake.what.clone(),
    };
    mistakes.iter().map(line).collect::<Vec<_>>().join("\n")
}

impl Manifest {
    /// Whether networks look at its image, trained already or yet to be.
    pub fn looks(&self) -> bool {
        !self.graphs.is_empty() || self.network.is_some()
    }

    /// An input by its id.
    pub fn input(&self, id: &str) -> Option<&Input> {
        self.inputs.iter().find(|input| input.id == id)
    }
}
