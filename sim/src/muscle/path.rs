//! Length of muscles, and how it changes with the coordinates of a model.

use super::function::Function;
use super::kinematics::{Posture, Skeleton};
use super::model::{Model, Muscle, PathPlace, Quadrant, WrapShape};
use super::wrap::{around, direction};
use nalgebra::{Isometry3, Point3, Vector3};

/// Rounds over several surfaces, and the change of length in m with which they end.
const ROUNDS: usize = 50;
const SETTLED_M: f64 = 1e-12;
/// Conditional points count this far beyond their range, in radians or metres.
const CONDITION: f64 = 1e-5;

/// The paths of a model's muscles, compiled.
#[derive(Debug, Clone)]
pub struct Paths {
    muscles: Vec<Path>,
}

/// Why paths cannot be computed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// A body, coordinate or wrap object that the model does not have.
    #[error("the path of `{muscle}` refers to `{name}`, which the model does not have")]
    Unknown {
        /// The muscle.
        muscle: String,
        /// What is missing.
        name: String,
    },
    /// A surface that paths cannot run around yet.
    #[error("the path of `{muscle}` runs around `{object}`: only cylinders and spheres are supported")]
    Surface {
        /// The muscle.
        muscle: String,
        /// The surface.
        object: String,
    },
}

#[derive(Debug, Clone)]
struct Path {
    name: String,
    points: Vec<Point>,
    wraps: Vec<Wrap>,
    /// Coordinates that move it.
    coordinates: Vec<Lever>,
}

/// A coordinate that a path depends on.
#[derive(Debug, Clone)]
struct Lever {
    coordinate: usize,
    /// Of each motion that the coordinate makes of a body, the bodies of the path that go along.
    moved: Vec<(usize, Vec<usize>)>,
}

#[derive(Debug, Clone)]
struct Point {
    body: usize,
    place: Place,
}

#[derive(Debug, Clone)]
enum Place {
    Fixed(Point3<f64>),
    Conditional { at: Point3<f64>, coordinate: usize, range: [f64; 2] },
    Moving(Box<[(usize, Function); 3]>),
}

#[derive(Debug, Clone)]
struct Wrap {
    body: usize,
    to_object: Isometry3<f64>,
    shape: WrapShape,
    quadrant: Option<Quadrant>,
    range: [Option<usize>; 2],
}

/// A point of a path as it runs in one posture.
#[derive(Debug, Clone, Copy)]
struct Stop {
    body: usize,
    at: Point3<f64>,
    /// Its place among the points of the muscle, none of where it touches a surface.
    point: Option<usize>,
    /// The place of the surface that it touches among those of the muscle.
    wrap: Option<usize>,
    /// Length on a surface from here to the next.
    on_surface: Option<f64>,
}

impl Paths {
    /// Of a model.
    ///
    /// # Errors
    /// Where a path refers to what is not there, or runs around a surface that is not supported.
    pub fn new(model: &Model, skeleton: &Skeleton) -> Result<Paths, PathError> {
        let beyond = skeleton.beyond();
        let muscles = model.muscles.iter().map(|muscle| Path::new(muscle, model, skeleton, &beyond));
        Ok(Paths { muscles: muscles.collect::<Result<_, _>>()? })
    }

    /// Names of the muscles.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.muscles.iter().map(|muscle| muscle.name.as_str())
    }

    /// The place of a muscle.
    pub fn muscle(&self, name: &str) -> Option<usize> {
        self.muscles.iter().position(|muscle| muscle.name == name)
    }

    /// Length of a muscle with its tendon in m, where the coordinates `q` have led to a posture. Minus the derivative of the length by
    /// each coordinate is written to `arms`, one number for each coordinate of the model: its moment arm in m about a rotation, without
    /// unit along a translation. A muscle of which fewer than two points are part of the path has no length.
    ///
    /// # Panics
    /// Where `q`, `arms` or the posture are not of this skeleton.
    pub fn length(
        &self,
        muscle: usize,
        skeleton: &Skeleton,
        q: &[f64],
        posture: &Posture,
        arms: Option<&mut [f64]>,
    ) -> f64 {
        let path = &self.muscles[muscle];
        let stops = path.stops(q, posture);
        if let Some(arms) = arms {
            arms.fill(0.0);
            path.add_arms(q, posture, &stops, arms);
            skeleton.pull_back(q, arms);
        }
        length(&stops)
    }
}

