//! The manifest of a network: what its graph wants to be given and what its answers mean.

use super::error::NetworkError;
use coxa_anatomy::label_names::{structure_id, structures};
use coxa_anatomy::toml_reason::toml_reason;
use coxa_geometry::quantity::nearest;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A manifest longer than this is none.
pub(super) const MAX_BYTES: u64 = 1 << 20;
/// Form of the manifest that this program reads.
const FORMAT: u32 = 1;
/// Most classes that a graph may tell apart.
pub(super) const MOST_CLASSES: usize = 256;
/// What a class is called that the graph tells apart and this program has no use for.
const OTHER: &str = "other";

/// A network as its manifest describes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Form of the manifest, 1.
    pub format: u32,
    /// What the network is called in reports and messages.
    pub name: String,
    /// Graphs whose probabilities are averaged: one, or the members of an ensemble.
    pub graph: Vec<GraphFile>,
    /// What a graph is given.
    pub input: InputSpec,
    /// From Hounsfield units to what the graph was trained on.
    pub normalisation: Normalisation,
    /// What the last layer leaves.
    #[serde(default)]
    pub activation: Activation,
    /// Monte-Carlo dropout, where the graph takes masks.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dropout: Option<Dropout>,
    /// Name of our structure by class; class 0 is the background and not listed. `other` stands for a structure that is not
    /// used here.
    pub labels: BTreeMap<String, String>,
}

/// One ONNX file.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GraphFile {
    /// Path beside the manifest.
    pub file: String,
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
}

/// What a graph is given: a tensor of shape 1 x 1 x patch, and masks of [`Dropout`] where the manifest has some.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InputSpec {
    /// Where the three axes of the tensor run to, outermost first, as three letters of `L R`, `P A`, `S I`. An nnU-Net trained on
    /// NIfTI files in canonical orientation has `SAR`, one trained on volumes as DICOM has them `SPL`.
    pub orientation: String,
    /// Voxel size along these axes, 0.3 to 10 mm.
    pub spacing_mm: [f64; 3],
    /// Voxels of the window along these axes, 8 to 512.
    pub patch: [usize; 3],
    /// Part of a window that its neighbour sees too, 0 to 0.9.
    #[serde(default = "half")]
    pub overlap: f64,
}

fn half() -> f64 {
    0.5
}

/// From Hounsfield units to what the graph was trained on: clipped, then (value - `mean`) / `deviation`.
///
/// nnU-Net's CT normalisation is given by the four numbers of its plans file (percentiles 0.5 and 99.5, mean and standard
/// deviation of the foreground); a window mapped to 0..1 has the lower end as mean and its width as deviation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Normalisation {
    /// Lowest and highest value that is kept.
    pub clip_hu: [f64; 2],
    /// What is subtracted.
    pub mean_hu: f64,
    /// What it is divided by.
    pub deviation_hu: f64,
}

impl Normalisation {
    /// A normalised value.
    pub(super) fn apply(&self, hu: f32) -> f32 {
        let clipped = f64::from(hu).clamp(self.clip_hu[0], self.clip_hu[1]);
        ((clipped - self.mean_hu) / self.deviation_hu) as f32
    }
}

/// What the last layer of a graph leaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Activation {
    /// Logits: probabilities are their softmax.
    #[default]
    Logits,
    /// Probabilities that sum to 1.
    Probabilities,
}

/// Monte-Carlo dropout (Gal and Ghahramani 2016, ICML 48:1050): the graph has a second input of shape 1 x `channels` by which it
/// multiplies its channels. With each mask of it the graph is another sample of the network.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Dropout {
    /// Channels of all masks together, 1 to 100,000.
    pub channels: usize,
    /// Chance that a channel is left out, above 0 and at most 0.9.
    pub rate: f64,
    /// How many masks are drawn, 1 to 32.
    pub samples: usize,
    /// What they are drawn from.
    pub seed: u64,
}

impl Dropout {
    fn check(&self) -> Result<(), String> {
        if !(1..=100_000).contains(&self.channels) || !(1..=32).contains(&self.samples) {
            return Err(format!(
                "[dropout] has {} channels and {} samples; 1 to 100000 and 1 to 32 are possible",
                self.channels, self.samples
            ));
        }
        match self.rate > 0.0 && self.rate <= 0.9 {
            true => Ok(()),
            false => {
                Err(format!("the rate of [dropout] is {}, but must be above 0 and at most 0.9", self.rate))
            }
        }
    }

