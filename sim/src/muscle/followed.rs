//! A motion that was recorded, with what pushed on the bodies, as OpenSim's AnalyzeTool follows it.

use super::dynamics::{BodyMotion, Dynamics, State, Wrench};
use super::files::{Course, CourseError, Motion};
use super::kinematics::{Posture, Skeleton};
use super::optimisation::{Instant, Shares, StaticOptimisation};
use super::osim::AppliedLoads;
use super::path::{Paths, Workspace};

/// A motion with loads.
#[derive(Debug, Clone)]
pub struct Followed {
    course: Course,
    /// Curves through the velocities at the motion's rows: AnalyzeTool takes accelerations of these, not of those through the values.
    speeds: Course,
    loads: Option<AppliedLoads>,
}

/// One moment of it, and room to compute in.
#[derive(Debug, Clone, Default)]
pub struct FollowedInstant {
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
    /// What the motion takes, once [`Followed::share`] or [`Followed::react`] was called: after the latter with what joints bear.
    pub motion: BodyMotion,
    jerks: Vec<f64>,
    workspace: Workspace,
}

impl Followed {
    /// Of a motion in the coordinates of a skeleton, with loads.
    ///
    /// # Errors
    /// Where no curve runs through the motion.
    pub fn new(motion: Motion, loads: Option<AppliedLoads>) -> Result<Followed, CourseError> {
        let course = Course::new(&motion)?;
        let [mut q, mut rate, mut gain] =
            [(); 3].map(|()| vec![0.0; motion.rows.first().map_or(0, Vec::len)]);
        let mut rate_at = |time: &f64| {
            course.at(*time, &mut q, &mut rate, &mut gain);
            rate.clone()
        };
        let rows = motion.times.iter().map(&mut rate_at).collect();
        let speeds = Course::new(&Motion { rows, ..motion })?;
        Ok(Followed { course, speeds, loads })
    }

    /// Goes to a time in s.
    pub fn at(&self, time: f64, skeleton: &Skeleton, instant: &mut FollowedInstant) {
        let count = skeleton.coordinates().len();
        let FollowedInstant { q, velocities, accelerations, jerks, posture, on_bodies, .. } = instant;
        for list in [&mut *q, velocities, accelerations, jerks] {
            list.resize(count, 0.0);
        }
        self.course.at(time, q, velocities, accelerations);
        self.speeds.at(time, velocities, accelerations, jerks);
        skeleton.place(q, posture);
        on_bodies.clear();
        if let Some(loads) = &self.loads {
            loads.at(time, posture, on_bodies);
        }
    }

    /// Which muscles and actuators bear the moments of the instant.
    pub fn share(
        skeleton: &Skeleton,
        paths: &Paths,
        dynamics: &Dynamics,
        optimisation: &mut StaticOptimisation,
        instant: &mut FollowedInstant,
        shares: &mut Shares,
    ) {
        let FollowedInstant { q, velocities, accelerations, posture, on_bodies, motion, .. } = instant;
        dynamics.inverse(skeleton, &State { q, velocities, accelerations }, on_bodies, motion);
        let moments = motion.generalised_forces();
        optimisation.solve(skeleton, paths, &Instant { q, velocities, posture, moments }, shares);
    }

    /// What joints bear where muscles and actuators make these forces, in the order of their names: [`BodyMotion::borne`] of `instant.motion`.
    pub fn react(
        skeleton: &Skeleton,
        paths: &Paths,
        dynamics: &Dynamics,
        optimisation: &StaticOptimisation,
        forces: &[f64],
        instant: &mut FollowedInstant,
    ) {
        let FollowedInstant { q, velocities, accelerations, posture, on_bodies, motion, workspace, .. } =
            instant;
        let without = on_bodies.len();
        optimisation.add_pulls(paths, q, posture, forces, workspace, on_bodies);
        dynamics.inverse(skeleton, &State { q, velocities, accelerations }, on_bodies, motion);
        on_bodies.truncate(without);
    }
}
