//! A finished picture.

use serde::{Deserialize, Serialize};

/// A finished picture. As text it is all but the PNG file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Picture {
    /// File name without ending, snake_case.
    pub name: String,
    /// What it shows, for a reader and for those who cannot see it.
    pub caption: String,
    /// Width in pixels.
    pub width: u32,
    /// Height in pixels.
    pub height: u32,
    /// Scale; the PNG file carries it too, so that it prints at true size.
    pub px_per_mm: f64,
    /// The PNG file.
    #[serde(skip)]
    pub png: Vec<u8>,
}

/// Half the width of a page of A4 between its margins.
const COLUMN_MM: f64 = 88.0;

impl Picture {
    /// Puts another drawing of the same in its place: width and height in pixels, and the PNG file.
    pub fn redrawn(&mut self, [width, height]: [u32; 2], png: Vec<u8>) {
        let px_per_mm = f64::from(height) / self.height_mm();
        (self.width, self.height, self.px_per_mm, self.png) = (width, height, px_per_mm, png);
    }

    /// Width of what it shows.
    pub fn width_mm(&self) -> f64 {
        f64::from(self.width) / self.px_per_mm
    }

    /// Height of what it shows.
    pub fn height_mm(&self) -> f64 {
        f64::from(self.height) / self.px_per_mm
    }

    /// The round scale 1 to n at which it fits half a page of A4.
    pub fn print_scale(&self) -> u32 {
        (self.width_mm() / COLUMN_MM).ceil().max(1.0) as u32
    }
}
