//! Volume, fat and lean mass of labelled muscles.

use coxa_anatomy::muscle::{LEAN_G_CM3, MUSCLES, MuscleMeasure, MuscleTrust};
use coxa_anatomy::thresholds::{FAT_HU, LEAN_MUSCLE_HU, LEAN_RAMP_HU, MUSCLE_WITH_FAT_HU};
use coxa_geometry::{Measured, Side, Unit};
use coxa_imaging::{CtVolume, LabelMap};

/// By so much scanners differ in the CT number of the same tissue, one standard deviation. Assumption.
const UNSURE_HU: f64 = 5.0;
/// A boundary is sure to this part of a voxel everywhere at once. Assumption.
const BOUNDARY_VOXELS: f64 = 0.25;

/// Takes up how far labels are to be trusted: volume and lean mass are no surer than the ways that found them are at one.
pub fn trusted(muscles: &mut [MuscleMeasure], trust: &[MuscleTrust]) {
    for muscle in muscles {
        let structure = format!("{}_{}", muscle.name, muscle.side);
        let Some(trust) = trust.iter().find(|trust| trust.structure == structure) else { continue };
        let sd = trust.volume_sd_cm3();
        let relative = sd / muscle.volume.value.max(1e-9);
        muscle.volume.spread = muscle.volume.spread.hypot(sd);
        muscle.volume.method.push_str(", and the difference between atlas and network");
        muscle.lean_mass.spread = muscle.lean_mass.spread.hypot(relative * muscle.lean_mass.value);
        muscle.predicted_dice = Some(trust.predicted_dice);
    }
}

/// What is summed over the voxels of one muscle.
#[derive(Default)]
struct Sums {
    voxels: usize,
    /// Faces to what is not this muscle, along i, j and k.
    faces: [usize; 3],
    tissue_voxels: usize,
    hu: f64,
    squared_hu: f64,
    lean: f64,
    /// The same of a scanner that reads [`UNSURE_HU`] less.
    lean_if_less: f64,
}

/// Measures every muscle that is labelled, in the order of [`MUSCLES`], right before left. CT and labels lie on one grid; where
/// they do not, nothing is measured.
pub fn measure_muscles(ct: &CtVolume, labels: &LabelMap) -> Vec<MuscleMeasure> {
    if ct.grid.dims != labels.volume.grid.dims {
        return Vec::new();
    }
    let mut wanted = Vec::new();
    for name in MUSCLES {
        for side in Side::BOTH {
            let full = format!("{name}_{side}");
            if let Some(label) = labels.table.iter().find(|label| label.name == full) {
                wanted.push((name, side, label.id));
            }
        }
    }
    if wanted.is_empty() {
        return Vec::new();
    }
    let sums = sum(ct, labels, &wanted.iter().map(|(.., id)| *id).collect::<Vec<_>>());
    let cut = labels.at_edge();
    let found = wanted.iter().zip(&sums).filter(|(_, sums)| sums.tissue_voxels > 0);
    let measured = |(&(name, side, id), sums): (&(&str, Side, u8), &Sums)| {
        sums.measure(name, side, cut[usize::from(id)], labels)
    };
    found.map(measured).collect()
}

fn sum(ct: &CtVolume, labels: &LabelMap, ids: &[u8]) -> Vec<Sums> {
    let mut place = [None; 256];
    ids.iter().enumerate().for_each(|(index, &id)| place[usize::from(id)] = Some(index));
    let mut sums: Vec<Sums> = ids.iter().map(|_| Sums::default()).collect();
    let voxels = &labels.volume.voxels;
    let (nk, nj, ni) = voxels.dim();
    for ((index, &label), &hu) in voxels.indexed_iter().zip(ct.as_slice()) {
        let Some(own) = place[usize::from(label)] else { continue };
        let own = &mut sums[own];
        own.voxels += 1;
        let (k, j, i) = index;
        for (axis, at, end) in [(0, i, ni), (1, j, nj), (2, k, nk)] {
            for forwards in [false, true] {
                let next = if forwards { Some(at + 1).filter(|&n| n < end) } else { at.checked_sub(1) };
                let Some(next) = next else { continue };
                let neighbour = match axis {
                    0 => (k, j, next),
                    1 => (k, next, i),
                    _ => (next, j, i),
                };
                own.faces[axis] += usize::from(voxels[neighbour] != label);
            }
        }
        if MUSCLE_WITH_FAT_HU.contains(&hu) {
            let hu = f64::from(hu);
            own.tissue_voxels += 1;
            own.hu += hu;
            own.squared_hu += hu * hu;
            let [none, whole] = LEAN_RAMP_HU;
            let share = |hu: f64| ((hu - none) / (whole - none)).clamp(0.0, 1.0);
            own.lean += share(hu);
            own.lean_if_less += share(hu - UNSURE_HU);
        }
    }
    sums
}

