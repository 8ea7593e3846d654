//! Models of OpenSim: `.osim` of versions 2, 3 and 4, of which the last is written.
//!
//! Earlier versions have other names for some things, joints inside the bodies that they move, and bodies by their names where
//! version 4 has paths; OpenSim itself brings such a file up to date when it opens it, and the same file gives the same model here.
//! What a model holds that would change a result and is not supported is an error that names its place in the file. Left aside is
//! only what has no part in paths, dynamics, scaling and inverse kinematics: meshes, probes, contact geometry and controllers.

mod error;
mod external_loads;
mod force_set;
mod forces;
mod frames;
mod functions;
mod joints;
pub mod kinematics_setup;
mod marker_file;
mod markers;
mod names;
pub mod scale_setup;
pub mod setup;
#[cfg(test)]
mod tests;
mod write;
mod xml;

use super::model::{Body, Coupler, GROUND, Model, Quadrant, WrapObject, WrapShape};
pub use error::OsimError;
pub use external_loads::{AppliedLoads, ExternalForce, ExternalLoads, LoadsError, read_external_loads};
pub use force_set::read_forces;
use forces::Force;
use frames::Frames;
pub use marker_file::read_markers;
use nalgebra::{Matrix3, Point3, Vector3};
use std::collections::BTreeSet;
pub use write::{write, write_external_loads};
use xml::Element;

/// First version of the form that is read.
const FIRST_VERSION: u32 = 20000;
/// Elements are no farther inside one another than this; no model of OpenSim comes near it.
const DEEPEST: usize = 64;
/// Parts of a model that have no part in what is computed here.
const LEFT_ASIDE: [&str; 19] = [
    "ContactGeometrySet",
    "ControllerSet",
    "FrameGeometry",
    "ModelVisualPreferences",
    "ProbeSet",
    "Appearance",
    "assembly_accuracy",
    "attached_geometry",
    "credits",
    "force_units",
    "gravity",
    "length_units",
    "publications",
    "components",
    "ModelVisualizer",
    "ComponentSet",
    "Ground",
    "ContactGeometry",
    "defaults",
];
/// Sets of these whose objects are told, and what these are called.
const TOLD: [(&str, &str); 3] =
    [("ControllerSet", "controllers"), ("ProbeSet", "probes"), ("ContactGeometrySet", "contact geometries")];
/// Forces of bodies that touch.
const CONTACT: [&str; 3] = ["HuntCrossleyForce", "ElasticFoundationForce", "SmoothSphereHalfSpaceForce"];
/// What is read.
const READ: [&str; 5] = ["BodySet", "JointSet", "ConstraintSet", "ForceSet", "MarkerSet"];

/// What a file holds, and all that is not supported or wrong in it.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// Version of the form: 40000 and above of OpenSim 4.
    pub version: u32,
    /// What could be read.
    pub model: Model,
    /// Forces that are neither muscle nor actuator: they do not change paths, and do change loads.
    pub unsupported_forces: Vec<OsimError>,
    /// What has no part in what is computed, so that a model does not hold it, with how many there are: probes and meshes, say.
    pub left_aside: Vec<(&'static str, usize)>,
    /// Markers that could not be read: they have no part in paths and dynamics.
    pub unread_markers: Vec<OsimError>,
    /// All else, without which nothing can be computed.
    pub problems: Vec<OsimError>,
}

/// Reads a model.
///
/// # Errors
/// Where it is no model of OpenSim 2 to 4, is damaged or contradicts itself, or holds what is not supported: the first of it.
pub fn read(text: &str) -> Result<Model, OsimError> {
    let survey = survey(text)?;
    match survey.problems.into_iter().chain(survey.unsupported_forces).next() {
        Some(problem) => Err(problem),
        None => Ok(survey.model),
    }
}

