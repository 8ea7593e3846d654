//! Where the bodies of a model are, and how they move with its coordinates.

use super::function::Function;
use super::model::{GROUND, Model};
use nalgebra::{Isometry3, Matrix3, Point3, Rotation3, Unit, Vector3};

/// The bodies and coordinates of a model in flat arrays, parents before children.
#[derive(Debug, Clone)]
pub struct Skeleton {
    /// Names of coordinates, in the order of joints in the model.
    coordinates: Vec<String>,
    defaults: Vec<f64>,
    links: Vec<Link>,
    /// Names of bodies by their place here; the first is ground.
    bodies: Vec<String>,
    couplers: Vec<Follower>,
}

/// A body on its joint.
#[derive(Debug, Clone)]
pub(super) struct Link {
    /// Places of parent and child among the bodies.
    pub(super) parent: usize,
    pub(super) child: usize,
    /// The joint's frame in the parent, and the child's in the joint's.
    pub(super) in_parent: Frame,
    pub(super) from_child: Frame,
    pub(super) axes: Vec<Axis>,
}

/// A rotation or translation that is not always zero.
#[derive(Debug, Clone)]
pub(super) struct Axis {
    pub(super) is_rotation: bool,
    pub(super) axis: Unit<Vector3<f64>>,
    pub(super) coordinates: Vec<usize>,
    pub(super) function: Function,
}

/// A coordinate that follows others.
#[derive(Debug, Clone)]
struct Follower {
    dependent: usize,
    independent: Vec<usize>,
    function: Function,
    scale: f64,
}

/// Why a model cannot be computed with.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SkeletonError {
    /// A body that no joint holds, or a joint on a body that is not there.
    #[error("the body `{0}` is not joined to ground: its joint is missing, or bodies are joined in a loop")]
    Loose(String),
    /// Two joints on one body.
    #[error("the body `{0}` has two joints: closed chains are not supported")]
    Closed(String),
    /// A coordinate that follows itself.
    #[error("the coordinate `{0}` depends on itself")]
    Circle(String),
}

/// Places of all bodies in one position of a model, and how coordinates move them.
#[derive(Debug, Clone, Default)]
pub struct Posture {
    /// Place and turn of each body in ground.
    pub(super) frames: Vec<Frame>,
    /// Of each coordinate the motion of the bodies beyond its joint, for each body that one of its joints moves first.
    pub(super) motions: Vec<Vec<(usize, Twist)>>,
}

/// Place and turn of a body in ground.
#[derive(Debug, Clone, Copy)]
pub(super) struct Frame {
    pub(super) turn: Matrix3<f64>,
    pub(super) origin: Vector3<f64>,
}

impl Frame {
    pub(super) fn from_isometry(place: &Isometry3<f64>) -> Frame {
        let turn = place.rotation.to_rotation_matrix().into_inner();
        Frame { turn, origin: place.translation.vector }
    }

    /// In ground, of a frame in this body.
    pub(super) fn of(&self, inner: &Frame) -> Frame {
        Frame { turn: self.turn * inner.turn, origin: self.turn * inner.origin + self.origin }
    }

    pub(super) fn point(&self, at: &Point3<f64>) -> Point3<f64> {
        Point3::from(self.turn * at.coords + self.origin)
    }

    /// In the body, of a place in ground.
    pub(super) fn point_inside(&self, at: &Point3<f64>) -> Point3<f64> {
        Point3::from(self.turn.tr_mul(&(at.coords - self.origin)))
    }
}

/// Velocity of a body: of the point that lies in ground's origin, and turn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Twist {
    pub(super) angular: Vector3<f64>,
    pub(super) linear: Vector3<f64>,
}

impl Posture {
    /// Where a point of a body is in ground.
    ///
    /// # Panics
    /// Where the posture has no such body.
    pub fn point(&self, body: usize, at: &Point3<f64>) -> Point3<f64> {
        self.frames[body].point(at)
    }

    /// The turn of a body, seen from another one.
    ///
    /// # Panics
    /// Where the posture has no such body.
    pub fn turn(&self, body: usize, seen_from: usize) -> Rotation3<f64> {
        Rotation3::from_matrix_unchecked(self.frames[seen_from].turn.tr_mul(&self.frames[body].turn))
    }
}

