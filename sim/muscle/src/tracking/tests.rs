//! Postures of a model are found again from its own markers.

use super::*;
use crate::files::Markers;
use crate::model::{Marker, Model};
use crate::osim::kinematics_setup::{CoordinateTask, Near, Tasks};
use crate::{Posture, Skeleton, leg};
use nalgebra::{Point3, Vector3};

/// The leg that ships with four markers on each body.
pub(crate) fn marked() -> (Model, Skeleton) {
    let mut model = leg::generic().clone();
    let corners = [[0.08, 0.0, 0.03], [-0.06, 0.05, 0.04], [0.02, -0.12, -0.05], [0.0, 0.09, -0.02]];
    for body in &model.bodies {
        for (n, at) in corners.iter().enumerate() {
            let at = body.mass_centre + Vector3::from(*at);
            let name = format!("{}_{n}", body.name);
            model.markers.push(Marker { name, body: body.name.clone(), at, is_fixed: n == 0 });
        }
    }
    let skeleton = Skeleton::new(&model).unwrap();
    (model, skeleton)
}

/// What would be measured in postures of a model.
pub(crate) fn measured(model: &Model, skeleton: &Skeleton, rows: &[Vec<f64>]) -> Markers {
    let mut posture = Posture::default();
    let places = rows.iter().map(|q| {
        skeleton.place(q, &mut posture);
        let place = |marker: &Marker| {
            let body = skeleton.body(&marker.body).unwrap();
            Some(posture.frames[body].point(&marker.at))
        };
        model.markers.iter().map(place).collect()
    });
    Markers {
        names: model.markers.iter().map(|marker| marker.name.clone()).collect(),
        rate_hz: 100.0,
        times: (0..rows.len()).map(|n| 0.01 * n as f64).collect(),
        places: places.collect(),
        unit_m: 1e-3,
    }
}

/// A posture with every coordinate a little away from its default, those that turn the model against ground more.
fn posture(model: &Model, skeleton: &Skeleton, turn: f64) -> Vec<f64> {
    let mut q = skeleton.defaults().to_vec();
    for (n, coordinate) in model.joints.iter().flat_map(|joint| &joint.coordinates).enumerate() {
        if !coordinate.is_locked {
            q[n] += 0.1 * ((n as f64 + 1.0) * 1.7).sin();
        }
    }
    let turning = skeleton.coordinate("pelvis_rotation").unwrap();
    q[turning] += turn;
    skeleton.couple(&mut q);
    q
}

fn follow(
    model: &Model,
    skeleton: &Skeleton,
    markers: &Markers,
    tasks: Option<&Tasks>,
) -> Result<Tracked, TrackingError> {
    let goals = Goals::new(model, skeleton, &markers.names, tasks, None)?;
    track(model, skeleton, &goals, markers, [0.0, 10.0], None)
}

#[test]
fn a_posture_is_found_again_whichever_way_the_person_faces() {
    let (model, skeleton) = marked();
    for turn in [0.0, 1.5, 3.0, -2.0] {
        let rows: Vec<Vec<f64>> =
            (0..5).map(|n| posture(&model, &skeleton, turn + 0.02 * f64::from(n))).collect();
        let found = follow(&model, &skeleton, &measured(&model, &skeleton, &rows), None).unwrap();
        for (wanted, row) in rows.iter().zip(&found.rows) {
            for (a, b) in wanted.iter().zip(row) {
                assert!((a - b).abs() < 1e-6, "{turn}: {wanted:?} {row:?}");
            }
        }
        assert!(
            found.misses.iter().all(|miss| miss.most < 1e-7) && found.findings.is_empty(),
            "{:?}",
            found.findings
        );
    }
}

#[test]
fn gaps_keep_what_they_hide_and_are_told() {
    let (model, skeleton) = marked();
    let rows: Vec<Vec<f64>> = (0..4).map(|_| posture(&model, &skeleton, 0.0)).collect();
    let mut markers = measured(&model, &skeleton, &rows);
    // What lies beyond the ankle is not seen from the second frame on, in the last nothing is.
    for (n, name) in markers.names.iter().enumerate() {
        let is_hidden = ["talus", "calcn", "toes"].iter().any(|body| name.starts_with(body));
        for frame in 1..4 {
            if is_hidden || frame == 3 {
                markers.places[frame][n] = None;
            }
        }
    }
    let found = follow(&model, &skeleton, &markers, None).unwrap();
    assert_eq!(found.times.len(), 3);
    let ankle = skeleton.coordinate("ankle_angle_r").unwrap();
    assert!((found.rows[2][ankle] - rows[0][ankle]).abs() < 1e-6, "it stays where it was");
    let said: Vec<&str> = found.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(said.iter().any(|text| text.contains("1 frames that show less than 3")), "{said:?}");
    assert!(said.iter().any(|text| text.contains("ankle_angle_r (2)")), "{said:?}");
}

