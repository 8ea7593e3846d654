//! All models behind one name: fitted by settings, asked by column names, kept as JSON.

use crate::baseline::{CarryForward, CarryForwardSettings, Constant, ConstantSettings};
use crate::data::{Outcomes, Predictions, Table};
use crate::error::LearningError;
use crate::linear::{Ending, Regression, RegressionSettings, Target, regression, regressions};
use crate::shapley::Shapley;
use crate::trees::{Boosting, BoostingSettings, Forest, ForestSettings};
use serde::{Deserialize, Serialize};

/// Model to fit, with its hyperparameters. In TOML: `model = "logistic"`, and its settings beside.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "model", rename_all = "kebab-case")]
pub enum Settings {
    /// The mean, or the frequency of each class.
    Constant(ConstantSettings),
    /// The value in a column.
    CarryForward(CarryForwardSettings),
    /// Linear regression of a number.
    Linear(RegressionSettings),
    /// Logistic regression of two classes, multinomial of more.
    Logistic(RegressionSettings),
    /// Proportional odds of ordered classes.
    Ordinal(RegressionSettings),
    /// A random forest.
    Forest(ForestSettings),
    /// Gradient boosting.
    Boosting(BoostingSettings),
    /// Any model on some of the columns alone, such as age and sex.
    Subset(SubsetSettings),
}

/// Settings of a model on some of the columns.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SubsetSettings {
    /// Names of the columns.
    pub columns: Vec<String>,
    /// The model.
    pub of: Box<Settings>,
}

/// A fitted model. As JSON and back it predicts the same to the last bit.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Model {
    /// The mean, or the frequency of each class.
    Constant(Constant),
    /// The value in a column.
    CarryForward(CarryForward),
    /// Linear, logistic, multinomial or proportional-odds regression.
    Regression(Regression),
    /// A random forest.
    Forest(Forest),
    /// Gradient boosting.
    Boosting(Boosting),
}

/// Fits a model to a table.
///
/// # Errors
/// Settings that make no sense; outcomes that do not fit the table or are of another kind than the model predicts; too few rows or classes; a
/// column that is not there; a missing value where it is refused.
pub fn fit(
    settings: &Settings,
    table: &Table,
    outcomes: &Outcomes,
    seed: u64,
) -> Result<Model, LearningError> {
    let of_target = |target, settings| Ok(Model::Regression(regression(target, settings, table, outcomes)?));
    match settings {
        Settings::Constant(_) => Ok(Model::Constant(Constant::fit(table, outcomes, 0.0)?)),
        Settings::CarryForward(settings) => {
            Ok(Model::CarryForward(CarryForward::fit(table, outcomes, settings)?))
        }
        Settings::Linear(settings) => of_target(Target::Number, settings),
        Settings::Logistic(settings) => of_target(Target::Class, settings),
        Settings::Ordinal(settings) => of_target(Target::OrderedClass, settings),
        Settings::Forest(settings) => Ok(Model::Forest(Forest::fit(table, outcomes, settings, seed)?)),
        Settings::Boosting(settings) => Ok(Model::Boosting(Boosting::fit(table, outcomes, settings, seed)?)),
        Settings::Subset(subset) => fit(&subset.of, &table.columns_named(&subset.columns)?, outcomes, seed),
    }
}

/// Fits several models that [`belong_together`], or one of any kind.
///
/// # Errors
/// As of [`fit`].
pub(crate) fn fit_together(
    settings: &[&Settings],
    table: &Table,
    outcomes: &Outcomes,
    seed: u64,
) -> Result<Vec<Model>, LearningError> {
    let paths: Option<Vec<(Target, RegressionSettings)>> = settings.iter().map(|one| of_path(one)).collect();
    match paths {
        Some(paths)
            if settings.windows(2).all(|pair| belong_together(pair[0], pair[1])) && paths.len() > 1 =>
        {
            let target = paths[0].0;
            let path: Vec<RegressionSettings> = paths.into_iter().map(|(_, settings)| settings).collect();
            Ok(regressions(target, &path, table, outcomes)?.into_iter().map(Model::Regression).collect())
        }
        _ => settings.iter().map(|one| fit(one, table, outcomes, seed)).collect(),
    }
}

/// Whether two settings are regressions that differ in their penalty alone: one is a good start for the other.
pub(crate) fn belong_together(one: &Settings, other: &Settings) -> bool {
    match (of_path(one), of_path(other)) {
        (Some((a, one)), Some((b, other))) => {
            a == b && one.prepare == other.prepare && one.alpha == other.alpha
        }
        _ => false,
    }
}

fn of_path(settings: &Settings) -> Option<(Target, RegressionSettings)> {
    match settings {
        Settings::Linear(settings) => Some((Target::Number, settings.clone())),
        Settings::Logistic(settings) => Some((Target::Class, settings.clone())),
        Settings::Ordinal(settings) => Some((Target::OrderedClass, settings.clone())),
        _ => None,
    }
}

impl Model {
    /// Names of the columns that are asked for.
    pub fn columns(&self) -> Vec<String> {
        match self {
            Model::Constant(_) => Vec::new(),
            Model::CarryForward(model) => vec![model.column().to_owned()],
            Model::Regression(model) => model.prepare().names().to_vec(),
            Model::Forest(model) => model.columns().to_vec(),
            Model::Boosting(model) => model.columns().to_vec(),
        }
    }

    /// How the fit of a regression ended; none of other models, which always end.
    pub fn ending(&self) -> Option<Ending> {
        match self {
            Model::Regression(model) => Some(model.ending()),
            _ => None,
        }
    }

    /// Predictions of rows, known or new; columns are found by name and may stand in any order.
    ///
    /// # Errors
    /// A column that the table lacks; a missing value where it is refused; values too large.
    pub fn predict(&self, table: &Table) -> Result<Predictions, LearningError> {
        match self {
            Model::Constant(model) => Ok(model.predict(table)),
            Model::CarryForward(model) => model.predict(table),
            Model::Regression(model) => model.predict(table),
            Model::Forest(model) => model.predict(table),
            Model::Boosting(model) => model.predict(table),
        }
    }

    /// Raw predictions of each row, the scale of [`Model::shapley`]: scores of a regression and of boosting, probabilities or the number of the others.
    ///
    /// # Errors
    /// As of [`Model::predict`].
    pub fn raw(&self, table: &Table) -> Result<Vec<Vec<f64>>, LearningError> {
        match self {
            Model::Constant(model) => Ok(model.raw(table)),
            Model::CarryForward(model) => model.raw(table),
            Model::Regression(model) => model.scores(table),
            Model::Forest(model) => model.raw(table),
            Model::Boosting(model) => model.raw(table),
        }
    }

    /// What each column adds to each raw prediction: exact Shapley values. Base and contributions sum to the raw prediction.
    ///
    /// # Errors
    /// As of [`Model::predict`].
    pub fn shapley(&self, table: &Table) -> Result<Shapley, LearningError> {
        match self {
            Model::Constant(model) => model.shapley(table),
            Model::CarryForward(model) => model.shapley(table),
            Model::Regression(model) => model.shapley(table),
            Model::Forest(model) => model.shapley(table),
            Model::Boosting(model) => model.shapley(table),
        }
    }
}
