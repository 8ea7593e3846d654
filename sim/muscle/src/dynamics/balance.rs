//! Whether the loads of a motion balance: what is left over on a body that may go where it likes.
//!
//! Where a body slides against ground along free coordinates, nothing bears it along these, nor about those that turn it. What inverse dynamics
//! finds on them all the same is the residual: loads and motion that do not belong together, or masses that are not the person's. On a body of
//! six free coordinates that is all that its joint bears. Where there are fewer, in a planar model say, it is the least force with the least
//! moment about the mass centre of the model that has the same power in every free coordinate; ground bears the rest. A body that only turns
//! against ground, or is fixed to it, is held. Hicks et al. 2015 (Is my model good enough?, J
//! Biomech Eng 137:020905) ask for less than 5 % of the net external force, and 1 % of it times the height of the mass centre; body weight stands
//! for that force here, since it is there in every instant.

use super::{BodyMotion, Dynamics};
use crate::kinematics::Skeleton;
use crate::model::{GROUND, Joint, JointAxis, Model};
use coxa_geometry::{Finding, finding};
use nalgebra::{DMatrix, DVector, Point3, Vector3};

/// Residuals that pass, over body weight and over body weight times the height of the mass centre.
const FORCE_SHARE: f64 = 0.05;
const MOMENT_SHARE: f64 = 0.01;
/// Singular values below this share of the greatest are none: coordinates that move a body alike.
const NO_DIRECTION: f64 = 1e-9;

/// A body that goes against ground where it likes.
#[derive(Debug, Clone)]
struct Root {
    name: String,
    /// Bodies from the first on ground to it; those before it have no mass.
    bodies: Vec<usize>,
    /// Free coordinates that move it.
    free: Vec<usize>,
}

/// Watches the residuals of a motion.
#[derive(Debug, Clone)]
pub struct Balance {
    roots: Vec<Root>,
    /// Body weight, N.
    weight: f64,
    instants: usize,
    force: Worst,
    moment: Worst,
}

/// The greatest residual of a kind.
#[derive(Debug, Clone, Default)]
struct Worst {
    /// In N or N m, and where and when, s, it is.
    value: f64,
    body: String,
    time_s: f64,
    /// Over its measure, and the instants in which that is too much.
    share: f64,
    beyond: usize,
}

impl Worst {
    fn add(&mut self, value: f64, measure: f64, limit: f64, body: &str, time_s: f64) {
        let share = value / measure;
        if share > limit || share.is_nan() {
            self.beyond += 1;
        }
        if share > self.share || share.is_nan() {
            *self = Worst { value, body: body.to_owned(), time_s, share, beyond: self.beyond };
        }
    }
}

impl Balance {
    /// Of a model. Where each body is held by ground, as in a model of one leg whose pelvis is locked, there is nothing to watch.
    pub fn new(model: &Model, skeleton: &Skeleton, dynamics: &Dynamics) -> Balance {
        let on_ground = model.joints.iter().filter(|joint| joint.parent == GROUND);
        Balance {
            roots: on_ground.filter_map(|joint| Root::new(joint, model, skeleton, dynamics)).collect(),
            weight: dynamics.total_mass() * dynamics.gravity().norm(),
            instants: 0,
            force: Worst::default(),
            moment: Worst::default(),
        }
    }

    /// Takes an instant of which [`Dynamics::inverse`] found the motion with all loads from outside.
    ///
    /// # Panics
    /// Where the motion is not of this model.
    pub fn add(&mut self, time_s: f64, dynamics: &Dynamics, motion: &BodyMotion) {
        if self.weight.is_nan() || self.weight <= 0.0 {
            return;
        }
        self.instants += 1;
        let centre = dynamics.mass_centre(motion);
        let height = -centre.coords.dot(&dynamics.gravity()) / dynamics.gravity().norm();
        for root in &self.roots {
            let [force, moment] = root.residual(motion, centre);
            self.force.add(force, self.weight, FORCE_SHARE, &root.name, time_s);
            // Of a model that hangs below its ground nothing tells how great a moment may be.
            if height > 0.0 {
                self.moment.add(moment, self.weight * height, MOMENT_SHARE, &root.name, time_s);
            }
        }
    }

