//! Grids of hyperparameters.

use crate::error::LearningError;
use crate::linear::RegressionSettings;
use crate::model::Settings;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use std::collections::BTreeMap;

/// Candidates at most: more are a mistake.
const MOST: usize = 10_000;

/// Settings of a model, and the values that some of them may take.
///
/// Candidates come in the order of the values, the last setting by name changing fastest. Where
/// [`Protocol::one_standard_error`](crate::Protocol::one_standard_error) is on, the first that is good enough is taken: list the simplest values first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Grid {
    /// Settings that do not change.
    pub base: Settings,
    /// Values of each setting by its name; a dot leads into a setting, as in `prepare.missing` or `of.alpha`.
    #[serde(default)]
    pub vary: BTreeMap<String, Vec<Value>>,
}

impl Grid {
    /// All combinations.
    ///
    /// # Errors
    /// [`LearningError::Grid`] of a name that the settings do not have, a value that they cannot take, a setting without values, or more than
    /// 10,000 candidates.
    pub fn candidates(&self) -> Result<Vec<Settings>, LearningError> {
        let grid = |name: &str, why: String| LearningError::Grid { name: name.to_owned(), why };
        let mut found = vec![self.base.clone()];
        for (name, values) in &self.vary {
            if values.is_empty() {
                return Err(grid(name, "it has no values".to_owned()));
            }
            if found.len() * values.len() > MOST {
                return Err(grid(name, format!("there would be more than {MOST} candidates")));
            }
            let mut next = Vec::with_capacity(found.len() * values.len());
            for settings in &found {
                for value in values {
                    next.push(with(settings, name, value).map_err(|why| grid(name, why))?);
                }
            }
            found = next;
        }
        Ok(found)
    }
}

/// The settings with one of them set.
fn with(settings: &Settings, name: &str, value: &Value) -> Result<Settings, String> {
    let mut whole = serde_json::to_value(settings).map_err(|error| error.to_string())?;
    let mut place = &mut whole;
    for part in name.split('.') {
        let Value::Object(fields) = place else { return Err("it is not a setting of the model".to_owned()) };
        place = fields.entry(part).or_insert(Value::Null);
    }
    *place = value.clone();
    serde_json::from_value(whole).map_err(|error| error.to_string())
}

/// The path of an elastic net: `steps` penalties from the largest one, at which all slopes are zero, down to `least` of it in equal ratios, each
/// with each alpha; the strongest first. The largest one of ridge alone (`alpha` of 0) is that of an `alpha` of 0.001, so that its path goes down to 1e-5 or so. `model` makes a regression of its settings, such as [`Settings::Logistic`].
///
/// # Errors
/// [`LearningError::Setting`] where `least` is not between 1e-9 and 1 or there is no step.
pub fn elastic_net(
    model: impl Fn(RegressionSettings) -> Settings,
    base: &RegressionSettings,
    alphas: &[f64],
    steps: usize,
    least: f64,
) -> Result<Vec<Settings>, LearningError> {
    if !(1e-9..=1.0).contains(&least) {
        return Err(LearningError::Setting {
            what: "the least penalty",
            least: 1e-9,
            most: 1.0,
            found: least,
        });
    }
    if steps == 0 || steps > MOST {
        let found = steps as f64;
        return Err(LearningError::Setting {
            what: "the number of steps",
            least: 1.0,
            most: MOST as f64,
            found,
        });
    }
    let mut found = Vec::with_capacity(steps * alphas.len());
    for step in 0..steps {
        let part = least.powf(step as f64 / (steps - 1).max(1) as f64);
        for alpha in alphas {
            let settings = RegressionSettings { alpha: *alpha, lambda_of_max: Some(part), ..base.clone() };
            found.push(model(settings));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_is_read_and_has_all_combinations_in_order() {
        let text = r#"
            base = { model = "logistic", prepare = { missing = "mean" } }
            [vary]
            lambda_of_max = [1, 0.1]
            alpha = [0.5, 1]
        "#;
        let grid: Grid = toml::from_str(text).unwrap();
        let found: Vec<(f64, Option<f64>)> = grid
            .candidates()
            .unwrap()
            .iter()
            .map(|settings| match settings {
                Settings::Logistic(settings) => (settings.alpha, settings.lambda_of_max),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(found, [(0.5, Some(1.0)), (0.5, Some(0.1)), (1.0, Some(1.0)), (1.0, Some(0.1))]);
    }

    #[test]
    fn a_dot_leads_into_a_setting() {
        let text = r#"
            base = { model = "subset", columns = ["age"], of = { model = "ordinal" } }
            [vary]
            "of.lambda" = [0.5]
            "of.prepare.missing" = ["refuse", "mean"]
        "#;
        let found = toml::from_str::<Grid>(text).unwrap().candidates().unwrap();
        let Settings::Subset(subset) = &found[1] else { panic!("{found:?}") };
        let Settings::Ordinal(settings) = &*subset.of else { panic!("{found:?}") };
        assert_eq!(
            (found.len(), settings.lambda, settings.prepare.missing),
            (2, 0.5, crate::prepare::Missing::Mean)
        );
    }

    #[test]
    fn settings_that_a_model_does_not_have_are_refused() {
        let base = || Settings::Forest(crate::trees::ForestSettings::default());
        let refused = |name: &str, values: Vec<Value>| {
            let grid = Grid { base: base(), vary: BTreeMap::from([(name.to_owned(), values)]) };
            grid.candidates().unwrap_err().to_string()
        };
        assert!(refused("leafs", vec![Value::from(3)]).contains("leafs"));
        assert!(refused("trees.deep", vec![Value::from(3)]).contains("trees.deep"));
        assert!(refused("trees", vec![Value::from("many")]).contains("many"));
        assert!(refused("trees", vec![]).contains("no values"));
        let many = (1..200).map(Value::from).collect::<Vec<_>>();
        let vary = ["depth", "trees", "rows_in_leaf"].map(|name| (name.to_owned(), many.clone()));
        let grid = Grid { base: base(), vary: BTreeMap::from(vary) };
        assert!(grid.candidates().is_err());
        assert!(toml::from_str::<Grid>("base = { model = \"constant\", alpha = 1 }").is_err());
        assert!(toml::from_str::<Grid>("base = { model = \"logistic\", alfa = 1 }").is_err());
    }

    #[test]
    fn a_path_goes_from_the_strongest_penalty_down() {
        let base = RegressionSettings::default();
        let found = elastic_net(Settings::Linear, &base, &[1.0, 0.5], 3, 0.01).unwrap();
        let parts: Vec<f64> = found
            .iter()
            .map(|settings| match settings {
                Settings::Linear(settings) => settings.lambda_of_max.unwrap(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(parts.len(), 6);
        assert!((parts[2] - 0.1).abs() < 1e-15 && parts[0] == 1.0 && (parts[5] - 0.01).abs() < 1e-15);
        assert!(elastic_net(Settings::Linear, &base, &[1.0], 0, 0.1).is_err());
        assert!(elastic_net(Settings::Linear, &base, &[1.0], 3, 0.0).is_err());
    }
}
