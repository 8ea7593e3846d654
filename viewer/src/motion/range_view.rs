//! The surface of the range of motion as it is drawn: faces from back to front, with a place for any position of the hip.

use super::range::{RangeSurface, RotationEnd};
use coxa_geometry::joint::HipAngles;
use coxa_planner::pictures::Colour;
use coxa_planner::simulate::ContactPair;

/// From where the surface is seen, degrees: turned about the axis of rotation, and from above.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RangeView {
    /// About the vertical axis.
    pub turned_deg: f64,
    /// Above the plane of flexion and adduction.
    pub above_deg: f64,
}

impl Default for RangeView {
    fn default() -> Self {
        RangeView { turned_deg: 32.0, above_deg: 30.0 }
    }
}

/// A face with its colour; right and down, of a picture that all of the map fits into from -1 to 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Face {
    /// Corners in order.
    pub corners: [[f64; 2]; 4],
    /// Lit by where it faces.
    pub colour: Colour,
}

/// Width of the picture in half spans of the longest axis: the corners of a cube are farther away than its faces.
const REACH: f64 = 1.45;
const WALL: Colour = [120, 128, 140];
const NOTHING: Colour = [150, 156, 166];

/// What the ends of rotation are coloured by.
pub const fn cause_colour(cause: Option<ContactPair>) -> Colour {
    match cause {
        Some(ContactPair::NeckOnLiner) => [86, 156, 214],
        Some(ContactPair::FemurOnPelvis) => [226, 150, 78],
        Some(ContactPair::StemOnPelvis) => [176, 112, 196],
        Some(ContactPair::FemurOnCup) => [98, 184, 122],
        None => NOTHING,
    }
}

/// A surface and from where it is seen.
pub struct RangePicture<'a> {
    surface: &'a RangeSurface,
    axes: [[f64; 3]; 3],
    middle: [f64; 3],
    scale: f64,
}

impl<'a> RangePicture<'a> {
    /// Of a surface.
    pub fn new(surface: &'a RangeSurface, view: RangeView) -> Self {
        let (s, c) = view.turned_deg.to_radians().sin_cos();
        let (up, level) = view.above_deg.clamp(-90.0, 90.0).to_radians().sin_cos();
        // Right and down in the picture, and towards who looks: of flexion, adduction and rotation.
        let axes = [[c, s, 0.0], [-s * up, c * up, -level], [s * level, -c * level, -up]];
        let ends = |values: &[f64]| [values.first(), values.last()].map(|v| v.copied().unwrap_or(0.0));
        let spans = [ends(&surface.flexion_deg), ends(&surface.adduction_deg), surface.rotation_deg];
        let longest = spans.iter().map(|[from, to]| to - from).fold(1.0, f64::max);
        RangePicture {
            surface,
            axes: axes.map(|axis| axis.map(|x| if x.abs() < 1e-12 { 0.0 } else { x })),
            middle: spans.map(|[from, to]| (from + to) / 2.0),
            scale: 2.0 / (longest * REACH),
        }
    }

    /// Where flexion, adduction and rotation in degrees come to lie.
    pub fn place(&self, degrees: [f64; 3]) -> [f64; 2] {
        let [right, down, _] = self.project(degrees);
        [right, down]
    }

    /// Where a position of the hip comes to lie.
    pub fn place_of(&self, hip: HipAngles) -> [f64; 2] {
        self.place([hip.flexion, hip.adduction, hip.internal_rotation].map(coxa_geometry::Angle::degrees))
    }

    fn project(&self, degrees: [f64; 3]) -> [f64; 3] {
        let off = [0, 1, 2].map(|n| (degrees[n] - self.middle[n]) * self.scale);
        self.axes.map(|axis| (0..3).map(|n| axis[n] * off[n]).sum())
    }

