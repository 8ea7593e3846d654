//! Any text read as a study either gives a study whose rows can be made, or an error.

#![no_main]

use coxa_scenario::study::Study;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(study) = Study::from_toml(text) {
        let rows = study.row_count();
        for row in [0, rows / 2, rows.saturating_sub(1)].into_iter().filter(|row| *row < rows) {
            assert_eq!(study.row(row).expect("a row of a study").len(), study.factors.len());
        }
    }
});
