//! A study file is read and checked before anything runs.

use super::cohort::{Cohort, Scan};
use super::design::Design;
use super::error::{FORMAT, MOST_BYTES, StudyError};
use super::factor::Factor;
use super::file::Study;
use crate::variable::{Settings, Stage, Variable};
use coxa_geometry::Quantity;
use coxa_planner::FormMistake;
use coxa_planner::loads::LoadOptions;
use std::collections::{BTreeMap, BTreeSet};

/// No study has more jobs: all are looked through when it is started.
const MOST_JOBS: u64 = 1_000_000_000;
const MOST_PATIENTS: usize = 10_000_000;
const MOST_SEED: u64 = 1_000_000_000_000_000;
const MOST_SAMPLES: usize = 1 << 20;

impl Study {
    /// Reads a study file and checks all that can be known before it starts.
    ///
    /// # Errors
    /// Any [`StudyError`], with the line where the file has one.
    pub fn from_toml(text: &str) -> Result<Self, StudyError> {
        if text.len() as u64 > MOST_BYTES {
            return Err(StudyError::Impossible("the file has more than 1 MiB, too much for a study".into()));
        }
        let study: Study = toml::from_str(text).map_err(|error| {
            let FormMistake { line, message } = FormMistake::from((text, error));
            StudyError::Form { line, message }
        })?;
        if study.format > FORMAT {
            return Err(StudyError::Newer(study.format));
        }
        study.check()?;
        Ok(study)
    }

    fn check(&self) -> Result<(), StudyError> {
        self.check_factors()?;
        self.check_strengths()?;
        self.check_design()?;
        if self.outputs()?.is_empty() {
            return impossible("keep names no quantity; `coxa scenario list` names all");
        }
        for name in &self.simulate.activities {
            coxa_activity::Activity::named(name)?;
        }
        if !(0.0..=100.0).contains(&self.most_unusable_percent) {
            return impossible("most_unusable_percent is 0 to 100");
        }
        let cohort = match &self.cohort {
            Cohort::Virtual(cohort) => cohort,
            Cohort::Scans(list) => {
                let is_twice = |(place, scan): (usize, &Scan)| list.scans[..place].contains(scan);
                return match list.scans.iter().enumerate().any(is_twice) {
                    true => impossible("[[cohort.scan]] lists a side of a CT twice"),
                    false => Ok(()),
                };
            }
            Cohort::Cases(_) => return Ok(()),
        };
        if !(1..=MOST_PATIENTS).contains(&cohort.count) {
            return impossible("[cohort] count is 1 to 10000000");
        }
        if cohort.first_seed > MOST_SEED {
            return impossible("[cohort] first_seed is at most 1000000000000000");
        }
        let options = cohort.options(cohort.first_seed);
        options.check().map_err(|error| StudyError::Impossible(format!("[cohort] {error}")))?;
        if cohort.age_years.is_some_and(|[young, old]| young.is_nan() || old.is_nan() || young > old) {
            return impossible("[cohort] age_years is the youngest and the oldest age");
        }
        self.check_size(cohort.count)
    }

    /// Whether the jobs of so many patients can be numbered and listed.
    ///
    /// # Errors
    /// More than that.
    pub fn check_size(&self, patients: usize) -> Result<(), StudyError> {
        if patients as u128 * u128::from(self.row_count()) > u128::from(MOST_JOBS) {
            let text =
                format!("the study has more than {MOST_JOBS} jobs: lower the patients, levels or samples");
            return Err(StudyError::Impossible(text));
        }
        Ok(())
    }

