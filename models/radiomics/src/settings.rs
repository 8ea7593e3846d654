//! How features are computed: the settings file.

use crate::error::RadiomicsError;
use serde::{Deserialize, Serialize};

/// Definitions that features follow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// The Image Biomarker Standardisation Initiative's reference manual.
    #[default]
    Ibsi,
    /// The 107 features of pyradiomics 3 of the original image, as it computes them.
    Pyradiomics,
}

/// Interpolation between voxel centres.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Method {
    /// Value of the nearest voxel.
    Nearest,
    /// Trilinear, or bilinear within slices.
    #[default]
    Linear,
    /// Cubic B-spline through the values.
    Cubic,
}

/// Interpolation to another grid, whose centre is that of the image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Interpolation {
    /// New spacing in millimetres: three numbers, or two to interpolate within slices only.
    pub spacing_mm: Vec<f64>,
    /// Method for the image.
    #[serde(default)]
    pub method: Method,
    /// Method for the mask.
    #[serde(default)]
    pub mask_method: Method,
    /// A new voxel belongs to the region where the interpolated mask is at least this.
    #[serde(default = "half")]
    pub mask_threshold: f64,
    /// Whether interpolated values are rounded to whole numbers, as is usual for CT.
    #[serde(default)]
    pub round: bool,
}

fn half() -> f64 {
    0.5
}

/// Exclusion of voxels from the intensity mask by their value. The morphological mask stays.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Resegmentation {
    /// Lowest and highest value that stay.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub range: Option<[f64; 2]>,
    /// Values further from the mean of the region than so many standard deviations are excluded; 3 is usual.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outliers_sd: Option<f64>,
}

/// Grey levels from values.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Discretisation {
    /// The values are grey levels already: whole numbers from 1.
    None,
    /// Bins of a width, the first from `from`, else from the lower end of the resegmentation range, else from the
    /// lowest value. In mode `pyradiomics` the first bin begins at a multiple of the width.
    FixedBinSize {
        /// Width of a bin, in the unit of the image.
        width: f64,
        /// Lower edge of the first bin.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        from: Option<f64>,
    },
    /// So many bins between lowest and highest value.
    FixedBinNumber {
        /// Number of bins.
        number: u32,
    },
}

/// Matrices of directions and slices become features in one of six ways.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Aggregation {
    /// Features of each slice and direction, averaged.
    #[serde(rename = "2d-averaged")]
    Slices,
    /// Directions of a slice merged, features of slices averaged.
    #[serde(rename = "2d-slice-merged")]
    SlicesMerged,
    /// Slices merged for each direction, features of directions averaged.
    #[serde(rename = "2.5d-direction-merged")]
    DirectionsMerged,
    /// Slices and directions merged.
    #[serde(rename = "2.5d-merged")]
    AllSlicesMerged,
    /// Features of each of the thirteen directions, averaged.
    #[serde(rename = "3d-averaged")]
    Volume,
    /// The thirteen directions merged.
    #[serde(rename = "3d-merged")]
    VolumeMerged,
}

impl Aggregation {
    /// All six.
    pub const ALL: [Aggregation; 6] = [
        Aggregation::Slices,
        Aggregation::SlicesMerged,
        Aggregation::DirectionsMerged,
        Aggregation::AllSlicesMerged,
        Aggregation::Volume,
        Aggregation::VolumeMerged,
    ];
}

/// Texture matrices.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Texture {
    /// How matrices are aggregated. Families without directions are computed in 2D where one of the 2D ways is
    /// named, in 2.5D and in 3D likewise.
    pub aggregations: Vec<Aggregation>,
    /// Neighbours whose grey level differs by at most this are dependent (NGLDM, GLDM).
    pub dependence_alpha: u16,
}

impl Default for Texture {
    fn default() -> Self {
        Texture { aggregations: vec![Aggregation::Volume, Aggregation::VolumeMerged], dependence_alpha: 0 }
    }
}

