//! DICOM segmentations (PS3.3 A.51): binary, fractional and label map, to a label map.

use super::attributes::Attributes;
use super::file::DicomFile;
use super::frame::FrameAttributes;
use super::image::{ImageHeader, MAX_VOXELS};
use super::naming::Namer;
use super::pixels::Frames;
use super::stack::Plane;
use crate::source::{Blob, ReadError};
use crate::{Grid, Label, LabelMap, Volume};
use coxa_geometry::{Finding, Point, finding};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use nalgebra::Matrix3;
use ndarray::Array3;
use std::collections::BTreeMap;
use std::path::Path;

/// Frames of one grid lie on whole steps to this part of a step, or of a pixel within the slice.
const GRID_TOLERANCE: f64 = 0.1;
/// Concept "Background" of the DICOM terminology; label maps may list it as a segment.
const BACKGROUND_CODE: &str = "125040";

/// Reads a segmentation on its own grid. Slices that the file leaves out are background.
///
/// # Errors
/// Files of another kind, broken ones, and frames that do not lie on one grid are refused.
pub fn read_seg(path: &Path) -> Result<(LabelMap, Vec<Finding>), ReadError> {
    let blob = Blob::file(path)?;
    let bytes = blob.bytes()?;
    segmentation(&DicomFile::from_bytes(blob.name(), &bytes)?, &bytes)
}

/// Reads a segmentation from the bytes of a file; otherwise as [`read_seg`].
///
/// # Errors
/// As [`read_seg`].
pub fn read_seg_from(bytes: &[u8]) -> Result<(LabelMap, Vec<Finding>), ReadError> {
    segmentation(&DicomFile::from_bytes("file", bytes)?, bytes)
}

/// How the frames hold their segments.
#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// One segment a frame, bits.
    Binary,
    /// One segment a frame, parts of this maximum.
    Fractional { maximum: i64 },
    /// Segment numbers.
    LabelMap,
}

fn segmentation(file: &DicomFile, bytes: &[u8]) -> Result<(LabelMap, Vec<Finding>), ReadError> {
    let malformed =
        |reason: &str| ReadError::Malformed { file: file.name.clone(), reason: reason.to_owned() };
    if file.object.text(tags::MODALITY).as_deref() != Some("SEG") {
        let reason = "it is not a DICOM segmentation (modality SEG)".to_owned();
        return Err(ReadError::NotAnImage { file: file.name.clone(), reason });
    }
    let kind = match file.object.text(tags::SEGMENTATION_TYPE).as_deref() {
        Some("BINARY") => Kind::Binary,
        Some("FRACTIONAL") => {
            let maximum = file.object.count(tags::MAXIMUM_FRACTIONAL_VALUE).filter(|&m| m > 0);
            Kind::Fractional {
                maximum: maximum.ok_or_else(|| malformed("Maximum Fractional Value is missing"))? as i64,
            }
        }
        Some("LABELMAP") => Kind::LabelMap,
        _ => return Err(malformed("its Segmentation Type is unknown")),
    };
    let header = file.image()?;
    if header.format.samples != 1 {
        return Err(malformed("its frames are in colour"));
    }
    let segments = Segments::of(file)?;
    let planes: Vec<Plane> = (0..header.format.frames)
        .map(|index| FrameAttributes::of(file, index).plane().map_err(malformed))
        .collect::<Result<_, _>>()?;
    let (grid, levels) = grid(file, &header, &planes)?;
    let mut map = Volume::new(grid.clone(), Array3::<u8>::zeros((grid.dims[2], grid.dims[1], grid.dims[0])));
    let overlaps = fill(file, &header, bytes, kind, &segments, &levels, &mut map)?;

    let mut notes = Vec::new();
    if overlaps > 0 {
        notes.push(finding::SegmentsOverlap { voxels: overlaps }.finding());
    }
    if matches!(kind, Kind::Fractional { .. }) {
        notes.push(finding::FractionalSegments {}.finding());
    }
    if segments.renumbered {
        notes.push(finding::SegmentsRenumbered {}.finding());
    }
    Ok((LabelMap { volume: map, table: segments.table }, notes))
}

