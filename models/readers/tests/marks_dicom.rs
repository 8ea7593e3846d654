//! Marks from structure sets and segmentations of real series.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

use coxa_imaging::dicom::{read_rtstruct, read_seg};
use coxa_readers::mark::{Mark, import};
use coxa_readers::picture::Picture;
use std::path::{Path, PathBuf};

/// The one file of a folder.
fn only_file(folder: &Path) -> PathBuf {
    let files: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    assert_eq!(files.len(), 1);
    files[0].clone()
}

/// Pixels of a slice, from 0, that lie in an odd number of marks.
fn within(picture: &Picture, marks: &[Mark], slice: usize) -> Vec<bool> {
    let [columns, rows, _] = picture.size;
    let own: Vec<&Mark> = marks.iter().filter(|mark| mark.slice == slice + 1).collect();
    let is_near = |x: f64, y: f64| {
        own.iter().any(|mark| {
            let [low, high] = mark.bounds();
            (low[0]..=high[0]).contains(&x) && (low[1]..=high[1]).contains(&y)
        })
    };
    let inside = |x: usize, y: usize| {
        is_near(x as f64, y as f64)
            && own.iter().filter(|mark| mark.contains([x as f64, y as f64])).count() % 2 == 1
    };
    (0..rows).flat_map(|y| (0..columns).map(move |x| (x, y))).map(|(x, y)| inside(x, y)).collect()
}

#[test]
fn contours_of_a_structure_set_hold_the_pixels_of_its_region() {
    let Some(folder) = coxa_test_support::reference_data("ct-sts/dicom/STS_036") else { return };
    for modality in ["CT", "MR_T1"] {
        let picture = Picture::open(&folder.join(modality).join("image")).unwrap();
        let file = only_file(&folder.join(modality).join("mask"));
        let marks = import(&file, &[&picture]).unwrap();
        let (map, _) = read_rtstruct(&file, picture.grid.as_ref().unwrap()).unwrap();
        let [columns, rows, slices] = picture.size;
        let mut pixels = 0;
        let marked: Vec<usize> =
            (0..slices).filter(|slice| marks.iter().any(|mark| mark.slice == slice + 1)).collect();
        assert!(!marked.is_empty());
        // A few of the slices: each pixel is held against each corner.
        for slice in marked.iter().copied().step_by(marked.len().div_ceil(4)) {
            let labels = &map.volume.as_slice()[slice * columns * rows..(slice + 1) * columns * rows];
            let found = within(&picture, &marks, slice);
            // Holes alone may differ: they are filled.
            assert!(
                labels.iter().zip(&found).all(|(label, found)| *label == 0 || *found),
                "{modality}, slice {slice}"
            );
            pixels += labels.iter().filter(|label| **label > 0).count();
        }
        assert!(pixels > 300 && marks.iter().all(|mark| mark.lesion.is_some()), "{modality}: {pixels}");
    }
}

#[test]
fn a_segmentation_becomes_contours_on_the_slices_that_it_lies_on() {
    let Some(folder) = coxa_test_support::reference_data("dicom-odd/dcmqi/data/segmentations/23x38x3") else {
        return;
    };
    let picture = Picture::open(&folder.join("image")).unwrap();
    let file = only_file(&folder.join("seg"));
    let marks = import(&file, &[&picture]).unwrap();
    let (map, _) = read_seg(&file).unwrap();
    let labelled = map.volume.as_slice().iter().filter(|id| **id > 0).count();
    let found: usize = (0..picture.size[2])
        .map(|slice| within(&picture, &marks, slice).iter().filter(|is| **is).count())
        .sum();
    assert!(labelled > 0 && found >= labelled, "{found} pixels of {labelled}");
    assert!(found as f64 <= 1.2 * labelled as f64, "{found} pixels of {labelled}");
    let wrong = import(&folder.join("image/IMG0001.dcm"), &[&picture]).unwrap_err().to_string();
    assert!(wrong.contains("neither a table"), "{wrong}");
}
