//! On which side the liver lies, where a scan reaches so far up: the only sign here that tells a scan from its mirror image.
//!
//! Bones of the two sides are each other's image. The right lobe of the liver is the thickest solid thing in the upper abdomen; spleen,
//! kidneys and the muscles of the back are 4 to 5 cm thick at most, and a wider ball does not fit into them.

use super::field::{Field, Lattice, OUTSIDE};
use super::scan::Scan;
use coxa_anatomy::Bone;
use coxa_anatomy::thresholds::SOLID_ORGAN_HU;
use coxa_geometry::{Finding, Point, Side, finding};
use coxa_imaging::LabelMap;
use coxa_imaging::distance::squared_distance;

/// Voxel size at which the liver is looked for.
const STEP_MM: f64 = 4.0;
const MOST_VOXELS: usize = 1 << 24;
/// The liver lies this far above the iliac crests.
const ABOVE_CREST_MM: f64 = 60.0;
/// Where its middle lies beside the midplane: no nearer, for psoas and spine lie there, and no farther, for arms do.
const BESIDE_MM: std::ops::Range<f64> = 25.0..130.0;
/// Radius of a ball that fits into the liver alone: 54 mm across, above the 4 to 5 cm of the others. Assumption, tried on one CT.
const LEAST_RADIUS_MM: f64 = 27.0;
/// The ball on the other side is smaller than this share of it.
const OTHER_SIDE: f64 = 0.75;

/// A caution where a solid organ as thick as the liver lies on the left, and none on the right.
pub(super) fn on_the_left(ct: &Scan<'_>, labels: &LabelMap) -> Option<Finding> {
    let [right, left] = thickest(ct, &Trunk::of(ct, labels)?);
    let is_left = left >= LEAST_RADIUS_MM && right < OTHER_SIDE * left;
    is_left.then(|| {
        let (thickness_mm, other_mm) = (2.0 * left, 2.0 * right);
        finding::LiverOnTheLeft { thickness_mm, other_mm, limit_mm: 2.0 * LEAST_RADIUS_MM }.finding()
    })
}

/// Where the trunk above the pelvis lies.
struct Trunk {
    middle_x: f64,
    above_z: f64,
}

impl Trunk {
    /// From the hip bones; `None` unless both are in view and the scan reaches beyond them.
    fn of(ct: &Scan<'_>, labels: &LabelMap) -> Option<Self> {
        let [right, left] = Side::BOTH.map(|side| extent(ct, labels, Bone::hip(side)));
        let (right, left) = (right?, left?);
        let above_z = right.1.max(left.1) + ABOVE_CREST_MM;
        let [_, high] = ct.grid.bounds(0.0);
        (above_z + LEAST_RADIUS_MM < high.z())
            .then_some(Trunk { middle_x: f64::midpoint(right.0, left.0), above_z })
    }
}

/// The mean of a bone's voxels to the left, and its uppermost.
fn extent(ct: &Scan<'_>, labels: &LabelMap, bone: Bone) -> Option<(f64, f64)> {
    let id = labels.id(bone.name())?;
    let [ni, nj, _] = ct.grid.dims;
    let (mut sum, mut count, mut top) = (0.0, 0.0, f64::NEG_INFINITY);
    for (n, _) in labels.volume.as_slice().iter().enumerate().filter(|(_, label)| **label == id) {
        let [i, j, k] = [n % ni, n / ni % nj, n / (ni * nj)].map(|i| i as f64);
        let at = ct.grid.to_patient(Point::new(i, j, k));
        sum += at.x();
        count += 1.0;
        top = f64::max(top, at.z());
    }
    (count > 0.0).then(|| (sum / count, top))
}

/// Radius of the largest ball of solid organ on the right and the left, in millimetres; beyond the scan there is none.
fn thickest(ct: &Scan<'_>, trunk: &Trunk) -> [f64; 2] {
    let field = Field::sample(ct, Lattice::around(&ct.grid, STEP_MM, MOST_VOXELS));
    let lattice = field.lattice;
    let other: Vec<bool> = (0..lattice.len()).map(|n| !is_organ(&field, n)).collect();
    let distances = squared_distance(&other, lattice.dims, [lattice.step; 3]);
    let mut most = [0.0f64; 2];
    for (n, &squared) in distances.iter().enumerate() {
        let at = lattice.place(n);
        let beside = at.x - trunk.middle_x;
        if at.z >= trunk.above_z && BESIDE_MM.contains(&beside.abs()) {
            let cell = lattice.cell(n);
            let to_face = (0..3).map(|a| cell[a].min(lattice.dims[a] - 1 - cell[a])).min().unwrap_or(0);
            let radius = f64::from(squared).sqrt().min((to_face + 1) as f64 * lattice.step);
            let side = usize::from(beside > 0.0);
            most[side] = most[side].max(radius);
        }
    }
    most
}