struct Segments {
    /// Label id of each segment number.
    ids: BTreeMap<i64, u8>,
    table: Vec<Label>,
    renumbered: bool,
}

impl Segments {
    fn of(file: &DicomFile) -> Result<Self, ReadError> {
        let malformed =
            |reason: &str| ReadError::Malformed { file: file.name.clone(), reason: reason.to_owned() };
        let items = file.object.items(tags::SEGMENT_SEQUENCE);
        let mut numbered: Vec<(i64, &InMemDicomObject)> = Vec::new();
        for item in items {
            let number =
                item.count(tags::SEGMENT_NUMBER).ok_or_else(|| malformed("a segment has no number"))?;
            let code = item.item(tags::SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE);
            let background =
                code.and_then(|code| code.text(tags::CODE_VALUE)).as_deref() == Some(BACKGROUND_CODE);
            if number > 0 && !background {
                numbered.push((number as i64, item));
            }
        }
        numbered.sort_by_key(|(number, _)| *number);
        numbered.dedup_by_key(|(number, _)| *number);
        if numbered.is_empty() {
            return Err(malformed("it lists no segments"));
        }
        if numbered.len() > 255 {
            return Err(malformed("it has more than 255 segments, but a label map can hold only 255"));
        }
        let renumbered = numbered.last().is_some_and(|(number, _)| *number > 255);
        let mut namer = Namer::default();
        let mut ids = BTreeMap::new();
        let mut table = Vec::new();
        for (index, (number, item)) in numbered.into_iter().enumerate() {
            let id = if renumbered { index as u8 + 1 } else { number as u8 };
            ids.insert(number, id);
            table.push(namer.label(id, &written_name(item), snomed(item)));
        }
        Ok(Segments { ids, table, renumbered })
    }
}

/// The segments' names as written, in the order of their numbers.
pub(super) fn written_names(object: &InMemDicomObject) -> Vec<String> {
    let mut items: Vec<_> = object.items(tags::SEGMENT_SEQUENCE).iter().collect();
    items.sort_by_key(|item| item.count(tags::SEGMENT_NUMBER));
    items.into_iter().map(written_name).collect()
}

/// Segment Label, or the meaning of its code with the side.
fn written_name(item: &InMemDicomObject) -> String {
    item.text(tags::SEGMENT_LABEL).unwrap_or_else(|| {
        let meaning = |code: &InMemDicomObject| code.text(tags::CODE_MEANING);
        let property = item.item(tags::SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE);
        let side = property
            .and_then(|code| code.item(tags::SEGMENTED_PROPERTY_TYPE_MODIFIER_CODE_SEQUENCE))
            .and_then(meaning);
        [property.and_then(meaning), side].into_iter().flatten().collect::<Vec<_>>().join(" ")
    })
}

fn snomed(item: &InMemDicomObject) -> Option<String> {
    let code = item.item(tags::SEGMENTED_PROPERTY_TYPE_CODE_SEQUENCE)?;
    let current = code.text(tags::CODING_SCHEME_DESIGNATOR).as_deref() == Some("SCT");
    code.text(tags::CODE_VALUE).filter(|value| current && value.chars().all(|c| c.is_ascii_digit()))
}

