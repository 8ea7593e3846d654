//! Models of OpenSim: any text gives an error or a model that can be written, and whose muscles have a length in its default position.
#![no_main]

use coxa_sim::muscle::{Paths, Posture, Skeleton, osim};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(model) = osim::read(text) else { return };
    osim::write(&model);
    let Ok(skeleton) = Skeleton::new(&model) else { return };
    let Ok(paths) = Paths::new(&model, &skeleton) else { return };
    let mut posture = Posture::default();
    skeleton.place(skeleton.defaults(), &mut posture);
    for muscle in 0..model.muscles.len() {
        paths.length(muscle, &skeleton, skeleton.defaults(), &posture, None);
    }
});
