//! What a module must be better than.

use crate::cases::{Cases, Column, encode};
use crate::evaluation::{PredictorKind, Rival};
use crate::manifest::{Baseline, Manifest};
use coxa_learning::{
    Carried, CarryForwardSettings, ConstantSettings, EveryClass, Folds, LearningError, Outcomes, Predictions,
    Protocol, Settings, Table, cross_validate, grouped_folds, shuffled_outcomes,
};

/// Cases of one output, ready for models.
pub(super) struct Material<'a> {
    pub(super) manifest: &'a Manifest,
    /// The cases that have a truth.
    pub(super) cases: &'a Cases,
    pub(super) table: &'a Table,
    pub(super) outcomes: &'a Outcomes,
    pub(super) groups: &'a [usize],
    pub(super) folds: &'a Folds,
    pub(super) protocol: &'a Protocol,
    /// Settings of all candidates.
    pub(super) candidates: &'a [Settings],
}

impl Material<'_> {
    /// A baseline in the folds of the module.
    pub(super) fn rival(&self, baseline: &Baseline) -> Result<Rival, LearningError> {
        let rival = |name: String, predictions: Predictions, outcomes: Option<Outcomes>| Rival {
            name,
            kind: PredictorKind::Baseline,
            predictions,
            outcomes,
        };
        let title =
            |id: &String| self.manifest.input(id).map_or(id.as_str(), |input| &input.title).to_owned();
        match baseline {
            Baseline::Constant => {
                let constant = Settings::Constant(ConstantSettings::default());
                let found = self.predicted(&[constant], self.table, self.outcomes)?;
                Ok(rival("the same for all".into(), found, None))
            }
            Baseline::CarryForward(id) => {
                let table = self.places(id)?;
                let settings = CarryForwardSettings {
                    column: id.clone(),
                    probabilities: Carried::OneHot,
                    smoothing: 1.0,
                };
                let found = self.predicted(&[Settings::CarryForward(settings)], &table, self.outcomes)?;
                Ok(rival(format!("{} carried forward", title(id)), found, None))
            }
            Baseline::Inputs(ids) => {
                let table = encode(self.cases, self.manifest, ids)?;
                let first = self.manifest.candidates.first().map_or(&[][..], |first| &first.grid);
                let found = self.predicted(first, &table, self.outcomes)?;
                let names: Vec<String> = ids.iter().map(title).collect();
                Ok(rival(names.join(", "), found, None))
            }
            Baseline::Shuffled => {
                let shuffled = shuffled_outcomes(self.outcomes, self.protocol.seed);
                // Folds of their own: in those of the truth the classes of shuffled outcomes are uneven, and models without any use predict
                // the fewer of a class the more there are in their test fold, which looks like worse than chance.
                let (count, seed) = (self.manifest.evaluation.folds, self.protocol.seed);
                let folds = grouped_folds(count, &shuffled, self.groups, EveryClass::InTraining, seed)?;
                let Material { table, groups, protocol, .. } = self;
                let found =
                    cross_validate(self.candidates, table, &shuffled, groups, &folds, protocol)?.predictions;
                Ok(rival("shuffled outcomes".into(), found, Some(shuffled)))
            }
        }
    }

    fn predicted(
        &self,
        candidates: &[Settings],
        table: &Table,
        outcomes: &Outcomes,
    ) -> Result<Predictions, LearningError> {
        Ok(cross_validate(candidates, table, outcomes, self.groups, self.folds, self.protocol)?.predictions)
    }

    /// An input as one column: of classes their places.
    fn places(&self, id: &str) -> Result<Table, LearningError> {
        let values = match self.cases.inputs.get(id) {
            Some(Column::Numbers(values)) => values.clone(),
            Some(Column::Classes { of, .. }) => {
                of.iter().map(|class| class.map_or(f64::NAN, |class| class as f64)).collect()
            }
            _ => Vec::new(),
        };
        Table::new(vec![(id.to_owned(), values)])
    }
}
