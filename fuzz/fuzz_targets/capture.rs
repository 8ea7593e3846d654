//! What a motion laboratory measures: any bytes give an error or markers, each with as many places as there are times.
#![no_main]

use coxa_sim::muscle::files::{c3d, markers};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(found) = c3d::read(bytes) {
        assert_eq!(found.markers.times.len(), found.markers.places.len());
    }
    if let Ok(found) = markers::read_trc(&String::from_utf8_lossy(bytes)) {
        assert_eq!(found.times.len(), found.places.len());
    }
});
