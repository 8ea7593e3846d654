//! What a module is given and what it says: a table, and pictures with what lies over them.

use super::overlay::Overlay;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::{Measured, Side};
use coxa_imaging::{CtVolume, LabelMap};

/// What modules look at.
#[derive(Clone, Copy)]
pub struct ModuleInput<'a> {
    /// The CT.
    pub ct: &'a CtVolume,
    /// Labels on its grid.
    pub labels: &'a LabelMap,
    /// What was measured.
    pub anatomy: &'a HipAnatomy,
    /// Side that is planned.
    pub side: Side,
}

/// What one module says of a case.
#[derive(Debug, Clone, PartialEq)]
pub struct ModulePanel {
    /// Its name in scripts: `osteoarthritis`.
    pub name: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What it rests on and how sure that is.
    pub evidence: String,
    /// Its numbers.
    pub table: Table,
    /// Its pictures.
    pub pictures: Vec<ModulePicture>,
}

/// Numbers by row and column.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Table {
    /// Heads of the columns after the first, which names the rows.
    pub columns: Vec<String>,
    /// Its rows.
    pub rows: Vec<TableRow>,
}

/// One row of a table.
#[derive(Debug, Clone, PartialEq)]
pub struct TableRow {
    /// What it is of.
    pub name: String,
    /// One for each column; empty where nothing is known.
    pub cells: Vec<String>,
    /// How it was obtained, to be shown when asked.
    pub method: String,
}

/// A grey picture, and what a module lays over it.
#[derive(Debug, Clone, PartialEq)]
pub struct ModulePicture {
    /// What it shows, with its directions.
    pub caption: String,
    /// Width and height in pixels.
    pub size_px: [usize; 2],
    /// Brightness, row by row from the top; black where there is no picture.
    pub grey: Vec<u8>,
    /// Letters at its left and right edge, `R` or `L` of the patient or whatever stands there.
    pub sides: [char; 2],
    /// Mask or attention map.
    pub overlay: Option<Overlay>,
}

impl ModulePicture {
    /// The picture with its overlay as red, green and blue, row by row from the top; `opacity` from 0 to 1. An overlay with nothing below it is
    /// shown as it is.
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

/// `0.9 \u{b1} 0.3 mm`, with so many digits after the point.
pub(super) fn words(measured: &Measured, digits: usize) -> String {
    let Measured { value, spread, unit, .. } = measured;
    let unit = match unit.to_string() {
        unit if unit.is_empty() => unit,
        unit => format!(" {unit}"),
    };
    format!("{value:.digits$} \u{b1} {spread:.digits$}{unit}")
}