/// Whether the mean of a voxel and its neighbours is that of a solid organ: noise alone must not part it.
fn is_organ(field: &Field<i16>, n: usize) -> bool {
    let lattice = &field.lattice;
    let cell = lattice.cell(n);
    let around = |a: usize| cell[a].saturating_sub(1)..=(cell[a] + 1).min(lattice.dims[a] - 1);
    let (mut sum, mut count) = (0.0, 0.0);
    for z in around(2) {
        for y in around(1) {
            for x in around(0) {
                let value = field.data[lattice.index([x, y, z])];
                if value != OUTSIDE {
                    sum += f64::from(value);
                    count += 1.0;
                }
            }
        }
    }
    field.data[n] != OUTSIDE && SOLID_ORGAN_HU.contains(&(sum / count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_anatomy::label_names;

    use coxa_imaging::{CtVolume, Grid};
    use nalgebra::Point3;
    use ndarray::Array3;

    /// Two hip bones under a trunk of fat, with a ball of an organ at a place; 0 is the middle, at the crests.
    fn trunk(organs: &[(Point3<f64>, f64)], top_mm: f64) -> Option<Finding> {
        const STEP: f64 = 4.0;
        let dims = [80, 40, ((top_mm + 60.0) / STEP) as usize];
        let grid = Grid::axis_aligned(dims, Point::new(-160.0, -80.0, -60.0), [STEP; 3]);
        let place =
            |k: usize, j: usize, i: usize| grid.to_patient(Point::new(i as f64, j as f64, k as f64)).coords();
        let ids = Side::BOTH.map(|side| {
            label_names::our_table().iter().find(|l| l.name == Bone::hip(side).name()).unwrap().id
        });
        let values = Array3::from_shape_fn((dims[2], dims[1], dims[0]), |(k, j, i)| {
            let noise = ((i * 31 + j * 17 + k * 7) % 41) as i16 - 20;
            let inside = organs.iter().any(|(at, radius)| (place(k, j, i) - at).norm() <= *radius);
            noise + if inside { 55 } else { -100 }
        });
        let hips = Array3::from_shape_fn((dims[2], dims[1], dims[0]), |(k, j, i)| {
            let at = place(k, j, i);
            let is_hip = at.z < 0.0 && (40.0..100.0).contains(&at.x.abs());
            if is_hip { ids[usize::from(at.x > 0.0)] } else { 0 }
        });
        let ct = CtVolume::new(grid.clone(), values);
        let labels =
            LabelMap { volume: coxa_imaging::Volume::new(grid, hips), table: label_names::our_table() };
        on_the_left(&Scan::centred(&ct), &labels)
    }

    #[test]
    fn a_liver_on_the_left_is_named_and_one_on_the_right_is_not() {
        let at = |x: f64, z: f64| Point3::new(x, 0.0, z);
        let liver = |x: f64| (at(x, 120.0), 45.0);
        let found = trunk(&[liver(70.0)], 200.0).expect("a liver on the left");
        assert!((found.value.unwrap() - 90.0).abs() < 12.0, "{:?}", found.value);
        for (organs, top, what) in [
            (vec![liver(-70.0)], 200.0, "on the right"),
            (vec![liver(70.0), liver(-70.0)], 200.0, "on both sides"),
            (vec![(at(70.0, 120.0), 22.0)], 200.0, "a spleen"),
            (vec![liver(0.0)], 200.0, "in the middle"),
            (vec![(at(70.0, 20.0), 45.0)], 200.0, "at the crests"),
            (vec![liver(70.0)], 80.0, "a scan that ends below it"),
        ] {
            assert_eq!(trunk(&organs, top), None, "{what}");
        }
    }
}
