//! What is shown of the case of a virtual patient: parts, colour maps and marks, held against the numbers of the plan.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use coxa_anatomy::Bone;
use coxa_case::progress::Silent;
use coxa_geometry::{Quantity, Side, Vector};
use coxa_viewer::session::CaseData;
use coxa_viewer::shown::{Body, Group, MapKind, Mark, MarkKind, Poses, Shown, Stage, marks, open};
use coxa_viewer::view::{Camera, Cutaway, Standard, ViewState};
use std::sync::Arc;

fn shown() -> (tempfile::TempDir, Shown) {
    let folder = tempfile::tempdir().unwrap();
    common::write_case(&folder.path().join("case"), 2.0);
    let case = CaseData::open(&folder.path().join("case")).unwrap();
    let mut shown = open(&Arc::new(case), &Silent).unwrap();
    assert!(shown.is_making_soft_tissue());
    shown.take_in_soft_tissue(true);
    let soft = shown.parts.iter().filter(|part| part.group == Group::SoftTissue);
    assert!(soft.clone().count() > 0 && soft.into_iter().all(|part| !part.surface.mesh.is_empty()));
    (folder, shown)
}

fn values(shown: &Shown, kind: MapKind, name: &str, stage: Option<Stage>) -> (usize, Vec<Option<f64>>) {
    let is_it = |part: &coxa_viewer::shown::ShownPart| part.name == name && part.stage == stage;
    let index = shown.parts.iter().position(is_it).unwrap();
    (index, kind.of_part(shown, index).unwrap())
}

#[test]
fn colours_say_what_the_numbers_of_the_plan_say() {
    let (_keep, shown) = shown();
    let planned = shown.planned.clone().unwrap();
    let number = |name: Quantity| planned.results[name].value;

    // Share of the shell's outside, by area, that bone is near to.
    let (index, contact) = values(&shown, MapKind::CupContact, "shell", Some(Stage::Planned));
    let mesh = &shown.parts[index].surface.mesh;
    let (mut near, mut all) = (0.0, 0.0);
    for (t, triangle) in mesh.triangles.iter().enumerate() {
        let corners = triangle.map(|v| contact[v as usize]);
        let [Some(a), Some(b), Some(c)] = corners else { continue };
        let [p, q, r] = mesh.corners(t);
        let area = (q - p).cross(r - p).norm() / 2.0;
        all += area;
        near += area * [a, b, c].iter().filter(|gap| **gap <= 1.0).count() as f64 / 3.0;
    }
    let coverage = number(Quantity::CupCoverage);
    assert!((100.0 * near / all - coverage).abs() < 5.0, "{} {coverage}", 100.0 * near / all);

    // The tenth percentile of the wall in the cone of directions in which the plan looks for it.
    let (index, walls) = values(&shown, MapKind::Wall, Bone::hip(Side::Right).name(), None);
    let mesh = &shown.parts[index].surface.mesh;
    let medial = Vector::new(1.0, 0.0, 0.0);
    let mut cone: Vec<f64> = (0..mesh.vertices.len())
        .filter(|&n| {
            let along = (mesh.vertices[n] - planned.plan.cup.centre_mm).normalised().unwrap();
            along.dot(medial) > 35f64.to_radians().cos()
        })
        .filter_map(|n| walls[n])
        .collect();
    cone.sort_by(f64::total_cmp);
    let wall = cone[cone.len() / 10];
    // The plan counts nothing where bone is missing; there is no vertex there to be coloured.
    let (planned_wall, hole) = (number(Quantity::MedialWall), number(Quantity::MedialWallHole));
    assert!(wall > planned_wall - 1.0, "{wall} {planned_wall}");
    assert!(hole > 0.0 || wall < planned_wall + 1.0, "{wall} {planned_wall}");
    assert!(walls.iter().any(Option::is_none));

    // Grey values go with the femur: the planned one has those of the scanned one.
    let femur = Bone::femur(Side::Right).name();
    let (before, scanned) = values(&shown, MapKind::Density, femur, Some(Stage::Before));
    let (after, moved) = values(&shown, MapKind::Density, femur, Some(Stage::Planned));
    let lowest = |index: usize| {
        let vertices = &shown.parts[index].surface.mesh.vertices;
        (0..vertices.len()).min_by(|&a, &b| vertices[a].z().total_cmp(&vertices[b].z())).unwrap()
    };
    let (was, is) = (scanned[lowest(before)].unwrap(), moved[lowest(after)].unwrap());
    assert!((was - is).abs() < 1.0, "{was} {is}");

    // Joint space: what was measured, and only on the socket.
    let measured = &shown.anatomy.side(Side::Right).joint_space;
    let (_, widths) = values(&shown, MapKind::JointSpace, Bone::hip(Side::Right).name(), None);
    let most = measured.iter().map(|place| place.width_mm).fold(0.0, f64::max);
    let on_socket: Vec<f64> = widths.iter().flatten().copied().collect();
    assert!(!on_socket.is_empty() && on_socket.len() < widths.len() / 4);
    assert!(on_socket.iter().all(|width| *width <= most));
    // This case came without uncertainty.
    assert!((0..shown.parts.len()).all(|index| !MapKind::Uncertainty.is_of(&shown, index)));
}

