//! Motions of a leg: any text gives an error or coordinates over time, and these can be filtered and followed as a curve, or it is said why not.
#![no_main]

use coxa_muscle::files::{Course, Motion, Storage};
use coxa_muscle::{Skeleton, osim};
use libfuzzer_sys::fuzz_target;

const LEG: &str = include_str!("../../sim/muscle/src/osim/forms/leg_4.osim");

fuzz_target!(|text: &str| {
    let Ok(table) = Storage::read(text) else { return };
    let model = osim::read(LEG).expect("the leg is a model");
    let skeleton = Skeleton::new(&model).expect("the leg has a skeleton");
    let Ok(motion) = Motion::new(&table, &model, &skeleton) else { return };
    let mut lists = [(); 3].map(|()| vec![0.0; skeleton.coordinates().len()]);
    for motion in [Some(motion.clone()), motion.low_pass(6.0).ok()].into_iter().flatten() {
        let Ok(course) = Course::new(&motion) else { continue };
        for time in [motion.times[0] - 1.0, motion.times[0], motion.times[motion.times.len() - 1]] {
            let [q, velocities, accelerations] = &mut lists;
            course.at(time, q, velocities, accelerations);
        }
    }
});
