//! External loads of OpenSim: any text gives an error or loads, and these act on a skeleton that has their bodies from a table that has
//! their columns, or say why they do not.
#![no_main]

use coxa_muscle::files::Storage;
use coxa_muscle::osim::{self, AppliedLoads};
use coxa_muscle::{Posture, Skeleton};
use libfuzzer_sys::fuzz_target;

const LEG: &str = include_str!("../../sim/muscle/src/osim/forms/leg_4.osim");

fuzz_target!(|text: &str| {
    let Ok(loads) = osim::read_external_loads(text) else { return };
    let model = osim::read(LEG).expect("the leg is a model");
    let skeleton = Skeleton::new(&model).expect("the leg has a skeleton");
    let prefixes = loads.forces.iter().flat_map(|force| force.columns.iter().flatten());
    let columns: Vec<String> =
        prefixes.flat_map(|p| ["x", "y", "z"].map(|axis| format!("{p}{axis}"))).collect();
    let row = |value: f64| vec![value; columns.len()];
    let table = Storage {
        times: vec![0.0, 1.0],
        rows: vec![row(-1.0), row(2.0)],
        columns: columns.clone(),
        ..Storage::default()
    };
    let Ok(applied) = AppliedLoads::new(&loads, &table, &skeleton) else { return };
    let (mut posture, mut on_bodies) = (Posture::default(), Vec::new());
    skeleton.place(skeleton.defaults(), &mut posture);
    for time in [-1.0, 0.25, 1.0, 7.0] {
        applied.at(time, &posture, &mut on_bodies);
        assert_eq!(on_bodies.len(), loads.forces.len());
        assert_eq!(applied.record(time, &posture).len(), applied.record_columns().len());
    }
});
