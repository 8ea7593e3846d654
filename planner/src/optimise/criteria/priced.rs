//! What components and departures must gain before they are worth it, as criteria files have it.

use super::problem::{Problem, wrong};
use crate::lines::{is_plain, shortened};
use coxa_geometry::quantity::UnknownQuantity;
use serde::{Deserialize, Serialize};

/// Points of success that a component or a departure must gain before it is worth it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PartPrice {
    /// What it is asked for.
    pub name: String,
    /// Percentage points of the chance that all criteria hold.
    pub points: f64,
    /// What the points are for.
    pub unit: String,
    /// Where it comes from.
    pub source: String,
}

/// Everything that has a price, and its unit.
const KNOWN: &[(&str, &str)] = &[
    ("liner.lipped", ONCE),
    ("liner.offset", ONCE),
    ("liner.dual_mobility", ONCE),
    ("head.22", ONCE),
    ("head.28", ONCE),
    ("head.32", ONCE),
    ("head.36", ONCE),
    ("head.40", ONCE),
    ("head.shortest", ONCE),
    ("head.skirt", ONCE),
    ("cup.family", ONCE),
    ("cup.size", "points/size"),
    ("cup.position", "points/mm"),
    ("cup.orientation", "points/deg"),
    ("cup.lateral", "points/mm"),
    ("cup.high", "points/mm"),
    ("stem.family", ONCE),
    ("stem.short", ONCE),
    ("stem.size", "points/size"),
    ("neck", ONCE),
    ("stem.version", "points/deg"),
    ("leg", "points/mm"),
];
const ONCE: &str = "points";
/// Nothing is worth more than everything.
const MOST_POINTS: f64 = 100.0;
/// Longest source of a price.
const LONGEST_SOURCE: usize = 400;

/// A price as a file has it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct PriceEntry {
    pub(super) name: String,
    points: f64,
    unit: Option<String>,
    source: Option<String>,
}

/// What is wrong with a price.
pub(super) enum PriceError {
    Unknown(UnknownQuantity),
    Problem(Problem),
}

/// The names of all prices, for a message.
pub(super) fn names() -> String {
    KNOWN.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
}

impl PriceEntry {
    /// The price, where it makes sense.
    pub(super) fn checked(&self) -> Result<PartPrice, PriceError> {
        let Some((_, unit)) = KNOWN.iter().find(|(name, _)| *name == self.name) else {
            let names = KNOWN.iter().map(|(name, _)| (*name).to_owned());
            return Err(PriceError::Unknown(UnknownQuantity::among(&self.name, names)));
        };
        self.in_unit(unit).map_err(PriceError::Problem)
    }

    /// The price, where its unit is this one.
    fn in_unit(&self, unit: &str) -> Result<PartPrice, Problem> {
        match &self.unit {
            None => return wrong("name", format!("say the unit: unit = \"{unit}\"")),
            Some(given) if given != unit => {
                let given = shortened(given);
                return wrong("unit", format!("the unit is \"{given}\", but this price is in \"{unit}\""));
            }
            Some(_) => {}
        }
        if !(0.0..=MOST_POINTS).contains(&self.points) {
            return wrong("points", format!("points is {}; it must be 0 to {MOST_POINTS}", self.points));
        }
        let source =
            self.source.clone().unwrap_or_else(|| "set in this criteria file, no source given".into());
        if !is_plain(&source, LONGEST_SOURCE) {
            return wrong("source", format!("source: give 1 to {LONGEST_SOURCE} characters on one line"));
        }
        Ok(PartPrice { name: self.name.clone(), points: self.points, unit: (*unit).into(), source })
    }
}

/// Prices with those of a file in their place, in the order of all there are.
pub(super) fn over(mut prices: Vec<PartPrice>, own: Vec<PartPrice>) -> Vec<PartPrice> {
    for price in own {
        match prices.iter_mut().find(|p| p.name == price.name) {
            Some(old) => *old = price,
            None => prices.push(price),
        }
    }
    let place = |price: &PartPrice| KNOWN.iter().position(|(name, _)| *name == price.name);
    prices.sort_by_key(place);
    prices
}

/// Those that come with the program.
pub(super) fn usual() -> Vec<PartPrice> {
    #[derive(Deserialize)]
    struct File {
        price: Vec<PriceEntry>,
    }
    let file: File = toml::from_str(include_str!("../../../data/criteria/prices.toml"))
        .expect("the prices that come with the program");
    file.price.iter().filter_map(|entry| entry.checked().ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_has_a_price_comes_with_one() {
        let usual = usual();
        assert_eq!(
            usual.iter().map(|p| p.name.as_str()).collect::<Vec<_>>(),
            KNOWN.iter().map(|k| k.0).collect::<Vec<_>>()
        );
    }
}
