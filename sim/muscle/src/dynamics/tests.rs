//! Closed forms and laws of inverse dynamics.

mod energy;

use super::super::function::Function;
use super::super::model::{Body, Coordinate, Coupler, GROUND, Joint, JointAxis, Motion};
use super::*;
use nalgebra::{Isometry3, Translation3, UnitQuaternion};
use proptest::prelude::*;

fn coordinate(name: &str) -> Coordinate {
    Coordinate {
        name: name.into(),
        motion: Motion::Rotation,
        default_value: 0.0,
        range: [-10.0, 10.0],
        is_locked: false,
        is_clamped: false,
    }
}

fn at(x: f64, y: f64, z: f64) -> Isometry3<f64> {
    Isometry3::from_parts(
        Translation3::new(x, y, z),
        UnitQuaternion::from_euler_angles(0.3 * y, 0.2, 0.5 * x),
    )
}

fn body(name: &str, mass: f64, centre: [f64; 3]) -> Body {
    let inertia = Matrix3::new(0.03, 0.004, -0.002, 0.004, 0.02, 0.001, -0.002, 0.001, 0.04) * mass;
    Body { name: name.into(), mass, mass_centre: Point3::from(centre), inertia }
}

/// A body in a joint whose first axis turns and whose last slides with a bent function of both of its coordinates.
fn joint(parent: &str, child: &str, names: [&str; 2]) -> Joint {
    let turn = Function::Linear(vec![1.0, 0.0]);
    let axis = |axis: Vector3<f64>, coordinates: Vec<usize>, function: Function| JointAxis {
        axis: axis.normalize(),
        coordinates,
        function,
    };
    let none = |direction| axis(direction, Vec::new(), Function::Constant(0.0));
    let bent = Function::Polynomial(vec![0.3, -0.2, 0.1, 0.05]);
    Joint {
        name: format!("{child}_joint"),
        parent: parent.into(),
        child: child.into(),
        in_parent: at(0.1, -0.4, 0.05),
        in_child: at(0.02, 0.1, -0.03),
        coordinates: names.map(coordinate).to_vec(),
        axes: [
            axis(Vector3::new(0.2, 0.1, 1.0), vec![0], turn.clone()),
            axis(Vector3::new(1.0, 0.1, 0.0), vec![1], turn),
            none(Vector3::y()),
            axis(Vector3::x(), vec![0], bent.clone()),
            none(Vector3::y()),
            axis(Vector3::new(0.0, 0.3, 1.0), vec![1], bent),
        ],
    }
}

fn chain() -> Model {
    Model {
        gravity: Vector3::new(0.0, -9.80665, 0.0),
        bodies: vec![
            body("thigh", 8.0, [0.01, -0.17, 0.02]),
            body("shank", 3.5, [0.0, -0.18, 0.0]),
            body("other", 2.0, [0.1, 0.0, 0.0]),
        ],
        joints: vec![
            joint(GROUND, "thigh", ["a", "b"]),
            joint("thigh", "shank", ["c", "d"]),
            joint("thigh", "other", ["e", "f"]),
        ],
        ..Model::default()
    }
}

fn moved(dynamics: &Dynamics, skeleton: &Skeleton, [q, v, a]: [&[f64]; 3]) -> BodyMotion {
    let mut motion = BodyMotion::default();
    dynamics.inverse(skeleton, &State { q, velocities: v, accelerations: a }, &[], &mut motion);
    motion
}

fn numbers(count: usize, most: f64) -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(-most..most, count)
}

#[test]
fn a_pendulum_takes_what_its_closed_form_says() {
    let mut model = chain();
    model.bodies = vec![body("rod", 2.0, [0.0, -0.5, 0.0])];
    let mut rod = joint(GROUND, "rod", ["a", "b"]);
    (rod.in_parent, rod.in_child) = (Isometry3::identity(), Isometry3::identity());
    rod.coordinates.truncate(1);
    rod.axes.iter_mut().for_each(|axis| axis.function = Function::Constant(0.0));
    rod.axes[0] =
        JointAxis { axis: Vector3::z(), coordinates: vec![0], function: Function::Linear(vec![1.0, 0.0]) };
    model.joints = vec![rod];
    let skeleton = Skeleton::new(&model).unwrap();
    let dynamics = Dynamics::new(&model, &skeleton);
    let (angle, speed, gain) = (0.7_f64, 2.0, -3.0);
    let motion = moved(&dynamics, &skeleton, [&[angle], &[speed], &[gain]]);
    let (mass, far, inertia) = (2.0, 0.5, 0.04 * 2.0);
    let moment = (inertia + mass * far * far) * gain + mass * 9.80665 * far * angle.sin();
    assert!((motion.generalised_forces()[0] - moment).abs() < 1e-12);
    // The rod's own pull: weight and what keeps its mass on the circle.
    let along = Vector3::new(-angle.sin(), angle.cos(), 0.0);
    let pull = mass * (speed * speed * far + 9.80665 * angle.cos());
    assert!((motion.borne(1).force.dot(&along) - pull).abs() < 1e-12);
}

