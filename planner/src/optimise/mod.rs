//! The placement optimiser: the plan that is most likely to do what is asked of it when it is carried out with the error of real
//! theatres, in the postures that the patient really takes, and why.
//!
//! A **criterion** ([`criteria`]) judges one number of a plan. A **sample** is one way in which things may turn out: what theatre
//! misses ([`error_model`]), what was measured wrongly, and how this patient holds the pelvis ([`postures`]). A plan succeeds in a
//! sample where every criterion holds. [`optimise`] searches components and places together for the plan that succeeds in most
//! samples (`search.rs`), by the exact contact engine, and says for it which criterion binds, what one more degree or millimetre
//! costs, and how likely every other orientation of the cup is to succeed. What a design changes of the plan by rule it keeps only where
//! that gains more than its price (`charge.rs`) and than chance (`recommend.rs`).
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
mod charge;
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
mod options;
mod orientation_map;
mod outcome;
mod part;
mod placing;
mod polish;
pub mod postures;
#[cfg(test)]
mod price_tests;
mod prices;
mod questions;
mod recommend;
mod sample;
mod screw_lengths;
mod search;
mod sizes;
mod socket_field;
mod study;
#[cfg(test)]
mod tests;
mod tried;
mod undominated;

pub use assess::{Assessment, CriterionScore, GroupScore};
pub use charge::PartPrice;
pub use choices::Families;
pub use design::{Design, Placement, Variable};
pub use error::OptimiseError;
pub use evaluate::{EVALUATION_FORMAT, Evaluated, Evaluation, evaluate};
pub use options::OptimiseOptions;
pub use orientation_map::OrientationMap;
pub use outcome::{Candidate, FORMAT, Obstacle, Optimisation, OutOfReach};
pub use part::{Component, Part};
pub use prices::{CriterionPrice, Price};
pub use questions::QuestionError;
pub use recommend::{Change, CriterionGain};
pub use sizes::SizeProbability;
pub use study::Study;
pub use tried::{Progress, Tried};

use crate::implants::Catalogue;
use crate::placement::PreparedHip;
use assess::Margins;
use choices::Freedom;
use error_model::{Deviation, Deviations, MeasurementSpread};
use hip::Miss;
use questions::Stance;
use recommend::Judge;
use sample::Sample;

/// Samples that decide which changes stand.
const DECIDING_SAMPLES: usize = 800;
/// They are others than those that the search chose by.
const DECIDING: u64 = 0x517c_c1b7_2722_0a95;
/// Samples of the price list.
const PRICE_SAMPLES: usize = 128;
/// The final probabilities come from other samples again.
const CONFIRMING: u64 = 0x9e37_79b9_7f4a_7c15;

/// What ends an optimisation early; both are asked now and then.
pub struct Stop<'a> {
    /// Whether the search is to end: what it found so far is assessed and explained as any other.
    pub search: &'a (dyn Fn() -> bool + Sync),
    /// Whether to decide by what has been shown so far, and to leave out the map of orientations.
    pub everything: &'a (dyn Fn() -> bool + Sync),
}

impl Stop<'_> {
    /// Nothing does.
    pub const NEVER: Stop<'static> = Stop { search: &|| false, everything: &|| false };
}

/// Searches, decides which of its changes are worth it, and explains what is left.
///
/// A search that is stopped gives the best so far. `earlier` are designs of an earlier search to go on from.
///
/// # Errors
/// Any [`OptimiseError`].
pub fn optimise(
    hip: &PreparedHip<'_>,
    study: &Study<'_>,
    options: &OptimiseOptions,
    earlier: &[Design],
    stop: &Stop<'_>,
    progress: &(dyn Fn(Progress) + Sync),
) -> Result<Optimisation, OptimiseError> {
    let run = tried::Run {
        seed: options.seed,
        freedom: Freedom { families: &options.families, held: &options.held, kept: &options.kept },
        earlier,
        is_stopped: stop.search,
        progress,
    };
    let comparing = samples(options, &study.measurement, search::POLISHING, options.seed);
    let found = search::search(study, &comparing, &run)?;
    let finalists: Vec<Design> = found.finalists.into_iter().map(|tried| tried.design).collect();
    let deciding = samples(options, &study.measurement, DECIDING_SAMPLES, options.seed ^ DECIDING);
    let (best, mut changes) =
        Judge { study, hip, samples: &deciding, held: &options.held, is_over: stop.everything }
            .recommend(&finalists)?;

    let confirming = confirming(study, options);
    let (first, by_rule) = candidate(study, &study.first().design, &confirming)?;
    let (mut recommended, margins) = candidate(study, &best, &confirming)?;
    let mut gains = recommend::gains(study, &by_rule, &margins);
    let out_of_reach = outcome::out_of_reach(&recommended.assessment, &margins);
    if out_of_reach.is_some() {
        recommended = first.clone();
        changes.clear();
        gains.clear();
    }
    let baseline = match &options.demographics {
        Some(known) => {
            let design = baseline::design(study, &first.design, known)?;
            Some(candidate(study, &design, &confirming)?.0)
        }
        None => None,
    };
    let prepared = study.prepare(&recommended.design, true)?;
    let few = &confirming[..PRICE_SAMPLES.min(confirming.len())];
    let (cup_sizes, stem_sizes) = sizes::probabilities(study, &prepared, &confirming)?;
    let (prices, slips) = prices::prices(study, &prepared, few);
    let orientation_map = OrientationMap::new(study, &prepared, &confirming, stop.everything)?;
    Ok(Optimisation {
        format: FORMAT,
        options: options.clone(),
        criteria: study.criteria.clone(),
        pareto: undominated::undominated(&found.tried),
        cup_sizes,
        stem_sizes,
        prices,
        slips,
        price_samples: few.len(),
        orientation_map,
        tried: found.count,
        is_stopped: found.is_stopped,
        finalists,
        first,
        recommended,
        changes,
        gains,
        out_of_reach,
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

    /// How the plan that the study started from does by the same samples.
    ///
    /// # Errors
    /// As [`optimise`].
    pub fn assess_first(&self, options: &OptimiseOptions) -> Result<Assessment, OptimiseError> {
        self.assess(&self.first().design, options)
    }

    /// Success of one design less that of another by the samples of final probabilities, and the standard error of this paired
    /// difference.
    ///
    /// # Errors
    /// As [`optimise`].
    pub fn paired_difference(
        &self,
        of: &Design,
        to: &Design,
        options: &OptimiseOptions,
    ) -> Result<(f64, f64), OptimiseError> {
        let samples = confirming(self, options);
        let holds = |design| {
            Ok::<_, OptimiseError>(Margins::new(self, &self.prepare(design, true)?, &samples).holding())
        };
        Ok(recommend::paired_difference(&holds(of)?, &holds(to)?))
    }

    /// The implants that it may choose from.
    pub const fn catalogue(&self) -> &Catalogue {
        self.catalogue
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
        self.orientation_map(&self.first().design, options, is_stopped)
    }
}

fn confirming(study: &Study<'_>, options: &OptimiseOptions) -> Vec<Sample> {
    samples(options, &study.measurement, options.samples, options.seed ^ CONFIRMING)
}

fn candidate(
    study: &Study<'_>,
    design: &Design,
    samples: &[Sample],
) -> Result<(Candidate, Margins), OptimiseError> {
    let prepared = study.prepare(design, true)?;
    let margins = Margins::new(study, &prepared, samples);
    let assessment = Assessment::of(study, &prepared, &margins);
    Ok((Candidate { plan: study.plan(design)?, design: design.clone(), assessment }, margins))
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
