//! How well a sphere fits a femoral head, and where near by it fits best.

use super::field::{Field, Lattice, OUTSIDE};
use super::morphology;
use super::scan::Scan;
use coxa_geometry::Point;
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// Radius of bony heads of adults, with a margin for dwarfs and giants.
pub(super) const RADIUS_MM: (f64, f64) = (16.0, 32.0);
/// Radius to start from.
pub(super) const TYPICAL_RADIUS_MM: f64 = 24.0;
/// Voxel size at which a neighbourhood is sampled.
const STEP_MM: f64 = 1.5;
/// Directions in which a sphere is examined.
const DIRECTIONS: usize = 400;
/// How much of a head its socket covers: cosine to the direction of its pole.
const COVERED: f64 = 0.2;
/// What an edge counts there, where the plate of the socket ends as steeply outwards as the head does.
const COVERED_EDGE: f64 = 0.5;
/// How much brighter than the inside of the head the subchondral plate of the socket is.
const PLATE_ABOVE_HEAD_HU: f64 = 120.0;
/// How far outside the head the plate is looked for.
const PLATE_REACH_MM: f64 = 9.0;

/// Of a head that is not cut by the end of the scan, at least this part is seen.
const WHOLE: f64 = 0.9;
/// How far from where it was found a head is looked for, and in what steps, radii first around the usual one.
const PLACE_REACH_MM: f64 = 12.0;
const SCOUT_STEP_MM: f64 = 3.0;
const SCOUT_RADII_MM: [f64; 4] = [-3.0, -1.5, 1.5, 3.0];
/// Places from which the sphere climbs, and how far apart they lie.
const SUMMITS: usize = 4;
const SUMMIT_MM: f64 = 4.0;
/// What lies this near to metal, in voxels of the scan, is blurred with it and no evidence.
const METAL_BLUR_VOXELS: f64 = 2.0;

/// What counts how much in the fit.
#[derive(Debug, Clone, Copy)]
pub(super) struct Weights {
    /// Fall of CT numbers outwards, in HU/mm, that counts in full.
    full_drop: f64,
    /// Weight of soft tissue inside.
    soft: f64,
    /// Soft tissue: from this far below the threshold of bone, in full at twice the second number.
    soft_hu: (f64, f64),
    /// Weight of a plate inside the sphere, which speaks against it, and outside, which speaks for it.
    plate: (f64, f64),
    /// What radius to expect.
    usual: Usual,
}

/// To find heads: strong edges, no soft tissue inside.
pub(super) const SEARCH: Weights =
    Weights { full_drop: 60.0, soft: 1.5, soft_hu: (0.0, 100.0), plate: (0.0, 0.0), usual: OF_ADULTS };
/// To place a head whose side is known: every edge counts alike, marrow may be dark, and the plate of the socket, which
/// ends as steeply outwards as a head does, must lie outside.
const PLACE: Weights =
    Weights { full_drop: 40.0, soft: 0.5, soft_hu: (60.0, 60.0), plate: (0.5, 0.2), usual: OF_ADULTS };

/// The better of two.
fn better(a: Placed, b: Placed) -> Placed {
    if b.fit > a.fit { b } else { a }
}

/// What radius to expect, and how far from it costs as much as a perfect fit gains.
#[derive(Debug, Clone, Copy)]
pub(super) struct Usual {
    pub(super) radius: f64,
    pub(super) spread: f64,
}

/// Of adults.
pub(super) const OF_ADULTS: Usual = Usual { radius: TYPICAL_RADIUS_MM, spread: 20.0 };

/// A sphere and how well it fits.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Placed {
    pub(super) centre: Point3<f64>,
    pub(super) radius: f64,
    pub(super) fit: f64,
}

/// The neighbourhood of a head.
pub(super) struct Probe {
    pub(super) field: Field<i16>,
    pub(super) directions: Vec<Vector3<f64>>,
    bone_hu: f64,
    metal_hu: f64,
    /// Whether the end of the scan cuts the head.
    is_cropped: bool,
}

impl Probe {
    pub(super) fn new(ct: &Scan<'_>, centre: Point3<f64>, bone_hu: f64, metal_hu: f64) -> Self {
        let reach = RADIUS_MM.1 + 25.0;
        let cells = (2.0 * reach / STEP_MM) as usize + 1;
        let lattice = Lattice { dims: [cells; 3], origin: centre - Vector3::repeat(reach), step: STEP_MM };
        let (field, directions) = (Field::sample(ct, lattice), directions(DIRECTIONS));
        let is_in = |u: &&Vector3<f64>| field.linear(centre + **u * TYPICAL_RADIUS_MM).is_some();
        let is_cropped = (directions.iter().filter(is_in).count() as f64) < WHOLE * DIRECTIONS as f64;
        Probe { field, directions, bone_hu, metal_hu, is_cropped }
    }

