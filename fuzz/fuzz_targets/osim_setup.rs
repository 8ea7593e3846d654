//! Set-ups of OpenSim's tools: any text gives an error or a set-up whose times are in order, whose analyses step by a row or more, whose weights are above zero and whose factors are not.
#![no_main]

use coxa_muscle::osim::scale_setup::MOST_FACTOR;
use coxa_muscle::osim::{kinematics_setup, scale_setup, setup};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(found) = setup::read(text) {
        assert!(found.time[0] <= found.time[1], "{:?}", found.time);
        for asked in &found.analyses {
            assert!(asked.every >= 1 && !asked.name.is_empty() && !asked.analysis.class().is_empty());
        }
    }
    if let Ok(found) = kinematics_setup::read(text) {
        assert!(found.time[0] <= found.time[1], "{:?}", found.time);
        let tasks = found.tasks.unwrap_or_default();
        assert!(tasks.markers.iter().all(|(_, weight)| *weight > 0.0));
    }
    if let Ok(found) = scale_setup::read(text) {
        if let Some(scaling) = &found.scaling {
            assert!(
                scaling.manual.iter().all(|(_, factors)| factors.min() > 0.0 && factors.max() <= MOST_FACTOR)
            );
            assert!(
                scaling.measurements.iter().flat_map(|one| &one.bodies).all(|(_, axes)| axes.contains(&true))
            );
        }
    }
});