/// Reads what can be read of a model, and says all that is wrong.
///
/// # Errors
/// Where it is no model of OpenSim 2 to 4.
///
/// # Examples
/// ```
/// use coxa_muscle::{leg, osim};
///
/// let survey = osim::survey(&osim::write(leg::generic())).unwrap();
/// assert!(survey.version >= 40000 && survey.problems.is_empty() && survey.unsupported_forces.is_empty());
/// assert!(osim::survey("<html/>").is_err());
/// ```
pub fn survey(text: &str) -> Result<Survey, OsimError> {
    let text = names::plain(text);
    let document = document(&text)?;
    let root = Element(document.root_element());
    if root.kind() != "OpenSimDocument" {
        return Err(root.error("this is not an OpenSim document"));
    }
    let version = root.0.attribute("Version").and_then(|version| version.trim().parse().ok()).unwrap_or(0);
    let model = root.find("Model").ok_or_else(|| root.error("it contains no model"))?;
    if version < FIRST_VERSION {
        return Err(root.error(format!(
            "it is of version {version}, before OpenSim 2: open it in OpenSim and save it again"
        )));
    }
    let mut problems = Vec::new();
    let mut unsupported_forces = Vec::new();
    let is_known = |part: &Element<'_>| READ.contains(&part.kind()) || LEFT_ASIDE.contains(&part.kind());
    let unknown = model.children().filter(|part| !is_known(part));
    problems.extend(unknown.map(|part| part.error("this part of a model is not supported")));
    // Frames are read; anything else there may act on the model.
    let components = model.objects("ComponentSet").filter(|part| part.kind() != "PhysicalOffsetFrame");
    problems.extend(
        components.map(|part| part.error(format!("the component `{}` is not supported", part.kind()))),
    );
    let frames = Frames::of(model)?;
    let gravity = keep(model.array("gravity"), &mut problems).flatten();
    let bodies = || model.objects("BodySet").filter(|body| body.0.attribute("name") != Some(GROUND));
    let mut found = Model {
        name: model.0.attribute("name").unwrap_or_default().to_owned(),
        gravity: gravity.map_or_else(|| Vector3::new(0.0, -9.80665, 0.0), Vector3::from),
        bodies: bodies().filter_map(|b| keep(body(b), &mut problems)).collect(),
        joints: joints::joints(model)
            .filter_map(|j| keep(joints::joint(j, &frames), &mut problems))
            .collect(),
        ..Model::default()
    };
    for holder in model.find("Ground").into_iter().chain(model.objects("BodySet")) {
        let objects = holder.objects("WrapObjectSet");
        found.wrap_objects.extend(objects.filter_map(|o| keep(wrap_object(o, holder), &mut problems)));
    }
    for constraint in model.objects("ConstraintSet") {
        if keep(constraint.is_on("isEnforced"), &mut problems).unwrap_or(false) {
            found.couplers.extend(keep(coupler(constraint), &mut problems));
        }
    }
    for element in model.objects("ForceSet") {
        match keep(forces::force(element, &frames), &mut problems) {
            Some(Force::Muscle(muscle)) => found.muscles.push(*muscle),
            Some(Force::Actuator(actuator)) => found.actuators.push(actuator),
            Some(Force::Unsupported) => {
                let kind = element.kind();
                let why = match CONTACT.contains(&kind) {
                    true => format!("contact is not simulated (`{kind}`)"),
                    false => format!("the force `{kind}` is not supported"),
                };
                unsupported_forces.push(element.error(why));
            }
            Some(Force::None) | None => {}
        }
    }
    let mut unread_markers = Vec::new();
    let markers = model.objects("MarkerSet").map(|element| markers::marker(element, &frames));
    found.markers = markers.filter_map(|marker| keep(marker, &mut unread_markers)).collect();
    // Where parts are missing already, so are what others refer to.
    if problems.is_empty() {
        problems.extend(check_names(&found, model).err());
    }
    let left_aside = left_aside(model);
    Ok(Survey { version, model: found, unsupported_forces, left_aside, unread_markers, problems })
}

/// What a model does not take from its file, with how many there are of each.
fn left_aside(model: Element<'_>) -> Vec<(&'static str, usize)> {
    let shown =
        model.0.descendants().filter(|node| ["Mesh", "DisplayGeometry"].contains(&node.tag_name().name()));
    let told = TOLD.iter().map(|(set, called)| (*called, model.objects(set).count()));
    told.chain([("meshes", shown.count())]).filter(|(_, count)| *count > 0).collect()
}

/// A text as XML that may be walked down.
fn document(text: &str) -> Result<roxmltree::Document<'_>, OsimError> {
    let document = roxmltree::Document::parse(text).map_err(|error| OsimError::Xml(error.to_string()))?;
    match is_deeper(&document, DEEPEST) {
        true => Err(OsimError::Xml(format!("elements are nested more than {DEEPEST} levels deep"))),
        false => Ok(document),
    }
}

/// What was read, or none where the reason why not is put to the problems.
fn keep<T>(read: Result<T, OsimError>, problems: &mut Vec<OsimError>) -> Option<T> {
    read.map_err(|problem| problems.push(problem)).ok()
}

/// Whether elements lie deeper in one another than a limit, so that what follows may go down from one to the next.
fn is_deeper(document: &roxmltree::Document<'_>, limit: usize) -> bool {
    let mut holders = Vec::new();
    for node in document.descendants().filter(roxmltree::Node::is_element) {
        while holders.last().is_some_and(|holder| Some(*holder) != node.parent()) {
            holders.pop();
        }
        if holders.len() >= limit {
            return true;
        }
        holders.push(node);
    }
    false
}

fn body(element: Element<'_>) -> Result<Body, OsimError> {
    let mass = element.number("mass", 0.0)?;
    // Before OpenSim 4 each had a property of its own.
    let entry = |axes: &str| element.number(&format!("inertia_{axes}"), 0.0);
    let inertia: [f64; 6] = match element.array("inertia")? {
        Some(inertia) => inertia,
        None => [entry("xx")?, entry("yy")?, entry("zz")?, entry("xy")?, entry("xz")?, entry("yz")?],
    };
    if mass < 0.0 || inertia[..3].iter().any(|i| *i < 0.0) {
        return Err(element.error("its mass or a moment of inertia is negative"));
    }
    let [xx, yy, zz, xy, xz, yz] = inertia;
    Ok(Body {
        name: element.name()?,
        mass,
        mass_centre: Point3::from(element.vector("mass_center")?),
        inertia: Matrix3::new(xx, xy, xz, xy, yy, yz, xz, yz, zz),
    })
}

