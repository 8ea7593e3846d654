//! What a study varies.

use super::error::StudyError;
use crate::variable::{Domain, Settings, Value, Variable};
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};
use std::collections::BTreeMap;

/// Something that is varied: a variable with its levels or its distribution, or levels of which each sets several variables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Factor {
    /// The variable; with `level` tables, any name.
    pub name: String,
    /// Levels of the variable.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub levels: Vec<Value>,
    /// Distribution of the variable, for designs of samples.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub distribution: Option<Distribution>,
    /// Levels with names of their own.
    #[serde(default, rename = "level", skip_serializing_if = "Vec::is_empty")]
    pub named_levels: Vec<Level>,
}

/// A level that sets several variables.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// What tables call it.
    pub name: String,
    /// What it sets.
    pub set: BTreeMap<String, Value>,
}

/// How a variable is distributed.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Distribution {
    /// Equally likely from the first to the second.
    Uniform([f64; 2]),
    /// Mean and standard deviation.
    Normal([f64; 2]),
}

/// The level of a factor in one job.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// As tables show it.
    pub value: Value,
    /// What it sets.
    pub set: Vec<(Variable, Value)>,
}

impl Distribution {
    /// The value below which a part of all lies, 0 to 1; both ends of a normal distribution are cut at six standard deviations.
    pub fn quantile(self, part: f64) -> f64 {
        match self {
            Distribution::Uniform([low, high]) => low + (high - low) * part,
            Distribution::Normal([mean, sd]) => {
                mean + sd * Normal::standard().inverse_cdf(part).clamp(-6.0, 6.0)
            }
        }
    }
}

impl Factor {
    /// The variables that it sets, each once.
    ///
    /// # Errors
    /// As [`Factor::level`].
    pub fn variables(&self) -> Result<Vec<Variable>, StudyError> {
        let Some(count) = self.level_count() else { return Ok(vec![Variable::named(&self.name)?]) };
        let mut all = Vec::new();
        for place in 0..count {
            for (variable, _) in self.level(place)?.set {
                if !all.contains(&variable) {
                    all.push(variable);
                }
            }
        }
        Ok(all)
    }

    /// How many levels it has; `None` of a distribution.
    pub fn level_count(&self) -> Option<usize> {
        self.distribution.is_none().then_some(self.levels.len().max(self.named_levels.len()))
    }

    /// Whether its levels are numbers.
    pub fn is_numeric(&self) -> bool {
        self.distribution.is_some()
            || !self.levels.is_empty() && self.levels.iter().all(|level| matches!(level, Value::Number(_)))
    }

    /// Where a point of Morris' grid lies among all values: its ends are the ends of a range, and of a normal distribution, which has none, the
    /// 0.5th and the 99.5th percentile.
    pub(crate) fn part_of_grid(&self, part: f64) -> f64 {
        match self.distribution {
            Some(Distribution::Normal(_)) => 0.005 + 0.99 * part,
            _ => part,
        }
    }

    /// A level by its place.
    ///
    /// # Errors
    /// A place beyond the last, names and values that are wrong: [`Factor::check`] has told of both.
    pub fn level(&self, place: usize) -> Result<Choice, StudyError> {
        if let Some(level) = self.named_levels.get(place) {
            let set = level.set.iter().map(|(name, value)| Ok((Variable::named(name)?, value.clone())));
            let set = set.collect::<Result<_, StudyError>>()?;
            return Ok(Choice { value: Value::Word(level.name.clone()), set });
        }
        let Some(value) = self.levels.get(place) else { return Err(self.wrong("has no such level")) };
        Ok(Choice { value: value.clone(), set: vec![(Variable::named(&self.name)?, value.clone())] })
    }

    /// The level at a part of all, 0 to 1: the quantile of a distribution, or one of the levels, all equally likely.
    ///
    /// # Errors
    /// As [`Factor::level`].
    pub fn at(&self, part: f64) -> Result<Choice, StudyError> {
        let Some(distribution) = self.distribution else {
            let count = self.level_count().unwrap_or(1).max(1);
            return self.level(((part * count as f64) as usize).min(count - 1));
        };
        let variable = Variable::named(&self.name)?;
        let mut number = distribution.quantile(part);
        // The tails of a normal distribution end where the variable does.
        match variable.domain() {
            Domain::Number(low, high) => number = number.clamp(low, high),
            Domain::Whole(low, high) => number = number.round().clamp(low, high),
            Domain::Word(_) | Domain::Part(_) => {}
        }
        let value = Value::Number(number);
        Ok(Choice { value: value.clone(), set: vec![(variable, value)] })
    }

    /// Checks names, values and that there is one way only in which levels are given.
    ///
    /// # Errors
    /// The first that is wrong.
    pub fn check(&self) -> Result<(), StudyError> {
        let ways = [!self.levels.is_empty(), self.distribution.is_some(), !self.named_levels.is_empty()];
        if ways.into_iter().filter(|way| *way).count() != 1 {
            return Err(self.wrong("needs one of levels, distribution and level tables"));
        }
        let names: Vec<String> = match self.level_count() {
            None => {
                let variable = Variable::named(&self.name)?;
                if !matches!(variable.domain(), Domain::Number(..) | Domain::Whole(..)) {
                    return Err(self.wrong("takes words, of which there is no distribution: give levels"));
                }
                let ends = match self.distribution {
                    Some(Distribution::Uniform(ends)) => ends,
                    Some(Distribution::Normal([mean, sd])) if sd > 0.0 && sd.is_finite() => [mean, mean],
                    _ => return Err(self.wrong("needs a finite standard deviation above 0")),
                };
                if ends[0] > ends[1] {
                    return Err(self.wrong("has a distribution whose first end lies above its second"));
                }
                ends.iter().try_for_each(|end| variable.check(&Value::Number(*end)))?;
                return Ok(());
            }
            Some(count) => (0..count)
                .map(|place| {
                    let choice = self.level(place)?;
                    let mut settings = Settings::default();
                    choice.set.iter().try_for_each(|(variable, value)| settings.set(*variable, value))?;
                    Ok(choice.value.to_string())
                })
                .collect::<Result<_, StudyError>>()?,
        };
        match names.iter().enumerate().find(|(place, name)| names[..*place].contains(name)) {
            Some((_, twice)) => Err(self.wrong(&format!("has the level {twice} twice"))),
            None => Ok(()),
        }
    }

    fn wrong(&self, what: &str) -> StudyError {
        StudyError::Factor { factor: self.name.clone(), what: what.to_owned() }
    }
}
