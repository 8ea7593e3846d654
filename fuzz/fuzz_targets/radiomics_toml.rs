//! Any text read as settings of radiomics either passes its own check, or is refused.

#![no_main]

use coxa_radiomics::Settings;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(settings) = Settings::from_toml(text) {
        assert!(settings.check().is_ok());
    }
});
