//! A way around a surface.

use nalgebra::Point3;

/// A way around a surface, in its own frame.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Detour {
    /// Where the way meets the surface and leaves it.
    pub(crate) touches: [Point3<f64>; 2],
    /// Length between these on the surface.
    pub(crate) on_surface: f64,
}

impl Detour {
    /// Length of the whole way.
    pub(crate) fn length(&self, from: &Point3<f64>, to: &Point3<f64>) -> f64 {
        (self.touches[0] - from).norm() + self.on_surface + (to - self.touches[1]).norm()
    }
}
