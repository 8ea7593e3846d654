//! What is asked of loads.

use coxa_activity::{Activity, ActivityError};
use coxa_anatomy::muscle::MUSCLES;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What loads to simulate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct LoadOptions {
    /// Names of activities; none are walking and standing on one leg.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub activities: Vec<String>,
    /// Whether the hip as scanned is simulated beside the plan.
    pub before_after: bool,
    /// Mass of the body; else by what the scan shows.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub body_mass_kg: Option<f64>,
    /// Strength of muscles over what the scan shows, by the name of the muscle without side; those that are not named keep theirs.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub strength: BTreeMap<String, f64>,
    /// Samples of strength, attachments and gait; none give no percentiles.
    pub samples: usize,
    /// Seed of the samples.
    pub seed: u64,
}

impl Default for LoadOptions {
    fn default() -> Self {
        LoadOptions {
            activities: Vec::new(),
            before_after: false,
            body_mass_kg: None,
            strength: BTreeMap::new(),
            samples: 200,
            seed: 1,
        }
    }
}

/// Activities where none are named.
pub(super) const USUAL: [&str; 2] = ["walking", "one_leg_stance"];
/// Most samples: minutes of computing.
const MOST_SAMPLES: usize = 20_000;
/// Strength that a muscle may have over its own.
const STRENGTHS: [f64; 2] = [0.05, 3.0];
/// Masses that adults have, kg.
const MASSES_KG: [f64; 2] = [25.0, 300.0];

/// Why loads cannot be what was asked.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LoadOptionsError {
    /// A mass that no adult has.
    #[error("a body mass of {mass_kg} kg is outside {} to {} kg", MASSES_KG[0], MASSES_KG[1])]
    Mass {
        /// What was given.
        mass_kg: f64,
    },
    /// There is no such activity.
    #[error(transparent)]
    Activity(#[from] ActivityError),
    /// A muscle that is not known, or a strength that no muscle has.
    #[error("the strength of {muscle} cannot be {ratio} times its own: name one of the muscles of labels.json and a number from {} to {}", STRENGTHS[0], STRENGTHS[1])]
    Strength {
        /// The muscle.
        muscle: String,
        /// What was asked for.
        ratio: f64,
    },
    /// More samples than are of use.
    #[error("{samples} samples are more than the {MOST_SAMPLES} allowed")]
    Samples {
        /// What was asked for.
        samples: usize,
    },
}

impl LoadOptions {
    /// The activities that are asked for.
    ///
    /// # Errors
    /// A name that no activity has, or one whose hip angles alone are known.
    pub fn activities(&self) -> Result<Vec<&'static Activity>, ActivityError> {
        let named = |name: &str| Ok(Activity::named_with_loads(name)?.activity);
        if self.activities.is_empty() {
            return USUAL.into_iter().map(named).collect();
        }
        self.activities.iter().map(|name| named(name)).collect()
    }

    /// Replaces former names of activities by those of today, with a line for each.
    ///
    /// # Errors
    /// A name that no activity with loads has.
    pub fn update_names(&mut self) -> Result<Vec<String>, ActivityError> {
        let mut notices = Vec::new();
        for name in &mut self.activities {
            let found = Activity::named_with_loads(name)?;
            notices.extend(found.notice());
            name.clone_from(&found.activity.name);
        }
        Ok(notices)
    }

    /// Checks what a user may have asked for.
    ///
    /// # Errors
    /// Any [`LoadOptionsError`].
    pub fn check(&self) -> Result<(), LoadOptionsError> {
        self.activities()?;
        let is_right = |(muscle, ratio): &(&String, &f64)| {
            MUSCLES.contains(&muscle.as_str()) && (STRENGTHS[0]..=STRENGTHS[1]).contains(*ratio)
        };
        if let Some((muscle, &ratio)) = self.strength.iter().find(|one| !is_right(one)) {
            return Err(LoadOptionsError::Strength { muscle: muscle.clone(), ratio });
        }
        match self.body_mass_kg {
            Some(mass_kg) if !(MASSES_KG[0]..=MASSES_KG[1]).contains(&mass_kg) => {
                Err(LoadOptionsError::Mass { mass_kg })
            }
            _ if self.samples > MOST_SAMPLES => Err(LoadOptionsError::Samples { samples: self.samples }),
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masses_that_no_adult_has_and_endless_samples_are_refused() {
        let of = |body_mass_kg, samples| LoadOptions { body_mass_kg, samples, ..Default::default() }.check();
        assert!(of(None, 0).is_ok() && of(Some(25.0), 20_000).is_ok());
        for mass in [24.0, 301.0, f64::NAN, -70.0] {
            assert!(of(Some(mass), 0).unwrap_err().to_string().contains("25 to 300"));
        }
        assert!(of(None, 20_001).is_err());
        let flying = LoadOptions { activities: vec!["flying".into()], ..Default::default() };
        assert!(flying.check().unwrap_err().to_string().contains("flying"));
        let sleep = LoadOptions { activities: vec!["sleep".into()], ..Default::default() };
        assert!(sleep.check().unwrap_err().to_string().contains("not for loads"));
        let mut former =
            LoadOptions { activities: vec!["squat".into(), "stairs-up".into()], ..Default::default() };
        assert_eq!(former.update_names().unwrap(), ["the activity `squat` is now called `knee_bend`"]);
        assert_eq!(former.activities, ["knee_bend", "stairs_up"]);
    }

    #[test]
    fn options_come_back_from_a_file_and_need_not_be_all_there() {
        let options = LoadOptions { activities: vec!["squat".into()], seed: 7, ..Default::default() };
        let text = toml::to_string(&options).unwrap();
        assert_eq!(toml::from_str::<LoadOptions>(&text).unwrap(), options);
        assert_eq!(toml::from_str::<LoadOptions>("").unwrap(), LoadOptions::default());
    }
}
