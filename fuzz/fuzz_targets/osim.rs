//! Models of OpenSim: any text gives an error or a model that can be written, and whose muscles have a length in its default position and
//! share its moments; forces in a file of their own are an error or are read.
#![no_main]

use coxa_muscle::model::Model;
use coxa_muscle::optimisation::{Instant, Settings, MuscleForces, StaticOptimisation};
use coxa_muscle::{Paths, Posture, Skeleton, osim};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = osim::read_forces(text, &Model::default());
    let Ok(model) = osim::read(text) else { return };
    osim::write(&model);
    let Ok(skeleton) = Skeleton::new(&model) else { return };
    let Ok(paths) = Paths::new(&model, &skeleton) else { return };
    let mut posture = Posture::default();
    skeleton.place(skeleton.defaults(), &mut posture);
    for muscle in 0..model.muscles.len() {
        paths.length(muscle, &skeleton, skeleton.defaults(), &posture, None);
    }
    let Ok(mut optimisation) = StaticOptimisation::new(&model, &skeleton, &paths, Settings::default()) else {
        return;
    };
    let (q, zero) = (skeleton.defaults(), vec![0.0; skeleton.defaults().len()]);
    let instant = Instant { q, velocities: &zero, posture: &posture, moments: &zero };
    optimisation.solve(&skeleton, &paths, &instant, &mut MuscleForces::default());
});
