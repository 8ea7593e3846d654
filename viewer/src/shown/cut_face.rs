//! The face along which a case is cut open: bone and soft tissue with their grey values, implants in their colours.

use super::{Body, Group, Poses, Shown, ShownPart};
use crate::view::Cutaway;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Transform, Vector};
use coxa_imaging::sample::Sampler;
use coxa_planner::pictures::{Colour, GreyWindow, View, filled};
use rayon::prelude::*;

/// Scale of the face, and its longest side.
const PX_PER_MM: f64 = 3.0;
const MOST_PX: f64 = 2400.0;

/// Room for soft tissue beside the bones.
const MARGIN_MM: f64 = 60.0;

/// How bright what is black in the scan still is, so that its colour says what it is: of bone, and of soft tissue, which is dark in a
/// window for bone. And how bright implants are.
const BONE: f64 = 0.3;
const SOFT_TISSUE: f64 = 0.65;
const IMPLANT: f64 = 0.85;

/// A face, as what it depends on.
#[derive(Debug, Clone, PartialEq)]
pub struct CutFace {
    /// What is cut away.
    pub cutaway: Cutaway,
    /// Its plane and what of it is drawn.
    pub view: View,
    /// Of the grey values.
    pub window: GreyWindow,
    /// The colour of each part; none of those that are not seen or are seen through.
    pub colours: Vec<Option<Colour>>,
    /// Where bodies are drawn.
    pub poses: Poses,
    /// Counts the plans that were shown.
    pub plan: usize,
}

impl CutFace {
    /// The view of a face through a place; its picture is larger than the bones by so much that bodies were drawn apart.
    pub fn view(shown: &Shown, cutaway: Cutaway, place: Point<Patient>, apart_mm: f64) -> View {
        let [low, high] = shown.bounds();
        let plane = cutaway.plane();
        let mut middle = low.midpoint(high).coords();
        middle[plane.normal_axis()] = place.coords()[plane.normal_axis()];
        let size = high - low;
        let along = |axis: Vector<Patient>| size.dot(axis).abs() + 2.0 * (MARGIN_MM + apart_mm);
        let view = plane.view(Point::from_coords(middle), 1.0, 1.0, 1.0);
        let (width_mm, height_mm) = (along(view.right), along(view.down));
        let px_per_mm = PX_PER_MM.min(MOST_PX / width_mm.max(height_mm));
        View { width_mm, height_mm, px_per_mm, ..view }
    }

    /// Its picture, red, green, blue and opacity of each pixel: opaque where a body is cut.
    pub fn pixels(&self, shown: &Shown) -> Vec<[u8; 4]> {
        let (width, height) = self.view.size_px();
        let sampler = Sampler::new(&shown.ct);
        // Bones hide soft tissue that they were planned into, and implants bones.
        let order = |group: Group| {
            [Group::SoftTissue, Group::Bones, Group::Implants].iter().position(|&g| g == group)
        };
        let mut cut: Vec<(&ShownPart, Colour, Vec<bool>)> = shown
            .parts
            .par_iter()
            .zip(&self.colours)
            .filter_map(|(part, colour)| {
                let lines = part.surface.outlines(&self.view, &self.poses.of(part.body));
                let colour = (*colour).filter(|_| !lines.is_empty())?;
                Some((part, colour, filled(&self.view, &lines)))
            })
            .collect();
        cut.sort_by_key(|(part, ..)| order(part.group));
        let mut pixels = vec![[0; 4]; width as usize * height as usize];
        for (part, colour, covered) in cut {
            let back = self.to_scan(shown, part.body);
            pixels.par_iter_mut().zip(covered).enumerate().filter(|(_, (_, covered))| *covered).for_each(
                |(at, (pixel, _))| {
                    let light = if part.group == Group::Implants {
                        IMPLANT
                    } else {
                        let (x, y) = (at % width as usize, at / width as usize);
                        let place = back.apply(self.view.place(x as f64 + 0.5, y as f64 + 0.5));
                        let hu = sampler.linear(shown.ct.grid.to_voxel(place).coords());
                        let grey = hu.map_or(0.0, |hu| self.window.grey(hu) / 255.0);
                        let darkest = if part.group == Group::Bones { BONE } else { SOFT_TISSUE };
                        darkest + (1.0 - darkest) * grey
                    };
                    let [r, g, b] = colour.map(|channel| (f64::from(channel) * light).round() as u8);
                    *pixel = [r, g, b, 255];
                },
            );
        }
        pixels
    }