/// Discretisation for the intensity-volume histogram.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "method", rename_all = "kebab-case", deny_unknown_fields)]
pub enum VolumeHistogram {
    /// Values as they are, in steps of 1: for values with a unit in whole numbers, such as CT.
    Steps,
    /// Bins of a width; the value of a bin is its centre. From the lower to the upper end of the resegmentation range, else of
    /// the values.
    FixedBinSize {
        /// Width of a bin, in the unit of the image.
        width: f64,
    },
    /// So many bins between lowest and highest value; the value of a bin is its number.
    FixedBinNumber {
        /// Number of bins.
        number: u32,
    },
}

/// Groups of features that can be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Family {
    /// Shape and size of the morphological mask.
    Morphology,
    /// Intensity peaks in a sphere of 1 cm³.
    LocalIntensity,
    /// Statistics of the values.
    Statistics,
    /// Histogram of the grey levels.
    IntensityHistogram,
    /// Intensity-volume histogram.
    VolumeHistogram,
    /// Grey level co-occurrence matrix.
    Glcm,
    /// Grey level run length matrix.
    Glrlm,
    /// Grey level size zone matrix.
    Glszm,
    /// Grey level distance zone matrix.
    Gldzm,
    /// Neighbourhood grey tone difference matrix.
    Ngtdm,
    /// Neighbouring grey level dependence matrix.
    Ngldm,
}

impl Family {
    /// All families in the order of the reference manual.
    pub const ALL: [Family; 11] = [
        Family::Morphology,
        Family::LocalIntensity,
        Family::Statistics,
        Family::IntensityHistogram,
        Family::VolumeHistogram,
        Family::Glcm,
        Family::Glrlm,
        Family::Glszm,
        Family::Gldzm,
        Family::Ngtdm,
        Family::Ngldm,
    ];
}

/// Everything that decides the value of a feature, beside image and mask.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// Definitions that features follow.
    pub mode: Mode,
    /// Families to compute, in mode `ibsi`; pyradiomics has its 107 always.
    pub families: Vec<Family>,
    /// Interpolation to another grid; without it the image is taken as it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interpolation: Option<Interpolation>,
    /// Exclusion of voxels by their value.
    pub resegmentation: Resegmentation,
    /// Grey levels for histogram and texture.
    pub discretisation: Discretisation,
    /// Grey levels for the intensity-volume histogram.
    pub volume_histogram: VolumeHistogram,
    /// Texture matrices.
    pub texture: Texture,
}

impl Default for Settings {
    fn default() -> Self {
        Settings {
            mode: Mode::Ibsi,
            families: Family::ALL.to_vec(),
            interpolation: None,
            resegmentation: Resegmentation::default(),
            discretisation: Discretisation::FixedBinSize { width: 25.0, from: None },
            volume_histogram: VolumeHistogram::FixedBinNumber { number: 1000 },
            texture: Texture::default(),
        }
    }
}

impl Settings {
    /// The default settings as a file with comments.
    pub const TEMPLATE: &'static str = include_str!("settings.toml");

