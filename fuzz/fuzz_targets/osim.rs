//! Models of OpenSim: any text gives an error or a model that can be written, and whose muscles have a length in its default position and
//! share its moments, and whose markers are followed where they stand; forces and markers in files of their own are an error or are read.
#![no_main]

use coxa_muscle::files::Markers;
use coxa_muscle::model::{Marker, Model};
use coxa_muscle::optimisation::{Instant, MuscleForces, Settings, StaticOptimisation};
use coxa_muscle::tracking::{Goals, track};
use coxa_muscle::{Paths, Posture, Skeleton, osim};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = osim::read_forces(text, &Model::default());
    let _ = osim::read_markers(text, &Model::default());
    let Ok(model) = osim::read(text) else { return };
    osim::write(&model);
    let Ok(skeleton) = Skeleton::new(&model) else { return };
    follow(&model, &skeleton);
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

/// The model's own markers, in its default position and then unseen.
fn follow(model: &Model, skeleton: &Skeleton) {
    let mut posture = Posture::default();
    skeleton.place(skeleton.defaults(), &mut posture);
    let place = |marker: &Marker| Some(posture.point(skeleton.body(&marker.body)?, &marker.at));
    let seen: Vec<_> = model.markers.iter().map(place).collect();
    let markers = Markers {
        names: model.markers.iter().map(|marker| marker.name.clone()).collect(),
        rate_hz: 1.0,
        times: vec![0.0, 1.0],
        places: vec![seen.clone(), vec![None; seen.len()]],
        unit_m: 1.0,
    };
    let Ok(goals) = Goals::new(model, skeleton, &markers.names, None, None) else { return };
    let _ = track(model, skeleton, &goals, &markers, [0.0, 1.0], None);
}
