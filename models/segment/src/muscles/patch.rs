//! The part of a scan around the carried muscles of one side, on an even grid, seen as of a right hip.

use coxa_anatomy::calibration::Calibration;
use coxa_geometry::frame::{Patient, RightSide};
use coxa_geometry::{Mesh, Point, Side};
use coxa_imaging::distance::squared_distance;
use coxa_imaging::surface_distance::DistanceField;
use coxa_imaging::{CtVolume, Grid, LabelMap, Volume, resample};
use coxa_shape::muscle_atlas::{CarriedMuscle, CarriedMuscles};
use nalgebra::{Point3, Vector3};
use ndarray::Array3;

/// Step of the grid in mm: no finer than muscles need, no coarser than fat planes allow.
const STEP_MM: std::ops::RangeInclusive<f64> = 2.0..=3.0;
/// The grid reaches so far beyond the carried muscles, in mm: those of a stout person lie that much farther out.
const MARGIN_MM: f64 = 45.0;
/// Above muscle by this much, in HU, lies bone, calcification or contrast medium.
const ABOVE_MUSCLE_HU: f64 = 110.0;
/// Muscle so near to the surfaces, in mm, is thought to be of them.
const EXPLAINED_MM: f64 = 25.0;
/// Most voxels of the grid.
const MOST_VOXELS: usize = 20_000_000;

/// CT numbers that tell muscle from fat in one scan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Tissues {
    /// Muscle and fat alike, by volume.
    half: f64,
    /// From fat to muscle.
    contrast: f64,
    /// Brighter than muscle.
    most: f64,
}

impl Tissues {
    /// From the modes of fat and muscle of the scan; `None` where one of them is not seen.
    pub(super) fn of(calibration: &Calibration) -> Option<Tissues> {
        let mode = |wanted: &str| calibration.tissues_hu.iter().find(|(n, _)| n == wanted).map(|t| t.1);
        let (fat, muscle) = (mode("fat")?, mode("muscle")?);
        Some(Tissues { half: (fat + muscle) / 2.0, contrast: muscle - fat, most: muscle + ABOVE_MUSCLE_HU })
    }

    fn is_muscle(&self, hu: i16) -> bool {
        (self.half..=self.most).contains(&f64::from(hu))
    }

    fn is_soft(&self, hu: i16) -> bool {
        (self.half - self.contrast..=self.most).contains(&f64::from(hu))
    }

    /// How much of a voxel is muscle: 0 in fat and in bone, 1 in muscle.
    fn share(&self, hu: i16) -> f32 {
        let hu = f64::from(hu);
        let of_fat = 0.5 + (hu - self.half) / self.contrast * 1.25;
        let of_bone = 1.0 - (hu - self.most) / 50.0;
        of_fat.min(of_bone).clamp(0.0, 1.0) as f32
    }
}

/// The scan about the muscles of one side.
pub(super) struct Patch {
    side: Side,
    /// Grid along the axes, of even step.
    pub(super) grid: Grid<RightSide>,
    /// CT numbers.
    pub(super) hu: Vec<i16>,
    /// How much of each voxel is muscle, as far as CT numbers and labels say.
    pub(super) muscle: Vec<f32>,
    /// Whether a voxel may be muscle: in its range of CT numbers and of no other label.
    pub(super) candidate: Vec<bool>,
    /// Whether a voxel is soft tissue, fat included, of no other label.
    pub(super) soft: Vec<bool>,
}

impl Patch {
    /// `None` where the muscles lie outside the scan.
    pub(super) fn around(
        ct: &CtVolume,
        labels: &LabelMap,
        side: Side,
        carried: &CarriedMuscles,
        tissues: &Tissues,
    ) -> Option<Patch> {
        let [one, other] = ct.grid.bounds(0.0).map(|corner| side.enter(corner).coords());
        let (mut low, mut high) = (one.inf(&other), one.sup(&other));
        let step = ct.grid.voxel_volume_mm3().cbrt().clamp(*STEP_MM.start(), *STEP_MM.end());
        let (mut first, mut last) = (Point3::from([f64::INFINITY; 3]), Point3::from([f64::NEG_INFINITY; 3]));
        for CarriedMuscle { mesh, .. } in &carried.muscles {
            let (a, b) = mesh.bounds()?;
            (first, last) = (first.inf(&a.coords()), last.sup(&b.coords()));
        }
        let margin = Vector3::repeat(MARGIN_MM);
        (low, high) = (low.sup(&(first - margin)), high.inf(&(last + margin)));
        let dims: [usize; 3] =
            std::array::from_fn(|a| (((high[a] - low[a]) / step).floor() + 1.0).max(0.0) as usize);
        let voxels = dims.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
        if dims.contains(&0) || voxels.is_none_or(|n| n > MOST_VOXELS) || (0..3).any(|a| high[a] <= low[a]) {
            return None;
        }
        let grid = Grid::axis_aligned(dims, Point::from_coords(low), [step; 3]);
        let in_patient = patient_grid(&grid, side);
        let hu = resample::linear_smoothed(ct, &in_patient).as_slice().to_vec();
        let others = resample::nearest(&labels.volume, &in_patient);
        let free: Vec<bool> = others.as_slice().iter().map(|&id| id == 0).collect();
        let all = |f: &dyn Fn(i16) -> bool| hu.iter().zip(&free).map(|(&hu, &free)| free && f(hu)).collect();
        let muscle =
            hu.iter().zip(&free).map(|(&hu, &free)| if free { tissues.share(hu) } else { 0.0 }).collect();
        let (candidate, soft) = (all(&|hu| tissues.is_muscle(hu)), all(&|hu| tissues.is_soft(hu)));
        Some(Patch { side, grid, hu, muscle, candidate, soft })
    }

