//! Slices through the CT with the outlines of bones and implants.

use super::mask::Mask;
use super::{Canvas, Colour, View};
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::section::plane_section;
use coxa_geometry::{Mesh, Point, Transform};
use coxa_imaging::CtVolume;
use coxa_imaging::sample::Sampler;
use rayon::prelude::*;

/// Which Hounsfield units are shown from black to white.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GreyWindow {
    /// What is black, and all below it.
    pub black_hu: f64,
    /// What is white, and all above it.
    pub white_hu: f64,
}

impl Default for GreyWindow {
    /// Bone and soft tissue both show.
    fn default() -> Self {
        GreyWindow { black_hu: -160.0, white_hu: 900.0 }
    }
}

impl GreyWindow {
    /// The brightness of a value, from 0 to 255. A window without width is a threshold.
    pub fn grey(self, hu: f64) -> f64 {
        let width = (self.white_hu - self.black_hu).max(f64::MIN_POSITIVE);
        ((hu - self.black_hu) / width * 255.0).clamp(0.0, 255.0)
    }
}

/// What is left of the brightness of bone that is cut off or has moved away.
const LEFT_BEHIND: f64 = 0.35;

/// The thickest slab.
pub const THICKEST_SLAB_MM: f64 = 200.0;

/// The least distance of slices in a slab.
const LEAST_STEP_MM: f64 = 0.25;

/// A bone that the plan cuts and moves.
pub struct MovedBone<'a> {
    /// Its surface as scanned.
    pub scanned: &'a Mesh<Patient>,
    /// Its surface where it comes to lie.
    pub planned: &'a Mesh<Patient>,
    /// From where it was scanned to where it comes to lie.
    pub motion: Transform<Patient, Patient>,
}

/// Brightness of the CT in the plane of a view, row by row from the top; black outside the scan.
///
/// A moved bone is shown where it comes to lie, with its own grey values; where it was, the scan is dimmed.
pub fn grey(ct: &CtVolume, view: &View, moved: Option<&MovedBone<'_>>, window: GreyWindow) -> Vec<u8> {
    let (width, height) = view.size_px();
    let sampler = Sampler::new(ct);
    let moved = moved
        .map(|m| (Mask::of_section(view, m.planned), Mask::of_section(view, m.scanned), m.motion.inverse()));
    // Pixels of a row are equal steps through the voxels.
    let row = |y: u32, back: Option<&Transform<Patient, Patient>>| {
        let [first, end] = [0.5, f64::from(width) + 0.5].map(|x| {
            let place = view.place(x, f64::from(y) + 0.5);
            ct.grid.to_voxel(back.map_or(place, |back| back.apply(place))).coords()
        });
        (first, (end - first) / f64::from(width.max(1)))
    };
    (0..height)
        .into_par_iter()
        .flat_map_iter(|y| {
            let (sampler, moved) = (&sampler, &moved);
            let (still, carried) = (row(y, None), moved.as_ref().map(|(_, _, back)| row(y, Some(back))));
            (0..width).map(move |x| {
                let at = y as usize * width as usize + x as usize;
                let (mut way, mut brightness) = (still, 1.0);
                match (moved, carried) {
                    (Some((planned, ..)), Some(carried)) if planned.covers(at) => way = carried,
                    (Some((_, scanned, _)), _) if scanned.covers(at) => brightness = LEFT_BEHIND,
                    _ => {}
                }
                let (first, step) = way;
                let hu = sampler.linear(first + step * f64::from(x));
                hu.map_or(0, |hu| (window.grey(hu) * brightness) as u8)
            })
        })
        .collect()
}

/// The brightest of every pixel through a slab, maximum-intensity as readers of CT know it: so many millimetres thick, half of it on
/// either side of the view's plane. No thickness is the slice itself, see [`grey`].
pub fn slab(
    ct: &CtVolume,
    view: &View,
    moved: Option<&MovedBone<'_>>,
    window: GreyWindow,
    thickness_mm: f64,
) -> Vec<u8> {
    let thickness_mm = if thickness_mm.is_finite() { thickness_mm.clamp(0.0, THICKEST_SLAB_MM) } else { 0.0 };
    // Two slices in the length of a voxel along the way, so that none lies between them.
    let into = view.into_picture();
    let voxels = ct.grid.to_voxel(view.centre + into) - ct.grid.to_voxel(view.centre);
    let step = (0.5 / voxels.coords().amax()).max(LEAST_STEP_MM);
    let gaps = (thickness_mm / step).ceil();
    let slices = (0..=gaps as usize).map(|n| {
        let off = if gaps > 0.0 { thickness_mm * (n as f64 / gaps - 0.5) } else { 0.0 };
        grey(ct, &View { centre: view.centre + into * off, ..*view }, moved, window)
    });
    let brightest = slices.reduce(|mut brightest, slice| {
        brightest.iter_mut().zip(slice).for_each(|(most, grey)| *most = (*most).max(grey));
        brightest
    });
    brightest.unwrap_or_default()
}

