//! The numbers of one job.

use super::{OfActivity, OfLoad, Output};
use coxa_anatomy::HipAnatomy;
use coxa_geometry::quantity::Scope;
use coxa_geometry::{Quantity, Severity, Side};
use coxa_planner::loads::Loads;
use coxa_planner::{Simulation, Sketch};

/// What was made of one job, as far as it was.
pub struct Results<'a> {
    /// The patient as scanned.
    pub anatomy: Option<&'a HipAnatomy>,
    /// The side that is planned.
    pub side: Side,
    /// The plan.
    pub sketch: Option<&'a Sketch>,
    /// Its motions and activities.
    pub simulation: Option<&'a Simulation>,
    /// Its loads.
    pub loads: Option<&'a Loads>,
    /// Jumping distance, standing.
    pub jumping_distance_mm: Option<f64>,
    /// Part of the samples in which the plan meets every criterion of the optimiser.
    pub success: Option<f64>,
}

/// The hip force over an activity of one job.
#[derive(Debug, Clone, PartialEq)]
pub struct Series {
    /// Number of the job.
    pub job: u64,
    /// The activity.
    pub activity: String,
    /// Places of the time steps, as parts of the activity.
    pub fraction: Vec<f64>,
    /// Hip force at each, per cent of body weight.
    pub force_pct_bw: Vec<f64>,
}

impl Results<'_> {
    /// The number of an output; `None` where it was not made or has no value.
    pub fn value(&self, output: &Output) -> Option<f64> {
        match output {
            Output::Plan(Quantity::JumpingDistance) => self.jumping_distance_mm,
            Output::Plan(quantity) => self.sketch?.results.get(*quantity).map(|measured| measured.value),
            Output::Patient(quantity) => {
                let measured = &self.anatomy?.measurements;
                let key = match quantity.scope() {
                    Scope::Side => quantity.of(self.side),
                    _ => (*quantity).into(),
                };
                measured.get(key).map(|measured| measured.value)
            }
            Output::Motion(name) => {
                let limit = self.simulation?.limits.iter().find(|limit| limit.motion.name == *name)?;
                Some(limit.limit_deg.unwrap_or(limit.motion.range).degrees())
            }
            Output::Activity(name, of) => {
                let activity = self.simulation?.activities.iter().find(|activity| activity.name == *name)?;
                match of {
                    OfActivity::Clearance => activity.closest.map(|closest| closest.clearance_mm),
                    OfActivity::Contact => Some(100.0 * activity.contact_fraction),
                }
            }
            Output::Load(name, of) => {
                let activity = self.loads?.activities.iter().find(|activity| activity.name == *name)?;
                let after = activity.joint.after.peak.force_pct_bw;
                match of {
                    OfLoad::Peak => Some(after),
                    OfLoad::PeakChange => Some(after - activity.joint.before.as_ref()?.peak.force_pct_bw),
                    OfLoad::EdgeLoading => activity.edge_loading_fraction.map(|fraction| 100.0 * fraction),
                }
            }
            Output::Success => self.success.map(|part| 100.0 * part),
            Output::AbductorReserve => Some(100.0 * self.loads?.abductors.as_ref()?.after.reserve?),
            Output::Cautions => {
                let findings = &self.sketch?.findings;
                Some(findings.iter().filter(|finding| finding.severity == Severity::Caution).count() as f64)
            }
        }
        .filter(|value| value.is_finite())
    }

    /// The hip force over all activities.
    pub fn series(&self, job: u64) -> Vec<Series> {
        let activities = self.loads.map(|loads| loads.activities.as_slice()).unwrap_or_default();
        let of = |activity: &coxa_planner::loads::ActivityLoad| Series {
            job,
            activity: activity.name.clone(),
            fraction: activity.fractions.clone(),
            force_pct_bw: activity.joint.after.force_pct_bw.clone(),
        };
        activities.iter().map(of).collect()
    }
}
