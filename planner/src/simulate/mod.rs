//! Simulation of a plan: how far each motion goes, in which posture, what stops it and where.
//!
//! The pelvis stands still, the femur turns about the planned centre of rotation. Hip angles are zero where the ISB femur frame
//! is parallel to the supine functional frame; where the condyles are not seen, zero is the pose of the leg in the scan.
//! Another posture tilts the pelvis about the axis from side to side. What is done with the leg is given in the laboratory, so a
//! pelvis that is tilted backwards by some angle is by that angle nearer to extension: hip flexion = flexion in the laboratory less
//! the tilt.

mod activities;
mod after_contact;
mod error;
mod frames;
mod joint;
mod limits;
mod live;
mod map;
mod neck;
mod options;
mod pair;
mod spread;
mod surfaces;

pub use activities::{ActivityResult, ClosestApproach, FirstContact, NearestEdge, TimeStep};
pub use after_contact::{AfterContact, CoursePoint, HOLDING_FORCE_N, Holding};
pub use error::SimulateError;
pub use frames::JointFrames;
pub(crate) use frames::{axis_in_posture, joint_axes};
pub use joint::PlannedJoint;
pub(crate) use limits::examined_motion;
pub use limits::motion_names;
pub use limits::{MotionGroup, MotionLimit, PairLimit, Verdict, findings as limit_findings};
pub use live::{LiveError, LiveJoint};
pub use map::{AxisSummary, LabelSummary, MAP_FILE, MapSummary, RangeMap};
pub(crate) use neck::Bore;
pub(crate) use options::MOST_TILT_DEG;
pub use options::{OptionsError, SimulationOptions};
pub use pair::{ContactPair, PairClearance, Reach};

use crate::planned::{MotionSpread, Planned};
use coxa_activity::posture::Posture;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::Gravity;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Finding, Side, finding};
use coxa_imaging::Volume;
use serde::{Deserialize, Serialize};

/// Form of `rom.json` that this program writes.
pub const FORMAT: u32 = 1;

/// Result of the simulation of a plan (`rom.json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Simulation {
    /// Version of this file's form.
    pub format: u32,
    /// Version of the program.
    pub program_version: String,
    /// Side of the hip.
    pub side: Side,
    /// Posture the pelvis was held in.
    pub posture: Posture,
    /// Pelvic tilt from supine, backwards positive.
    pub pelvic_tilt_deg: Angle,
    /// The cup against gravity in this posture, radiographic.
    pub cup: Radiographic<Gravity>,
    /// Oscillation angle (full cone) of head, neck and liner, away from any lip.
    pub oscillation_deg: Angle,
    /// Jumping distance in this posture (Sariali 2009), away from any lip.
    pub jumping_distance_mm: f64,
    /// How sure that is from which the limits are computed.
    #[serde(default)]
    pub spread: MotionSpread,
    /// Limits by motion, first those of an examination, then those in which hips dislocate.
    pub limits: Vec<MotionLimit>,
    /// Activities of daily life.
    pub activities: Vec<ActivityResult>,
    /// How far below the hip centre the femur is in the scan, where it ends above the tip of the stem: limits by what is missing of
    /// it are not known.
    pub femur_cut_at_mm: Option<f64>,
    /// The motions in which hips dislocate, carried on past the contact of neck and rim.
    #[serde(default)]
    pub after_contact: Vec<AfterContact>,
    /// What is in contact in the neutral position, before anything moves.
    pub blocked_at_neutral: Option<ContactPair>,
    /// All positions at once, where a map was asked for and neutral is free.
    pub map: Option<MapSummary>,
}

impl Simulation {
    /// The posture in words: `supine`, `sitting, tilted 25.5° backwards from supine`.
    pub fn posture_in_words(&self) -> String {
        let (name, tilt) = (self.posture.name(), self.pelvic_tilt_deg);
        // What is shown as nothing is not said.
        if tilt.abs().degrees() < 0.05 {
            return name.into();
        }
        let way = if tilt > Angle::ZERO { "backwards" } else { "forwards" };
        format!("{name}, tilted {} {way} from supine", tilt.abs())
    }
}

