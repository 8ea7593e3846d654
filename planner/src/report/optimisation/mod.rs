//! What the optimiser found, as the page shows it: how likely the plan is to do what is asked of it, what decides that, what was
//! changed for it, what else there is, and what a degree or a millimetre costs.

mod choice;
mod contours;
#[cfg(test)]
mod fixture;
mod headline;
mod map;
mod names;
mod pareto;
mod prices;
mod scores;

pub(super) use headline::tile;

use super::comparison::Tile;
use crate::optimise::Optimisation;
use crate::pictures::Colour;
use crate::plan::Plan;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::Side;
use serde::Serialize;

/// The part of the page on the optimiser.
#[derive(Debug, Serialize)]
pub(super) struct Section {
    tiles: Vec<Tile>,
    asked: headline::Asked,
    /// What differs where the plan of the case is not the recommended one; empty where it is.
    edited: String,
    choice: Vec<choice::Chosen>,
    criteria: Vec<scores::Rows>,
    sources: Vec<scores::Source>,
    map: Option<map::Map>,
    pareto: Option<pareto::Pareto>,
    prices: Vec<prices::Row>,
    price_samples: usize,
}

impl Section {
    pub(super) fn new(found: &Optimisation, plan: Option<&Plan>, anatomy: &HipAnatomy, side: Side) -> Self {
        Section {
            tiles: headline::tiles(found),
            asked: headline::Asked::new(found),
            edited: plan.map(|plan| headline::edited(found, plan)).unwrap_or_default(),
            choice: choice::rows(found),
            criteria: scores::groups(found),
            sources: scores::sources(found),
            map: map::Map::new(found, anatomy, side),
            pareto: pareto::Pareto::new(found),
            prices: prices::rows(found),
            price_samples: found.price_samples,
        }
    }
}

/// A colour for a part between nothing and all: from white to dark blue, ever darker, so that it prints without colour and does
/// not ask for any particular eyes.
pub fn chance_colour(part: f64) -> Colour {
    const STOPS: [[f64; 3]; 5] = [
        [255.0, 255.0, 255.0],
        [204.0, 230.0, 228.0],
        [112.0, 186.0, 204.0],
        [38.0, 120.0, 175.0],
        [16.0, 52.0, 110.0],
    ];
    let place = part.clamp(0.0, 1.0) * (STOPS.len() - 1) as f64;
    let from = (place as usize).min(STOPS.len() - 2);
    [0, 1, 2].map(|i| {
        let (a, b) = (STOPS[from][i], STOPS[from + 1][i]);
        (a + (b - a) * (place - from as f64)).round() as u8
    })
}

/// The same for a drawing.
fn ramp(part: f64) -> String {
    let [r, g, b] = chance_colour(part);
    format!("#{r:02x}{g:02x}{b:02x}")
}

#[cfg(test)]
mod tests;
