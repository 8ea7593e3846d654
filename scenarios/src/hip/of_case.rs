//! The hip of a case folder, read without its CT and without writing into it.

use super::{CohortHip, Person};
use anyhow::{Context, Result, bail};
use coxa_case::folder::{Stage, read_anatomy, read_bones, read_findings, read_labels, read_record};

use std::path::Path;

/// Stages whose findings speak of the scan and the patient.
const OF_SCAN: [&str; 3] = ["input", "bones", "anatomy"];

impl CohortHip {
    /// The hip that a case was planned for.
    ///
    /// # Errors
    /// A folder that is no case, a case that was not planned, files that are damaged or were changed.
    pub fn of_case(folder: &Path) -> Result<CohortHip> {
        let record = read_record(folder)?;
        let Some(side) = record.input.side else {
            bail!("{} was not planned: no side is named", folder.display())
        };
        for stage in [Stage::Labels, Stage::Surfaces, Stage::Anatomy] {
            record.refuse_changed(folder, stage).map_err(|changed| anyhow::anyhow!("{changed}"))?;
        }
        let labels = read_labels(folder)?;
        let anatomy = read_anatomy(folder)?;
        let mut of_stages = read_findings(folder).context("its findings")?;
        // What an earlier plan was refused for is no reason against another one.
        let findings = OF_SCAN.iter().filter_map(|stage| of_stages.remove(*stage)).flatten().collect();
        Ok(CohortHip {
            grid: labels.volume.grid.clone(),
            labels,
            surfaces: read_bones(folder)?,
            anatomy,
            findings,
            side,
            person: Person::default(),
        })
    }
}
