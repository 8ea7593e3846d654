//! The panel of one case.

use crate::manifest::{Manifest, Output, Scale};
use coxa_learning::Predictions;
use coxa_panel::{Card, Panel, Picture, Table, TableRow};

/// Classes that are less likely are not listed.
const LEAST_LISTED: f64 = 0.01;

/// What was predicted of one output.
#[derive(Debug, Clone, PartialEq)]
pub enum Predicted {
    /// A number in the unit of the output.
    Number(f64),
    /// The probability of each class, in their order.
    Probabilities(Vec<f64>),
}

/// One output of one case.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseResult<'a> {
    /// The output.
    pub output: &'a Output,
    /// What was predicted.
    pub predicted: Predicted,
    /// Thresholds of the probability of yes: name and value. Empty where there are none.
    pub thresholds: Vec<(String, f64)>,
    /// How it was obtained, in words: `mean of 5 graphs, calibrated by temperature`.
    pub method: String,
}

impl Predicted {
    /// Of one case of several; `None` beyond the last.
    pub fn of(predictions: &Predictions, case: usize) -> Option<Predicted> {
        match predictions {
            Predictions::Numbers(values) => values.get(case).copied().map(Predicted::Number),
            Predictions::Probabilities(rows) => rows.get(case).cloned().map(Predicted::Probabilities),
        }
    }
}