    /// The masks: 0 for channels that are left out, and what makes up for them for the others.
    pub(super) fn masks(&self) -> Vec<Vec<f32>> {
        let mut rng = ChaCha8Rng::seed_from_u64(self.seed);
        let kept = (1.0 / (1.0 - self.rate)) as f32;
        let mut mask = || if rng.random::<f64>() < self.rate { 0.0 } else { kept };
        (0..self.samples).map(|_| (0..self.channels).map(|_| mask()).collect()).collect()
    }
}

/// An axis of the tensor in terms of volumes whose axes run to the left, the back and the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct TensorAxis {
    /// 0 left, 1 back, 2 head.
    pub(super) patient: usize,
    /// Whether it runs the other way.
    pub(super) reversed: bool,
}

impl Manifest {
    /// Reads a manifest; `file` is its name in messages.
    ///
    /// # Errors
    /// Where it is no manifest of this form, or a value is outside its range.
    pub fn from_toml(text: &str, file: &str) -> Result<Manifest, NetworkError> {
        let refuse = |reason: String| NetworkError::Manifest { file: file.to_owned(), reason };
        let manifest: Manifest = toml::from_str(text).map_err(|error| refuse(toml_reason(text, &error)))?;
        manifest.check().map_err(refuse)?;
        Ok(manifest)
    }

    fn check(&self) -> Result<(), String> {
        if self.format != FORMAT {
            return Err(format!("it has format {}, but this program reads format {FORMAT}", self.format));
        }
        if self.graph.is_empty() || self.graph.len() > 16 {
            return Err(format!("it lists {} graphs; 1 to 16 [[graph]] are needed", self.graph.len()));
        }
        for graph in &self.graph {
            let lies_beside = |name: &str| {
                let mut parts = std::path::Path::new(name).components().peekable();
                parts.peek().is_some() && parts.all(|part| matches!(part, std::path::Component::Normal(_)))
            };
            if !lies_beside(&graph.file) {
                return Err(format!(
                    "the graph {:?} must be a file beside the manifest, without .. or a leading /",
                    graph.file
                ));
            }
            if graph.sha256.len() != 64 || !graph.sha256.bytes().all(|b| b.is_ascii_hexdigit()) {
                return Err(format!("the sha256 of {} is not 64 hexadecimal digits", graph.file));
            }
        }
        let InputSpec { spacing_mm, patch, overlap, .. } = &self.input;
        self.axes()?;
        if spacing_mm.iter().any(|mm| !(0.3..=10.0).contains(mm)) {
            return Err(format!("spacing_mm is {spacing_mm:?}, but each must lie between 0.3 and 10"));
        }
        if patch.iter().any(|n| !(8..=512).contains(n)) {
            return Err(format!("patch is {patch:?}, but each must lie between 8 and 512"));
        }
        if !(0.0..=0.9).contains(overlap) {
            return Err(format!("overlap is {overlap}, but must lie between 0 and 0.9"));
        }
        let Normalisation { clip_hu: [low, high], mean_hu, deviation_hu } = self.normalisation;
        if !(low < high && low.is_finite() && high.is_finite() && mean_hu.is_finite()) {
            return Err(
                "clip_hu must be two finite numbers, the lower first, and mean_hu a finite number".into()
            );
        }
        if !(deviation_hu > 0.0 && deviation_hu.is_finite()) {
            return Err(format!("deviation_hu is {deviation_hu}, but must be above 0"));
        }
        self.dropout.as_ref().map_or(Ok(()), Dropout::check)?;
        if self.classes()?.iter().all(Option::is_none) {
            return Err("no class under [labels] is a structure known to this program".into());
        }
        Ok(())
    }

    /// The axes of the tensor, outermost first.
    pub(super) fn axes(&self) -> Result<[TensorAxis; 3], String> {
        let written = &self.input.orientation;
        let refuse = || {
            format!(
                "orientation is `{written}`, but must be three letters that say where the axes run to, one each of \
                 L or R, P or A, S or I, such as SPL"
            )
        };
        let axes: Vec<TensorAxis> = written
            .chars()
            .filter_map(|letter| {
                let place = "LPSRAI".find(letter)?;
                Some(TensorAxis { patient: place % 3, reversed: place >= 3 })
            })
            .collect();
        let axes: [TensorAxis; 3] = axes.try_into().map_err(|_| refuse())?;
        let is_permutation = (0..3).all(|patient| axes.iter().any(|axis| axis.patient == patient));
        if written.chars().count() == 3 && is_permutation { Ok(axes) } else { Err(refuse()) }
    }

