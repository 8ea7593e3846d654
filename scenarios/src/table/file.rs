//! Parquet files: written whole, read batch by batch.

use crate::study::StudyError;
use arrow_array::RecordBatch;
use arrow_schema::{ArrowError, Schema};
use parquet::arrow::ArrowWriter;
use parquet::arrow::arrow_reader::{ParquetRecordBatchReader, ParquetRecordBatchReaderBuilder};
use parquet::basic::Compression;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use std::sync::Arc;

/// Rows of a group, which is the part of a file that readers hold in memory.
const GROUP_ROWS: usize = 1 << 16;
/// Rows that are read at a time.
const BATCH_ROWS: usize = 1 << 13;

/// Why a table cannot be read or written.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The system refused.
    #[error(transparent)]
    System(#[from] std::io::Error),
    /// No such table.
    #[error("it is damaged, or not a table of this study ({0})")]
    Parquet(#[from] ParquetError),
    /// Columns that do not fit together.
    #[error("it is not a table of this study ({0})")]
    Arrow(#[from] ArrowError),
    /// A study that was not checked.
    #[error(transparent)]
    Study(#[from] StudyError),
}

/// Writes batches of one schema as one file, with key and value pairs for whoever reads it. The same batches give the same bytes.
///
/// # Errors
/// Whatever the system refuses; batches of another schema.
pub fn write<W: Write + Send>(
    to: W,
    schema: &Arc<Schema>,
    about: &[(&str, String)],
    batches: impl IntoIterator<Item = Result<RecordBatch, TableError>>,
) -> Result<W, TableError> {
    let about = about.iter().map(|(key, value)| KeyValue::new((*key).to_owned(), value.clone())).collect();
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_max_row_group_row_count(Some(GROUP_ROWS))
        .set_created_by(concat!("coxa ", env!("CARGO_PKG_VERSION")).to_owned())
        .set_key_value_metadata(Some(about))
        .build();
    let mut writer = ArrowWriter::try_new(to, schema.clone(), Some(properties))?;
    for batch in batches {
        writer.write(&batch?)?;
    }
    Ok(writer.into_inner()?)
}

/// Opens a file that was written so, to be read batch by batch.
///
/// # Errors
/// A file that is missing, damaged or of other columns.
pub fn read(path: &Path, schema: &Schema) -> Result<ParquetRecordBatchReader, TableError> {
    let builder = ParquetRecordBatchReaderBuilder::try_new(File::open(path)?)?;
    if builder.schema().fields() != schema.fields() {
        return Err(ArrowError::SchemaError("other columns".into()).into());
    }
    Ok(builder.with_batch_size(BATCH_ROWS).build()?)
}
