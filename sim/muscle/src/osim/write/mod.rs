//! A model as `.osim` of version 4.

mod common;
mod forces;
mod loads;
#[cfg(test)]
mod tests;
mod xml;

pub use loads::write_external_loads;

use super::super::model::{Body, Coupler, GROUND, Joint, Marker, Model, WrapObject, WrapShape};
use super::joints::{AXES, is_weld};
use common::{frame_path, function};
use nalgebra::Isometry3;
use xml::{Document, word};

/// The form that is written: of OpenSim 4.0, which all later ones read.
const VERSION: &str = "40000";

/// Writes a model so that OpenSim 4 opens it and [`super::read`] gives it back to the bit, its wrap objects in the order of ground and
/// the bodies.
///
/// Joints are written as what they are here, custom joints, or weld joints where they do not move. Angles of frames are followed by the
/// quaternion that they stand for, because no three angles hold it to the last digit; OpenSim passes over it. What OpenSim 4
/// does not take in a name, spaces and slashes, becomes an underscore.
pub fn write(model: &Model) -> String {
    let mut out = Document::default();
    out.root("OpenSimDocument", VERSION);
    out.open("Model", Some(&model.name));
    out.numbers("gravity", model.gravity.as_slice());
    out.words("length_units", "meters");
    out.words("force_units", "N");
    out.open("Ground", Some(GROUND));
    wrap_objects(&mut out, model, GROUND);
    out.close();
    set(&mut out, "BodySet", |out| model.bodies.iter().for_each(|b| body(out, model, b)));
    set(&mut out, "JointSet", |out| model.joints.iter().for_each(|j| joint(out, j)));
    set(&mut out, "ConstraintSet", |out| model.couplers.iter().for_each(|c| coupler(out, c)));
    set(&mut out, "ForceSet", |out| {
        model.muscles.iter().for_each(|m| forces::muscle(out, model, m));
        model.actuators.iter().for_each(|a| forces::actuator(out, a));
    });
    if !model.markers.is_empty() {
        set(&mut out, "MarkerSet", |out| model.markers.iter().for_each(|m| marker(out, m)));
    }
    out.finish()
}

/// A set and what it holds.
fn set(out: &mut Document, kind: &str, objects: impl FnOnce(&mut Document)) {
    out.open(kind, Some(&kind.to_lowercase()));
    out.open("objects", None);
    objects(out);
    out.close();
    out.close();
}

fn body(out: &mut Document, model: &Model, body: &Body) {
    out.open("Body", Some(&body.name));
    wrap_objects(out, model, &body.name);
    out.number("mass", body.mass);
    out.numbers("mass_center", body.mass_centre.coords.as_slice());
    let i = &body.inertia;
    out.numbers("inertia", &[(0, 0), (1, 1), (2, 2), (0, 1), (0, 2), (1, 2)].map(|at| i[at]));
    out.close();
}

fn marker(out: &mut Document, marker: &Marker) {
    out.open("Marker", Some(&marker.name));
    out.words("socket_parent_frame", &frame_path(&marker.body));
    out.numbers("location", marker.at.coords.as_slice());
    out.flag("fixed", marker.is_fixed);
    out.close();
}

/// Place and turn.
fn frame(out: &mut Document, translation: &str, turns: &str, place: &Isometry3<f64>) {
    out.numbers(translation, place.translation.vector.as_slice());
    let q = place.rotation.quaternion();
    out.numbers_with(turns, &turns_of(place), ("quaternion", &[q.w, q.i, q.j, q.k]));
}

/// Turns about x, y and z, each about the axes that the one before has turned. With halves of the angles the sum of the first and last is
/// that of (w + y) + i (x + z), and their difference that of (w - y) + i (x - z), which holds where the second is a right angle too.
fn turns_of(place: &Isometry3<f64>) -> [f64; 3] {
    let q = place.rotation.quaternion();
    let sum = [q.i + q.k, q.w + q.j];
    let difference = [q.i - q.k, q.w - q.j];
    let [plus, minus] = [sum, difference].map(|[sine, cosine]| sine.atan2(cosine));
    let [large, small] = [sum, difference].map(|[sine, cosine]| sine.hypot(cosine));
    [plus + minus, 2.0 * (large - small).atan2(large + small), plus - minus]
}