impl Skeleton {
    /// The joint that moves a body.
    pub(super) fn link_mut(&mut self, child: &str) -> Option<&mut Link> {
        let child = self.body(child)?;
        self.links.iter_mut().find(|link| link.child == child)
    }

    /// Of a model.
    ///
    /// # Errors
    /// Where joints do not make a tree on ground, or coordinates follow one another in a circle.
    pub fn new(model: &Model) -> Result<Skeleton, SkeletonError> {
        let names = model.joints.iter().flat_map(|joint| &joint.coordinates);
        let coordinates: Vec<String> = names.clone().map(|c| c.name.clone()).collect();
        let defaults = names.map(|c| c.default_value).collect();
        let place = |name: &str| coordinates.iter().position(|own| own == name);
        let (mut bodies, mut links) = (vec![GROUND.to_owned()], Vec::new());
        let mut left: Vec<(usize, &super::model::Joint)> = Vec::new();
        let mut first = 0;
        for joint in &model.joints {
            left.push((first, joint));
            first += joint.coordinates.len();
        }
        while !left.is_empty() {
            let before = left.len();
            left.retain(|(first, joint)| {
                let Some(parent) = bodies.iter().position(|body| *body == joint.parent) else { return true };
                if bodies.contains(&joint.child) {
                    return true;
                }
                bodies.push(joint.child.clone());
                let axes = joint.axes.iter().enumerate().map(|(n, axis)| Axis {
                    is_rotation: n < 3,
                    axis: Unit::new_normalize(axis.axis),
                    coordinates: axis.coordinates.iter().map(|c| first + c).collect(),
                    function: axis.function.clone(),
                });
                links.push(Link {
                    parent,
                    child: bodies.len() - 1,
                    in_parent: Frame::from_isometry(&joint.in_parent),
                    from_child: Frame::from_isometry(&joint.in_child.inverse()),
                    axes: axes.filter(|axis| !axis.function.is_zero()).collect(),
                });
                false
            });
            if left.len() == before {
                let child = left[0].1.child.clone();
                return Err(if bodies.contains(&child) {
                    SkeletonError::Closed(child)
                } else {
                    SkeletonError::Loose(child)
                });
            }
        }
        if let Some(loose) = model.bodies.iter().find(|body| !bodies.contains(&body.name)) {
            return Err(SkeletonError::Loose(loose.name.clone()));
        }
        let couplers = model
            .couplers
            .iter()
            .filter_map(|coupler| {
                Some(Follower {
                    dependent: place(&coupler.dependent)?,
                    independent: coupler.independent.iter().map(|name| place(name)).collect::<Option<_>>()?,
                    function: coupler.function.clone(),
                    scale: coupler.scale,
                })
            })
            .collect();
        let mut skeleton = Skeleton { coordinates, defaults, links, bodies, couplers };
        match skeleton
            .couplers
            .iter()
            .find(|f| skeleton.couplers.iter().any(|g| f.independent.contains(&g.dependent)))
        {
            Some(circle) => Err(SkeletonError::Circle(skeleton.coordinates[circle.dependent].clone())),
            None => {
                // What follows is where that puts it, whatever the file gives for it.
                let mut defaults = std::mem::take(&mut skeleton.defaults);
                skeleton.couple(&mut defaults);
                Ok(Skeleton { defaults, ..skeleton })
            }
        }
    }

    /// Names of coordinates.
    pub fn coordinates(&self) -> &[String] {
        &self.coordinates
    }

    /// The place of a coordinate.
    pub fn coordinate(&self, name: &str) -> Option<usize> {
        self.coordinates.iter().position(|own| own == name)
    }

    /// Names of the bodies in their order here; the first is ground.
    pub fn bodies(&self) -> &[String] {
        &self.bodies
    }

    /// The place of a body, ground being 0.
    pub fn body(&self, name: &str) -> Option<usize> {
        self.bodies.iter().position(|own| own == name)
    }

    /// Number of bodies, ground among them.
    pub(super) fn body_count(&self) -> usize {
        self.bodies.len()
    }

    /// Bodies on their joints, parents before children.
    pub(super) fn links(&self) -> &[Link] {
        &self.links
    }

    /// Values where nothing else is said; coordinates that follow others are where these put them.
    pub fn defaults(&self) -> &[f64] {
        &self.defaults
    }