    /// From where a body is drawn to where it was scanned.
    fn to_scan(&self, shown: &Shown, body: Body) -> Transform<Patient, Patient> {
        let back = self.poses.of(body).inverse();
        match (&shown.planned, body) {
            (Some(planned), Body::Femur) => back.then(&planned.pose.reduced().inverse()),
            _ => back,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shown::Surface;
    use coxa_geometry::{Mesh, Side};
    use coxa_imaging::{Grid, Volume};
    use ndarray::Array3;
    use std::sync::Arc;

    #[test]
    fn a_face_has_grey_values_of_bone_and_the_colour_of_implants() {
        // Brighter and brighter towards the left of the patient.
        let grid = Grid::axis_aligned([40, 40, 40], Point::new(-39.0, -39.0, -39.0), [2.0; 3]);
        let ct = Volume::new(grid, Array3::from_shape_fn((40, 40, 40), |(_, _, x)| 50 * x as i16));
        let part = |group, body, low, high| ShownPart {
            name: "sacrum".into(),
            group,
            stage: None,
            body,
            surface: Arc::new(Surface::new(Mesh::cuboid(low, high))),
            colour: [200, 100, 50],
            outline: [1; 3],
            is_shown: true,
        };
        let parts = vec![
            part(Group::Implants, Body::Cup, [-5.0, -9.0, -5.0], [5.0, 9.0, 5.0]),
            part(Group::Bones, Body::Fixed, [-30.0, -20.0, -20.0], [30.0, 20.0, 20.0]),
            part(Group::Bones, Body::ScannedFemur, [-10.0, -9.0, -30.0], [10.0, 9.0, -24.0]),
        ];
        let shown = Shown::of_scan(Side::Left, ct, [].into(), parts);
        let view = CutFace::view(&shown, Cutaway::Anterior, Point::new(7.0, 3.0, -2.0), 25.0);
        assert_eq!(view.centre.y(), 3.0);
        let poses = Poses::default().parted(Vector::new(20.0, 0.0, 0.0));
        let window = GreyWindow { black_hu: 0.0, white_hu: 2000.0 };
        let colours = vec![Some([200, 100, 50]); 3];
        let face = CutFace { cutaway: Cutaway::Anterior, view, window, colours, poses, plan: 0 };
        let pixels = face.pixels(&shown);
        let at = |x: f64, z: f64| {
            let [column, row, _] = view.project(Point::new(x, 3.0, z));
            pixels[row as usize * view.size_px().0 as usize + column as usize]
        };
        assert_eq!([at(0.0, 0.0), at(-35.0, 0.0)], [[170, 85, 43, 255], [0; 4]]);
        let expected = |hu: f64| (200.0 * (BONE + (1.0 - BONE) * hu / 2000.0)) as i32;
        // 25 HU for each millimetre from the middle of the outermost voxel.
        let red = |x: f64, z: f64| i32::from(at(x, z)[0]);
        assert!(
            (red(-20.0, 0.0) - expected(475.0)).abs() <= 3 && (red(20.0, 0.0) - expected(1475.0)).abs() <= 3
        );
        // What was drawn apart took its own grey values along.
        assert!((red(20.0, -27.0) - expected(975.0)).abs() <= 3 && at(0.0, -27.0)[3] == 0);
        // What is seen through has no face.
        let through = CutFace { colours: vec![Some([9; 3]), None, None], ..face };
        assert!(through.pixels(&shown).iter().all(|pixel| pixel[3] == 0 || pixel[0] == 8));
    }
}