fn joint(out: &mut Document, joint: &Joint) {
    let is_weld = is_weld(joint);
    out.open(if is_weld { "WeldJoint" } else { "CustomJoint" }, Some(&joint.name));
    out.words("socket_parent_frame", "parent_offset");
    out.words("socket_child_frame", "child_offset");
    if !joint.coordinates.is_empty() {
        out.open("coordinates", None);
        for coordinate in &joint.coordinates {
            out.open("Coordinate", Some(&coordinate.name));
            out.number("default_value", coordinate.default_value);
            out.numbers("range", &coordinate.range);
            out.flag("locked", coordinate.is_locked);
            if coordinate.is_clamped {
                out.flag("clamped", true);
            }
            out.close();
        }
        out.close();
    }
    out.open("frames", None);
    for (name, body, place) in
        [("parent_offset", &joint.parent, &joint.in_parent), ("child_offset", &joint.child, &joint.in_child)]
    {
        out.open("PhysicalOffsetFrame", Some(name));
        out.words("socket_parent", &frame_path(body));
        frame(out, "translation", "orientation", place);
        out.close();
    }
    out.close();
    if !is_weld {
        out.open("SpatialTransform", None);
        for (axis, name) in joint.axes.iter().zip(AXES) {
            out.open("TransformAxis", Some(name));
            let names: Vec<String> = axis
                .coordinates
                .iter()
                .filter_map(|&n| Some(word(&joint.coordinates.get(n)?.name)))
                .collect();
            out.words("coordinates", &names.join(" "));
            out.numbers("axis", axis.axis.as_slice());
            function(out, &axis.function);
            out.close();
        }
        out.close();
    }
    out.close();
}

fn coupler(out: &mut Document, coupler: &Coupler) {
    out.open("CoordinateCouplerConstraint", Some(&coupler.name));
    out.flag("isEnforced", true);
    out.open("coupled_coordinates_function", None);
    function(out, &coupler.function);
    out.close();
    let independent: Vec<String> = coupler.independent.iter().map(|name| word(name)).collect();
    out.words("independent_coordinate_names", &independent.join(" "));
    out.words("dependent_coordinate_name", &word(&coupler.dependent));
    out.number("scale_factor", coupler.scale);
    out.close();
}

fn wrap_objects(out: &mut Document, model: &Model, body: &str) {
    if !model.wrap_objects.iter().any(|object| object.body == body) {
        return;
    }
    set(out, "WrapObjectSet", |out| {
        for object in model.wrap_objects.iter().filter(|object| object.body == body) {
            wrap_object(out, object);
        }
    });
}

fn wrap_object(out: &mut Document, object: &WrapObject) {
    let kind = match object.shape {
        WrapShape::Cylinder { .. } => "WrapCylinder",
        WrapShape::Sphere { .. } => "WrapSphere",
        WrapShape::Ellipsoid { .. } => "WrapEllipsoid",
        WrapShape::Torus { .. } => "WrapTorus",
    };
    out.open(kind, Some(&object.name));
    out.flag("active", object.is_active);
    frame(out, "translation", "xyz_body_rotation", &object.in_body);
    let quadrant = object.quadrant.map_or_else(
        || "all".to_owned(),
        |q| {
            format!("{}{}", if q.is_positive { "" } else { "-" }, ["x", "y", "z"].get(q.axis).unwrap_or(&"x"))
        },
    );
    out.words("quadrant", &quadrant);
    match object.shape {
        WrapShape::Cylinder { radius, length } => {
            out.number("radius", radius);
            out.number("length", length);
        }
        WrapShape::Sphere { radius } => out.number("radius", radius),
        WrapShape::Ellipsoid { radii } => out.numbers("dimensions", radii.as_slice()),
        WrapShape::Torus { inner_radius, outer_radius } => {
            out.number("inner_radius", inner_radius);
            out.number("outer_radius", outer_radius);
        }
    }
    out.close();
}
