//! Riesz transforms, along the axes of the image or along its local directions.

use super::common::{Boundary, Dimensions};
use super::eigen::eigenvectors;
use super::error::FilterError;
use super::kernel::{Kernel, convolve};
use super::spectral::{Extension, Response, Sampling, respond_slices, respond_volume};
use ndarray::{Array3, Zip};
use serde::{Deserialize, Serialize};

/// Highest total order.
const HIGHEST: u32 = 10;
/// Highest total order along local directions, which needs all components of that order at once: 15 volumes.
const HIGHEST_ALIGNED: u32 = 4;
/// Distance at which the Gaussian of the structure tensor ends, standard deviations.
const CUTOFF: f64 = 4.0;
/// Widest such Gaussian, voxels.
const WIDEST: usize = 10_001;

/// A component of the Riesz transform of order L = l1 + l2 + l3 (IBSI 2, section 3.8; Unser and Van De Ville 2010, IEEE Trans Image Process 19:636).
///
/// It multiplies the spectrum by (-i)^L sqrt(L! / (l1! l2! l3!)) w1^l1 w2^l2 w3^l3 / |w|^L: derivatives without their amplification of high
/// frequencies. The squared components of one order add up to the squared spectrum. Frequencies are in radians a voxel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Riesz {
    /// Orders along x, y and, in 3D, z; their sum is 1 to 10.
    pub order: Vec<u32>,
    /// Standard deviation of the Gaussian over which the structure tensor of the image is averaged, mm. With it the orders are those along the
    /// eigenvectors of that tensor, the direction of strongest change first, each in the sense in which the image rises; their sum is at most 4.
    /// Without it they are those along the axes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alignment_sigma_mm: Option<f64>,
}

/// The grid on which an image is transformed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Grid {
    pub(super) dimensions: Dimensions,
    pub(super) extension: Extension,
    /// Spacings in the order of the axes, mm.
    pub(super) spacing_mm: [f64; 3],
}

impl Riesz {
    /// Says whether the transform can be computed.
    pub(super) fn check(&self, grid: &Grid) -> Result<(), FilterError> {
        let total = self.order.iter().fold(0u32, |sum, &order| sum.saturating_add(order));
        let (highest, wanted) = match self.alignment_sigma_mm {
            None => (HIGHEST, "give one order for each of x, y (2d) or x, y, z (3d) with a sum from 1 to 10"),
            Some(_) => {
                (HIGHEST_ALIGNED, "give orders with a sum from 1 to 4 where `alignment_sigma_mm` is set")
            }
        };
        if self.order.len() != grid.dimensions.count() || !(1..=highest).contains(&total) {
            return Err(FilterError::setting("order", format!("{:?}", self.order), wanted));
        }
        let Some(sigma_mm) = self.alignment_sigma_mm else { return Ok(()) };
        FilterError::positive("alignment_sigma_mm", sigma_mm)?;
        let smallest = grid.spacing_mm[grid.dimensions.axes()]
            .iter()
            .fold(f64::INFINITY, |least, &edge| least.min(edge));
        let found = 2.0 * CUTOFF * sigma_mm / smallest;
        if found > WIDEST as f64 {
            return Err(FilterError::TooWide { name: "alignment_sigma_mm", found, limit: WIDEST });
        }
        Ok(())
    }

    /// The transform of a filter's response. The image that was filtered gives the local directions.
    pub(super) fn transform(&self, image: &Array3<f64>, response: &Array3<f64>, grid: Grid) -> Array3<f64> {
        match self.alignment_sigma_mm {
            None => component(response, reversed(&self.order), grid),
            Some(sigma_mm) => self.aligned(&directions(image, sigma_mm, grid), response, grid),
        }
    }

    /// The component along local directions: a sum of the components along the axes, with weights that the directions give.
    fn aligned(&self, directions: &Array3<[[f64; 3]; 3]>, response: &Array3<f64>, grid: Grid) -> Array3<f64> {
        let total: u32 = self.order.iter().sum();
        let is_slices = grid.dimensions == Dimensions::Slices;
        let wanted = [0, 1, 2].map(|n| self.order.get(n).copied().unwrap_or(0));
        let mut aligned = Array3::zeros(response.dim());
        for z in 0..=if is_slices { 0 } else { total } {
            for y in 0..=total - z {
                let order = [z, y, total - z - y];
                let along_axes = component(response, order, grid);
                let scale = norm(wanted) / norm(order);
                Zip::from(&mut aligned).and(&along_axes).and(directions).par_for_each(
                    |sum, value, directions| {
                        *sum += scale * coefficient(directions, wanted, order) * value;
                    },
                );
            }
        }
        aligned
    }
}

