//! Folds of cross-validation by groups: all rows of a patient lie in one fold.

use crate::data::Outcomes;
use crate::draws::{generator, shuffled};
use crate::error::LearningError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// The fold in which each row is tested; in all others it is trained with. Written as that list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Vec<usize>", into = "Vec<usize>")]
pub struct Folds {
    count: usize,
    of: Vec<usize>,
}

/// Part of a split in which every class must have a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EveryClass {
    /// In the test rows of each fold, and so in its training rows: so that each fold can be judged by itself.
    InTest,
    /// In the training rows of each fold: the least with which a model can be fitted.
    InTraining,
}

impl Folds {
    /// Folds as they are, from 0; for those of a file or of a study.
    ///
    /// # Errors
    /// Fewer than two folds; a fold without a row.
    pub fn new(of: Vec<usize>) -> Result<Folds, LearningError> {
        let count = of.iter().max().map_or(0, |last| last + 1);
        if count < 2 {
            return Err(LearningError::TooFew { what: "folds", needed: 2, found: count });
        }
        // A fold number beyond the rows leaves one without a row below it.
        let mut has = vec![false; count.min(of.len() + 1)];
        for fold in &of {
            if let Some(has) = has.get_mut(*fold) {
                *has = true;
            }
        }
        if let Some(fold) = has.iter().position(|has| !has) {
            return Err(LearningError::EmptyFold { fold, count });
        }
        Ok(Folds { count, of })
    }

    /// Number of folds.
    pub fn count(&self) -> usize {
        self.count
    }

    /// Fold of each row.
    pub fn of(&self) -> &[usize] {
        &self.of
    }

    /// Rows that are tested in a fold, ascending.
    pub fn test(&self, fold: usize) -> Vec<usize> {
        (0..self.of.len()).filter(|&row| self.of[row] == fold).collect()
    }

    /// Rows that a fold is trained with, ascending.
    pub fn training(&self, fold: usize) -> Vec<usize> {
        (0..self.of.len()).filter(|&row| self.of[row] != fold).collect()
    }

    /// That every class has a row where it must.
    ///
    /// # Errors
    /// [`LearningError::FoldLacksClass`] of the first fold that lacks one; [`LearningError::Lengths`].
    pub fn check_classes(
        &self,
        outcomes: &Outcomes,
        groups: &[usize],
        every: EveryClass,
    ) -> Result<(), LearningError> {
        check_length("folds and outcomes", outcomes.rows(), self.of.len())?;
        check_length("groups and folds", self.of.len(), groups.len())?;
        outcomes.check_itself()?;
        let Outcomes::Classes { count, of } = outcomes else { return Ok(()) };
        for fold in 0..self.count {
            let is_here = |row: usize| match every {
                EveryClass::InTest => self.of[row] == fold,
                EveryClass::InTraining => self.of[row] != fold,
            };
            let mut has = vec![false; *count];
            (0..of.len()).filter(|row| is_here(*row)).for_each(|row| has[of[row]] = true);
            if let Some(class) = has.iter().position(|has| !has) {
                let mut with: Vec<usize> =
                    (0..of.len()).filter(|&row| of[row] == class).map(|row| groups[row]).collect();
                with.sort_unstable();
                with.dedup();
                let part = if every == EveryClass::InTest { "test" } else { "training" };
                return Err(LearningError::FoldLacksClass { fold, part, class, groups: with.len() });
            }
        }
        Ok(())
    }
}

impl TryFrom<Vec<usize>> for Folds {
    type Error = LearningError;

    fn try_from(of: Vec<usize>) -> Result<Folds, LearningError> {
        Folds::new(of)
    }
}

impl From<Folds> for Vec<usize> {
    fn from(folds: Folds) -> Vec<usize> {
        folds.of
    }
}

fn check_length(what: &'static str, expected: usize, found: usize) -> Result<(), LearningError> {
    if expected == found { Ok(()) } else { Err(LearningError::Lengths { what, expected, found }) }
}

/// Refuses folds that part a group.
///
/// # Errors
/// [`LearningError::Leak`] with two rows of a group in different folds; [`LearningError::Lengths`].
pub fn refuse_leak(groups: &[usize], folds: &Folds) -> Result<(), LearningError> {
    check_length("groups and folds", folds.of.len(), groups.len())?;
    let mut first: BTreeMap<usize, usize> = BTreeMap::new();
    for (row, group) in groups.iter().enumerate() {
        let other = *first.entry(*group).or_insert(row);
        if folds.of[other] != folds.of[row] {
            return Err(LearningError::Leak { row: other, other: row });
        }
    }
    Ok(())
}

