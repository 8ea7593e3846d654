//! Whether the loads of a motion balance: what is left over on a body that no joint holds.
//!
//! A body that hangs on ground by six free coordinates bears nothing there. What inverse dynamics finds on it all the same is the residual:
//! loads and motion that do not belong together, or masses that are not the person's. Hicks et al. 2015 (Is my model good enough?, J
//! Biomech Eng 137:020905) ask for less than 5 % of the net external force, and 1 % of it times the height of the mass centre; body weight stands
//! for that force here, since it is there in every instant.

use super::{BodyMotion, Dynamics};
use crate::muscle::kinematics::Skeleton;
use crate::muscle::model::{GROUND, Joint, Model};
use coxa_geometry::{Finding, Severity};
use nalgebra::{Point3, Vector3};

/// Residuals that pass, over body weight and over body weight times the height of the mass centre.
const FORCE_SHARE: f64 = 0.05;
const MOMENT_SHARE: f64 = 0.01;

/// Watches the residuals of a motion.
#[derive(Debug, Clone)]
pub struct Balance {
    /// Free bodies with their places.
    roots: Vec<(String, usize)>,
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
        let free = model.joints.iter().filter(|joint| joint.parent == GROUND && is_free(joint, model));
        Balance {
            roots: free
                .filter_map(|joint| Some((joint.child.clone(), skeleton.body(&joint.child)?)))
                .collect(),
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
        for (body, place) in &self.roots {
            let residual = motion.borne(*place);
            self.force.add(residual.force.norm(), self.weight, FORCE_SHARE, body, time_s);
            // Of a model that hangs below its ground nothing tells how great a moment may be.
            if height > 0.0 {
                let moment = residual.moment_about(centre).norm();
                self.moment.add(moment, self.weight * height, MOMENT_SHARE, body, time_s);
            }
        }
    }

    /// The greatest residual force over body weight; none where nothing was watched.
    pub fn force_share(&self) -> Option<f64> {
        (self.instants > 0 && !self.roots.is_empty()).then_some(self.force.share)
    }

    /// What must be known of loads that do not balance.
    pub fn findings(&self) -> Vec<Finding> {
        let kinds = [
            (&self.force, "residual_force", FORCE_SHARE, "N", "body weight"),
            (
                &self.moment,
                "residual_moment",
                MOMENT_SHARE,
                "N m",
                "body weight times the height of the mass centre",
            ),
        ];
        let beyond = kinds.into_iter().filter(|(worst, ..)| worst.beyond > 0);
        beyond
            .map(|(worst, code, limit, unit, measure)| {
                let message = format!(
                    "The loads do not balance the motion in {} of {} instants: up to {:.1} {unit} on {} ({:.1} % of {measure}, at {:.3} s) come \
                     from nowhere. Force plates, their place and feet, and the masses of the model need a look; forces in joints are off by as much.",
                    worst.beyond,
                    self.instants,
                    worst.value,
                    worst.body,
                    100.0 * worst.share,
                    worst.time_s
                );
                let finding = Finding::new(Severity::Caution, code, &worst.body, message);
                Finding { value: Some(worst.share), limit: Some(limit), ..finding }
            })
            .collect()
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

/// Whether a joint moves along and about all axes by coordinates of its own that are neither locked nor follow others.
fn is_free(joint: &Joint, model: &Model) -> bool {
    let loose = joint.coordinates.iter().filter(|coordinate| {
        let follows = model.couplers.iter().any(|coupler| coupler.dependent == coordinate.name);
        !coordinate.is_locked && !follows
    });
    loose.count() == 6 && joint.axes.iter().all(|axis| !axis.coordinates.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::muscle::dynamics::{State, Wrench};
    use crate::muscle::function::Function;
    use crate::muscle::model::{Body, Coordinate, JointAxis, Motion};
    use nalgebra::{Isometry3, Matrix3};

    /// A body of 70 kg with its centre 1 m above ground on six free coordinates.
    fn person() -> Model {
        let coordinate = |n: usize| Coordinate {
            name: format!("q{n}"),
            motion: if n < 3 { Motion::Rotation } else { Motion::Translation },
            default_value: 0.0,
            range: [-2.0, 2.0],
            is_locked: false,
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
        let skeleton = Skeleton::new(model).unwrap();
        let dynamics = Dynamics::new(model, &skeleton);
        let (zero, mut motion) = ([0.0; 6], BodyMotion::default());
        let state = State { q: &zero, velocities: &zero, accelerations: &zero };
        dynamics.inverse(&skeleton, &state, &[(1, push)], &mut motion);
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
        assert!(beside.len() == 1 && beside[0].code == "residual_moment");
        assert!((beside[0].value.unwrap() - 0.011).abs() < 1e-12);
        let missing = findings(&model, Wrench::ZERO);
        assert!(missing.len() == 1 && missing[0].code == "residual_force" && missing[0].about == "trunk");
        assert!((missing[0].value.unwrap() - 1.0).abs() < 1e-12, "{missing:?}");
        assert!(missing[0].message.contains("686.7 N") && missing[0].message.contains("0.250 s"));
        assert_eq!(findings(&model, Wrench::at(Point3::origin(), weight * f64::NAN)).len(), 2);
    }

    #[test]
    fn a_body_that_ground_holds_has_no_residual() {
        let mut model = person();
        model.joints[0].coordinates[4].is_locked = true;
        assert_eq!(findings(&model, Wrench::ZERO), []);
    }
}
