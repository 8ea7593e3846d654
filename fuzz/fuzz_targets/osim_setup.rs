//! Set-ups of OpenSim's tools: any text gives an error or one whose analyses have a name and a step of at least 1.
#![no_main]

use coxa_sim::muscle::osim::setup;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(setup) = setup::read(text) else { return };
    assert!(setup.analyses.iter().all(|asked| !asked.name.is_empty() && asked.every >= 1));
});