    /// Faces from back to front.
    pub fn faces(&self) -> Vec<Face> {
        let mut all: Vec<(f64, Face)> = Vec::new();
        let (nf, na) = (self.surface.flexion_deg.len(), self.surface.adduction_deg.len());
        let corners = |sheet: usize, f: usize, a: usize| -> Option<[([f64; 3], RotationEnd); 4]> {
            let at = |f: usize, a: usize| {
                let end = self.surface.sheets[sheet].at(f, a)?;
                Some((
                    [
                        *self.surface.flexion_deg.get(f)?,
                        *self.surface.adduction_deg.get(a)?,
                        end.rotation_deg,
                    ],
                    end,
                ))
            };
            Some([at(f, a)?, at(f + 1, a)?, at(f + 1, a + 1)?, at(f, a + 1)?])
        };
        let is_there = |f: isize, a: isize| {
            let [Ok(f), Ok(a)] = [f, a].map(usize::try_from) else { return false };
            f + 1 < nf && a + 1 < na && corners(0, f, a).is_some()
        };
        for f in 0..nf.saturating_sub(1) {
            for a in 0..na.saturating_sub(1) {
                let (Some(low), Some(high)) = (corners(0, f, a), corners(1, f, a)) else { continue };
                for quad in [&low, &high] {
                    all.push(self.face(quad.map(|(at, _)| at), cause_colour(quad[0].1.cause)));
                }
                let (fi, ai) = (f as isize, a as isize);
                for (neighbour, [from, to]) in [
                    ([fi, ai - 1], [0, 1]),
                    ([fi + 1, ai], [1, 2]),
                    ([fi, ai + 1], [2, 3]),
                    ([fi - 1, ai], [3, 0]),
                ] {
                    if !is_there(neighbour[0], neighbour[1]) {
                        let wall = [low[from].0, low[to].0, high[to].0, high[from].0];
                        all.push(self.face(wall, WALL));
                    }
                }
            }
        }
        all.sort_by(|a, b| a.0.total_cmp(&b.0));
        all.into_iter().map(|(_, face)| face).collect()
    }

    /// A face with how near it is to who looks.
    fn face(&self, corners: [[f64; 3]; 4], colour: Colour) -> (f64, Face) {
        let seen = corners.map(|corner| self.project(corner));
        let edge = |n: usize| [0, 1, 2].map(|axis| seen[n][axis] - seen[0][axis]);
        let (a, b) = (edge(1), edge(3));
        let normal = [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
        let length = normal.iter().map(|x| x * x).sum::<f64>().sqrt().max(1e-12);
        // Light from the viewer's upper left, on either side of a face.
        let light = (normal[2].abs() * 0.75 + (normal[1] * normal[2].signum()).max(0.0) * 0.25) / length;
        let bright = 0.45 + 0.55 * light.min(1.0);
        let near = seen.iter().map(|corner| -corner[2]).sum::<f64>() / 4.0;
        let colour = colour.map(|c| (f64::from(c) * bright).round() as u8);
        (near, Face { corners: seen.map(|[right, down, _]| [right, down]), colour })
    }
}

#[cfg(test)]
mod tests {
    use super::super::range::Sheet;
    use super::*;

    fn surface() -> RangeSurface {
        let end = |rotation_deg, cause| Some(RotationEnd { rotation_deg, cause });
        let sheet = |rotation, cause| Sheet::new(vec![end(rotation, cause); 9], 3);
        RangeSurface {
            flexion_deg: vec![0.0, 50.0, 100.0],
            adduction_deg: vec![-20.0, 0.0, 20.0],
            rotation_deg: [-60.0, 60.0],
            sheets: [sheet(-30.0, None), sheet(40.0, Some(ContactPair::NeckOnLiner))],
        }
    }

    #[test]
    fn a_block_has_two_sheets_and_walls_around() {
        let surface = surface();
        let picture = RangePicture::new(&surface, RangeView::default());
        let faces = picture.faces();
        assert_eq!(faces.len(), 4 + 4 + 8);
        assert!(faces.iter().flat_map(|f| f.corners).flatten().all(|x| x.abs() <= 1.0));
    }

    #[test]
    fn from_above_inward_rotation_is_in_front_and_flexion_goes_right() {
        let surface = surface();
        let picture = RangePicture::new(&surface, RangeView { turned_deg: 0.0, above_deg: 90.0 });
        let last = picture.faces().pop().unwrap();
        let blue = cause_colour(Some(ContactPair::NeckOnLiner));
        assert!(last.colour[2] > last.colour[0] && last.colour[2] <= blue[2], "{last:?}");
        let [a, b] = [0.0, 100.0].map(|flexion| picture.place([flexion, 0.0, 0.0]));
        assert!(b[0] > a[0] + 0.5 && (b[1] - a[1]).abs() < 1e-9);
        // From the side more inward rotation is higher up.
        let picture = RangePicture::new(&surface, RangeView { turned_deg: 0.0, above_deg: 0.0 });
        let [low, high] = [-30.0, 40.0].map(|r| picture.place_of(HipAngles::from_degrees(50.0, 0.0, r)));
        assert!(high[1] < low[1]);
    }
}