impl Path {
    fn new(
        muscle: &Muscle,
        model: &Model,
        skeleton: &Skeleton,
        beyond: &[Vec<bool>],
    ) -> Result<Path, PathError> {
        let unknown = |name: &str| PathError::Unknown { muscle: muscle.name.clone(), name: name.into() };
        let body = |name: &str| skeleton.body(name).ok_or_else(|| unknown(name));
        let coordinate = |name: &str| skeleton.coordinate(name).ok_or_else(|| unknown(name));
        let mut points = Vec::with_capacity(muscle.path.points.len());
        for point in &muscle.path.points {
            let place = match &point.place {
                PathPlace::Fixed(at) => Place::Fixed(*at),
                PathPlace::Conditional { at, coordinate: name, range } => {
                    Place::Conditional { at: *at, coordinate: coordinate(name)?, range: *range }
                }
                PathPlace::Moving(axes) => {
                    let [x, y, z] = axes.each_ref().map(|(name, f)| Ok((coordinate(name)?, f.clone())));
                    Place::Moving(Box::new([x?, y?, z?]))
                }
            };
            points.push(Point { body: body(&point.body)?, place });
        }
        let mut wraps = Vec::new();
        for wrap in &muscle.path.wraps {
            let object = model.wrap_objects.iter().find(|object| object.name == wrap.object);
            let object = object.ok_or_else(|| unknown(&wrap.object))?;
            let is_led = matches!(object.shape, WrapShape::Cylinder { .. } | WrapShape::Sphere { .. });
            if object.is_active && !is_led {
                return Err(PathError::Surface { muscle: muscle.name.clone(), object: object.name.clone() });
            }
            if object.is_active {
                wraps.push(Wrap {
                    body: body(&object.body)?,
                    to_object: object.in_body.inverse(),
                    shape: object.shape,
                    quadrant: object.quadrant,
                    range: wrap.range,
                });
            }
        }
        let mut bodies: Vec<usize> =
            points.iter().map(|p| p.body).chain(wraps.iter().map(|wrap| wrap.body)).collect();
        bodies.sort_unstable();
        bodies.dedup();
        let coordinates = (0..skeleton.coordinates().len())
            .map(|coordinate| {
                let moves = skeleton.moved_by(coordinate).into_iter().map(|first| {
                    let along: Vec<usize> = bodies.iter().copied().filter(|&b| beyond[first][b]).collect();
                    (first, along)
                });
                // What moves all of a path does not change it.
                let moved =
                    moves.filter(|(_, along)| !along.is_empty() && along.len() < bodies.len()).collect();
                Lever { coordinate, moved }
            })
            .filter(|lever| !lever.moved.is_empty())
            .collect();
        Ok(Path { name: muscle.name.clone(), points, wraps, coordinates })
    }

    /// Where the path runs.
    fn stops(&self, q: &[f64], posture: &Posture) -> Vec<Stop> {
        let mut stops = Vec::with_capacity(self.points.len() + 2 * self.wraps.len());
        for (n, point) in self.points.iter().enumerate() {
            let at = match &point.place {
                Place::Fixed(at) => *at,
                Place::Conditional { at, coordinate, range: [low, high] } => {
                    let value = q[*coordinate];
                    // As OpenSim: with a little room at both ends.
                    if value < low - CONDITION || value > high + CONDITION {
                        continue;
                    }
                    *at
                }
                Place::Moving(axes) => Point3::from(std::array::from_fn::<f64, 3, _>(|axis| {
                    let (coordinate, function) = &axes[axis];
                    function.value(&[q[*coordinate]])
                })),
            };
            let at = posture.frames[point.body].point(&at);
            stops.push(Stop { body: point.body, at, point: Some(n), wrap: None, on_surface: None });
        }
        // Where a path runs around several surfaces, each moves the points at which it meets the next: one after the other is led anew
        // until the path is as short as it gets.
        let mut before = f64::INFINITY;
        for _ in 0..if self.wraps.len() > 1 { ROUNDS } else { 1 } {
            for (n, wrap) in self.wraps.iter().enumerate() {
                stops.retain(|stop| stop.wrap != Some(n));
                wrap.lead_around(n, posture, &mut stops);
            }
            let length = length(&stops);
            if (before - length).abs() < SETTLED_M {
                break;
            }
            before = length;
        }
        stops
    }

