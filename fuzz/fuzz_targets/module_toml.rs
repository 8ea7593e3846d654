//! Any text read as a manifest either gives a module that still fits itself, or mistakes that can be told.

#![no_main]

use coxa_diagnosis::manifest::Manifest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    match Manifest::from_toml(text) {
        Ok(manifest) => assert_eq!(manifest.check(), Ok(())),
        Err(error) => assert!(!error.to_string().is_empty()),
    }
});
