//! The CT of a person in a pose, with the labels that are true of it.
//!
//! The CT number next to a surface is that of flat layers (soft tissue, cortex, spongy bone) seen through the scanner: its point spread
//! and the size of its voxels blur every border by a Gaussian across it, and what two bones do to the same voxel adds up.

use super::body::Body;
use super::condition::{Condition, Kernel, Lie};
use super::posed::{Posed, PosedBone};
use coxa_anatomy::Bone;
use coxa_anatomy::label_names::our_table;
use coxa_geometry::Point;
use coxa_imaging::surface_distance::DistanceField;
use coxa_imaging::{CtVolume, Grid, LabelMap, Volume};
use coxa_synthetic::material_about_hip;
use coxa_synthetic::materials::SCANNER_HU;
use coxa_synthetic::noise::{slice_noise, texture};
use nalgebra::{Matrix3, Point3, Vector3};
use ndarray::{Array3, Axis};
use rayon::prelude::*;

/// Of cartilage together with fluid, lighter than the cartilage of virtual patients. They fill the joint where both bones are nearer together than this; beyond is the fat of the fossa.
const CARTILAGE_HU: f64 = 80.0;
const JOINT_MM: f64 = 7.0;
const FOSSA_FAT_HU: f64 = -60.0;
/// Blur along the axis of the scanner beside the thickness of the slices.
const ALONG_MM: f64 = 0.35;
/// The inner border of a cortex is no sharp one.
const ENDOSTEAL_MM: f64 = 0.45;
/// Blur reaches so many standard deviations.
const REACH: f64 = 3.5;
/// Cortices are no thicker than this away from the shaft, and than the second in it.
const CORTEX_MM: (f64, f64) = (3.5, 8.5);
/// Air around the body.
const AROUND_MM: f64 = 8.0;
/// How far a whole scan goes on above the pelvis.
const ABOVE_CRESTS_MM: f64 = 20.0;

/// A made scan.
pub(super) struct MadeScan {
    pub(super) ct: CtVolume,
    pub(super) labels: LabelMap,
}

/// Scans a person in a pose; `None` where nothing is in the field of view.
pub(super) fn scan(posed: &Posed, how: &Condition, seed: u64) -> Option<MadeScan> {
    let body = Body::around(posed, how.is_cluttered, seed);
    let grid = grid(posed, how, &body)?;
    let fields: Vec<Layered<'_>> =
        posed.bones.iter().map(|bone| Layered::new(bone, &grid, how.kernel)).collect();
    let [ni, nj, nk] = grid.dims;
    let area = ni * nj;
    let (mut hu, mut labels) = (vec![0i16; area * nk], vec![0u8; area * nk]);
    let slices = hu.par_chunks_mut(area).zip(labels.par_chunks_mut(area)).enumerate();
    slices.for_each(|(k, (hu, labels))| {
        let noise = slice_noise(seed ^ 0x5ca1, k, ni, nj);
        for n in 0..area {
            let index = [n % ni, n / ni, k];
            let at = grid.to_patient(Point::new(index[0] as f64, index[1] as f64, k as f64)).coords();
            let (value, label) = voxel(&fields, &body, seed, index, at);
            let noisy = value + how.kernel.noise_hu() * f64::from(noise[n]);
            hu[n] = noisy.round().clamp(SCANNER_HU[0], SCANNER_HU[1]) as i16;
            labels[n] = label;
        }
    });
    let volume = |voxels| Array3::from_shape_vec((nk, nj, ni), voxels).ok();
    let ct = stored(Volume::new(grid.clone(), volume_i16(hu, &grid)?), how.lie);
    let labels = stored(Volume::new(grid, volume(labels)?), how.lie);
    Some(MadeScan { ct, labels: LabelMap { volume: labels, table: our_table() } })
}

fn volume_i16(voxels: Vec<i16>, grid: &Grid) -> Option<Array3<i16>> {
    let [ni, nj, nk] = grid.dims;
    Array3::from_shape_vec((nk, nj, ni), voxels).ok()
}