#[test]
fn tasks_weigh_markers_and_hold_coordinates() {
    let (model, skeleton) = marked();
    let rows = [posture(&model, &skeleton, 0.0)];
    let mut markers = measured(&model, &skeleton, &rows);
    let knee = skeleton.coordinate("knee_angle_r").unwrap();
    // A marker that is a centimetre off, with hardly any weight, and a knee that is held with all.
    markers.places[0][0].as_mut().unwrap().y += 0.01;
    let weights = |name: &String| (name.clone(), if *name == markers.names[0] { 1e-6 } else { 1.0 });
    let tasks = Tasks { markers: markers.names.iter().map(weights).collect(), coordinates: Vec::new() };
    let found = follow(&model, &skeleton, &markers, Some(&tasks)).unwrap();
    assert!((found.rows[0][knee] - rows[0][knee]).abs() < 1e-5);
    let held = CoordinateTask { name: "knee_angle_r".into(), weight: 1e6, near: Near::Value(-0.5) };
    let tasks = Tasks { coordinates: vec![held.clone()], ..tasks };
    let found = follow(&model, &skeleton, &markers, Some(&tasks)).unwrap();
    assert!((found.rows[0][knee] + 0.5).abs() < 1e-5);
    for (name, near, words) in
        [("wing", Near::Default, "`wing`"), ("knee_angle_r", Near::File, "follows a file")]
    {
        let task = CoordinateTask { name: name.into(), near, ..held.clone() };
        let tasks = Tasks { coordinates: vec![task], ..tasks.clone() };
        let said = follow(&model, &skeleton, &markers, Some(&tasks)).unwrap_err().to_string();
        assert!(said.contains(words), "{said}");
    }
}

#[test]
fn a_clamped_coordinate_stays_within_its_range_and_a_locked_one_where_it_is() {
    let (mut model, _) = marked();
    let places: Vec<(usize, usize)> = model
        .joints
        .iter()
        .enumerate()
        .flat_map(|(joint, own)| (0..own.coordinates.len()).map(move |n| (joint, n)))
        .collect();
    for (joint, n) in places {
        let coordinate = &mut model.joints[joint].coordinates[n];
        match coordinate.name.as_str() {
            "knee_angle_r" => (coordinate.is_clamped, coordinate.range) = (true, [-0.2, 0.0]),
            "hip_rotation_r" => coordinate.is_locked = true,
            _ => {}
        }
    }
    let skeleton = Skeleton::new(&model).unwrap();
    let mut row = posture(&model, &skeleton, 0.0);
    let [knee, rotation] = ["knee_angle_r", "hip_rotation_r"].map(|name| skeleton.coordinate(name).unwrap());
    (row[knee], row[rotation]) = (-0.6, 0.3);
    let found = follow(&model, &skeleton, &measured(&model, &skeleton, &[row]), None).unwrap();
    assert_eq!(found.rows[0][knee], -0.2);
    assert_eq!(found.rows[0][rotation], skeleton.defaults()[rotation]);
    assert!(found.findings.iter().any(|finding| finding.message.contains("misses the markers")));
}

#[test]
fn markers_that_cannot_be_of_the_model_are_refused() {
    let (model, skeleton) = marked();
    let markers = measured(&model, &skeleton, &[posture(&model, &skeleton, 0.0)]);
    let changed = |change: fn(Point3<f64>) -> Point3<f64>| {
        let places =
            markers.places.iter().map(|frame| frame.iter().map(|at| at.map(change)).collect()).collect();
        follow(&model, &skeleton, &Markers { places, ..markers.clone() }, None).unwrap_err().to_string()
    };
    assert!(changed(|at| at * 1000.0).contains("check the unit"));
    assert!(changed(|at| at / 1000.0).contains("check the unit"));
    assert!(changed(|at| Point3::new(at.x, at.z, at.y)).contains("only when mirrored"));
    let names = markers.names.iter().map(|name| format!("other_{name}")).collect();
    let said = follow(&model, &skeleton, &Markers { names, ..markers }, None).unwrap_err().to_string();
    assert!(
        said.contains("none of the markers") && !said.contains("other_"),
        "names of the file may be of a person: {said}"
    );
}

/// The model with some coordinates changed.
fn changed(change: impl Fn(&mut crate::model::Coordinate)) -> (Model, Skeleton) {
    let (mut model, _) = marked();
    model.joints.iter_mut().flat_map(|joint| &mut joint.coordinates).for_each(change);
    let skeleton = Skeleton::new(&model).unwrap();
    (model, skeleton)
}

#[test]
fn a_model_that_cannot_turn_to_where_the_person_faces_stays_within_its_range() {
    let (free, own) = marked();
    let row = posture(&free, &own, 3.0);
    let markers = measured(&free, &own, &[row.clone(), row]);
    let rotation = own.coordinate("pelvis_rotation").unwrap();
    let (model, skeleton) = changed(|coordinate| {
        if coordinate.name == "pelvis_rotation" {
            (coordinate.is_clamped, coordinate.range) = (true, [-1.5, 1.5]);
        }
    });
    let found = follow(&model, &skeleton, &markers, None).unwrap();
    assert!(found.rows.iter().all(|row| row[rotation].abs() <= 1.5), "{:?}", found.rows);
    let (model, skeleton) =
        changed(|coordinate| coordinate.is_locked |= coordinate.name == "pelvis_rotation");
    let found = follow(&model, &skeleton, &markers, None).unwrap();
    assert!(found.rows.iter().all(|row| row[rotation] == skeleton.defaults()[rotation]));
    // Where nothing may move there is nothing to solve.
    let (model, skeleton) = changed(|coordinate| coordinate.is_locked = true);
    let found = follow(&model, &skeleton, &markers, None).unwrap();
    assert_eq!(found.rows[0], skeleton.defaults());
}

#[test]
fn a_file_whose_vertical_axis_is_another_is_told() {
    let (model, skeleton) = marked();
    let mut markers = measured(&model, &skeleton, &[posture(&model, &skeleton, 0.0)]);
    for at in markers.places[0].iter_mut().flatten() {
        *at = Point3::new(at.z, at.x, at.y);
    }
    let found = follow(&model, &skeleton, &markers, None).unwrap();
    let said: Vec<&str> = found.findings.iter().map(|finding| finding.message.as_str()).collect();
    assert!(said.iter().any(|text| text.contains("along the z axis of the file")), "{said:?}");
}
