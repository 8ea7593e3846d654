//! Any text read as a plan either gives a plan that reads back as itself, or an error with a line.

#![no_main]

use coxa_planner::document::{from_toml, to_toml};
use coxa_planner::implants::Catalogue;
use libfuzzer_sys::fuzz_target;
use std::sync::LazyLock;

static CATALOGUE: LazyLock<Catalogue> = LazyLock::new(Catalogue::builtin);

fuzz_target!(|text: &str| {
    match from_toml(text, &CATALOGUE) {
        Ok(plan) => {
            let written = to_toml(&plan);
            let again = from_toml(&written, &CATALOGUE).expect("a written plan is read");
            assert_eq!(to_toml(&again), written);
        }
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
