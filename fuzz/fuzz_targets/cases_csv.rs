//! Any bytes read as a table of cases, or of predictions, give cases of equal columns, or mistakes that can be told.

#![no_main]

use coxa_diagnosis::cases::{Cases, Encoding, Sheet, Truth};
use coxa_diagnosis::manifest::{Manifest, shipped};
use coxa_diagnosis::run::read_predictions;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static MANIFEST: LazyLock<Manifest> =
    LazyLock::new(|| shipped("hip-fracture-mobility").expect("it ships").manifest);

fuzz_target!(|bytes: &[u8]| {
    for encoding in [Encoding::Unicode, Encoding::ShiftJis, Encoding::Windows1252] {
        let Ok(sheet) = Sheet::read(bytes, encoding) else { continue };
        assert!(sheet.rows.iter().all(|row| row.cells.len() == sheet.names.len()));
        match Cases::read(&sheet, &MANIFEST, Truth::Wanted) {
            Ok(cases) => assert_eq!(cases.patients.len(), sheet.rows.len()),
            Err(problems) => assert!(!problems.to_string().is_empty()),
        }
    }
    let _ = read_predictions(bytes, &MANIFEST.outputs[0]);
});
