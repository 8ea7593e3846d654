//! A study file is read and checked before anything runs.

use super::cohort::Cohort;
use super::error::{FORMAT, StudyError};
use super::factor::Factor;
use super::file::{Design, Study};
use coxa_planner::FormMistake;

/// No study file is larger.
const MOST_BYTES: usize = 1 << 20;
/// No study has more jobs: their numbers stay exact in any program that reads them.
const MOST_JOBS: u128 = 1 << 53;

impl Study {
    /// Reads a study file and checks all that can be known before it starts.
    ///
    /// # Errors
    /// Any [`StudyError`], with the line where the file has one.
    pub fn from_toml(text: &str) -> Result<Self, StudyError> {
        if text.len() > MOST_BYTES {
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
        let impossible = |what: &str| Err(StudyError::Impossible(what.to_owned()));
        self.factors.iter().try_for_each(Factor::check)?;
        let names: Vec<&str> = self.factors.iter().map(|factor| factor.name.as_str()).collect();
        if let Some((_, twice)) =
            names.iter().enumerate().find(|(place, name)| names[..*place].contains(name))
        {
            return Err(StudyError::Factor { factor: (*twice).into(), what: "is given twice".into() });
        }
        let is_enumerated = matches!(self.design, Design::Factorial | Design::OneAtATime);
        if let (true, Some(drawn)) = (is_enumerated, self.factors.iter().find(|f| f.distribution.is_some())) {
            let what =
                "has a distribution, which only designs of samples draw from: give levels, or another design";
            return Err(StudyError::Factor { factor: drawn.name.clone(), what: what.into() });
        }
        if let Design::LatinHypercube { samples }
        | Design::Sobol { samples }
        | Design::SobolIndices { samples } = self.design
            && !(1..=1 << 20).contains(&samples)
        {
            return impossible("[design] takes 1 to 1048576 samples");
        }
        if let Design::Morris { trajectories } = self.design
            && !(1..=1 << 20).contains(&trajectories)
        {
            return impossible("[design] takes 1 to 1048576 trajectories");
        }
        if matches!(self.design, Design::SobolIndices { .. } | Design::Morris { .. })
            && self.factors.is_empty()
        {
            return impossible("a design for sensitivities needs a factor at least");
        }
        if self.outputs()?.is_empty() {
            return impossible("keep names no quantity; `coxa scenario list` names all");
        }
        for name in &self.simulate.activities {
            coxa_activity::Activity::named(name)?;
        }
        if !(0.0..=100.0).contains(&self.most_unusable_percent) {
            return impossible("most_unusable_percent is 0 to 100");
        }
        if u128::from(self.row_count()) > MOST_JOBS {
            return impossible("the design has more rows than can be numbered");
        }
        if let Cohort::Virtual(cohort) = &self.cohort {
            if !(1..=10_000_000).contains(&cohort.count) {
                return impossible("[cohort] count is 1 to 10000000");
            }
            let options = cohort.options(cohort.first_seed);
            options.check().map_err(|error| StudyError::Impossible(format!("[cohort] {error}")))?;
            if cohort.age_years.is_some_and(|[young, old]| young.is_nan() || old.is_nan() || young > old) {
                return impossible("[cohort] age_years is the youngest and the oldest age");
            }
            if cohort.count as u128 * u128::from(self.row_count()) > MOST_JOBS {
                return impossible("the study has more jobs than can be numbered");
            }
        }
        Ok(())
    }
}
