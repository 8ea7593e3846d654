//! The acetabulum for thousands of cups: distance to the hip bone on a grid, and the walls that a cup leaves as a table of its
//! centre. A plan's own numbers are computed on the surface itself; those of samples of its error come from here.

use super::hip::Placed;
use crate::implants::CupFamily;
use crate::placement::hip::RightHip;
use crate::placement::socket::{CONTACT_MM, MOST_OVERHANG_MM, Seat};
use crate::placement::vessels::Vessels;
use crate::placement::walls::GOLDEN_ANGLE;
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Vector};
use coxa_imaging::sample::Sampler;
use coxa_imaging::{Grid, Volume};
use ndarray::Array3;
use rayon::prelude::*;

/// Step of the grid. Trilinear values are off by the surface's curvature over it: 0.05 mm in a socket.
const GRID_MM: f64 = 1.5;
/// Further from the bone than this, only that it is further.
const BAND_MM: f64 = MOST_OVERHANG_MM;
/// Half a side of the grid: the largest cup, moved and missed.
const REACH_MM: f64 = 50.0;
/// Directions of the sphere of which a cup covers about half.
const DIRECTIONS: usize = 600;

/// Distance to the hip bone around the acetabulum, negative within.
pub(crate) struct SocketField {
    distance: Volume<f32, RightSide>,
    directions: Vec<Vector<RightSide>>,
    touch_mm: f64,
}

/// How a cup sits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Hold {
    /// Part of the outer surface that touches bone.
    pub(crate) coverage: f64,
    /// The same of the part next to the face.
    pub(crate) press_fit: f64,
    /// Furthest that the front of the rim stands out of bone; `None` of a cup that opens straight ahead or back.
    pub(crate) overhang_mm: Option<f64>,
}

impl SocketField {
    pub(crate) fn new(hip: &RightHip) -> Self {
        let count = (2.0 * REACH_MM / GRID_MM).ceil() as usize + 1;
        let centre = hip.socket.centre_mm;
        let corner = centre - Vector::new(REACH_MM, REACH_MM, REACH_MM);
        let grid = Grid::axis_aligned([count; 3], corner, [GRID_MM; 3]);
        // The sphere of a shell lies between these, wherever the cup is moved to.
        let (near, far) = (8.0, REACH_MM);
        let at = |index: usize| {
            let (i, j, k) = (index % count, index / count % count, index / count / count);
            let place = corner + Vector::new(i as f64, j as f64, k as f64) * GRID_MM;
            if !(near..far).contains(&place.distance(centre)) {
                return BAND_MM as f32;
            }
            let away = hip.pelvis.closest_within(place, BAND_MM).map_or(BAND_MM, |(_, _, d)| d);
            (if hip.pelvis.contains(place) { -away } else { away }) as f32
        };
        let values: Vec<f32> = (0..count.pow(3)).into_par_iter().map(at).collect();
        // The last index of the array is i, which runs fastest.
        let voxels = Array3::from_shape_vec([count; 3], values);
        let distance =
            Volume::new(grid, voxels.unwrap_or_else(|_| Array3::from_elem([1; 3], BAND_MM as f32)));
        let directions = (0..DIRECTIONS)
            .map(|i| {
                let z = -1.0 + 2.0 * (i as f64 + 0.5) / DIRECTIONS as f64;
                let (sin, cos) = (i as f64 * GOLDEN_ANGLE).sin_cos();
                let r = (1.0 - z * z).max(0.0).sqrt();
                hip.axes.anterior * (r * cos) + hip.axes.lateral * (r * sin) + hip.axes.superior * z
            })
            .collect();
        SocketField { distance, directions, touch_mm: CONTACT_MM.max(hip.voxel_mm / 2.0) }
    }

    fn at(&self, place: Point<RightSide>) -> f64 {
        let index = self.distance.grid.to_voxel(place);
        Sampler::new(&self.distance).linear(index.coords()).unwrap_or(BAND_MM)
    }

    /// Which directions from a centre meet bone at a cup's outer surface; bone may reach `outside_mm` further out than was measured.
    pub(crate) fn touched(&self, centre: Point<RightSide>, radius_mm: f64, outside_mm: f64) -> Vec<bool> {
        let touches = |direction: &Vector<RightSide>| {
            self.at(centre + *direction * radius_mm) - outside_mm <= self.touch_mm
        };
        self.directions.iter().map(touches).collect()
    }

    /// The directions that [`SocketField::touched`] speaks of.
    pub(crate) fn directions(&self) -> &[Vector<RightSide>] {
        &self.directions
    }

