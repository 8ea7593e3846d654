//! The whole range of motion at once: every position of the hip free, or in contact by which pair.

use super::error::SimulateError;
use super::joint::PlannedJoint;
use super::pair::ContactPair;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Point};
use coxa_imaging::{Grid, Volume};
use coxa_rom::map::{MapAxis, MapOptions, RomMap};
use nalgebra::{Matrix3, Vector3};
use ndarray::Array3;
use serde::{Deserialize, Serialize};

/// Name of the map's file in a case.
pub const MAP_FILE: &str = "rom_map.nii.gz";

/// Every position of a planned hip. Angles are of the femur against the pelvis as it lay supine, whatever the posture.
#[derive(Debug, Clone)]
pub struct RangeMap {
    map: RomMap,
    /// Whether each cell is free and joined to neutral by free cells.
    reachable: Vec<bool>,
}

/// What a map says, for `rom.json`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MapSummary {
    /// The file of labels, one voxel for each position; its coordinates are the angles in degrees.
    pub file: String,
    /// First, second and third axis of the file: flexion, adduction, internal rotation.
    pub axes: Vec<AxisSummary>,
    /// Part of the map's rotations that is free, by the invariant measure of rotations.
    #[serde(rename = "free_share")]
    pub free_fraction: f64,
    /// Part that is free and can be reached from neutral without contact: the range-of-motion score.
    #[serde(rename = "reachable_share")]
    pub reachable_fraction: f64,
    /// What each label means and how many positions have it.
    pub labels: Vec<LabelSummary>,
}

/// One axis of a map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AxisSummary {
    /// The hip angle.
    pub angle: String,
    /// First value.
    pub first_deg: f64,
    /// From one value to the next.
    pub step_deg: f64,
    /// How many values.
    pub count: usize,
}

/// One label of a map.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LabelSummary {
    /// The voxel value.
    pub label: u8,
    /// `free`, or the pair that is in contact.
    pub name: String,
    /// How many positions have it.
    pub positions: usize,
}

impl RangeMap {
    /// Answers every position of a joint at steps of 1 degree; `progress` is called now and then with the part done.
    pub(super) fn new(joint: &PlannedJoint, progress: &(dyn Fn(f64) + Sync)) -> Result<Self, SimulateError> {
        RangeMap::with(joint, MapOptions::default(), progress)
    }

    /// As those of a file, at steps of other degrees.
    ///
    /// # Errors
    /// A step that is not positive, or a joint whose bodies were made for an earlier plan.
    pub fn at_steps(
        joint: &PlannedJoint,
        step_deg: f64,
        progress: &(dyn Fn(f64) + Sync),
    ) -> Result<Self, SimulateError> {
        let of = |axis: MapAxis| {
            let last = axis.first_deg + axis.step_deg * (axis.count as f64 - 1.0);
            MapAxis::new(axis.first_deg, last, step_deg)
        };
        let MapOptions { flexion, adduction, internal_rotation } = MapOptions::default();
        let [flexion, adduction, internal_rotation] = [flexion, adduction, internal_rotation].map(of);
        RangeMap::with(joint, MapOptions { flexion, adduction, internal_rotation }, progress)
    }

    fn with(
        joint: &PlannedJoint,
        options: MapOptions,
        progress: &(dyn Fn(f64) + Sync),
    ) -> Result<Self, SimulateError> {
        let pairs =
            joint.pairs().ok_or(SimulateError::Incomplete("joint, whose bodies are of an earlier plan,"))?;
        let map = RomMap::new(&pairs, options, progress)?;
        let reachable = reachable(&map);
        Ok(RangeMap { map, reachable })
    }

    /// The values of an axis: flexion, adduction, internal rotation.
    pub fn axes(&self) -> [MapAxis; 3] {
        let MapOptions { flexion, adduction, internal_rotation } = *self.map.options();
        [flexion, adduction, internal_rotation]
    }

