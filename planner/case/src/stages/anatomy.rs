//! Labels and surfaces to landmarks, frames and measurements.

use super::held::{Stages, unreadable};
use crate::folder::{Stage, read_anatomy};
use crate::input;
use anyhow::{Context, Result};
use coxa_anatomy::HipAnatomy;
use coxa_measure::{complete, measure_calibrated, tissue};
use coxa_segment::vessels::find_vessels;
use std::sync::Arc;

impl Stages<'_> {
    /// Sees to it that the anatomy stands.
    ///
    /// # Errors
    /// As [`Stages::make_surfaces`], and a calibration that cannot be used.
    pub fn make_anatomy(&mut self) -> Result<()> {
        if !self.is_new(Stage::Anatomy) {
            return Ok(());
        }
        self.make_surfaces()?;
        let calibration = self.case.request().calibration.clone();
        let from = self.of_scan_ingredients().with_stages(self.case, &[Stage::Labels, Stage::Surfaces]);
        let from = match &calibration {
            Some(source) => from.with("calibration", &*source.blake3),
            None => from,
        };
        if self.stands(Stage::Anatomy, &from)? {
            return Ok(());
        }
        let (ct, labels, surfaces) = (self.ct()?, self.labels()?, self.surfaces()?);
        let calibration = input::calibration(None, calibration.as_ref())?.0.calibrate(&ct)?;
        let mut anatomy = self.progress.stage("measuring", |_| {
            let mut anatomy = measure_calibrated(&surfaces, &ct, &labels.map, calibration);
            complete(&mut anatomy, &surfaces, Some(&ct));
            tissue::muscle::trusted(&mut anatomy.muscles, &labels.trust);
            anatomy
        });
        let found = self.progress.stage("finding vessels", |_| find_vessels(&ct, &labels.map, &anatomy));
        anatomy.vessels = found.courses;
        anatomy.missing.extend(found.missing);
        self.case.begin(Stage::Anatomy);
        self.case.put_json("anatomy.json", &anatomy)?;
        self.case.finish(Stage::Anatomy, from, Some(&anatomy.findings))
    }

    /// Landmarks, frames and measurements, as the file holds them: frames lose their last digit in it, and a plan must be the same whether
    /// it was made at once or later.
    ///
    /// # Errors
    /// As [`Stages::make_anatomy`], and a file that cannot be read.
    pub fn anatomy(&mut self) -> Result<Arc<HipAnatomy>> {
        self.make_anatomy()?;
        if self.anatomy.is_none() {
            let read = read_anatomy(self.case.folder()).map_err(|e| unreadable(&e, "anatomy.json"))?;
            self.anatomy = Some(Arc::new(read));
        }
        self.anatomy.clone().context("there is no anatomy")
    }
}
