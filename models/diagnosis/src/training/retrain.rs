//! Cross-validation of bootstrap resamples of patients: how far its figures spread when training is part of the chance.

use super::baselines::{Material, TrainedBaseline};
use super::calibrate::recalibrated;
use crate::evaluation::Retrained;
use coxa_learning::{
    EveryClass, LearningError, Predictions, Protocol, Settings, Table, cross_validate, grouped_folds,
};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;

/// Number of bootstrap resamples of patients, each with all models refitted.
pub(crate) const RETRAINED: u64 = 50;

/// Rows of each patient.
fn rows_of(groups: &[usize]) -> Vec<Vec<usize>> {
    let mut rows = vec![Vec::new(); groups.iter().max().map_or(0, |last| last + 1)];
    for (row, &group) in groups.iter().enumerate() {
        rows[group].push(row);
    }
    rows
}

impl Material<'_> {
    /// Predictions of bootstrap resamples of patients, as often as [`RETRAINED`] says, by the module and its baselines in folds of their own: a patient who was drawn twice is in one fold. Settings stay those chosen on
    /// all cases. A draw that lacks a class is left out. `best` are the best possible predictions, where they are known.
    pub(super) fn retrained(
        &self,
        chosen: &Settings,
        trained_baselines: &[TrainedBaseline],
        best: Option<&Predictions>,
    ) -> Vec<Retrained> {
        let patients = rows_of(self.groups);
        let draw = |number: u64| {
            let mut random = ChaCha8Rng::seed_from_u64(self.protocol.seed);
            // Stream 0 is the bootstrap's of the same seed.
            random.set_stream(number + 1);
            let drawn = (0..patients.len()).map(|_| random.random_range(0..patients.len()));
            let rows: Vec<usize> = drawn.flat_map(|patient| patients[patient].iter().copied()).collect();
            self.once(&rows, number, chosen, trained_baselines, best).ok()
        };
        (0..RETRAINED).into_par_iter().filter_map(draw).collect()
    }

    fn once(
        &self,
        rows: &[usize],
        number: u64,
        chosen: &Settings,
        trained_baselines: &[TrainedBaseline],
        best: Option<&Predictions>,
    ) -> Result<Retrained, LearningError> {
        let outcomes = self.outcomes.rows_at(rows);
        let groups: Vec<usize> = rows.iter().map(|&row| self.groups[row]).collect();
        let (count, seed) = (self.manifest.evaluation.folds, self.protocol.seed.wrapping_add(number));
        let folds = grouped_folds(count, &outcomes, &groups, EveryClass::InTraining, seed)?;
        let protocol = Protocol { seed, ..self.protocol.clone() };
        let of = |settings: &Settings, table: &Table| {
            let candidates = std::slice::from_ref(settings);
            let table = table.rows_at(rows);
            Ok(cross_validate(candidates, &table, &outcomes, &groups, &folds, &protocol)?.predictions)
        };
        let own = of(chosen, self.table)?;
        // A draw whose predictions cannot be calibrated counts as it is.
        let own = recalibrated(&own, &outcomes, folds.of(), self.manifest.calibration.method)
            .map_or(own, |(calibrated, _)| calibrated);
        let mut predictions = vec![own];
        for trained_baseline in trained_baselines {
            predictions.push(of(&trained_baseline.settings, &trained_baseline.table)?);
        }
        predictions.extend(best.map(|best| best.rows_at(rows)));
        Ok(Retrained { predictions, outcomes })
    }
}
