//! A table and its files as cases.

use super::error::WorkflowError;
use crate::cases::{Cases, Encoding, Sheet, Truth};
use crate::derived::derive;
use crate::manifest::Manifest;
use coxa_panel::sha256;
use std::path::Path;

/// How a table is read.
#[derive(Debug, Clone, Copy)]
pub struct TableOptions<'a> {
    /// How its letters are written.
    pub encoding: Encoding,
    /// Folder of the images and cases that it names.
    pub images: &'a Path,
    /// Whether the truth is in it.
    pub truth: Truth,
}

/// Cases, and the hash of their table.
#[derive(Debug, Clone, PartialEq)]
pub struct Prepared {
    /// The cases, with all values that could be computed.
    pub cases: Cases,
    /// SHA-256 of the table, in hexadecimal.
    pub table_sha256: String,
}

/// Reads a table, and computes what it lacks from the files that it names. `done` is told of each case.
///
/// # Errors
/// Everything that is wrong with the table or its files, by row and column.
pub fn prepare(
    manifest: &Manifest,
    table: &[u8],
    asking: TableOptions<'_>,
    done: &mut dyn FnMut(usize),
) -> Result<Prepared, WorkflowError> {
    let sheet = Sheet::read(table, asking.encoding)?;
    let mut cases = Cases::read(&sheet, manifest, asking.truth)?;
    derive(&mut cases, manifest, asking.images, done)?;
    Ok(Prepared { cases, table_sha256: sha256(table) })
}