    /// The same without metal and what is blurred with it. Metal is that of the scan: resampling dims thin screws.
    pub(super) fn clear_of_metal(mut self, ct: &Scan<'_>) -> Self {
        let [ni, nj, _] = ct.grid.dims;
        let mut metal = Field::filled(self.field.lattice, false);
        for (n, _) in ct.voxels.iter().enumerate().filter(|(_, v)| f64::from(**v) >= self.metal_hu) {
            let voxel = [n % ni, n / ni % nj, n / (ni * nj)].map(|n| n as f64);
            let at = ct.grid.to_patient(Point::new(voxel[0], voxel[1], voxel[2])).coords();
            if let Some(cell) = metal.lattice.nearest(at) {
                let index = metal.lattice.index(cell);
                metal.data[index] = true;
            }
        }
        if metal.data.contains(&true) {
            let coarsest = ct.grid.spacing_mm().into_iter().fold(STEP_MM, f64::max);
            let near = morphology::dilated(&metal, METAL_BLUR_VOXELS * coarsest);
            for (value, near) in self.field.data.iter_mut().zip(near.data) {
                if near {
                    *value = OUTSIDE;
                }
            }
        }
        self
    }

    /// The best sphere around a place, over all radii, without moving it.
    pub(super) fn radius_at(&self, centre: Point3<f64>) -> f64 {
        let mut best = (f64::NEG_INFINITY, TYPICAL_RADIUS_MM);
        for n in 0..=16 {
            let radius = RADIUS_MM.0 + f64::from(n);
            let fit = self.fit(centre, radius, None, &SEARCH);
            if fit > best.0 {
                best = (fit, radius);
            }
        }
        best.1
    }

    /// Places a head that was found. Voters see little of a blurred joint, and the fit has many summits, so the sphere is
    /// tried all around before it climbs; not so one that is cut, which fits better the further it moves into the scan.
    pub(super) fn place(&self, start: Point3<f64>, covered: Vector3<f64>, usual: Usual) -> Placed {
        let weights = Weights { usual, ..PLACE };
        let steps = if self.is_cropped { 0 } else { (PLACE_REACH_MM / SCOUT_STEP_MM) as i32 };
        let along = || (-steps..=steps).map(|n| f64::from(n) * SCOUT_STEP_MM);
        let offsets: Vec<Vector3<f64>> = along()
            .flat_map(|z| along().flat_map(move |y| along().map(move |x| Vector3::new(x, y, z))))
            .filter(|offset| offset.norm() <= PLACE_REACH_MM)
            .collect();
        let mut scouted: Vec<Placed> = offsets
            .into_par_iter()
            .map(|offset| {
                let centre = start + offset;
                let at = |radius: f64| Placed {
                    centre,
                    radius,
                    fit: self.fit(centre, radius, Some(covered), &weights),
                };
                SCOUT_RADII_MM
                    .map(|r| at((usual.radius + r).clamp(RADIUS_MM.0, RADIUS_MM.1)))
                    .into_iter()
                    .fold(at(usual.radius), better)
            })
            .collect();
        scouted.sort_by(|a, b| b.fit.total_cmp(&a.fit));
        let mut summits: Vec<Placed> = Vec::new();
        for place in scouted {
            if summits.len() < SUMMITS && summits.iter().all(|s| (s.centre - place.centre).norm() > SUMMIT_MM)
            {
                summits.push(place);
            }
        }
        summits
            .into_par_iter()
            .map(|s| self.climb(s.centre, s.radius, (start, PLACE_REACH_MM), Some(covered), &weights))
            .collect::<Vec<_>>()
            .into_iter()
            .reduce(better)
            .unwrap_or(Placed { centre: start, radius: usual.radius, fit: f64::NEG_INFINITY })
    }

    /// Moves a sphere to where it fits best, no further from a place than given.
    pub(super) fn climb(
        &self,
        start: Point3<f64>,
        radius: f64,
        (middle, reach_mm): (Point3<f64>, f64),
        covered: Option<Vector3<f64>>,
        weights: &Weights,
    ) -> Placed {
        let mut best = Placed { centre: start, radius, fit: self.fit(start, radius, covered, weights) };
        for step in [3.0, 1.5, 0.7, 0.3] {
            for _ in 0..25 {
                let mut moved = best;
                for axis in 0..4 {
                    for sign in [-1.0, 1.0] {
                        let Placed { mut centre, mut radius, .. } = best;
                        if axis < 3 {
                            centre[axis] += sign * step;
                        } else {
                            radius = (radius + sign * step).clamp(RADIUS_MM.0, RADIUS_MM.1);
                        }
                        if (centre - middle).norm() > reach_mm {
                            continue;
                        }
                        let fit = self.fit(centre, radius, covered, weights);
                        if fit > moved.fit + 1e-9 {
                            moved = Placed { centre, radius, fit };
                        }
                    }
                }
                if moved.fit <= best.fit {
                    break;
                }
                best = moved;
            }
        }
        best
    }

