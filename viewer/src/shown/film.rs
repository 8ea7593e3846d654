//! The simulated AP radiograph of a case, with the silhouettes of bones and implants over it.

use super::{Group, Poses, Shown, ShownPart, Stage};
use coxa_anatomy::Bone;
use coxa_geometry::Point;
use coxa_geometry::frame::Patient;
use coxa_imaging::CtVolume;
use coxa_imaging::drr::{Projection, Window};
use coxa_planner::pictures::{Colour, Cover, View, projection, silhouette, usual_window};
use rayon::prelude::*;

/// Size of its pixels.
const PIXEL_MM: f64 = 0.5;

/// Half of the square that its usual window is made for: the pelvis, not the thighs, through which more gets.
const AROUND_MM: f64 = 110.0;

/// Opacity of the border of a silhouette, of the operated femur as it was scanned beside the planned one, and of what is inside an
/// implant.
const BORDER: u8 = 230;
const LEFT_BEHIND: u8 = 90;
const TINT: u8 = 34;

/// A radiograph of the whole scan, by parallel rays from front to back of the scanner, without magnification.
pub struct Film {
    /// Which part of the patient it shows, to scale.
    pub view: View,
    rays: Projection,
    usual: Window,
}

impl Film {
    /// Of a CT; its usual window is that of what is around a place.
    pub fn new(ct: &CtVolume, middle: Point<Patient>) -> Self {
        let [low, high] = ct.grid.bounds(0.5);
        let (width, height) = (high.x() - low.x(), high.z() - low.z());
        let view = View::coronal(low.midpoint(high), width, height, PIXEL_MM.recip());
        let rays = projection(ct, &view);
        let is_near = |n: usize| {
            let (column, row) = (n % rays.camera.columns, n / rays.camera.columns);
            let off = rays.camera.pixel(column as f64, row as f64) - middle;
            off.x().abs().max(off.z().abs()) < AROUND_MM
        };
        let near = (0..rays.values.len()).filter(|&n| is_near(n)).map(|n| rays.values[n]).collect();
        let usual = usual_window(&Projection { camera: rays.camera.clone(), values: near });
        Film { view, rays, usual }
    }

    /// Brightness, row by row from the top. Middle and width of the grey window are parts of the usual one: 0.5 and 1 are that.
    pub fn grey(&self, [middle, width]: [f64; 2]) -> Vec<u8> {
        let Window { black, white } = self.usual;
        let at = |part: f64| black + (white - black) * part as f32;
        self.rays.to_display(Window { black: at(middle - width / 2.0), white: at(middle + width / 2.0) })
    }
}

/// Which silhouettes are drawn over a radiograph, and where they are.
#[derive(Debug, Clone, PartialEq)]
pub struct Silhouettes {
    /// Which part of the patient is seen.
    pub view: View,
    /// Before or as planned.
    pub stage: Stage,
    /// Of each part, whether it is seen.
    pub seen: Vec<bool>,
    /// Where the bodies are that move.
    pub poses: Poses,
    /// Counts the plans that were shown.
    pub plan: usize,
}

impl Silhouettes {
    /// The silhouettes as an overlay: red, green, blue and opacity of each pixel of the view.
    ///
    /// Bones are outlined, implants tinted too. Beside the planned femur the scanned one stays in sight: the radiograph shows the patient
    /// as scanned.
    pub fn overlay(&self, shown: &Shown) -> Vec<[u8; 4]> {
        let silhouettes: Vec<(Colour, [u8; 2], Vec<Cover>)> = shown
            .parts
            .par_iter()
            .enumerate()
            .filter_map(|(index, part)| {
                let [inside, border] = self.opacity(shown, index, part)?;
                let back = self.poses.of(part.body).inverse();
                let (right, down) = (back.apply(self.view.right), back.apply(self.view.down));
                let view = View { centre: back.apply(self.view.centre), right, down, ..self.view };
                Some((part.outline, [inside, border], silhouette(&view, &part.surface.mesh)))
            })
            .collect();
        let (width, height) = self.view.size_px();
        let mut overlay = vec![[0; 4]; width as usize * height as usize];
        for (colour, [inside, border], covers) in silhouettes {
            for (pixel, cover) in overlay.iter_mut().zip(covers) {
                match cover {
                    Cover::Inside if inside > 0 => over(pixel, colour, inside),
                    Cover::Border => over(pixel, colour, border),
                    _ => {}
                }
            }
        }
        overlay
    }

    /// Opacity inside and at the border; nothing of what is not drawn.
    fn opacity(&self, shown: &Shown, index: usize, part: &ShownPart) -> Option<[u8; 2]> {
        let is_seen = |index: usize| self.seen.get(index) == Some(&true);
        match part.group {
            Group::SoftTissue => None,
            Group::Implants => is_seen(index).then_some([TINT, BORDER]),
            Group::Bones if is_seen(index) => Some([0, BORDER]),
            Group::Bones => {
                let femur = Bone::femur(shown.side).name();
                let is_scanned = part.name == femur && part.stage == Some(Stage::Before);
                let planned = shown
                    .parts
                    .iter()
                    .position(|other| other.name == femur && other.stage == Some(Stage::Planned));
                (is_scanned && self.stage == Stage::Planned && planned.is_some_and(is_seen))
                    .then_some([0, LEFT_BEHIND])
            }
        }
    }
}

