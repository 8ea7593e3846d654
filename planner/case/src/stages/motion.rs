//! A plan carried out to its range of motion.

use super::held::{Stages, unreadable};
use crate::folder::{Ingredients, Stage, read_simulation};
use anyhow::{Context, Result};
use coxa_geometry::finding;
use coxa_imaging::nifti;
use coxa_planner::simulate::{self, MAP_FILE};
use coxa_planner::{Simulated, Simulation};
use std::sync::Arc;

const ROM_FILE: &str = "rom.json";

impl Stages<'_> {
    /// Sees to it that the plan is simulated as was asked.
    ///
    /// # Errors
    /// As [`Stages::make_planned`]. A plan that cannot be simulated is a finding.
    pub fn make_motion(&mut self) -> Result<()> {
        if !self.is_new(Stage::RangeOfMotion) {
            return Ok(());
        }
        self.make_planned()?;
        let asked = self.case.request().simulation.clone().unwrap_or_default();
        let from = Ingredients::default()
            .with_stages(self.case, &[Stage::Anatomy, Stage::Planned])
            .with_value("options", &asked)?;
        if !self.is_planned() {
            self.seen.insert(Stage::RangeOfMotion);
            return self.case.discard(Stage::RangeOfMotion);
        }
        if self.stands(Stage::RangeOfMotion, &from)? {
            return Ok(());
        }
        let planned = self.planned()?.context("there is no plan to simulate")?;
        let anatomy = self.anatomy()?;
        let simulated = self.progress.stage("simulating", |tick| {
            // A bar counts whole steps.
            let tick = |part: f64| tick((part * 1000.0) as usize, 1000);
            simulate::simulate(&planned, &anatomy, &asked, &tick)
        });
        self.case.begin(Stage::RangeOfMotion);
        let findings = match simulated {
            Ok(simulated) => {
                // The map first, so that no rom.json names a file that is not there.
                if let Some(map) = &simulated.map {
                    self.case.put_with(MAP_FILE, |path| Ok(nifti::write_labels(&map.labels(), path)?))?;
                }
                self.case.put_json(ROM_FILE, &simulated.results)?;
                simulated.findings
            }
            Err(error) => {
                vec![finding::MotionNotSimulated { error: error.to_string() }.finding()]
            }
        };
        self.case.finish(Stage::RangeOfMotion, from, Some(&findings))
    }

    /// What was found of range of motion; `None` where there is no plan or it could not be simulated.
    ///
    /// # Errors
    /// As [`Stages::make_motion`], and a file that cannot be read.
    pub fn motion(&mut self) -> Result<Option<Simulation>> {
        self.make_motion()?;
        match self.case.done(Stage::RangeOfMotion).is_some_and(|done| done.files.contains_key(ROM_FILE)) {
            true => read_simulation(self.case.folder()).map_err(|e| unreadable(&e, ROM_FILE)),
            false => Ok(None),
        }
    }

    /// The same with what is needed to draw it.
    ///
    /// # Errors
    /// As [`Stages::motion`].
    pub fn simulated(&mut self) -> Result<Option<Arc<Simulated>>> {
        let Some(results) = self.motion()? else { return Ok(None) };
        if self.simulated.is_none() {
            let planned = self.planned()?.context("there is no plan that was simulated")?;
            let anatomy = self.anatomy()?;
            let path = self.case.folder().join(MAP_FILE);
            let map = results.map.as_ref().map(|_| nifti::read_labels(&path)).transpose()?;
            let map = map.as_ref().map(|map| &map.volume);
            let findings = self.case.findings(Stage::RangeOfMotion).to_vec();
            let kept = Simulated::kept(results, map, findings, &planned, &anatomy);
            self.simulated = Some(Arc::new(
                kept.with_context(|| format!("{} is not a map of the range of motion", path.display()))?,
            ));
        }
        Ok(self.simulated.clone())
    }
}