    /// Sets coordinates that follow others to where these put them.
    pub fn couple(&self, q: &mut [f64]) {
        for follower in &self.couplers {
            let arguments: Vec<f64> = follower.independent.iter().map(|&n| q[n]).collect();
            q[follower.dependent] = follower.scale * follower.function.value(&arguments);
        }
    }

    /// Adds to the derivative of something by each coordinate what it owes to those that follow it.
    pub(super) fn pull_back(&self, q: &[f64], derivative: &mut [f64]) {
        for follower in &self.couplers {
            if derivative[follower.dependent] == 0.0 {
                continue;
            }
            let arguments: Vec<f64> = follower.independent.iter().map(|&n| q[n]).collect();
            for (place, &n) in follower.independent.iter().enumerate() {
                derivative[n] += derivative[follower.dependent]
                    * follower.scale
                    * follower.function.derivative(&arguments, &[place]);
            }
        }
    }

    /// Adds to coordinates those that they follow.
    pub(super) fn add_leaders(&self, coordinates: &mut Vec<usize>) {
        for follower in &self.couplers {
            if coordinates.contains(&follower.dependent) {
                coordinates.extend(&follower.independent);
            }
        }
    }

    /// Where everything is at values of the coordinates, in their order; `posture` is written over.
    pub fn place(&self, q: &[f64], posture: &mut Posture) {
        let still = Frame { turn: Matrix3::identity(), origin: Vector3::zeros() };
        posture.frames.clear();
        posture.frames.resize(self.bodies.len(), still);
        posture.motions.resize(self.coordinates.len(), Vec::new());
        posture.motions.iter_mut().for_each(Vec::clear);
        let mut arguments = Vec::with_capacity(2);
        for link in &self.links {
            let parent = posture.frames[link.parent];
            let joint = parent.of(&link.in_parent);
            let (mut turn, mut origin) = (joint.turn, joint.origin);
            // Translations first: rotations turn about where they lead to.
            for axis in link.axes.iter().filter(|axis| !axis.is_rotation) {
                axis.arguments(q, &mut arguments);
                let along = joint.turn * axis.axis.into_inner();
                origin += along * axis.function.value(&arguments);
                axis.moves(&arguments, |coordinate, rate| {
                    let twist = Twist { angular: Vector3::zeros(), linear: along * rate };
                    posture.motions[coordinate].push((link.child, twist));
                });
            }
            for axis in link.axes.iter().filter(|axis| axis.is_rotation) {
                axis.arguments(q, &mut arguments);
                let about = turn * axis.axis.into_inner();
                axis.moves(&arguments, |coordinate, rate| {
                    let angular = about * rate;
                    let twist = Twist { angular, linear: origin.cross(&angular) };
                    posture.motions[coordinate].push((link.child, twist));
                });
                let angle = axis.function.value(&arguments);
                turn *= Rotation3::from_axis_angle(&axis.axis, angle).matrix();
            }
            posture.frames[link.child] = Frame { turn, origin }.of(&link.from_child);
        }
    }

    /// Bodies that a coordinate moves first, each by a joint of its own.
    pub(super) fn moved_by(&self, coordinate: usize) -> Vec<usize> {
        let driven = |link: &&Link| link.axes.iter().any(|axis| axis.coordinates.contains(&coordinate));
        self.links.iter().filter(driven).map(|link| link.child).collect()
    }

    /// Of each body, whether it is moved where another one is: bodies beyond it, itself among them.
    pub(super) fn beyond(&self) -> Vec<Vec<bool>> {
        let count = self.bodies.len();
        let mut beyond = vec![vec![false; count]; count];
        for (body, row) in beyond.iter_mut().enumerate() {
            row[body] = true;
            for link in &self.links {
                row[link.child] |= row[link.parent];
            }
        }
        beyond
    }
}

impl Axis {
    fn arguments(&self, q: &[f64], arguments: &mut Vec<f64>) {
        arguments.clear();
        arguments.extend(self.coordinates.iter().map(|&n| q[n]));
    }

    /// Tells each of its coordinates at which rate it drives the axis.
    fn moves(&self, arguments: &[f64], mut tell: impl FnMut(usize, f64)) {
        for (place, &coordinate) in self.coordinates.iter().enumerate() {
            let rate = self.function.derivative(arguments, &[place]);
            if rate != 0.0 {
                tell(coordinate, rate);
            }
        }
    }
}