    /// How a cup sits; the bone's surface may truly lie `outside_mm` further out than was measured.
    pub(crate) fn hold(
        &self,
        hip: &RightHip,
        cup: &CupFamily,
        size_mm: f64,
        placed: &Placed,
        outside_mm: f64,
    ) -> Hold {
        let radius = size_mm / 2.0;
        let (top, edge) = Seat::belt(cup, size_mm);
        let (mut all, mut near_face) = ([0usize; 2], [0usize; 2]);
        for direction in &self.directions {
            let height = direction.dot(placed.pose.cup_axis);
            if height > top {
                continue;
            }
            let place = placed.pose.cup_centre + *direction * radius;
            let touches = usize::from(self.at(place) - outside_mm <= self.touch_mm);
            all[0] += 1;
            all[1] += touches;
            if height >= edge {
                near_face[0] += 1;
                near_face[1] += touches;
            }
        }
        let share = |[of, touched]: [usize; 2]| touched as f64 / of.max(1) as f64;
        Hold {
            coverage: share(all),
            press_fit: share(near_face),
            overhang_mm: self.overhang(hip, cup, size_mm, placed, outside_mm),
        }
    }

    /// Furthest that the front of a cup's rim stands out of bone; `None` where the cup opens straight ahead or back.
    pub(crate) fn overhang(
        &self,
        hip: &RightHip,
        family: &CupFamily,
        size_mm: f64,
        placed: &Placed,
        outside_mm: f64,
    ) -> Option<f64> {
        let (centre, axis) = (placed.pose.cup_centre, placed.pose.cup_axis);
        Seat { family, size_mm, centre, axis }.overhang(hip, |place| self.at(place) - outside_mm)
    }
}

/// Walls that cups of one size leave and how far vessels are, by the shift of their centre along the functional axes.
pub(crate) struct WallTable {
    /// Medial, anterior and posterior wall, nearest vessel; `None` where there is none to measure.
    around: Vec<[Option<f64>; 4]>,
}

const WALL_STEP_MM: f64 = 3.0;
/// Shifts reach so many steps either way; beyond, the outermost stands.
const WALL_STEPS: usize = 4;
const WALL_COUNT: usize = 2 * WALL_STEPS + 1;

impl WallTable {
    pub(crate) fn new(hip: &RightHip, family: &CupFamily, size_mm: f64, vessels: Option<&Vessels>) -> Self {
        let around = (0..WALL_COUNT.pow(3))
            .into_par_iter()
            .map(|index| {
                let step = |i: usize| (i as f64 - WALL_STEPS as f64) * WALL_STEP_MM;
                let (i, j, k) =
                    (index % WALL_COUNT, index / WALL_COUNT % WALL_COUNT, index / WALL_COUNT / WALL_COUNT);
                let shift =
                    hip.medial() * step(i) + hip.axes.superior * step(j) + hip.axes.anterior * step(k);
                let centre = hip.socket.centre_mm + shift;
                // Walls do not depend on where the cup opens.
                let walls = Seat { family, size_mm, centre, axis: hip.axes.lateral }.walls(hip);
                let vessel_mm = vessels.map(|vessels| vessels.to_shell(centre, size_mm).mm);
                let [medial, anterior, posterior] = [walls.medial, walls.anterior, walls.posterior]
                    .map(|wall| wall.map(|wall| wall.thickness_mm()));
                [medial, anterior, posterior, vessel_mm]
            })
            .collect();
        WallTable { around }
    }

    /// Medial, anterior and posterior wall of a cup whose centre is shifted medially, superiorly and anteriorly, and the distance
    /// of its shell from the nearest vessel.
    pub(crate) fn at(&self, shift_mm: [f64; 3]) -> ([Option<f64>; 3], Option<f64>) {
        let cell = shift_mm.map(|s| {
            let place = (s / WALL_STEP_MM + WALL_STEPS as f64).clamp(0.0, (WALL_COUNT - 1) as f64);
            let first = (place as usize).min(WALL_COUNT - 2);
            (first, place - first as f64)
        });
        let (mut sum, mut weights) = ([0.0; 4], [0.0; 4]);
        let mut nearest = (0.0, 0);
        for corner in 0..8usize {
            let mut weight = 1.0;
            let mut index = 0;
            for axis in (0..3).rev() {
                let (first, part) = cell[axis];
                let up = corner >> axis & 1;
                weight *= if up == 1 { part } else { 1.0 - part };
                index = index * WALL_COUNT + first + up;
            }
            if weight > nearest.0 {
                nearest = (weight, index);
            }
            for (of, wall) in self.around[index].into_iter().enumerate() {
                if let Some(wall) = wall {
                    sum[of] += weight * wall;
                    weights[of] += weight;
                }
            }
        }
        // Where the nearest corner has a wall it is that of the corners that have one; else there is none.
        let value = |of: usize| self.around[nearest.1][of].map(|_| sum[of] / weights[of]);
        ([0, 1, 2].map(value), value(3))
    }
}