    /// Minus the derivative of the length by each coordinate. Where a path touches a surface its points slide without making it longer, so
    /// that they count as fixed to the surface's body.
    fn add_arms(&self, q: &[f64], posture: &Posture, stops: &[Stop], arms: &mut [f64]) {
        // The gradient of the length by the place of each stop.
        let mut pull = vec![Vector3::zeros(); stops.len()];
        for n in 0..stops.len().saturating_sub(1) {
            if stops[n].on_surface.is_none() {
                let along = direction(&stops[n].at, &stops[n + 1].at);
                pull[n] -= along;
                pull[n + 1] += along;
            }
        }
        for lever in &self.coordinates {
            let mut change = 0.0;
            for (first, along) in &lever.moved {
                for (body, twist) in &posture.motions[lever.coordinate] {
                    if body != first {
                        continue;
                    }
                    for (stop, pull) in stops.iter().zip(&pull) {
                        if along.contains(&stop.body) {
                            change += pull.dot(&(twist.linear + twist.angular.cross(&stop.at.coords)));
                        }
                    }
                }
            }
            arms[lever.coordinate] -= change;
        }
        for (stop, pull) in stops.iter().zip(&pull) {
            let Some(Place::Moving(axes)) = stop.point.map(|n| &self.points[n].place) else { continue };
            let turn = &posture.frames[stop.body].turn;
            for (axis, (coordinate, function)) in axes.iter().enumerate() {
                let rate = function.derivative(&[q[*coordinate]], &[0]);
                arms[*coordinate] -= pull.dot(&turn.column(axis)) * rate;
            }
        }
    }
}

/// Length of a path by its stops.
fn length(stops: &[Stop]) -> f64 {
    let pairs = stops.iter().zip(stops.iter().skip(1));
    pairs.map(|(stop, next)| stop.on_surface.unwrap_or_else(|| (next.at - stop.at).norm())).sum()
}

impl Wrap {
    /// Puts the two touching points into the straight part of a path that becomes the shortest by it.
    fn lead_around(&self, own: usize, posture: &Posture, stops: &mut Vec<Stop>) {
        let frame = &posture.frames[self.body];
        let local = |at: &Point3<f64>| {
            self.to_object * Point3::from(frame.turn.transpose() * (at.coords - frame.origin))
        };
        let within = |stop: &Stop| {
            stop.point.is_none_or(|n| {
                self.range[0].is_none_or(|first| n + 1 >= first) && self.range[1].is_none_or(|last| n < last)
            })
        };
        let mut best: Option<(usize, f64, super::wrap::Detour)> = None;
        for n in 0..stops.len().saturating_sub(1) {
            if stops[n].on_surface.is_some() || !within(&stops[n]) || !within(&stops[n + 1]) {
                continue;
            }
            let (from, to) = (local(&stops[n].at), local(&stops[n + 1].at));
            if let Some(found) = around(&self.shape, self.quadrant, &from, &to) {
                let longer = found.length(&from, &to) - (to - from).norm();
                if best.is_none_or(|(_, least, _)| longer < least) {
                    best = Some((n, longer, found));
                }
            }
        }
        let Some((n, _, found)) = best else { return };
        let object = self.to_object.inverse();
        let [first, second] = found.touches.map(|at| frame.point(&(object * at)));
        let touch = |at, on_surface| Stop { body: self.body, at, point: None, wrap: Some(own), on_surface };
        stops.insert(n + 1, touch(first, Some(found.on_surface)));
        stops.insert(n + 2, touch(second, None));
    }
}
