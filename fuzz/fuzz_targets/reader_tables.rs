//! Any bytes read as a table of ratings, of marks, or as the readings of a study give rows, or an error.

#![no_main]

use coxa_readers::analysis::{analyse, from_table};
use coxa_readers::mark::mark_rows;
use coxa_readers::reading::read_log;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(folder) = tempfile::tempdir() else { return };
    let path = folder.path().join("table.csv");
    if std::fs::write(&path, bytes).is_err() {
        return;
    }
    if let Ok(data) = from_table(&path) {
        let _ = analyse(&data);
    }
    let _ = mark_rows(&path);
    let _ = read_log(&path);
});