fn grid(posed: &Posed, how: &Condition, body: &Body) -> Option<Grid> {
    let heads: Vec<_> = posed.heads.iter().flatten().collect();
    let highest = heads.iter().map(|h| h.centre.z + h.radius).fold(f64::NEG_INFINITY, f64::max);
    let lowest = heads.iter().map(|h| h.centre.z).fold(f64::INFINITY, f64::min);
    let crests = posed.bones.iter().filter_map(|b| b.mesh.bounds()).map(|(_, high)| high.z());
    let top = match how.above_heads_mm {
        Some(above) => highest + above,
        None => crests.fold(highest, f64::max) + ABOVE_CRESTS_MM,
    };
    // A scan that ends below the hips is one of the thigh.
    let bottom = (lowest - how.below_heads_mm).min(top - 60.0);
    let [x, y] = body.bounds((bottom, top));
    let mut low = [x[0] - AROUND_MM, y[0] - AROUND_MM, bottom];
    let mut high = [x[1] + AROUND_MM, y[1] + AROUND_MM, top];
    match how.only {
        Some(coxa_geometry::Side::Left) => low[0] = posed.hips.x - 15.0,
        Some(coxa_geometry::Side::Right) => high[0] = posed.hips.x + 15.0,
        None => {}
    }
    let dims: [usize; 3] =
        std::array::from_fn(|a| ((high[a] - low[a]) / how.voxel_mm[a]).max(0.0) as usize + 1);
    // The uppermost slice lies where the field of view ends.
    low[2] = high[2] - (dims[2] - 1) as f64 * how.voxel_mm[2];
    (heads.len() + posed.bones.len() > 0 && low.iter().all(|v| v.is_finite()))
        .then(|| Grid::axis_aligned(dims, Point::new(low[0], low[1], low[2]), how.voxel_mm))
}

/// A bone as layers under its surface.
struct Layered<'a> {
    posed: &'a PosedBone,
    id: u8,
    distance: DistanceField,
    spacing: [f64; 3],
    spread: &'static [(f64, f64)],
    reach: f64,
}

impl<'a> Layered<'a> {
    fn new(posed: &'a PosedBone, grid: &Grid, kernel: Kernel) -> Self {
        let spacing = grid.spacing_mm();
        let widest = kernel.spread().iter().map(|(_, s)| *s).fold(0.0, f64::max);
        let voxel = spacing.iter().fold(0.0f64, |a, &b| a.max(b)) / 12.0_f64.sqrt();
        let reach = (REACH * widest.hypot(voxel)).max(JOINT_MM);
        let is_shaft = |p: Point3<f64>| !posed.is_of_pelvis() && (p - posed.centre).norm() > 45.0;
        let band = |p| reach + if is_shaft(p) { CORTEX_MM.1 } else { CORTEX_MM.0 };
        let distance = DistanceField::within(&posed.mesh, grid, reach + 1.0, band);
        let id = Bone::ALL.iter().position(|&b| b == posed.bone).map_or(0, |n| n as u8 + 1);
        Layered { posed, id, distance, spacing, spread: kernel.spread(), reach }
    }

    fn at(&self, [i, j, k]: [usize; 3]) -> Option<f64> {
        let (first, row) = self.distance.row(j, k)?;
        row.get(i.checked_sub(first)?).map(|d| f64::from(*d))
    }

    /// Standard deviation of the blur across the surface nearest to a voxel, for a spread in the slice.
    fn blur(&self, index: [usize; 3], in_slice: f64) -> f64 {
        let side = |axis: usize, up: bool| {
            let mut beside = index;
            beside[axis] = if up { index[axis] + 1 } else { index[axis].checked_sub(1)? };
            self.at(beside).filter(|d| d.is_finite())
        };
        let slope = |axis: usize| Some((side(axis, true)? - side(axis, false)?) / (2.0 * self.spacing[axis]));
        let normal = [0, 1, 2].map(|axis| slope(axis).unwrap_or(0.577));
        let length: f64 = normal.iter().map(|n| n * n).sum::<f64>().max(1e-9);
        let blur = [in_slice, in_slice, ALONG_MM];
        let square = |a: usize| {
            normal[a] * normal[a] / length * (blur[a] * blur[a] + self.spacing[a] * self.spacing[a] / 12.0)
        };
        (0..3).map(square).sum::<f64>().sqrt()
    }

    /// How much of a voxel is bone and how much of it lies within the cortex.
    fn shares(&self, index: [usize; 3], outside: f64, cortex_mm: f64) -> (f64, f64) {
        self.spread.iter().fold((0.0, 0.0), |(bone, core), (weight, in_slice)| {
            let blur = self.blur(index, *in_slice);
            let within = |depth: f64, blur: f64| {
                if depth.is_finite() { normal_below(depth / blur) } else { f64::from(u8::from(depth > 0.0)) }
            };
            (
                bone + weight * within(-outside, blur),
                core + weight * within(-outside - cortex_mm, blur.hypot(ENDOSTEAL_MM)),
            )
        })
    }
}

