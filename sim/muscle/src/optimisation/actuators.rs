//! What actuators beside muscles do on the coordinates of a model.

use super::error::OptimisationError;
use crate::dynamics::Wrench;
use crate::kinematics::{Posture, Skeleton};
use crate::model::{ActsOn, Actuator};
use nalgebra::{Point3, Vector3};

/// An actuator, compiled.
#[derive(Debug, Clone)]
pub(super) struct Acting {
    optimal_force: f64,
    on: On,
}

#[derive(Debug, Clone)]
enum On {
    Coordinate(usize),
    Point {
        body: usize,
        at: Point3<f64>,
        direction: Vector3<f64>,
        is_place_global: bool,
        is_force_global: bool,
    },
    Torque {
        bodies: [usize; 2],
        axis: Vector3<f64>,
        is_global: bool,
    },
}

impl Acting {
    pub(super) fn new(actuator: &Actuator, skeleton: &Skeleton) -> Result<Acting, OptimisationError> {
        let unknown =
            |name: &str| OptimisationError::Unknown { actuator: actuator.name.clone(), name: name.into() };
        let body = |name: &str| skeleton.body(name).ok_or_else(|| unknown(name));
        let on = match &actuator.on {
            ActsOn::Coordinate(name) => {
                On::Coordinate(skeleton.coordinate(name).ok_or_else(|| unknown(name))?)
            }
            ActsOn::Point { body: name, at, direction, point_is_global, force_is_global } => On::Point {
                body: body(name)?,
                at: *at,
                direction: *direction,
                is_place_global: *point_is_global,
                is_force_global: *force_is_global,
            },
            ActsOn::Torque { bodies: [first, second], axis, axis_is_global } => {
                On::Torque { bodies: [body(first)?, body(second)?], axis: *axis, is_global: *axis_is_global }
            }
        };
        Ok(Acting { optimal_force: actuator.optimal_force, on })
    }

    /// Force or torque at a control of one, N or N m.
    pub(super) fn optimal_force(&self) -> f64 {
        self.optimal_force
    }

    /// Adds to the generalised force on each coordinate what a control of one does.
    pub(super) fn add(&self, beyond: &[Vec<bool>], posture: &Posture, forces: &mut [f64]) {
        if let On::Coordinate(coordinate) = &self.on {
            forces[*coordinate] += self.optimal_force;
        }
        for (body, wrench) in self.wrenches(posture).into_iter().flatten() {
            push(beyond, posture, body, &wrench, forces);
        }
    }

    /// What it does on bodies at a control of one; nothing where it acts on a coordinate, for then the joint passes it on.
    pub(super) fn wrenches(&self, posture: &Posture) -> [Option<(usize, Wrench)>; 2] {
        match &self.on {
            On::Coordinate(_) => [None, None],
            On::Point { body, at, direction, is_place_global, is_force_global } => {
                let frame = &posture.frames[*body];
                let at = if *is_place_global { *at } else { frame.point(at) };
                let along = if *is_force_global { *direction } else { frame.turn * direction };
                [Some((*body, Wrench::at(at, self.optimal_force * along))), None]
            }
            On::Torque { bodies: [first, second], axis, is_global } => {
                // An axis that is not global is fixed to the first body.
                let about = if *is_global { *axis } else { posture.frames[*first].turn * axis };
                let torque = self.optimal_force * about;
                [Some((*first, Wrench::moment(torque))), Some((*second, Wrench::moment(-torque)))]
            }
        }
    }
}

/// The generalised forces of a wrench on a body: the power it has at a velocity of one.
fn push(beyond: &[Vec<bool>], posture: &Posture, body: usize, wrench: &Wrench, forces: &mut [f64]) {
    for (sum, motions) in forces.iter_mut().zip(&posture.motions) {
        for (first, twist) in motions {
            if beyond[*first][body] {
                *sum += wrench.force.dot(&twist.linear) + wrench.moment.dot(&twist.angular);
            }
        }
    }
}
