//! The one table of quantities: whatever is measured, planned or judged, under a stable name, with unit, title, definition,
//! sign, limits and source.
//!
//! Rows stand in files by subject (`cup.rs`, `stem.rs`, ...), as lists that are joined into the enum [`Quantity`]. A row reads
//!
//! ```text
//! Variant = "name_in_files", Unit, Scope, "Title", "definition in a few words", sign "...", limits &[...], source ...;
//! ```
//!
//! Files hold [`Measurements`], a map from a [`Key`] (a quantity, of the whole, a side or a screw) to a value with its spread:
//!
//! ```
//! use coxa_geometry::{Measurements, Quantity, Side};
//! let mut measured = Measurements::new();
//! measured.insert(Quantity::HeadDiameter.of(Side::Right), 48.2, 0.3, "sphere through the head");
//! let head = &measured[Quantity::HeadDiameter.of(Side::Right)];
//! assert_eq!((head.value, head.unit), (48.2, Quantity::HeadDiameter.unit()));
//! let mistyped = "cup_covrage".parse::<Quantity>().unwrap_err();
//! assert_eq!(mistyped.nearest[0], Quantity::CupCoverage.name());
//! ```

mod key;
mod limit;
mod map;
mod nearest;
mod need;
mod row;
mod source;
mod tables;

// Rows by subject.
#[macro_use]
mod cup;
#[macro_use]
mod femur;
#[macro_use]
mod joint;
#[macro_use]
mod leg;
#[macro_use]
mod loads;
#[macro_use]
mod motion;
#[macro_use]
mod pelvis;
#[macro_use]
mod stem;

pub use cup::CUP_ANGLES;
pub use key::{Key, Site, UnknownQuantity};
pub use limit::{Basis, Ideal, Limit};
pub use map::Measurements;
pub use nearest::nearest;
pub use need::{MOTION_NEEDS, MotionNeed, SOFT_TISSUE_MOST_DEG};
pub use row::Scope;
pub use tables::{limits_markdown, markdown};

use crate::evidence::Measured;
use crate::evidence::Unit::{
    self, CubicCentimetre, Degree, Hounsfield, MilligramPerCubicCentimetre, Millimetre, Percent, Ratio,
    SquareMillimetre,
};
use crate::finding::Severity::{self, Caution, Note, Refusal};
use row::QuantityRow;
use row::Scope::{Each, Screw, Side, Whole};
use source::*;

/// The rows of all subjects, joined: the enum and the array that it indexes.
macro_rules! define {
    (; { $($variant:ident = $name:literal, $unit:ident, $scope:ident, $title:literal, $definition:literal
        $(, $field:ident $value:expr)* ;)* }) => {
        /// Something that is measured, planned or judged. Its `Display` is [`Quantity::name`].
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Quantity {
            $(#[doc = concat!("`", $name, "`: ", $definition, ".")] $variant,)*
        }

        impl Quantity {
            /// All of them, by subject.
            pub const ALL: &[Quantity] = &[$(Quantity::$variant,)*];

            const fn row(self) -> &'static QuantityRow {
                const ROWS: &[QuantityRow] = &[$(
                    QuantityRow::new(
                        [$name, concat!($name, "_right"), concat!($name, "_left")],
                        $unit, $scope, $title, $definition,
                    )$(.$field($value))*,
                )*];
                &ROWS[self as usize]
            }
        }
    };
}

pelvis_rows! { femur_rows joint_rows leg_rows cup_rows stem_rows motion_rows loads_rows define ; {} }

impl Quantity {
    /// Stable snake_case name, as files have it.
    pub const fn name(self) -> &'static str {
        self.row().names[0]
    }

    /// Unit of every value of it.
    pub const fn unit(self) -> Unit {
        self.row().unit
    }

    /// What there is one of: the patient, a side, a screw, a motion.
    pub const fn scope(self) -> Scope {
        self.row().scope
    }

    /// What a surgeon reads beside the value.
    pub const fn title(self) -> &'static str {
        self.row().title
    }

    /// Definition in a few words, without a capital or a full stop.
    pub const fn definition(self) -> &'static str {
        self.row().definition
    }

    /// What a positive value means; empty where none is negative.
    pub const fn sign(self) -> &'static str {
        self.row().sign
    }

    /// Where the definition comes from.
    pub const fn source(self) -> &'static str {
        self.row().source
    }

    /// What it is held against, the gravest limit first.
    pub const fn limits(self) -> &'static [Limit] {
        self.row().limits
    }

    /// Within which nothing is gained any more; `None` where nothing is said of it.
    pub const fn ideal(self) -> Option<&'static Ideal> {
        self.row().ideal.as_ref()
    }

    /// The limit of a severity.
    pub const fn limit(self, severity: Severity) -> Option<&'static Limit> {
        let limits = self.limits();
        let mut at = 0;
        while at < limits.len() {
            if limits[at].severity as u8 == severity as u8 {
                return Some(&limits[at]);
            }
            at += 1;
        }
        None
    }

    /// The least value in range of the limit of a severity, minus infinity where there is none. For constants of algorithms
    /// that keep to a limit.
    pub const fn least(self, severity: Severity) -> f64 {
        match self.limit(severity) {
            Some(limit) => limit.least,
            None => f64::NEG_INFINITY,
        }
    }

    /// The largest value in range of the limit of a severity, infinity where there is none.
    pub const fn most(self, severity: Severity) -> f64 {
        match self.limit(severity) {
            Some(limit) => limit.most,
            None => f64::INFINITY,
        }
    }

    /// Whether it compares two states or sides, so that it is shown with its sign.
    pub const fn is_relative(self) -> bool {
        self.row().is_relative
    }

    /// What criteria and prices call it.
    pub const fn criterion_name(self) -> &'static str {
        match self.row().criterion {
            Some(name) => name,
            None => self.name(),
        }
    }

    /// A value of it, with its spread and how it was obtained.
    pub fn measured(self, value: f64, spread: f64, method: impl Into<String>) -> Measured {
        Measured { value, spread, unit: self.unit(), method: method.into() }
    }
}

#[cfg(test)]
mod tests;