    /// The greatest residual force in N and moment in N m; none where nothing was watched.
    pub fn worst(&self) -> Option<[f64; 2]> {
        (self.instants > 0 && !self.roots.is_empty()).then_some([self.force.value, self.moment.value])
    }

    /// What must be known of loads that do not balance.
    pub fn findings(&self) -> Vec<Finding> {
        let force = |worst: &Worst| finding::ResidualForce {
            body: worst.body.clone(),
            beyond: worst.beyond,
            instants: self.instants,
            force_n: worst.value,
            percent: 100.0 * worst.share,
            time_s: worst.time_s,
            share: worst.share,
            limit: FORCE_SHARE,
        };
        let moment = |worst: &Worst| finding::ResidualMoment {
            body: worst.body.clone(),
            beyond: worst.beyond,
            instants: self.instants,
            moment_n_m: worst.value,
            percent: 100.0 * worst.share,
            time_s: worst.time_s,
            share: worst.share,
            limit: MOMENT_SHARE,
        };
        let force = (self.force.beyond > 0).then(|| force(&self.force).finding());
        let moment = (self.moment.beyond > 0).then(|| moment(&self.moment).finding());
        force.into_iter().chain(moment).collect()
    }
}

impl Dynamics {
    /// Mass centre of the whole model in ground, m, in the motion that was computed last.
    pub fn mass_centre(&self, motion: &BodyMotion) -> Point3<f64> {
        let all = self.masses.iter().zip(&motion.frames);
        let moment: Vector3<f64> =
            all.map(|(mass, frame)| mass.mass * (frame.turn * mass.centre + frame.origin)).sum();
        Point3::from(moment / self.total_mass())
    }
}

impl Root {
    /// Of a joint on ground; none where nothing slides freely.
    fn new(joint: &Joint, model: &Model, skeleton: &Skeleton, dynamics: &Dynamics) -> Option<Root> {
        let mut joint = joint;
        let (mut bodies, mut free, mut slides) = (Vec::new(), Vec::new(), false);
        loop {
            let body = skeleton.body(&joint.child)?;
            bodies.push(body);
            for (n, coordinate) in joint.coordinates.iter().enumerate() {
                let follows = model.couplers.iter().any(|coupler| coupler.dependent == coordinate.name);
                if coordinate.is_locked || follows {
                    continue;
                }
                free.push(skeleton.coordinate(&coordinate.name)?);
                let drives = |axis: &&JointAxis| axis.coordinates.contains(&n);
                slides |= joint.axes[3..].iter().any(|axis| drives(&axis))
                    && !joint.axes[..3].iter().any(|axis| drives(&axis));
            }
            // Some models go from ground to the pelvis over bodies without mass, a coordinate each.
            let mut next = model.joints.iter().filter(|next| next.parent == joint.child);
            match (next.next(), next.next()) {
                (Some(only), None) if dynamics.masses[body].mass <= 0.0 && bodies.len() < 6 => joint = only,
                _ => break,
            }
        }
        slides.then(|| Root { name: joint.child.clone(), bodies, free })
    }

