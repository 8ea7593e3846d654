//! Letters at the edges of every view against where the patient's own directions come to lie in it: a wrong side is a wrong operation.

use super::{Camera, Plane, Standard, ViewState, edges};
use crate::shown::{Film, Shown, Stage};
use crate::view::letters;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side, Vector};
use coxa_imaging::{CtVolume, Grid, Volume};
use coxa_planner::pictures::GreyWindow;
use nalgebra::{Matrix3, Rotation3, Vector3};
use ndarray::Array3;
use proptest::prelude::*;

/// Directions of the patient frame, DICOM's LPS, by their letters.
const AXES: [(char, [f64; 3]); 6] = [
    ('L', [1.0, 0.0, 0.0]),
    ('R', [-1.0, 0.0, 0.0]),
    ('P', [0.0, 1.0, 0.0]),
    ('A', [0.0, -1.0, 0.0]),
    ('S', [0.0, 0.0, 1.0]),
    ('I', [0.0, 0.0, -1.0]),
];

/// The direction of a letter.
pub(crate) fn direction(letter: char) -> Vector<Patient> {
    let (_, [x, y, z]) = AXES.into_iter().find(|(own, _)| *own == letter).unwrap();
    Vector::new(x, y, z)
}

/// The left, right, upper and lower edge: right and down in the picture.
const EDGES: [[f64; 2]; 4] = [[-1.0, 0.0], [1.0, 0.0], [0.0, -1.0], [0.0, 1.0]];

/// Holds the letters at the edges against where a picture shows a place so far along each direction from its middle, right and down.
fn agree(what: &str, edges: &[String; 4], shown_at: impl Fn([f64; 3]) -> [f64; 2]) {
    for (letter, axis) in AXES {
        let [x, y] = shown_at(axis);
        for (edge, [right, down]) in edges.iter().zip(EDGES) {
            let towards = x * right + y * down;
            if edge.contains(letter) {
                assert!(towards > 0.2, "{what}: {letter} is told at {edge}, and drawn at {x:.2} {y:.2}");
            }
            // What points clearly at an edge is told there, and first of all.
            if towards > 0.93 {
                assert!(edge.starts_with(letter), "{what}: {letter} is drawn at {edge:?}, at {x:.2} {y:.2}");
            }
        }
    }
}

fn camera_agrees(what: &str, camera: &Camera) {
    let at = |[x, y, z]: [f64; 3]| {
        let [right, down, _] = camera.project(camera.target + Vector::new(x, y, z));
        [right, down]
    };
    agree(what, &edges(camera.right(), -camera.up), at);
}

#[test]
fn letters_of_every_view_in_space_are_those_of_the_patient() {
    for side in Side::BOTH {
        for view in Standard::ALL {
            let camera = Camera::standard(view, side, Point::new(-80.0, 12.0, 900.0), 230.0);
            camera_agrees(&format!("{view:?}, {side}"), &camera);
            // What is seen of a hip from its side is seen of the other one as in a mirror.
            let other = Camera::standard(view, side.other(), Point::origin(), 230.0);
            let mirrored = Vector::new(-other.into.x(), other.into.y(), other.into.z());
            assert!((camera.into - mirrored).norm() < 1e-12, "{view:?}");
        }
    }
}

proptest! {
    #[test]
    fn letters_follow_a_camera_wherever_it_is_turned(
        turns in prop::collection::vec((-3.0..3.0, -3.0..3.0), 1..6),
        view in prop::sample::select(&Standard::ALL[..]),
        is_left in any::<bool>(),
    ) {
        let side = if is_left { Side::Left } else { Side::Right };
        let start = Camera::standard(view, side, Point::origin(), 100.0);
        let camera = turns.into_iter().fold(start, |camera, (right, down)| camera.orbited(right, down));
        camera_agrees("turned", &camera);
    }
}

/// Ways in which a scanner or a converter may store the same patient: steps along i, j and k in the patient frame.
fn storages() -> Vec<Matrix3<f64>> {
    let diagonal = |x: f64, y: f64, z: f64| Matrix3::from_diagonal(&Vector3::new(x, y, z));
    let turned = Rotation3::from_euler_angles(0.2, -0.15, 0.25);
    vec![
        diagonal(2.0, 2.0, 2.0),
        diagonal(-2.0, -2.0, 2.0),
        diagonal(2.0, 2.0, -3.0),
        diagonal(-2.0, 2.0, 2.0),
        Matrix3::new(0.0, 2.0, 0.0, 0.0, 0.0, -2.0, 3.0, 0.0, 0.0),
        turned.matrix() * diagonal(2.0, -2.0, 2.0),
    ]
}

