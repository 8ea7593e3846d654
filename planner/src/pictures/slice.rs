//! Slices through the CT with the outlines of bones and implants.

use super::{Canvas, Colour, View};
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::section::plane_section;
use coxa_geometry::{Mesh, Point};
use coxa_imaging::CtVolume;
use coxa_imaging::sample::Sampler;
use rayon::prelude::*;

/// Grey window of the slices: bone and soft tissue both show.
const BLACK_HU: f64 = -160.0;
const WHITE_HU: f64 = 900.0;

/// The CT in the plane of a view, with the sections of surfaces in their colours and line widths in pixels.
pub fn slice<'a>(
    ct: &CtVolume,
    view: &View,
    outlines: impl IntoIterator<Item = (&'a Mesh<Patient>, Colour, f32)>,
) -> Canvas {
    let mut canvas = Canvas::new(view);
    let (width, height) = canvas.size();
    let sampler = Sampler::new(ct);
    let grey: Vec<u8> = (0..height)
        .into_par_iter()
        .flat_map_iter(|y| {
            let sampler = &sampler;
            (0..width).map(move |x| {
                let place = view.place(f64::from(x) + 0.5, f64::from(y) + 0.5);
                let hu = sampler.linear(ct.grid.to_voxel(place).coords());
                hu.map_or(0, |hu| ((hu - BLACK_HU) / (WHITE_HU - BLACK_HU) * 255.0).clamp(0.0, 255.0) as u8)
            })
        })
        .collect();
    canvas.fill_from(grey.into_iter().map(|v| [v; 3]));
    for (mesh, colour, width_px) in outlines {
        for line in plane_section(mesh, view.centre, view.into_picture()) {
            let points: Vec<[f64; 2]> = line
                .iter()
                .map(|&p: &Point<Patient>| {
                    let [x, y, _] = view.project(p);
                    [x, y]
                })
                .collect();
            canvas.polyline(&points, colour, width_px);
        }
    }
    canvas.marks(view.sides);
    canvas
}
