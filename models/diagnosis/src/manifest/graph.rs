//! Graphs of a manifest, and what is done to an image before one sees it.

pub use coxa_network::Activation;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// One step from an image to the tensor of a graph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case", deny_unknown_fields)]
pub enum Preprocess {
    /// Bright is dense: MONOCHROME1 films are inverted.
    Monochrome2,
    /// Of a stack the middle slices, one channel each; without this step the image must be a single slice.
    MiddleSlices {
        /// Slices, at least one.
        count: usize,
    },
    /// The same slice in several channels, for networks that were made for colours.
    Repeat {
        /// Channels, at least one.
        channels: usize,
    },
    /// To a pixel of this size, mm; the image must say its own.
    Resample {
        /// Length of a pixel's side, mm.
        spacing_mm: f64,
    },
    /// To this many rows and columns whatever a pixel measures, aspect kept, the rest filled with the darkest value.
    Fit {
        /// Rows and columns.
        size: [usize; 2],
    },
    /// A window of this many rows and columns around the middle; beyond the image it is filled with the darkest value.
    CropCentre {
        /// Rows and columns.
        size: [usize; 2],
    },
    /// Values at these percentiles become 0 and 1, values beyond are clipped.
    WindowPercentiles {
        /// Lower percentile.
        low: f64,
        /// Upper percentile.
        high: f64,
    },
    /// These values become 0 and 1, values beyond are clipped.
    Window {
        /// Becomes 0.
        low: f64,
        /// Becomes 1.
        high: f64,
    },
    /// (value - mean) / deviation.
    Normalise {
        /// Subtracted.
        mean: PerChannel,
        /// Divided by.
        deviation: PerChannel,
    },
}

/// A number for all channels, or one for each.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum PerChannel {
    /// Of all channels.
    All(f64),
    /// Of each channel.
    Each(Vec<f64>),
}

impl PerChannel {
    /// The number of a channel; `None` where the list has none for it.
    pub fn of(&self, channel: usize) -> Option<f64> {
        match self {
            PerChannel::All(value) => Some(*value),
            PerChannel::Each(values) => values.get(channel).copied(),
        }
    }

    fn all(&self, is_right: impl Fn(f64) -> bool) -> bool {
        match self {
            PerChannel::All(value) => is_right(*value),
            PerChannel::Each(values) => !values.is_empty() && values.iter().all(|value| is_right(*value)),
        }
    }
}

/// Rows and columns, and slices, of an image that a graph sees are at most so many.
const MOST_PIXELS: usize = 8192;

impl Preprocess {
    /// What is wrong with its fields.
    pub(super) fn mistake(&self) -> Option<String> {
        let is_side = |side: &usize| (1..=MOST_PIXELS).contains(side);
        let (is_right, what) = match self {
            Preprocess::Monochrome2 => (true, String::new()),
            Preprocess::MiddleSlices { count } => {
                (is_side(count), format!("`count` from 1 to {MOST_PIXELS}"))
            }
            Preprocess::Repeat { channels } => {
                ((1..=64).contains(channels), "`channels` from 1 to 64".into())
            }
            Preprocess::Resample { spacing_mm } => {
                ((0.01..=100.0).contains(spacing_mm), "`spacing_mm` from 0.01 to 100".into())
            }
            Preprocess::Fit { size } | Preprocess::CropCentre { size } => {
                (size.iter().all(is_side), format!("`size` of 1 to {MOST_PIXELS} rows and columns"))
            }
            Preprocess::WindowPercentiles { low, high } => (
                0.0 <= *low && low < high && *high <= 100.0,
                "`low` and `high` from 0 to 100, `low` the less".into(),
            ),
            Preprocess::Window { low, high } => {
                (low.is_finite() && high.is_finite() && low < high, "`low` and `high`, `low` the less".into())
            }
            Preprocess::Normalise { mean, deviation } => (
                mean.all(f64::is_finite) && deviation.all(|value| value.is_finite() && value > 0.0),
                "a `mean`, and a `deviation` above 0".into(),
            ),
        };
        (!is_right).then(|| format!("this step has {what}"))
    }
}

/// Channels, rows and columns that the steps give, whatever the image; `None` where they leave a size open.
pub(crate) fn size_of(steps: &[Preprocess]) -> Option<[usize; 3]> {
    let (mut channels, mut size) = (1, None);
    for step in steps {
        match step {
            Preprocess::MiddleSlices { count } => channels = *count,
            Preprocess::Repeat { channels: repeated } => channels = *repeated,
            Preprocess::Resample { .. } => size = None,
            Preprocess::Fit { size: fitted } | Preprocess::CropCentre { size: fitted } => {
                size = Some(*fitted);
            }
            _ => {}
        }
    }
    size.map(|[rows, columns]| [channels, rows, columns])
}

/// One ONNX file beside the manifest.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GraphFile {
    /// Path beside the manifest.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Name of the graph's input for the image.
    pub image: String,
    /// Name of the graph's input for numbers, and the ids of inputs in their order.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub covariates: Option<GraphCovariates>,
    /// For each output of the module the name of the graph's output: 1 x 1 for a number and for yes or no, 1 x classes for classes.
    pub outputs: BTreeMap<String, String>,
    /// What the outputs of classes, and of yes or no, are.
    #[serde(default)]
    pub activation: Activation,
    /// For outputs of the module the name of the graph's output with its activation maps, 1 x channels x rows x columns with the channels of the output: their mean over rows and columns
    /// is the output before activation, but for a constant (class activation maps of Zhou 2016).
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub maps: BTreeMap<String, String>,
}

/// Numbers that a graph takes beside the image.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GraphCovariates {
    /// Name of the graph's input.
    pub name: String,
    /// Ids of inputs, in their order in the tensor.
    pub ids: Vec<String>,
}
