//! Models of OpenSim, `.osim` of version 4.
//!
//! What a model holds that would change a result and is not supported is an error that names its place in the file. Left aside is
//! only what has no part in paths, inverse dynamics and static optimisation: markers, meshes, probes, contact geometry and
//! controllers.

mod forces;
mod frames;
mod functions;
mod joints;
mod xml;

use super::model::{Body, Coupler, GROUND, Model, Quadrant, WrapObject, WrapShape};
use forces::Force;
use frames::Frames;
use nalgebra::{Matrix3, Point3, Vector3};
use std::collections::BTreeSet;
use xml::Element;

/// First version of the form that is read.
const FIRST_VERSION: f64 = 40000.0;
/// Parts of a model that have no part in what is computed here.
const LEFT_ASIDE: [&str; 20] = [
    "ContactGeometrySet",
    "ControllerSet",
    "FrameGeometry",
    "MarkerSet",
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
/// What is read.
const READ: [&str; 4] = ["BodySet", "JointSet", "ConstraintSet", "ForceSet"];

/// Why a model cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OsimError {
    /// No XML.
    #[error("no XML: {0}")]
    Xml(String),
    /// An element.
    #[error("line {line}, {path}: {why}")]
    At {
        /// Elements from the outermost on, with their names.
        path: String,
        /// Line in the file.
        line: u32,
        /// What is wrong.
        why: String,
    },
}

/// Reads a model.
///
/// # Errors
/// Where it is no model of OpenSim 4, is damaged or contradicts itself, or holds what is not supported.
pub fn read(text: &str) -> Result<Model, OsimError> {
    let document = roxmltree::Document::parse(text).map_err(|error| OsimError::Xml(error.to_string()))?;
    let root = Element(document.root_element());
    if root.kind() != "OpenSimDocument" {
        return Err(root.error("this is no OpenSim document"));
    }
    let version = root.0.attribute("Version").and_then(|version| version.parse::<f64>().ok()).unwrap_or(0.0);
    let model = root.find("Model").ok_or_else(|| root.error("it holds no model"))?;
    if version < FIRST_VERSION {
        return Err(root.error(format!(
            "it is of version {version}, before OpenSim 4: open it with OpenSim 4 and save it anew"
        )));
    }
    let is_known = |part: &Element<'_>| READ.contains(&part.kind()) || LEFT_ASIDE.contains(&part.kind());
    if let Some(part) = model.children().find(|part| !is_known(part)) {
        return Err(part.error("this part of a model is not supported"));
    }
    // Frames are read; anything else there may act on the model.
    if let Some(part) = model.objects("ComponentSet").find(|part| part.kind() != "PhysicalOffsetFrame") {
        return Err(part.error(format!("the component `{}` is not supported", part.kind())));
    }
    let frames = Frames::of(model)?;
    let mut found = Model {
        name: model.0.attribute("name").unwrap_or_default().to_owned(),
        gravity: model.array("gravity")?.map_or_else(|| Vector3::new(0.0, -9.80665, 0.0), Vector3::from),
        bodies: model.objects("BodySet").map(body).collect::<Result<_, _>>()?,
        joints: model.objects("JointSet").map(|j| joints::joint(j, &frames)).collect::<Result<_, _>>()?,
        ..Model::default()
    };
    let grounds = model.find("Ground").into_iter();
    for holder in grounds.chain(model.objects("BodySet")) {
        for object in holder.objects("WrapObjectSet") {
            found.wrap_objects.push(wrap_object(object, holder)?);
        }
    }
    for constraint in model.objects("ConstraintSet") {
        if constraint.flag("isEnforced", true)? {
            found.couplers.push(coupler(constraint)?);
        }
    }
    for element in model.objects("ForceSet") {
        match forces::force(element, &frames)? {
            Force::Muscle(muscle) => found.muscles.push(*muscle),
            Force::Actuator(actuator) => found.actuators.push(actuator),
            Force::None => {}
        }
    }
    check_names(&found, model)?;
    Ok(found)
}

