//! Joints: of every kind as three rotations and three translations.

use super::error::OsimError;
use super::frames::Frames;
use super::functions::{function_in, holds_function};
use super::xml::Element;
use crate::function::Function;
use crate::model::{Coordinate, Joint, JointAxis, Motion};
use nalgebra::Vector3;

/// The joints of a model, of which before OpenSim 4 each is held by the body that it moves.
pub(super) fn joints(model: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    let held = model.objects("BodySet").filter_map(|body| body.find("Joint")).flat_map(Element::children);
    model.objects("JointSet").chain(held)
}

/// A joint by its element.
pub(super) fn joint(element: Element<'_>, frames: &Frames) -> Result<Joint, OsimError> {
    let name = element.name()?;
    let holder = format!("/jointset/{name}");
    let (parent, child) = match (element.socket("parent_frame"), element.text("parent_body")) {
        (Some(parent), _) => {
            let child = element.socket("child_frame");
            let child = child.ok_or_else(|| element.error("`socket_child_frame` is missing or empty"))?;
            (frames.resolve(parent, &holder, element)?, frames.resolve(child, &holder, element)?)
        }
        (None, Some(parent)) => {
            if element.flag("reverse", false)? {
                return Err(element.error("a reversed joint is not supported"));
            }
            let (parent, _) = frames.resolve(parent, "", element)?;
            let body = element.0.ancestors().map(Element).find(|holder| holder.kind() == "Body");
            let child = body.ok_or_else(|| element.error("it is not inside a body"))?.name()?;
            let in_parent = element.frame("location_in_parent", "orientation_in_parent")?;
            ((parent, in_parent), (child, element.frame("location", "orientation")?))
        }
        (None, None) => return Err(element.error("both `socket_parent_frame` and `parent_body` are missing")),
    };
    let ((parent, in_parent), (child, in_child)) = (parent, child);
    let coordinates: Vec<Element<'_>> = match element.find("coordinates") {
        Some(coordinates) => coordinates.children().collect(),
        None => element.objects("CoordinateSet").collect(),
    };
    let names: Vec<String> = coordinates.iter().map(|c| c.name()).collect::<Result<_, _>>()?;
    let axes = axes(element, &names)?;
    let coordinates: Vec<Coordinate> = coordinates
        .into_iter()
        .enumerate()
        .map(|(n, c)| coordinate(c, n, &axes))
        .collect::<Result<_, _>>()?;
    Ok(Joint { name, parent, child, in_parent, in_child, coordinates, axes })
}

fn coordinate(element: Element<'_>, place: usize, axes: &[JointAxis; 6]) -> Result<Coordinate, OsimError> {
    let own =
        |axes: &[JointAxis]| axes.iter().filter(|axis| axis.coordinates.contains(&place)).cloned().collect();
    let (turns, moves): (Vec<JointAxis>, Vec<JointAxis>) = (own(&axes[..3]), own(&axes[3..]));
    // A coordinate is an angle where it turns about an axis by as much, to either side; anything else drives axes by curves of its own.
    let is_plain = |axis: &JointAxis| matches!(&axis.function, Function::Linear(c) if c.len() <= 2 && c.first().is_some_and(|slope| slope.abs() == 1.0));
    let motion = match (turns.iter().any(is_plain), turns.is_empty(), moves.is_empty()) {
        (true, ..) => Motion::Rotation,
        (_, true, false) => Motion::Translation,
        _ => Motion::Coupled,
    };
    let range = element.limits("range")?.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]);
    if range[0] > range[1] {
        return Err(element.error("`range` ends below where it begins"));
    }
    Ok(Coordinate {
        name: element.name()?,
        motion,
        default_value: element.number("default_value", 0.0)?,
        range,
        is_locked: element.flag("locked", false)?,
        is_clamped: element.flag("clamped", false)?,
    })
}

/// Names of a custom joint's axes.
pub(super) const AXES: [&str; 6] =
    ["rotation1", "rotation2", "rotation3", "translation1", "translation2", "translation3"];

/// Axes that do not move.
fn still() -> [JointAxis; 6] {
    let (x, y, z) = (Vector3::x(), Vector3::y(), Vector3::z());
    [x, y, z, x, y, z].map(|axis| JointAxis {
        axis,
        coordinates: Vec::new(),
        function: Function::Constant(0.0),
    })
}

/// Whether a joint holds its bodies together.
pub(super) fn is_weld(joint: &Joint) -> bool {
    joint.coordinates.is_empty() && joint.axes == still()
}

fn axes(element: Element<'_>, names: &[String]) -> Result<[JointAxis; 6], OsimError> {
    // Coordinates in their order drive these axes.
    let driven = |which: &[usize]| -> Result<[JointAxis; 6], OsimError> {
        if names.len() != which.len() {
            return Err(element.error(format!(
                "it has {} coordinates but needs {}",
                names.len(),
                which.len()
            )));
        }
        let mut axes = still();
        for (n, &axis) in which.iter().enumerate() {
            axes[axis].coordinates = vec![n];
            axes[axis].function = Function::Linear(vec![1.0, 0.0]);
        }
        Ok(axes)
    };
    match element.kind() {
        "WeldJoint" => driven(&[]),
        "SliderJoint" => driven(&[3]),
        "PinJoint" => driven(&[2]),
        "UniversalJoint" => driven(&[0, 1]),
        "PlanarJoint" => driven(&[2, 3, 4]),
        "GimbalJoint" | "BallJoint" => driven(&[0, 1, 2]),
        "FreeJoint" => driven(&[0, 1, 2, 3, 4, 5]),
        "CustomJoint" => {
            let transform = element
                .find("SpatialTransform")
                .ok_or_else(|| element.error("`SpatialTransform` is missing"))?;
            let mut axes = still();
            let found = transform.children().filter(|child| child.kind() == "TransformAxis");
            for (n, axis) in found.enumerate() {
                let own = axis.0.attribute("name");
                let place = AXES.iter().position(|name| own == Some(*name)).unwrap_or(n);
                let slot = axes.get_mut(place).ok_or_else(|| transform.error("it has more than six axes"))?;
                *slot = transform_axis(axis, names)?;
            }
            Ok(axes)
        }
        other => Err(element.error(format!("the joint `{other}` is not supported"))),
    }
}

fn transform_axis(element: Element<'_>, names: &[String]) -> Result<JointAxis, OsimError> {
    let coordinates: Vec<usize> = element
        .text("coordinates")
        .unwrap_or_default()
        .split_whitespace()
        .map(|name| {
            let place = names.iter().position(|own| own == name);
            place.ok_or_else(|| element.error(format!("`{name}` is not a coordinate of this joint")))
        })
        .collect::<Result<_, _>>()?;
    // Older files of this version wrap the function once more.
    let holder = element.find("function").unwrap_or(element);
    let function = match holds_function(holder) {
        true => function_in(holder)?,
        // An axis of which nothing is said does not move.
        false if coordinates.is_empty() => Function::Constant(0.0),
        false => return Err(element.error("it contains no supported function")),
    };
    if coordinates.is_empty() && !function.is_constant() {
        return Err(element.error("its function does not depend on any coordinate"));
    }
    Ok(JointAxis { axis: element.direction("axis")?, coordinates, function })
}
