//! The columns of a study's results.

use crate::study::{Study, StudyError};
use crate::variable::Variable;
use arrow_schema::{DataType, Field, Schema};
use std::sync::Arc;

/// A column.
#[derive(Debug, Clone, PartialEq)]
pub enum Column {
    /// Number of the job.
    Job,
    /// Name of the patient.
    Patient,
    /// Sex, where it is known.
    Sex,
    /// Age, years, where it is known.
    Age,
    /// Body mass index, kg/m², where it is known.
    Bmi,
    /// Weight, kg, where it is known.
    Weight,
    /// Grade of what the planned hip suffers from, where it is known and has one.
    Grade,
    /// Levels of a factor that are numbers.
    Number {
        /// Its place in the study.
        place: usize,
        /// Name with unit.
        name: String,
    },
    /// Levels of a factor that are words.
    Word {
        /// Its place in the study.
        place: usize,
        /// Its name.
        name: String,
    },
    /// `done`, `refused` or `failed`.
    Outcome,
    /// Why it was not done.
    Reason,
    /// A quantity that is kept.
    Output {
        /// Its place among them.
        place: usize,
        /// Name with unit.
        name: String,
    },
}

impl Column {
    /// Its name.
    pub fn name(&self) -> &str {
        match self {
            Column::Job => "job",
            Column::Patient => "patient",
            Column::Sex => "sex",
            Column::Age => "age_years",
            Column::Bmi => "bmi_kg_m2",
            Column::Weight => "weight_kg",
            Column::Grade => "disease_grade",
            Column::Outcome => "outcome",
            Column::Reason => "reason",
            Column::Number { name, .. } | Column::Word { name, .. } | Column::Output { name, .. } => name,
        }
    }

    pub(super) fn field(&self) -> Field {
        let (kind, is_optional) = match self {
            Column::Job => (DataType::UInt64, false),
            Column::Patient | Column::Outcome | Column::Word { .. } => (DataType::Utf8, false),
            Column::Sex | Column::Reason => (DataType::Utf8, true),
            Column::Number { .. } => (DataType::Float64, false),
            Column::Age | Column::Bmi | Column::Weight | Column::Grade | Column::Output { .. } => {
                (DataType::Float64, true)
            }
        };
        Field::new(self.name(), kind, is_optional)
    }
}

/// The columns of a study: job and patient, levels, outcome, what is kept.
///
/// # Errors
/// A study that was not checked.
pub fn columns(study: &Study) -> Result<Vec<Column>, StudyError> {
    let mut columns = vec![
        Column::Job,
        Column::Patient,
        Column::Sex,
        Column::Age,
        Column::Bmi,
        Column::Weight,
        Column::Grade,
    ];
    for (place, factor) in study.factors.iter().enumerate() {
        let plain = factor.name.replace('.', "_");
        columns.push(match factor.is_numeric() {
            true => {
                let unit = Variable::named(&factor.name)?.unit().replace('/', "_");
                let name = if unit.is_empty() { plain } else { format!("{plain}_{unit}") };
                Column::Number { place, name: format!("level_{name}") }
            }
            false => Column::Word { place, name: format!("level_{plain}") },
        });
    }
    columns.extend([Column::Outcome, Column::Reason]);
    let outputs = study.outputs()?.into_iter().enumerate();
    columns.extend(outputs.map(|(place, output)| Column::Output { place, name: output.column() }));
    Ok(columns)
}

/// The schema of hip forces over activities.
pub fn series_schema() -> Arc<Schema> {
    let field = |name: &str, kind| Field::new(name, kind, false);
    Arc::new(Schema::new(vec![
        field("job", DataType::UInt64),
        field("activity", DataType::Utf8),
        field("fraction", DataType::Float64),
        field("hip_force_pct_bw", DataType::Float64),
    ]))
}