impl Sums {
    fn measure(&self, name: &str, side: Side, is_cut: bool, labels: &LabelMap) -> MuscleMeasure {
        let grid = &labels.volume.grid;
        let voxel_mm3 = grid.voxel_volume_mm3();
        let volume_cm3 = self.voxels as f64 * voxel_mm3 / 1000.0;
        // Faces of a slanted surface are counted three ways, which makes it half again as large; moved by a part of a voxel along
        // each axis, each face sweeps that part of a voxel's volume.
        let swept: usize = self.faces.iter().sum();
        let volume_sd = BOUNDARY_VOXELS * swept as f64 * voxel_mm3 / 1000.0 / 1.5;
        let count = self.tissue_voxels as f64;
        let mean_hu = self.hu / count;
        let noise = (self.squared_hu / count - mean_hu * mean_hu).max(0.0);
        // Neighbouring voxels are not independent: noise of a tenth of them.
        let mean_sd = (noise / (count / 10.0).max(1.0)).sqrt();
        let ([lean, lean_sd], [fat, fat_sd]) = (LEAN_MUSCLE_HU, FAT_HU);
        let fraction = fat_fraction(mean_hu, lean, fat);
        // First order in all three.
        let share = (lean - mean_hu) / (lean - fat);
        let fraction_sd =
            (mean_sd.hypot(lean_sd * (1.0 - share)).hypot(fat_sd * share) / (lean - fat)).min(1.0);
        let lean_g = self.lean * voxel_mm3 / 1000.0 * LEAN_G_CM3;
        let of = "over the voxels of its label";
        let measured = |value, spread, unit, method: String| Measured { value, spread, unit, method };
        MuscleMeasure {
            name: name.into(),
            side,
            is_cut,
            volume: measured(
                volume_cm3,
                volume_sd,
                Unit::CubicCentimetre,
                "voxels of its label; the spread assumes a boundary error of a quarter of a voxel everywhere"
                    .into(),
            ),
            mean: measured(
                mean_hu,
                mean_sd,
                Unit::Hounsfield,
                format!("mean {of} from {} to {} HU", MUSCLE_WITH_FAT_HU.start(), MUSCLE_WITH_FAT_HU.end()),
            ),
            fat_fraction: measured(
                fraction,
                fraction_sd,
                Unit::Ratio,
                format!("mixture of lean muscle ({lean} HU) and fat ({fat} HU) that gives the mean"),
            ),
            lean_mass: measured(
                lean_g,
                (lean_g * volume_sd / volume_cm3)
                    .hypot(lean_g * (1.0 - self.lean_if_less / self.lean.max(1e-9))),
                Unit::Gram,
                format!(
                    "lean fraction rising from 0 at -30 HU to 1 at 30 HU, times {LEAN_G_CM3} g/cm3, {of}"
                ),
            ),
            predicted_dice: None,
        }
    }
}

/// Share of fat in a mixture of lean muscle and fat, 0 to 1.
pub fn fat_fraction(mean_hu: f64, lean_hu: f64, fat_hu: f64) -> f64 {
    ((lean_hu - mean_hu) / (lean_hu - fat_hu)).clamp(0.0, 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use coxa_imaging::{Grid, Label, Volume};
    use ndarray::Array3;

    /// Blocks of right and left gluteus medius in fat, the left touching the end of the scan.
    fn scan(hu_right: i16, hu_left: i16) -> (CtVolume, LabelMap) {
        let grid = Grid::axis_aligned([30, 20, 20], Point::origin(), [2.0, 1.0, 1.5]);
        let inside = |i: usize, j: usize, k: usize| {
            let block = (5..15).contains(&j) && (5..15).contains(&k);
            match i {
                2..=11 if block => 1,
                20..=29 if block => 2,
                _ => 0u8,
            }
        };
        let labels = Array3::from_shape_fn((20, 20, 30), |(k, j, i)| inside(i, j, k));
        let ct = labels.map(|&label| [-105, hu_right, hu_left][usize::from(label)]);
        let label = |id, name: &str| Label { id, name: name.into(), snomed: None, colour: [0; 3] };
        let table = vec![label(1, "gluteus_medius_right"), label(2, "gluteus_medius_left")];
        (Volume::new(grid.clone(), ct), LabelMap { volume: Volume::new(grid, labels), table })
    }

    #[test]
    fn a_block_measures_what_it_is() {
        assert_eq!(fat_fraction(20.0, 60.0, -100.0), 0.25);
        let (ct, labels) = scan(58, -20);
        let found = measure_muscles(&ct, &labels);
        let [right, left] = &found[..] else { panic!("{found:?}") };
        assert_eq!((right.side, left.side, right.name.as_str()), (Side::Right, Side::Left, "gluteus_medius"));
        assert!((right.volume.value - 3.0).abs() < 1e-12 && !right.is_cut && left.is_cut);
        assert_eq!((right.mean.value, right.fat_fraction.value), (58.0, 0.0));
        assert!((right.lean_mass.value - 3.18).abs() < 1e-9);
        assert!((left.fat_fraction.value - 78.0 / 163.0).abs() < 1e-12);
        assert!((left.lean_mass.value - 3.18 / 6.0).abs() < 1e-9);
        // 600 faces of 3 mm3, a quarter of each, over one and a half.
        assert!((right.volume.spread - 0.3).abs() < 1e-12);
        assert!(right.fat_fraction.spread > 0.01 && right.fat_fraction.spread < 0.03);
    }

    #[test]
    fn fat_takes_lean_mass_and_never_adds_it() {
        let mass = |hu| measure_muscles(&scan(hu, hu).0, &scan(hu, hu).1)[0].lean_mass.value;
        let masses: Vec<f64> = (-60..=100).step_by(5).map(mass).collect();
        assert!(masses.is_sorted() && masses[0] == 0.0);
    }

    #[test]
    fn bone_and_air_in_a_label_are_no_muscle() {
        let (ct, mut labels) = scan(400, 50);
        assert_eq!(measure_muscles(&ct, &labels).len(), 1);
        labels.table.clear();
        assert_eq!(measure_muscles(&ct, &labels), []);
        let other = scan(50, 50).1;
        let smaller =
            Volume::new(Grid::axis_aligned([2; 3], Point::origin(), [1.0; 3]), Array3::zeros((2, 2, 2)));
        assert_eq!(measure_muscles(&smaller, &other), []);
    }
}
