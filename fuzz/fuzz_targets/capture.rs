//! What a motion laboratory measures (C3D): any bytes give an error or markers, each with as many places as there are times.
#![no_main]

use coxa_muscle::files::c3d;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(found) = c3d::read(bytes) else { return };
    assert_eq!(found.markers.times.len(), found.markers.places.len());
});
