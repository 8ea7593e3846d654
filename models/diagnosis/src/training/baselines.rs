//! What a module must be better than.

use super::protocol::protocol;
use crate::cases::{Cases, Column, encode};
use crate::evaluation::{Comparator, PredictorKind};
use crate::manifest::{Baseline, Manifest, Output, Scale};
use coxa_learning::{
    Carried, CarryForwardSettings, ConstantSettings, EveryClass, Folds, LearningError, Outcomes, Predictions,
    Protocol, RegressionSettings, Settings, Table, cross_validate, elastic_net, grouped_folds,
    shuffled_outcomes,
};

/// Penalties of a regression beside a network, and the least of them as a part of the largest.
const PENALTIES: usize = 6;
const LEAST_PENALTY: f64 = 0.001;
/// Name of a column that says nothing.
const NO_COLUMN: &str = "none";

/// Cases of one output, ready for models.
pub(super) struct Material<'a> {
    pub(super) manifest: &'a Manifest,
    pub(super) output: &'a Output,
    /// The cases that have a truth.
    pub(super) cases: &'a Cases,
    pub(super) table: &'a Table,
    pub(super) outcomes: &'a Outcomes,
    pub(super) groups: &'a [usize],
    pub(super) folds: &'a Folds,
    pub(super) protocol: &'a Protocol,
}

/// Cases that have a truth of one output.
#[derive(Debug, Clone, Copy)]
pub(crate) struct CasesOfOutput<'a> {
    pub(crate) cases: &'a Cases,
    pub(crate) output: &'a Output,
    /// The truth.
    pub(crate) outcomes: &'a Outcomes,
    /// Patient of each, as a number.
    pub(crate) groups: &'a [usize],
}

/// What the baselines of a manifest predict of cases, fitted to those of the other folds; nothing of shuffled outcomes.
///
/// # Errors
/// What a baseline refuses.
pub(crate) fn baselines(
    manifest: &Manifest,
    of: CasesOfOutput<'_>,
    folds: &Folds,
) -> Result<Vec<Comparator>, LearningError> {
    let CasesOfOutput { cases, output, outcomes, groups } = of;
    let ids: Vec<String> =
        manifest.inputs.iter().filter(|input| input.is_value()).map(|input| input.id.clone()).collect();
    let mut table = encode(cases, manifest, &ids)?;
    if table.columns() == 0 {
        // A table has as many rows as its columns; that of images alone needs one for what predicts without columns.
        table = Table::new(vec![(NO_COLUMN.to_owned(), vec![0.0; cases.len()])])?;
    }
    let protocol = &protocol(manifest, output);
    let material = Material { manifest, output, cases, table: &table, outcomes, groups, folds, protocol };
    let mut all = Vec::new();
    for baseline in &manifest.evaluation.baselines {
        all.extend(material.trained_baseline(baseline)?.map(|trained| trained.comparator));
    }
    Ok(all)
}

/// A baseline to be trained.
pub(super) struct BaselinePlan {
    name: String,
    table: Table,
    candidates: Vec<Settings>,
}

/// A baseline as it was trained.
pub(super) struct TrainedBaseline {
    pub(super) comparator: Comparator,
    pub(super) table: Table,
    /// Settings that were chosen on all cases.
    pub(super) settings: Settings,
}

/// Models of few inputs beside a network: the elastic net of the output's kind.
fn regressions(output: &Output) -> Result<Vec<Settings>, LearningError> {
    let model = match output.scale {
        Scale::Number(_) => Settings::Linear,
        Scale::Ordered(_) => Settings::Ordinal,
        Scale::Flag | Scale::AtLeast(..) | Scale::Classes(_) => Settings::Logistic,
    };
    elastic_net(model, &RegressionSettings::default(), &[0.5], PENALTIES, LEAST_PENALTY)
}

impl Material<'_> {
    /// How a baseline is trained; of shuffled outcomes nothing.
    fn plan(&self, baseline: &Baseline) -> Result<Option<BaselinePlan>, LearningError> {
        let title =
            |id: &String| self.manifest.input(id).map_or(id.as_str(), |input| &input.title).to_owned();
        let (name, table, candidates) = match baseline {
            Baseline::Constant => {
                let constant = Settings::Constant(ConstantSettings::default());
                ("the same for all".into(), self.table.clone(), vec![constant])
            }
            Baseline::CarryForward(id) => {
                let settings = CarryForwardSettings {
                    column: id.clone(),
                    probabilities: Carried::OneHot,
                    smoothing: 1.0,
                };
                let name = format!("{} carried forward", title(id));
                (name, self.places(id)?, vec![Settings::CarryForward(settings)])
            }
            Baseline::Inputs(ids) => {
                let first = match self.manifest.candidates.first() {
                    Some(first) => first.grid.clone(),
                    None => regressions(self.output)?,
                };
                let names: Vec<String> = ids.iter().map(title).collect();
                (names.join(", "), encode(self.cases, self.manifest, ids)?, first)
            }
            Baseline::Shuffled => return Ok(None),
        };
        Ok(Some(BaselinePlan { name, table, candidates }))
    }

    /// A baseline in the folds of the module; of shuffled outcomes none.
    pub(super) fn trained_baseline(
        &self,
        baseline: &Baseline,
    ) -> Result<Option<TrainedBaseline>, LearningError> {
        let Some(BaselinePlan { name, table, candidates }) = self.plan(baseline)? else { return Ok(None) };
        let Material { outcomes, groups, folds, protocol, .. } = self;
        let cross = cross_validate(&candidates, &table, outcomes, groups, folds, protocol)?;
        let comparator = Comparator { name, kind: PredictorKind::Baseline, predictions: cross.predictions };
        Ok(Some(TrainedBaseline { comparator, table, settings: cross.whole.choice.settings }))
    }

    /// Outcomes shuffled so often, each with what the settings given predict of them. Folds are dealt anew: in those of the truth the classes of shuffled outcomes are uneven, and
    /// models without any use predict the fewer of a class the more there are in their test fold, which looks like worse than chance.
    pub(super) fn shuffled(
        &self,
        settings: &Settings,
        times: u64,
    ) -> Result<Vec<(Predictions, Outcomes)>, LearningError> {
        let once = |time: u64| {
            let seed = self.protocol.seed.wrapping_add(time);
            let shuffled = shuffled_outcomes(self.outcomes, seed);
            let count = self.manifest.evaluation.folds;
            let folds = grouped_folds(count, &shuffled, self.groups, EveryClass::InTraining, seed)?;
            let Material { table, groups, protocol, .. } = self;
            let candidates = std::slice::from_ref(settings);
            let found = cross_validate(candidates, table, &shuffled, groups, &folds, protocol)?;
            Ok((found.predictions, shuffled))
        };
        (0..times).map(once).collect()
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
