//! How boosting and forests are fitted.

use crate::data::{Outcomes, Table};
use crate::error::LearningError;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Loss that boosting makes small, and with it the kind of outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Objective {
    /// Half the squared error of numbers.
    SquaredError,
    /// Minus the log-likelihood of two classes: one output, the log-odds of class 1.
    Logistic,
    /// Minus the log-likelihood of classes without order: one output a class, whose softmax is its probability.
    Multinomial,
    /// Minus the log-likelihood of ordered classes by cumulative logits: one output f for all classes, and thresholds between them, with
    /// P(class ≤ k) = 1 / (1 + exp(f − threshold k)). A higher output means higher classes; a column acts alike on all thresholds
    /// (proportional odds). Where that does not hold, take `Multinomial`, which classes with an order may be fitted with as well.
    Ordered,
}

/// Direction in which a prediction may go with a column, all other columns unchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Monotone {
    /// Never down as the column goes up.
    Increasing,
    /// Never up as the column goes up.
    Decreasing,
}

/// Settings of gradient boosting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BoostingSettings {
    /// What is made small. `None`: squared error of numbers, logistic of two classes, multinomial of more.
    pub objective: Option<Objective>,
    /// Trees for each output, 1 to 100,000.
    pub rounds: usize,
    /// Part of each tree's values that is added, above 0 to 1.
    pub learning_rate: f64,
    /// Most leaves of a tree, 2 to 4,096. Leaves with the highest gain are split first.
    pub leaves: usize,
    /// Most splits from root to leaf, 1 to 64.
    pub depth: usize,
    /// Least rows of a leaf, at least 1.
    pub rows_in_leaf: usize,
    /// Least sum of second derivatives in a leaf, 0 to 1e9; a row of squared error counts 1, of two classes p (1 − p).
    pub curvature_in_leaf: f64,
    /// Ridge penalty on the values of leaves, 0 to 1e9.
    pub l2: f64,
    /// Twice the fall of the penalised loss that a split must exceed, 0 to 1e9.
    pub gain: f64,
    /// Most bins of a column beside that of missing values, 2 to 255.
    pub bins: usize,
    /// Part of the rows that each round draws without replacement, above 0 to 1.
    pub rows_drawn: f64,
    /// Part of the columns that each tree draws without replacement, above 0 to 1.
    pub columns_drawn: f64,
    /// Columns by name whose direction is held. Missing values of such a column are free. Not for `Multinomial`.
    pub monotone: BTreeMap<String, Monotone>,
    /// Rounds without a better loss of held-out rows after which [`crate::trees::Boosting::fit_stopping`] ends, at least 1.
    pub patience: usize,
}

impl Default for BoostingSettings {
    fn default() -> BoostingSettings {
        BoostingSettings {
            objective: None,
            rounds: 200,
            learning_rate: 0.05,
            leaves: 8,
            depth: 4,
            rows_in_leaf: 10,
            curvature_in_leaf: 1e-3,
            l2: 10.0,
            gain: 0.0,
            bins: 255,
            rows_drawn: 0.5,
            columns_drawn: 1.0,
            monotone: BTreeMap::new(),
            patience: 20,
        }
    }
}

impl BoostingSettings {
    /// That each setting lies within its range.
    ///
    /// # Errors
    /// [`LearningError::Setting`] of the first that does not.
    pub fn check(&self) -> Result<(), LearningError> {
        within("the number of rounds", self.rounds as f64, 1.0, 1e5)?;
        within("the learning rate", self.learning_rate, f64::MIN_POSITIVE, 1.0)?;
        within("the number of leaves", self.leaves as f64, 2.0, 4096.0)?;
        within("the depth", self.depth as f64, 1.0, 64.0)?;
        within("the number of rows in a leaf", self.rows_in_leaf as f64, 1.0, 1e9)?;
        within("the curvature in a leaf", self.curvature_in_leaf, 0.0, 1e9)?;
        within("the penalty l2", self.l2, 0.0, 1e9)?;
        within("the least gain", self.gain, 0.0, 1e9)?;
        within("the number of bins", self.bins as f64, 2.0, 255.0)?;
        within("the part of rows drawn", self.rows_drawn, f64::MIN_POSITIVE, 1.0)?;
        within("the part of columns drawn", self.columns_drawn, f64::MIN_POSITIVE, 1.0)?;
        within("the patience", self.patience as f64, 1.0, 1e9)
    }

    /// The objective that was chosen or goes with the outcomes.
    ///
    /// # Errors
    /// [`LearningError::Kind`] of outcomes that it does not predict.
    pub fn objective_of(&self, outcomes: &Outcomes) -> Result<Objective, LearningError> {
        let usual = match outcomes {
            Outcomes::Numbers(_) => Objective::SquaredError,
            Outcomes::Classes { count: 2, .. } => Objective::Logistic,
            Outcomes::Classes { .. } => Objective::Multinomial,
        };
        let objective = self.objective.unwrap_or(usual);
        let kind = |model, wants| Err(LearningError::Kind { model, wants, found: outcomes.kind() });
        match (objective, outcomes) {
            (Objective::SquaredError, Outcomes::Numbers(_))
            | (Objective::Logistic, Outcomes::Classes { count: 2, .. })
            | (Objective::Multinomial | Objective::Ordered, Outcomes::Classes { .. }) => Ok(objective),
            (Objective::SquaredError, _) => kind("boosting of squared error", "numbers"),
            (Objective::Logistic, _) => kind("logistic boosting", "two classes"),
            (Objective::Multinomial | Objective::Ordered, _) => kind("boosting of classes", "classes"),
        }
    }