    /// The pair that is in contact at a cell, by its indices along the axes; `None` where it is free.
    pub fn contact(&self, cell: [usize; 3]) -> Option<ContactPair> {
        let [flexion, adduction, rotation] = cell;
        ContactPair::ALL.get(self.map.contact(flexion, adduction, rotation)?).copied()
    }

    /// Whether a cell is free and can be reached from neutral without contact.
    pub fn is_reachable(&self, cell: [usize; 3]) -> bool {
        let counts = self.axes().map(|axis| axis.count);
        let inside = cell.iter().zip(counts).all(|(&index, count)| index < count);
        inside && self.reachable.get(place(cell, counts)).copied().unwrap_or(false)
    }

    /// The nearest index along an axis; `None` where the map ends before it.
    pub fn index(axis: &MapAxis, angle: Angle) -> Option<usize> {
        let index = ((angle.degrees() - axis.first_deg) / axis.step_deg).round();
        (index >= 0.0 && index < axis.count as f64).then_some(index as usize)
    }

    /// The map as labels: zero where free, else one more than the place of the pair in [`ContactPair::ALL`]. A reader of NIfTI
    /// finds flexion, adduction and internal rotation in degrees as x, y and z.
    pub fn labels(&self) -> Volume<u8> {
        let [flexion, adduction, rotation] = self.axes();
        // The patient frame of this library has x and y the other way round than NIfTI.
        let grid = Grid {
            dims: [flexion.count, adduction.count, rotation.count],
            origin: Point::new(-flexion.first_deg, -adduction.first_deg, rotation.first_deg),
            step: Matrix3::from_diagonal(&Vector3::new(
                -flexion.step_deg,
                -adduction.step_deg,
                rotation.step_deg,
            )),
        };
        let shape = (rotation.count, adduction.count, flexion.count);
        let voxels = Array3::from_shape_fn(shape, |(r, a, f)| {
            self.map.contact(f, a, r).map_or(0, |pair| pair as u8 + 1)
        });
        Volume::new(grid, voxels)
    }

    /// The map of a file, as [`RangeMap::labels`] makes it; `None` where the labels are no map of this program's.
    pub fn of_labels(labels: &Volume<u8>) -> Option<Self> {
        let options = MapOptions::default();
        let MapOptions { flexion, adduction, internal_rotation } = options;
        if labels.grid.dims != [flexion.count, adduction.count, internal_rotation.count] {
            return None;
        }
        let map = RomMap::of_contacts(options, ContactPair::ALL.len(), |f, a, r| labels.voxels[[r, a, f]])?;
        let reachable = reachable(&map);
        Some(RangeMap { map, reachable })
    }

    /// What the map says.
    pub fn summary(&self) -> MapSummary {
        let names = ["flexion", "adduction", "internal_rotation"];
        let axes = names.into_iter().zip(self.axes()).map(|(angle, axis)| AxisSummary {
            angle: angle.into(),
            first_deg: axis.first_deg,
            step_deg: axis.step_deg,
            count: axis.count,
        });
        let (free, stopped) = self.map.census(ContactPair::ALL.len());
        let causes = ContactPair::ALL.iter().map(|pair| pair.name()).zip(stopped);
        let labels = std::iter::once(("free", free)).chain(causes);
        MapSummary {
            file: MAP_FILE.into(),
            axes: axes.collect(),
            free_fraction: self.map.free_fraction(),
            reachable_fraction: self.reachable_fraction(),
            labels: (0u8..)
                .zip(labels)
                .map(|(label, (name, positions))| LabelSummary { label, name: name.into(), positions })
                .collect(),
        }
    }

    fn reachable_fraction(&self) -> f64 {
        let [_, adduction, rotation] = self.axes();
        let (mut free, mut all) = (0.0, 0.0);
        for (row, cells) in self.reachable.chunks_exact(rotation.count).enumerate() {
            let index = row % adduction.count;
            let weight = Angle::from_degrees(adduction.first_deg + adduction.step_deg * index as f64).cos();
            free += weight * cells.iter().filter(|&&cell| cell).count() as f64;
            all += weight * cells.len() as f64;
        }
        if all > 0.0 { free / all } else { 0.0 }
    }
}