/// Lays a colour over a pixel that may be seen through.
fn over(pixel: &mut [u8; 4], colour: Colour, opacity: u8) {
    let (new, old) = (f64::from(opacity) / 255.0, f64::from(pixel[3]) / 255.0);
    let both = new + old * (1.0 - new);
    for (channel, own) in pixel.iter_mut().zip(colour) {
        let mixed = (f64::from(own) * new + f64::from(*channel) * old * (1.0 - new)) / both.max(1e-9);
        *channel = mixed.round() as u8;
    }
    pixel[3] = (both * 255.0).round() as u8;
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shown::{Body, Surface};
    use coxa_geometry::{Mesh, Point, Side, Transform};
    use coxa_imaging::{Grid, Volume};
    use nalgebra::Translation3;
    use ndarray::Array3;
    use std::sync::Arc;

    /// Water with a block of bone, and the block as part of each group, planned or not.
    fn shown(parts: &[(Group, Option<Stage>, Body)]) -> Shown {
        let grid = Grid::axis_aligned([60, 30, 40], Point::new(-59.0, -29.0, -39.0), [2.0; 3]);
        let is_bone = |x: usize, z: usize| (40..50).contains(&x) && (5..25).contains(&z);
        let values = Array3::from_shape_fn((40, 30, 60), |(z, _, x)| if is_bone(x, z) { 1000i16 } else { 0 });
        let block = Mesh::cuboid([20.0, -30.0, -30.0], [40.0, 30.0, 10.0]);
        let part = |&(group, stage, body): &(Group, Option<Stage>, Body)| ShownPart {
            name: Bone::FemurLeft.name().into(),
            group,
            stage,
            body,
            surface: Arc::new(Surface::new(block.clone())),
            colour: [9; 3],
            outline: [10, 200, 30],
            is_shown: true,
        };
        let parts = parts.iter().map(part).collect();
        Shown::of_scan(Side::Left, Volume::new(grid, values), [].into(), parts)
    }

    fn silhouettes(shown: &Shown, stage: Stage, poses: Poses) -> Vec<[u8; 4]> {
        let seen = shown.parts.iter().map(|part| part.stage.is_none_or(|own| own == stage)).collect();
        Silhouettes { view: Film::new(&shown.ct, shown.hip_centre()).view, stage, seen, poses, plan: 0 }
            .overlay(shown)
    }

    /// Left, right, upper and lower pixel of those that are so.
    fn reach(width: usize, is_so: impl Iterator<Item = bool>) -> [usize; 4] {
        is_so.enumerate().filter(|(_, is_so)| *is_so).fold(
            [usize::MAX, 0, usize::MAX, 0],
            |reach, (at, _)| {
                let (x, y) = (at % width, at / width);
                [reach[0].min(x), reach[1].max(x), reach[2].min(y), reach[3].max(y)]
            },
        )
    }

    #[test]
    fn silhouettes_lie_on_what_they_are_of() {
        let shown = shown(&[(Group::Bones, None, Body::Fixed), (Group::SoftTissue, None, Body::Fixed)]);
        let film = Film::new(&shown.ct, shown.hip_centre());
        assert_eq!((film.view.width_mm, film.view.height_mm, film.view.size_px()), (120.0, 80.0, (240, 160)));
        let bright = reach(240, film.grey([0.5, 1.0]).iter().map(|&grey| grey > 200));
        let overlay = silhouettes(&shown, Stage::Before, Poses::default());
        assert_eq!(reach(240, overlay.iter().map(|pixel| pixel[3] > 0)), bright);
        // The patient's left on the right of the picture, the head on top.
        assert_eq!(bright, [160, 199, 60, 139]);
        assert_eq!(overlay[60 * 240 + 160], [10, 200, 30, BORDER]);
        assert_eq!(overlay[100 * 240 + 180][3], 0);
    }

    #[test]
    fn the_planned_femur_goes_where_it_is_brought_and_the_scanned_one_stays_faintly() {
        let femur = |stage| {
            (Group::Bones, Some(stage), if stage == Stage::Planned { Body::Femur } else { Body::Fixed })
        };
        let shown = shown(&[femur(Stage::Before), femur(Stage::Planned), (Group::Implants, None, Body::Cup)]);
        let by = Transform::from_isometry(Translation3::new(0.0, 0.0, -5.0).into());
        let overlay = silhouettes(&shown, Stage::Planned, Poses::default().swung(&by));
        let opacities = |row: usize| overlay[row * 240 + 180][3];
        // Upper borders of the scanned one, under that of the implant, and of the planned one over its tint.
        assert!(opacities(60) > BORDER && opacities(70) > BORDER);
        assert_eq!([opacities(59), opacities(100), opacities(149), opacities(150)], [0, TINT, BORDER, 0]);
        let before = silhouettes(&shown, Stage::Before, Poses::default().swung(&by));
        assert_eq!(before[149 * 240 + 180][3], 0);
    }
}