    /// The same voxels in the patient.
    pub(super) fn in_patient(&self) -> Grid {
        patient_grid(&self.grid, self.side)
    }

    /// The middle of a voxel, seen as of a right hip.
    pub(super) fn point(&self, n: usize) -> Point3<f64> {
        let [ni, nj, _] = self.grid.dims;
        let [i, j, k] = [n % ni, n / ni % nj, n / (ni * nj)].map(|c| c as f64);
        self.grid.to_patient(Point::new(i, j, k)).coords()
    }

    /// Fraction of muscle at a point, seen as of a right hip, between voxels; `None` outside.
    pub(super) fn muscle_at(&self, point: Point3<f64>) -> Option<f64> {
        let at = self.grid.to_voxel(Point::from_coords(point)).coords();
        let dims = self.grid.dims;
        if !(0..3).all(|a| at[a] >= 0.0 && at[a] < (dims[a] as f64 - 1.0)) {
            return None;
        }
        let cell = at.map(|c| c as usize);
        let part = at - cell.map(|c| c as f64);
        let strides = [1, dims[0], dims[0] * dims[1]];
        let base = cell.x + strides[1] * cell.y + strides[2] * cell.z;
        let mut sum = 0.0;
        for corner in 0..8usize {
            let (mut weight, mut index) = (1.0, base);
            for a in 0..3 {
                if corner >> a & 1 == 1 {
                    weight *= part[a];
                    index += strides[a];
                } else {
                    weight *= 1.0 - part[a];
                }
            }
            sum += weight * f64::from(self.muscle[index]);
        }
        Some(sum)
    }

    /// How deep each voxel lies in a closed surface, in mm; negative outside, and without end farther out than `reach_mm`.
    pub(super) fn depth(&self, mesh: &Mesh<RightSide>, reach_mm: f64) -> Vec<f32> {
        self.deepest(&[mesh], reach_mm)
    }

    /// How deep each voxel lies in the one of several closed surfaces in which it is deepest, see [`Patch::depth`].
    pub(super) fn deepest(&self, meshes: &[&Mesh<RightSide>], reach_mm: f64) -> Vec<f32> {
        let [ni, nj, nk] = self.grid.dims;
        let mut deepest = vec![f32::NEG_INFINITY; ni * nj * nk];
        for mesh in meshes {
            let field = DistanceField::within(mesh, &self.grid, reach_mm + 3.0, |_| reach_mm + 2.0);
            for k in 0..nk {
                for j in 0..nj {
                    let Some((first, row)) = field.row(j, k) else { continue };
                    let own = &mut deepest[first + ni * (j + nj * k)..];
                    own.iter_mut().zip(row).for_each(|(depth, value)| *depth = depth.max(-value));
                }
            }
        }
        deepest
    }

    /// Whether a point, seen as of a right hip, lies in the grid or less than so many mm outside.
    pub(super) fn is_near(&self, point: Point3<f64>, beyond_mm: f64) -> bool {
        let (low, high) = (self.point(0), self.point(self.hu.len() - 1));
        (0..3).all(|a| (low[a] - beyond_mm..=high[a] + beyond_mm).contains(&point[a]))
    }

    /// Index of the voxel nearest to a point, seen as of a right hip.
    pub(super) fn nearest(&self, point: Point3<f64>) -> Option<usize> {
        let at = self.grid.to_voxel(Point::from_coords(point)).coords().map(|c| (c + 0.5).floor());
        let dims = self.grid.dims;
        (0..3)
            .all(|a| at[a] >= 0.0 && at[a] < dims[a] as f64)
            .then(|| at.x as usize + dims[0] * (at.y as usize + dims[1] * at.z as usize))
    }

