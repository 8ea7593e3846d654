//! What simulated loads say of a plan (`loads.json`).
//!
//! Numbers of a left hip are those of its mirror image. Forces are of the cup on the head; the equal and opposite one acts on the cup.
//! The frames are those of the pelvis and the femur (ISB: X anterior, Y superior, Z right) and the cup's (Z out of the opening, Y the most
//! superior direction across it, X = Y x Z, anterior).

use super::LoadOptions;
use coxa_geometry::{Finding, Side};
use serde::{Deserialize, Serialize};

/// Furthest that a pelvis is let drop, degrees.
pub(crate) const MOST_DROP_DEG: f64 = 20.0;
/// Form of `loads.json` that this program writes.
pub const FORMAT: u32 = 1;

/// Loads of a planned hip.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Loads {
    /// Version of this file's form.
    pub format: u32,
    /// Version of the program.
    pub program_version: String,
    /// Side of the hip.
    pub side: Side,
    /// What was asked.
    pub options: LoadOptions,
    /// What the patient's model was made from.
    pub model: ModelSummary,
    /// Muscles that cross the hip, with the hip as scanned and as planned; empty where the scan bears no muscles.
    pub muscles: Vec<MuscleLoad>,
    /// The abductors together: gluteus medius, minimus and tensor fasciae latae; likewise.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub abductors: Option<BeforeAfter<Abductors>>,
    /// Standing on one leg by closed form, without a model of muscles; absent where there is no balance, which a finding says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stance: Option<BeforeAfter<StanceForce>>,
    /// Activities that could be done, in the order in which they were asked for; empty without muscles.
    pub activities: Vec<ActivityLoad>,
    /// What the user must know.
    pub findings: Vec<Finding>,
}

/// The hip as scanned, where that was asked for, and as planned.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BeforeAfter<T> {
    /// As scanned.
    #[serde(default = "none", skip_serializing_if = "Option::is_none")]
    pub before: Option<T>,
    /// As planned.
    pub after: T,
}

fn none<T>() -> Option<T> {
    None
}

/// What a patient's model was made from.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ModelSummary {
    /// Mass of the body.
    pub body_mass_kg: f64,
    /// One standard deviation of it.
    pub body_mass_spread_kg: f64,
    /// How it was obtained, in a sentence.
    pub body_mass_method: String,
    /// How attachments got to this patient's bones, in a sentence; absent without muscles.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachments_method: Option<String>,
    /// One standard deviation of an attachment, per axis.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attachment_spread_mm: Option<f64>,
    /// Samples of strength, attachments and gait that were asked for.
    pub samples: usize,
}

/// A muscle, or a part of one that has its own line of action.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MuscleLoad {
    /// Its name in the model, without side.
    pub name: String,
    /// What an anatomist calls it.
    pub title: String,
    /// Its muscle in the scan's labels.
    pub structure: Option<String>,
    /// Greatest isometric force of its fibres.
    pub strength_n: f64,
    /// Where its strength comes from: the scan's lean volume, or a generic muscle scaled to the body.
    pub strength_from: StrengthSource,
    /// Standing upright.
    pub upright: BeforeAfter<MuscleState>,
}

/// Where a muscle's strength comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StrengthSource {
    /// Lean volume in the scan.
    LeanVolume,
    /// A generic muscle, scaled.
    Generic,
}

/// A muscle in one position.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MuscleState {
    /// With its tendon.
    pub length_mm: f64,
    /// Length of its fibres over that at which they are strongest, tendon rigid.
    pub fibre_length_ratio: f64,
    /// Lever arm of flexion.
    pub flexion_arm_mm: f64,
    /// Lever arm of adduction; an abductor's is negative.
    pub adduction_arm_mm: f64,
    /// Lever arm of internal rotation.
    pub internal_rotation_arm_mm: f64,
}

/// The abductors together.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Abductors {
    /// Mean lever arm of abduction, standing, weighted by strength.
    pub lever_arm_mm: f64,
    /// Greatest moment of abduction that they have, standing.
    pub moment_n_m: f64,
    /// What standing on this leg asks of them, by the static balance; absent without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub needed_n_m: Option<f64>,
    /// Share of their moment that standing on this leg leaves; below zero the pelvis drops. Absent where they have none, or what they need is
    /// not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reserve: Option<f64>,
    /// How far the pelvis can drop to the other side before their moment is used up, at most 20 degrees; zero where it drops at once.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pelvic_drop_limit_deg: Option<f64>,
    /// The reserve with the pelvis dropped.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reserve_by_drop: Vec<DropReserve>,
}

/// What the abductors have left with the pelvis dropped to the other side.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DropReserve {
    /// The drop.
    pub drop_deg: f64,
    /// Share of their moment there that standing on this leg leaves.
    pub reserve: f64,
}

impl ActivityLoad {
    /// Places of the time steps at which forces are known.
    pub fn known(&self) -> impl Iterator<Item = usize> {
        (0..self.fractions.len()).filter(|&n| !self.is_seated.get(n).copied().unwrap_or(false))
    }

    /// Where the force comes nearest to the rim, or farthest past it.
    pub fn nearest_rim(&self) -> Option<&LinerPlace> {
        let places = self.known().filter_map(|n| self.on_liner.get(n)?.as_ref());
        places.min_by(|a, b| a.to_rim_deg.total_cmp(&b.to_rim_deg))
    }
}