fn marks_go_with_what_they_are_of(shown: &Shown) {
    let planned = shown.planned.clone().unwrap();
    let point = |stage: Stage, name: &str| {
        marks(MarkKind::Landmarks, shown, stage, &Poses::default()).into_iter().find_map(|mark| match mark {
            Mark::Point(place, text) if text == name && place.x() < 0.0 => Some(place),
            _ => None,
        })
    };
    let [before, after] =
        [Stage::Before, Stage::Planned].map(|stage| point(stage, "Lesser trochanter").unwrap());
    assert!(planned.pose.reduced().apply(before).distance(after) < 1e-9);
    assert_eq!(point(Stage::Before, "ASIS"), point(Stage::Planned, "ASIS"));
    assert_eq!(marks(MarkKind::Frames, shown, Stage::Planned, &Poses::default()).len(), 4);
    assert_eq!(marks(MarkKind::Planes, shown, Stage::Planned, &Poses::default()).len(), 2);
    let [Mark::Sphere(centre, radius)] =
        marks(MarkKind::JointSphere, shown, Stage::Planned, &Poses::default())[..]
    else {
        panic!()
    };
    assert_eq!((centre, radius), (planned.pose.hip_centre, planned.plan.head.diameter_mm / 2.0));
}

/// What is met where the case is cut open, and where the joint is drawn apart.
fn what_is_cut_and_apart_is_met_where_it_is_seen(shown: &Shown) {
    let mut state = ViewState::new(shown);
    let centre = shown.hip_centre();
    state.camera = Camera::standard(Standard::Anterior, Side::Right, centre, 100.0);
    let met = |state: &ViewState, at| {
        state.part_at(shown, at).map(|(index, place)| (shown.parts[index].name.clone(), place))
    };
    // Medial of the taper: the socket's wall hides the head from the front, and is cut away before it.
    let at = [12.0, 0.0];
    assert_ne!(met(&state, at).unwrap().0, "head");
    state.cutaway = Some(Cutaway::Anterior);
    let (name, place) = met(&state, at).unwrap();
    assert_eq!(name, "head");
    assert!((place.y() - centre.y()).abs() < 1e-9, "on the face of the cut");
    // From behind one looks at what is left, up to the plane.
    state.camera = Camera::standard(Standard::Posterior, Side::Right, centre, 100.0);
    assert!(met(&state, [-12.0, 0.0]).unwrap().1.y() > centre.y());

    // Apart, head and femur are met elsewhere by as much, as planned and as scanned.
    state.cutaway = None;
    state.camera = Camera::standard(Standard::Lateral, Side::Right, centre, 100.0);
    state.apart_mm = 90.0;
    let femur = Bone::femur(Side::Right).name();
    for (stage, name) in [(Stage::Planned, "head"), (Stage::Before, femur)] {
        state.stage = stage;
        let away = shown.away_from_joint(stage) * 90.0;
        assert!(away.x() < -40.0 && away.z() < -30.0, "to the right and down");
        let head = shown.anatomy.side(Side::Right).head.as_ref().unwrap().centre_mm;
        let was = if stage == Stage::Planned { centre } else { head };
        let [right, down, _] = state.camera.project(was + away);
        let mut alone = state.clone();
        for (part, look) in shown.parts.iter().zip(&mut alone.looks) {
            look.is_shown = part.name == name;
        }
        let (met_name, place) = met(&alone, [right, down]).unwrap();
        let radius = place.distance(was + away);
        assert!(met_name == name && radius < 30.0, "{met_name} {radius}");
        let [Mark::Sphere(seen, _)] =
            marks(MarkKind::JointSphere, shown, Stage::Before, &state.drawn(shown))[..]
        else {
            panic!()
        };
        assert!(stage == Stage::Planned || seen.distance(head + away) < 1e-9);
    }
}

#[test]
fn a_plan_taken_up_keeps_looks_and_what_is_clicked_is_what_is_seen() {
    let (_keep, mut shown) = shown();
    marks_go_with_what_they_are_of(&shown);
    what_is_cut_and_apart_is_met_where_it_is_seen(&shown);
    let mut state = ViewState::new(&shown);
    let stem = shown.parts.iter().position(|part| part.name == "stem").unwrap();
    state.looks[stem].opacity = 0.25;
    let again = Arc::new((*shown.planned.clone().unwrap()).clone());
    let count = shown.plan_count;
    state.follow(&mut shown, again);
    let stem = shown.parts.iter().position(|part| part.name == "stem").unwrap();
    assert_eq!((state.looks.len(), state.looks[stem].opacity), (shown.parts.len(), 0.25));
    assert_eq!(shown.plan_count, count + 1);

    // Into the mouth of the cup one sees the head; once it is hidden, the liner; of the scan, neither.
    let centre = shown.hip_centre();
    state.camera = Camera::standard(Standard::IntoCup, Side::Right, centre, 100.0);
    let hide = |state: &mut ViewState, name: &str| {
        for (part, look) in shown.parts.iter().zip(&mut state.looks) {
            look.is_shown &= part.name != name;
        }
    };
    hide(&mut state, "stem");
    hide(&mut state, Bone::femur(Side::Right).name());
    // Beside the bore for the taper.
    let at = [11.0, 0.0];
    let name = |state: &ViewState| state.part_at(&shown, at).map(|(at, _)| shown.parts[at].name.clone());
    assert_eq!(name(&state).as_deref(), Some("head"));
    let (index, place) = state.part_at(&shown, at).unwrap();
    assert_eq!(shown.parts[index].body, Body::Stem);
    assert!(
        (place.distance(centre) - shown.planned.as_ref().unwrap().plan.head.diameter_mm / 2.0).abs() < 0.3
    );
    hide(&mut state, "head");
    assert!(matches!(name(&state).as_deref(), Some("liner" | "shell")));
    state.stage = Stage::Before;
    let (index, _) = state.part_at(&shown, at).unwrap();
    assert_eq!(shown.parts[index].group, Group::Bones);
    assert!(state.part_at(&shown, [900.0, 0.0]).is_none());
}
