//! Cases of a network are assigned to folds: one assignment for all of its outputs.

use crate::cases::{Cases, outcomes};
use crate::manifest::{Baseline, Manifest};
use crate::training::{TrainError, patients};
use coxa_learning::{EveryClass, Folds, LearningError, Outcomes, grouped_folds, shuffled_outcomes};

/// Truths of an output: places of the cases that have one, and these.
pub(crate) type Known = (Vec<usize>, Outcomes);

/// Cases with a truth of at least one output, and the fold in which each is tested.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct FoldAssignment {
    /// Their places in the table.
    pub(crate) used: Vec<usize>,
    /// The cases.
    pub(crate) cases: Cases,
    /// Patient of each, as a number.
    pub(crate) groups: Vec<usize>,
    /// The truth.
    pub(crate) truth: OutcomeFolds,
    /// Truths shuffled among the cases that have one, in folds of their own; where the manifest asks for them.
    pub(crate) shuffled: Option<OutcomeFolds>,
}

/// Truths and folds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct OutcomeFolds {
    /// By output of the manifest.
    pub(crate) known: Vec<Known>,
    /// Fold in which each case is tested.
    pub(crate) folds: Vec<usize>,
}

/// Assigns the cases of a table to folds. Folds are of patients, and hold the classes of the first output that has classes in equal parts.
///
/// # Errors
/// Too few patients; an output whose cases or classes do not reach into the training cases of every fold.
pub(crate) fn assign_folds(all: &Cases, manifest: &Manifest) -> Result<FoldAssignment, TrainError> {
    let of_all: Vec<Known> = manifest.outputs.iter().map(|output| outcomes(all, output)).collect();
    let mut used: Vec<usize> = of_all.iter().flat_map(|(known, _)| known.iter().copied()).collect();
    used.sort_unstable();
    used.dedup();
    let cases = all.at(&used);
    let groups = patients(&cases);
    let needed = 2 * manifest.evaluation.folds;
    let count = groups.iter().max().map_or(0, |last| last + 1);
    let known: Vec<Known> = manifest.outputs.iter().map(|output| outcomes(&cases, output)).collect();
    for (output, (places, _)) in manifest.outputs.iter().zip(&known) {
        let mut of: Vec<usize> = places.iter().map(|&place| groups[place]).collect();
        of.sort_unstable();
        of.dedup();
        let found = of.len().min(count);
        if found < needed {
            return Err(TrainError::TooFew { output: output.id.clone(), needed, found });
        }
    }
    let seed = manifest.evaluation.seed;
    let shuffled = match manifest.evaluation.baselines.contains(&Baseline::Shuffled) {
        true => {
            let known = known.iter().map(|(places, truth)| (places.clone(), shuffled_outcomes(truth, seed)));
            Some(outcome_folds(manifest, known.collect(), &groups)?)
        }
        false => None,
    };
    let truth = outcome_folds(manifest, known, &groups)?;
    Ok(FoldAssignment { used, cases, groups, truth, shuffled })
}

fn outcome_folds(
    manifest: &Manifest,
    known: Vec<Known>,
    groups: &[usize],
) -> Result<OutcomeFolds, TrainError> {
    let of = |at: usize| {
        let output = manifest.outputs[at].id.clone();
        move |error: LearningError| TrainError::Learning { output, error }
    };
    let first = known.iter().position(|(_, truth)| matches!(truth, Outcomes::Classes { .. })).unwrap_or(0);
    let mixed = spread(&known[first], groups.len());
    let evaluation = &manifest.evaluation;
    let folds = grouped_folds(evaluation.folds, &mixed, groups, EveryClass::InTraining, evaluation.seed)
        .map_err(of(first))?;
    for (at, (places, truth)) in known.iter().enumerate() {
        let own = folds_at(folds.of(), places).map_err(of(at))?;
        let own_groups: Vec<usize> = places.iter().map(|&place| groups[place]).collect();
        own.check_classes(truth, &own_groups, EveryClass::InTraining).map_err(of(at))?;
    }
    Ok(OutcomeFolds { known, folds: folds.of().to_vec() })
}

/// Folds of some of the cases.
///
/// # Errors
/// A fold that has none of them.
pub(crate) fn folds_at(folds: &[usize], places: &[usize]) -> Result<Folds, LearningError> {
    Folds::new(places.iter().map(|&place| folds[place]).collect())
}

/// Truths as one for every case: cases without one count as of the commonest class.
fn spread((places, truth): &Known, cases: usize) -> Outcomes {
    let Outcomes::Classes { count, of } = truth else { return Outcomes::Numbers(vec![0.0; cases]) };
    let size = |class: &usize| of.iter().filter(|own| *own == class).count();
    let commonest = (0..*count).max_by_key(size).unwrap_or(0);
    let mut all = vec![commonest; cases];
    places.iter().zip(of).for_each(|(&place, &class)| all[place] = class);
    Outcomes::Classes { count: *count, of: all }
}
