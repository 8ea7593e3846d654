//! A row of the table, as its builder in a file of rows writes it.

use super::source::OWN;
use super::{Ideal, Limit};
use crate::Unit;

/// What there is one value of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The patient, or the planned hip.
    Whole,
    /// Each side; where the place in a file says which side, the name does without it.
    Side,
    /// Each screw.
    Screw,
    /// Each of a catalogue, which the name's `*` stands for.
    Each,
}

/// What the table says of a quantity.
pub(super) struct QuantityRow {
    /// Alone, of the right, of the left.
    pub(super) names: [&'static str; 3],
    pub(super) unit: Unit,
    pub(super) scope: Scope,
    pub(super) title: &'static str,
    pub(super) definition: &'static str,
    pub(super) sign: &'static str,
    pub(super) source: &'static str,
    pub(super) limits: &'static [Limit],
    pub(super) ideal: Option<Ideal>,
    pub(super) is_relative: bool,
    pub(super) criterion: Option<&'static str>,
}

impl QuantityRow {
    pub(super) const fn new(
        names: [&'static str; 3],
        unit: Unit,
        scope: Scope,
        title: &'static str,
        definition: &'static str,
    ) -> Self {
        QuantityRow {
            names,
            unit,
            scope,
            title,
            definition,
            sign: "",
            source: OWN,
            limits: &[],
            ideal: None,
            is_relative: false,
            criterion: None,
        }
    }

    /// What a positive value means.
    pub(super) const fn sign(mut self, sign: &'static str) -> Self {
        self.sign = sign;
        self
    }

    /// What a positive value means, of something that compares two states or sides.
    pub(super) const fn difference(mut self, sign: &'static str) -> Self {
        self.is_relative = true;
        self.sign(sign)
    }

    /// Where the definition comes from.
    pub(super) const fn source(mut self, source: &'static str) -> Self {
        self.source = source;
        self
    }

    /// What it is held against, the gravest first.
    pub(super) const fn limits(mut self, limits: &'static [Limit]) -> Self {
        self.limits = limits;
        self
    }

    /// Within which nothing is gained any more.
    pub(super) const fn ideal(mut self, ideal: Ideal) -> Self {
        self.ideal = Some(ideal);
        self
    }

    /// What criteria call it, where that is not its name.
    pub(super) const fn criterion(mut self, name: &'static str) -> Self {
        self.criterion = Some(name);
        self
    }
}