    /// Reads and checks a settings file.
    ///
    /// # Errors
    /// Where the text is no TOML, names a setting that does not exist, or a setting is outside its range.
    pub fn from_toml(text: &str) -> Result<Settings, RadiomicsError> {
        let settings: Settings = toml::from_str(text).map_err(|error| {
            let line = error.span().map(|span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let place = line.map_or_else(String::new, |line| format!("line {line}: "));
            RadiomicsError::Settings(format!("{place}{}", error.message().trim()))
        })?;
        settings.check()?;
        Ok(settings)
    }

    /// Checks the ranges of all settings.
    ///
    /// # Errors
    /// The first setting that is outside its range.
    pub fn check(&self) -> Result<(), RadiomicsError> {
        let positive = |value: f64| value > 0.0 && value.is_finite();
        if let Some(interpolation) = &self.interpolation {
            let spacing = &interpolation.spacing_mm;
            need(
                matches!(spacing.len(), 2 | 3) && spacing.iter().all(|&mm| positive(mm)),
                "interpolation.spacing_mm",
                spacing,
                "give two or three positive numbers in millimetres",
            )?;
            let threshold = interpolation.mask_threshold;
            need(
                threshold > 0.0 && threshold <= 1.0,
                "interpolation.mask_threshold",
                threshold,
                "give a number above 0 and up to 1; 0.5 is usual",
            )?;
        }
        if let Some([low, high]) = self.resegmentation.range {
            let expected = "give the lower and the upper end, finite or inf, the lower first";
            need(low < high, "resegmentation.range", [low, high], expected)?;
        }
        if let Some(sd) = self.resegmentation.outliers_sd {
            need(positive(sd), "resegmentation.outliers_sd", sd, "give a positive number; 3 is usual")?;
        }
        match self.discretisation {
            Discretisation::None => {}
            Discretisation::FixedBinSize { width, from } => {
                need(positive(width), "discretisation.width", width, "give a positive number")?;
                let finite = from.is_none_or(f64::is_finite);
                need(finite, "discretisation.from", from.unwrap_or_default(), "give a finite number")?;
            }
            Discretisation::FixedBinNumber { number } => {
                need(number > 0, "discretisation.number", number, "give at least 1")?;
            }
        }
        match self.volume_histogram {
            VolumeHistogram::Steps => {}
            VolumeHistogram::FixedBinSize { width } => {
                need(positive(width), "volume_histogram.width", width, "give a positive number")?;
            }
            VolumeHistogram::FixedBinNumber { number } => {
                need(number > 0, "volume_histogram.number", number, "give at least 1")?;
            }
        }
        Ok(())
    }
}

fn need(
    holds: bool,
    name: &'static str,
    found: impl std::fmt::Debug,
    expected: &'static str,
) -> Result<(), RadiomicsError> {
    if holds { Ok(()) } else { Err(RadiomicsError::Setting { name, found: format!("{found:?}"), expected }) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_is_the_default_and_an_empty_file_too() {
        assert_eq!(Settings::from_toml(Settings::TEMPLATE).unwrap(), Settings::default());
        assert_eq!(Settings::from_toml("").unwrap(), Settings::default());
    }

    #[test]
    fn settings_survive_a_file() {
        let settings = Settings {
            mode: Mode::Pyradiomics,
            interpolation: Some(Interpolation {
                spacing_mm: vec![2.0, 2.0],
                method: Method::Cubic,
                mask_method: Method::Linear,
                mask_threshold: 0.5,
                round: true,
            }),
            resegmentation: Resegmentation { range: Some([-500.0, 400.0]), outliers_sd: Some(3.0) },
            discretisation: Discretisation::FixedBinNumber { number: 32 },
            volume_histogram: VolumeHistogram::FixedBinSize { width: 2.5 },
            texture: Texture { aggregations: Aggregation::ALL.to_vec(), dependence_alpha: 1 },
            ..Settings::default()
        };
        let text = toml::to_string(&settings).unwrap();
        assert_eq!(Settings::from_toml(&text).unwrap(), settings);
    }

    #[test]
    fn mistakes_are_named_with_their_place() {
        let refused = |text: &str, expected: &str| {
            let said = Settings::from_toml(text).unwrap_err().to_string();
            assert!(said.contains(expected), "{said}");
        };
        refused("mode = \"ibsi\"\nbins = 3", "line 2: unknown field `bins`");
        refused("mode = \"mirp\"", "line 1");
        refused("[discretisation]\nmethod = \"fixed-bin-size\"\nwidth = 0.0", "discretisation.width is 0.0");
        refused("[interpolation]\nspacing_mm = [1.0]", "interpolation.spacing_mm");
        refused("[interpolation]\nspacing_mm = [1, 1, 1]\nmask_threshold = nan", "mask_threshold");
        refused("[resegmentation]\nrange = [400, -500]", "the lower first");
        refused("[resegmentation]\noutliers_sd = -1.0", "outliers_sd");
        refused("[volume_histogram]\nmethod = \"fixed-bin-number\"\nnumber = 0", "volume_histogram.number");
        refused("[discretisation]\nmethod = \"fixed-bin-number\"\nnumber = -4", "line");
    }
}
