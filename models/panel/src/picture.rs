//! A grey picture and what lies over it.

use crate::overlay::Overlay;

/// How much of an overlay is seen unless somebody asks for more or less, from 0 to 1.
pub const OPACITY: f32 = 0.6;

/// A grey picture, and what a module lays over it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Picture {
    /// What it shows, with its directions.
    pub caption: String,
    /// Width and height in pixels, at least one each.
    pub size_px: [usize; 2],
    /// Brightness, row by row from the top; black where there is no picture.
    pub grey: Vec<u8>,
    /// Letters at its left and right edge, `R` or `L` of the patient or whatever stands there; a space where nothing does.
    pub sides: [char; 2],
    /// Mask or attention map.
    pub overlay: Option<Overlay>,
}

impl Picture {
    /// The picture with its overlay as red, green and blue, row by row from the top; `opacity` from 0 to 1. An overlay with nothing below it is
    /// shown as it is.
    ///
    /// ```
    /// use coxa_panel::{OPACITY, Overlay, Picture, Ramp};
    /// let overlay = Overlay {
    ///     title: "attention".into(), unit: String::new(), low: 0.0, high: 1.0, ramp: Ramp::Viridis, values: vec![None, Some(1.0)],
    /// };
    /// let picture = Picture { size_px: [2, 1], grey: vec![100; 2], overlay: Some(overlay), ..Picture::default() };
    /// assert_eq!(picture.rgb(OPACITY), [100, 100, 100, 192, 179, 62]);
    /// ```
    pub fn rgb(&self, opacity: f32) -> Vec<u8> {
        let opacity = if self.grey.iter().all(|grey| *grey == 0) { 1.0 } else { opacity };
        let over = |at: usize| self.overlay.as_ref().and_then(|overlay| overlay.colour(at));
        let mix = |grey: u8, colour: u8| {
            (f32::from(grey) * (1.0 - opacity) + f32::from(colour) * opacity).round() as u8
        };
        let pixel =
            |(at, &grey): (usize, &u8)| over(at).map_or([grey; 3], |colour| colour.map(|c| mix(grey, c)));
        self.grey.iter().enumerate().flat_map(pixel).collect()
    }
}