/// Folds of about the same size and the same mix of classes, each group in one of them; the same for the same seed.
///
/// Groups are dealt out one by one, those that hold most of a class first, each to the fold that has the least of its classes so far; a shuffle
/// decides between equals.
///
/// # Errors
/// Fewer than two folds, fewer groups than folds, lists of different lengths, or a fold that lacks a class where `every` wants it.
pub fn grouped_folds(
    count: usize,
    outcomes: &Outcomes,
    groups: &[usize],
    every: EveryClass,
    seed: u64,
) -> Result<Folds, LearningError> {
    check_length("outcomes and groups", outcomes.rows(), groups.len())?;
    if count < 2 {
        return Err(LearningError::TooFew { what: "folds", needed: 2, found: count });
    }
    outcomes.check_itself()?;
    let (classes, of) = match outcomes {
        Outcomes::Classes { count, of } => (*count, of.clone()),
        Outcomes::Numbers(values) => (1, vec![0; values.len()]),
    };
    let mut members: BTreeMap<usize, Vec<f64>> = BTreeMap::new();
    let mut totals = vec![0.0f64; classes];
    for (class, group) in of.iter().zip(groups) {
        totals[*class] += 1.0;
        members.entry(*group).or_insert_with(|| vec![0.0; classes])[*class] += 1.0;
    }
    if members.len() < count {
        return Err(LearningError::TooFew { what: "groups", needed: count, found: members.len() });
    }
    let most = |counts: &[f64]| {
        counts.iter().zip(&totals).map(|(own, total)| own / total.max(1.0)).fold(0.0, f64::max)
    };
    let mut order: Vec<(usize, Vec<f64>)> = members.into_iter().collect();
    shuffled(&mut order, &mut generator(seed, &[count as u64]));
    order.sort_by(|(_, a), (_, b)| most(b).total_cmp(&most(a)));
    let mut dealt = vec![vec![0.0f64; classes]; count];
    let mut fold_of = BTreeMap::new();
    for (group, counts) in &order {
        // How much the sum of squared parts of all classes would grow, and the rows there are.
        let cost = |fold: &Vec<f64>| -> (f64, f64) {
            let parts = fold.iter().zip(counts).zip(&totals);
            let grown =
                parts.map(|((has, own), total)| own * (2.0 * has + own) / total.max(1.0).powi(2)).sum();
            (grown, fold.iter().sum())
        };
        let costs: Vec<(f64, f64)> = dealt.iter().map(cost).collect();
        let place = (0..count)
            .min_by(|&a, &b| costs[a].0.total_cmp(&costs[b].0).then(costs[a].1.total_cmp(&costs[b].1)))
            .expect("there are two folds at least");
        dealt[place].iter_mut().zip(counts).for_each(|(has, own)| *has += own);
        fold_of.insert(*group, place);
    }
    let folds = Folds::new(groups.iter().map(|group| fold_of[group]).collect())?;
    folds.check_classes(outcomes, groups, every)?;
    Ok(folds)
}

/// [`grouped_folds`] `repeats` times, each dealt anew.
///
/// # Errors
/// As of [`grouped_folds`].
pub fn repeated_folds(
    repeats: usize,
    count: usize,
    outcomes: &Outcomes,
    groups: &[usize],
    every: EveryClass,
    seed: u64,
) -> Result<Vec<Folds>, LearningError> {
    let seeds = (0..repeats as u64).map(|repeat| crate::draws::mixed(seed, &[repeat]));
    seeds.map(|seed| grouped_folds(count, outcomes, groups, every, seed)).collect()
}

