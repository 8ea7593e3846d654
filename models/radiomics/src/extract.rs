//! All features of a region.

use crate::error::RadiomicsError;
use crate::intensity::{Distribution, histogram, peaks, statistics, volume_histogram};
use crate::morphology::morphology;
use crate::names::Feature;
use crate::prepare::{Diagnostics, GreyLevels, Prepared, discretise, prepare};
use crate::pyradiomics;
use crate::settings::{Aggregation, Family, Mode, Settings};
use crate::texture::{
    GreyTones, Isolated, Matrix, Zones, border_distances, cooccurrence, cooccurrence_features, directional,
    grey_tone_features, neighbours, run_lengths, undirected, zone_features, zones,
};
use crate::value::{FeatureValue, known};
use coxa_imaging::Volume;
use rayon::prelude::*;

/// Features of a region, and how image and mask were processed before.
#[derive(Debug, Clone, PartialEq)]
pub struct Extraction {
    /// The features, by family in the order of the reference manual.
    pub features: Vec<FeatureValue>,
    /// Numbers of the processing.
    pub diagnostics: Diagnostics,
}

impl Extraction {
    /// The value of a feature by its tag; `None` where there is no such feature too.
    pub fn value(&self, tag: &str) -> Option<f64> {
        self.features.iter().find(|feature| feature.tag == tag)?.value
    }
}

/// The voxels of a label.
pub fn mask_of(labels: &Volume<u16>, label: u16) -> Volume<bool> {
    labels.map(|&id| id == label)
}

/// Computes the features of a region.
///
/// `mask` lies on the grid of the image. Slices of 2D features are those of the grid's third axis. The same input gives the same bytes on any
/// number of threads.
///
/// # Errors
/// Where image and mask differ in their grids, the region is empty at the start or after a step, one of its voxels has no finite value, the
/// discretisation gives too many grey levels, or a setting is outside its range.
pub fn extract(
    image: &Volume<f64>,
    mask: &Volume<bool>,
    settings: &Settings,
) -> Result<Extraction, RadiomicsError> {
    extract_with(image, mask, settings, false)
}

/// As [`extract`]; with `whole` the image is interpolated as a whole, so that the diagnostics are those of the whole.
pub(crate) fn extract_with(
    image: &Volume<f64>,
    mask: &Volume<bool>,
    settings: &Settings,
    whole: bool,
) -> Result<Extraction, RadiomicsError> {
    let prepared = prepare(image, mask, settings, whole)?;
    let levels = discretise(&prepared.image, &prepared.intensity, settings)?;
    let features = match settings.mode {
        Mode::Pyradiomics => pyradiomics::features(&prepared, &levels, settings),
        Mode::Ibsi => {
            let of_families: Vec<Result<Vec<FeatureValue>, RadiomicsError>> = Family::ALL
                .par_iter()
                .filter(|family| settings.families.contains(family))
                .map(|&family| of_family(family, &prepared, &levels, settings))
                .collect();
            of_families.into_iter().collect::<Result<Vec<_>, _>>()?.concat()
        }
    };
    Ok(Extraction { features, diagnostics: prepared.diagnostics })
}

fn of_family(
    family: Family,
    prepared: &Prepared,
    levels: &GreyLevels,
    settings: &Settings,
) -> Result<Vec<FeatureValue>, RadiomicsError> {
    let Prepared { image, morphological, intensity, .. } = prepared;
    let inside =
        || image.values.iter().zip(&intensity.values).filter(|(_, inside)| **inside).map(|(&v, _)| v);
    let plain = match family {
        Family::Morphology => morphology(image, morphological, intensity),
        Family::LocalIntensity => peaks(image, intensity).to_vec(),
        Family::Statistics => {
            let values = Distribution::of(inside());
            statistics(&values).in_order(values.n)
        }
        Family::IntensityHistogram => histogram(&levels.histogram()),
        Family::VolumeHistogram => {
            let values = Distribution::of(inside());
            volume_histogram(&values, settings.resegmentation.range, &settings.volume_histogram)?
        }
        _ => return Ok(textures(family, prepared, levels, settings)),
    };
    let row = |(feature, value): (Feature, f64)| FeatureValue {
        tag: feature.tag.to_owned(),
        feature: Some(feature),
        aggregation: None,
        value: known(value),
    };
    Ok(family.features().into_iter().zip(plain).map(row).collect())
}

fn textures(
    family: Family,
    prepared: &Prepared,
    levels: &GreyLevels,
    settings: &Settings,
) -> Vec<FeatureValue> {
    let ways = &settings.texture.aggregations;
    let alpha = settings.texture.dependence_alpha;
    let is_directional = matches!(family, Family::Glcm | Family::Glrlm);
    let found = match family {
        Family::Glcm => {
            directional(levels, ways, cooccurrence, |matrix| cooccurrence_features(matrix, levels.most))
        }
        Family::Glrlm => directional(levels, ways, run_lengths, zone_features),
        Family::Glszm => undirected(
            levels,
            ways,
            |levels, slices, in_space| zones(levels, None, slices, in_space).sizes,
            |matrices: &[Matrix]| Matrix::sum(matrices),
            zone_features,
        ),
        Family::Gldzm => {
            let [plane, space] = [false, true].map(|in_space| {
                let is_used = ways.iter().any(|way| (way.undirected_suffix() == "3D") == in_space);
                is_used.then(|| border_distances(levels, &prepared.morphological, in_space))
            });
            undirected(
                levels,
                ways,
                |levels, slices, in_space| {
                    let distances = if in_space { &space } else { &plane };
                    let Zones { distances, .. } = zones(levels, distances.as_deref(), slices, in_space);
                    distances
                },
                |matrices: &[Matrix]| Matrix::sum(matrices),
                zone_features,
            )
        }
        Family::Ngtdm => undirected(
            levels,
            ways,
            |levels, slices, in_space| neighbours(levels, slices, in_space, alpha, Isolated::LeftOut).tones,
            |tones: &[GreyTones]| {
                let mut sum = tones[0].clone();
                tones[1..].iter().for_each(|tones| sum.merge(tones));
                sum
            },
            grey_tone_features,
        ),
        _ => undirected(
            levels,
            ways,
            |levels, slices, in_space| {
                let found = neighbours(levels, slices, in_space, alpha, Isolated::LeftOut);
                found.dependences
            },
            |matrices: &[Matrix]| Matrix::sum(matrices),
            zone_features,
        ),
    };
    let features = family.features();
    let row = |way: Aggregation, feature: Feature, value: Option<f64>| {
        let suffix = if is_directional { way.suffix() } else { way.undirected_suffix() };
        FeatureValue {
            tag: format!("{}_{suffix}", feature.tag),
            feature: Some(feature),
            aggregation: Some(way),
            value: value.and_then(known),
        }
    };
    let rows = found.iter().flat_map(|(way, values)| {
        let value = |index: usize| values.as_ref().map(|values| values[index]);
        features.iter().enumerate().map(move |(index, &feature)| row(*way, feature, value(index)))
    });
    rows.collect()
}
