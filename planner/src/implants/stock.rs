//! What a hospital has of the catalogue.

use super::Catalogue;
use super::error::CatalogueError;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// A kind of part that a stock lists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StockedPart {
    /// Shells, by family and outer diameter.
    Cup,
    /// Liners, by kind.
    Liner,
    /// Heads, by diameter.
    Head,
    /// Stems, by family and number.
    Stem,
}

/// One line of a stock.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StockEntry {
    /// What kind of part.
    pub part: StockedPart,
    /// Family, or kind of a liner; none of heads.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family: Option<String>,
    /// Diameter in mm, or number of a stem; none stands for all sizes of the family.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size: Option<f64>,
}

/// The sizes that are at hand. Of a kind of part that no line names everything is.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Stock(pub Vec<StockEntry>);

impl StockEntry {
    /// Whether the catalogue has it.
    ///
    /// # Errors
    /// What is unknown, and what there is.
    pub fn check(&self, catalogue: &Catalogue) -> Result<(), CatalogueError> {
        let family = self.family.as_deref().unwrap_or_default();
        match (self.part, self.size) {
            (StockedPart::Cup, Some(size)) => catalogue.cup_of_size(family, size).map(|_| ()),
            (StockedPart::Cup, None) => catalogue.cup(family).map(|_| ()),
            (StockedPart::Liner, _) => catalogue.liner(family).map(|_| ()),
            (StockedPart::Head, size) => catalogue.head(size.unwrap_or_default()).map(|_| ()),
            (StockedPart::Stem, size) => {
                let stem = catalogue.stem(family)?;
                match size {
                    // A number that is no whole size becomes one that no family has.
                    Some(size) => stem.size(if size.fract() == 0.0 { size as u32 } else { 0 }).map(|_| ()),
                    None => Ok(()),
                }
            }
        }
    }

    fn is(&self, family: &str, size: f64) -> bool {
        self.family.as_deref().is_none_or(|own| own == family)
            && self.size.is_none_or(|own| (own - size).abs() < 1e-6)
    }
}

impl Catalogue {
    /// What of it is in a stock, with the sizes that are.
    #[must_use]
    pub fn of_stock(&self, stock: &Stock) -> Catalogue {
        let has = |part: StockedPart, family: &str, size: f64| {
            let mut lines = stock.0.iter().filter(|line| line.part == part).peekable();
            lines.peek().is_none() || lines.any(|line| line.is(family, size))
        };
        let mut own = self.clone();
        for cup in &mut own.cups {
            let cup = Arc::make_mut(cup);
            cup.sizes_mm.retain(|size| has(StockedPart::Cup, &cup.name, *size));
        }
        for stem in &mut own.stems {
            let stem = Arc::make_mut(stem);
            stem.sizes.retain(|size| has(StockedPart::Stem, &stem.name, f64::from(size.size)));
        }
        own.cups.retain(|cup| !cup.sizes_mm.is_empty());
        own.stems.retain(|stem| !stem.sizes.is_empty());
        own.heads.retain(|head| has(StockedPart::Head, "", head.diameter_mm));
        let liners = |kind: &str| {
            let mut lines = stock.0.iter().filter(|line| line.part == StockedPart::Liner).peekable();
            lines.peek().is_none() || lines.any(|line| line.family.as_deref() == Some(kind))
        };
        own.liners.retain(|liner| liners(&liner.kind));
        own
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(part: StockedPart, family: &str, size: Option<f64>) -> StockEntry {
        StockEntry { part, family: (!family.is_empty()).then(|| family.into()), size }
    }

    #[test]
    fn only_what_is_listed_of_a_kind_is_left_and_all_of_a_kind_that_is_not() {
        let all = Catalogue::builtin();
        let stock = Stock(vec![
            line(StockedPart::Cup, "hemispherical", Some(50.0)),
            line(StockedPart::Cup, "hemispherical", Some(54.0)),
            line(StockedPart::Stem, "tapered_wedge", None),
            line(StockedPart::Head, "", Some(32.0)),
        ]);
        let own = all.of_stock(&stock);
        assert_eq!((own.cups.len(), &own.cups[0].sizes_mm), (1, &vec![50.0, 54.0]));
        assert_eq!((own.stems.len(), own.stems[0].sizes.len()), (1, all.stems[0].sizes.len()));
        assert_eq!((own.heads.len(), own.liners.len()), (1, all.liners.len()));
        assert_eq!(all.of_stock(&Stock::default()), all);
    }

    #[test]
    fn what_the_catalogue_does_not_have_is_named() {
        let all = Catalogue::builtin();
        for (entry, word) in [
            (line(StockedPart::Cup, "hemispherical", Some(51.0)), "51"),
            (line(StockedPart::Cup, "spherical", None), "spherical"),
            (line(StockedPart::Head, "", Some(33.0)), "33"),
            (line(StockedPart::Stem, "short", Some(99.0)), "99"),
            (line(StockedPart::Stem, "short", Some(2.5)), "short"),
            (line(StockedPart::Liner, "gold", None), "gold"),
        ] {
            let error = entry.check(&all).unwrap_err().to_string();
            assert!(error.contains(word), "{error}");
        }
        assert!(line(StockedPart::Stem, "short", Some(3.0)).check(&all).is_ok());
    }
}
