//! A leg in the plane: hip, knee, and a kneecap whose joint follows the knee.

use super::*;
use crate::model::{ActsOn, Actuator};
use crate::osim;
use proptest::prelude::*;

fn body(name: &str) -> String {
    format!(
        "<Body name=\"{name}\"><mass>3</mass><mass_center>0 -0.2 0</mass_center><inertia>0.05 0.01 0.05 0 0 0</inertia></Body>"
    )
}

fn pin(name: &str, coordinate: &str, parent: &str, child: &str, at: &str) -> String {
    let parent = if parent == "ground" { "/ground".to_owned() } else { format!("/bodyset/{parent}") };
    format!(
        "<PinJoint name=\"{name}\"><socket_parent_frame>p</socket_parent_frame><socket_child_frame>c</socket_child_frame>\
         <coordinates><Coordinate name=\"{coordinate}\"><range>-3 3</range></Coordinate></coordinates><frames>\
         <PhysicalOffsetFrame name=\"p\"><socket_parent>{parent}</socket_parent><translation>{at}</translation><orientation>0 0 0</orientation></PhysicalOffsetFrame>\
         <PhysicalOffsetFrame name=\"c\"><socket_parent>/bodyset/{child}</socket_parent><translation>0 0 0</translation><orientation>0 0 0</orientation></PhysicalOffsetFrame>\
         </frames></PinJoint>"
    )
}

fn muscle(name: &str, fibre: f64, tendon: f64, points: &[(&str, &str)]) -> String {
    let points: String = points
        .iter()
        .enumerate()
        .map(|(n, (body, at))| {
            let body = if *body == "ground" { "/ground".to_owned() } else { format!("/bodyset/{body}") };
            format!("<PathPoint name=\"P{n}\"><socket_parent_frame>{body}</socket_parent_frame><location>{at}</location></PathPoint>")
        })
        .collect();
    format!(
        "<Thelen2003Muscle name=\"{name}\"><GeometryPath><PathPointSet><objects>{points}</objects></PathPointSet></GeometryPath>\
         <max_isometric_force>1500</max_isometric_force><optimal_fiber_length>{fibre}</optimal_fiber_length>\
         <tendon_slack_length>{tendon}</tendon_slack_length></Thelen2003Muscle>"
    )
}

const RESERVES: &str = "<CoordinateActuator name=\"reserve\"><coordinate>hip</coordinate><optimal_force>2</optimal_force></CoordinateActuator>\
 <PointActuator name=\"pull\"><body>shank</body><point>0.02 -0.3 0</point><direction>1 0 0</direction><point_is_global>false</point_is_global>\
 <force_is_global>false</force_is_global><optimal_force>5</optimal_force></PointActuator>\
 <TorqueActuator name=\"twist\"><bodyA>shank</bodyA><bodyB>thigh</bodyB><axis>0 0 1</axis><torque_is_global>true</torque_is_global>\
 <optimal_force>3</optimal_force></TorqueActuator>";

fn model(forces: &str) -> Model {
    let bodies = [body("thigh"), body("shank"), body("kneecap")].concat();
    let joints = [
        pin("hip_joint", "hip", "ground", "thigh", "0 1 0"),
        pin("knee_joint", "knee", "thigh", "shank", "0 -0.4 0"),
        pin("kneecap_joint", "kneecap", "thigh", "kneecap", "0 -0.4 0"),
    ]
    .concat();
    let muscles = [
        muscle("flexor", 0.2, 0.25, &[("ground", "0.08 1 0"), ("thigh", "0.03 -0.3 0")]),
        muscle("extensor", 0.2, 0.25, &[("ground", "-0.08 1 0"), ("thigh", "-0.03 -0.3 0")]),
        muscle(
            "rectus",
            0.2,
            0.3,
            &[("ground", "0.06 1.05 0"), ("kneecap", "0.05 0.02 0"), ("shank", "0.03 -0.06 0")],
        ),
        muscle("hamstring", 0.2, 0.3, &[("ground", "-0.06 1 0"), ("shank", "-0.04 -0.05 0")]),
        muscle(
            "vastus",
            0.15,
            0.15,
            &[("thigh", "0.03 -0.1 0"), ("kneecap", "0.05 0.02 0"), ("shank", "0.03 -0.06 0")],
        ),
    ]
    .concat();
    let coupler = "<CoordinateCouplerConstraint name=\"follow\"><coupled_coordinates_function><LinearFunction><coefficients>0.5 0</coefficients></LinearFunction>\
        </coupled_coordinates_function><independent_coordinate_names>knee</independent_coordinate_names>\
        <dependent_coordinate_name>kneecap</dependent_coordinate_name></CoordinateCouplerConstraint>";
    let text = format!(
        "<OpenSimDocument Version=\"40000\"><Model name=\"leg\"><BodySet><objects>{bodies}</objects></BodySet>\
         <JointSet><objects>{joints}</objects></JointSet><ConstraintSet><objects>{coupler}</objects></ConstraintSet>\
         <ForceSet><objects>{muscles}{forces}</objects></ForceSet></Model></OpenSimDocument>"
    );
    osim::read(&text).unwrap()
}