    /// Force in N and moment about a point in N m that hold the body where nothing does.
    fn residual(&self, motion: &BodyMotion, about: Point3<f64>) -> [f64; 2] {
        let Some(&last) = self.bodies.last() else { return [0.0; 2] };
        let borne = motion.borne(last);
        if self.free.len() == 6 {
            return [borne.force.norm(), borne.moment_about(about).norm()];
        }
        let own = |direction: &&super::Direction| {
            self.bodies.contains(&direction.body) && self.free.contains(&direction.coordinate)
        };
        let directions: Vec<_> = motion.directions.iter().filter(own).collect();
        let powers =
            DVector::from_iterator(directions.len(), directions.iter().map(|d| borne.power(&d.twist)));
        let mut moves = DMatrix::zeros(directions.len(), 6);
        for (row, direction) in directions.iter().enumerate() {
            let velocity = direction.twist.linear + direction.twist.angular.cross(&about.coords);
            for (n, value) in velocity.iter().chain(direction.twist.angular.iter()).enumerate() {
                moves[(row, n)] = *value;
            }
        }
        if moves.iter().chain(powers.iter()).any(|value| !value.is_finite()) {
            return [f64::NAN; 2];
        }
        let found = moves.svd(true, true);
        let least = NO_DIRECTION * found.singular_values.amax();
        let Ok(wrench) = found.solve(&powers, least) else { return [0.0; 2] };
        let part = |from: usize| Vector3::new(wrench[from], wrench[from + 1], wrench[from + 2]).norm();
        [part(0), part(3)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dynamics::{State, Wrench};
    use crate::function::Function;
    use crate::model::{Body, Coordinate, JointAxis, Motion};
    use coxa_geometry::finding::{Code, Subject};
    use nalgebra::{Isometry3, Matrix3};

    /// A body of 70 kg with its centre 1 m above ground on six free coordinates.
    fn person() -> Model {
        let coordinate = |n: usize| Coordinate {
            name: format!("q{n}"),
            motion: if n < 3 { Motion::Rotation } else { Motion::Translation },
            default_value: 0.0,
            range: [-2.0, 2.0],
            is_locked: false,
            is_clamped: false,
        };
        let axis = |n: usize| JointAxis {
            axis: Vector3::ith(n % 3, 1.0),
            coordinates: vec![n],
            function: Function::Linear(vec![1.0, 0.0]),
        };
        Model {
            gravity: Vector3::new(0.0, -9.81, 0.0),
            bodies: vec![Body {
                name: "trunk".into(),
                mass: 70.0,
                mass_centre: Point3::new(0.0, 1.0, 0.0),
                inertia: Matrix3::identity(),
            }],
            joints: vec![Joint {
                name: "free".into(),
                parent: GROUND.into(),
                child: "trunk".into(),
                in_parent: Isometry3::identity(),
                in_child: Isometry3::identity(),
                coordinates: (0..6).map(coordinate).collect(),
                axes: std::array::from_fn(axis),
            }],
            ..Model::default()
        }
    }

    fn findings(model: &Model, push: Wrench) -> Vec<Finding> {
        findings_on(model, 1, push)
    }

    /// Of a push on the body of this place.
    fn findings_on(model: &Model, body: usize, push: Wrench) -> Vec<Finding> {
        let skeleton = Skeleton::new(model).unwrap();
        let dynamics = Dynamics::new(model, &skeleton);
        let (zero, mut motion) = ([0.0; 6], BodyMotion::default());
        let state = State { q: &zero, velocities: &zero, accelerations: &zero };
        dynamics.inverse(&skeleton, &state, &[(body, push)], &mut motion);
        let mut balance = Balance::new(model, &skeleton, &dynamics);
        balance.add(0.25, &dynamics, &motion);
        balance.findings()
    }

    #[test]
    fn standing_balances_a_push_that_is_missing_or_beside_the_feet_does_not() {
        let weight = Vector3::new(0.0, 70.0 * 9.81, 0.0);
        let model = person();
        assert_eq!(findings(&model, Wrench::at(Point3::origin(), weight)), []);
        // 1 % of the height of 1 m is a centre of pressure 10 mm off.
        assert_eq!(findings(&model, Wrench::at(Point3::new(0.009, 0.0, 0.0), weight)), []);
        let beside = findings(&model, Wrench::at(Point3::new(0.011, 0.0, 0.0), weight));
        assert!(beside.len() == 1 && beside[0].code == Code::ResidualMoment);
        assert!((beside[0].value.unwrap() - 0.011).abs() < 1e-12);
        let missing = findings(&model, Wrench::ZERO);
        assert!(
            missing.len() == 1
                && missing[0].code == Code::ResidualForce
                && missing[0].about == Subject::of("trunk")
        );
        assert!((missing[0].value.unwrap() - 1.0).abs() < 1e-12, "{missing:?}");
        assert!(missing[0].message.contains("686.7 N") && missing[0].message.contains("0.250 s"));
        assert_eq!(findings(&model, Wrench::at(Point3::origin(), weight * f64::NAN)).len(), 2);
    }

    /// The same person whose trunk goes along x and y and turns about z alone.
    fn in_the_plane() -> Model {
        let mut model = person();
        for held in [0, 1, 5] {
            model.joints[0].coordinates[held].is_locked = true;
        }
        model
    }

    #[test]
    fn in_a_planar_model_what_lies_in_the_plane_must_balance() {
        let weight = Vector3::new(0.0, 70.0 * 9.81, 0.0);
        let model = in_the_plane();
        assert_eq!(findings(&model, Wrench::at(Point3::origin(), weight)), []);
        // Across the plane ground holds the body.
        let across = Wrench::at(Point3::new(0.0, 0.0, 0.3), weight + Vector3::new(0.0, 0.0, 400.0));
        assert_eq!(findings(&model, across), []);
        let ahead = findings(&model, Wrench::at(Point3::new(0.05, 0.0, 0.0), weight));
        assert!(ahead.len() == 1 && ahead[0].code == Code::ResidualMoment, "{ahead:?}");
        assert!((ahead[0].value.unwrap() - 0.05).abs() < 1e-9, "{ahead:?}");
        // A missing force is told as it is, whatever the moment of the joint is about.
        let light = findings(&model, Wrench::at(Point3::origin(), 0.5 * weight));
        assert!(light.len() == 1 && light[0].code == Code::ResidualForce, "{light:?}");
        assert!((light[0].value.unwrap() - 0.5).abs() < 1e-9, "{light:?}");
    }

    #[test]
    fn a_pelvis_on_bodies_without_mass_is_as_free_as_on_one_joint() {
        let mut model = person();
        let free = model.joints.remove(0);
        let names = ["ground", "along", "up", "side", "tilt", "list", "trunk"];
        for (n, pair) in names.windows(2).enumerate() {
            // Translations before rotations, as in one joint.
            let own = if n < 3 { n + 3 } else { n - 3 };
            let mut joint = free.clone();
            (joint.name, joint.parent, joint.child) = (format!("j{n}"), pair[0].into(), pair[1].into());
            joint.coordinates = vec![free.coordinates[own].clone()];
            for (axis, place) in joint.axes.iter_mut().zip(0..) {
                axis.coordinates = if place == own { vec![0] } else { Vec::new() };
                if place != own {
                    axis.function = Function::Constant(0.0);
                }
            }
            model.joints.push(joint);
        }
        let weight = Vector3::new(0.0, 70.0 * 9.81, 0.0);
        let place = 6;
        assert_eq!(findings_on(&model, place, Wrench::at(Point3::origin(), weight)), []);
        let missing = findings_on(&model, place, Wrench::ZERO);
        assert!(
            missing.len() == 1
                && missing[0].code == Code::ResidualForce
                && missing[0].about == Subject::of("trunk")
        );
    }

    #[test]
    fn a_body_that_ground_holds_has_no_residual() {
        // It turns about a place in ground, or is fixed there.
        for held in [3..6, 0..6] {
            let mut model = person();
            for n in held {
                model.joints[0].coordinates[n].is_locked = true;
            }
            assert_eq!(findings(&model, Wrench::ZERO), []);
        }
    }
}