/// Water about the origin with a dense ball 35 mm along a direction.
fn patient(step: Matrix3<f64>, [x, y, z]: [f64; 3]) -> CtVolume {
    let dims = [0, 1, 2].map(|axis| (140.0 / step.column(axis).norm()) as usize);
    let middle = Vector3::from(dims.map(|n| (n as f64 - 1.0) / 2.0));
    let grid = Grid { dims, origin: Point::from_coords((-(step * middle)).into()), step };
    let ball = Point::<Patient>::new(35.0 * x, 35.0 * y, 35.0 * z);
    let [ni, nj, nk] = dims;
    let value = |(k, j, i): (usize, usize, usize)| {
        let at = grid.to_patient(Point::from_coords([i as f64, j as f64, k as f64].into()));
        if at.distance(ball) < 11.0 { 3000i16 } else { 0 }
    };
    let values = Array3::from_shape_fn((nk, nj, ni), value);
    Volume::new(grid, values)
}

/// Where the bright pixels of a picture are, from its middle, in millimetres right and down; nothing where there are none.
fn bright(grey: &[u8], width: u32, px_per_mm: f64) -> Option<[f64; 2]> {
    let (width, height) = (width as usize, grey.len() / width as usize);
    let places = || (0..grey.len()).filter(|&at| grey[at] > 180).map(|at| [at % width, at / width]);
    let count = places().count() as f64;
    let middle = |axis: usize, size: usize| {
        let sum: f64 = places().map(|place| place[axis] as f64 + 0.5).sum();
        (sum / count - size as f64 / 2.0) / px_per_mm
    };
    (count > 0.0).then(|| [middle(0, width), middle(1, height)])
}

#[test]
fn letters_of_slices_slabs_and_the_radiograph_tell_where_the_scan_has_it_however_it_is_stored() {
    const PX_PER_MM: f64 = 0.5;
    const WINDOW: GreyWindow = GreyWindow { black_hu: 0.0, white_hu: 3000.0 };
    for (n, step) in storages().into_iter().enumerate() {
        for (letter, axis) in AXES {
            let ct = patient(step, axis);
            for side in Side::BOTH {
                let shown = Shown::of_scan(side, ct.clone(), [].into(), Vec::new());
                let state = ViewState::new(&shown);
                let what = |picture: &str| format!("storage {n}, {side}, {letter}, {picture}");
                for plane in Plane::ALL {
                    let centre = state.centre_of(plane);
                    assert!(centre.distance(Point::origin()) < 1e-6);
                    let view = plane.view(centre, 120.0, 110.0, PX_PER_MM);
                    let told = edges(view.right, view.down);
                    assert_eq!(view.sides.map(String::from), [told[0].clone(), told[1].clone()]);
                    for slab_mm in [0.0, 100.0] {
                        let grey = shown.slice(&view, Stage::Before, WINDOW, slab_mm);
                        holds(
                            &what(plane.title()),
                            letter,
                            &told,
                            bright(&grey, view.size_px().0, PX_PER_MM),
                            slab_mm,
                        );
                    }
                }
                let film = Film::new(&shown.ct, shown.hip_centre());
                let camera = state.radiograph(&shown);
                let told = edges(camera.right(), -camera.up);
                // The film is drawn where the camera sees its middle, its rows to the right and its columns down.
                assert_eq!((film.view.right, film.view.down), (camera.right(), -camera.up));
                let [x, y] =
                    bright(&film.grey([0.5, 1.0]), film.view.size_px().0, film.view.px_per_mm).unwrap();
                let [right, down, _] = camera.project(film.view.centre);
                let [rightwards, downwards, _] = camera.project(Point::origin());
                let at = [x + right - rightwards, y + down - downwards];
                holds(&what("radiograph"), letter, &told, Some(at), f64::INFINITY);
            }
        }
    }
}

/// A ball along a direction is drawn towards the edge where that is told; one that lies along the line of sight in the middle of what is
/// thick enough, and not at all in what is not.
fn holds(what: &str, letter: char, told: &[String; 4], drawn: Option<[f64; 2]>, thickness_mm: f64) {
    let edge = told.iter().position(|edge| edge.contains(letter));
    let expected = match edge {
        Some(edge) => EDGES[edge].map(|along| 35.0 * along),
        None if thickness_mm < 70.0 => {
            assert_eq!(drawn, None, "{what}");
            return;
        }
        None => [0.0; 2],
    };
    let [x, y] = drawn.unwrap_or_else(|| panic!("{what}: nothing is drawn"));
    let off = (x - expected[0]).hypot(y - expected[1]);
    assert!(off < 3.0, "{what}: drawn at {x:.1} {y:.1}, {letter} is told at {edge:?}");
}

#[test]
fn all_six_letters_have_their_own_direction() {
    for (letter, _) in AXES {
        assert_eq!(letters(direction(letter)), letter.to_string());
    }
}
