//! A plan carried out to muscles and loads.

use super::held::{Stages, unreadable};
use crate::folder::{Ingredients, Stage, read_loads};
use crate::own_motion;
use anyhow::{Context, Result};
use coxa_geometry::finding;
use coxa_planner::loads::{self, Loads};
use std::sync::Arc;

const LOADS_FILE: &str = "loads.json";

impl Stages<'_> {
    /// Sees to it that loads are simulated as was asked; where they were not, there are none.
    ///
    /// # Errors
    /// As [`Stages::make_planned`]; a motion of the user's own that changed. Loads that cannot be simulated are a finding.
    pub fn make_loads(&mut self) -> Result<()> {
        if !self.is_new(Stage::Loads) {
            return Ok(());
        }
        self.make_planned()?;
        let Some(asked) = self.case.request().loads.clone().filter(|_| self.is_planned()) else {
            self.seen.insert(Stage::Loads);
            return self.case.discard(Stage::Loads);
        };
        let sources = self.case.request().motion.clone();
        let from = Ingredients::default()
            .with_stages(self.case, &[Stage::Anatomy, Stage::Planned])
            .with_value("options", &asked)?;
        let from = match &sources {
            Some(own) => from
                .with("motion", &*own.motion.blake3)
                .with("external loads", &*own.external_loads.blake3)
                .with("forces", &*own.forces.blake3),
            None => from,
        };
        if self.stands(Stage::Loads, &from)? {
            return Ok(());
        }
        if let (None, Some(sources)) = (&self.motion, &sources) {
            self.motion = Some(own_motion::reread(sources)?);
        }
        let planned = self.planned()?.context("there is no plan to simulate")?;
        let anatomy = self.anatomy()?;
        let own = self.motion.as_ref().filter(|_| sources.is_some());
        let simulated =
            self.progress.stage("simulating loads", |_| loads::simulate(&planned, &anatomy, &asked, own));
        self.case.begin(Stage::Loads);
        let findings = match simulated {
            Ok(loads) => {
                self.case.put_json(LOADS_FILE, &loads)?;
                loads.findings
            }
            Err(error) => {
                vec![finding::NoLoads { error: error.to_string() }.finding()]
            }
        };
        self.case.finish(Stage::Loads, from, Some(&findings))
    }

    /// What was found of loads; `None` where they were not asked for, there is no plan or they could not be simulated.
    ///
    /// # Errors
    /// As [`Stages::make_loads`], and a file that cannot be read.
    pub fn loads(&mut self) -> Result<Option<Arc<Loads>>> {
        self.make_loads()?;
        if !self.case.done(Stage::Loads).is_some_and(|done| done.files.contains_key(LOADS_FILE)) {
            return Ok(None);
        }
        if self.loads.is_none() {
            let read = read_loads(self.case.folder()).map_err(|e| unreadable(&e, LOADS_FILE))?;
            self.loads = read.map(Arc::new);
        }
        Ok(self.loads.clone())
    }
}
