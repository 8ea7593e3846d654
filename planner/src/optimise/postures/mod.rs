//! How this patient holds the pelvis: from one posture, the supine one of the CT, up to four.
//!
//! All tilts count from the supine pelvis, backwards positive. A sacral slope says the same once the supine one is known: a pelvis
//! that rolls back by an angle loses as much sacral slope, so tilt = supine slope - slope in the posture.
//!
//! A posture that was not measured gets what is usual, with the spread that patients have. Where one of standing and sitting was
//! measured, the other follows from it: the change from standing to sitting is that of the mobility class, or of all patients.
//!
//! | usual | mean | spread | from |
//! |---|---|---|---|
//! | supine to standing | 5.5 | 4.5 | mean of 1,517 patients; spread from their range of 30.2, which is 6.7 spreads of a normal sample of that size (Pierrepont et al. 2017, Bone Joint J 99-B:184) |
//! | supine to flexed seat | 3.7 | 13.0 | the same, range 86.9 |
//! | standing to sitting, stiff | 5 | 2.9 | below 10 (Haffer et al. 2021); spread of what is even from 0 to 10, to be verified |
//! | standing to sitting, normal | 20 | 5.8 | 10 to 30; even over it, to be verified |
//! | standing to sitting, hypermobile | 35 | 5 | above 30; to be verified |
//! | standing to sitting, unknown | 20 | 13 | the middle class, and near the 19 of 358 patients (2023, Int Orthop, doi 10.1007/s00264-023-05748-3); spread of 40 patients with osteoarthritis, 23 +- 13 (2020, Orthop Proc, doi 10.1302/1358-992X.2020.5.031) |

mod input;

pub use input::{PostureError, PostureInput};

use coxa_activity::posture::{PelvicTilts, SpinalMobility};
use coxa_geometry::{Angle, Finding};
use serde::{Deserialize, Serialize};

/// The pelvis in one posture.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PelvicPosture {
    /// Posterior tilt from supine: measured, or what is to be expected.
    #[serde(rename = "tilt_deg")]
    pub tilt: Angle,
    /// One standard deviation of the true tilt about it.
    #[serde(rename = "spread_deg")]
    pub spread: Angle,
    /// Part of the deviation of standing that this posture shares, 0 or 1.
    pub of_standing: f64,
    /// How it was obtained.
    pub how: String,
}

/// How the pelvis is held in all postures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Spinopelvic {
    /// Upright.
    pub standing: PelvicPosture,
    /// Relaxed on a chair.
    pub sitting: PelvicPosture,
    /// Seated, leaning forwards.
    pub flexed_seated: PelvicPosture,
    /// The mobility class, named or from the change of tilt from standing to sitting; `None` where neither is known.
    pub mobility: Option<SpinalMobility>,
    /// What must be said about it.
    pub findings: Vec<Finding>,
}

impl Spinopelvic {
    /// The tilts to be expected.
    pub fn tilts(&self) -> PelvicTilts {
        PelvicTilts {
            standing: self.standing.tilt,
            sitting: self.sitting.tilt,
            flexed_seated: self.flexed_seated.tilt,
        }
    }
}

/// A mean and its spread.
#[derive(Debug, Clone, Copy)]
struct Usual {
    mean: Angle,
    spread_deg: f64,
}

/// The change from standing to sitting of a class, or of all patients.
fn standing_to_sitting(mobility: Option<SpinalMobility>) -> Usual {
    let mean = mobility.unwrap_or_default().standing_to_sitting();
    let spread_deg = match mobility {
        Some(SpinalMobility::Stiff) => 2.9,
        Some(SpinalMobility::Normal) => 5.8,
        Some(SpinalMobility::Hypermobile) => 5.0,
        None => 13.0,
    };
    Usual { mean, spread_deg }
}

/// Spread of the tilt from supine to standing.
const STANDING_SPREAD_DEG: f64 = 4.5;
/// Spread of the tilt from supine to the flexed seat.
const FLEXED_SEATED_SPREAD_DEG: f64 = 13.0;

#[cfg(test)]
mod tests;
