//! The placement optimiser: the plan that is most likely to do what is asked of it when it is carried out with the error of real
//! theatres, in the postures that the patient really takes, and why.
//!
//! A **criterion** ([`criteria`]) judges one number of a plan. A **sample** is one way in which things may turn out: what theatre
//! misses ([`error_model`]), what was measured wrongly, and how this patient holds the pelvis ([`postures`]). A plan succeeds in a
//! sample where every criterion holds. [`optimise`] searches components and places together for the plan that succeeds in most
//! samples (`search.rs`), by the exact contact engine, and says for it which criterion binds, what one more degree or millimetre
//! costs, and how likely every other orientation of the cup is to succeed.
//!
//! What samples leave out: measured surfaces move walls and the hold of the cup, but not the contact of bones; how well a stem fills
//! its canal is that of the planned stem in the measured canal, whatever theatre misses; the lean of the femur's frame and the
//! turns of the pelvic frame about the other two axes are taken as known; the neck is cut as planned. While searching, the femur
//! is cut for a stem whose height is known to four millimetres; what is said of the plans in the end is of their own cut.
//!
//! Samples are common to all designs, so that designs are compared under the same errors, and depend on nothing but the seed.

mod answer;
mod assess;
mod baseline;
mod bodies;
mod choices;
pub mod criteria;
pub mod demographics;
mod design;
mod error;
pub mod error_model;
mod evaluate;
mod facts;
mod hip;
mod opening;
mod orientation_map;
pub mod postures;
mod prices;
mod questions;
mod sample;
mod screw_lengths;
mod search;
mod sizes;
mod socket_field;
mod study;
#[cfg(test)]
mod tests;

pub use assess::{Assessment, CriterionScore, GroupScore};
pub use choices::Families;
pub use design::{Design, Placement, Variable};
pub use error::OptimiseError;
pub use evaluate::{EVALUATION_FORMAT, Evaluated, Evaluation, evaluate};
pub use orientation_map::OrientationMap;
pub use prices::{CriterionPrice, Price};
pub use questions::QuestionError;
pub use search::{Progress, Tried};
pub use sizes::SizeProbability;
pub use study::Study;

use crate::plan::Plan;
use coxa_geometry::{Finding, finding};
use criteria::Criteria;
use demographics::Demographics;
use error_model::{Deviation, Deviations, ErrorModel, MeasurementSpread};
use hip::Miss;
use postures::Spinopelvic;
use questions::Stance;
use sample::Sample;
use serde::{Deserialize, Serialize};

/// Form of `optimise.json` that this program writes.
pub const FORMAT: u32 = 1;

/// What an optimisation is asked to do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OptimiseOptions {
    /// With what error the plan will be carried out.
    pub error_model: ErrorModel,
    /// How the patient holds the pelvis.
    pub postures: Spinopelvic,
    /// Families that may be chosen.
    pub families: Families,
    /// Variables that keep what placement by rule gave them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Variable>,
    /// Sex, height and weight, where they are given: what a plan is worth that knows only these is said beside.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub demographics: Option<Demographics>,
    /// Of all randomness.
    pub seed: u64,
    /// Samples of the final probabilities.
    pub samples: usize,
}

/// What an optimisation found (`optimise.json`).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Optimisation {
    /// Version of this file's form.
    pub format: u32,
    /// What was asked.
    pub options: OptimiseOptions,
    /// What plans were judged by.
    pub criteria: Criteria,
    /// The plan of placement by rule.
    pub first: Candidate,
    /// The plan that is recommended.
    pub recommended: Candidate,
    /// What somebody would plan who knows only sex, height and weight, where they are given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<Candidate>,
    /// Plans of which none is better than another in every group of criteria, by fewer samples.
    pub pareto: Vec<Tried>,
    /// Sizes that will turn out to fit, and how likely each is.
    pub cup_sizes: Vec<SizeProbability>,
    /// The same of the stem.
    pub stem_sizes: Vec<SizeProbability>,
    /// What one more degree or millimetre costs.
    pub prices: Vec<Price>,
    /// Samples of the prices.
    pub price_samples: usize,
    /// How likely other orientations of the cup are to succeed; `None` where somebody stopped it.
    pub orientation_map: Option<OrientationMap>,
    /// Designs tried.
    pub tried: usize,
    /// Whether the search was stopped before its end; its best is then not the best there is.
    pub is_stopped: bool,
    /// Designs to go on from.
    pub finalists: Vec<Design>,
}

