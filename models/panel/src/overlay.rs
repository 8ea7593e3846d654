//! What a module lays over a picture: a number for each pixel, in a colour that grows with it.

use serde::{Deserialize, Serialize};

/// Red, green and blue.
pub type Colour = [u8; 3];

/// Numbers over a picture.
#[derive(Debug, Clone, PartialEq)]
pub struct Overlay {
    /// What the numbers are.
    pub title: String,
    /// Their unit as it is written behind a number: `mm`, `%`; empty of a number without one.
    pub unit: String,
    /// What the first colour of the ramp stands for, and all below it.
    pub low: f32,
    /// What the last colour stands for, and all above it.
    pub high: f32,
    /// Colours from low to high.
    pub ramp: Ramp,
    /// By pixel of the picture, row by row from the top; `None` where nothing lies over it.
    pub values: Vec<Option<f32>>,
}

/// Colours that numbers are shown in. The colour-blind tell them apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ramp {
    /// Dark to bright, and so in grey too: of numbers that grow from little to much.
    #[default]
    Viridis,
    /// Blue by white to red: of numbers that are for or against something, whose middle is nothing.
    BlueRed,
}

impl Ramp {
    /// The colour of a share from 0 to 1, and of the nearer end beyond; of what is not a number that of 0.
    pub fn colour(self, share: f32) -> Colour {
        let share = if share.is_nan() { 0.0 } else { f64::from(share.clamp(0.0, 1.0)) };
        match self {
            Ramp::Viridis => colorous::VIRIDIS.eval_continuous(share).as_array(),
            Ramp::BlueRed => colorous::RED_BLUE.eval_continuous(1.0 - share).as_array(),
        }
    }
}

impl Overlay {
    /// The colour over a pixel; `None` where nothing lies over it.
    pub fn colour(&self, pixel: usize) -> Option<Colour> {
        let value = self.values.get(pixel).copied().flatten()?;
        let width = self.high - self.low;
        Some(self.ramp.colour(if width > 0.0 { (value - self.low) / width } else { 0.0 }))
    }

    /// What the ends of the ramp stand for, in words with the unit.
    pub fn ends(&self) -> [String; 2] {
        let digits = match self.high - self.low {
            width if width < 1.0 => 2,
            width if width < 10.0 => 1,
            _ => 0,
        };
        [self.low, self.high].map(|end| format!("{end:.digits$} {}", self.unit).trim_end().to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ramp_grows_brighter_and_ends_at_its_ends() {
        let brightness = |share: f32| {
            let [r, g, b] = Ramp::Viridis.colour(share).map(f32::from);
            0.2126 * r + 0.7152 * g + 0.0722 * b
        };
        let all: Vec<f32> = (0..=100).map(|i| brightness(i as f32 / 100.0)).collect();
        assert!(all.windows(2).all(|pair| pair[1] >= pair[0] - 0.5), "{all:?}");
        for ramp in [Ramp::Viridis, Ramp::BlueRed] {
            let [low, high] = [0.0, 1.0].map(|end| ramp.colour(end));
            assert_eq!((ramp.colour(-1.0), ramp.colour(2.0), ramp.colour(f32::NAN)), (low, high, low));
        }
    }

    #[test]
    fn for_and_against_part_at_white() {
        let [r, _, b] = Ramp::BlueRed.colour(0.0);
        assert!(b > r);
        let [r, _, b] = Ramp::BlueRed.colour(1.0);
        assert!(r > b);
        assert!(Ramp::BlueRed.colour(0.5).iter().all(|c| *c > 235));
    }

    #[test]
    fn ends_are_said_as_finely_as_they_are_apart() {
        let ends = |low, high, unit: &str| {
            let ramp = Ramp::Viridis;
            Overlay { title: "a".into(), unit: unit.into(), low, high, ramp, values: Vec::new() }.ends()
        };
        assert_eq!(ends(0.0, 50.0, "%"), ["0 %", "50 %"]);
        assert_eq!(ends(0.0, 5.0, "mm"), ["0.0 mm", "5.0 mm"]);
        assert_eq!(ends(-0.25, 0.25, ""), ["-0.25", "0.25"]);
    }
}
