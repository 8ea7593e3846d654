//! What the optimiser found, as the page shows it: how likely the plan is to do what is asked of it, what decides that, what was
//! changed for it, what else there is, and what a degree or a millimetre costs.

mod choice;
mod contours;
#[cfg(test)]
pub(super) mod fixture;
mod gains;
mod headline;
mod map;
mod names;
mod pareto;
mod prices;
mod ramp;
mod scores;

pub(super) use headline::tile;
pub use ramp::chance_colour;

use super::comparison::Tile;
use crate::optimise::Optimisation;
use crate::plan::Plan;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::Side;
use coxa_locale::Language;
use serde::Serialize;

/// The part of the page on the optimiser.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    tiles: Vec<Tile>,
    asked: headline::OptimiserRequest,
    /// What differs where the plan of the case is not the recommended one; empty where it is.
    edited: String,
    choice: Vec<choice::Chosen>,
    changes: Vec<gains::Changed>,
    gains: Vec<gains::CriterionFigure>,
    out_of_reach: Option<gains::OutOfReach>,
    slips: Vec<prices::Slip>,
    criteria: Vec<scores::Rows>,
    sources: Vec<scores::Source>,
    map: Option<map::Map>,
    pareto: Option<pareto::Pareto>,
    prices: Vec<prices::PriceRow>,
    price_samples: usize,
}

impl Section {
    pub(super) fn new(
        found: &Optimisation,
        plan: Option<&Plan>,
        anatomy: &HipAnatomy,
        side: Side,
        language: Language,
    ) -> Self {
        Section {
            tiles: headline::tiles(found, language),
            asked: headline::OptimiserRequest::new(found, language),
            edited: plan.map(|plan| headline::edited(found, plan, language)).unwrap_or_default(),
            choice: choice::rows(found, language),
            changes: gains::changes(found, language),
            gains: gains::by_criterion(found, language),
            out_of_reach: gains::out_of_reach(found, language),
            slips: prices::slips(found, language),
            criteria: scores::groups(found, language),
            sources: scores::sources(found, language),
            map: map::Map::new(found, anatomy, side, language),
            pareto: pareto::Pareto::new(found, language),
            prices: prices::rows(found, language),
            price_samples: found.price_samples,
        }
    }
}

/// What a criterion is called in English.
#[cfg(test)]
pub(super) fn criterion_name(subject: &crate::optimise::criteria::Subject) -> String {
    names::criterion(Language::English, subject)
}

#[cfg(test)]
mod tests;
