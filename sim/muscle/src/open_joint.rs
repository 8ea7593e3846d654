//! A joint that may come apart: what holds it together becomes something that muscles share with.
//!
//! A joint's force does no work. Let the child also slide against the parent along three axes, held at zero: then the generalised force
//! that a motion asks for along such a step, less what muscles do along it, is what the joint's surfaces bear on the child
//! (principle of virtual work). With an actuator along each step that force has a price beside those of the muscles, as
//! [`super::hip_loads`] gives it.

use super::model::{Coordinate, Model, Motion};
use super::moved_hip::MovedHipError;
use super::{function::Function, model::JointAxis};
use nalgebra::Vector3;

/// Names of the coordinates that are added, after the child's.
const STEPS: [&str; 3] = ["_apart_x", "_apart_y", "_apart_z"];

impl Model {
    /// The model with a joint that can come apart along the three axes of its frame in the parent, and the names of the coordinates that
    /// do it. They are locked, so that nothing else takes notice of them.
    ///
    /// # Errors
    /// Where no joint moves the child, or it already moves along its axes.
    pub fn with_open_joint(&self, child: &str) -> Result<(Model, [String; 3]), MovedHipError> {
        let mut open = self.clone();
        let joint = open.joints.iter_mut().find(|joint| joint.child == child);
        let joint = joint.ok_or_else(|| MovedHipError::NoJoint(child.into()))?;
        let names = STEPS.map(|step| format!("{child}{step}"));
        for (n, name) in names.iter().enumerate() {
            let axis = &mut joint.axes[3 + n];
            if !axis.function.is_zero() {
                return Err(MovedHipError::Slides(child.into()));
            }
            *axis = JointAxis {
                axis: Vector3::ith(n, 1.0),
                coordinates: vec![joint.coordinates.len()],
                function: Function::Linear(vec![1.0, 0.0]),
            };
            joint.coordinates.push(Coordinate {
                name: name.clone(),
                motion: Motion::Translation,
                default_value: 0.0,
                range: [0.0; 2],
                is_locked: true,
                is_clamped: false,
            });
        }
        Ok((open, names))
    }
}
