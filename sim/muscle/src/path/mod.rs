//! Length of muscles, and how it changes with the coordinates of a model.
//!
//! `compile` makes flat paths of a model's, `run` leads one along its points and around its surfaces, `opensim` computes what OpenSim takes
//! for the length.
//!
//! Around one surface a path is the shortest one and its length continuous. Around several it is led around one after the other until it
//! stays, which may be on another side than in the next posture: lengths can jump by millimetres then. Where surfaces stand in each
//! other's way, it may go round from side to side and never stay (3 of 2,000 postures of the worst pair on a made-up leg); moment arms
//! are not the slope of the length there.

mod compile;
mod compiled;
mod opensim;
mod run;
#[cfg(test)]
mod tests;

use super::dynamics::Wrench;
use super::kinematics::{Posture, Skeleton};
use super::model::Model;
use compiled::Path;
use nalgebra::{Point3, Vector3};
pub use opensim::OpenSimLengths;
use run::Stop;

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
    /// A surface without size.
    #[error("the path of `{muscle}` runs around `{object}`, which has no size: radii must be positive")]
    Surface {
        /// The muscle.
        muscle: String,
        /// The surface.
        object: String,
    },
}

/// Lengths and moment arms of some muscles in one posture, with the room in which they are computed: used again and again, it allocates
/// nothing.
#[derive(Debug, Clone, Default)]
pub struct Workspace {
    stops: Vec<Stop>,
    pulls: Vec<Vector3<f64>>,
    /// Derivative of a length by each coordinate of the model; zero between calls.
    slopes: Vec<f64>,
    lengths: Vec<f64>,
    arms: Vec<(usize, f64)>,
    /// Where each muscle's arms end.
    ends: Vec<usize>,
}

impl Workspace {
    /// Lengths in m, in the order in which the muscles were asked for.
    pub fn lengths(&self) -> &[f64] {
        &self.lengths
    }

    /// Moment arms of the muscle asked for at this place: coordinates that its length depends on, ascending, each with its arm in m about
    /// a rotation, without unit along a translation. Nothing where no muscle stands at this place, or lengths alone were asked for.
    pub fn arms(&self, place: usize) -> &[(usize, f64)] {
        let start = place.checked_sub(1).and_then(|n| self.ends.get(n)).copied().unwrap_or(0);
        self.ends.get(place).and_then(|end| self.arms.get(start..*end)).unwrap_or_default()
    }
}

impl Paths {
    /// Lengths of all muscles with coordinates at their defaults, m.
    pub fn at_defaults(&self, skeleton: &Skeleton) -> Vec<f64> {
        let (mut posture, q) = (Posture::default(), skeleton.defaults());
        skeleton.place(q, &mut posture);
        (0..self.muscles.len()).map(|muscle| self.length(muscle, skeleton, q, &posture, None)).collect()
    }

    /// Of a model.
    ///
    /// # Errors
    /// Where a path refers to what is not there, or runs around a surface without size.
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

    /// Lengths of some muscles with their tendons, where the coordinates `q` have led to a posture; they are in the workspace then. A
    /// muscle of which fewer than two points are part of the path has no length.
    ///
    /// # Panics
    /// Where `q` or the posture are not of this skeleton, or a muscle is none of these.
    pub fn lengths(&self, muscles: &[usize], q: &[f64], posture: &Posture, workspace: &mut Workspace) {
        workspace.clear(q.len());
        for muscle in muscles {
            let path = &self.muscles[*muscle];
            path.lead(q, posture, &mut workspace.stops);
            workspace.lengths.push(run::length(&workspace.stops));
        }
    }

