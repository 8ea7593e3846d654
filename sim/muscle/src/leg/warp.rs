//! A smooth map of space that takes some places exactly to others.

use nalgebra::{DMatrix, Matrix3, Point3, Vector3};

/// Fewer places than this leave the map open.
const LEAST: usize = 4;
/// The system counts as unsolvable where its smallest singular value is this share of the largest.
const SINGULAR: f64 = 1e-10;

/// The thin-plate map in space: an affine map and, for each place, a term that grows with the distance from it; of all maps through
/// the pairs it bends least (Bookstein 1989, IEEE Trans Pattern Anal Mach Intell 11:567; in three dimensions the kernel is the distance).
/// Four pairs make it affine.
#[derive(Debug, Clone)]
pub(super) struct Warp {
    from: Vec<Point3<f64>>,
    /// One row for each place, then the offset, then the affine part.
    weights: DMatrix<f64>,
}

impl Warp {
    /// From places to others; `None` where they are too few or lie in a plane.
    pub(super) fn new(pairs: &[(Point3<f64>, Point3<f64>)]) -> Option<Warp> {
        let n = pairs.len();
        if n < LEAST {
            return None;
        }
        let from: Vec<_> = pairs.iter().map(|pair| pair.0).collect();
        let middle = from.iter().fold(Vector3::zeros(), |sum, p| sum + p.coords) / n as f64;
        let spread = from.iter().map(|p| (p.coords - middle).norm()).fold(0.0, f64::max);
        let affine = |p: &Point3<f64>, column: usize| if column == 0 { 1.0 } else { p[column - 1] };
        let flat = DMatrix::from_fn(n, 3, |row, column| from[row][column] - middle[column]);
        let singular = flat.singular_values();
        if spread <= 0.0 || singular[2] < SINGULAR.sqrt() * spread {
            return None;
        }
        let system = DMatrix::from_fn(n + 4, n + 4, |row, column| match (row < n, column < n) {
            (true, true) => -(from[row] - from[column]).norm(),
            (true, false) => affine(&from[row], column - n),
            (false, true) => affine(&from[column], row - n),
            (false, false) => 0.0,
        });
        let right = DMatrix::from_fn(n + 4, 3, |row, axis| if row < n { pairs[row].1[axis] } else { 0.0 });
        let weights = system.lu().solve(&right)?;
        weights.iter().all(|w| w.is_finite()).then_some(Warp { from, weights })
    }

    /// Where a place goes.
    pub(super) fn point(&self, at: &Point3<f64>) -> Point3<f64> {
        let n = self.from.len();
        Point3::from(Vector3::from_fn(|axis, _| {
            let bent: f64 = self
                .from
                .iter()
                .zip(self.weights.column(axis).iter())
                .map(|(p, w)| -w * (at - p).norm())
                .sum();
            let affine: f64 = (0..3).map(|k| self.weights[(n + 1 + k, axis)] * at[k]).sum();
            bent + self.weights[(n, axis)] + affine
        }))
    }

    /// How space is stretched at a place: the derivative of the map, by differences over `step`.
    pub(super) fn stretch(&self, at: &Point3<f64>, step: f64) -> Matrix3<f64> {
        let columns: [Vector3<f64>; 3] = std::array::from_fn(|axis| {
            let by = Vector3::from_fn(|k, _| if k == axis { step } else { 0.0 });
            (self.point(&(at + by)) - self.point(&(at - by))) / (2.0 * step)
        });
        Matrix3::from_columns(&columns)
    }
}
