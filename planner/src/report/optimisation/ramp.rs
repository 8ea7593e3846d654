//! Colours of a part between nothing and all.

use crate::pictures::Colour;

/// A colour for a part between nothing and all: from white to dark blue, ever darker, so that it prints without colour and does
/// not ask for any particular eyes.
pub fn chance_colour(part: f64) -> Colour {
    const STOPS: [[f64; 3]; 5] = [
        [255.0, 255.0, 255.0],
        [204.0, 230.0, 228.0],
        [112.0, 186.0, 204.0],
        [38.0, 120.0, 175.0],
        [16.0, 52.0, 110.0],
    ];
    let place = part.clamp(0.0, 1.0) * (STOPS.len() - 1) as f64;
    let from = (place as usize).min(STOPS.len() - 2);
    [0, 1, 2].map(|i| {
        let (a, b) = (STOPS[from][i], STOPS[from + 1][i]);
        (a + (b - a) * (place - from as f64)).round() as u8
    })
}

/// The same for a drawing.
pub(super) fn ramp(part: f64) -> String {
    let [r, g, b] = chance_colour(part);
    format!("#{r:02x}{g:02x}{b:02x}")
}
