//! From the files of one CT series to a volume.

use super::attributes::Attributes;
use super::file::DicomFile;
use super::frame::FrameAttributes;
use super::image::{ImageHeader, MAX_VOXELS, PixelFormat};
use super::modality::named;
use super::one_patient;
use super::padding::PADDING_HU;
use super::pixels::{Frame, Frames};
use super::shear;
use super::stack::{self, Plane, Stack};
use crate::source::{Blob, Identity, ReadError, SourceKind, joint_hash};
use crate::{CtVolume, Grid, Volume};
use coxa_geometry::{Finding, Point, finding};
use dicom_dictionary_std::tags;
use dicom_object::InMemDicomObject;
use nalgebra::Matrix3;
use ndarray::Array3;
use rayon::prelude::*;
use std::collections::BTreeSet;

/// A series that was read.
pub(crate) struct Scan {
    pub(crate) ct: CtVolume,
    pub(crate) notes: Vec<Finding>,
    pub(crate) hash: String,
    pub(crate) files: usize,
    pub(crate) kind: SourceKind,
    pub(crate) identity: Identity,
}

/// One slice: a frame of a file, its place and its scale.
struct Slice {
    file: usize,
    frame: usize,
    plane: Plane,
    scale: Scale,
}

/// From stored values to Hounsfield units.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    slope: f64,
    intercept: f64,
    /// Stored values that mean "nothing was reconstructed here", first and last.
    padding: Option<(i64, i64)>,
}

/// Reads the slices of one series into a volume.
pub(crate) fn read(mut files: Vec<(Blob, DicomFile)>) -> Result<Scan, ReadError> {
    let mut notes = Vec::new();
    let all = files.len();
    if !files.iter().all(|(_, file)| is_localizer(file)) {
        files.retain(|(_, file)| !is_localizer(file));
    }
    if files.len() < all {
        notes.push(finding::LocalizersDropped { count: all - files.len() }.finding());
    }
    check_kind(&files, &mut notes)?;
    notes.extend(one_patient::check(&files)?);
    let headers: Vec<ImageHeader> = files.iter().map(|(_, file)| file.image()).collect::<Result<_, _>>()?;
    check_alike(&files, &headers)?;
    let slices = slices(&files, &headers)?;
    if let [only] = slices.as_slice() {
        return Err(ReadError::Inconsistent {
            reason: format!(
                "{} is a single slice; give the folder with the whole series",
                files[only.file].1.name
            ),
        });
    }
    let planes: Vec<Plane> = slices.iter().map(|slice| slice.plane).collect();
    let mut stack = stack::stack(&planes)?;
    let lowest = &slices[stack.order[0]];
    notes.extend(one_patient::not_given(&files, lowest.file, lowest.plane.normal().z));
    notes.append(&mut stack.notes);
    let loaded = Loaded::new(&files, &headers)?;
    drop_duplicates(&stack, &slices, &loaded, &mut notes)?;
    let (voxels, hash) = voxels(&stack, &slices, &loaded)?;
    let grid = grid(&stack, &slices, &headers[0].format);
    let mut ct = Volume::new(grid, voxels);
    if !stack.shear.is_empty() {
        ct = shear::upright(&ct, &stack.shear)?;
    }
    let kind = if files.len() == 1 { SourceKind::DicomMultiFrame } else { SourceKind::DicomSeries };
    let identity = one_patient::identity(&files);
    Ok(Scan { ct, notes, hash, files: files.len(), kind, identity })
}

/// A scout view, which lies across the slices.
pub(crate) fn is_localizer(file: &DicomFile) -> bool {
    file.object.texts(tags::IMAGE_TYPE).iter().any(|value| value == "LOCALIZER")
}

/// Number of frames a file claims.
pub(crate) fn frame_count(file: &DicomFile) -> usize {
    file.object.text(tags::NUMBER_OF_FRAMES).and_then(|text| text.parse().ok()).unwrap_or(1)
}

