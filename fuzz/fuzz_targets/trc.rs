//! Markers over time as text (.trc): any text gives an error or markers whose places are numbers, at times that rise.
#![no_main]

use coxa_muscle::files::markers;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(found) = markers::read_trc(text) else { return };
    assert_eq!(found.times.len(), found.places.len());
    assert!(found.times.windows(2).all(|pair| pair[0] < pair[1]));
    for places in &found.places {
        assert_eq!(places.len(), found.names.len());
        assert!(places.iter().flatten().all(|place| place.iter().all(|axis| axis.is_finite())));
    }
});
