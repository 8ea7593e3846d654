//! A motion of a leg and what was computed of it, in the files that OpenSim has for them.
//!
//! Coordinates and muscles have the names of the model, so that the files and the model as [`super::osim::write`] has it open together.

use super::dynamics::Wrench;
use super::files::{Motion, Storage};
use super::hip_loads::{FEMUR, HipInstant, LoadedLeg, MotionFrame};
use super::kinematics::Posture;
use super::model::{ActsOn, Actuator, GROUND, Model};
use super::osim::{ExternalForce, ExternalLoads};
use nalgebra::{Point3, Vector3};

/// A force is a point on its line only where it is greater than this, N.
const LEAST_FORCE_N: f64 = 1e-6;

/// The coordinates of a model over a motion of its leg, angles in degrees.
pub fn motion(name: &str, model: &Model, leg: &LoadedLeg, frames: &[MotionFrame]) -> Storage {
    let coordinates: Vec<_> = model.joints.iter().flat_map(|joint| &joint.coordinates).collect();
    let places: Vec<_> = coordinates.iter().map(|c| leg.skeleton().coordinate(&c.name)).collect();
    let value = |frame: &MotionFrame, n: usize| {
        places[n].map_or(coordinates[n].default_value, |place| frame.q[place])
    };
    let rows: Vec<Vec<f64>> =
        frames.iter().map(|frame| (0..places.len()).map(|n| value(frame, n)).collect()).collect();
    Motion::table(name, model, frames.iter().map(|frame| frame.time_s).collect(), &rows)
}

/// What pushes on bodies over a motion, as a table and what says which column is what; `file` is the table's name.
pub fn external_loads(
    name: &str,
    file: &str,
    leg: &LoadedLeg,
    frames: &[MotionFrame],
) -> (ExternalLoads, Storage) {
    let mut bodies: Vec<usize> = frames.iter().flat_map(|f| f.pushes.iter().map(|(body, _)| *body)).collect();
    bodies.sort_unstable();
    bodies.dedup();
    let skeleton = leg.skeleton();
    let called: Vec<String> = bodies.iter().map(|&body| skeleton.bodies()[body].clone()).collect();
    let prefixes =
        |body: &String| [format!("{body}_force_v"), format!("{body}_force_p"), format!("{body}_torque_")];
    let columns = called
        .iter()
        .flat_map(prefixes)
        .flat_map(|prefix| ["x", "y", "z"].map(|axis| format!("{prefix}{axis}")));
    let mut posture = Posture::default();
    let row = |frame: &MotionFrame| {
        skeleton.place(&frame.q, &mut posture);
        let on = |&body: &usize| {
            let all = frame.pushes.iter().filter(|(own, _)| *own == body);
            let together = all.fold(Wrench::ZERO, |sum, (_, push)| Wrench {
                force: sum.force + push.force,
                moment: sum.moment + push.moment,
            });
            let [point, torque] = at_a_point(&together, posture.frames[body].origin);
            [together.force, point, torque].into_iter().flat_map(|v| [v.x, v.y, v.z])
        };
        bodies.iter().flat_map(on).collect()
    };
    let rows = frames.iter().map(row).collect();
    let force = |body: &String| ExternalForce {
        name: body.clone(),
        body: body.clone(),
        force_in: GROUND.into(),
        point_in: GROUND.into(),
        columns: prefixes(body).map(Some),
        data_source: None,
    };
    let loads = ExternalLoads { data_file: Some(file.into()), forces: called.iter().map(force).collect() };
    let table = Storage {
        name: name.into(),
        in_degrees: Some(false),
        columns: columns.collect(),
        times: frames.iter().map(|frame| frame.time_s).collect(),
        rows,
    };
    (loads, table)
}