fn body(element: Element<'_>) -> Result<Body, OsimError> {
    let mass = element.number("mass", 0.0)?;
    let inertia: [f64; 6] = element.array("inertia")?.unwrap_or([0.0; 6]);
    if mass < 0.0 || inertia[..3].iter().any(|i| *i < 0.0) {
        return Err(element.error("its mass or a moment of inertia is less than zero"));
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
            let axis = axis.ok_or_else(|| element.error(format!("the quadrant `{word}` is not known")))?;
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
            return Err(element.error(format!("the {what} `{twice}` is there twice")));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::muscle::{Paths, Posture, Skeleton, SkeletonError};

    /// A rod of 0.4 m on a pin at the height 1 m, with a muscle from 0.1 m above the pin to 0.3 m along the rod.
    const PENDULUM: &str = r#"<?xml version="1.0"?>
<OpenSimDocument Version="40000"><Model name="pendulum">
<gravity>0 -9.81 0</gravity>
<BodySet><objects><Body name="rod"><mass>2</mass><mass_center>0 -0.2 0</mass_center><inertia>0.03 0.001 0.03 0 0 0</inertia></Body></objects></BodySet>
<JointSet><objects><PinJoint name="pin">
 <socket_parent_frame>ground_offset</socket_parent_frame><socket_child_frame>rod_offset</socket_child_frame>
 <coordinates><Coordinate name="swing"><default_value>0.2</default_value><range>-3 3</range></Coordinate></coordinates>
 <frames><PhysicalOffsetFrame name="ground_offset"><socket_parent>/ground</socket_parent><translation>0 1 0</translation><orientation>0 0 0</orientation></PhysicalOffsetFrame>
 <PhysicalOffsetFrame name="rod_offset"><socket_parent>/bodyset/rod</socket_parent><translation>0 0 0</translation><orientation>0 0 0</orientation></PhysicalOffsetFrame></frames>
</PinJoint></objects></JointSet>
<ForceSet><objects><Thelen2003Muscle name="flexor">
 <GeometryPath><PathPointSet><objects>
  <PathPoint name="P1"><socket_parent_frame>/ground</socket_parent_frame><location>0.1 1 0</location></PathPoint>
  <PathPoint name="P2"><socket_parent_frame>/bodyset/rod</socket_parent_frame><location>0 -0.3 0</location></PathPoint>
 </objects></PathPointSet></GeometryPath>
 <max_isometric_force>1000</max_isometric_force><optimal_fiber_length>0.1</optimal_fiber_length><tendon_slack_length>0.2</tendon_slack_length>
</Thelen2003Muscle></objects></ForceSet>
</Model></OpenSimDocument>"#;

    #[test]
    fn a_pendulum_is_read_and_its_muscle_follows_the_law_of_cosines() {
        let model = read(PENDULUM).unwrap();
        assert_eq!((model.bodies[0].mass, model.joints[0].coordinates[0].range), (2.0, [-3.0, 3.0]));
        let skeleton = Skeleton::new(&model).unwrap();
        let paths = Paths::new(&model, &skeleton).unwrap();
        assert_eq!((skeleton.coordinates(), skeleton.defaults()), (&["swing".to_owned()][..], &[0.2][..]));
        let (mut posture, mut arms) = (Posture::default(), [0.0]);
        for swing in [-1.0, 0.2, 1.3] {
            skeleton.place(&[swing], &mut posture);
            let found = paths.length(0, &skeleton, &[swing], &posture, Some(&mut arms));
            // Between 0.1 m to the side and 0.3 m along the rod lies a right angle less the swing.
            let length = (0.01 + 0.09 - 0.06 * swing.sin()).sqrt();
            assert!((found - length).abs() < 1e-12, "{found} {length}");
            assert!((arms[0] - 0.03 * swing.cos() / length).abs() < 1e-12);
        }
    }

    #[test]
    fn what_is_wrong_is_named_with_its_place() {
        let error = |from: &str, to: &str| {
            assert!(PENDULUM.contains(from), "{from}");
            read(&PENDULUM.replacen(from, to, 1)).unwrap_err().to_string()
        };
        for (from, to, words) in [
            ("</Model>", "", "no XML"),
            ("OpenSimDocument", "Document", "no XML"),
            ("Version=\"40000\"", "Version=\"20302\"", "before OpenSim 4"),
            ("<BodySet>", "<RocketSet/><BodySet>", "/OpenSimDocument/Model[pendulum]/RocketSet"),
            ("<mass>2", "<mass>NaN", "is not finite"),
            ("<mass>2", "<mass>heavy", "`heavy` is no number"),
            ("<mass>2", "<mass>-2", "less than zero"),
            ("/bodyset/rod</socket_parent>", "/bodyset/arm</socket_parent>", "no body or frame"),
            ("/bodyset/rod</socket_parent_frame>", "/bodyset/arm</socket_parent_frame>", "PathPoint[P2]"),
            ("/ground</socket_parent>", "/jointset/pin/ground_offset</socket_parent>", "in a circle"),
            ("<location>0.1 1 0<", "<location>0.1 1<", "`location` has 2 numbers and needs 3"),
            ("<max_isometric_force>1000", "<max_isometric_force>0", "must be greater than 0"),
        ] {
            let message = error(from, to);
            assert!(message.contains(words), "{message}");
        }
        let screw = PENDULUM.replace("PinJoint", "ScrewJoint");
        assert!(read(&screw).unwrap_err().to_string().contains("`ScrewJoint` is not supported"));
        let spring = PENDULUM.replace("Thelen2003Muscle", "BushingForce");
        assert!(read(&spring).unwrap_err().to_string().contains("`BushingForce` is not supported"));
        let nameless = PENDULUM.replace("<PinJoint name=\"pin\">", "<PinJoint>");
        assert!(read(&nameless).unwrap_err().to_string().contains("has no name"));
        assert_eq!(read("{}").unwrap_err().to_string().split(':').next(), Some("no XML"));
    }

    #[test]
    fn bodies_that_hold_one_another_or_hang_on_nothing_are_no_skeleton() {
        let mut model = read(PENDULUM).unwrap();
        model.joints[0].parent = "rod".into();
        assert_eq!(Skeleton::new(&model).unwrap_err(), SkeletonError::Loose("rod".into()));
        let mut model = read(PENDULUM).unwrap();
        model.joints.push(model.joints[0].clone());
        assert_eq!(Skeleton::new(&model).unwrap_err(), SkeletonError::Closed("rod".into()));
        let mut model = read(PENDULUM).unwrap();
        model.joints.clear();
        assert_eq!(Skeleton::new(&model).unwrap_err(), SkeletonError::Loose("rod".into()));
    }
}
