//! A motion that was recorded, with what pushed on the bodies, as OpenSim's AnalyzeTool follows it on a model.

use super::dynamics::{BodyMotion, Dynamics, State, Wrench};
use super::files::{Course, CourseError, Motion};
use super::kinematics::{Posture, Skeleton};
use super::model::Model;
use super::optimisation::{Instant, MuscleForces, OptimisationError, Settings, StaticOptimisation};
use super::osim::AppliedLoads;
use super::path::{PathError, Paths, Workspace};

/// A model that follows a motion under loads.
#[derive(Debug, Clone)]
pub struct Followed {
    skeleton: Skeleton,
    paths: Paths,
    dynamics: Dynamics,
    optimisation: StaticOptimisation,
    course: Course,
    /// Curves through the velocities at the motion's rows: AnalyzeTool takes accelerations of these, not of those through the values.
    speeds: Course,
    loads: Option<AppliedLoads>,
    workspace: Workspace,
    pulls: Vec<(usize, Wrench)>,
}

/// Why a motion cannot be followed.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FollowError {
    /// A path that refers to what is not there.
    #[error(transparent)]
    Path(#[from] PathError),
    /// A muscle or an actuator without sense.
    #[error(transparent)]
    Optimisation(#[from] OptimisationError),
    /// No curve runs through the motion.
    #[error(transparent)]
    Course(#[from] CourseError),
}

/// One moment of a motion that is followed; used again it hardly allocates.
#[derive(Debug, Clone, Default)]
pub struct FollowedInstant {
    /// Since the motion's zero of time, s.
    pub time: f64,
    /// Values of the coordinates, rad or m.
    pub q: Vec<f64>,
    /// Their velocities.
    pub velocities: Vec<f64>,
    /// Their accelerations.
    pub accelerations: Vec<f64>,
    /// Where the bodies are.
    pub posture: Posture,
    /// What pushes on bodies, by their places.
    pub on_bodies: Vec<(usize, Wrench)>,
    /// What the motion takes under these.
    pub motion: BodyMotion,
    jerks: Vec<f64>,
}

impl Followed {
    /// A model with its skeleton on a motion in its coordinates, with loads; muscles share moments by `settings`.
    ///
    /// # Errors
    /// Where the model's muscles or actuators cannot be computed with, or no curve runs through the motion.
    pub fn new(
        model: &Model,
        skeleton: Skeleton,
        motion: Motion,
        loads: Option<AppliedLoads>,
        settings: Settings,
    ) -> Result<Followed, FollowError> {
        let course = Course::new(&motion)?;
        let [mut q, mut rate, mut gain] =
            [(); 3].map(|()| vec![0.0; motion.rows.first().map_or(0, Vec::len)]);
        let mut rate_at = |time: &f64| {
            course.at(*time, &mut q, &mut rate, &mut gain);
            rate.clone()
        };
        let rows = motion.times.iter().map(&mut rate_at).collect();
        let speeds = Course::new(&Motion { rows, ..motion })?;
        let paths = Paths::new(model, &skeleton)?;
        let dynamics = Dynamics::new(model, &skeleton);
        let optimisation = StaticOptimisation::new(model, &skeleton, &paths, settings)?;
        let (workspace, pulls) = (Workspace::default(), Vec::new());
        Ok(Followed { skeleton, paths, dynamics, optimisation, course, speeds, loads, workspace, pulls })
    }

    /// The model's bodies and coordinates.
    pub fn skeleton(&self) -> &Skeleton {
        &self.skeleton
    }

    /// What shares moments: names and number of muscles and actuators, findings.
    pub fn optimisation(&self) -> &StaticOptimisation {
        &self.optimisation
    }

    /// The loads.
    pub fn loads(&self) -> Option<&AppliedLoads> {
        self.loads.as_ref()
    }

    /// Goes to a time in s, and computes what the motion takes there.
    pub fn at(&self, time: f64, instant: &mut FollowedInstant) {
        let count = self.skeleton.coordinates().len();
        let FollowedInstant { q, velocities, accelerations, posture, on_bodies, motion, jerks, .. } = instant;
        for list in [&mut *q, velocities, accelerations, jerks] {
            list.resize(count, 0.0);
        }
        self.course.at(time, q, velocities, accelerations);
        self.speeds.at(time, velocities, accelerations, jerks);
        self.skeleton.place(q, posture);
        on_bodies.clear();
        if let Some(loads) = &self.loads {
            loads.at(time, posture, on_bodies);
        }
        self.dynamics.inverse(&self.skeleton, &State { q, velocities, accelerations }, on_bodies, motion);
        instant.time = time;
    }

    /// Which muscles and actuators bear the moments of an instant.
    pub fn share(&mut self, instant: &FollowedInstant, shares: &mut MuscleForces) {
        self.share_moments(instant, instant.motion.generalised_forces(), shares);
    }

    /// Which muscles and actuators would bear other moments of all coordinates there, N m or N.
    ///
    /// # Panics
    /// Where the moments are not of this model.
    pub fn share_moments(&mut self, instant: &FollowedInstant, moments: &[f64], shares: &mut MuscleForces) {
        let FollowedInstant { q, velocities, posture, .. } = instant;
        let instant = Instant { q, velocities, posture, moments };
        self.optimisation.solve(&self.skeleton, &self.paths, &instant, shares);
    }

    /// What forces of muscles and actuators, in the order of their names, bear on the coordinates whose moments are shared; `moments` is written
    /// over.
    ///
    /// # Panics
    /// Where the forces are not of this model.
    pub fn moments_of(&mut self, instant: &FollowedInstant, forces: &[f64], moments: &mut Vec<f64>) {
        let FollowedInstant { q, posture, .. } = instant;
        self.optimisation.moments_of(&self.skeleton, &self.paths, q, posture, forces, moments);
    }

    /// What these forces leave of what the motion takes, N m or N, on the coordinates whose moments are shared; `left` is written over.
    ///
    /// # Panics
    /// Where the forces are not of this model.
    pub fn left_by(&mut self, instant: &FollowedInstant, forces: &[f64], left: &mut Vec<f64>) {
        self.moments_of(instant, forces, left);
        let needed = instant.motion.generalised_forces();
        for (left, name) in left.iter_mut().zip(self.optimisation.coordinates()) {
            *left = self.skeleton.coordinate(name).map_or(0.0, |place| needed[place]) - *left;
        }
    }

    /// The model's mass times gravity, N.
    pub fn weight_n(&self) -> f64 {
        self.dynamics.total_mass() * self.dynamics.gravity().norm()
    }

    /// What the joint of each body exerts on it where muscles and actuators make these forces, in the order of their names; `borne` is written
    /// over.
    ///
    /// # Panics
    /// Where the forces are not of this model.
    pub fn react(&mut self, instant: &FollowedInstant, forces: &[f64], borne: &mut Vec<Wrench>) {
        let FollowedInstant { q, posture, motion, .. } = instant;
        self.pulls.clear();
        self.optimisation.add_pulls(&self.paths, q, posture, forces, &mut self.workspace, &mut self.pulls);
        motion.borne_with(&self.skeleton, &self.pulls, borne);
    }

    /// What acts in an instant as OpenSim tells it in a file of forces beside those of muscles and actuators: see [`AppliedLoads::record`].
    pub fn record_loads(&self, instant: &FollowedInstant) -> Vec<f64> {
        self.loads.as_ref().map_or_else(Vec::new, |loads| loads.record(instant.time, &instant.posture))
    }
}