/// A wrench as a force at a point and a torque: the point of its line at the height of a body's origin where the force rises or falls.
fn at_a_point(wrench: &Wrench, origin: Vector3<f64>) -> [Vector3<f64>; 2] {
    let square = wrench.force.norm_squared();
    if square < LEAST_FORCE_N * LEAST_FORCE_N {
        return [origin, wrench.moment_about(Point3::from(origin))];
    }
    let nearest = wrench.force.cross(&wrench.moment) / square;
    let up = wrench.force.y;
    let along = if up.abs() > LEAST_FORCE_N { (origin.y - nearest.y) / up } else { 0.0 };
    let point = nearest + wrench.force * along;
    [point, wrench.moment_about(Point3::from(point))]
}

/// A number of every muscle over a motion: activations, forces or lengths.
pub fn of_muscles(
    name: &str,
    leg: &LoadedLeg,
    frames: &[MotionFrame],
    instants: &[HipInstant],
    number: fn(&HipInstant) -> &Vec<f64>,
) -> Storage {
    Storage {
        name: name.into(),
        in_degrees: Some(false),
        columns: leg.muscles().to_vec(),
        times: frames.iter().map(|frame| frame.time_s).collect(),
        rows: instants.iter().map(|instant| number(instant).clone()).collect(),
    }
}

/// What is added to a coordinate's name to name the actuator that holds it.
const HOLD: &str = "_hold";

/// A model with an actuator on every coordinate, N or N m at a control of one, that bears what muscles leave: with [`forces`] nothing is
/// unbalanced, and OpenSim's analyses find the accelerations of the motion.
pub fn held(model: &Model) -> Model {
    let mut model = model.clone();
    let coordinates = model.joints.iter().flat_map(|joint| &joint.coordinates);
    let hold = |name: &String| Actuator {
        name: format!("{name}{HOLD}"),
        optimal_force: 1.0,
        control: [f64::NEG_INFINITY, f64::INFINITY],
        on: ActsOn::Coordinate(name.clone()),
    };
    let holds: Vec<Actuator> = coordinates.map(|c| hold(&c.name)).collect();
    model.actuators.extend(holds);
    model
}

/// Forces of muscles, and of the actuators of the [`held`] model, N and N m.
pub fn forces(
    name: &str,
    model: &Model,
    leg: &LoadedLeg,
    frames: &[MotionFrame],
    instants: &[HipInstant],
) -> Storage {
    let mut table = of_muscles(name, leg, frames, instants, |instant| &instant.forces);
    let names: Vec<&String> =
        model.joints.iter().flat_map(|joint| &joint.coordinates).map(|c| &c.name).collect();
    let places: Vec<_> = names.iter().map(|name| leg.skeleton().coordinate(name)).collect();
    table.columns.extend(names.iter().map(|name| format!("{name}{HOLD}")));
    let mut leg = leg.clone();
    for ((row, frame), instant) in table.rows.iter_mut().zip(frames).zip(instants) {
        let left = leg.left_by_muscles(frame, &instant.forces);
        row.extend(places.iter().map(|place| place.map_or(0.0, |place| left[place])));
    }
    table
}

/// The force of the pelvis on the femur, N, along the axes of the femur and of the pelvis of the model.
pub fn reaction(name: &str, frames: &[MotionFrame], instants: &[HipInstant]) -> Storage {
    let column = |body: &str, axis: &str| format!("hip_r_on_{FEMUR}_in_{body}_f{axis}");
    let columns =
        [FEMUR, "pelvis"].into_iter().flat_map(|body| ["x", "y", "z"].map(|axis| column(body, axis)));
    let row = |instant: &HipInstant| {
        let both = [instant.on_head_in_femur, instant.on_head_in_pelvis];
        both.into_iter().flat_map(|force| [force.x, force.y, force.z]).collect()
    };
    Storage {
        name: name.into(),
        in_degrees: Some(false),
        columns: columns.collect(),
        times: frames.iter().map(|frame| frame.time_s).collect(),
        rows: instants.iter().map(row).collect(),
    }
}
