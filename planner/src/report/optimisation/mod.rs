//! What the optimiser found, as the page shows it: how likely the plan is to do what is asked of it, what decides that, what was
//! changed for it, what else there is, and what a degree or a millimetre costs.

mod choice;
mod contours;
#[cfg(test)]
mod fixture;
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
    pub(super) fn new(found: &Optimisation, plan: Option<&Plan>, anatomy: &HipAnatomy, side: Side) -> Self {
        Section {
            tiles: headline::tiles(found),
            asked: headline::OptimiserRequest::new(found),
            edited: plan.map(|plan| headline::edited(found, plan)).unwrap_or_default(),
            choice: choice::rows(found),
            changes: gains::changes(found),
            gains: gains::by_criterion(found),
            out_of_reach: gains::out_of_reach(found),
            slips: prices::slips(found),
            criteria: scores::groups(found),
            sources: scores::sources(found),
            map: map::Map::new(found, anatomy, side),
            pareto: pareto::Pareto::new(found),
            prices: prices::rows(found),
            price_samples: found.price_samples,
        }
    }
}

#[cfg(test)]
mod tests;
