#![no_main]

use coxa_activity::Activity;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(activity) = Activity::parse(text) {
        for phase in [-10.0, 0.0, 33.3, 100.0, 250.0] {
            let _ = activity.at(phase / 100.0);
            let _ = activity.leg().map(|leg| leg.at(phase));
        }
        let _ = activity.leg().map(|leg| leg.varied(&[5.0; 8]).at(50.0));
    }
});