    /// How well surfaces together fill what is muscle and no more: Dice of what lies in one of them with the muscle within [`EXPLAINED_MM`] of any.
    pub(super) fn explained(&self, muscles: &[CarriedMuscle]) -> f64 {
        let meshes: Vec<_> = muscles.iter().map(|m| &m.mesh).collect();
        let inside: Vec<bool> = self.deepest(&meshes, 0.0).iter().map(|depth| *depth > 0.0).collect();
        let spacing = self.grid.spacing_mm();
        let away = squared_distance(&inside, self.grid.dims, spacing);
        let (mut both, mut sum) = (0.0, 0.0);
        for ((inside, away), muscle) in inside.iter().zip(away).zip(&self.muscle) {
            if f64::from(away) < EXPLAINED_MM * EXPLAINED_MM {
                let inside = f64::from(u8::from(*inside));
                both += inside * f64::from(*muscle);
                sum += inside + f64::from(*muscle);
            }
        }
        if sum > 0.0 { 2.0 * both / sum } else { 0.0 }
    }

    /// Share of the vertices, moved a little inwards, that lie in muscle; of those inside the scan.
    pub(super) fn muscle_share(&self, muscles: &[CarriedMuscle]) -> f64 {
        let (mut seen, mut sum) = (0.0, 0.0);
        for CarriedMuscle { mesh, .. } in muscles {
            for (vertex, normal) in mesh.vertices.iter().zip(mesh.vertex_normals()) {
                if let Some(share) = self.muscle_at(vertex.coords() - 3.0 * normal.coords()) {
                    seen += 1.0;
                    sum += share;
                }
            }
        }
        if seen > 0.0 { sum / seen } else { 0.0 }
    }

    /// Corners of the grid in the patient, lowest and highest.
    pub(super) fn bounds(&self) -> [Point<Patient>; 2] {
        self.in_patient().bounds(0.0)
    }

    /// Values on this grid, between its voxels, on the grid of the scan; 0 beyond.
    pub(super) fn linear_to_scan(&self, values: Vec<u8>, scan: &Grid) -> Vec<u8> {
        let [ni, nj, nk] = self.grid.dims;
        match Array3::from_shape_vec((nk, nj, ni), values) {
            Ok(voxels) => resample::linear(&Volume::new(self.in_patient(), voxels), scan).as_slice().to_vec(),
            Err(_) => vec![0; scan.len()],
        }
    }

    /// Places (1 for the first muscle, 0 for none) on this grid as ids on the grid of the scan, where CT numbers and labels there
    /// allow it.
    pub(super) fn to_scan(
        &self,
        ct: &CtVolume,
        labels: &LabelMap,
        places: &[u8],
        ids: &[u8],
        tissues: &Tissues,
    ) -> Vec<u8> {
        let [ni, nj, nk] = self.grid.dims;
        let Ok(voxels) = Array3::from_shape_vec((nk, nj, ni), places.to_vec()) else {
            return vec![0; ct.grid.len()];
        };
        let own = Volume::new(self.in_patient(), voxels);
        let there = resample::nearest(&own, &ct.grid);
        let at = |place: u8| usize::from(place).checked_sub(1).and_then(|n| ids.get(n)).copied().unwrap_or(0);
        there
            .as_slice()
            .iter()
            .zip(ct.as_slice())
            .zip(labels.volume.as_slice())
            .map(|((&place, &hu), &label)| if label == 0 && tissues.is_soft(hu) { at(place) } else { 0 })
            .collect()
    }
}

#[cfg(test)]
impl Patch {
    /// A cube of fat of so many voxels of 3 mm to a side about the origin, with muscle where a place is in it.
    pub(super) fn of_places(side: usize, is_muscle: impl Fn(Point3<f64>) -> bool) -> Patch {
        let half = 1.5 * (side as f64 - 1.0);
        let grid = Grid::axis_aligned([side; 3], Point::new(-half, -half, -half), [3.0; 3]);
        let count = side.pow(3);
        let mut patch = Patch {
            side: Side::Right,
            grid,
            hu: vec![0; count],
            muscle: vec![0.0; count],
            candidate: vec![true; count],
            soft: vec![true; count],
        };
        for n in 0..count {
            patch.muscle[n] = if is_muscle(patch.point(n)) { 1.0 } else { 0.0 };
        }
        patch
    }
}

/// The same voxels in the patient.
fn patient_grid(right: &Grid<RightSide>, side: Side) -> Grid {
    let mut step = right.step;
    if side == Side::Left {
        step[(0, 0)] = -step[(0, 0)];
    }
    Grid { dims: right.dims, origin: side.leave(right.origin), step }
}
