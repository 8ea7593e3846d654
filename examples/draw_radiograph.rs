//! Draws an AP radiograph of a CT with the outlines of its bones, as PNG.
//!
//!     cargo run --example draw_radiograph -- radiograph.png

use coxa_geometry::Side;
use coxa_planner::pictures::{View, radiograph};
use coxa_synthetic::{VirtualPatientOptions, generate};
use std::path::PathBuf;

fn main() -> anyhow::Result<()> {
    let folder = tempfile::tempdir()?;
    let path = std::env::args_os().nth(1).map_or_else(|| folder.path().join("radiograph.png"), PathBuf::from);
    let patient = generate(&VirtualPatientOptions { spacing_mm: 2.0, ..Default::default() })?;
    let centre = patient
        .truth
        .side(Side::Right)
        .head_centre_mm
        .midpoint(patient.truth.side(Side::Left).head_centre_mm);
    let view = View::coronal(centre, 400.0, 300.0, 2.0);
    let white = [255; 3];
    let canvas = radiograph(&patient.ct, &view, patient.surfaces.values().map(|bone| (bone, white)), []);
    let picture = canvas.finish("radiograph", "AP radiograph with the outlines of the bones")?;
    std::fs::write(&path, &picture.png)?;
    println!("{} x {} pixels, {} bytes", picture.width, picture.height, picture.png.len());
    Ok(())
}