/// What a module says of one case. `manifest_text` is the manifest as it is written, `notes` are sentences that the reader is to know
/// of this case.
pub fn panel(
    manifest: &Manifest,
    manifest_text: &str,
    results: &[CaseResult<'_>],
    notes: &[String],
    pictures: Vec<Picture>,
) -> Panel {
    let texts = std::iter::once(&manifest.question).chain(notes).filter(|text| !text.is_empty());
    let rows = results.iter().flat_map(rows).collect::<Vec<_>>();
    let columns = if rows.is_empty() { Vec::new() } else { vec!["prediction".to_owned()] };
    let card = &manifest.card;
    Panel {
        module: manifest.name.clone(),
        title: manifest.title.clone(),
        evidence: format!(
            "Research only; a prediction, not a diagnosis. Evidence of the module: {}.",
            manifest.evidence.tag()
        ),
        texts: texts.cloned().collect(),
        table: Table { columns, rows },
        pictures,
        card: Some(Card {
            intended_use: manifest.intended_use.clone(),
            evidence: manifest.evidence.tag().into(),
            trained_on: card.trained_on.clone(),
            method: card.method.clone(),
            fails_on: card.fails_on.clone(),
            sources: card.sources.clone(),
            weights_licence: manifest.licence.weights.clone(),
            data_licence: manifest.licence.data.clone(),
            module_sha256: coxa_panel::sha256(manifest_text.as_bytes()),
            program_version: env!("CARGO_PKG_VERSION").into(),
        }),
    }
}

/// The prediction, then what each threshold makes of it.
fn rows(result: &CaseResult<'_>) -> Vec<TableRow> {
    let row =
        |name: String, cell: String| TableRow { name, cells: vec![cell], method: result.method.clone() };
    let title = &result.output.title;
    let mut rows = vec![row(title.clone(), cell(result))];
    if let (true, Predicted::Probabilities(all)) = (result.output.is_binary(), &result.predicted)
        && let [_, yes] = all[..]
    {
        rows.extend(result.thresholds.iter().map(|(name, from)| {
            let answer = if yes >= *from { "yes" } else { "no" };
            row(format!("{title}, threshold {name} ({:.1} %)", 100.0 * from), answer.into())
        }));
    }
    rows
}

fn cell(result: &CaseResult<'_>) -> String {
    match (&result.predicted, &result.output.scale) {
        (Predicted::Number(value), Scale::Number(numeric) | Scale::AtLeast(_, numeric)) => {
            // Three digits that count, or all of a whole number.
            let digits = (2.0 - value.abs().max(1e-9).log10().floor()).clamp(0.0, 6.0) as usize;
            format!("{value:.digits$} {}", numeric.unit).trim_end().to_owned()
        }
        (Predicted::Number(value), _) => value.to_string(),
        (Predicted::Probabilities(all), _) => match (result.output.is_binary(), &all[..]) {
            (true, [_, yes]) => format!("yes {}", per_cent(*yes)),
            _ => classes(&result.output.classes(), all),
        },
    }
}

/// `femur 60.0 %, lung 30.0 %`, likeliest first.
fn classes(names: &[&str], probabilities: &[f64]) -> String {
    let mut all: Vec<(&str, f64)> = names.iter().copied().zip(probabilities.iter().copied()).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let listed = all.iter().enumerate().filter(|(n, (_, p))| *n == 0 || *p >= LEAST_LISTED);
    listed.map(|(_, (name, p))| format!("{name} {}", per_cent(*p))).collect::<Vec<_>>().join(", ")
}

fn per_cent(probability: f64) -> String {
    format!("{:.1} %", 100.0 * probability)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::manifest::shipped;

    fn result<'a>(output: &'a Output, predicted: Predicted) -> CaseResult<'a> {
        let thresholds = vec![("screening".to_owned(), 0.2), ("sure".to_owned(), 0.9)];
        CaseResult { output, predicted, thresholds, method: "a model".into() }
    }

    #[test]
    fn a_prediction_becomes_a_panel_that_a_case_can_hold() {
        for name in crate::manifest::shipped_names() {
            let module = shipped(name).unwrap();
            let results: Vec<CaseResult<'_>> = module
                .manifest
                .outputs
                .iter()
                .map(|output| match output.classes().len() {
                    0 => result(output, Predicted::Number(-0.04567)),
                    count => result(output, Predicted::Probabilities(vec![1.0 / count as f64; count])),
                })
                .collect();
            let notes = ["One graph of five was left out.".to_owned()];
            let panel = panel(&module.manifest, &module.text, &results, &notes, Vec::new());
            let case = tempfile::tempdir().unwrap();
            coxa_panel::write(case.path(), &panel).unwrap();
            let found = coxa_panel::read(case.path(), name).unwrap();
            assert_eq!(found.panel, panel);
            let card = panel.card.unwrap();
            assert_eq!(
                (card.module_sha256.len(), card.evidence.as_str()),
                (64, module.manifest.evidence.tag())
            );
            assert_eq!(panel.texts, [module.manifest.question.clone(), notes[0].clone()]);
        }
    }

    #[test]
    fn cells_say_what_is_likely_and_on_which_side_of_a_threshold_it_is() {
        let manifest = shipped("hip-fracture-mobility").unwrap().manifest;
        let mut output = manifest.outputs[0].clone();
        output.title = "Outcome".into();
        output.scale = Scale::Flag;
        let said = rows(&result(&output, Predicted::Probabilities(vec![0.7, 0.3])));
        let said: Vec<(&str, &str)> =
            said.iter().map(|row| (row.name.as_str(), row.cells[0].as_str())).collect();
        let thresholds =
            [("Outcome, threshold screening (20.0 %)", "yes"), ("Outcome, threshold sure (90.0 %)", "no")];
        assert_eq!((said[0], &said[1..]), (("Outcome", "yes 30.0 %"), &thresholds[..]));
        output.scale = Scale::Classes(["a", "b", "c", "d"].map(String::from).to_vec());
        let one = result(&output, Predicted::Probabilities(vec![0.3, 0.69, 0.004, 0.006]));
        assert_eq!((rows(&one).len(), cell(&one)), (1, "b 69.0 %, a 30.0 %".to_owned()));
        let numbers = Predictions::Numbers(vec![1.0, 2.0]);
        assert_eq!(Predicted::of(&numbers, 1), Some(Predicted::Number(2.0)));
        assert_eq!(Predicted::of(&numbers, 2), None);
    }
}
