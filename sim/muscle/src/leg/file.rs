//! The leg's file: bodies, joints, muscles and landmarks in millimetres and degrees.

use super::super::function::{Function, Spline, SplineError};
use super::super::model::{
    Body, Coordinate, GROUND, Joint, JointAxis, Model, Motion, Muscle, MuscleCurves, MusclePath, PathPlace,
    PathPoint,
};
use super::Landmarks;
use nalgebra::{Isometry3, Matrix3, Point3, Translation3, Vector3};
use serde::Deserialize;
use std::collections::BTreeMap;

/// Version of the form.
const FORMAT: u32 = 1;
const MM: f64 = 1e-3;

/// What the file holds.
#[derive(Debug)]
pub(super) struct Leg {
    pub(super) model: Model,
    pub(super) landmarks: Landmarks,
    pub(super) person_mass_kg: f64,
    /// Anatomical names by those of the model's muscles.
    pub(super) anatomical: BTreeMap<String, String>,
}

/// Why it cannot be read.
#[derive(Debug, thiserror::Error)]
pub(super) enum LegError {
    #[error("not a leg model: {0}")]
    Toml(#[from] toml::de::Error),
    #[error("format {0} is not supported; this program reads format {FORMAT}")]
    Format(u32),
    #[error("`{of}` refers to the coordinate `{name}`, which the joint does not have")]
    Coordinate { of: String, name: String },
    #[error("`{of}`: {error}")]
    Curve { of: String, error: SplineError },
    #[error("`{0}` has an axis without direction, or both a rotation and a translation")]
    Axis(String),
    #[error("`{0}` has a point that is neither fixed nor moved by a coordinate")]
    Place(String),
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    format: u32,
    name: String,
    person_mass_kg: f64,
    curves: CurvesEntry,
    body: Vec<BodyEntry>,
    joint: Vec<JointEntry>,
    muscle: Vec<MuscleEntry>,
    landmarks: Landmarks,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CurvesEntry {
    tendon_strain: f64,
    passive_strain: f64,
    active_shape: f64,
    passive_shape: f64,
    velocity_shape: f64,
    lengthening_force: f64,
    fastest_shortening: f64,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyEntry {
    name: String,
    mass_kg: f64,
    mass_centre_mm: Point3<f64>,
    inertia_kg_m2: Vector3<f64>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct JointEntry {
    name: String,
    parent: String,
    child: String,
    in_parent_mm: Vector3<f64>,
    coordinates: Vec<CoordinateEntry>,
    axes: Vec<AxisEntry>,
}

#[derive(Deserialize)]
#[serde(untagged, deny_unknown_fields)]
enum CoordinateEntry {
    Rotation { name: String, at_deg: f64, range_deg: [f64; 2] },
    Translation { name: String, at_mm: f64, range_mm: [f64; 2] },
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AxisEntry {
    turn: Option<Vector3<f64>>,
    shift: Option<Vector3<f64>>,
    by: String,
    at_deg: Option<Vec<f64>>,
    mm: Option<Vec<f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MuscleEntry {
    name: String,
    of: String,
    #[serde(rename = "source")]
    _source: String,
    strength_n: f64,
    fibre_mm: f64,
    tendon_mm: f64,
    pennation_deg: f64,
    path: Vec<PointEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PointEntry {
    on: String,
    at_mm: Option<Point3<f64>>,
    only: Option<OnlyEntry>,
    follows: Option<String>,
    x: Option<CurveEntry>,
    y: Option<CurveEntry>,
    z: Option<CurveEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OnlyEntry {
    #[serde(rename = "while")]
    coordinate: String,
    range_deg: [f64; 2],
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CurveEntry {
    at_deg: Vec<f64>,
    mm: Vec<f64>,
}

/// Reads the file.
pub(super) fn read(text: &str) -> Result<Leg, LegError> {
    let file: File = toml::from_str(text)?;
    if file.format != FORMAT {
        return Err(LegError::Format(file.format));
    }
    let curves = MuscleCurves::Thelen2003 {
        tendon_strain: file.curves.tendon_strain,
        passive_strain: file.curves.passive_strain,
        active_shape: file.curves.active_shape,
        passive_shape: file.curves.passive_shape,
        velocity_shape: file.curves.velocity_shape,
        lengthening_force: file.curves.lengthening_force,
    };
    let anatomical = file.muscle.iter().map(|m| (m.name.clone(), m.of.clone())).collect();
    let fastest = file.curves.fastest_shortening;
    let muscles = file.muscle.into_iter().map(|entry| muscle(entry, &curves, fastest));
    let model = Model {
        name: file.name,
        gravity: Vector3::new(0.0, -9.80665, 0.0),
        bodies: file.body.into_iter().map(body).collect(),
        joints: file.joint.into_iter().map(joint).collect::<Result<_, _>>()?,
        muscles: muscles.collect::<Result<_, _>>()?,
        ..Model::default()
    };
    Ok(Leg { model, landmarks: file.landmarks, person_mass_kg: file.person_mass_kg, anatomical })
}

fn body(entry: BodyEntry) -> Body {
    Body {
        name: entry.name,
        mass: entry.mass_kg,
        mass_centre: entry.mass_centre_mm * MM,
        inertia: Matrix3::from_diagonal(&entry.inertia_kg_m2),
    }
}

fn joint(entry: JointEntry) -> Result<Joint, LegError> {
    let coordinates: Vec<Coordinate> = entry.coordinates.into_iter().map(coordinate).collect();
    let still = |axis| JointAxis { axis, coordinates: Vec::new(), function: Function::Constant(0.0) };
    let mut axes = [Vector3::x(), Vector3::y(), Vector3::z()].repeat(2).into_iter().map(still);
    let mut axes: [JointAxis; 6] =
        std::array::from_fn(|_| axes.next().unwrap_or_else(|| still(Vector3::x())));
    let (mut turns, mut shifts) = (0, 0);
    for axis in entry.axes {
        let place = coordinates.iter().position(|c| c.name == axis.by);
        let unknown = || LegError::Coordinate { of: entry.name.clone(), name: axis.by.clone() };
        let place = place.ok_or_else(unknown)?;
        let (slot, direction) = match (axis.turn, axis.shift) {
            (Some(turn), None) if turns < 3 => (turns, turn),
            // Shifts along axes that stand still have a place of their own, by the axis they run along.
            (None, Some(shift)) if shifts < 3 => (3 + shift.iamax(), shift),
            _ => return Err(LegError::Axis(entry.name)),
        };
        if axis.turn.is_some() {
            turns += 1;
        } else {
            shifts += 1;
        }
        let direction = direction.try_normalize(1e-9).ok_or_else(|| LegError::Axis(entry.name.clone()))?;
        let function = match (axis.at_deg, axis.mm) {
            (Some(at_deg), Some(mm)) => curve(&entry.name, &CurveEntry { at_deg, mm })?,
            _ => Function::Linear(vec![1.0, 0.0]),
        };
        axes[slot] = JointAxis { axis: direction, coordinates: vec![place], function };
    }
    // Turns that are none stand across those that are: OpenSim refuses a joint two of whose axes lie in one line.
    for slot in turns..3 {
        let along = |candidate: &Vector3<f64>| {
            axes[..slot].iter().map(|axis| axis.axis.dot(candidate).abs()).fold(0.0, f64::max)
        };
        let across = [Vector3::x(), Vector3::y(), Vector3::z()];
        let best = across.into_iter().min_by(|a, b| along(a).total_cmp(&along(b)));
        axes[slot].axis = best.unwrap_or(axes[slot].axis);
    }
    let parent = if entry.parent == "ground" { GROUND.to_owned() } else { entry.parent };
    Ok(Joint {
        name: entry.name,
        parent,
        child: entry.child,
        in_parent: Isometry3::from_parts(Translation3::from(entry.in_parent_mm * MM), Default::default()),
        in_child: Isometry3::identity(),
        coordinates,
        axes,
    })
}

fn coordinate(entry: CoordinateEntry) -> Coordinate {
    let (name, motion, default_value, range) = match entry {
        CoordinateEntry::Rotation { name, at_deg, range_deg } => {
            (name, Motion::Rotation, at_deg.to_radians(), range_deg.map(f64::to_radians))
        }
        CoordinateEntry::Translation { name, at_mm, range_mm } => {
            (name, Motion::Translation, at_mm * MM, range_mm.map(|x| x * MM))
        }
    };
    Coordinate { name, motion, default_value, range, is_locked: false, is_clamped: false }
}

fn muscle(entry: MuscleEntry, curves: &MuscleCurves, fastest: f64) -> Result<Muscle, LegError> {
    let points = entry.path.into_iter().enumerate().map(|(n, p)| point(&entry.name, n, p));
    Ok(Muscle {
        path: MusclePath { points: points.collect::<Result<_, _>>()?, wraps: Vec::new() },
        name: entry.name,
        max_isometric_force: entry.strength_n,
        optimal_fibre_length: entry.fibre_mm * MM,
        tendon_slack_length: entry.tendon_mm * MM,
        pennation: entry.pennation_deg.to_radians(),
        max_contraction_velocity: fastest,
        min_activation: 0.01,
        applies_force: true,
        curves: curves.clone(),
    })
}

fn point(muscle: &str, n: usize, entry: PointEntry) -> Result<PathPoint, LegError> {
    let place = match (entry.at_mm, entry.follows) {
        (Some(at), None) => match entry.only {
            None => PathPlace::Fixed(at * MM),
            Some(OnlyEntry { coordinate, range_deg }) => {
                PathPlace::Conditional { at: at * MM, coordinate, range: range_deg.map(f64::to_radians) }
            }
        },
        (None, Some(coordinate)) => {
            let along = |entry: Option<CurveEntry>| -> Result<(String, Function), LegError> {
                let entry = entry.ok_or_else(|| LegError::Place(muscle.to_owned()))?;
                Ok((coordinate.clone(), curve(muscle, &entry)?))
            };
            PathPlace::Moving(Box::new([along(entry.x)?, along(entry.y)?, along(entry.z)?]))
        }
        _ => return Err(LegError::Place(muscle.to_owned())),
    };
    Ok(PathPoint { name: format!("{muscle}-P{}", n + 1), body: entry.on, place })
}

/// Metres by radians, through points.
fn curve(of: &str, entry: &CurveEntry) -> Result<Function, LegError> {
    let x: Vec<f64> = entry.at_deg.iter().map(|deg| deg.to_radians()).collect();
    let y: Vec<f64> = entry.mm.iter().map(|mm| mm * MM).collect();
    let spline = Spline::simm(&x, &y).map_err(|error| LegError::Curve { of: of.to_owned(), error })?;
    Ok(Function::Spline(spline))
}
