//! Biharmonic splines in three dimensions: kernel |r| with a linear part (Duchon 1977; Wendland 2004, Scattered Data
//! Approximation, section 8).

use nalgebra::{DMatrix, Dyn, LU, Point3, Vector3};

/// Splines that lead away from fixed places, factorised once for all targets.
#[derive(Debug, Clone)]
pub(super) struct Warp {
    source: Vec<Point3<f64>>,
    system: LU<f64, Dyn, Dyn>,
}

/// A map of space that takes the places of a [`Warp`] to targets.
pub(super) struct Spline<'a> {
    source: &'a [Point3<f64>],
    /// A row for each place, then one for each of 1, x, y, z; coordinates from the first place.
    weights: DMatrix<f64>,
}

impl Warp {
    /// `None` where the places lie in a plane or two fall together.
    pub(super) fn from(source: Vec<Point3<f64>>) -> Option<Warp> {
        let count = source.len();
        let first = *source.first()?;
        let system = DMatrix::from_fn(count + 4, count + 4, |row, column| match (row, column) {
            (r, c) if r < count && c < count => (source[r] - source[c]).norm(),
            (r, c) if r < count => linear(&(source[r] - first))[c - count],
            (r, c) if c < count => linear(&(source[c] - first))[r - count],
            _ => 0.0,
        })
        .lu();
        system.is_invertible().then_some(Warp { source, system })
    }

    /// The spline to as many targets, `None` where they are not.
    pub(super) fn to(&self, target: &[Point3<f64>]) -> Option<Spline<'_>> {
        let count = self.source.len();
        if target.len() != count || !target.iter().all(|p| p.iter().all(|c| c.is_finite())) {
            return None;
        }
        let right = DMatrix::from_fn(count + 4, 3, |r, axis| if r < count { target[r][axis] } else { 0.0 });
        Some(Spline { source: &self.source, weights: self.system.solve(&right)? })
    }
}

impl Spline<'_> {
    pub(super) fn apply(&self, point: Point3<f64>) -> Point3<f64> {
        let mut sum = Vector3::zeros();
        let mut add = |row: usize, value: f64| {
            for axis in 0..3 {
                sum[axis] += value * self.weights[(row, axis)];
            }
        };
        for (row, place) in self.source.iter().enumerate() {
            add(row, (point - place).norm());
        }
        let count = self.source.len();
        for (k, value) in linear(&(point - self.source[0])).into_iter().enumerate() {
            add(count + k, value);
        }
        Point3::from(sum)
    }
}

fn linear(from_first: &Vector3<f64>) -> [f64; 4] {
    [1.0, from_first.x, from_first.y, from_first.z]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn places() -> Vec<Point3<f64>> {
        // Far from the origin, unevenly spread.
        (0..40)
            .map(|n| {
                let n = f64::from(n);
                Point3::new(300.0 + 40.0 * (n * 1.7).sin(), 30.0 * (n * 0.9).cos(), 2.0 * n - 900.0)
            })
            .collect()
    }

    proptest! {
        #[test]
        fn affine_maps_are_reproduced_everywhere(m in prop::array::uniform9(-1.0..1.0f64), x in -100.0..100.0f64) {
            let map = |p: &Point3<f64>| {
                let m = nalgebra::Matrix3::from_row_slice(&m) + nalgebra::Matrix3::identity() * 2.0;
                Point3::from(m * p.coords + Vector3::new(5.0, 6.0, 7.0))
            };
            let warp = Warp::from(places()).unwrap();
            let spline = warp.to(&places().iter().map(map).collect::<Vec<_>>()).unwrap();
            let away = Point3::new(300.0 + x, 20.0, -850.0 - x);
            prop_assert!((spline.apply(away) - map(&away)).norm() < 1e-6);
        }

        #[test]
        fn targets_are_met_and_between_them_the_map_is_smooth(seed in 0..1000u32) {
            let moved: Vec<_> = places()
                .iter()
                .enumerate()
                .map(|(n, p)| p + Vector3::repeat(4.0 * (f64::from(seed) + n as f64).sin()))
                .collect();
            let warp = Warp::from(places()).unwrap();
            let spline = warp.to(&moved).unwrap();
            for (from, to) in places().iter().zip(&moved) {
                prop_assert!((spline.apply(*from) - to).norm() < 1e-6);
            }
        }
    }

    #[test]
    fn places_in_a_plane_or_twice_are_refused() {
        let flat = places().into_iter().map(|p| Point3::new(p.x, p.y, 0.0)).collect();
        assert!(Warp::from(flat).is_none());
        assert!(Warp::from(Vec::new()).is_none());
        let warp = Warp::from(places()).unwrap();
        assert!(warp.to(&places()[1..]).is_none());
        assert!(warp.to(&vec![Point3::new(f64::NAN, 0.0, 0.0); 40]).is_none());
    }
}