struct Leg {
    skeleton: Skeleton,
    paths: Paths,
    optimisation: StaticOptimisation,
}

impl Leg {
    fn new(model: &Model, settings: Settings) -> Leg {
        let skeleton = Skeleton::new(model).unwrap();
        let paths = Paths::new(model, &skeleton).unwrap();
        let optimisation = StaticOptimisation::new(model, &skeleton, &paths, settings).unwrap();
        Leg { skeleton, paths, optimisation }
    }

    fn solve(&mut self, hip: f64, knee: f64, velocities: [f64; 2], moments: [f64; 2]) -> MuscleForces {
        let q = [hip, knee, 0.5 * knee];
        let velocities = [velocities[0], velocities[1], 0.5 * velocities[1]];
        let (mut posture, mut shares) = (Posture::default(), MuscleForces::default());
        self.skeleton.place(&q, &mut posture);
        let moments = [moments[0], moments[1], 0.0];
        let instant = Instant { q: &q, velocities: &velocities, posture: &posture, moments: &moments };
        self.optimisation.solve(&self.skeleton, &self.paths, &instant, &mut shares);
        shares
    }
}

#[test]
fn what_follows_or_is_locked_bears_no_moment_and_what_is_off_no_force() {
    let mut model = model("");
    let leg = Leg::new(&model, Settings::default());
    assert_eq!(leg.optimisation.coordinates(), ["hip", "knee"]);
    assert_eq!(leg.optimisation.muscles(), 5);
    model.joints[1].coordinates[0].is_locked = true;
    model.muscles[1].applies_force = false;
    let leg = Leg::new(&model, Settings::default());
    assert_eq!(leg.optimisation.coordinates(), ["hip"]);
    assert_eq!(leg.optimisation.names(), ["flexor", "rectus", "hamstring", "vastus"]);
}

#[test]
fn moments_out_of_reach_are_a_finding_that_names_the_coordinate() {
    let mut leg = Leg::new(&model(""), Settings::default());
    let good = leg.solve(0.2, -0.3, [0.0; 2], [10.0, 5.0]);
    assert!(good.is_met && leg.optimisation.findings([&good]).is_empty());
    let bad = leg.solve(0.2, -0.3, [0.0; 2], [10.0, 1000.0]);
    assert!(!bad.is_met);
    let findings = leg.optimisation.findings([&good, &bad]);
    assert!(
        findings.iter().any(|f| f.about == coxa_geometry::finding::Subject::of("knee")
            && f.message.contains("1 of 2")
            && f.value.unwrap() > 500.0),
        "{findings:?}"
    );
}

#[test]
fn without_physiology_a_muscle_bears_its_greatest_isometric_force() {
    let mut leg = Leg::new(&model(""), Settings { uses_physiology: false, ..Settings::default() });
    let shares = leg.solve(0.3, -0.2, [2.0, -3.0], [20.0, -5.0]);
    for (control, force) in shares.controls.iter().zip(&shares.forces) {
        assert!((force - 1500.0 * control).abs() < 1e-9);
    }
}

#[test]
fn what_stretched_fibres_bear_is_part_of_the_moments_asked_for() {
    let asked = [10.0, 5.0];
    let pose = [0.2, -0.3];
    let solved = |uses_passive_force| {
        let mut leg = Leg::new(&model(""), Settings { uses_passive_force, ..Settings::default() });
        let shares = leg.solve(pose[0], pose[1], [0.0; 2], asked);
        let q = [pose[0], pose[1], 0.5 * pose[1]];
        let (mut posture, mut moments) = (Posture::default(), Vec::new());
        leg.skeleton.place(&q, &mut posture);
        leg.optimisation.moments_of(&leg.skeleton, &leg.paths, &q, &posture, &shares.forces, &mut moments);
        for ((moment, missing), asked) in moments.iter().zip(&shares.missing).zip(asked) {
            assert!((moment + missing - asked).abs() < 1e-6, "{moments:?} {shares:?}");
        }
        shares
    };
    let (without, with) = (solved(false), solved(true));
    assert!(without.forces.iter().zip(&with.forces).any(|(a, b)| (a - b).abs() > 1.0));
}

