//! The simulated AP radiograph, to scale, with the silhouettes of implants.

use super::mask::Mask;
use super::{Canvas, Colour, View};
use coxa_geometry::Mesh;
use coxa_geometry::frame::Patient;
use coxa_imaging::CtVolume;
use coxa_imaging::sample::Sampler;
use rayon::prelude::*;

/// Linear attenuation coefficient of water at about 60 keV, per millimetre.
const WATER_PER_MM: f64 = 0.0206;

/// Above this many HU everything is taken for metal and counted as such, so that streaks do not drown the bones.
const CEILING_HU: f64 = 2500.0;

/// Parallel projection of the CT along a view, by Beer and Lambert, with silhouettes over it.
///
/// Parallel rays keep one scale over the whole picture, unlike the cone of a real radiograph.
pub fn radiograph<'a>(
    ct: &CtVolume,
    view: &View,
    silhouettes: impl IntoIterator<Item = (&'a Mesh<Patient>, Colour)>,
) -> Canvas {
    let mut canvas = Canvas::new(view);
    let (width, height) = canvas.size();
    let paths = projection(ct, view, width, height);
    // Soft tissue alone is dark grey, the densest bone white: the window follows the picture's own values.
    let mut sorted: Vec<f64> = paths.iter().copied().filter(|&p| p > 0.0).collect();
    sorted.sort_by(f64::total_cmp);
    let at = |part: f64| sorted.get((sorted.len() as f64 * part) as usize).copied().unwrap_or(1.0);
    let (low, high) = (at(0.02), at(0.9985).max(at(0.02) + 1e-6));
    canvas.fill_from(paths.iter().map(|p| {
        let grey = ((p - low) / (high - low)).clamp(0.0, 1.0).powf(1.25);
        [(grey * 255.0) as u8; 3]
    }));
    for (mesh, colour) in silhouettes {
        Mask::new(view, mesh).draw(&mut canvas, colour, 0.22, 0.95);
    }
    canvas.marks(view.sides);
    canvas
}

/// Attenuation line integral per pixel, bone weighted up as by a bone-sensitive film.
fn projection(ct: &CtVolume, view: &View, width: u32, height: u32) -> Vec<f64> {
    let sampler = Sampler::new(ct);
    let [ni, nj, nk] = ct.grid.dims.map(|n| n.saturating_sub(1) as f64);
    let into = view.into_picture();
    let depths = [0.0, ni]
        .into_iter()
        .flat_map(|i| [0.0, nj].map(|j| (i, j)))
        .flat_map(|(i, j)| [0.0, nk].map(|k| (i, j, k)));
    let depths = depths
        .map(|(i, j, k)| (ct.grid.to_patient(coxa_geometry::Point::new(i, j, k)) - view.centre).dot(into));
    let (near, far) = depths.fold((f64::INFINITY, f64::NEG_INFINITY), |(a, b), d| (a.min(d), b.max(d)));
    let step = ct.grid.spacing_mm().into_iter().fold(f64::INFINITY, f64::min).max(0.2);
    let steps = ((far - near) / step).ceil().clamp(1.0, 4096.0) as usize;
    // Walking in voxel space spares one change of frame per sample.
    let stride = ct.grid.to_voxel(view.centre + into * step) - ct.grid.to_voxel(view.centre);
    (0..height)
        .into_par_iter()
        .flat_map_iter(|y| {
            let sampler = &sampler;
            (0..width).map(move |x| {
                let start = view.place(f64::from(x) + 0.5, f64::from(y) + 0.5) + into * near;
                let mut place = ct.grid.to_voxel(start).coords();
                let mut sum = 0.0;
                for _ in 0..=steps {
                    if let Some(hu) = sampler.linear(place) {
                        let hu = hu.clamp(-1000.0, CEILING_HU);
                        sum += (1.0 + hu / 1000.0) + 1.5 * (hu - 150.0).max(0.0) / 1000.0;
                    }
                    place += stride.coords();
                }
                sum * step * WATER_PER_MM
            })
        })
        .collect()
}
