//! The hip of one patient of a cohort, as planning needs it.

mod of_case;
mod of_scan;

pub use of_scan::RefusedScan;

use crate::study::VirtualCohort;
use crate::variable::Patient;
use anyhow::Result;
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_geometry::{Finding, Side};
use coxa_imaging::{Grid, LabelMap};
use coxa_planner::placement::{PlanOptions, PlanningInput};
use coxa_synthetic::{Sex, Template, VirtualHip};

/// Who the patient is, as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Person {
    /// Sex.
    pub sex: Option<Sex>,
    /// Age.
    pub age_years: Option<f64>,
    /// Body mass index, kg/m².
    pub bmi: Option<f64>,
    /// Weight.
    pub weight_kg: Option<f64>,
    /// Grade of what the planned hip suffers from.
    pub grade: Option<u8>,
}

/// One hip with all that planning looks at.
pub struct CohortHip {
    grid: Grid,
    labels: LabelMap,
    surfaces: BoneSurfaces,
    /// What is known of both hips.
    pub anatomy: HipAnatomy,
    findings: Vec<Finding>,
    side: Side,
    /// Whose hip it is.
    pub person: Person,
}

impl CohortHip {
    /// The hip of a virtual patient: its truth is measured, without a scan of the whole and without segmentation.
    ///
    /// # Errors
    /// Options that make no patient; bones that do not fit together.
    pub fn of_seed(
        template: &Template,
        cohort: &VirtualCohort,
        seed: u64,
        settings: &Patient,
    ) -> Result<CohortHip> {
        let options = cohort.options_with(seed, settings);
        let hip = VirtualHip::new(template, &options, cohort.side())?;
        let mut anatomy = coxa_measure::measure_whole(&hip.surfaces, &hip.hu, &hip.labels);
        anatomy.muscles = hip.muscles;
        let person = hip.person;
        Ok(CohortHip {
            grid: hip.hu.grid,
            labels: hip.labels,
            surfaces: hip.surfaces,
            anatomy,
            findings: Vec::new(),
            side: hip.side,
            person: Person {
                sex: Some(person.sex),
                age_years: Some(person.age_years),
                bmi: Some(person.bmi_kg_per_m2),
                weight_kg: Some(person.weight_kg),
                grade: hip.grade,
            },
        })
    }

    /// The side that is planned.
    pub fn side(&self) -> Side {
        self.side
    }

    /// What planning looks at.
    pub fn planning(&self, options: PlanOptions) -> PlanningInput<'_> {
        PlanningInput {
            grid: &self.grid,
            labels: &self.labels,
            surfaces: &self.surfaces,
            anatomy: &self.anatomy,
            findings: &self.findings,
            side: self.side,
            options,
        }
    }
}