/// A simulated plan: results, and what is needed to draw them.
#[derive(Debug, Clone)]
pub struct Simulated {
    /// The results, as files hold them.
    pub results: Simulation,
    /// Where the joint turns.
    pub frames: JointFrames,
    /// The map, where there is one.
    pub map: Option<RangeMap>,
    /// What the user must know of it.
    pub findings: Vec<Finding>,
}

impl Simulated {
    /// A simulation that was kept: its results, the labels of its map and what was found, of the plan that it was made of.
    pub fn kept(
        results: Simulation,
        map: Option<&Volume<u8>>,
        findings: Vec<Finding>,
        planned: &Planned,
        anatomy: &HipAnatomy,
    ) -> Option<Self> {
        let map = match map {
            Some(labels) => Some(RangeMap::of_labels(labels)?),
            None => None,
        };
        let frames = JointFrames::new(planned.plan.side, planned.pose.hip_centre, anatomy);
        Some(Simulated { results, frames, map, findings })
    }
}

/// Simulates range of motion and stability. `progress` is called now and then, from any thread, with the part of the map that
/// is done.
///
/// # Errors
/// A plan that does not belong to the catalogue, or components and surfaces without sense.
///
/// # Examples
/// The [crate's page](crate) simulates a plan.
pub fn simulate(
    planned: &Planned,
    anatomy: &HipAnatomy,
    options: &SimulationOptions,
    progress: &(dyn Fn(f64) + Sync),
) -> Result<Simulated, SimulateError> {
    let joint = PlannedJoint::new(planned, anatomy)?;
    let tilt = options.tilt();
    let blocked_at_neutral = joint.deepest_contact(HipAngles::default());
    // No position of a hip that is blocked in neutral can be reached, so that a map would say what nobody can do.
    let is_map_made = options.map && blocked_at_neutral.is_none();
    let map = if is_map_made { Some(RangeMap::new(&joint, progress)?) } else { None };
    let results = Simulation {
        format: FORMAT,
        program_version: env!("CARGO_PKG_VERSION").into(),
        side: planned.plan.side,
        posture: options.posture,
        pelvic_tilt_deg: tilt,
        cup: joint.cup(tilt),
        oscillation_deg: joint.oscillation(),
        jumping_distance_mm: joint.jumping_distance_mm(tilt)?,
        spread: *joint.spread(),
        limits: joint.limits(options.posture, tilt),
        activities: activities::run(&joint, &options.activities()?, &options.tilts()),
        femur_cut_at_mm: joint.femur_cut_at_mm(),
        after_contact: after_contact::after_contact(&joint, planned.plan.cup.size_mm, tilt),
        blocked_at_neutral,
        map: map.as_ref().map(RangeMap::summary),
    };
    // What stops short in an examination is said whatever posture is looked at.
    let supine = match options.posture {
        Posture::Supine => Vec::new(),
        Posture::Standing | Posture::Sitting | Posture::FlexedSeated => {
            joint.limits(Posture::Supine, Angle::ZERO)
        }
    };
    let findings = findings(&results, &supine, options.map);
    Ok(Simulated { results, frames: *joint.frames(), map, findings })
}

/// What the user must know about a simulated plan; `supine` are limits of a supine pelvis where another posture was asked for.
fn findings(results: &Simulation, supine: &[MotionLimit], is_map_wanted: bool) -> Vec<Finding> {
    let blocked = results.blocked_at_neutral.map(|pair| {
        let pair = pair.to_string();
        if is_map_wanted {
            finding::NoMapFromNeutral { pair }.finding()
        } else {
            finding::BlockedAtNeutral { pair }.finding()
        }
    });
    let cut = results.femur_cut_at_mm.map(|seen_mm| finding::FemurCut { seen_mm }.finding());
    let short = limits::findings(supine, Posture::Supine);
    let short = short.into_iter().chain(limits::findings(&results.limits, results.posture));
    blocked.into_iter().chain(cut).chain(short).chain(activities::findings(&results.activities)).collect()
}

#[cfg(test)]
mod tests;
