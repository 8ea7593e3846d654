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
    /// By pixel of the picture; `None` where nothing lies over it.
    pub values: Vec<Option<f32>>,
}

/// The colour of a share from 0 to 1; the ends beyond: dark to bright, seen alike by the colour-blind and in grey.
pub fn ramp(share: f32) -> Colour {
    let share = if share.is_nan() { 0.0 } else { f64::from(share.clamp(0.0, 1.0)) };
    colorous::VIRIDIS.eval_continuous(share).as_array()
}

impl Overlay {
    /// The colour over a pixel; `None` where nothing lies over it.
    pub fn colour(&self, pixel: usize) -> Option<Colour> {
        let value = self.values.get(pixel).copied().flatten()?;
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
