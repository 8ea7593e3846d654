//! What panels of a hip are made from.

use coxa_anatomy::HipAnatomy;
use coxa_geometry::{Measured, Side};
use coxa_imaging::{CtVolume, LabelMap};

/// What panels of a hip are made from.
#[derive(Clone, Copy)]
pub struct PanelInput<'a> {
    /// The CT.
    pub ct: &'a CtVolume,
    /// Labels on its grid.
    pub labels: &'a LabelMap,
    /// What was measured.
    pub anatomy: &'a HipAnatomy,
    /// Side that is planned.
    pub side: Side,
}

/// `0.9 \u{b1} 0.3 mm`, with so many digits after the point.
pub(super) fn words(measured: &Measured, digits: usize) -> String {
    let Measured { value, spread, unit, .. } = measured;
    let unit = match unit.to_string() {
        unit if unit.is_empty() => unit,
        unit => format!(" {unit}"),
    };
    format!("{value:.digits$} \u{b1} {spread:.digits$}{unit}")
}