#[test]
fn actuators_without_range_or_place_are_errors() {
    let error = |change: fn(&mut Actuator)| {
        let mut model = model(RESERVES);
        change(&mut model.actuators[1]);
        let skeleton = Skeleton::new(&model).unwrap();
        let paths = Paths::new(&model, &skeleton).unwrap();
        StaticOptimisation::new(&model, &skeleton, &paths, Settings::default()).unwrap_err().to_string()
    };
    assert!(
        error(|a| a.control = [1.0, 1.0]).contains("control of the actuator `pull` is not below its maximum")
    );
    let lost = |a: &mut Actuator| a.on = ActsOn::Coordinate("ankle".into());
    assert_eq!(error(lost), "the actuator `pull` refers to `ankle`, which the model does not have");
}

proptest! {
    #[test]
    fn what_acts_has_the_power_of_the_moments(
        hip in -0.4..1.0f64, knee in -1.0..0.0f64, moments in prop::array::uniform2(-20.0..20.0f64),
        velocities in prop::array::uniform2(-3.0..3.0f64),
    ) {
        let mut leg = Leg::new(&model(RESERVES), Settings::default());
        let shares = leg.solve(hip, knee, velocities, moments);
        prop_assert!(shares.is_met, "{shares:?}");
        // Muscles by the rate of their length by differences, actuators by the motion of what they pull at.
        const STEP: f64 = 1e-6;
        let at = |t: f64| {
            let q = [hip + t * velocities[0], knee + t * velocities[1]];
            let q = [q[0], q[1], 0.5 * q[1]];
            let mut posture = Posture::default();
            leg.skeleton.place(&q, &mut posture);
            let lengths: Vec<f64> =
                (0..5).map(|n| leg.paths.length(n, &leg.skeleton, &q, &posture, None)).collect();
            let shank = posture.frames[2];
            (lengths, shank.point(&nalgebra::Point3::new(0.02, -0.3, 0.0)), shank.turn)
        };
        let ((before, from, turn), (after, to, _)) = (at(-STEP), at(STEP));
        let mut power = 0.0;
        for n in 0..5 {
            let rate = (after[n] - before[n]) / (2.0 * STEP);
            prop_assert!((rate - shares.velocities[n]).abs() < 1e-6);
            power -= shares.forces[n] * rate;
        }
        let powers: f64 = shares.powers().sum();
        prop_assert!((powers - power).abs() < 1e-2);
        power += shares.forces[5] * velocities[0];
        power += shares.forces[6] * (turn.column(0).dot(&(to - from)) / (2.0 * STEP));
        power += shares.forces[7] * velocities[1];
        let needed = moments[0] * velocities[0] + moments[1] * velocities[1];
        prop_assert!((power - needed).abs() < 1e-2 + 1e-6 * needed.abs(), "{power} {needed}");
    }

    #[test]
    fn twice_the_strength_halves_activations_above_their_least(
        hip in -0.3..0.8f64, knee in -0.8..0.0f64, moment in 5.0..20.0f64,
    ) {
        let weak = model("");
        let mut strong = weak.clone();
        for muscle in &mut strong.muscles {
            muscle.max_isometric_force *= 2.0;
        }
        let none = |model: &Model| {
            let mut model = model.clone();
            model.muscles.iter_mut().for_each(|m| m.min_activation = 0.0);
            Leg::new(&model, Settings::default()).solve(hip, knee, [0.0; 2], [moment, 0.0])
        };
        let (weak, strong) = (none(&weak), none(&strong));
        prop_assume!(weak.controls.iter().all(|a| *a < 1.0));
        for (a, b) in weak.controls.iter().zip(&strong.controls) {
            prop_assert!((a - 2.0 * b).abs() < 1e-9);
        }
        for (a, b) in weak.forces.iter().zip(&strong.forces) {
            prop_assert!((a - b).abs() < 1e-6);
        }
    }
}
