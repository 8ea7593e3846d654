//! Separable filters, alone or pooled over the rotations by right angles.

use super::common::{Boundary, Dimensions, Pooling};
use super::kernel::{Kernel, add_convolution, convolve};
use ndarray::{Array3, Zip};

/// Kernels that follow each other along one axis; none leaves the axis as it is.
pub(super) type Chain = Vec<Kernel>;

/// The response of an image [z, y, x] to a filter of one chain for each of its axes.
///
/// With pooling the filter is turned by all right angles that take the axes onto each other, and the responses to it are pooled: 4
/// rotations in the plane, 24 in space. A rotation takes the chain of an axis to another, mirrored where the axis changes its sense.
pub(super) fn respond(
    image: &Array3<f64>,
    chains: &[Chain; 3],
    dimensions: Dimensions,
    pooling: Option<Pooling>,
    boundary: Boundary,
) -> Array3<f64> {
    let Some(pooling) = pooling else {
        let z = along(image, 0, &chains[0], boundary);
        let y = along(&z, 1, &chains[1], boundary);
        return along(&y, 2, &chains[2], boundary);
    };
    let (kinds, rotated) = orbit(chains, dimensions);
    let empty = || Array3::zeros(image.dim());
    let (mut z, mut y, mut response) = (empty(), empty(), empty());
    let mut pooled = empty();
    for (n, filter) in rotated.iter().enumerate() {
        // Filters stand in order, so that those that begin alike share their first steps.
        let before = n.checked_sub(1).map(|before| rotated[before]);
        let is_new_z = before.is_none_or(|before| before[0] != filter[0]);
        if is_new_z {
            along_into(&mut z, image, 0, &kinds[filter[0]], boundary);
        }
        if is_new_z || before.is_none_or(|before| before[1] != filter[1]) {
            along_into(&mut y, &z, 1, &kinds[filter[1]], boundary);
        }
        if n == 0 {
            along_into(&mut pooled, &y, 2, &kinds[filter[2]], boundary);
        } else {
            along_into(&mut response, &y, 2, &kinds[filter[2]], boundary);
            pool(&mut pooled, &response, pooling);
        }
    }
    if pooling == Pooling::Average {
        let count = rotated.len() as f64;
        pooled.par_mapv_inplace(|sum| sum / count);
    }
    pooled
}

/// Adds a response to those before, or takes the larger of both.
pub(super) fn pool(pooled: &mut Array3<f64>, response: &Array3<f64>, pooling: Pooling) {
    let zip = Zip::from(pooled).and(response);
    match pooling {
        Pooling::Average => zip.par_for_each(|pooled, response| *pooled += response),
        Pooling::Max => zip.par_for_each(|pooled, response| *pooled = pooled.max(*response)),
    }
}

/// The image convolved with the kernels of a chain, one after the other.
fn along(image: &Array3<f64>, axis: usize, chain: &[Kernel], boundary: Boundary) -> Array3<f64> {
    let mut response = Array3::zeros(image.dim());
    along_into(&mut response, image, axis, chain, boundary);
    response
}

/// As `along`, into a response that is there: new memory takes longer than a short kernel.
fn along_into(
    response: &mut Array3<f64>,
    image: &Array3<f64>,
    axis: usize,
    chain: &[Kernel],
    boundary: Boundary,
) {
    let Some((last, before)) = chain.split_last() else {
        response.assign(image);
        return;
    };
    let mut between: Option<Array3<f64>> = None;
    for kernel in before {
        between = Some(convolve(between.as_ref().unwrap_or(image), axis, kernel, boundary));
    }
    response.par_mapv_inplace(|_| 0.0);
    add_convolution(response, between.as_ref().unwrap_or(image), axis, last, boundary);
}

/// The different chains of all rotations of a filter, and the rotated filters as their numbers, in order and each once: filters that
/// rotations make alike come equally often, so that neither mean nor maximum changes.
fn orbit(chains: &[Chain; 3], dimensions: Dimensions) -> (Vec<Chain>, Vec<[usize; 3]>) {
    let mut kinds: Vec<Chain> = Vec::new();
    let mut number = |chain: Chain| {
        kinds.iter().position(|kind| *kind == chain).unwrap_or_else(|| {
            kinds.push(chain);
            kinds.len() - 1
        })
    };
    let mut rotated: Vec<[usize; 3]> = rotations(dimensions)
        .into_iter()
        .map(|rotation| {
            rotation.map(|(axis, is_mirrored)| {
                let chain = &chains[axis];
                number(if is_mirrored { chain.iter().map(Kernel::mirrored).collect() } else { chain.clone() })
            })
        })
        .collect();
    rotated.sort_unstable();
    rotated.dedup();
    (kinds, rotated)
}

/// The rotations by right angles: for each axis the axis that comes to it, and whether it comes mirrored. They are the permutations
/// with signs whose determinant is 1.
fn rotations(dimensions: Dimensions) -> Vec<[(usize, bool); 3]> {
    // Permutations, with whether they are odd.
    const ALL: [([usize; 3], bool); 6] = [
        ([0, 1, 2], false),
        ([0, 2, 1], true),
        ([1, 0, 2], true),
        ([1, 2, 0], false),
        ([2, 0, 1], false),
        ([2, 1, 0], true),
    ];
    let is_slices = dimensions == Dimensions::Slices;
    let mut rotations = Vec::new();
    for (axes, is_odd) in ALL.into_iter().filter(|(axes, _)| !is_slices || axes[0] == 0) {
        for signs in 0..8u32 {
            let is_mirrored = [signs & 1 != 0, signs & 2 != 0, signs & 4 != 0];
            if (signs.count_ones() % 2 == 1) == is_odd && !(is_slices && is_mirrored[0]) {
                rotations.push([0, 1, 2].map(|axis| (axes[axis], is_mirrored[axis])));
            }
        }
    }
    rotations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn four_rotations_in_the_plane_and_twenty_four_in_space() {
        assert_eq!(rotations(Dimensions::Slices).len(), 4);
        assert_eq!(rotations(Dimensions::Volume).len(), 24);
    }

    #[test]
    fn rotations_that_make_a_filter_alike_are_computed_once() {
        let (even, odd) = (vec![Kernel::centred(&[1.0, 2.0, 1.0])], vec![Kernel::centred(&[-1.0, 0.0, 1.0])]);
        // Three places of the odd kernel, with two signs.
        assert_eq!(orbit(&[even.clone(), even.clone(), odd.clone()], Dimensions::Volume).1.len(), 6);
        assert_eq!(orbit(&[even.clone(), even.clone(), even.clone()], Dimensions::Volume).1.len(), 1);
        assert_eq!(orbit(&[Chain::new(), even, odd], Dimensions::Slices).1.len(), 4);
    }
}