    /// Lengths of some muscles, and minus their derivatives by the coordinates, the moment arms; see [`Paths::lengths`].
    ///
    /// # Panics
    /// As [`Paths::lengths`].
    pub fn lengths_and_arms(
        &self,
        muscles: &[usize],
        skeleton: &Skeleton,
        q: &[f64],
        posture: &Posture,
        workspace: &mut Workspace,
    ) {
        workspace.clear(q.len());
        for muscle in muscles {
            let path = &self.muscles[*muscle];
            path.lead(q, posture, &mut workspace.stops);
            workspace.lengths.push(run::length(&workspace.stops));
            path.add_slopes(q, posture, &workspace.stops, &mut workspace.pulls, &mut workspace.slopes);
            skeleton.pull_back(q, &mut workspace.slopes);
            for coordinate in &path.columns {
                workspace.arms.push((*coordinate, -std::mem::take(&mut workspace.slopes[*coordinate])));
            }
            workspace.ends.push(workspace.arms.len());
        }
    }

    /// Adds what one muscle under a tension in N pulls at the bodies on its way: forces along its straight parts at the points and surfaces where
    /// it bends.
    ///
    /// # Panics
    /// As [`Paths::lengths`].
    pub fn add_pulls(
        &self,
        muscle: usize,
        tension: f64,
        q: &[f64],
        posture: &Posture,
        workspace: &mut Workspace,
        on_bodies: &mut Vec<(usize, Wrench)>,
    ) {
        self.muscles[muscle].lead(q, posture, &mut workspace.stops);
        run::gradients(&workspace.stops, &mut workspace.pulls);
        let pulls = workspace.stops.iter().zip(&workspace.pulls);
        on_bodies.extend(pulls.map(|(stop, slope)| (stop.body, Wrench::at(stop.at, slope * -tension))));
    }

    /// Where one muscle runs, in the frame of a body, m: the points of its path in order and those where it comes to a surface and leaves it.
    ///
    /// # Panics
    /// As [`Paths::lengths`], and where there is no such body.
    pub fn course(
        &self,
        muscle: usize,
        q: &[f64],
        posture: &Posture,
        body: usize,
        workspace: &mut Workspace,
    ) -> Vec<Point3<f64>> {
        self.muscles[muscle].lead(q, posture, &mut workspace.stops);
        let frame = posture.frames[body];
        let local = |stop: &Stop| Point3::from(frame.turn.tr_mul(&(stop.at.coords - frame.origin)));
        workspace.stops.iter().map(local).collect()
    }

    /// Length of one muscle in m as [`Paths::lengths`] gives it, and to `arms` one number for each coordinate of the model: its moment
    /// arm. Where many are asked for, [`Paths::lengths_and_arms`] is faster.
    ///
    /// # Panics
    /// As [`Paths::lengths`], and where `arms` are not of this skeleton.
    pub fn length(
        &self,
        muscle: usize,
        skeleton: &Skeleton,
        q: &[f64],
        posture: &Posture,
        arms: Option<&mut [f64]>,
    ) -> f64 {
        let mut workspace = Workspace::default();
        if let Some(arms) = arms {
            return self.length_in(muscle, skeleton, q, posture, arms, &mut workspace);
        }
        self.lengths(&[muscle], q, posture, &mut workspace);
        workspace.lengths().first().copied().unwrap_or(0.0)
    }

    /// As [`Paths::length`] with arms, in a workspace that is there: used again it does not allocate.
    ///
    /// # Panics
    /// As [`Paths::length`].
    pub fn length_in(
        &self,
        muscle: usize,
        skeleton: &Skeleton,
        q: &[f64],
        posture: &Posture,
        arms: &mut [f64],
        workspace: &mut Workspace,
    ) -> f64 {
        self.lengths_and_arms(&[muscle], skeleton, q, posture, workspace);
        arms.fill(0.0);
        for (coordinate, arm) in workspace.arms(0) {
            arms[*coordinate] = *arm;
        }
        workspace.lengths().first().copied().unwrap_or(0.0)
    }
}

impl Workspace {
    fn clear(&mut self, coordinates: usize) {
        self.lengths.clear();
        self.arms.clear();
        self.ends.clear();
        self.slopes.clear();
        self.slopes.resize(coordinates, 0.0);
    }
}
