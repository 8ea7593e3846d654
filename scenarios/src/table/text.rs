//! A table as CSV, for programs that read no Parquet.

use super::TableError;
use arrow_array::RecordBatch;
use arrow_array::cast::AsArray;
use arrow_array::types::{Float64Type, UInt64Type};
use arrow_schema::DataType;
use std::io::Write;

/// Writes batches as CSV, with a line of headings; what has no value is empty.
///
/// # Errors
/// Whatever the system refuses.
pub fn write_csv(
    to: impl Write,
    names: &[String],
    batches: impl Iterator<Item = Result<RecordBatch, TableError>>,
) -> Result<(), TableError> {
    let mut writer = csv::Writer::from_writer(to);
    let wrong = |error: csv::Error| TableError::System(std::io::Error::other(error));
    writer.write_record(names).map_err(wrong)?;
    for batch in batches {
        let batch = batch?;
        for row in 0..batch.num_rows() {
            let cells = batch.columns().iter().map(|column| {
                if column.is_null(row) {
                    return String::new();
                }
                match column.data_type() {
                    DataType::UInt64 => column.as_primitive::<UInt64Type>().value(row).to_string(),
                    DataType::Float64 => column.as_primitive::<Float64Type>().value(row).to_string(),
                    _ => column
                        .as_string_opt::<i32>()
                        .map(|words| words.value(row).to_owned())
                        .unwrap_or_default(),
                }
            });
            writer.write_record(cells).map_err(wrong)?;
        }
    }
    Ok(writer.flush()?)
}
