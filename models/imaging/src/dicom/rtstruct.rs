//! Structure sets (PS3.3 A.19): contours to labels on the grid of a CT.

use super::attributes::Attributes;
use super::file::DicomFile;
use super::naming::Namer;
use crate::source::{Blob, ReadError};
use crate::{Grid, LabelMap, Volume};
use coxa_geometry::{Finding, Point, finding, frame};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use ndarray::Array3;
use std::collections::BTreeMap;
use std::path::Path;

/// A contour whose points leave their plane by more than this part of a slice is not planar on the grid.
const PLANAR_PART: f64 = 0.25;
/// Contours up to this part of a slice from a slice centre belong to that slice.
const ON_SLICE_PART: f64 = 0.05;

/// One contour in voxel coordinates of the grid.
struct Contour {
    /// Mean slice coordinate.
    height: f64,
    /// Points (i, j).
    points: Vec<[f64; 2]>,
}

/// Reads the closed contours of a structure set as labels on a grid, one label a region of interest, in the
/// order of their
/// numbers. A voxel belongs to a region where its centre lies inside an odd number of contours of its slice,
/// which makes inner
/// contours holes. Slices between two contour planes take the nearer one; slices beyond the first and last
/// plane are
/// background.
///
/// # Errors
/// Files of another kind, broken ones, and contours that do not lie in the planes of the grid are refused.
pub fn read_rtstruct(path: &Path, grid: &Grid) -> Result<(LabelMap, Vec<Finding>), ReadError> {
    let blob = Blob::file(path)?;
    structures(&DicomFile::from_bytes(blob.name(), &blob.bytes()?)?, grid)
}

/// Reads a structure set from the bytes of a file; otherwise as [`read_rtstruct`].
///
/// # Errors
/// As [`read_rtstruct`].
pub fn read_rtstruct_from(bytes: &[u8], grid: &Grid) -> Result<(LabelMap, Vec<Finding>), ReadError> {
    structures(&DicomFile::from_bytes("file", bytes)?, grid)
}

fn structures(file: &DicomFile, grid: &Grid) -> Result<(LabelMap, Vec<Finding>), ReadError> {
    if file.object.text(tags::MODALITY).as_deref() != Some("RTSTRUCT") {
        let reason = "it is not a DICOM structure set (modality RTSTRUCT)".to_owned();
        return Err(ReadError::NotAnImage { file: file.name.clone(), reason });
    }
    let malformed =
        |reason: &str| ReadError::Malformed { file: file.name.clone(), reason: reason.to_owned() };
    let names = written_names(&file.object);
    let mut regions: BTreeMap<usize, &InMemDicomObject> = BTreeMap::new();
    for item in file.object.items(tags::ROI_CONTOUR_SEQUENCE) {
        let number = item
            .count(tags::REFERENCED_ROI_NUMBER)
            .ok_or_else(|| malformed("a region of interest has no number"))?;
        if !item.items(tags::CONTOUR_SEQUENCE).is_empty() {
            regions.insert(number, item);
        }
    }
    if regions.is_empty() {
        return Err(malformed("it holds no contours"));
    }
    if regions.len() > 255 {
        return Err(malformed("it has more than 255 regions of interest, but a label map can hold only 255"));
    }

    let [ni, nj, nk] = grid.dims;
    let mut map = Volume::new(grid.clone(), Array3::<u8>::zeros((nk, nj, ni)));
    let mut namer = Namer::default();
    let mut table = Vec::new();
    let (mut overlaps, mut open, mut outside) = (0, 0, 0);
    for (index, (number, item)) in regions.into_iter().enumerate() {
        let id = index as u8 + 1;
        table.push(namer.label(id, names.get(&number).map_or("", String::as_str), None));
        let mut contours = Vec::new();
        for contour in item.items(tags::CONTOUR_SEQUENCE) {
            match contour.text(tags::CONTOUR_GEOMETRIC_TYPE).as_deref() {
                Some("CLOSED_PLANAR" | "CLOSEDPLANAR_XOR") => {
                    contours.push(planar(contour, grid).map_err(malformed)?);
                }
                _ => open += 1,
            }
        }
        outside += contours.iter().filter(|c| c.height < -0.5 || c.height > nk as f64 - 0.5).count();
        overlaps += fill(&contours, id, &mut map);
    }
    let mut notes = Vec::new();
    if overlaps > 0 {
        notes.push(finding::RegionsOverlap { voxels: overlaps }.finding());
    }
    if open > 0 {
        notes.push(finding::OpenContours { count: open }.finding());
    }
    if outside > 0 {
        notes.push(finding::ContoursOutside { count: outside }.finding());
    }
    Ok((LabelMap { volume: map, table }, notes))
}

/// The regions' names as written, by their numbers.
pub(super) fn written_names(object: &InMemDicomObject) -> BTreeMap<usize, String> {
    let named = |item: &InMemDicomObject| {
        Some((item.count(tags::ROI_NUMBER)?, item.text(tags::ROI_NAME).unwrap_or_default()))
    };
    object.items(tags::STRUCTURE_SET_ROI_SEQUENCE).iter().filter_map(named).collect()
}