/// A plan with what may be expected of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Candidate {
    /// The plan document.
    pub plan: Plan,
    /// The same as the optimiser sees it.
    pub design: Design,
    /// How it does.
    pub assessment: Assessment,
}

/// Samples that the search compares designs by.
const SEARCH_SAMPLES: usize = 96;
/// Designs that are assessed with all samples.
const FINALISTS: usize = 2;
/// Samples of the price list.
const PRICE_SAMPLES: usize = 128;
/// The final probabilities come from other samples than those by which the search chose.
const CONFIRMING: u64 = 0x9e37_79b9_7f4a_7c15;

/// What ends an optimisation early; both are asked now and then.
pub struct Stop<'a> {
    /// Whether the search is to end: what it found so far is assessed and explained as any other.
    pub search: &'a (dyn Fn() -> bool + Sync),
    /// Whether to leave out the map of orientations as well.
    pub everything: &'a (dyn Fn() -> bool + Sync),
}

impl Stop<'_> {
    /// Nothing does.
    pub const NEVER: Stop<'static> = Stop { search: &|| false, everything: &|| false };
}

/// Searches, and explains what it finds.
///
/// A search that is stopped gives the best so far. `earlier` are designs of an earlier search to go on from.
///
/// # Errors
/// Any [`OptimiseError`].
pub fn optimise(
    study: &Study<'_>,
    options: &OptimiseOptions,
    earlier: &[Design],
    stop: &Stop<'_>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Optimisation, OptimiseError> {
    let first = study.first()?;
    let run = search::Run {
        seed: options.seed,
        families: &options.families,
        held: &options.held,
        earlier,
        is_stopped: stop.search,
        progress,
    };
    let comparing = samples(options, &study.measurement, SEARCH_SAMPLES, options.seed);
    let found = search::search(study, &first, &comparing, &run)?;

    let confirming = confirming(study, options);
    let first = candidate(study, &first, &confirming)?;
    let mut recommended = first.clone();
    for tried in found.finalists.iter().take(FINALISTS) {
        let candidate = candidate(study, &tried.design, &confirming)?;
        if rank(&candidate).total_cmp(&rank(&recommended)).is_gt() {
            recommended = candidate;
        }
    }
    let baseline = match &options.demographics {
        Some(known) => Some(candidate(study, &baseline::design(study, &first.design, known)?, &confirming)?),
        None => None,
    };
    let prepared = study.prepare(&recommended.design, true)?;
    let few = &confirming[..PRICE_SAMPLES.min(confirming.len())];
    let (cup_sizes, stem_sizes) = sizes::probabilities(study, &prepared, &confirming)?;
    Ok(Optimisation {
        format: FORMAT,
        options: options.clone(),
        criteria: study.criteria.clone(),
        pareto: search::undominated(&found.tried),
        cup_sizes,
        stem_sizes,
        prices: prices::prices(study, &prepared, few),
        price_samples: few.len(),
        orientation_map: OrientationMap::new(study, &prepared, &confirming, stop.everything)?,
        tried: found.count,
        is_stopped: found.is_stopped,
        finalists: found.finalists.into_iter().take(FINALISTS).map(|tried| tried.design).collect(),
        first,
        recommended,
        baseline,
    })
}

impl Study<'_> {
    /// How a design does by the samples of final probabilities.
    ///
    /// # Errors
    /// As [`optimise`].
    pub fn assess(&self, design: &Design, options: &OptimiseOptions) -> Result<Assessment, OptimiseError> {
        let samples = confirming(self, options);
        Ok(Assessment::new(self, &self.prepare(design, true)?, &samples))
    }

    /// How likely every orientation of the cup is to succeed, all else as in a design; `None` where it was stopped, which is
    /// asked now and then.
    ///
    /// # Errors
    /// As [`optimise`].
    pub fn orientation_map(
        &self,
        design: &Design,
        options: &OptimiseOptions,
        is_stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<OrientationMap>, OptimiseError> {
        OrientationMap::new(self, &self.prepare(design, true)?, &confirming(self, options), is_stopped)
    }

    /// As [`Study::orientation_map`], about the plan that the study started from.
    ///
    /// # Errors
    /// As [`optimise`].
    pub fn own_orientation_map(
        &self,
        options: &OptimiseOptions,
        is_stopped: &(dyn Fn() -> bool + Sync),
    ) -> Result<Option<OrientationMap>, OptimiseError> {
        self.orientation_map(&self.first()?, options, is_stopped)
    }
}