#[test]
fn what_follows_hands_its_share_on() {
    let mut model = chain();
    let free = Skeleton::new(&model).unwrap();
    let dynamics = Dynamics::new(&model, &free);
    let (q, zeros) = ([0.2, -0.3, 0.4, 0.8, -0.5, 0.3], [0.0; 6]);
    let alone = moved(&dynamics, &free, [&q, &zeros, &zeros]).forces;
    let function = Function::Linear(vec![2.0, 0.0]);
    model.couplers.push(Coupler {
        name: "d follows c".into(),
        dependent: "d".into(),
        independent: vec!["c".into()],
        function,
        scale: 1.0,
    });
    let coupled = Skeleton::new(&model).unwrap();
    let with = moved(&dynamics, &coupled, [&q, &zeros, &zeros]).forces;
    assert!((with[2] - alone[2] - 2.0 * alone[3]).abs() < 1e-12);
}

proptest! {
    /// The fast operator against the explicit one: M qdd + bias.
    #[test]
    fn forces_are_mass_matrix_times_acceleration_and_a_bias(
        q in numbers(6, 1.0), v in numbers(6, 3.0), a in numbers(6, 10.0)
    ) {
        let model = chain();
        let skeleton = Skeleton::new(&model).unwrap();
        let dynamics = Dynamics::new(&model, &skeleton);
        let all = moved(&dynamics, &skeleton, [&q, &v, &a]).forces;
        let bias = moved(&dynamics, &skeleton, [&q, &v, &[0.0; 6]]).forces;
        let matrix = dynamics.mass_matrix(&skeleton, &q, &mut BodyMotion::default());
        prop_assert!((&matrix - matrix.transpose()).amax() < 1e-12);
        prop_assert!(matrix.clone().cholesky().is_some(), "no mass is negative");
        let product = matrix * nalgebra::DVector::from_column_slice(&a);
        for n in 0..6 {
            prop_assert!((all[n] - bias[n] - product[n]).abs() < 1e-10);
        }
    }

    /// The power of the generalised forces is what the energy gains.
    #[test]
    fn energy_balances(q in numbers(6, 1.0), v in numbers(6, 3.0), a in numbers(6, 10.0)) {
        let model = chain();
        let skeleton = Skeleton::new(&model).unwrap();
        let dynamics = Dynamics::new(&model, &skeleton);
        let power: f64 = moved(&dynamics, &skeleton, [&q, &v, &a]).forces.iter().zip(&v).map(|(f, v)| f * v).sum();
        let energy = |t: f64| {
            let place: Vec<f64> = (0..6).map(|n| q[n] + t * v[n] + t * t / 2.0 * a[n]).collect();
            let speed: Vec<f64> = (0..6).map(|n| v[n] + t * a[n]).collect();
            let energy = dynamics.energy(&moved(&dynamics, &skeleton, [&place, &speed, &a]));
            energy.kinetic + energy.potential
        };
        let step = 1e-4;
        let gain = (8.0 * (energy(step) - energy(-step)) - energy(2.0 * step) + energy(-2.0 * step)) / (12.0 * step);
        prop_assert!((gain - power).abs() < 1e-5 * (1.0 + power.abs()), "{gain} {power}");
    }

    /// Loads that are added later are borne as those that are there from the beginning.
    #[test]
    fn loads_are_borne_whenever_they_are_told(
        q in numbers(6, 1.0), v in numbers(6, 3.0), a in numbers(6, 10.0), force in numbers(3, 500.0), moment in numbers(3, 50.0)
    ) {
        let model = chain();
        let skeleton = Skeleton::new(&model).unwrap();
        let dynamics = Dynamics::new(&model, &skeleton);
        let load = Wrench { force: Vector3::from_column_slice(&force), moment: Vector3::from_column_slice(&moment) };
        let loads: Vec<(usize, Wrench)> = (1..4).map(|body| (body, load)).collect();
        let state = State { q: &q, velocities: &v, accelerations: &a };
        let (mut whole, mut borne) = (BodyMotion::default(), Vec::new());
        dynamics.inverse(&skeleton, &state, &loads, &mut whole);
        moved(&dynamics, &skeleton, [&q, &v, &a]).borne_with(&skeleton, &loads, &mut borne);
        for (body, borne) in borne.iter().enumerate() {
            let off = (borne.force - whole.borne(body).force).norm() + (borne.moment - whole.borne(body).moment).norm();
            prop_assert!(off < 1e-9, "{body}: {off}");
        }
    }

    /// Every body is in equilibrium: ground bears the weight of all and what moves their middle, less the loads.
    #[test]
    fn loads_and_what_ground_bears_are_in_equilibrium(q in numbers(6, 1.0), force in numbers(3, 500.0)) {
        let model = chain();
        let skeleton = Skeleton::new(&model).unwrap();
        let dynamics = Dynamics::new(&model, &skeleton);
        let (push, zeros) = (Vector3::from_column_slice(&force), [0.0; 6]);
        let mut motion = BodyMotion::default();
        let still = State { q: &q, velocities: &zeros, accelerations: &zeros };
        let place = Point3::new(0.2, -0.9, 0.1);
        let shank = skeleton.body("shank").unwrap();
        dynamics.inverse(&skeleton, &still, &[(shank, Wrench::at(place, push))], &mut motion);
        let weight = dynamics.total_mass() * dynamics.gravity();
        prop_assert!((motion.borne(0).force + weight + push).norm() < 1e-10);
        let turned: Vector3<f64> = model.bodies.iter().map(|body| {
            motion.point(skeleton.body(&body.name).unwrap(), &body.mass_centre).coords.cross(&(body.mass * model.gravity))
        }).sum();
        prop_assert!((motion.borne(0).moment + turned + place.coords.cross(&push)).norm() < 1e-10);
    }
}