    /// Bone that ends at the sphere all around speaks for it, soft tissue inside against it.
    fn fit(&self, centre: Point3<f64>, radius: f64, covered: Option<Vector3<f64>>, weights: &Weights) -> f64 {
        let (mut ends, mut soft, mut seen) = (0.0, 0.0, 0usize);
        for u in &self.directions {
            let Some(inside) = self.field.linear(centre + u * (radius - 1.5)) else { continue };
            let Some(gradient) = self.gradient(centre + u * radius) else { continue };
            seen += 1;
            // Steps into metal say nothing about the head, surfaces that are not normal to the ray little.
            let norm = gradient.norm();
            if inside < self.metal_hu && norm > 1.0 {
                let drop = -gradient.dot(u);
                let aligned = (drop / norm).max(0.0).powi(4);
                let sure =
                    if covered.is_some_and(|covered| u.dot(&covered) > COVERED) { COVERED_EDGE } else { 1.0 };
                ends += sure * (drop / weights.full_drop).clamp(0.0, 1.0) * aligned;
            }
            for part in [0.5, 0.7, 0.82, 0.92] {
                if let Some(value) = self.field.linear(centre + u * (radius * part)) {
                    let dark = (self.bone_hu - weights.soft_hu.0 - value) / weights.soft_hu.1;
                    soft += dark.clamp(0.0, 1.0) * part * part / 2.3;
                }
            }
        }
        if seen * 3 < self.directions.len() {
            return f64::NEG_INFINITY;
        }
        // What lies outside the scan is no evidence, for or against.
        let count = self.directions.len() as f64;
        let plate = covered.map_or(0.0, |covered| self.plate(centre, radius, covered, weights.plate));
        (ends - weights.soft * soft + plate) / count
            - ((radius - weights.usual.radius) / weights.usual.spread).powi(2)
    }

    /// Sum over the covered directions in which the brightest place, if it is bright enough for the plate of the
    /// socket, lies outside or inside the sphere, weighted.
    fn plate(&self, centre: Point3<f64>, radius: f64, covered: Vector3<f64>, weights: (f64, f64)) -> f64 {
        let mut core: Vec<f64> =
            self.directions.iter().filter_map(|u| self.field.linear(centre + u * (0.5 * radius))).collect();
        core.sort_by(f64::total_cmp);
        let core = core.get(core.len() / 2).copied().unwrap_or(self.bone_hu).max(self.bone_hu);
        let mut sum = 0.0;
        for u in self.directions.iter().filter(|u| u.dot(&covered) > COVERED) {
            let mut brightest = (core + PLATE_ABOVE_HEAD_HU, None);
            let mut d = 0.5 * radius;
            while d <= radius + PLATE_REACH_MM {
                if let Some(cell) = self.field.at(centre + u * d) {
                    let value = f64::from(cell);
                    if value > brightest.0 && value < self.metal_hu {
                        brightest = (value, Some(d));
                    }
                }
                d += 0.75;
            }
            match brightest.1 {
                Some(d) if d < radius - 2.0 => sum -= weights.0,
                Some(d) if d >= radius => sum += weights.1,
                _ => {}
            }
        }
        sum
    }

    fn gradient(&self, at: Point3<f64>) -> Option<Vector3<f64>> {
        let side = |axis: usize, sign: f64| {
            let mut beside = at;
            beside[axis] += sign * STEP_MM;
            self.field.linear(beside)
        };
        let mut gradient = Vector3::zeros();
        for axis in 0..3 {
            gradient[axis] = (side(axis, 1.0)? - side(axis, -1.0)?) / (2.0 * STEP_MM);
        }
        Some(gradient)
    }
}

/// Evenly spread unit vectors (Fibonacci lattice), in pairs that are mirror images in x = 0.
pub(super) fn directions(count: usize) -> Vec<Vector3<f64>> {
    let golden = std::f64::consts::PI * (3.0 - 5f64.sqrt());
    (0..count / 2)
        .flat_map(|n| {
            let z = 1.0 - (2.0 * n as f64 + 1.0) / (count / 2) as f64;
            let ring = (1.0 - z * z).sqrt();
            let (sin, cos) = (golden * n as f64).sin_cos();
            [Vector3::new(ring * cos, ring * sin, z), Vector3::new(-ring * cos, ring * sin, z)]
        })
        .collect()
}
