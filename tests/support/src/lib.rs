#![doc = include_str!("../README.md")]

use std::io::Write;
use std::path::{Path, PathBuf};

/// Names the folder of reference data, instead of `../shared/data` beside the checkout.
pub const REFERENCE_DATA: &str = "COXA_REFERENCE_DATA";

/// Names the file that lists the tests that were skipped, a line each.
pub const SKIPPED_TESTS: &str = "COXA_SKIPPED_TESTS";

/// A file or folder of the reference data, by its path below their folder; where it is not there, the calling test is
/// to return, and is noted as skipped.
pub fn reference_data(path: &str) -> Option<PathBuf> {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data");
    let found = std::env::var_os(REFERENCE_DATA).map_or(beside, PathBuf::from).join(path);
    if found.exists() {
        return Some(found);
    }
    skip(&format!("no reference data {path} ({REFERENCE_DATA} names their folder)"));
    None
}

/// Asks tests that kill and damage to do so for hours instead of moments.
pub const LONG_TESTS: &str = "COXA_LONG_TESTS";

/// Whether tests that kill and damage are to do so for hours.
pub fn is_long() -> bool {
    std::env::var_os(LONG_TESTS).is_some()
}

/// Notes that the calling test is skipped, and why.
///
/// # Panics
/// Where the list of skipped tests cannot be written: a skip that nobody counts is taken for a test that passed.
pub fn skip(reason: &str) {
    let thread = std::thread::current();
    let line = format!("skipped: {}: {reason}", thread.name().unwrap_or("a test"));
    println!("{line}");
    let Some(list) = std::env::var_os(SKIPPED_TESTS) else { return };
    let list = std::fs::File::options().create(true).append(true).open(&list);
    // One write for the whole line, so that tests that run side by side do not mix theirs.
    let written = list.and_then(|mut list| list.write_all(format!("{line}\n").as_bytes()));
    assert!(written.is_ok(), "the list of skipped tests cannot be written: {written:?}");
}