/// The grid of the frames, and the slice of each.
fn grid(file: &DicomFile, header: &ImageHeader, planes: &[Plane]) -> Result<(Grid, Vec<usize>), ReadError> {
    let refuse = |reason: &str| ReadError::Inconsistent { reason: reason.to_owned() };
    let first = planes.first().ok_or_else(|| refuse("it has no frames"))?;
    let normal = first.normal();
    let height = |plane: &Plane| plane.position.dot(&normal);
    let lowest = planes.iter().min_by(|a, b| height(a).total_cmp(&height(b))).unwrap_or(first);
    let mut heights: Vec<f64> = planes.iter().map(height).collect();
    heights.sort_by(f64::total_cmp);
    let gaps = || heights.windows(2).map(|pair| pair[1] - pair[0]).filter(|gap| *gap > 0.01);
    let shared = FrameAttributes::of(file, 0);
    let measure = |tag| {
        let item = shared.find(tags::PIXEL_MEASURES_SEQUENCE, tag)?;
        item.number(tag).filter(|s: &f64| s.is_finite() && *s > 0.01 && *s < 1e3)
    };
    let on_steps = |step: f64| gaps().all(|gap| (gap / step - (gap / step).round()).abs() <= GRID_TOLERANCE);
    // The stated distance bridges slices that were left out; it counts only where the positions agree with
    // it.
    let stated = measure(tags::SPACING_BETWEEN_SLICES).filter(|&step| on_steps(step));
    let smallest = gaps().reduce(f64::min).filter(|&step| on_steps(step));
    let alone = gaps().next().is_none().then(|| measure(tags::SLICE_THICKNESS).unwrap_or(1.0));
    let step = stated
        .or(smallest)
        .or(alone)
        .ok_or_else(|| refuse("the frames of the segmentation do not lie on one evenly spaced grid"))?;
    let mut levels = Vec::with_capacity(planes.len());
    for plane in planes {
        let turned =
            (plane.along_row - first.along_row).amax() + (plane.along_column - first.along_column).amax();
        let moved = plane.position - lowest.position;
        let beside = moved.dot(&first.along_row).abs().max(moved.dot(&first.along_column).abs());
        let same_spacing = (plane.spacing - first.spacing).amax() <= 1e-3 * first.spacing.amax();
        if turned > 1e-3 || !same_spacing || beside > GRID_TOLERANCE * first.spacing.min() {
            return Err(refuse("the frames of the segmentation are shifted sideways relative to each other"));
        }
        levels.push((moved.dot(&normal) / step).round().max(0.0) as usize);
    }
    let count = levels.iter().max().map_or(1, |level| level.saturating_add(1));
    let voxels = (count as u64).saturating_mul(header.format.pixels() as u64);
    if voxels > MAX_VOXELS {
        let what = format!("{voxels} voxels");
        return Err(ReadError::TooLarge { file: header.name.clone(), what, limit: MAX_VOXELS });
    }
    let step = Matrix3::from_columns(&[
        first.along_row * first.spacing.x,
        first.along_column * first.spacing.y,
        normal * step,
    ]);
    let dims = [header.format.columns, header.format.rows, count];
    Ok((Grid { dims, origin: Point::from_coords(lowest.position.into()), step }, levels))
}

/// Writes the frames into the map; returns the number of voxels that several segments claim.
fn fill(
    file: &DicomFile,
    header: &ImageHeader,
    bytes: &[u8],
    kind: Kind,
    segments: &Segments,
    levels: &[usize],
    map: &mut Volume<u8>,
) -> Result<usize, ReadError> {
    let malformed =
        |reason: &str| ReadError::Malformed { file: file.name.clone(), reason: reason.to_owned() };
    let dataset = header.dataset(bytes)?;
    let frames = Frames::new(header, &dataset)?;
    let pixels = header.format.pixels();
    let mut shared = vec![false; map.grid.len()];
    for (index, &level) in levels.iter().enumerate() {
        let group = (tags::SEGMENT_IDENTIFICATION_SEQUENCE, tags::REFERENCED_SEGMENT_NUMBER);
        let number =
            FrameAttributes::of(file, index).find(group.0, group.1).and_then(|item| item.count(group.1));
        let own = number.and_then(|number| segments.ids.get(&(number as i64))).copied();
        if kind != Kind::LabelMap && own.is_none() {
            return Err(malformed("a frame does not belong to a listed segment"));
        }
        let range = level * pixels..(level + 1) * pixels;
        let (slice, shared) = (&mut map.as_mut_slice()[range.clone()], &mut shared[range]);
        frames.frame(index)?.for_each(|at, value| {
            let id = match kind {
                Kind::Binary => own.filter(|_| value != 0),
                Kind::Fractional { maximum } => own.filter(|_| 2 * value >= maximum),
                Kind::LabelMap => segments.ids.get(&value).copied(),
            };
            if let Some(id) = id {
                shared[at] |= slice[at] != 0 && slice[at] != id;
                slice[at] = if slice[at] == 0 { id } else { slice[at].min(id) };
            }
        });
    }
    Ok(shared.into_iter().filter(|&shared| shared).count())
}
