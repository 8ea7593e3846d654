//! Of whom a study is.

use coxa_geometry::Side;
use coxa_synthetic::{Disease, Sex, VirtualPatientOptions};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Of whom a study is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Cohort {
    /// Virtual patients by seed.
    Virtual(VirtualCohort),
    /// Cases that were made with `coxa plan`.
    Cases(CaseCohort),
}

/// Virtual patients: those of consecutive seeds that are as wanted.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VirtualCohort {
    /// How many.
    pub count: usize,
    /// The first seed that is looked at.
    #[serde(default)]
    pub first_seed: u64,
    /// The hip that is planned: the diseased one where one is, else this; the right one where nothing is said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// Women or men alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Youngest and oldest.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub age_years: Option<[f64; 2]>,
    /// Disease of that hip.
    #[serde(default)]
    pub disease: Disease,
    /// Its grade; drawn where none is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<u8>,
    /// Voxels in which the canal is measured, mm.
    #[serde(default = "usual_voxel")]
    pub voxel_mm: f64,
}

/// As fine as the thickness of a cortex needs.
const fn usual_voxel() -> f64 {
    1.4
}

impl VirtualCohort {
    /// The hip that is planned.
    pub fn side(&self) -> Side {
        self.side.unwrap_or(Side::Right)
    }

    /// Options of the patient with a seed.
    pub fn options(&self, seed: u64) -> VirtualPatientOptions {
        VirtualPatientOptions {
            seed,
            spacing_mm: self.voxel_mm,
            disease: self.disease,
            grade: self.grade,
            affected: Some(self.side()),
            ..VirtualPatientOptions::default()
        }
    }
}

/// Case folders, each with the side that it was planned for.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CaseCohort {
    /// The folder in which they lie, relative to the study file.
    pub folder: PathBuf,
}
