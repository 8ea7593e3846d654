//! What planning looks at and aims at.

use crate::implants::Stock;
use crate::plan::{Targets, usual_combined_anteversion};
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::{Angle, Finding, Side};
use coxa_imaging::{Grid, LabelMap};
use serde::{Deserialize, Serialize};

/// What placement aims at and with which implants.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PlanOptions {
    /// Angles, leg length and offset.
    pub targets: Targets,
    /// Cup family; the catalogue's first where none is named.
    pub cup_family: Option<String>,
    /// Stem family; the catalogue's first where none is named.
    pub stem_family: Option<String>,
    /// What is at hand; all of the catalogue where it is not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stock: Option<Stock>,
}

impl Default for PlanOptions {
    /// 40 degrees inclination, the cup's anteversion by that of the stem, leg length and offset as on the other side, and the first
    /// families of the built-in catalogue.
    fn default() -> Self {
        PlanOptions {
            targets: Targets {
                inclination_deg: Angle::from_degrees(40.0),
                anteversion_deg: None,
                combined_anteversion_deg: usual_combined_anteversion(),
                standing_tilt_deg: None,
                spine: None,
                leg_length_change_mm: None,
                offset_change_mm: None,
            },
            cup_family: None,
            stem_family: None,
            stock: None,
        }
    }
}

/// All that planning looks at.
#[derive(Debug, Clone)]
pub struct PlanningInput<'a> {
    /// The grid of the CT: planning asks how large its voxels are, and nothing else of it.
    pub grid: &'a Grid,
    /// Its labels.
    pub labels: &'a LabelMap,
    /// Bone surfaces.
    pub surfaces: &'a BoneSurfaces,
    /// Landmarks, frames and measurements.
    pub anatomy: &'a HipAnatomy,
    /// What earlier stages found, metal above all.
    pub findings: &'a [Finding],
    /// Side to plan.
    pub side: Side,
    /// What to aim at.
    pub options: PlanOptions,
}
