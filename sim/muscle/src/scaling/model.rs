//! All parts of a model follow the factors of the bodies that they are fixed to.

use super::body;
use super::factors::{Factors, ScalingError};
use crate::function::Function;
use crate::model::{Joint, Model, PathPlace, WrapObject, WrapShape};
use crate::{Paths, Skeleton};
use nalgebra::{Isometry3, Vector3};

/// A model scaled along the axes of its bodies, weighing `mass_kg` where that is known. Fibres and tendons keep their share of the length of their muscle in the default position;
/// strengths stay, as in OpenSim.
///
/// # Errors
/// A model without a skeleton or paths.
pub fn scaled(
    model: &Model,
    factors: &Factors,
    mass_kg: Option<f64>,
    keeps_mass_distribution: bool,
) -> Result<Model, ScalingError> {
    let of = |body: &str| factors.get(body).copied().unwrap_or(Vector3::repeat(1.0));
    let mut scaled = model.clone();
    for body in &mut scaled.bodies {
        body::scale(body, &of(&body.name), !keeps_mass_distribution);
    }
    if let Some(mass_kg) = mass_kg {
        body::weigh(&mut scaled.bodies, mass_kg);
    }
    for joint in &mut scaled.joints {
        scale_joint(joint, &of(&joint.parent), &of(&joint.child));
    }
    for point in scaled.muscles.iter_mut().flat_map(|muscle| &mut muscle.path.points) {
        let own = of(&point.body);
        match &mut point.place {
            PathPlace::Fixed(at) | PathPlace::Conditional { at, .. } => at.coords.component_mul_assign(&own),
            PathPlace::Moving(axes) => {
                for ((_, function), factor) in axes.iter_mut().zip(own.iter()) {
                    *function = function.clone().times(*factor);
                }
            }
        }
    }
    for object in &mut scaled.wrap_objects {
        scale_surface(object, &of(&object.body));
    }
    for marker in &mut scaled.markers {
        marker.at.coords.component_mul_assign(&of(&marker.body));
    }
    let (before, after) = (lengths(model)?, lengths(&scaled)?);
    for (muscle, (before, after)) in scaled.muscles.iter_mut().zip(before.into_iter().zip(after)) {
        if before > 0.0 {
            muscle.optimal_fibre_length *= after / before;
            muscle.tendon_slack_length *= after / before;
        }
    }
    Ok(scaled)
}

fn lengths(model: &Model) -> Result<Vec<f64>, ScalingError> {
    let skeleton = Skeleton::new(model)?;
    Ok(Paths::new(model, &skeleton)?.at_defaults(&skeleton))
}

fn scale_joint(joint: &mut Joint, parent: &Vector3<f64>, child: &Vector3<f64>) {
    scale_place(&mut joint.in_parent, parent);
    scale_place(&mut joint.in_child, child);
    for axis in &mut joint.axes[3..] {
        // A translation that is a coordinate as it is has no size of its own.
        let is_coordinate =
            matches!(&axis.function, Function::Linear(c) if c[..] == [1.0, 0.0] || c[..] == [1.0]);
        if !is_coordinate && !axis.function.is_zero() {
            axis.function = axis.function.clone().times(axis.axis.component_mul(parent).norm());
        }
    }
}

fn scale_place(place: &mut Isometry3<f64>, factors: &Vector3<f64>) {
    place.translation.vector.component_mul_assign(factors);
}

/// Sizes follow the factors along the surface's own axes; round ones their mean across.
fn scale_surface(object: &mut WrapObject, factors: &Vector3<f64>) {
    let turn = object.in_body.rotation.to_rotation_matrix();
    let along: Vec<f64> =
        (0..3).map(|axis| turn.matrix().column(axis).component_mul(factors).norm()).collect();
    let across = 0.5 * (along[0] + along[1]);
    object.shape = match object.shape {
        WrapShape::Cylinder { radius, length } => {
            WrapShape::Cylinder { radius: radius * across, length: length * along[2] }
        }
        WrapShape::Sphere { radius } => {
            WrapShape::Sphere { radius: radius * along.iter().sum::<f64>() / 3.0 }
        }
        WrapShape::Ellipsoid { radii } => {
            WrapShape::Ellipsoid { radii: radii.component_mul(&Vector3::from_column_slice(&along)) }
        }
        WrapShape::Torus { inner_radius, outer_radius } => {
            WrapShape::Torus { inner_radius: inner_radius * across, outer_radius: outer_radius * across }
        }
    };
    scale_place(&mut object.in_body, factors);
}
