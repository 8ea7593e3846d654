//! Of whom a study is.

use super::fields::none_of;
use crate::variable::Patient;
use coxa_geometry::Side;
use coxa_synthetic::{Disease, Sex, VirtualPatientOptions};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// Of whom a study is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", try_from = "CohortFields")]
pub enum Cohort {
    /// Virtual patients by seed.
    Virtual(VirtualCohort),
    /// Cases that were made with `coxa plan`.
    Cases(CaseCohort),
    /// CTs that were not planned yet.
    Scans(ScanCohort),
}

/// Virtual patients: those of consecutive seeds that are as wanted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct VirtualCohort {
    /// How many.
    pub count: usize,
    /// The first seed that is looked at.
    pub first_seed: u64,
    /// The hip that is planned: the diseased one where one is, else this; the right one where nothing is said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub side: Option<Side>,
    /// Women or men alone.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sex: Option<Sex>,
    /// Youngest and oldest.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub age_years: Option<[f64; 2]>,
    /// Disease of that hip.
    pub disease: Disease,
    /// Its grade; drawn where none is given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub grade: Option<u8>,
    /// Voxels in which the canal is measured, mm.
    pub voxel_mm: f64,
    /// Folder of a shape model of one's own that bones are drawn from instead of the built-in one, as for `coxa patient --template`; relative to
    /// the study file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub template: Option<PathBuf>,
}

impl VirtualCohort {
    /// The hip that is planned.
    pub fn side(&self) -> Side {
        self.side.unwrap_or(Side::Right)
    }

    /// Options of the patient with a seed, as far as the cohort says.
    pub fn options(&self, seed: u64) -> VirtualPatientOptions {
        self.options_with(seed, &Patient::default())
    }

    /// The same with what levels set of the patient.
    pub fn options_with(&self, seed: u64, settings: &Patient) -> VirtualPatientOptions {
        let usual = VirtualPatientOptions::default();
        VirtualPatientOptions {
            bmi_kg_per_m2: settings.bmi,
            joint_space_mm: settings.joint_space_mm.unwrap_or(usual.joint_space_mm),
            femur: settings.femur.unwrap_or(usual.femur),
            seed,
            spacing_mm: self.voxel_mm,
            disease: self.disease,
            grade: self.grade,
            affected: Some(self.side()),
            ..usual
        }
    }
}

/// Case folders, each with the side that it was planned for.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CaseCohort {
    /// The folder in which they lie, relative to the study file.
    pub folder: PathBuf,
}

/// CTs, each with the side that is planned. Bones and muscles are found in them as `coxa plan` finds them.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ScanCohort {
    /// The CTs.
    #[serde(rename = "scan")]
    pub scans: Vec<Scan>,
}

/// A CT of a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scan {
    /// Folder or file, as for `coxa plan`; relative to the study file.
    pub path: PathBuf,
    /// The side that is planned.
    pub side: Side,
}

/// Voxels as fine as the thickness of a cortex needs, mm.
const USUAL_VOXEL_MM: f64 = 1.4;

#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
enum CohortKind {
    Virtual,
    Cases,
    Scans,
}

/// All fields that `[cohort]` may have.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CohortFields {
    kind: CohortKind,
    count: Option<usize>,
    first_seed: Option<u64>,
    side: Option<Side>,
    sex: Option<Sex>,
    age_years: Option<[f64; 2]>,
    disease: Option<Disease>,
    grade: Option<u8>,
    voxel_mm: Option<f64>,
    template: Option<PathBuf>,
    folder: Option<PathBuf>,
    scan: Option<Vec<Scan>>,
}

impl TryFrom<CohortFields> for Cohort {
    type Error = String;

    fn try_from(fields: CohortFields) -> Result<Self, String> {
        let of_virtual = [
            ("count", fields.count.is_some()),
            ("first_seed", fields.first_seed.is_some()),
            ("side", fields.side.is_some()),
            ("sex", fields.sex.is_some()),
            ("age_years", fields.age_years.is_some()),
            ("disease", fields.disease.is_some()),
            ("grade", fields.grade.is_some()),
            ("voxel_mm", fields.voxel_mm.is_some()),
            ("template", fields.template.is_some()),
        ];
        let of_cases = [("folder", fields.folder.is_some())];
        let of_scans = [("scan", fields.scan.is_some())];
        match fields.kind {
            CohortKind::Virtual => {
                none_of("cohort", "virtual", of_cases.iter().chain(&of_scans))?;
                Ok(Cohort::Virtual(VirtualCohort {
                    count: fields.count.ok_or("[cohort] lacks count, the number of patients")?,
                    first_seed: fields.first_seed.unwrap_or(0),
                    side: fields.side,
                    sex: fields.sex,
                    age_years: fields.age_years,
                    disease: fields.disease.unwrap_or_default(),
                    grade: fields.grade,
                    voxel_mm: fields.voxel_mm.unwrap_or(USUAL_VOXEL_MM),
                    template: fields.template,
                }))
            }
            CohortKind::Cases => {
                none_of("cohort", "cases", of_virtual.iter().chain(&of_scans))?;
                let folder = fields.folder.ok_or("[cohort] lacks folder, in which the case folders lie")?;
                Ok(Cohort::Cases(CaseCohort { folder }))
            }
            CohortKind::Scans => {
                none_of("cohort", "scans", of_virtual.iter().chain(&of_cases))?;
                let scans = fields.scan.unwrap_or_default();
                if scans.is_empty() {
                    return Err("[[cohort.scan]] is missing: a path and a side for each CT".into());
                }
                Ok(Cohort::Scans(ScanCohort { scans }))
            }
        }
    }
}