/// A fold for each group, in the order of their numbers: each is tested by what the others teach.
///
/// # Errors
/// Fewer than two groups; a class that one group alone has.
pub fn leave_one_group_out(outcomes: &Outcomes, groups: &[usize]) -> Result<Folds, LearningError> {
    let mut all = groups.to_vec();
    all.sort_unstable();
    all.dedup();
    let place = |group: &usize| all.binary_search(group).expect("it is one of them");
    let folds = Folds::new(groups.iter().map(place).collect())?;
    folds.check_classes(outcomes, groups, EveryClass::InTraining)?;
    Ok(folds)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn classes(count: usize, of: Vec<usize>) -> Outcomes {
        Outcomes::Classes { count, of }
    }

    fn deal(count: usize, outcomes: &Outcomes, groups: &[usize], seed: u64) -> Folds {
        grouped_folds(count, outcomes, groups, EveryClass::InTest, seed).unwrap()
    }

    #[test]
    fn folds_of_single_rows_have_the_mix_of_all_to_one_row() {
        // 70, 20 and 10 of three classes.
        let of: Vec<usize> = (0..100).map(|row| [0, 0, 0, 0, 0, 0, 0, 1, 1, 2][row % 10]).collect();
        let outcomes = classes(3, of.clone());
        let groups: Vec<usize> = (0..100).collect();
        let folds = deal(5, &outcomes, &groups, 3);
        for fold in 0..5 {
            let test = folds.test(fold);
            let count = |class: usize| test.iter().filter(|row| of[**row] == class).count();
            assert_eq!([count(0), count(1), count(2)], [14, 4, 2]);
            assert_eq!(folds.training(fold).len(), 80);
        }
        assert_eq!(deal(5, &outcomes, &groups, 3), folds);
        assert_ne!(deal(5, &outcomes, &groups, 4), folds);
        let repeats = repeated_folds(3, 5, &outcomes, &groups, EveryClass::InTest, 3).unwrap();
        assert!(repeats[0] != repeats[1] && repeats[1] != repeats[2]);
    }

    #[test]
    fn a_fold_that_lacks_a_class_is_named() {
        let outcomes = classes(2, vec![0, 0, 0, 0, 0, 0, 1, 1, 1]);
        // The three rows of class 1 are of two patients.
        let groups = [0, 1, 2, 3, 4, 5, 6, 6, 7];
        let found = grouped_folds(3, &outcomes, &groups, EveryClass::InTest, 1).unwrap_err();
        assert!(
            matches!(found, LearningError::FoldLacksClass { part: "test", class: 1, groups: 2, .. }),
            "{found}"
        );
        assert!(grouped_folds(3, &outcomes, &groups, EveryClass::InTraining, 1).is_ok());
        let alone = classes(2, vec![0, 0, 0, 1, 1]);
        let found = leave_one_group_out(&alone, &[0, 1, 2, 3, 3]).unwrap_err();
        assert_eq!(found, LearningError::FoldLacksClass { fold: 3, part: "training", class: 1, groups: 1 });
    }

    #[test]
    fn a_group_on_both_sides_is_refused() {
        let folds = Folds::new(vec![0, 1, 0, 1]).unwrap();
        assert_eq!(refuse_leak(&[5, 6, 5, 6], &folds), Ok(()));
        assert_eq!(refuse_leak(&[5, 6, 7, 5], &folds), Err(LearningError::Leak { row: 0, other: 3 }));
        assert!(matches!(refuse_leak(&[5], &folds), Err(LearningError::Lengths { .. })));
    }

    #[test]
    fn what_are_no_folds_is_an_error() {
        assert_eq!(Folds::new(vec![0, 2, 2]), Err(LearningError::EmptyFold { fold: 1, count: 3 }));
        assert!(matches!(Folds::new(vec![0, usize::MAX - 1]), Err(LearningError::EmptyFold { fold: 1, .. })));
        assert!(matches!(Folds::new(vec![0, 0]), Err(LearningError::TooFew { .. })));
        let numbers = Outcomes::Numbers(vec![1.0, 2.0, 3.0]);
        let few = grouped_folds(3, &numbers, &[0, 1, 1], EveryClass::InTest, 0);
        assert_eq!(few, Err(LearningError::TooFew { what: "groups", needed: 3, found: 2 }));
        let wrong = grouped_folds(2, &classes(2, vec![0, 1, 2]), &[0, 1, 2], EveryClass::InTest, 0);
        assert_eq!(wrong, Err(LearningError::Class { row: 2, class: 2, last: 1 }));
    }

    #[test]
    fn each_group_is_left_out_once() {
        let outcomes = Outcomes::Numbers(vec![0.0; 5]);
        let folds = leave_one_group_out(&outcomes, &[9, 4, 9, 4, 7]).unwrap();
        assert_eq!((folds.count(), folds.of()), (3, &[2, 0, 2, 0, 1][..]));
    }

    proptest! {
        #[test]
        fn no_deal_parts_a_group_and_sizes_differ_by_the_largest_group_at_most(
            rows in prop::collection::vec((0..3usize, 0..12usize), 24..80),
            count in 2..5usize,
            seed: u64,
        ) {
            let (of, groups): (Vec<usize>, Vec<usize>) = rows.into_iter().unzip();
            let numbers = Outcomes::Numbers(vec![0.0; of.len()]);
            let Ok(folds) = grouped_folds(count, &numbers, &groups, EveryClass::InTest, seed) else {
                return Ok(());
            };
            prop_assert!(refuse_leak(&groups, &folds).is_ok());
            let sizes: Vec<usize> = (0..count).map(|fold| folds.test(fold).len()).collect();
            let largest = (0..12).map(|group| groups.iter().filter(|one| **one == group).count()).max().unwrap();
            prop_assert!(sizes.iter().max().unwrap() - sizes.iter().min().unwrap() <= largest, "{sizes:?}");
            if let Ok(folds) = grouped_folds(count, &classes(3, of), &groups, EveryClass::InTraining, seed) {
                prop_assert!(refuse_leak(&groups, &folds).is_ok());
            }
        }
    }
}