    fn check_factors(&self) -> Result<(), StudyError> {
        self.factors.iter().try_for_each(Factor::check)?;
        let wrong =
            |factor: &Factor, what: String| Err(StudyError::Factor { factor: factor.name.clone(), what });
        let mut set: BTreeMap<String, &str> = BTreeMap::new();
        let mut names: Vec<String> = Vec::new();
        for factor in &self.factors {
            let plain = factor.name.replace('.', "_");
            if plain.is_empty() || names.contains(&plain) {
                return wrong(factor, "has no name, or that of another factor".into());
            }
            names.push(plain);
            for variable in factor.variables()? {
                if variable.stage() == Stage::Patient && !matches!(self.cohort, Cohort::Virtual(_)) {
                    return wrong(
                        factor,
                        format!("sets {}, which the patients of this cohort have already", variable.name()),
                    );
                }
                let strength = matches!(variable, Variable::Strength(_));
                if let Some(other) = set.insert(variable.name(), &factor.name).filter(|_| !strength) {
                    let other = other.to_owned();
                    return wrong(factor, format!("sets {}, which {other} sets too", variable.name()));
                }
            }
        }
        if set.contains_key(Quantity::PelvicTilt.name()) && !set.contains_key("posture") {
            let what = "counts from supine: add a factor posture, with levels such as [\"standing\"]";
            return Err(StudyError::Factor { factor: Quantity::PelvicTilt.name().into(), what: what.into() });
        }
        Ok(())
    }

    /// Several factors may weaken one muscle; the least and the greatest strength that they leave it must be possible.
    fn check_strengths(&self) -> Result<(), StudyError> {
        let mut ends: BTreeMap<&'static str, [f64; 2]> = BTreeMap::new();
        for factor in &self.factors {
            let levels = match factor.level_count() {
                Some(count) => (0..count).map(|place| factor.level(place)).collect::<Result<Vec<_>, _>>()?,
                None => vec![factor.at(0.0)?, factor.at(1.0)?],
            };
            let mut of_levels = Vec::new();
            for level in &levels {
                let mut settings = Settings::default();
                level.set.iter().try_for_each(|(variable, value)| settings.set(*variable, value))?;
                of_levels.push(settings.strengths);
            }
            let muscles: BTreeSet<&'static str> =
                of_levels.iter().flat_map(|of| of.keys().copied()).collect();
            for muscle in muscles {
                let ratios = of_levels.iter().map(|of| of.get(muscle).copied().unwrap_or(1.0));
                let [least, most] =
                    ratios.fold([f64::INFINITY, 0.0], |[least, most], r| [least.min(r), most.max(r)]);
                let [low, high] = ends.get(muscle).copied().unwrap_or([1.0; 2]);
                // One at a time no two factors meet.
                let both = match self.design {
                    Design::OneAtATime => [low.min(least), high.max(most)],
                    _ => [low * least, high * most],
                };
                ends.insert(muscle, both);
            }
        }
        for end in [0, 1] {
            let strength = ends.iter().map(|(muscle, ends)| ((*muscle).to_owned(), ends[end])).collect();
            let options = LoadOptions { strength, ..LoadOptions::default() };
            options.check().map_err(|error| StudyError::Impossible(error.to_string()))?;
        }
        Ok(())
    }

    fn check_design(&self) -> Result<(), StudyError> {
        if let (true, Some(drawn)) =
            (self.is_enumerated(), self.factors.iter().find(|f| f.distribution.is_some()))
        {
            let what =
                "has a distribution, which only designs of samples draw from: give levels, or another design";
            return Err(StudyError::Factor { factor: drawn.name.clone(), what: what.into() });
        }
        let count = match self.design {
            Design::Factorial | Design::OneAtATime => return Ok(()),
            Design::LatinHypercube { samples }
            | Design::Sobol { samples }
            | Design::SobolIndices { samples } => samples,
            Design::Morris { trajectories } => trajectories,
        };
        if !(1..=MOST_SAMPLES).contains(&count) {
            return impossible("[design] takes 1 to 1048576 samples or trajectories");
        }
        let is_of_sensitivity = matches!(self.design, Design::SobolIndices { .. } | Design::Morris { .. });
        if is_of_sensitivity && self.factors.is_empty() {
            return impossible("a design for sensitivities needs a factor at least");
        }
        Ok(())
    }
}

fn impossible<T>(what: &str) -> Result<T, StudyError> {
    Err(StudyError::Impossible(what.to_owned()))
}