/// CT number without noise, and the label, of a voxel.
fn voxel(fields: &[Layered<'_>], body: &Body, seed: u64, index: [usize; 3], at: Point3<f64>) -> (f64, u8) {
    let mut near = fields.iter().filter_map(|f| f.at(index).filter(|d| *d < f.reach).map(|d| (f, d)));
    let Some(first) = near.next() else { return (body.hu(at), 0) };
    let mut soft = body.hu(at);
    let second = near.next();
    let third = near.next();
    if let Some(second) = second
        && first.0.posed.is_of_pelvis() != second.0.posed.is_of_pelvis()
    {
        let apart = first.1.max(0.0) + second.1.max(0.0);
        soft = if apart < JOINT_MM { CARTILAGE_HU } else { FOSSA_FAT_HU };
    } else if second.is_some() {
        // Sacro-iliac joint and symphysis.
        soft = CARTILAGE_HU;
    }
    let (mut value, mut label, mut deepest) = (soft, 0, 0.0);
    for (field, outside) in [Some(first), second, third].into_iter().flatten() {
        let material = field.posed.material(at);
        let grain = texture(seed ^ 0x7ab, at.x / 2.6, at.y / 2.6, at.z / 3.2);
        let (bone, core) = field.shares(index, outside, material.cortex_mm);
        let inner = material.core_hu + 0.7 * material.texture_hu * grain;
        value += (material.cortex_hu - soft) * bone + (inner - material.cortex_hu) * core;
        if outside < deepest {
            (label, deepest) = (field.id, outside);
        }
    }
    (value, label)
}

impl PosedBone {
    pub(super) fn is_of_pelvis(&self) -> bool {
        !matches!(self.bone, Bone::FemurRight | Bone::FemurLeft)
    }

    fn material(&self, at: Point3<f64>) -> coxa_synthetic::Material {
        let mut from = self.rotation.inverse() * (at - self.centre);
        if matches!(self.bone, Bone::FemurLeft | Bone::HipLeft) {
            from.x = -from.x;
        }
        material_about_hip(self.bone, from)
    }
}

/// The share of a normal distribution below a number of standard deviations (Abramowitz and Stegun 7.1.26, to 1.5e-7).
fn normal_below(z: f64) -> f64 {
    let x = (z / std::f64::consts::SQRT_2).abs();
    let t = 1.0 / (1.0 + 0.327_591_1 * x);
    let polynomial = t
        * (0.254_829_592
            + t * (-0.284_496_736 + t * (1.421_413_741 + t * (-1.453_152_027 + t * 1.061_405_429))));
    let tail = 0.5 * polynomial * (-x * x).exp();
    if z > 0.0 { 1.0 - tail } else { tail }
}

/// The same voxels in another order, or under a header that is not true.
fn stored<T: Copy>(mut volume: Volume<T>, lie: Lie) -> Volume<T> {
    let turned: [bool; 3] = match lie {
        Lie::Supine => return volume,
        Lie::Untrue(axis) => {
            let signs = Vector3::from_fn(|a, _| if a == axis { 1.0 } else { -1.0 });
            volume.grid.step = Matrix3::from_diagonal(&signs) * volume.grid.step;
            let origin = volume.grid.origin.coords().coords.component_mul(&signs);
            volume.grid.origin = Point::from_coords(origin.into());
            return volume;
        }
        Lie::Prone => [true, true, false],
        Lie::FeetFirst => [true, false, true],
    };
    for axis in (0..3).filter(|&a| turned[a]) {
        let last = (volume.grid.dims[axis] - 1) as f64;
        let end = volume.grid.origin.coords() + volume.grid.step.column(axis) * last;
        volume.grid.origin = Point::from_coords(end);
        let flipped = -volume.grid.step.column(axis);
        volume.grid.step.set_column(axis, &flipped);
        volume.voxels.invert_axis(Axis(2 - axis));
    }
    volume.voxels = volume.voxels.as_standard_layout().into_owned();
    volume
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_normal_distribution_has_its_known_shares() {
        for (z, share) in [(-1.96, 0.025), (0.0, 0.5), (1.0, 0.8413), (8.0, 1.0)] {
            assert!((normal_below(z) - share).abs() < 1e-4, "{z}");
        }
    }

    #[test]
    fn another_order_keeps_every_voxel_in_its_place() {
        let grid = Grid::axis_aligned([3, 4, 5], Point::new(1.0, 2.0, 3.0), [1.0, 2.0, 0.5]);
        let volume =
            Volume::new(grid, Array3::from_shape_fn((5, 4, 3), |(k, j, i)| (i + 10 * j + 100 * k) as i16));
        for lie in [Lie::Prone, Lie::FeetFirst] {
            let other = stored(volume.clone(), lie);
            for k in 0..5 {
                let index = Point::new(0.0, 1.0, f64::from(k));
                let there = other.grid.to_voxel(volume.grid.to_patient(index)).coords();
                let at = [2, 1, 0].map(|a| there[a].round() as usize);
                assert_eq!(other.voxels[at], volume.voxels[[k as usize, 1, 0]], "{lie:?}");
            }
        }
    }
}
