//! All numbers of a plan, as they are gathered.

use super::screws::{PlacedScrew, ScrewNumbers};
use super::walls::Walls;
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::AnteriorPelvicPlane;
use coxa_geometry::{Key, Measured, Measurements, Quantity};

/// All numbers of a plan.
pub(crate) struct Numbers {
    pub(super) results: Measurements,
    pub(crate) walls: Walls,
    pub(crate) cup_in_app: Option<Radiographic<AnteriorPelvicPlane>>,
    pub(crate) other_side_measured: bool,
    /// Spread of the functional axes.
    pub(super) functional_deg: f64,
    /// The screws with what they do.
    pub(crate) screws: Vec<(PlacedScrew, ScrewNumbers)>,
}

impl Numbers {
    pub(crate) fn into_results(self) -> Measurements {
        self.results
    }

    /// A number.
    pub(crate) fn get(&self, quantity: Quantity) -> Option<&Measured> {
        self.results.get(quantity)
    }

    /// Keeps a number that is known. What arithmetic makes of a degenerate place, which no check foresaw, is not kept.
    pub(super) fn put(
        &mut self,
        key: impl Into<Key>,
        value: impl Into<Option<f64>>,
        spread: f64,
        method: impl Into<String>,
    ) {
        if let Some(value) = value.into()
            && value.is_finite()
            && spread.is_finite()
        {
            self.results.insert(key, without_noise(value), without_noise(spread), method);
        }
    }
}

/// A number to the billionth of its unit, without the last digits that radians and rotations cost; zero has no sign.
fn without_noise(value: f64) -> f64 {
    let rounded = (value * 1e9).round() / 1e9;
    if rounded.is_finite() { rounded + 0.0 } else { value }
}