fn confirming(study: &Study<'_>, options: &OptimiseOptions) -> Vec<Sample> {
    samples(options, &study.measurement, options.samples, options.seed ^ CONFIRMING)
}

fn candidate(study: &Study<'_>, design: &Design, samples: &[Sample]) -> Result<Candidate, OptimiseError> {
    let prepared = study.prepare(design, true)?;
    let assessment = Assessment::new(study, &prepared, samples);
    Ok(Candidate { plan: study.plan(design)?, design: design.clone(), assessment })
}

/// Success first; desirability decides between equals only.
fn rank(candidate: &Candidate) -> f64 {
    let groups = &candidate.assessment.groups;
    let mean = groups.iter().map(|g| g.desirability).sum::<f64>() / groups.len().max(1) as f64;
    candidate.assessment.success + 1e-6 * mean
}

fn samples(
    options: &OptimiseOptions,
    measurement: &MeasurementSpread,
    count: usize,
    seed: u64,
) -> Vec<Sample> {
    Deviations::draw(&options.error_model, measurement, &options.postures, count, seed)
        .iter()
        .map(sample)
        .collect()
}

impl Optimisation {
    /// What the user must know about the search and what it found.
    pub fn findings(&self) -> Vec<Finding> {
        let mut findings = self.options.postures.findings.clone();
        if self.is_stopped {
            findings.push(finding::SearchStopped {}.finding());
        }
        let best = &self.recommended.assessment;
        for criterion in best.criteria.iter().filter(|c| c.probability.is_none()) {
            let criterion = criterion.subject.name().replace(['_', '.'], " ");
            findings.push(finding::CriterionNotJudged { criterion }.finding());
        }
        findings.extend(self.emptied_by());
        findings
    }

    /// Where no plan was found that succeeds even when it is carried out exactly: which criteria it misses, and how far they would
    /// have to be relaxed for it.
    fn emptied_by(&self) -> Vec<Finding> {
        let best = &self.recommended.assessment;
        if best.success > 0.0 {
            return Vec::new();
        }
        let pairs = self.criteria.list.iter().zip(&best.criteria);
        pairs
            .filter_map(|(criterion, score)| {
                let value = score.planned?;
                if criterion.holds(value)? {
                    return None;
                }
                let limit = match (criterion.least, criterion.most) {
                    (Some(least), _) if value < least => least,
                    (_, most) => most?,
                };
                let (unit, source) = (criterion.unit, criterion.source.clone());
                let criterion = criterion.subject.name().replace(['_', '.'], " ");
                Some(finding::CriterionNotMet { criterion, value, limit, unit, source }.finding())
            })
            .collect()
    }
}

fn sample(deviation: &Deviation) -> Sample {
    let measured = &deviation.measurement;
    Sample {
        miss: Miss {
            inclination: deviation.cup_inclination,
            anteversion: deviation.cup_anteversion,
            cup_centre_mm: deviation.cup_centre_mm,
            stem_version: deviation.stem_version,
            stem_varus: deviation.stem_varus,
            stem_flexion: deviation.stem_flexion,
            // A stem that sinks stands lower; what theatre adds to leg length beyond that it adds by the height of the stem.
            stem_height_mm: deviation.leg_length_mm - deviation.stem_depth_mm,
        },
        stance: Stance {
            tilts: [deviation.tilts.standing, deviation.tilts.sitting, deviation.tilts.flexed_seated],
            supine: measured.functional,
            femur: measured.femoral_version,
        },
        bone_outside_mm: measured.surface_mm,
        leg_length_mm: measured.leg_length_mm,
        offset_mm: measured.offset_mm,
        socket_diameter_mm: measured.socket_diameter_mm + deviation.reamed_diameter_mm,
    }
}
