//! Manifests of networks: any text gives an error or a manifest within its limits.
#![no_main]

use coxa_network::Manifest;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(manifest) = Manifest::from_toml(text, "manifest.toml") else { return };
    assert!(manifest.input.patch.iter().all(|n| (8..=512).contains(n)));
    assert!(manifest.input.spacing_mm.iter().all(|mm| mm.is_finite() && *mm > 0.0));
});
