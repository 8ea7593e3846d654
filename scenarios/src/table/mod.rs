//! Results as tables of Apache Arrow, in Parquet files.

mod columns;
mod file;
mod text;

pub use columns::{Column, columns, series_schema};
pub use file::{TableError, read, write};
pub use text::write_csv;

use crate::output::Series;
use crate::run::{Block, Outcome, Row};
use crate::study::{Study, StudyError};
use crate::variable::Value;
use arrow_array::builder::{Float64Builder, StringBuilder, UInt64Builder};
use arrow_array::{ArrayRef, RecordBatch};
use arrow_schema::{ArrowError, Schema};
use std::sync::Arc;

/// The rows of a block under the columns of its study.
///
/// # Errors
/// A block of another study.
pub fn of_block(study: &Study, block: &Block) -> Result<RecordBatch, TableError> {
    let columns = columns(study)?;
    let arrays = columns.iter().map(|column| array(column, block)).collect();
    Ok(RecordBatch::try_new(schema(&columns), arrays)?)
}

/// The schema of a study's results.
///
/// # Errors
/// A study that was not checked.
pub fn results_schema(study: &Study) -> Result<Arc<Schema>, StudyError> {
    Ok(schema(&columns(study)?))
}

fn schema(columns: &[Column]) -> Arc<Schema> {
    Arc::new(Schema::new(columns.iter().map(Column::field).collect::<Vec<_>>()))
}

fn array(column: &Column, block: &Block) -> ArrayRef {
    let rows = &block.rows;
    let numbers = |of: &dyn Fn(&Row) -> Option<f64>| -> ArrayRef {
        let mut built = Float64Builder::new();
        rows.iter().for_each(|row| built.append_option(of(row)));
        Arc::new(built.finish())
    };
    let words = |of: &dyn Fn(&Row) -> Option<String>| -> ArrayRef {
        let mut built = StringBuilder::new();
        rows.iter().for_each(|row| built.append_option(of(row)));
        Arc::new(built.finish())
    };
    match column {
        Column::Job => {
            let mut built = UInt64Builder::new();
            rows.iter().for_each(|row| built.append_value(row.job));
            Arc::new(built.finish())
        }
        Column::Patient => words(&|_| Some(block.patient.clone())),
        Column::Sex => words(&|row| row.person.sex.map(|sex| sex.name().to_owned())),
        Column::Age => numbers(&|row| row.person.age_years),
        Column::Bmi => numbers(&|row| row.person.bmi),
        Column::Weight => numbers(&|row| row.person.weight_kg),
        Column::Grade => numbers(&|row| row.person.grade.map(f64::from)),
        Column::Number { place, .. } => numbers(&|row| match row.levels.get(*place) {
            Some(Value::Number(number)) => Some(*number),
            _ => None,
        }),
        Column::Word { place, .. } => words(&|row| row.levels.get(*place).map(ToString::to_string)),
        Column::Outcome => words(&|row| {
            Some(match row.outcome {
                Outcome::Done { .. } => "done".into(),
                Outcome::Refused(_) => "refused".into(),
                Outcome::Failed(_) => "failed".into(),
            })
        }),
        Column::Reason => words(&|row| match &row.outcome {
            Outcome::Done { .. } => None,
            Outcome::Refused(why) | Outcome::Failed(why) => Some(why.clone()),
        }),
        Column::Output { place, .. } => numbers(&|row| match &row.outcome {
            Outcome::Done { values, .. } => values.get(*place).copied().flatten(),
            _ => None,
        }),
    }
}

/// The hip forces of a block, a row for each time step.
///
/// # Errors
/// None that can come of a block.
pub fn series_of_block(block: &Block) -> Result<RecordBatch, ArrowError> {
    let mut job = UInt64Builder::new();
    let mut activity = StringBuilder::new();
    let (mut fraction, mut force) = (Float64Builder::new(), Float64Builder::new());
    let all = block.rows.iter().filter_map(|row| match &row.outcome {
        Outcome::Done { series, .. } => Some(series),
        _ => None,
    });
    for Series { job: number, activity: name, fraction: at, force_pct_bw } in all.flatten() {
        for (at, value) in at.iter().zip(force_pct_bw) {
            job.append_value(*number);
            activity.append_value(name);
            fraction.append_value(*at);
            force.append_value(*value);
        }
    }
    let arrays: Vec<ArrayRef> = vec![
        Arc::new(job.finish()),
        Arc::new(activity.finish()),
        Arc::new(fraction.finish()),
        Arc::new(force.finish()),
    ];
    RecordBatch::try_new(series_schema(), arrays)
}