/// Place of a cell in a list in which rotation runs fastest, then adduction.
fn place([flexion, adduction, rotation]: [usize; 3], [_, na, nr]: [usize; 3]) -> usize {
    (flexion * na + adduction) * nr + rotation
}

/// The free cells that are joined to neutral across faces of cells.
fn reachable(map: &RomMap) -> Vec<bool> {
    let MapOptions { flexion, adduction, internal_rotation } = *map.options();
    let axes = [flexion, adduction, internal_rotation];
    let counts = axes.map(|axis| axis.count);
    let mut reached = vec![false; counts.iter().product()];
    let neutral = HipAngles::default();
    let angles = [neutral.flexion, neutral.adduction, neutral.internal_rotation];
    let [Some(f), Some(a), Some(r)] = [0, 1, 2].map(|i| RangeMap::index(&axes[i], angles[i])) else {
        return reached;
    };
    let is_free = |[f, a, r]: [usize; 3]| map.contact(f, a, r).is_none();
    let mut open = Vec::new();
    if is_free([f, a, r]) {
        reached[place([f, a, r], counts)] = true;
        open.push([f, a, r]);
    }
    while let Some(cell) = open.pop() {
        for axis in 0..3 {
            let mut visit = |index: usize| {
                let mut next = cell;
                next[axis] = index;
                let at = place(next, counts);
                if !reached[at] && is_free(next) {
                    reached[at] = true;
                    open.push(next);
                }
            };
            if cell[axis] > 0 {
                visit(cell[axis] - 1);
            }
            if cell[axis] + 1 < counts[axis] {
                visit(cell[axis] + 1);
            }
        }
    }
    reached
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::PlanOptions;
    use crate::placement::synthetic::Case;

    #[test]
    fn the_map_agrees_with_single_positions_and_its_file_with_the_map() {
        let case = Case::right();
        let planned = case.plan(PlanOptions::default());
        let joint = PlannedJoint::new(&planned, &case.anatomy).unwrap();
        let map = RangeMap::new(&joint, &|_| {}).unwrap();
        let labels = map.labels();
        assert_eq!(labels.grid.dims, [181, 121, 181]);
        let mut seen = std::collections::BTreeSet::new();
        for f in (0..181).step_by(23) {
            for a in (0..121).step_by(17) {
                for r in (0..181).step_by(19) {
                    let angles = HipAngles::from_degrees(f as f64 - 40.0, a as f64 - 60.0, r as f64 - 90.0);
                    let expected = joint.contact(angles);
                    assert_eq!(map.contact([f, a, r]), expected, "{angles}");
                    let label = labels.voxels[[r, a, f]];
                    let named = ContactPair::ALL.iter().position(|pair| Some(*pair) == expected);
                    assert_eq!(usize::from(label), named.map_or(0, |n| n + 1));
                    assert!(!map.is_reachable([f, a, r]) || expected.is_none());
                    seen.insert(label);
                }
            }
        }
        assert!(seen.len() >= 3, "{seen:?}");
        // What a reader of NIfTI takes for coordinates are degrees: x and y of the patient frame turn over.
        let at = labels.grid.to_patient(Point::new(130.0, 60.0, 45.0));
        assert!((-at.x() - 90.0).abs() < 1e-9 && at.y().abs() < 1e-9 && (at.z() + 45.0).abs() < 1e-9);

        let again = RangeMap::of_labels(&labels).unwrap();
        assert_eq!((&again.map, &again.reachable), (&map.map, &map.reachable));
        let mut wrong = labels.clone();
        wrong.voxels[[0, 0, 0]] = 9;
        assert!(RangeMap::of_labels(&wrong).is_none());

        let summary = map.summary();
        assert_eq!(summary.labels.iter().map(|l| l.positions).sum::<usize>(), labels.voxels.len());
        assert!(summary.reachable_fraction > 0.05 && summary.reachable_fraction <= summary.free_fraction);
        assert_eq!(summary.labels[0].name, "free");
    }
}
