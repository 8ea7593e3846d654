//! Features of the shape of a region.

mod cubes;
mod diameter;
mod ellipsoid;
mod features;
mod hull;
mod oriented_box;
mod planar;
mod spatial;
mod surface;

pub(crate) use diameter::{diameter, planar_diameters};
pub(crate) use features::{Moments, axis_lengths, morphology};
pub(crate) use surface::surface;
