//! What a leg is asked to do: an activity that ships, or a motion of the user's own.

use coxa_activity::{Activity, LegMotion};
use coxa_geometry::finding::{self, Code, Finding, Subject};
use coxa_geometry::{STANDARD_GRAVITY, Side};
use coxa_muscle::activity::Person;
use coxa_muscle::files::Storage;
use coxa_muscle::hip_loads::{HipInstant, HipLoadsError, LoadedLeg, MotionFrame};
use coxa_muscle::leg;
use coxa_muscle::model::Model;
use coxa_muscle::optimisation::Settings;
use coxa_muscle::osim::ExternalLoads;
use coxa_muscle::recorded::{Recorded, RecordedError};

/// Moments looked at: every second per cent.
const STEPS: usize = 50;
/// Greatest pushes of the ground, over body weight, with which people walk, climb stairs, rise and run.
const USUAL_PUSH: [f64; 2] = [0.7, 3.0];
/// Name and title of a recorded motion: files may be called after people.
const OWN: [&str; 2] = ["own_motion", "Own motion"];

/// A motion that the user recorded, with what pushed on the feet.
#[derive(Debug, Clone, PartialEq)]
pub struct OwnMotion {
    /// Coordinates by OpenSim's names.
    pub motion: Storage,
    /// Which columns of `forces` push on which body.
    pub external_loads: ExternalLoads,
    /// Their values.
    pub forces: Storage,
}

impl OwnMotion {
    /// Whether the leg of one side can be moved by it.
    ///
    /// # Errors
    /// What is missing or does not go together, and angles that are no radians though the file says so.
    pub fn check(&self, side: Side) -> Result<(), RecordedError> {
        let recorded = self.recorded(side, leg::generic())?;
        match recorded.findings().iter().find(|finding| finding.code == Code::AnglesTooGreat) {
            Some(finding) => Err(RecordedError::Unit(finding.message.clone())),
            None => Ok(()),
        }
    }

    pub(super) fn recorded(&self, side: Side, model: &Model) -> Result<Recorded, RecordedError> {
        Recorded::new(side, &self.motion, &self.external_loads, &self.forces, model)
    }
}

/// One thing that a leg does.
pub(crate) enum Task {
    Shipped { name: String, title: String, leg: Box<LegMotion> },
    Recorded(Box<Recorded>),
}

/// A leg that has done a task.
pub(crate) struct Run {
    pub(crate) leg: LoadedLeg,
    pub(crate) duration_s: f64,
    pub(crate) frames: Vec<MotionFrame>,
    pub(crate) instants: Vec<HipInstant>,
}

impl Task {
    /// What is asked of a side: activities that ship, then the own motion, of which it is said where it cannot be.
    pub(crate) fn all(
        wanted: &[&Activity],
        own: Option<&OwnMotion>,
        side: Side,
        model: &Model,
    ) -> (Vec<Task>, Option<RecordedError>) {
        let shipped = |activity: &&Activity| {
            let leg = Box::new(activity.leg()?.clone());
            Some(Task::Shipped { name: activity.name.clone(), title: activity.title.clone(), leg })
        };
        let mut tasks: Vec<Task> = wanted.iter().filter_map(shipped).collect();
        match own.map(|own| own.recorded(side, model)) {
            Some(Ok(recorded)) => tasks.push(Task::Recorded(Box::new(recorded))),
            Some(Err(error)) => return (tasks, Some(error)),
            None => {}
        }
        (tasks, None)
    }

    /// Stable name.
    pub(crate) fn name(&self) -> String {
        match self {
            Task::Shipped { name, .. } => name.clone(),
            Task::Recorded(_) => OWN[0].into(),
        }
    }

    /// What a person calls it.
    pub(crate) fn title(&self) -> &str {
        match self {
            Task::Shipped { title, .. } => title,
            Task::Recorded(_) => OWN[1],
        }
    }

    /// Where its motion comes from.
    pub(crate) fn source(&self) -> String {
        match self {
            Task::Shipped { leg, .. } => {
                let mut sources: Vec<&str> = leg.sources().map(|(_, _, source)| source).collect();
                sources.dedup();
                sources.join("; ")
            }
            Task::Recorded(_) => "the user's own motion and external loads: coordinates low-pass filtered at 6 Hz, forces and their points of application as \
                                  recorded, not scaled to this patient"
                .into(),
        }
    }

    /// Moments that are looked at, as shares.
    pub(crate) fn fractions() -> Vec<f64> {
        (0..=STEPS).map(|n| n as f64 / STEPS as f64).collect()
    }

    /// The same done by another person; `None` for a motion that is one person's own.
    pub(crate) fn varied(&self, deviates: &[f64]) -> Option<Task> {
        match self {
            Task::Shipped { name, title, leg } => {
                let (name, title) = (name.clone(), title.clone());
                Some(Task::Shipped { name, title, leg: Box::new(leg.varied(deviates)) })
            }
            Task::Recorded(_) => None,
        }
    }

    /// A model does it.
    pub(crate) fn run(&self, model: &Model, person: &Person, shares: &[f64]) -> Result<Run, HipLoadsError> {
        let mut leg = LoadedLeg::new(model, person.body_mass_kg * STANDARD_GRAVITY, Settings::default())?;
        let (duration_s, frames) = match self {
            Task::Shipped { leg: motion, .. } => {
                let (drive, frames) = leg.driven(motion, person, shares)?;
                (drive.duration_s(), frames)
            }
            Task::Recorded(recorded) => {
                let [start, end] = recorded.span();
                (end - start, leg.recorded(recorded, shares)?)
            }
        };
        let instants = leg.solve(&frames);
        Ok(Run { leg, duration_s, frames, instants })
    }

    /// What must be known of it, for a body of some weight.
    pub(crate) fn findings(&self, weight_n: f64) -> Vec<Finding> {
        let Task::Recorded(recorded) = self else { return Vec::new() };
        let about = |finding: &Finding| finding.clone().with_subject(Subject::Loads);
        let mut all: Vec<Finding> = recorded.findings().iter().map(about).collect();
        let [start_s, end_s] = recorded.span();
        all.push(finding::TimeOfOwnMotion { start_s, end_s, steps: STEPS + 1 }.finding());
        let push = recorded.most_push_n() / weight_n;
        if !(USUAL_PUSH[0]..=USUAL_PUSH[1]).contains(&push) {
            all.push(finding::LoadsOfAnotherBody { push }.finding());
        }
        all
    }
}
