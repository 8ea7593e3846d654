//! What the scan shows in planes across a course.

use super::usual::Station;
use coxa_anatomy::Bone;
use coxa_anatomy::muscle::MUSCLES;
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Side};
use coxa_imaging::sample::Sampler;
use coxa_imaging::{CtVolume, Grid, LabelMap, Volume, resample};
use rayon::prelude::*;

/// Step of the part of the scan around the vessels; of the pixels of a plane.
const SCAN_STEP_MM: f64 = 1.5;
pub(super) const PIXEL_MM: f64 = 1.0;
/// Less of a plane than this within the scan shows nothing.
const LEAST_SEEN: f64 = 0.6;

/// What a pixel is by the labels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Free,
    Muscle,
    Bone,
}

/// CT numbers and kinds of the pixels of a plane, by row.
#[derive(Debug, Clone)]
pub(super) struct View {
    pub(super) hu: Vec<f32>,
    pub(super) kind: Vec<Kind>,
}

/// Planes across a course, `half` pixels to every side of the usual place of the artery; `None` where the scan does not show one.
pub(super) fn views(
    ct: &CtVolume,
    labels: &LabelMap,
    side: Side,
    stations: &[Station],
    half: usize,
) -> Vec<Option<View>> {
    let Some(part) = Part::around(ct, labels, side, stations, half as f64 * PIXEL_MM) else {
        return vec![None; stations.len()];
    };
    let sampler = Sampler::new(&part.hu);
    stations.par_iter().map(|station| part.view(&sampler, station, half)).collect()
}

/// The part of the scan around the stations, seen as of a right hip.
struct Part {
    hu: Volume<i16, RightSide>,
    kinds: Volume<u8, RightSide>,
    is_bone: [bool; 256],
    is_muscle: [bool; 256],
}

impl Part {
    fn around(
        ct: &CtVolume,
        labels: &LabelMap,
        side: Side,
        stations: &[Station],
        reach_mm: f64,
    ) -> Option<Part> {
        let margin = reach_mm * std::f64::consts::SQRT_2;
        let mut corners = stations.iter().map(|station| station.artery.coords());
        let start = corners.next()?;
        let (low, high) = corners.fold((start, start), |(low, high), p| (low.inf(&p), high.sup(&p)));
        let [one, other] = ct.grid.bounds(0.0).map(|corner| side.enter(corner).coords());
        let (low, high) =
            (one.inf(&other).sup(&low.map(|c| c - margin)), one.sup(&other).inf(&high.map(|c| c + margin)));
        if (0..3).any(|axis| high[axis] <= low[axis]) {
            return None;
        }
        let dims = std::array::from_fn(|axis| ((high[axis] - low[axis]) / SCAN_STEP_MM).floor() as usize + 1);
        let grid = Grid::<RightSide>::axis_aligned(dims, Point::from_coords(low), [SCAN_STEP_MM; 3]);
        let mut in_patient = Grid { dims, origin: side.leave(grid.origin), step: grid.step };
        if side == Side::Left {
            in_patient.step[(0, 0)] = -in_patient.step[(0, 0)];
        }
        let hu = resample::linear_smoothed(ct, &in_patient);
        let kinds = resample::nearest(&labels.volume, &in_patient);
        let (mut is_bone, mut is_muscle) = ([false; 256], [false; 256]);
        for label in &labels.table {
            let bare = label.name.strip_suffix(side.name()).and_then(|name| name.strip_suffix('_'));
            is_bone[usize::from(label.id)] = Bone::ALL.iter().any(|bone| bone.name() == label.name)
                || label.name.starts_with("vertebrae_");
            is_muscle[usize::from(label.id)] = bare.is_some_and(|bare| MUSCLES.contains(&bare));
        }
        is_bone[0] = false;
        is_muscle[0] = false;
        Some(Part {
            hu: Volume::new(grid.clone(), hu.voxels),
            kinds: Volume::new(grid, kinds.voxels),
            is_bone,
            is_muscle,
        })
    }

    fn view(&self, sampler: &Sampler<'_, i16>, station: &Station, half: usize) -> Option<View> {
        let count = 2 * half + 1;
        let at = |n: usize| (n as f64 - half as f64) * PIXEL_MM;
        let mut view =
            View { hu: Vec::with_capacity(count * count), kind: Vec::with_capacity(count * count) };
        let mut seen = 0usize;
        let [ni, nj, nk] = self.kinds.grid.dims;
        for (row, column) in (0..count * count).map(|n| (n / count, n % count)) {
            let place = self.hu.grid.to_voxel(station.place([at(column), at(row)])).coords();
            let hu = sampler.linear(place);
            seen += usize::from(hu.is_some());
            view.hu.push(hu.map_or(f32::NAN, |hu| hu as f32));
            let [i, j, k] = [place.x, place.y, place.z].map(|c| c.round());
            let within = hu.is_some() && i >= 0.0 && j >= 0.0 && k >= 0.0;
            let label = match within {
                true => {
                    let [i, j, k] = [(i, ni), (j, nj), (k, nk)].map(|(c, n)| (c as usize).min(n - 1));
                    usize::from(self.kinds.voxels[(k, j, i)])
                }
                false => 0,
            };
            view.kind.push(match (self.is_bone[label], self.is_muscle[label]) {
                (true, _) => Kind::Bone,
                (_, true) => Kind::Muscle,
                _ => Kind::Free,
            });
        }
        (seen as f64 >= LEAST_SEEN * (count * count) as f64).then_some(view)
    }
}
