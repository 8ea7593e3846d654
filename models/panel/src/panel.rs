//! What one module says of one case.

use crate::picture::Picture;
use serde::{Deserialize, Serialize};

/// What one module says of one case.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Panel {
    /// Name of the module: `hip-function`. Scripts and the folder of a stored panel have it; [`is_name`](crate::is_name) says which are names.
    pub module: String,
    /// Its heading.
    pub title: String,
    /// What it rests on and how sure that is, in words.
    pub evidence: String,
    /// Paragraphs above its numbers; none is empty.
    pub texts: Vec<String>,
    /// Its numbers.
    pub table: Table,
    /// Its pictures.
    pub pictures: Vec<Picture>,
    /// What is known of the module; `None` of what Coxa measures itself.
    pub card: Option<Card>,
}

/// Numbers by row and column.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Table {
    /// Heads of the columns after the first, which names the rows.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<TableRow>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TableRow {
    /// What it is of.
    pub name: String,
    /// One for each column; empty where nothing is known.
    pub cells: Vec<String>,
    /// How it was obtained, to be shown when asked.
    pub method: String,
}

/// What is known of a module, for whoever is to judge what it says.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Card {
    /// Purpose that its author intends.
    pub intended_use: String,
    /// Evidence tag: `real-reference`, `synthetic-new-anatomy`.
    pub evidence: String,
    /// Cases that it was trained on.
    pub trained_on: String,
    /// Its method, in a few sentences.
    pub method: String,
    /// Where it fails.
    pub fails_on: Vec<String>,
    /// Publications that it rests on.
    pub sources: Vec<String>,
    /// Licence of its weights.
    pub weights_licence: String,
    /// Licence of the data that it was trained on.
    pub data_licence: String,
    /// SHA-256 of its manifest, 64 hexadecimal digits.
    pub module_sha256: String,
    /// Version of the program that ran it.
    pub program_version: String,
}

impl Card {
    /// Its lines as name and words, in the order in which they are shown; those with nothing to say are left out.
    ///
    /// ```
    /// let card = coxa_panel::Card { evidence: "analytic".into(), ..Default::default() };
    /// assert_eq!(card.lines(), [("Evidence", "analytic".to_owned())]);
    /// ```
    pub fn lines(&self) -> Vec<(&'static str, String)> {
        let lines = [
            ("Intended use", self.intended_use.clone()),
            ("Evidence", self.evidence.clone()),
            ("Trained on", self.trained_on.clone()),
            ("Method", self.method.clone()),
            ("Fails on", self.fails_on.join("; ")),
            ("Sources", self.sources.join("; ")),
            ("Licence of the weights", self.weights_licence.clone()),
            ("Licence of the data", self.data_licence.clone()),
            ("SHA-256 of the manifest", self.module_sha256.clone()),
            ("Version of the program", self.program_version.clone()),
        ];
        lines.into_iter().filter(|(_, words)| !words.is_empty()).collect()
    }
}
