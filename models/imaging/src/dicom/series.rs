//! Which of the images found belong together, and which of them is the CT meant.

use super::assemble::{self, Scan};
use super::attributes::{Attributes, is_code};
use super::file::DicomFile;
use super::modality::named;
use super::series_info::SeriesInfo;
use crate::source::{Blob, Damaged, Opened, ReadError, ReadOptions, SetAside, hounsfield};
use coxa_geometry::{Finding, finding};
use dicom_dictionary_std::tags;
use std::collections::{BTreeMap, BTreeSet};

struct Series {
    uid: String,
    info: SeriesInfo,
    files: Vec<(Blob, DicomFile)>,
}

/// Reads the CT series among the files, or the one the options name. Damaged files are no matter where they are of
/// another series; where that cannot be told they are set aside, with a caution.
pub(crate) fn open(
    files: Vec<(Blob, DicomFile)>,
    damaged: Vec<Damaged>,
    options: &ReadOptions,
) -> Result<Opened, ReadError> {
    let mut runs: BTreeMap<_, BTreeSet<String>> = BTreeMap::new();
    let mut empty = Vec::new();
    for (blob, file) in &files {
        let uid = file.series().unwrap_or_default();
        if file.pixels.is_some() {
            runs.entry(blob.run()).or_default().insert(uid);
        } else {
            empty.push((uid, file.name.clone()));
        }
    }
    let mut set_aside = SetAside::default();
    let mut notes = Vec::new();
    let chosen = match choose_among(files, options, &mut notes) {
        Ok(chosen) => chosen,
        Err(error) => {
            set_aside.extend(damaged.into_iter().filter(Damaged::claims_to_be_dicom));
            return Err(set_aside.beside(error));
        }
    };
    // Objects without pixels, such as reports, are series of their own.
    if let Some((_, name)) = empty.iter().find(|(uid, _)| *uid == chosen.uid) {
        return Err(Damaged::without_pixels(name));
    }
    for file in damaged {
        match file.series.as_ref().or(file.in_run(&runs)) {
            Some(uid) if *uid == chosen.uid => return Err(file.error),
            Some(_) => {}
            None if file.claims_to_be_dicom() => set_aside.extend([file]),
            None => {}
        }
    }
    let mut scan = assemble::read(chosen.files).map_err(|error| set_aside.beside(error))?;
    notes.append(&mut scan.notes);
    notes.extend(set_aside.caution());
    let Scan { ct, hash, files, kind, identity, .. } = scan;
    notes.extend(hounsfield::judge(&ct, true)?);
    Ok(Opened { ct, notes, kind, hash, files, identity })
}

fn choose_among(
    files: Vec<(Blob, DicomFile)>,
    options: &ReadOptions,
    notes: &mut Vec<Finding>,
) -> Result<Series, ReadError> {
    let (images, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|(_, file)| file.pixels.is_some());
    let Some(sample) = images.first().or(others.first()) else {
        return Err(ReadError::Inconsistent { reason: "it has no files".to_owned() });
    };
    if images.is_empty() {
        let modality = code(&sample.1, tags::MODALITY);
        let reason = modality.map_or_else(
            || "it holds no pixel data".to_owned(),
            |modality| format!("it holds no pixel data (modality {modality})"),
        );
        return Err(ReadError::NotAnImage { file: sample.1.name.clone(), reason });
    }
    if !others.is_empty() {
        notes.push(finding::FilesWithoutPixels { count: others.len() }.finding());
    }
    choose(group(images), options.series.as_deref(), notes)
}

/// The series among images.
pub(crate) fn list(images: Vec<(Blob, DicomFile)>) -> Vec<SeriesInfo> {
    group(images).into_iter().map(|series| series.info).collect()
}

fn group(images: Vec<(Blob, DicomFile)>) -> Vec<Series> {
    let mut groups: BTreeMap<String, Vec<(Blob, DicomFile)>> = BTreeMap::new();
    for image in images {
        groups.entry(image.1.series().unwrap_or_default()).or_default().push(image);
    }
    let mut series: Vec<Series> =
        groups.into_iter().map(|(uid, files)| Series { info: describe(&uid, &files), uid, files }).collect();
    // CT with most slices first: the list starts with what is most likely meant.
    series.sort_by_key(|s| (s.info.modality != "CT", std::cmp::Reverse(s.info.slices), s.info.id.clone()));
    for (index, one) in series.iter_mut().enumerate() {
        one.info.number = index + 1;
    }
    series
}

fn describe(uid: &str, files: &[(Blob, DicomFile)]) -> SeriesInfo {
    let all = || files.iter().map(|(_, file)| file);
    let slices = all().filter(|file| !assemble::is_localizer(file));
    let first = slices.clone().next().or(all().next());
    let planes: Vec<_> = slices.clone().flat_map(|file| assemble::planes(file).unwrap_or_default()).collect();
    let stack = super::stack::stack(&planes).ok();
    SeriesInfo {
        number: 0,
        id: blake3::hash(uid.as_bytes()).to_hex()[..8].to_owned(),
        modality: first.and_then(|file| code(file, tags::MODALITY)).unwrap_or_else(|| "?".to_owned()),
        files: files.len(),
        slices: slices.map(assemble::frame_count).fold(0, usize::saturating_add),
        size: first.map_or([0, 0], |file| {
            [tags::COLUMNS, tags::ROWS].map(|tag| file.object.count(tag).unwrap_or(0))
        }),
        pixel_spacing_mm: planes.first().map(|plane| [plane.spacing.x, plane.spacing.y]),
        // Decimal strings do not carry more.
        slice_spacing_mm: stack.map(|stack| (stack.step_mm * 1e6).round() / 1e6),
        kernel: first.and_then(|file| code(file, tags::CONVOLUTION_KERNEL)),
    }
}

fn choose(series: Vec<Series>, wanted: Option<&str>, notes: &mut Vec<Finding>) -> Result<Series, ReadError> {
    let list = |series: &[Series]| series.iter().map(|s| s.info.clone()).collect::<Vec<_>>();
    let count = series.len();
    if let Some(wanted) = wanted {
        let listed = list(&series);
        let asked = |s: &Series| s.info.id == wanted || s.info.number.to_string() == wanted;
        return series
            .into_iter()
            .find(asked)
            .ok_or_else(|| ReadError::NoSuchSeries { id: wanted.to_owned(), series: listed });
    }
    let mixed = count > 1;
    let (mut ct, rest): (Vec<_>, Vec<_>) = series.into_iter().partition(|s| s.info.modality == "CT");
    // A single image beside a stack is a scout or a screenshot.
    if ct.len() > 1 && ct.iter().any(|s| s.info.slices > 1) {
        ct.retain(|s| s.info.slices > 1);
    }
    match (ct.len(), rest.first()) {
        (0, Some(other)) => {
            let what = format!("this is {}", named(&other.info.modality));
            Err(ReadError::NotCt { what })
        }
        (1, _) => {
            if mixed {
                notes.push(finding::OtherSeries { count: count - 1 }.finding());
            }
            Ok(ct.remove(0))
        }
        _ => Err(ReadError::SeveralSeries(list(&ct))),
    }
}

/// A code string, shown only where it has the form of one.
fn code(file: &DicomFile, tag: dicom_core::Tag) -> Option<String> {
    file.object.text(tag).filter(|text| is_code(text))
}
