//! Set-ups of OpenSim's tools: any text gives an error or a set-up whose times are in order and whose analyses step by a row or more.
#![no_main]

use coxa_muscle::osim::setup;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(found) = setup::read(text) else { return };
    assert!(found.time[0] <= found.time[1], "{:?}", found.time);
    for asked in &found.analyses {
        assert!(asked.every >= 1 && !asked.name.is_empty() && !asked.analysis.class().is_empty());
    }
});
