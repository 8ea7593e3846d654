//! A manifest is read and checked whole.

use super::check::check;
use super::form::{FORMAT, Form};
use super::graph::Preprocess;
use super::input::InputForm;
use super::module::{Manifest, ManifestError, Mistake};
use coxa_anatomy::toml_reason::{line_at, plain_words, toml_reason};
use toml::Spanned;

/// A manifest longer than this is none.
const MOST_BYTES: usize = 1 << 20;

impl Manifest {
    /// Reads a manifest.
    ///
    /// # Errors
    /// All mistakes that it has; of a file that is no TOML, or has a field that is not known, the first.
    pub fn from_toml(text: &str) -> Result<Manifest, ManifestError> {
        let one = |what: String| ManifestError(vec![Mistake { line: None, what }]);
        if text.len() > MOST_BYTES {
            return Err(one("the file has more than 1 MiB, too much for a manifest".into()));
        }
        let form: Form = toml::from_str(text).map_err(|error| one(toml_reason(text, &error)))?;
        if form.format != FORMAT {
            return Err(one(format!("format is {}, and this program reads {FORMAT}", form.format)));
        }
        let mut mistakes = Vec::new();
        let line = |id: &Spanned<String>| Some(line_of(text, id));
        let mut inputs = Vec::new();
        for input in form.inputs.into_iter().flat_map(InputForm::each) {
            let (place, id) = (line(&input.id), input.id.get_ref().clone());
            match input.read() {
                Ok(input) => inputs.push((place, input)),
                Err(wrong) => mistakes.extend(
                    wrong
                        .into_iter()
                        .map(|what| Mistake { line: place, what: format!("input {id}: {what}") }),
                ),
            }
        }
        let mut outputs = Vec::new();
        for output in form.outputs {
            let (place, id) = (line(&output.id), output.id.get_ref().clone());
            match output.read() {
                Ok(output) => outputs.push((place, output)),
                Err(wrong) => mistakes.extend(
                    wrong
                        .into_iter()
                        .map(|what| Mistake { line: place, what: format!("output {id}: {what}") }),
                ),
            }
        }
        let network = form.network.map(|network| {
            let line = Some(line_at(text, Some(network.span())));
            let wrong = network.get_ref().mistakes();
            mistakes.extend(wrong.into_iter().map(|what| Mistake { line, what }));
            network.into_inner()
        });
        let mut preprocess = Vec::new();
        for form in form.preprocess {
            match step(text, form) {
                Ok(step) => preprocess.push(step),
                Err(mistake) => mistakes.push(mistake),
            }
        }
        let mut candidates = Vec::new();
        for candidate in form.candidates {
            match candidate.read() {
                Ok(candidate) => candidates.push(candidate),
                Err(what) => mistakes.push(Mistake { line: None, what }),
            }
        }
        let lines: Vec<Option<usize>> =
            inputs.iter().map(|(line, _)| *line).chain(outputs.iter().map(|(line, _)| *line)).collect();
        let manifest = Manifest {
            name: form.name,
            title: form.title,
            question: form.question,
            evidence: form.evidence,
            licence: form.licence,
            intended_use: form.intended_use,
            inputs: inputs.into_iter().map(|(_, input)| input).collect(),
            preprocess,
            graphs: form.graphs,
            network,
            candidates,
            outputs: outputs.into_iter().map(|(_, output)| output).collect(),
            association: form.association,
            explain: form.explain,
            calibration: form.calibration,
            evaluation: form.evaluation,
            card: form.card,
        };
        // What hangs together is judged of what could be read: an input with a mistake of its own is not missing.
        if mistakes.is_empty() {
            check(&manifest, &lines, &mut mistakes);
        }
        if mistakes.is_empty() { Ok(manifest) } else { Err(ManifestError(mistakes)) }
    }
}

impl Manifest {
    /// That its parts still fit each other, after one of them was changed.
    ///
    /// # Errors
    /// All that do not.
    pub fn check(&self) -> Result<(), ManifestError> {
        let mut mistakes = Vec::new();
        check(self, &[], &mut mistakes);
        if mistakes.is_empty() { Ok(()) } else { Err(ManifestError(mistakes)) }
    }
}

/// One step; a mistake in it has the line where the step begins.
fn step(text: &str, form: Spanned<toml::Table>) -> Result<Preprocess, Mistake> {
    let line = Some(line_at(text, Some(form.span())));
    let read = toml::Value::Table(form.into_inner()).try_into::<Preprocess>();
    read.map_err(|error| plain_words(error.message()))
        .and_then(|step| step.mistake().map_or(Ok(step), Err))
        .map_err(|what| Mistake { line, what: format!("[[preprocess]]: {what}") })
}

fn line_of(text: &str, id: &Spanned<String>) -> usize {
    line_at(text, Some(id.span()))
}
