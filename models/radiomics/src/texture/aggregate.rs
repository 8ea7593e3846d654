//! Matrices of slices and directions become one set of features in one of six ways (IBSI reference manual, chapter 3.6).

use super::directions::{IN_PLANE, IN_SPACE};
use super::matrix::Matrix;
use crate::prepare::GreyLevels;
use crate::settings::Aggregation;
use rayon::prelude::*;
use std::ops::Range;

/// The mean of sets of features, each feature over the sets that have it; `None` where there is no set.
pub(crate) fn mean(sets: &[Vec<f64>]) -> Option<Vec<f64>> {
    let width = sets.first()?.len();
    let of = |feature: usize| {
        let known = || sets.iter().map(|set| set[feature]).filter(|value| !value.is_nan());
        known().sum::<f64>() / known().count() as f64
    };
    Some((0..width).map(of).collect())
}

/// Features of matrices that are merged group by group; the groups' features are averaged. Empty matrices have no features.
fn merged(
    groups: &[Vec<&Matrix>],
    features: impl Fn(&Matrix) -> Option<Vec<f64>> + Sync,
) -> Option<Vec<f64>> {
    let sets: Vec<Option<Vec<f64>>> = groups
        .par_iter()
        .map(|group| match group.as_slice() {
            [alone] => features(alone),
            several => features(&Matrix::sum(several.iter().copied())),
        })
        .collect();
    mean(&sets.into_iter().flatten().collect::<Vec<_>>())
}

/// Features of matrices with a direction, for each way of aggregation that is asked for.
pub(crate) fn directional(
    levels: &GreyLevels,
    aggregations: &[Aggregation],
    matrix: impl Fn(&GreyLevels, [isize; 3], Range<usize>) -> Matrix + Sync,
    features: impl Fn(&Matrix) -> Option<Vec<f64>> + Sync,
) -> Vec<(Aggregation, Option<Vec<f64>>)> {
    let is_volume = |way: &Aggregation| matches!(way, Aggregation::Volume | Aggregation::VolumeMerged);
    let (mut slices, mut volume) = (Vec::new(), Vec::new());
    if aggregations.iter().any(is_volume) {
        volume = IN_SPACE.par_iter().map(|&way| matrix(levels, way, 0..levels.slices())).collect();
    }
    if !aggregations.iter().all(is_volume) {
        slices = (0..levels.slices())
            .into_par_iter()
            .map(|slice| IN_PLANE.map(|way| matrix(levels, way, slice..slice + 1)))
            .collect();
    }
    let of = |way: Aggregation| {
        let groups: Vec<Vec<&Matrix>> = match way {
            Aggregation::Slices => slices.iter().flatten().map(|matrix| vec![matrix]).collect(),
            Aggregation::SlicesMerged => slices.iter().map(|slice| slice.iter().collect()).collect(),
            Aggregation::DirectionsMerged => {
                (0..IN_PLANE.len()).map(|way| slices.iter().map(|slice| &slice[way]).collect()).collect()
            }
            Aggregation::AllSlicesMerged => vec![slices.iter().flatten().collect()],
            Aggregation::Volume => volume.iter().map(|matrix| vec![matrix]).collect(),
            Aggregation::VolumeMerged => vec![volume.iter().collect()],
        };
        (way, merged(&groups, &features))
    };
    aggregations.iter().map(|&way| of(way)).collect()
}

/// Features of matrices without a direction in 2D (slices averaged), 2.5D (slices merged) and 3D, as far as the aggregations ask for them; named by
/// the first aggregation of each.
pub(crate) fn undirected<M: Send + Sync>(
    levels: &GreyLevels,
    aggregations: &[Aggregation],
    matrix: impl Fn(&GreyLevels, Range<usize>, bool) -> M + Sync,
    sum: impl Fn(&[M]) -> M,
    features: impl Fn(&M) -> Option<Vec<f64>> + Sync,
) -> Vec<(Aggregation, Option<Vec<f64>>)> {
    use Aggregation::{AllSlicesMerged, DirectionsMerged, Slices, SlicesMerged, Volume, VolumeMerged};
    let wanted = |ways: [Aggregation; 2]| ways.iter().any(|way| aggregations.contains(way));
    let mut all = Vec::new();
    let (averaged, merged) = (wanted([Slices, SlicesMerged]), wanted([DirectionsMerged, AllSlicesMerged]));
    if averaged || merged {
        let slices: Vec<M> = (0..levels.slices())
            .into_par_iter()
            .map(|slice| matrix(levels, slice..slice + 1, false))
            .collect();
        if averaged {
            let sets: Vec<Option<Vec<f64>>> = slices.par_iter().map(&features).collect();
            all.push((Slices, mean(&sets.into_iter().flatten().collect::<Vec<_>>())));
        }
        if merged && !slices.is_empty() {
            all.push((DirectionsMerged, features(&sum(&slices))));
        }
    }
    if wanted([Volume, VolumeMerged]) {
        all.push((Volume, features(&matrix(levels, 0..levels.slices(), true))));
    }
    all
}
