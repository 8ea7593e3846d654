//! The path of a muscle, compiled.

use crate::function::Function;
use crate::kinematics::Frame;
use crate::model::{Quadrant, WrapShape};
use nalgebra::Point3;

#[derive(Debug, Clone)]
pub(super) struct Path {
    pub(super) name: String,
    pub(super) points: Vec<Point>,
    pub(super) wraps: Vec<Wrap>,
    /// Joints that the path crosses: the body that a joint moves first, and those of the path's bodies that go along.
    pub(super) cuts: Vec<(usize, Vec<usize>)>,
    /// Coordinates that drive these joints, each with one of them by its place.
    pub(super) levers: Vec<(usize, usize)>,
    /// Coordinates that the length depends on, ascending.
    pub(super) columns: Vec<usize>,
}

#[derive(Debug, Clone)]
pub(super) struct Point {
    pub(super) body: usize,
    pub(super) place: Place,
}

#[derive(Debug, Clone)]
pub(super) enum Place {
    Fixed(Point3<f64>),
    Conditional { at: Point3<f64>, coordinate: usize, range: [f64; 2] },
    Moving(Box<[(usize, Function); 3]>),
}

#[derive(Debug, Clone)]
pub(super) struct Wrap {
    pub(super) body: usize,
    /// In the body.
    pub(super) frame: Frame,
    pub(super) shape: WrapShape,
    pub(super) quadrant: Option<Quadrant>,
    pub(super) range: [Option<usize>; 2],
    /// Whether its touching points are OpenSim's.
    pub(super) is_through_apex: bool,
}