fn wrap_object(element: Element<'_>, holder: Element<'_>) -> Result<WrapObject, OsimError> {
    let shape = match element.kind() {
        "WrapCylinder" => {
            WrapShape::Cylinder { radius: element.positive("radius")?, length: element.positive("length")? }
        }
        "WrapSphere" => WrapShape::Sphere { radius: element.positive("radius")? },
        "WrapEllipsoid" => {
            let radii = element.vector("dimensions")?;
            if radii.min() <= 0.0 {
                return Err(element.error("`dimensions` must be three numbers greater than 0"));
            }
            WrapShape::Ellipsoid { radii }
        }
        "WrapTorus" => {
            let (inner, outer) = (element.positive("inner_radius")?, element.positive("outer_radius")?);
            if inner >= outer {
                return Err(element.error("`inner_radius` must be less than `outer_radius`"));
            }
            WrapShape::Torus { inner_radius: inner, outer_radius: outer }
        }
        other => return Err(element.error(format!("the wrap object `{other}` is not supported"))),
    };
    let quadrant = match element.text("quadrant").map(|q| q.to_ascii_lowercase()).as_deref() {
        None | Some("all" | "unassigned") => None,
        Some(word) => {
            let letters = word.trim_start_matches(['+', '-']);
            let axis = ["x", "y", "z"].iter().position(|axis| *axis == letters);
            let axis = axis.ok_or_else(|| element.error(format!("unknown quadrant `{word}`")))?;
            Some(Quadrant { axis, is_positive: !word.starts_with('-') })
        }
    };
    Ok(WrapObject {
        name: element.name()?,
        body: if holder.kind() == "Ground" { GROUND.to_owned() } else { holder.name()? },
        in_body: element.frame("translation", "xyz_body_rotation")?,
        shape,
        quadrant,
        is_active: element.flag("active", true)?,
    })
}

fn coupler(element: Element<'_>) -> Result<Coupler, OsimError> {
    if element.kind() != "CoordinateCouplerConstraint" {
        return Err(element.error(format!("the constraint `{}` is not supported", element.kind())));
    }
    let holder = element.find("coupled_coordinates_function");
    let holder = holder.ok_or_else(|| element.error("`coupled_coordinates_function` is missing"))?;
    Ok(Coupler {
        name: element.name()?,
        dependent: element.needed("dependent_coordinate_name")?.to_owned(),
        independent: element
            .needed("independent_coordinate_names")?
            .split_whitespace()
            .map(str::to_owned)
            .collect(),
        function: functions::function_in(holder)?,
        scale: element.number("scale_factor", 1.0)?,
    })
}

/// Names that others refer to are there once, and what is referred to is there.
fn check_names(model: &Model, element: Element<'_>) -> Result<(), OsimError> {
    let coordinates: Vec<&str> =
        model.joints.iter().flat_map(|joint| joint.coordinates.iter().map(|c| c.name.as_str())).collect();
    let muscles: Vec<&str> = model.muscles.iter().map(|m| m.name.as_str()).collect();
    let objects: Vec<&str> = model.wrap_objects.iter().map(|w| w.name.as_str()).collect();
    let bodies: Vec<&str> = model.bodies.iter().map(|b| b.name.as_str()).collect();
    for (what, names) in
        [("coordinate", &coordinates), ("muscle", &muscles), ("wrap object", &objects), ("body", &bodies)]
    {
        let mut seen = BTreeSet::new();
        if let Some(twice) = names.iter().find(|name| !seen.insert(**name)) {
            return Err(element.error(format!("the {what} `{twice}` appears twice")));
        }
    }
    let refers =
        |owner: &str, what: &str, name: &str, known: &[&str]| match known.contains(&name) {
            true => Ok(()),
            false => Err(element
                .error(format!("`{owner}` refers to the {what} `{name}`, which the model does not have"))),
        };
    for coupler in &model.couplers {
        for name in coupler.independent.iter().chain([&coupler.dependent]) {
            refers(&coupler.name, "coordinate", name, &coordinates)?;
        }
    }
    for muscle in &model.muscles {
        for wrap in &muscle.path.wraps {
            refers(&muscle.name, "wrap object", &wrap.object, &objects)?;
        }
        for point in &muscle.path.points {
            match &point.place {
                super::model::PathPlace::Fixed(_) => {}
                super::model::PathPlace::Conditional { coordinate, .. } => {
                    refers(&muscle.name, "coordinate", coordinate, &coordinates)?;
                }
                super::model::PathPlace::Moving(axes) => {
                    for (coordinate, _) in axes.iter() {
                        refers(&muscle.name, "coordinate", coordinate, &coordinates)?;
                    }
                }
            }
        }
    }
    for actuator in &model.actuators {
        if let super::model::ActsOn::Coordinate(name) = &actuator.on {
            refers(&actuator.name, "coordinate", name, &coordinates)?;
        }
    }
    Ok(())
}