/// The square root of L! / (l1! l2! l3!).
fn norm(order: [u32; 3]) -> f64 {
    let factorial = |n: u32| (1..=n).map(f64::from).product::<f64>();
    (factorial(order.iter().sum()) / order.iter().map(|&order| factorial(order)).product::<f64>()).sqrt()
}

/// Orders of x, y, z as those of z, y, x.
fn reversed(order: &[u32]) -> [u32; 3] {
    [2, 1, 0].map(|n| order.get(n).copied().unwrap_or(0))
}

/// The component of orders [z, y, x] of an image.
fn component(image: &Array3<f64>, order: [u32; 3], grid: Grid) -> Array3<f64> {
    let response = Response { gain: &|_| 1.0, order, factor: norm(order), sampling: Sampling::Exact };
    match grid.dimensions {
        Dimensions::Slices => respond_slices(image, grid.extension, &response),
        Dimensions::Volume => respond_volume(image, grid.extension, &response),
    }
}

/// The coefficient of w^order in the product of (direction . w)^wanted over the directions.
fn coefficient(directions: &[[f64; 3]; 3], wanted: [u32; 3], order: [u32; 3]) -> f64 {
    // Coefficients by the powers of the first two variables; the last power is what remains of the degree.
    let mut polynomial = [[0.0; HIGHEST_ALIGNED as usize + 2]; HIGHEST_ALIGNED as usize + 2];
    polynomial[0][0] = 1.0;
    let mut degree = 0;
    for (direction, &times) in directions.iter().zip(&wanted) {
        for _ in 0..times {
            for a in (0..=degree + 1).rev() {
                for b in (0..=degree + 1 - a).rev() {
                    let mut sum = polynomial[a][b] * direction[2];
                    if a > 0 {
                        sum += polynomial[a - 1][b] * direction[0];
                    }
                    if b > 0 {
                        sum += polynomial[a][b - 1] * direction[1];
                    }
                    polynomial[a][b] = sum;
                }
            }
            degree += 1;
        }
    }
    polynomial[order[0] as usize][order[1] as usize]
}

/// The local directions of an image: eigenvectors [z, y, x] of the averaged outer product of its Riesz transforms of order 1, by falling
/// eigenvalue and in the sense in which the image rises. In slices the last is z.
fn directions(image: &Array3<f64>, sigma_mm: f64, grid: Grid) -> Array3<[[f64; 3]; 3]> {
    let axes = grid.dimensions.axes();
    let gradient: Vec<Option<Array3<f64>>> = (0..3)
        .map(|axis| {
            let order = [0, 1, 2].map(|other| u32::from(other == axis));
            axes.contains(&axis).then(|| component(image, order, grid))
        })
        .collect();
    let boundary = match grid.extension {
        Extension::Periodic => Boundary::Periodic,
        Extension::Mirror => Boundary::Mirror,
    };
    let average = |product: Array3<f64>| {
        axes.clone().fold(product, |image, axis| {
            let sigma = sigma_mm / grid.spacing_mm[axis];
            let weight = |k: f64| (-0.5 * (k / sigma).powi(2)).exp();
            let radius = (CUTOFF * sigma + 0.5).floor() as usize;
            convolve(&image, axis, &Kernel::sampled(radius, weight), boundary)
        })
    };
    // An axis that is not filtered is a direction of its own, below all others.
    let mut tensors = Array3::from_elem(image.dim(), [[-1.0, 0.0, 0.0], [0.0; 3], [0.0; 3]]);
    for a in 0..3 {
        for b in a..3 {
            let (Some(one), Some(other)) = (&gradient[a], &gradient[b]) else { continue };
            let averaged = average(one * other);
            Zip::from(&mut tensors).and(&averaged).par_for_each(|tensor, value| {
                (tensor[a][b], tensor[b][a]) = (*value, *value);
            });
        }
    }
    tensors.par_mapv_inplace(eigenvectors);
    Zip::indexed(&mut tensors).par_for_each(|at, directions| {
        let rise = [0, 1, 2].map(|axis: usize| gradient[axis].as_ref().map_or(0.0, |gradient| gradient[at]));
        for direction in directions {
            // The transform of order 1 falls where the image rises: -i w is the opposite of a derivative.
            let slope: f64 = direction.iter().zip(rise).map(|(a, b)| a * b).sum();
            if slope > 0.0 {
                *direction = direction.map(|value| -value);
            }
        }
    });
    tensors
}
