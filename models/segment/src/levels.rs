//! CT numbers that part air, soft tissue, bone and metal in one scan.

use super::field::{Field, OUTSIDE};
use coxa_anatomy::thresholds::{SOFT_TISSUE_HU, USUAL_MUSCLE_HU};

/// Thresholds of one scan.
#[derive(Debug, Clone, Copy)]
pub(super) struct Levels {
    /// Bone with partial volume: what may belong to a bone.
    pub(super) weak_bone: i16,
    /// Outer surface of bone at the resolution of the scan.
    pub(super) surface: i16,
    /// Muscle.
    pub(super) muscle: f64,
    /// How well the scan resolves cortex, from 0 in voxels of 3 mm to 1 in voxels of 1 mm.
    pub(super) resolves_cortex: f64,
}

impl Levels {
    /// From the peak of muscle in the scan. Thin cortex loses contrast in coarse voxels, so the surface lies nearer to
    /// muscle there.
    pub(super) fn of(field: &Field<i16>, spacing_mm: f64) -> Self {
        let bins = usize::from(SOFT_TISSUE_HU.1.abs_diff(SOFT_TISSUE_HU.0));
        let mut histogram = vec![0u64; bins];
        for &value in field.data.iter().filter(|&&v| v != OUTSIDE) {
            if value >= SOFT_TISSUE_HU.0 && value < SOFT_TISSUE_HU.1 {
                histogram[usize::from(value.abs_diff(SOFT_TISSUE_HU.0))] += 1;
            }
        }
        let width = 10;
        let smooth =
            |n: usize| histogram[n.saturating_sub(width)..(n + width + 1).min(bins)].iter().sum::<u64>();
        let peak = (width..bins - width).max_by_key(|&n| (smooth(n), std::cmp::Reverse(n)));
        let muscle = match peak {
            Some(n) if smooth(n) > 500 => n as f64 + f64::from(SOFT_TISSUE_HU.0),
            _ => USUAL_MUSCLE_HU,
        };
        let coarse = ((spacing_mm - 1.0) / 2.0).clamp(0.0, 1.0);
        Levels {
            weak_bone: (muscle + 85.0).round() as i16,
            surface: (muscle + 150.0 - 60.0 * coarse).round() as i16,
            muscle,
            resolves_cortex: 1.0 - coarse,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::field::Lattice;
    use nalgebra::Point3;

    #[test]
    fn thresholds_follow_the_muscle_of_the_scan() {
        let lattice = Lattice { dims: [20; 3], origin: Point3::origin(), step: 1.5 };
        // Fat, muscle spread over 20 HU, a little bone.
        let of = |muscle: i16| {
            let data = (0..lattice.len()).map(|n| match n % 10 {
                0..4 => -100,
                9 => 700,
                _ => muscle - 10 + (n / 10 % 21) as i16,
            });
            Levels::of(&Field { lattice, data: data.collect() }, 1.0)
        };
        for muscle in [30, 45, 60] {
            let levels = of(muscle);
            assert!((levels.muscle - f64::from(muscle)).abs() <= 3.0, "{levels:?}");
            assert!(levels.weak_bone < levels.surface);
        }
        let air = Levels::of(&Field::filled(lattice, -1000i16), 3.0);
        assert_eq!(air.muscle, USUAL_MUSCLE_HU);
        assert_eq!(air.resolves_cortex, 0.0);
    }
}