/// The planes of all frames of a file.
pub(crate) fn planes(file: &DicomFile) -> Result<Vec<Plane>, ReadError> {
    (0..frame_count(file).min(file.object.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).len().max(1)))
        .map(|frame| {
            FrameAttributes::of(file, frame)
                .plane()
                .map_err(|reason| ReadError::Malformed { file: file.name.clone(), reason: reason.to_owned() })
        })
        .collect()
}

fn check_kind(files: &[(Blob, DicomFile)], notes: &mut Vec<Finding>) -> Result<(), ReadError> {
    let modalities: BTreeSet<String> = files
        .iter()
        .map(|(_, file)| file.object.text(tags::MODALITY).unwrap_or_else(|| "?".to_owned()))
        .collect();
    match modalities.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["CT"] => {}
        [other] if other.len() <= 16 => {
            return Err(ReadError::NotCt { what: format!("this is {}", named(other)) });
        }
        _ => {
            let reason = "its files have different modalities; export the CT alone".to_owned();
            return Err(ReadError::Inconsistent { reason });
        }
    }
    if files.iter().all(|(_, file)| is_localizer(file)) {
        return Err(ReadError::NotCt { what: "this is a localiser (scout) image".to_owned() });
    }
    let says =
        |tag, value: &str| files.iter().any(|(_, file)| file.object.text(tag).as_deref() == Some(value));
    if says(tags::LOSSY_IMAGE_COMPRESSION, "01") {
        notes.push(finding::LossyCompression {}.finding());
    }
    let attributes: Vec<_> = files.iter().map(|(_, file)| FrameAttributes::of(file, 0)).collect();
    let lacks = |frame: &FrameAttributes<'_>, tag| frame.rescale(tag).is_none();
    if attributes.iter().any(|frame| lacks(frame, tags::RESCALE_SLOPE)) {
        notes.push(finding::NoRescale {}.finding());
    } else if attributes.iter().any(|frame| lacks(frame, tags::RESCALE_INTERCEPT)) {
        notes.push(finding::NoIntercept {}.finding());
    }
    let unit = |frame: &FrameAttributes<'_>| frame.rescale(tags::RESCALE_TYPE)?.text(tags::RESCALE_TYPE);
    if let Some(unit) = attributes.iter().filter_map(unit).find(|unit| unit != "HU" && unit.len() <= 16) {
        notes.push(finding::NotHounsfield { unit }.finding());
    }
    Ok(())
}

/// One size, one frame of reference, one sample a pixel.
fn check_alike(files: &[(Blob, DicomFile)], headers: &[ImageHeader]) -> Result<(), ReadError> {
    let refuse = |reason: &str| Err(ReadError::Inconsistent { reason: reason.to_owned() });
    let Some(first) = headers.first() else { return refuse("it has no slices") };
    let size = |header: &ImageHeader| (header.format.columns, header.format.rows);
    if headers.iter().any(|header| size(header) != size(first)) {
        return refuse("its slices differ in image size; choose or export one stack");
    }
    if headers.iter().any(|header| header.format.samples != 1) {
        return refuse("its slices are in colour, as screenshots are; export the original CT images");
    }
    let frames: BTreeSet<_> =
        files.iter().map(|(_, file)| file.object.text(tags::FRAME_OF_REFERENCE_UID)).collect();
    if frames.len() > 1 {
        return refuse("its slices lie in different frames of reference; export one acquisition");
    }
    Ok(())
}