    /// Direction of each column of a table: 1, -1, or 0 where it is free.
    pub(super) fn directions(&self, table: &Table, objective: Objective) -> Result<Vec<i8>, LearningError> {
        if objective == Objective::Multinomial && !self.monotone.is_empty() {
            return Err(LearningError::Monotone);
        }
        if let Some(name) = self.monotone.keys().find(|name| !table.names().contains(name)) {
            return Err(LearningError::NoColumn(name.clone()));
        }
        let direction = |name| match self.monotone.get(name) {
            Some(Monotone::Increasing) => 1,
            Some(Monotone::Decreasing) => -1,
            None => 0,
        };
        Ok(table.names().iter().map(direction).collect())
    }
}

/// Settings of a random forest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ForestSettings {
    /// Trees, 1 to 100,000.
    pub trees: usize,
    /// Columns that each split chooses from, at least 1. `None`: the square root of their number for classes, a third for numbers, rounded up.
    pub columns: Option<usize>,
    /// Least rows of a leaf, at least 1; a row drawn twice counts twice.
    pub rows_in_leaf: usize,
    /// Most splits from root to leaf, 1 to 64.
    pub depth: usize,
    /// Rows (or groups) drawn for each tree with replacement, as a part of those there are, above 0 to 1.
    pub drawn: f64,
    /// Most bins of a column beside that of missing values, 2 to 255.
    pub bins: usize,
}

impl Default for ForestSettings {
    fn default() -> ForestSettings {
        ForestSettings { trees: 500, columns: None, rows_in_leaf: 10, depth: 32, drawn: 1.0, bins: 255 }
    }
}

impl ForestSettings {
    /// That each setting lies within its range.
    ///
    /// # Errors
    /// [`LearningError::Setting`] of the first that does not.
    pub fn check(&self) -> Result<(), LearningError> {
        within("the number of trees", self.trees as f64, 1.0, 1e5)?;
        within("the number of columns of a split", self.columns.unwrap_or(1) as f64, 1.0, 1e9)?;
        within("the number of rows in a leaf", self.rows_in_leaf as f64, 1.0, 1e9)?;
        within("the depth", self.depth as f64, 1.0, 64.0)?;
        within("the part of rows drawn", self.drawn, f64::MIN_POSITIVE, 1.0)?;
        within("the number of bins", self.bins as f64, 2.0, 255.0)
    }

    /// Columns that a split chooses from.
    pub(super) fn columns_of(&self, outcomes: &Outcomes, columns: usize) -> usize {
        let usual = match outcomes {
            Outcomes::Numbers(_) => columns.div_ceil(3),
            Outcomes::Classes { .. } => (columns as f64).sqrt().ceil() as usize,
        };
        self.columns.unwrap_or(usual).clamp(1, columns.max(1))
    }
}

fn within(what: &'static str, found: f64, least: f64, most: f64) -> Result<(), LearningError> {
    // NaN is not within either.
    if (least..=most).contains(&found) {
        Ok(())
    } else {
        Err(LearningError::Setting { what, least, most, found })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn settings_beyond_their_range_are_refused() {
        assert_eq!(BoostingSettings::default().check(), Ok(()));
        assert_eq!(ForestSettings::default().check(), Ok(()));
        let rates = [0.0, -0.1, 1.5, f64::NAN, f64::INFINITY];
        for learning_rate in rates {
            let settings = BoostingSettings { learning_rate, ..BoostingSettings::default() };
            let found = settings.check().unwrap_err().to_string();
            assert!(found.contains("learning rate"), "{found}");
        }
        assert!(BoostingSettings { bins: 256, ..BoostingSettings::default() }.check().is_err());
        assert!(ForestSettings { columns: Some(0), ..ForestSettings::default() }.check().is_err());
        assert!(ForestSettings { trees: 0, ..ForestSettings::default() }.check().is_err());
    }

    #[test]
    fn an_objective_goes_with_its_outcomes() {
        let settings = |objective| BoostingSettings { objective, ..BoostingSettings::default() };
        let numbers = Outcomes::Numbers(vec![1.0]);
        let classes = |count| Outcomes::Classes { count, of: vec![0] };
        assert_eq!(settings(None).objective_of(&numbers), Ok(Objective::SquaredError));
        assert_eq!(settings(None).objective_of(&classes(2)), Ok(Objective::Logistic));
        assert_eq!(settings(None).objective_of(&classes(3)), Ok(Objective::Multinomial));
        assert_eq!(settings(Some(Objective::Ordered)).objective_of(&classes(3)), Ok(Objective::Ordered));
        assert!(settings(Some(Objective::Logistic)).objective_of(&classes(3)).is_err());
        assert!(settings(Some(Objective::Ordered)).objective_of(&numbers).is_err());
        assert!(settings(Some(Objective::SquaredError)).objective_of(&classes(2)).is_err());
    }

    #[test]
    fn a_constraint_names_a_column_and_is_not_of_softmax() {
        let table = Table::new(vec![("a".into(), vec![]), ("b".into(), vec![])]).unwrap();
        let monotone = |name: &str| BTreeMap::from([(name.to_owned(), Monotone::Decreasing)]);
        let settings = |name| BoostingSettings { monotone: monotone(name), ..BoostingSettings::default() };
        assert_eq!(settings("b").directions(&table, Objective::Ordered), Ok(vec![0, -1]));
        assert_eq!(
            settings("c").directions(&table, Objective::Logistic),
            Err(LearningError::NoColumn("c".into()))
        );
        assert_eq!(settings("a").directions(&table, Objective::Multinomial), Err(LearningError::Monotone));
    }
}
