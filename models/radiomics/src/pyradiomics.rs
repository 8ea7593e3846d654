//! The 107 features of pyradiomics 3 of the original image, as it computes them.
//!
//! Beside the names it differs from the IBSI in these: bins begin at a multiple of their width; kurtosis is not in excess; total
//! energy, three planar diameters and the maximal correlation coefficient are features of its own; some of the IBSI's are not there. Its texture
//! is that of the IBSI in 3D, directions averaged, but that voxels without neighbours count in grey tone differences and that directions without two voxels
//! in a line have no runs.

use crate::intensity::{Distribution, Statistics, statistics};
use crate::morphology::{Moments, axis_lengths, diameter, planar_diameters, surface};
use crate::names::Feature;
use crate::prepare::{GreyLevels, Prepared};
use crate::settings::{Aggregation, Family, Settings};
use crate::texture::{
    IN_SPACE, Isolated, Matrix, cooccurrence, cooccurrence_features, grey_tone_features, maximal_correlation,
    mean, neighbours, run_lengths, zone_features, zones,
};
use crate::value::{FeatureValue, known};
use rayon::prelude::*;

/// A class of features: names without prefix, values where they are known.
type Class = Vec<(&'static str, Option<f64>)>;

/// All features, by class and name.
pub(crate) fn features(prepared: &Prepared, levels: &GreyLevels, settings: &Settings) -> Vec<FeatureValue> {
    let alpha = settings.texture.dependence_alpha;
    let tasks: [&(dyn Fn() -> Class + Sync); 6] = [
        &|| glrlm(levels),
        &|| glcm(levels),
        &|| of_table(Family::Glszm, zone_features(&zones(levels, None, 0..levels.slices(), true).sizes)),
        &|| around(levels, alpha),
        &|| first_order(prepared, levels),
        &|| shape(prepared),
    ];
    let mut all: Class = tasks.par_iter().with_max_len(1).map(|task| task()).collect::<Vec<_>>().concat();
    all.sort_by_key(|&(name, _)| name);
    let table: Vec<Feature> = Family::ALL.iter().flat_map(|family| family.features()).collect();
    let row = |(name, value): (&'static str, Option<f64>)| FeatureValue {
        tag: format!("original_{name}"),
        feature: table.iter().find(|feature| feature.pyradiomics == Some(name)).copied(),
        aggregation: ["gl", "ng"].iter().any(|start| name.starts_with(start)).then_some(Aggregation::Volume),
        value: value.and_then(known),
    };
    all.into_iter().map(row).collect()
}

/// The values of a family that pyradiomics has too.
fn of_table(family: Family, values: Option<Vec<f64>>) -> Class {
    let of = |index: usize| values.as_ref().map(|values| values[index]);
    let named = family.features().into_iter().enumerate();
    named.filter_map(|(index, feature)| Some((feature.pyradiomics?, of(index)))).collect()
}

fn shape(prepared: &Prepared) -> Class {
    let mask = &prepared.intensity;
    let (surface, axes) = (surface(mask), axis_lengths(mask, Moments::Population));
    let (volume, area) = (surface.volume_mm3, surface.area_mm2);
    let planar = planar_diameters(&surface.vertices, mask.spacing_mm);
    vec![
        ("shape_Elongation", Some(axes[1] / axes[0])),
        ("shape_Flatness", Some(axes[2] / axes[0])),
        ("shape_LeastAxisLength", Some(axes[2])),
        ("shape_MajorAxisLength", Some(axes[0])),
        ("shape_Maximum2DDiameterColumn", Some(planar[1])),
        ("shape_Maximum2DDiameterRow", Some(planar[0])),
        ("shape_Maximum2DDiameterSlice", Some(planar[2])),
        ("shape_Maximum3DDiameter", Some(diameter(&surface.vertices, mask.spacing_mm))),
        ("shape_MeshVolume", Some(volume)),
        ("shape_MinorAxisLength", Some(axes[1])),
        ("shape_Sphericity", Some((36.0 * std::f64::consts::PI * volume * volume).cbrt() / area)),
        ("shape_SurfaceArea", Some(area)),
        ("shape_SurfaceVolumeRatio", Some(area / volume)),
        ("shape_VoxelVolume", Some(mask.count() as f64 * mask.voxel_volume_mm3())),
    ]
}

fn first_order(prepared: &Prepared, levels: &GreyLevels) -> Class {
    let inside = prepared.image.values.iter().zip(&prepared.intensity.values);
    let values = Distribution::of(inside.filter(|(_, inside)| **inside).map(|(&value, _)| value));
    let found: Statistics = statistics(&values);
    let mut all = of_table(Family::Statistics, Some(found.in_order(values.n)));
    for (name, value) in &mut all {
        if *name == "firstorder_Kurtosis" {
            // That of a flat region is 0 in either.
            *value = value.map(|excess| if found.variance == 0.0 { 0.0 } else { excess + 3.0 });
        }
    }
    let n = values.n as f64;
    let fractions =
        || levels.histogram().into_iter().filter(|&count| count > 0).map(move |count| count as f64 / n);
    all.push(("firstorder_Entropy", Some(0.0 - fractions().map(|p| p * p.log2()).sum::<f64>())));
    all.push(("firstorder_Uniformity", Some(fractions().map(|p| p * p).sum())));
    all.push(("firstorder_TotalEnergy", Some(found.energy * prepared.image.voxel_volume_mm3())));
    all
}

fn glcm(levels: &GreyLevels) -> Class {
    let sets: Vec<Option<(Vec<f64>, f64)>> = IN_SPACE
        .par_iter()
        .map(|&way| {
            let matrix = cooccurrence(levels, way, 0..levels.slices());
            let features = cooccurrence_features(&matrix, levels.most)?;
            Some((features, maximal_correlation(&matrix).unwrap_or(f64::NAN)))
        })
        .collect();
    let (sets, correlations): (Vec<Vec<f64>>, Vec<f64>) = sets.into_iter().flatten().unzip();
    let mut all = of_table(Family::Glcm, mean(&sets));
    let correlation = correlations.iter().sum::<f64>() / correlations.len() as f64;
    all.push(("glcm_MCC", Some(correlation)));
    all
}

fn glrlm(levels: &GreyLevels) -> Class {
    let ways: Vec<[isize; 3]> = IN_SPACE.iter().filter(|way| has_line(levels, **way)).copied().collect();
    let matrices: Vec<Matrix> =
        ways.par_iter().map(|&way| run_lengths(levels, way, 0..levels.slices())).collect();
    let sets: Vec<Vec<f64>> = matrices.iter().filter_map(zone_features).collect();
    of_table(Family::Glrlm, mean(&sets))
}

/// Whether two voxels of the region are in a line along a direction; pyradiomics has no runs along others.
fn has_line(levels: &GreyLevels, way: [isize; 3]) -> bool {
    let (length, step) = (levels.row_length(), levels.way(way));
    let neighbours = (0..levels.slices()).flat_map(|slice| levels.rows(slice)).any(|start| {
        let around = &levels.values[start.wrapping_add_signed(step)..][..length];
        levels.values[start..start + length].iter().zip(around).any(|(&a, &b)| a > 0 && b > 0)
    });
    if neighbours {
        return true;
    }
    let [nx, ny, _] = levels.dims;
    let inside = (0..levels.values.len()).filter(|&at| levels.values[at] > 0);
    // A line is known by its last voxel within the array.
    let mut lines: Vec<usize> = inside
        .map(|at| {
            let place = [at % nx, at / nx % ny, at / nx / ny];
            let steps = (0..3).filter(|&axis| way[axis] != 0).map(|axis| match way[axis] {
                1 => levels.dims[axis] - 1 - place[axis],
                _ => place[axis],
            });
            at.wrapping_add_signed(step * steps.min().unwrap_or(0) as isize)
        })
        .collect();
    lines.sort_unstable();
    lines.windows(2).any(|pair| pair[0] == pair[1])
}

fn around(levels: &GreyLevels, alpha: u16) -> Class {
    let found = neighbours(levels, 0..levels.slices(), true, alpha, Isolated::Counted);
    let mut all = of_table(Family::Ngtdm, grey_tone_features(&found.tones));
    all.extend(of_table(Family::Ngldm, zone_features(&found.dependences)));
    all
}