fn slices(files: &[(Blob, DicomFile)], headers: &[ImageHeader]) -> Result<Vec<Slice>, ReadError> {
    let mut slices = Vec::new();
    for (index, ((blob, file), header)) in files.iter().zip(headers).enumerate() {
        let malformed = |reason: String| ReadError::Malformed { file: file.name.clone(), reason };
        header.check_size(blob.len().saturating_sub(header.dataset as u64))?;
        let frames = header.format.frames;
        let groups = file.object.items(tags::PER_FRAME_FUNCTIONAL_GROUPS_SEQUENCE).len();
        if frames > 1 && groups != frames {
            return Err(malformed(format!(
                "it has {frames} frames, but gives positions for {groups}; only enhanced multi-frame CT can be placed"
            )));
        }
        for frame in 0..frames {
            let attributes = FrameAttributes::of(file, frame);
            let plane = attributes.plane().map_err(|reason| malformed(reason.to_owned()))?;
            let number = |tag, default| match attributes.rescale(tag) {
                None => Ok(default),
                Some(object) => {
                    object.number(tag).filter(|v: &f64| v.is_finite() && v.abs() < 1e9).ok_or(tag)
                }
            };
            let slope = number(tags::RESCALE_SLOPE, 1.0);
            let intercept = number(tags::RESCALE_INTERCEPT, 0.0);
            let (Ok(slope), Ok(intercept)) = (slope, intercept) else {
                return Err(malformed("its rescale slope or intercept is not a number".to_owned()));
            };
            if slope == 0.0 {
                return Err(malformed("its rescale slope is zero".to_owned()));
            }
            let scale = Scale { slope, intercept, padding: padding(&file.object, &header.format) };
            slices.push(Slice { file: index, frame, plane, scale });
        }
    }
    let voxels = slices.len() as u64 * headers.first().map_or(0, |header| header.format.pixels() as u64);
    if voxels > MAX_VOXELS {
        let what = format!("{voxels} voxels");
        return Err(ReadError::TooLarge { file: "the series".to_owned(), what, limit: MAX_VOXELS });
    }
    Ok(slices)
}

/// The stored values that Pixel Padding Value and Range Limit name.
fn padding(object: &InMemDicomObject, format: &PixelFormat) -> Option<(i64, i64)> {
    // Implicit encoding does not tell US from SS, so the bits are read by Pixel Representation.
    let stored = |tag| {
        let value = object.number(tag)? as i64;
        Some(if format.signed && format.stored <= 16 { i64::from(value as i16) } else { value })
    };
    let value = stored(tags::PIXEL_PADDING_VALUE)?;
    let limit = stored(tags::PIXEL_PADDING_RANGE_LIMIT).unwrap_or(value);
    Some((value.min(limit), value.max(limit)))
}

fn grid(stack: &Stack, slices: &[Slice], format: &PixelFormat) -> Grid {
    let plane = slices[stack.order[0]].plane;
    let step = Matrix3::from_columns(&[
        plane.along_row * plane.spacing.x,
        plane.along_column * plane.spacing.y,
        plane.normal() * stack.step_mm,
    ]);
    let dims = [format.columns, format.rows, stack.order.len()];
    Grid { dims, origin: Point::from_coords(plane.position.into()), step }
}

/// The files of a series; multi-frame files are held in memory, files of one slice are read when it is their
/// turn.
struct Loaded<'a> {
    files: &'a [(Blob, DicomFile)],
    headers: &'a [ImageHeader],
    held: Vec<Option<Vec<u8>>>,
}

impl<'a> Loaded<'a> {
    fn new(files: &'a [(Blob, DicomFile)], headers: &'a [ImageHeader]) -> Result<Self, ReadError> {
        let held = files
            .iter()
            .zip(headers)
            .map(|((blob, _), header)| (header.format.frames > 1).then(|| blob.bytes()).transpose())
            .collect::<Result<_, _>>()?;
        Ok(Loaded { files, headers, held })
    }

