//! The CT numbers of a scan's common tissues, as modes of its histogram.

use coxa_imaging::CtVolume;
use std::ops::RangeInclusive;

/// Standard deviation of the kernel that the histogram is smoothed by, in HU: less than tissues are apart, more than the scatter
/// of counts.
const SMOOTHING_HU: f64 = 4.0;
/// A tissue of which fewer voxels are seen near its mode is not there.
const FEWEST_VOXELS: f64 = 2000.0;
/// Voxels counted near a mode, each way.
const NEAR_HU: i32 = 10;

/// Numbers of voxels by CT number.
pub(super) struct Histogram {
    first_hu: i32,
    counts: Vec<f64>,
}

impl Histogram {
    /// Of a whole scan, from -1100 to 400 HU.
    pub(super) fn new(ct: &CtVolume) -> Self {
        let (first_hu, last_hu) = (-1100, 400);
        let mut counts = vec![0.0; (last_hu - first_hu + 1) as usize];
        for &hu in ct.as_slice() {
            if let Some(count) =
                usize::try_from(i32::from(hu) - first_hu).ok().and_then(|i| counts.get_mut(i))
            {
                *count += 1.0;
            }
        }
        Histogram { first_hu, counts }
    }

    /// The most common CT number in a range, to a fraction of a unit; `None` where its tissue is not there, or counts only rise
    /// towards an end of the range.
    pub(super) fn mode(&self, range: RangeInclusive<i32>) -> Option<f64> {
        let smooth: Vec<(i32, f64)> =
            (range.start() - 1..=range.end() + 1).map(|hu| (hu, self.smoothed(hu))).collect();
        let most = (1..smooth.len() - 1).max_by(|&a, &b| smooth[a].1.total_cmp(&smooth[b].1))?;
        let [(_, before), (hu, at), (_, after)] = [smooth[most - 1], smooth[most], smooth[most + 1]];
        let is_peak = at >= before && at >= after && (before < at || after < at);
        let near: f64 = (hu - NEAR_HU..=hu + NEAR_HU).map(|hu| self.count(hu)).sum();
        if !is_peak || near < FEWEST_VOXELS {
            return None;
        }
        // Apex of the parabola through the three.
        Some(f64::from(hu) + 0.5 * (before - after) / (before - 2.0 * at + after))
    }

    fn count(&self, hu: i32) -> f64 {
        let index = usize::try_from(hu - self.first_hu).ok();
        index.and_then(|i| self.counts.get(i)).copied().unwrap_or(0.0)
    }

    fn smoothed(&self, hu: i32) -> f64 {
        let reach = (4.0 * SMOOTHING_HU) as i32;
        (-reach..=reach)
            .map(|step| {
                let z = f64::from(step) / SMOOTHING_HU;
                (-0.5 * z * z).exp() * self.count(hu + step)
            })
            .sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use coxa_imaging::{Grid, Volume};
    use ndarray::Array3;

    fn ct(of: impl Fn(usize) -> i16) -> CtVolume {
        let grid = Grid::axis_aligned([40; 3], Point::origin(), [1.0; 3]);
        let values = (0..40 * 40 * 40).map(of).collect();
        Volume::new(grid, Array3::from_shape_vec((40, 40, 40), values).unwrap())
    }

    /// A triangle of CT numbers around a middle.
    fn around(middle: i32, i: usize) -> i16 {
        (middle + (i % 21) as i32 / 2 + (i / 21 % 21) as i32 / 2 - 10) as i16
    }

    #[test]
    fn modes_are_found_where_tissues_are_and_only_there() {
        let two =
            Histogram::new(&ct(
                |i| if i.is_multiple_of(3) { around(-104, i / 3) } else { around(57, i / 3) },
            ));
        assert!((two.mode(-150..=-60).unwrap() + 104.0).abs() < 0.7);
        assert!((two.mode(20..=100).unwrap() - 57.0).abs() < 0.7);
        assert_eq!(two.mode(-1030..=-960), None);
        // A slope is no mode, nor is a handful of voxels.
        assert_eq!(two.mode(70..=100), None);
        let few = Histogram::new(&ct(|i| if i < 500 { 50 } else { 300 }));
        assert_eq!(few.mode(20..=100), None);
        let constant = Histogram::new(&ct(|_| 50));
        assert!((constant.mode(20..=100).unwrap() - 50.0).abs() < 1e-9);
    }
}