/// The CT in the plane of a view, with the sections of surfaces in their colours and line widths in pixels.
/// The CT and a moved bone are those of [`grey`] in its usual window.
pub fn slice<'a>(
    ct: &CtVolume,
    view: &View,
    moved: Option<&MovedBone<'_>>,
    outlines: impl IntoIterator<Item = (&'a Mesh<Patient>, Colour, f32)>,
) -> Canvas {
    let mut canvas = Canvas::new(view);
    let grey = grey(ct, view, moved, GreyWindow::default());
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
            canvas.outline(&points, colour, width_px);
        }
    }
    canvas.marks(view.sides);
    canvas
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Vector;
    use coxa_imaging::{Grid, Volume};
    use ndarray::Array3;

    #[test]
    fn a_slab_shows_the_brightest_within_its_thickness_and_nothing_beyond() {
        // One bright voxel 4 mm behind the plane, one 6 mm before it; slices of 2 mm.
        let grid = Grid::axis_aligned([20, 20, 20], Point::new(-19.0, -19.0, -19.0), [2.0; 3]);
        let mut values = Array3::from_elem((20, 20, 20), -160i16);
        values[(12, 11, 5)] = 900;
        values[(4, 6, 14)] = 900;
        let ct = Volume::new(grid, values);
        let view = View::coronal(Point::new(0.0, -1.0, 0.0), 40.0, 40.0, 2.0);
        let at = |x: f64, z: f64, thickness: f64| {
            let [column, row, _] = view.project(Point::new(x, 0.0, z));
            slab(&ct, &view, None, GreyWindow::default(), thickness)[row as usize * 80 + column as usize]
        };
        let seen = |thickness: f64| [at(-9.0, 5.0, thickness), at(9.0, -11.0, thickness)];
        // The voxels of -9, 3 and 5 mm as of 9, -7 and -11 mm.
        assert_eq!([seen(0.0), seen(4.0)], [[0; 2]; 2]);
        let [behind, before] = seen(8.2);
        // Between voxels values go over into one another.
        assert!(behind > 150 && before < 20, "{behind} {before}");
        let [behind, before] = seen(12.2);
        assert!(behind > 150 && before > 150, "{behind} {before}");
        // Without thickness it is the slice, and a thickness that is none is none.
        let slice = grey(&ct, &view, None, GreyWindow::default());
        assert_eq!(slab(&ct, &view, None, GreyWindow::default(), 0.0), slice);
        assert_eq!(slab(&ct, &view, None, GreyWindow::default(), f64::NAN), slice);
    }

    #[test]
    fn a_moved_bone_takes_its_grey_values_along() {
        // Dense where x is below nothing, soft beyond.
        let grid = Grid::axis_aligned([40, 4, 40], Point::new(-19.5, -1.5, -19.5), [1.0; 3]);
        let values = Array3::from_shape_fn((40, 4, 40), |(_, _, x)| if x < 20 { 900i16 } else { -160 });
        let ct = Volume::new(grid, values);
        let column = |left: f64| {
            let corner = |x: f64, y: f64, z: f64| Point::new(left + x, y, z);
            let vertices = [0.0, 6.0]
                .into_iter()
                .flat_map(|x| [-1.0, 1.0].into_iter().flat_map(move |y| [-8.0, 8.0].map(|z| corner(x, y, z))))
                .collect();
            let sides = [[0u32, 1, 3, 2], [4, 6, 7, 5], [0, 2, 6, 4], [1, 5, 7, 3]];
            let triangles = sides.into_iter().flat_map(|[a, b, c, d]| [[a, b, c], [a, c, d]]).collect();
            Mesh { vertices, triangles }
        };
        let (scanned, planned) = (column(-10.0), column(4.0));
        let (x, y) = (Vector::new(1.0, 0.0, 0.0), Vector::new(0.0, 1.0, 0.0));
        let motion = Transform::from_axes(Point::new(14.0, 0.0, 0.0), x, y).unwrap();
        let view = View::coronal(Point::origin(), 40.0, 40.0, 8.0);
        let moved = MovedBone { scanned: &scanned, planned: &planned, motion };
        let still = slice(&ct, &view, None, []);
        let picture = slice(&ct, &view, Some(&moved), []);
        // Above the letters and the scale bar.
        let grey = |canvas: &Canvas, x_mm: i64| canvas.pixel((x_mm + 20) * 8, 100)[0];
        assert_eq!((grey(&still, -7), grey(&still, 7)), (255, 0));
        assert_eq!((grey(&picture, -7), grey(&picture, 7)), (89, 255));
        assert_eq!((grey(&picture, -2), grey(&picture, 15)), (255, 0));
    }
}
