//! All that is said of a study.

use super::agreement::{Agreement, OfClasses, agreement, of_classes};
use super::areas::{Areas, areas};
use super::data::Data;
use super::designs::{ModuleOf, UncrossedOf, module, uncrossed};
use super::marks::{MarksFound, marks};
use super::operating::{Operating, operating};
use super::time::{Times, times};
use crate::error::ReadersError;
use serde::Serialize;

/// What the readings of a study say.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Analysis {
    /// Version of this form.
    pub format: u32,
    /// Name of the study or of the table.
    pub title: String,
    /// Readers.
    pub readers: Vec<String>,
    /// Methods; the first is what others are compared with.
    pub treatments: Vec<String>,
    /// Number of cases.
    pub cases: usize,
    /// Of these with disease; `None` of classes.
    pub diseased: Option<usize>,
    /// Number of readings.
    pub readings: usize,
    /// Areas and tests; `None` of classes.
    #[serde(flatten)]
    pub areas: Option<Areas>,
    /// Sensitivity and specificity; `None` of classes and where no reader read everything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub operating: Option<Operating>,
    /// Areas and differences where readings are missing, by U-statistics.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub uncrossed: Vec<UncrossedOf>,
    /// The module alone against the mean reader of each method.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub module: Vec<ModuleOf>,
    /// Marks against lesions.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub marks: Option<MarksFound>,
    /// Readers against the truth, of classes.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub classes: Vec<OfClasses>,
    /// Agreement of readers.
    pub agreement: Agreement,
    /// Time per case.
    pub time: Option<Times>,
    /// What the researcher is to know.
    pub notes: Vec<String>,
}

/// Analyses readings.
///
/// # Errors
/// No readings, and what statistics cannot be computed of.
pub fn analyse(data: &Data) -> Result<Analysis, ReadersError> {
    if data.rows.is_empty() {
        return Err(ReadersError::Study(format!("{}: there are no readings yet", data.title)));
    }
    let cells = data.cells(|row| Some(row.rating));
    let diseased = data.diseased();
    let mut notes = data.notes.clone();
    if let Some(diseased) = &diseased {
        let with = diseased.iter().filter(|is| **is).count();
        if with == 0 || with == diseased.len() {
            let what = if with == 0 { "without" } else { "with" };
            let reason = format!("{}: all cases are {what} disease; a ROC curve needs both", data.title);
            return Err(ReadersError::Study(reason));
        }
    }
    let found = diseased.as_ref().map(|diseased| areas(data, &cells, diseased, &mut notes)).transpose()?;
    let (mut without_all, mut of_module, mut at) = (Vec::new(), Vec::new(), None);
    if let Some(diseased) = &diseased {
        without_all = uncrossed(data, &cells, diseased, &mut notes);
        at = operating(data, &cells, diseased)?;
        of_module = module(data, &cells, diseased, &mut notes)?;
    }
    let marks = marks(data, &mut notes)?;
    let classes = of_classes(data, &cells, &mut notes);
    let agreement = agreement(data, &cells, &mut notes);
    Ok(Analysis {
        format: 1,
        title: data.title.clone(),
        readers: data.readers.clone(),
        treatments: data.treatments.clone(),
        cases: data.cases.len(),
        diseased: diseased.map(|diseased| diseased.iter().filter(|is| **is).count()),
        readings: data.rows.len(),
        areas: found,
        operating: at,
        uncrossed: without_all,
        module: of_module,
        marks,
        classes,
        agreement,
        time: times(data),
        notes,
    })
}