    /// Hands the frame of a slice to `use_frame`; returns the hash of its file with the first frame.
    fn with<T>(
        &self,
        slice: &Slice,
        use_frame: impl FnOnce(&Frame<'_>) -> T,
    ) -> Result<(T, Option<blake3::Hash>), ReadError> {
        let blob = &self.files[slice.file].0;
        let header = &self.headers[slice.file];
        let read;
        let bytes = match &self.held[slice.file] {
            Some(held) => held,
            None => {
                read = blob.bytes()?;
                &read
            }
        };
        let dataset = header.dataset(bytes)?;
        let frame = Frames::new(header, &dataset)?.frame(slice.frame)?;
        let hash = (slice.frame == 0).then(|| blake3::hash(bytes));
        Ok((use_frame(&frame), hash))
    }
}

/// Two slices at one position are one slice exported twice, or the series holds more than one volume.
fn drop_duplicates(
    stack: &Stack,
    slices: &[Slice],
    loaded: &Loaded<'_>,
    notes: &mut Vec<Finding>,
) -> Result<(), ReadError> {
    for &(kept, dropped) in &stack.duplicates {
        let values =
            |index: usize| loaded.with(&slices[index], |frame| frame.values()).map(|(values, _)| values);
        if slices[kept].scale != slices[dropped].scale || values(kept)? != values(dropped)? {
            return Err(ReadError::Inconsistent {
                reason: format!(
                    "{} and {} show different images of the same position; the series holds several phases or \
                     reconstructions, export one of them",
                    loaded.files[slices[kept].file].1.name, loaded.files[slices[dropped].file].1.name
                ),
            });
        }
    }
    if !stack.duplicates.is_empty() {
        notes.push(finding::DuplicateSlices { count: stack.duplicates.len() }.finding());
    }
    Ok(())
}

/// Reads, hashes and scales all slices in parallel, straight into the volume.
fn voxels(stack: &Stack, slices: &[Slice], loaded: &Loaded<'_>) -> Result<(Array3<i16>, String), ReadError> {
    let format = loaded.headers[0].format;
    let shape = (stack.order.len(), format.rows, format.columns);
    let mut voxels = Array3::<i16>::zeros(shape);
    let Some(memory) = voxels.as_slice_mut() else {
        return Err(ReadError::Inconsistent { reason: "it has no voxels".to_owned() });
    };
    let hashes: Vec<Option<blake3::Hash>> = memory
        .par_chunks_mut(format.pixels())
        .zip(&stack.order)
        .map(|(out, &index)| {
            let slice = &slices[index];
            loaded.with(slice, |frame| slice.scale.apply(frame, out)).map(|((), hash)| hash)
        })
        .collect::<Result<_, _>>()?;
    Ok((voxels, joint_hash(hashes.into_iter().flatten().collect())))
}

impl Scale {
    /// Writes a frame in Hounsfield units.
    fn apply(&self, frame: &Frame<'_>, out: &mut [i16]) {
        let whole = self.slope == 1.0 && self.intercept.fract() == 0.0 && self.intercept.abs() < 1e6;
        match frame.words() {
            Some((bytes, format)) if whole && format.stored == 16 && self.padding.is_none() => {
                let intercept = self.intercept as i32;
                if format.signed {
                    convert(bytes, out, |raw| i32::from(raw as i16) + intercept);
                } else {
                    convert(bytes, out, |raw| i32::from(raw) + intercept);
                }
            }
            Some((bytes, format)) if whole => {
                let intercept = self.intercept as i32;
                let (low, high) = self.padding.unwrap_or((1, 0));
                convert(bytes, out, |raw| {
                    let value = format.value(u32::from(raw));
                    if (low..=high).contains(&value) { PADDING_HU.into() } else { value as i32 + intercept }
                });
            }
            _ => frame.for_each(|index, value| {
                let padded = self.padding.is_some_and(|(low, high)| (low..=high).contains(&value));
                // The conversion saturates.
                let scaled = (value as f64 * self.slope + self.intercept).round() as i16;
                if let Some(slot) = out.get_mut(index) {
                    *slot = if padded { PADDING_HU } else { scaled };
                }
            }),
        }
    }
}

fn convert(bytes: &[u8], out: &mut [i16], value: impl Fn(u16) -> i32) {
    for (slot, word) in out.iter_mut().zip(bytes.chunks_exact(2)) {
        let value = value(u16::from_le_bytes([word[0], word[1]]));
        *slot = value.clamp(i32::from(i16::MIN), i32::from(i16::MAX)) as i16;
    }
}
