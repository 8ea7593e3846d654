//! What keeps features from being computed.

use thiserror::Error;

/// Why features could not be computed, and what to do.
#[derive(Debug, Clone, PartialEq, Error)]
#[non_exhaustive]
pub enum RadiomicsError {
    /// Image and mask lie on different grids.
    #[error("image and mask have different voxel grids; resample the mask to the grid of the image")]
    Grid,
    /// The grid has no voxels or a spacing that is not a positive number.
    #[error("the image has {dims:?} voxels with steps of {spacing_mm:?} mm; both must be positive")]
    NoImage {
        /// Voxels along each axis.
        dims: [usize; 3],
        /// Steps in millimetres.
        spacing_mm: [f64; 3],
    },
    /// The mask is empty.
    #[error("the region is empty: the mask has no voxel with this label")]
    EmptyRegion,
    /// The region has no voxel on the interpolated grid.
    #[error(
        "the region is empty on the interpolated grid: it is thinner than the new voxels; interpolate to a smaller spacing"
    )]
    EmptyInterpolated,
    /// Resegmentation leaves nothing.
    #[error("resegmentation leaves no voxel of the region; widen resegmentation.range")]
    EmptyResegmented,
    /// Voxels without a value.
    #[error(
        "{count} voxels of the region have no finite value; exclude them from the mask, or by resegmentation.range"
    )]
    NotFinite {
        /// How many.
        count: usize,
    },
    /// More grey levels than matrices of them are useful for.
    #[error("discretisation gives {levels} grey levels, and {limit} are the most; use wider or fewer bins")]
    TooManyLevels {
        /// Levels asked for.
        levels: f64,
        /// The most.
        limit: u32,
    },
    /// Values that are taken as grey levels and are none.
    #[error(
        "without discretisation the values of the region must be whole numbers from 1, and one is {value}; \
         choose discretisation.method fixed-bin-size or fixed-bin-number"
    )]
    NotALevel {
        /// The value.
        value: f64,
    },
    /// A value below the first bin.
    #[error(
        "the value {value} lies below discretisation.from = {from}; lower it, or exclude such voxels by resegmentation.range"
    )]
    BelowFirstBin {
        /// The value.
        value: f64,
        /// Lower edge of the first bin.
        from: f64,
    },
    /// A grid too large to interpolate to.
    #[error("interpolation gives {voxels:.0} voxels, and {limit:.0} are the most; use a larger spacing")]
    TooManyVoxels {
        /// Voxels asked for.
        voxels: f64,
        /// The most.
        limit: f64,
    },
    /// A setting outside its range.
    #[error("the setting {name} is {found}; {expected}")]
    Setting {
        /// Its name in the file.
        name: &'static str,
        /// Its value.
        found: String,
        /// What it must be.
        expected: &'static str,
    },
    /// The settings file cannot be read.
    #[error("the settings cannot be read: {0}")]
    Settings(String),
}
