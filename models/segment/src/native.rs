//! From the working lattice back to the voxels of the scan, with the bone surface at native resolution.

use super::field::{Field, Lattice, nearest_cell};
use super::levels::Levels;
use super::morphology;
use super::scan::Scan;
use super::solid::cropped;
use coxa_anatomy::thresholds::SPONGY_BONE_HU;
use coxa_geometry::Point;
use coxa_imaging::distance::squared_distance;
use coxa_imaging::label_surface::{THICK_CORTEX_HU, border_hu};
use nalgebra::Vector3;
use rayon::prelude::*;

/// How far bone may reach beyond its solid in the working lattice.
const REACH_MM: f64 = 2.6;
/// How deep inside its solid a voxel is bone whatever its CT number.
const DEEP_MM: f64 = 2.0;
/// Two bones closer than this have a boundary that may be misplaced.
const CONTACT_MM: f64 = 3.0;
/// How far from the surface its cortex is looked for.
const CORTEX_MM: f64 = 2.5;
/// CT numbers this far from the threshold are certain.
const CERTAIN_HU: f64 = 150.0;

/// What the working lattice says about a place.
pub(super) struct Regions {
    /// The bone whose solid is nearest, 0 where none is within reach.
    label: Field<u8>,
    /// Flags: [`SOLID`], [`DEEP`], [`CONTACT`].
    flags: Field<u8>,
}

const SOLID: u8 = 1;
const DEEP: u8 = 2;
const CONTACT: u8 = 4;

impl Regions {
    /// From the solids of all bones.
    pub(super) fn of(solids: &Field<u8>, labels: &[u8]) -> Self {
        let lattice = solids.lattice;
        let mut label = Field::filled(lattice, 0u8);
        let mut nearest = Field::filled(lattice, f32::INFINITY);
        let mut flags = Field::filled(lattice, 0u8);
        let mut near = Field::filled(lattice, 0u8);
        for &id in labels {
            let Some((bone, corner)) = cropped(solids, id, REACH_MM.max(CONTACT_MM)) else { continue };
            let outside = squared_distance(&bone.data, bone.lattice.dims, [lattice.step; 3]);
            let deep = morphology::eroded(&bone, DEEP_MM);
            for (n, &distance) in outside.iter().enumerate() {
                let at = bone.lattice.cell(n);
                let target = lattice.index(std::array::from_fn(|a| at[a] + corner[a]));
                if f64::from(distance) <= REACH_MM * REACH_MM && distance < nearest.data[target] {
                    nearest.data[target] = distance;
                    label.data[target] = id;
                }
                if bone.data[n] {
                    flags.data[target] |= if deep.data[n] { SOLID | DEEP } else { SOLID };
                }
                if f64::from(distance) <= CONTACT_MM * CONTACT_MM {
                    near.data[target] = near.data[target].saturating_add(1);
                }
            }
        }
        for (flags, &near) in flags.data.iter_mut().zip(&near.data) {
            if near > 1 {
                *flags |= CONTACT;
            }
        }
        Regions { label, flags }
    }
}

/// Labels and uncertainty (0 to 100) at the voxels of the scan, in memory order.
///
/// Bone lies above the threshold of the surface, and its solid counts as bone whatever its CT numbers. From the outside,
/// voxels that are darker than the border of the cortex next to them ([`border_hu`]) are taken away again: there the blur of the
/// scan, not bone, is above the threshold.
pub(super) fn refine(ct: &Scan<'_>, regions: &Regions, levels: &Levels) -> (Vec<u8>, Vec<u8>) {
    let surface_hu = levels.surface;
    let [ni, nj, nk] = ct.grid.dims;
    let plane = ni * nj;
    let values = ct.voxels;
    let mut labels = vec![0u8; values.len()];
    let mut uncertainty = vec![0u8; values.len()];
    let walker = Walker::new(ct, regions.label.lattice);
    let cortex = Cortex::new(ct, levels);
    let mut soft: Vec<usize> = labels
        .par_chunks_mut(plane)
        .zip(uncertainty.par_chunks_mut(plane))
        .enumerate()
        .flat_map_iter(|(k, (labels, uncertainty))| {
            let mut soft = Vec::new();
            for n in 0..plane {
                let Some(at) = walker.index(n % ni, n / ni, k) else { continue };
                let label = regions.label.data[at];
                if label == 0 {
                    continue;
                }
                let flags = regions.flags.data[at];
                let value = values[k * plane + n];
                let bone = value > surface_hu;
                if bone || flags & SOLID != 0 {
                    labels[n] = label;
                    let at = [n % ni, n / ni, k];
                    if flags & DEEP == 0 && (!bone || f64::from(value) < cortex.border(at)) {
                        soft.push(k * plane + n);
                    }
                }
                let margin = (f64::from(value) - f64::from(surface_hu)).abs() / CERTAIN_HU;
                let mut doubt = if flags & DEEP == 0 { 100.0 * (1.0 - margin).max(0.0) } else { 0.0 };
                if flags & CONTACT != 0 {
                    // A dark gap shows where one bone ends; bright contact hides it.
                    doubt = f64::max(doubt, if bone { 70.0 } else { 40.0 });
                }
                uncertainty[n] = doubt.round() as u8;
            }
            soft
        })
        .collect();
    let spacing = ct.grid.spacing_mm().into_iter().fold(f64::INFINITY, f64::min);
    let passes = (DEEP_MM / spacing).ceil().clamp(1.0, 6.0) as usize;
    for _ in 0..passes {
        if !peel(&mut labels, &mut soft, [ni, nj, nk]) {
            break;
        }
    }
    (labels, uncertainty)
}