/// A contour in voxel coordinates; the error says why not.
fn planar(item: &InMemDicomObject, grid: &Grid) -> Result<Contour, &'static str> {
    let numbers = item.numbers(tags::CONTOUR_DATA);
    if numbers.len() < 9 || numbers.len() % 3 != 0 {
        return Err("a contour has fewer than three points, or coordinates that are not numbers");
    }
    if !numbers.iter().all(|c| c.is_finite() && c.abs() < 1e6) {
        return Err("a contour has coordinates that are not finite, or too far away");
    }
    let voxels: Vec<_> = numbers
        .chunks_exact(3)
        .map(|p| grid.to_voxel(Point::<frame::Patient>::new(p[0], p[1], p[2])).coords())
        .collect();
    let height = voxels.iter().map(|p| p.z).sum::<f64>() / voxels.len() as f64;
    if voxels.iter().any(|p| (p.z - height).abs() > PLANAR_PART) {
        return Err("its contours do not lie in the planes of the CT; it was drawn on another series");
    }
    Ok(Contour { height, points: voxels.iter().map(|p| [p.x, p.y]).collect() })
}

/// Fills the contours of one region; returns the number of voxels that were taken already.
fn fill(contours: &[Contour], id: u8, map: &mut Volume<u8>) -> usize {
    let [ni, nj, nk] = map.grid.dims;
    if map.grid.is_empty() {
        return 0;
    }
    let mut heights: Vec<f64> = contours.iter().map(|contour| contour.height).collect();
    heights.sort_by(f64::total_cmp);
    heights.dedup_by(|a, b| (*a - *b).abs() <= ON_SLICE_PART);
    // Contours further apart than their usual distance leave a real gap between two parts of the region.
    let mut gaps: Vec<f64> = heights.windows(2).map(|pair| pair[1] - pair[0]).collect();
    gaps.sort_by(f64::total_cmp);
    let usual = gaps.get(gaps.len() / 2).copied().unwrap_or(1.0).max(1.0);
    let mut taken = 0;
    for k in 0..nk {
        let distance = |height: &f64| (height - k as f64).abs();
        let Some(nearest) = heights.iter().copied().min_by(|a, b| distance(a).total_cmp(&distance(b))) else {
            continue;
        };
        if distance(&nearest) > 0.5 * usual + ON_SLICE_PART {
            continue;
        }
        // A slice beyond the outermost plane takes it only where the plane lies within the slice itself.
        let beyond = (k as f64) < heights[0] || k as f64 > heights[heights.len() - 1];
        if beyond && distance(&nearest) > 0.5 {
            continue;
        }
        let here: Vec<&Contour> =
            contours.iter().filter(|contour| (contour.height - nearest).abs() <= ON_SLICE_PART).collect();
        let slice = &mut map.as_mut_slice()[k * ni * nj..(k + 1) * ni * nj];
        for (j, row) in slice.chunks_exact_mut(ni).enumerate() {
            for span in crossings(&here, j as f64).chunks_exact(2) {
                // Centres i with span[0] <= i < span[1].
                let from = span[0].ceil().clamp(0.0, ni as f64) as usize;
                let to = span[1].ceil().clamp(0.0, ni as f64) as usize;
                for voxel in row.iter_mut().take(to).skip(from) {
                    if *voxel == 0 {
                        *voxel = id;
                    } else {
                        taken += 1;
                    }
                }
            }
        }
    }
    taken
}

/// Where a row crosses the contours, in ascending order; an even number, for contours are closed.
fn crossings(contours: &[&Contour], j: f64) -> Vec<f64> {
    let mut crossings = Vec::new();
    for contour in contours {
        let next = contour.points.iter().cycle().skip(1);
        for (a, b) in contour.points.iter().zip(next) {
            // Half-open: a point on the row counts for one of its two edges.
            if (a[1] <= j) != (b[1] <= j) {
                crossings.push(a[0] + (j - a[1]) / (b[1] - a[1]) * (b[0] - a[0]));
            }
        }
    }
    crossings.sort_by(f64::total_cmp);
    crossings
}

#[cfg(test)]
mod tests {
    use super::*;

    fn square(height: f64, low: f64, high: f64) -> Contour {
        Contour { height, points: vec![[low, low], [high, low], [high, high], [low, high]] }
    }

    fn filled(contours: &[Contour], nk: usize) -> Vec<usize> {
        let grid = Grid::axis_aligned([10, 10, nk], Point::origin(), [1.0; 3]);
        let mut map = Volume::new(grid, Array3::zeros((nk, 10, 10)));
        fill(contours, 1, &mut map);
        map.as_slice().chunks(100).map(|slice| slice.iter().filter(|&&v| v == 1).count()).collect()
    }

    #[test]
    fn inner_contours_are_holes() {
        let contours = [square(1.0, 0.5, 8.5), square(1.0, 2.5, 5.5)];
        assert_eq!(filled(&contours, 3), [0, 64 - 9, 0]);
    }

    #[test]
    fn slices_between_contours_take_the_nearer_one() {
        let contours = [square(0.0, 0.5, 4.5), square(2.6, 0.5, 2.5)];
        assert_eq!(filled(&contours, 4), [16, 16, 4, 4]);
    }

    #[test]
    fn a_gap_between_two_parts_stays_open() {
        let contours: Vec<_> =
            [0.0, 1.0, 2.0, 6.0, 7.0, 8.0].iter().map(|&height| square(height, 0.5, 2.5)).collect();
        assert_eq!(filled(&contours, 9), [4, 4, 4, 0, 0, 0, 4, 4, 4]);
    }
}
