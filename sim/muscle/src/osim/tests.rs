//! Models in every form that is read, and what is refused.

use super::*;
use crate::model::MuscleCurves;
use crate::{Paths, Posture, Skeleton, SkeletonError};

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
        ("</Model>", "", "not XML"),
        ("OpenSimDocument", "Document", "not XML"),
        ("Version=\"40000\"", "Version=\"10902\"", "before OpenSim 2"),
        ("<BodySet>", "<RocketSet/><BodySet>", "/OpenSimDocument/Model[pendulum]/RocketSet"),
        ("<mass>2", "<mass>NaN", "is not finite"),
        ("<mass>2", "<mass>heavy", "`heavy` is not a number"),
        ("<mass>2", "<mass>-2", "is negative"),
        ("/bodyset/rod</socket_parent>", "/bodyset/arm</socket_parent>", "not a body or frame"),
        ("/bodyset/rod</socket_parent_frame>", "/bodyset/arm</socket_parent_frame>", "PathPoint[P2]"),
        ("/ground</socket_parent>", "/jointset/pin/ground_offset</socket_parent>", "in a loop"),
        ("<location>0.1 1 0<", "<location>0.1 1<", "`location` has 2 numbers but needs 3"),
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
    assert_eq!(read("{}").unwrap_err().to_string().split(':').next(), Some("not XML"));
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

#[test]
fn a_model_is_the_same_in_the_form_of_every_version() {
    let today = read(include_str!("forms/leg_4.osim")).unwrap();
    assert_eq!((today.bodies.len(), today.joints.len(), today.couplers.len()), (2, 2, 1));
    assert_eq!((today.muscles.len(), today.actuators.len(), today.wrap_objects.len()), (2, 2, 2));
    for (version, text) in [
        ("2.2", include_str!("forms/leg_2.osim")),
        ("3.0", include_str!("forms/leg_3.osim")),
        ("first draft of 4", include_str!("forms/leg_30507.osim")),
        ("last draft of 4", include_str!("forms/leg_30516.osim")),
    ] {
        assert_eq!(read(text).unwrap(), today, "{version}");
    }
}

#[test]
fn what_a_file_gives_as_default_counts_where_nothing_is_said() {
    let model = read(include_str!("forms/leg_4.osim")).unwrap();
    let MuscleCurves::Thelen2003 { lengthening_force, tendon_strain, .. } = model.muscles[0].curves else {
        panic!("{:?}", model.muscles[0].curves)
    };
    assert_eq!((lengthening_force, tendon_strain), (1.5, 0.033));
}

#[test]
fn a_survey_names_all_that_is_not_supported() {
    let text = PENDULUM.replace("<BodySet>", "<RocketSet/><BodySet>").replace(
        "</Thelen2003Muscle>",
        "</Thelen2003Muscle><Ligament name=\"ACL\"/><BushingForce name=\"disc\"/>",
    );
    let found = survey(&text).unwrap();
    assert_eq!((found.version, found.model.muscles.len()), (40000, 1));
    let words: Vec<String> =
        found.problems.iter().chain(&found.unsupported_forces).map(|p| p.to_string()).collect();
    assert_eq!(words.len(), 3, "{words:?}");
    for (word, place) in
        words.iter().zip(["RocketSet", "ForceSet/objects/Ligament[ACL]", "BushingForce[disc]"])
    {
        assert!(word.contains(place), "{word}");
    }
    // In a survey forces are apart; to read such a model is an error.
    assert!(read(&text.replace("<RocketSet/>", "")).unwrap_err().to_string().contains("Ligament[ACL]"));
}

#[test]
fn a_survey_counts_what_a_model_does_not_hold() {
    let markers = "<MarkerSet><objects><Marker name=\"a\"/><Marker name=\"b\"/></objects></MarkerSet>";
    let text = PENDULUM
        .replace("<BodySet>", &format!("{markers}<ProbeSet><objects/></ProbeSet><BodySet>"))
        .replace("<mass>", "<attached_geometry><Mesh name=\"rod\"/></attached_geometry><mass>");
    let bodies = text.matches("<Mesh").count();
    let found = survey(&text).unwrap();
    assert!(bodies > 0 && found.problems.is_empty(), "{:?}", found.problems);
    assert_eq!(found.left_aside, [("meshes", bodies)]);
    // A marker without a place has no part in paths and dynamics.
    assert_eq!((found.unread_markers.len(), &found.model), (2, &read(PENDULUM).unwrap()));
    assert_eq!(survey(PENDULUM).unwrap().left_aside, []);
}

#[test]
fn contact_is_named_though_xml_does_not_allow_its_name() {
    let contact = "<HuntCrossleyForce name=\"heel\"><HuntCrossleyForce::ContactParametersSet><objects/></HuntCrossleyForce::ContactParametersSet></HuntCrossleyForce>";
    let forces = format!("<ForceSet><objects>{contact}");
    let found = survey(&PENDULUM.replace("<ForceSet><objects>", &forces)).unwrap();
    assert!(found.problems.is_empty(), "{:?}", found.problems);
    assert!(found.unsupported_forces[0].to_string().contains("contact is not simulated"));
}

#[test]
fn elements_without_end_are_refused() {
    let deep = format!("{}{}", "<a>".repeat(200_000), "</a>".repeat(200_000));
    assert!(read(&deep).unwrap_err().to_string().contains("levels deep"));
    let laughs =
        "<!DOCTYPE a [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;\">]><OpenSimDocument>&b;</OpenSimDocument>";
    assert!(read(laughs).unwrap_err().to_string().starts_with("not XML"));
}
