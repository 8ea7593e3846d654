//! Images continued beyond their edges.

use super::common::{Boundary, Dimensions};
use super::spectral::Extension;
use ndarray::{Array3, Slice};
use rayon::prelude::*;

/// What `respond` makes of the image under a boundary that the transforms of `spectral` do not have by themselves.
///
/// Periodic and mirrored images go to `respond` as they are. Otherwise the image is continued by `margin` voxels, taken as periodic, and the
/// response to it is cut to the image: a filter of unbounded reach misses what lies beyond the margin.
pub(super) fn on_continued<E>(
    image: &Array3<f64>,
    boundary: Boundary,
    dimensions: Dimensions,
    margin: usize,
    respond: impl Fn(&Array3<f64>, Extension) -> Result<Array3<f64>, E>,
) -> Result<Array3<f64>, E> {
    let margins = match boundary {
        Boundary::Periodic => return respond(image, Extension::Periodic),
        Boundary::Mirror => return respond(image, Extension::Mirror),
        Boundary::Zero | Boundary::Nearest => {
            [0, 1, 2].map(|axis| if dimensions.axes().contains(&axis) { margin } else { 0 })
        }
    };
    let response = respond(&continued(image, boundary, margins), Extension::Periodic)?;
    let inside = |axis: usize| Slice::from(margins[axis]..margins[axis] + image.shape()[axis]);
    Ok(response.slice_each_axis(|axis| inside(axis.axis.index())).to_owned())
}

/// The image with `margins` voxels more at both ends of each axis.
fn continued(image: &Array3<f64>, boundary: Boundary, margins: [usize; 3]) -> Array3<f64> {
    let places = [0, 1, 2].map(|axis: usize| -> Vec<Option<usize>> {
        let (length, margin) = (image.shape()[axis], margins[axis].cast_signed());
        (-margin..length.cast_signed() + margin).map(|place| boundary.index(place, length)).collect()
    });
    let (height, width) = (places[1].len(), places[2].len());
    let mut continued = Array3::zeros((places[0].len(), height, width));
    if let Some(values) = continued.as_slice_mut() {
        values.par_chunks_mut(width).enumerate().for_each(|(row, values)| {
            let (Some(z), Some(y)) = (places[0][row / height], places[1][row % height]) else { return };
            for (value, place) in values.iter_mut().zip(&places[2]) {
                *value = place.map_or(0.0, |x| image[[z, y, x]]);
            }
        });
    }
    continued
}