impl Abductors {
    /// The drop of the pelvis in words: nothing is known beyond the greatest that is looked at. `None` where no limit is known.
    pub fn drop_in_words(&self) -> Option<String> {
        let (limit, left) = self.drop()?;
        let more = left.map(|reserve| format!(" or more ({:.0} % remains there)", 100.0 * reserve));
        Some(format!("{limit:.0}\u{b0}{}", more.unwrap_or_default()))
    }

    /// The drop of the pelvis that the reserve allows, in degrees, and what is left of it there, where no greater one was looked at.
    pub fn drop(&self) -> Option<(f64, Option<f64>)> {
        let limit = self.pelvic_drop_limit_deg?;
        let last = self.reserve_by_drop.last().filter(|_| limit >= MOST_DROP_DEG);
        Some((limit, last.map(|last| last.reserve)))
    }
}

/// The joint force of standing on one leg.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StanceForce {
    /// Its size in per cent of body weight.
    pub force_pct_bw: f64,
    /// Of the cup on the head, in the pelvis.
    pub on_head_in_pelvis_pct_bw: [f64; 3],
    /// The closed form, with its source.
    pub method: String,
}

/// An activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ActivityLoad {
    /// Stable snake_case name.
    pub name: String,
    /// What a person calls it.
    pub title: String,
    /// Where its motion comes from.
    pub source: String,
    /// Time steps looked at, as fractions of the activity from 0 to 1.
    #[serde(rename = "share")]
    pub fractions: Vec<f64>,
    /// Duration.
    pub duration_s: f64,
    /// Samples behind the percentiles: those that a leg can do.
    pub samples: usize,
    /// Time steps at which a seat bears weight too: of forces then nothing is known, whatever the numbers say.
    pub is_seated: Vec<bool>,
    /// Force in the joint.
    pub joint: BeforeAfter<JointLoad>,
    /// 5th, 50th and 95th percentile of how much the plan changes the peak, of the same samples with either hip, per cent of body weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub change_percentiles_pct_bw: Option<[f64; 3]>,
    /// Where it meets the planned liner, at every time step; nowhere where nothing presses.
    pub on_liner: Vec<Option<LinerPlace>>,
    /// Polar angle of the liner's rim from its pole at equal steps of azimuth from superior towards anterior.
    pub rim_deg: Vec<f64>,
    /// Part of the activity, as far as forces are known, in which the patch of contact runs over the rim; absent where the patch cannot be computed.
    #[serde(default, rename = "edge_loading_share", skip_serializing_if = "Option::is_none")]
    pub edge_loading_fraction: Option<f64>,
    /// 5th, 50th and 95th percentile of that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub edge_loading_percentiles: Option<[f64; 3]>,
    /// Greatest force of muscles with their work, strongest first.
    pub muscles: Vec<MusclePeak>,
}

/// The joint force over an activity.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JointLoad {
    /// Its size at every time step, per cent of body weight.
    pub force_pct_bw: Vec<f64>,
    /// 5th and 95th percentile of it at every time step; empty without samples.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub band_pct_bw: Vec<[f64; 2]>,
    /// Of the cup on the head in the pelvis, N.
    pub on_head_in_pelvis_n: Vec<[f64; 3]>,
    /// The same in the cup; empty before there is one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub on_head_in_cup_n: Vec<[f64; 3]>,
    /// The same in the femur.
    pub on_head_in_femur_n: Vec<[f64; 3]>,
    /// Its greatest size.
    pub peak: JointPeak,
}

/// The greatest joint force.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct JointPeak {
    /// When, as a fraction of the activity.
    #[serde(rename = "share")]
    pub fraction: f64,
    /// Its size in N.
    pub force_n: f64,
    /// The same in per cent of body weight.
    pub force_pct_bw: f64,
    /// 5th, 50th and 95th percentile of the size of the peak, per cent of body weight.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub percentiles_pct_bw: Option<[f64; 3]>,
}

/// Where the joint force meets the liner.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct LinerPlace {
    /// Angle from the pole.
    pub from_pole_deg: f64,
    /// Angle about the pole from superior towards anterior.
    pub azimuth_deg: f64,
    /// Angle from there to the rim; negative where the force points past it.
    pub to_rim_deg: f64,
    /// The same as an arc on the head, from the centre of the patch of contact.
    pub centre_to_rim_mm: f64,
}

/// The greatest force of a muscle in an activity, and its work.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MusclePeak {
    /// Its name in the model, without side.
    pub name: String,
    /// With the hip as scanned and as planned.
    pub force_n: BeforeAfter<f64>,
    /// Its activation at that time step, 0 to 1.
    pub activation: BeforeAfter<f64>,
    /// What it does on the bones; absent in files of older programs.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub work: Option<BeforeAfter<MuscleWork>>,
}

/// Work of a muscle on the bones over an activity, by the force along its path; of time steps at which a seat bears weight nothing is counted.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MuscleWork {
    /// Done while it shortens.
    pub shortening_j: f64,
    /// Done while it is lengthened; negative.
    pub lengthening_j: f64,
}