    /// Our id of each class, counted from 0; `None` for the background and for what is not used here.
    pub(super) fn classes(&self) -> Result<Vec<Option<u8>>, String> {
        let mut classes = vec![None];
        for (class, name) in &self.labels {
            let number = class.parse::<usize>().ok().filter(|n| (1..MOST_CLASSES).contains(n));
            let Some(number) = number else {
                return Err(format!(
                    "the class `{class}` under [labels] must be a number from 1 to {}",
                    MOST_CLASSES - 1
                ));
            };
            let id = structure_id(name);
            if id.is_none() && name != OTHER {
                let alike = nearest(name, structures().into_iter().map(|label| label.name));
                let meant = alike.first().map_or(String::new(), |name| format!(" (did you mean `{name}`?)"));
                return Err(format!(
                    "class {number} is `{name}`, which is not a structure known to this program{meant}; names are those in the labels.json of \
                     `coxa patient`, and `{OTHER}` is for what is not needed"
                ));
            }
            if classes.len() <= number {
                classes.resize(number + 1, None);
            }
            classes[number] = id;
        }
        Ok(classes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"
        format = 1
        name = "two bones"
        [[graph]]
        file = "a.onnx"
        sha256 = "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        [input]
        orientation = "SPL"
        spacing_mm = [3.0, 2.0, 1.0]
        patch = [16, 16, 16]
        [normalisation]
        clip_hu = [-1000, 1000]
        mean_hu = 0
        deviation_hu = 500
        [labels]
        1 = "hip_right"
        3 = "other"
    "#;

    fn refused(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from), "{from}");
        Manifest::from_toml(&GOOD.replace(from, to), "m.toml").unwrap_err().to_string()
    }

    #[test]
    fn a_manifest_says_what_each_class_is() {
        let manifest = Manifest::from_toml(GOOD, "m.toml").unwrap();
        assert_eq!(manifest.classes().unwrap(), [None, structure_id("hip_right"), None, None]);
        assert_eq!(manifest.input.overlap, 0.5);
        assert_eq!(manifest.normalisation.apply(2000.0), 2.0);
        let axes = manifest.axes().unwrap();
        assert_eq!(axes.map(|axis| (axis.patient, axis.reversed)), [(2, false), (1, false), (0, false)]);
    }

    #[test]
    fn masks_leave_out_as_many_channels_as_asked_and_the_sum_stays() {
        let dropout = Dropout { channels: 20_000, rate: 0.25, samples: 2, seed: 7 };
        let masks = dropout.masks();
        assert_eq!(masks, dropout.masks());
        assert_ne!(masks[0], masks[1]);
        for mask in masks {
            assert!((mask.iter().sum::<f32>() / 20_000.0 - 1.0).abs() < 0.02);
        }
    }

    #[test]
    fn what_is_wrong_with_a_manifest_is_named() {
        for (from, to, said) in [
            ("format = 1", "format = 2", "format 2"),
            ("\"hip_right\"", "\"spleeen\"", "class 1 is `spleeen`"),
            ("1 = ", "0 = ", "the class `0`"),
            ("\"hip_right\"", "\"other\"", "no class under [labels]"),
            ("\"SPL\"", "\"SSL\"", "orientation is `SSL`"),
            ("\"SPL\"", "\"SPLx\"", "orientation is `SPLx`"),
            ("[16, 16, 16]", "[16, 16, 0]", "patch is"),
            ("deviation_hu = 500", "deviation_hu = 0", "deviation_hu is 0"),
            ("deviation_hu = 500", "deviation_hu = nan", "deviation_hu is NaN"),
            ("[-1000, 1000]", "[1000, -1000]", "clip_hu"),
            ("e3b0", "xyz0", "sha256 of a.onnx"),
            ("patch", "pach", "line 10"),
            (
                "[labels]",
                "[dropout]\nchannels = 8\nrate = 0.0\nsamples = 2\nseed = 1\n[labels]",
                "rate of [dropout] is 0",
            ),
            ("[labels]", "[dropout]\nchannels = 8\nrate = 0.1\nsamples = 0\nseed = 1\n[labels]", "0 samples"),
        ] {
            let message = refused(from, to);
            assert!(message.contains(said) && message.contains("m.toml"), "{message}");
        }
    }
}
