#![no_main]

use coxa_sim::muscle::activity::Activity;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(activity) = Activity::parse(text) {
        for phase in [-10.0, 0.0, 33.3, 100.0, 250.0] {
            let _ = activity.at(phase);
        }
        let _ = activity.varied(&[5.0; 8]).at(50.0);
    }
});
