//! Any text read as a law either gives cases that its own module could read, or an error.

#![no_main]

use coxa_diagnosis::manifest::{Manifest, shipped};
use coxa_diagnosis::virtual_cases::{Law, draw};
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static MANIFEST: LazyLock<Manifest> =
    LazyLock::new(|| shipped("laminoplasty-outcome").expect("it ships").manifest);

fuzz_target!(|text: &str| {
    if let Ok(law) = Law::from_toml(text) {
        let _ = draw(&law, &MANIFEST, 3, 1);
    }
});
