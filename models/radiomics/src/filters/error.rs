//! Reasons for which an image is not filtered.

/// A filter that cannot be applied; the message says what to change.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FilterError {
    /// An image without voxels.
    #[error("the image has no voxels ({0} x {1} x {2})")]
    Empty(usize, usize, usize),
    /// A spacing that is no length.
    #[error("the voxel spacing along {axis} is {found} mm: give a positive length")]
    Spacing {
        /// Axis of the image: `x`, `y` or `z`.
        axis: &'static str,
        /// The spacing given, mm.
        found: f64,
    },
    /// Voxels that are infinite or not a number, which a filter would spread.
    #[error("{count} voxels of the image are not finite: replace them before filtering")]
    NotFinite {
        /// Number of such voxels.
        count: usize,
    },
    /// A setting outside its range.
    #[error("`{name}` is {found}: {wanted}")]
    Setting {
        /// Name of the setting in the settings file.
        name: &'static str,
        /// The value given.
        found: String,
        /// The values allowed.
        wanted: &'static str,
    },
    /// A kernel wider than any image that a filter of it could describe.
    #[error(
        "`{name}` makes a kernel of {found:.0} voxels, at most {limit} are computed: choose a smaller value or larger voxels"
    )]
    TooWide {
        /// Name of the setting in the settings file.
        name: &'static str,
        /// Width of the kernel along one axis, voxels.
        found: f64,
        /// Largest width, voxels.
        limit: usize,
    },
    /// A response that is not finite.
    #[error("the response is too large for a number: check the intensities and the settings of the filter")]
    Overflow,
}

impl FilterError {
    /// The error of a setting outside its range.
    pub(super) fn setting(name: &'static str, found: impl ToString, wanted: &'static str) -> FilterError {
        FilterError::Setting { name, found: found.to_string(), wanted }
    }

    /// `value` where it is positive and finite.
    pub(super) fn positive(name: &'static str, value: f64) -> Result<f64, FilterError> {
        let is_positive = value.is_finite() && value > 0.0;
        is_positive.then_some(value).ok_or_else(|| Self::setting(name, value, "give a positive number"))
    }
}
