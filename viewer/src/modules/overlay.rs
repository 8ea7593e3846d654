//! What a module lays over a picture: a number for each pixel, in a colour that grows with it.

use coxa_geometry::Unit;
use coxa_planner::pictures::Colour;

/// Numbers over a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    /// What the numbers are.
    pub title: String,
    /// Their unit.
    pub unit: Unit,
    /// What the first colour of the ramp stands for, and all below it.
    pub low: f32,
    /// What the last colour stands for, and all above it.
    pub high: f32,
    /// By pixel of the picture; not a number where nothing lies over it.
    pub values: Vec<f32>,
}

/// Steps between the anchors of the ramp.
pub const RAMP_STEPS: usize = 8;

/// Anchors of the ramp, dark to bright: seen alike by the colour-blind and in grey (viridis, Smith and van der Walt 2015, CC0).
const ANCHORS: [Colour; RAMP_STEPS + 1] = [
    [68, 1, 84],
    [71, 44, 122],
    [59, 81, 139],
    [44, 113, 142],
    [33, 144, 141],
    [39, 173, 129],
    [92, 200, 99],
    [170, 220, 50],
    [253, 231, 37],
];

/// The colour of a share from 0 to 1; the ends beyond.
pub fn ramp(share: f32) -> Colour {
    let at = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) } * RAMP_STEPS as f32;
    let first = (at as usize).min(RAMP_STEPS - 1);
    let part = at - first as f32;
    let [from, to] = [ANCHORS[first], ANCHORS[first + 1]];
    [0, 1, 2].map(|c| (f32::from(from[c]) * (1.0 - part) + f32::from(to[c]) * part).round() as u8)
}

impl Overlay {
    /// The colour over a pixel; `None` where nothing lies over it.
    pub fn colour(&self, pixel: usize) -> Option<Colour> {
        let value = self.values.get(pixel).copied().filter(|value| !value.is_nan())?;
        let width = self.high - self.low;
        Some(ramp(if width > 0.0 { (value - self.low) / width } else { 0.0 }))
    }

    /// What a colour of the ramp stands for, in words with the unit.
    pub fn ends(&self) -> [String; 2] {
        let unit = self.unit.to_string();
        let digits = if self.high - self.low < 10.0 { 1 } else { 0 };
        [self.low, self.high].map(|end| format!("{end:.digits$} {unit}").trim_end().to_owned())
    }
}