/// The cortex beside a voxel.
struct Cortex<'a> {
    values: &'a [i16],
    dims: [usize; 3],
    /// How many voxels along each axis are looked at.
    reach: [usize; 3],
    muscle: f64,
    /// Share of the way from muscle to the border at which the level lies: 1 in fine scans, 0 in coarse ones.
    resolved: f64,
}

impl<'a> Cortex<'a> {
    fn new(ct: &Scan<'a>, levels: &Levels) -> Self {
        Cortex {
            values: ct.voxels,
            dims: ct.grid.dims,
            reach: ct.grid.spacing_mm().map(|s| (CORTEX_MM / s).round() as usize),
            muscle: levels.muscle,
            resolved: levels.resolves_cortex,
        }
    }

    /// The CT number at the border of the brightest bone near a voxel.
    fn border(&self, at: [usize; 3]) -> f64 {
        let strides = [1, self.dims[0], self.dims[0] * self.dims[1]];
        let here = at[0] + strides[1] * at[1] + strides[2] * at[2];
        let mut brightest = self.values[here];
        for axis in 0..3 {
            for step in 1..=self.reach[axis] {
                if at[axis] >= step {
                    brightest = brightest.max(self.values[here - step * strides[axis]]);
                }
                if at[axis] + step < self.dims[axis] {
                    brightest = brightest.max(self.values[here + step * strides[axis]]);
                }
            }
        }
        let peak = f64::from(brightest).min(THICK_CORTEX_HU);
        self.muscle + self.resolved * (border_hu(peak, SPONGY_BONE_HU, self.muscle) - self.muscle)
    }
}

/// Takes away those of the dark voxels that have a face to the outside; false when there was none.
fn peel(labels: &mut [u8], soft: &mut Vec<usize>, [ni, nj, nk]: [usize; 3]) -> bool {
    let plane = ni * nj;
    let outer: Vec<bool> = soft
        .par_iter()
        .map(|&n| {
            let (i, j, k) = (n % ni, n / ni % nj, n / plane);
            (i > 0 && labels[n - 1] == 0)
                || (i + 1 < ni && labels[n + 1] == 0)
                || (j > 0 && labels[n - ni] == 0)
                || (j + 1 < nj && labels[n + ni] == 0)
                || (k > 0 && labels[n - plane] == 0)
                || (k + 1 < nk && labels[n + plane] == 0)
        })
        .collect();
    let before = soft.len();
    let mut kept = Vec::with_capacity(before);
    for (&n, outer) in soft.iter().zip(outer) {
        if outer { labels[n] = 0 } else { kept.push(n) }
    }
    *soft = kept;
    soft.len() < before
}

/// Steps through the voxels of a scan on the working lattice.
pub(super) struct Walker {
    lattice: Lattice,
    start: Vector3<f64>,
    steps: [Vector3<f64>; 3],
}

impl Walker {
    pub(super) fn new(ct: &Scan<'_>, lattice: Lattice) -> Self {
        let at = |i: f64, j: f64, k: f64| {
            (ct.grid.to_patient(Point::new(i, j, k)).coords() - lattice.origin) / lattice.step
        };
        let start = at(0.0, 0.0, 0.0);
        Walker {
            lattice,
            start,
            steps: [at(1.0, 0.0, 0.0) - start, at(0.0, 1.0, 0.0) - start, at(0.0, 0.0, 1.0) - start],
        }
    }

    /// Index on the lattice of the voxel nearest to voxel (i, j, k) of the scan.
    pub(super) fn index(&self, i: usize, j: usize, k: usize) -> Option<usize> {
        let at = self.start + self.steps[0] * i as f64 + self.steps[1] * j as f64 + self.steps[2] * k as f64;
        let mut cell = [0; 3];
        for a in 0..3 {
            cell[a] = nearest_cell(at[a], self.lattice.dims[a])?;
        }
        Some(self.lattice.index(cell))
    }
}
