//! Good and bad input through the one door.

use super::{Opened, ReadError, ReadOptions, SourceKind, open, open_bytes};
use crate::dicom::test_slices::{AIR, COLUMNS, ROWS, Slice, series};
use coxa_geometry::finding::Code;
use dicom_core::VR;
use dicom_dictionary_std::{tags, uids};
use std::io::Write;
use zip::write::SimpleFileOptions;

fn read(slices: Vec<Slice>) -> Result<Opened, ReadError> {
    open_bytes(slices.into_iter().map(Slice::bytes).collect(), &ReadOptions::default())
}

/// The message of a refusal, which must not hold patient data.
fn refusal(slices: Vec<Slice>) -> String {
    let message = read(slices).expect_err("this must be refused").to_string();
    assert!(!message.contains("Secret"), "{message}");
    message
}

/// Slices with one of them changed.
fn with(count: u16, k: usize, change: impl Fn(Slice) -> Slice) -> Vec<Slice> {
    series(count)
        .into_iter()
        .enumerate()
        .map(|(n, slice)| if n == k { change(slice) } else { slice })
        .collect()
}

fn all(count: u16, change: impl Fn(Slice) -> Slice) -> Vec<Slice> {
    series(count).into_iter().map(change).collect()
}

#[test]
fn a_series_is_sorted_scaled_and_placed_by_its_positions() {
    let mut slices = series(4);
    slices.swap(0, 2);
    let opened = read(slices).unwrap();
    assert_eq!(opened.ct.grid.dims, [usize::from(COLUMNS), usize::from(ROWS), 4]);
    assert_eq!(opened.ct.grid.spacing_mm(), [0.7, 0.8, 2.0], "Slice Thickness 7 is no spacing");
    assert_eq!(opened.ct.voxels[[3, 0, 0]], 3000);
    assert_eq!(opened.ct.voxels[[2, 1, 2]], 2000 + 6 + 2);
    assert_eq!((opened.kind, opened.files), (SourceKind::DicomSeries, 4));
    assert!(opened.notes.is_empty(), "{:?}", opened.notes);
}

#[test]
fn the_hash_does_not_depend_on_the_order_of_files() {
    let hash = |slices| read(slices).unwrap().hash;
    let mut turned = series(3);
    turned.reverse();
    assert_eq!(hash(series(3)), hash(turned));
    assert_ne!(hash(series(3)), hash(series(4)));
}

#[test]
fn feet_first_and_prone_positions_are_pure_geometry() {
    // Feet first supine: columns run to the patient's right, slices still along the normal.
    let turned = |slice: Slice| slice.text(tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "-1\\0\\0\\0\\1\\0");
    let opened = read(all(3, turned)).unwrap();
    let grid = opened.ct.grid;
    assert_eq!(grid.step[(0, 0)], -0.7);
    assert_eq!(grid.step[(2, 2)], -2.0, "the normal points to the feet");
    assert_eq!(grid.origin.z(), 4.0, "so the topmost slice comes first");
    assert_eq!(opened.ct.voxels[[0, 0, 0]], 2000);
}

#[test]
fn rescale_is_applied_slice_by_slice_and_padding_becomes_air() {
    let other = |slice: Slice| {
        slice
            .text(tags::RESCALE_SLOPE, VR::DS, "0.5")
            .text(tags::RESCALE_INTERCEPT, VR::DS, "-1000")
            .number(tags::PIXEL_PADDING_VALUE, 2025)
    };
    let opened = read(with(3, 1, other)).unwrap();
    assert_eq!(opened.ct.voxels[[0, 0, 3]], 3);
    assert_eq!(opened.ct.voxels[[1, 0, 0]], 12, "2024 / 2 - 1000");
    assert_eq!(opened.ct.voxels[[1, 0, 1]], -1024, "padding");
    assert_eq!(opened.ct.voxels[[1, 0, 2]], 13);
}

#[test]
fn twelve_bits_ignore_what_lies_above_them() {
    let mut pixels: Vec<u16> = (0..COLUMNS * ROWS).map(|n| 0xA000 | (n + 1024)).collect();
    pixels[29] = 0xA000 | AIR;
    let narrow =
        |slice: Slice| slice.number(tags::BITS_STORED, 12).number(tags::HIGH_BIT, 11).pixels(&pixels);
    let opened = read(all(2, narrow)).unwrap();
    assert_eq!(opened.ct.voxels[[0, 0, 5]], 5);
    let signed = |slice: Slice| {
        let minus_one = vec![0x0FFF; usize::from(COLUMNS * ROWS)];
        slice
            .number(tags::BITS_STORED, 12)
            .number(tags::HIGH_BIT, 11)
            .number(tags::PIXEL_REPRESENTATION, 1)
            .pixels(&minus_one)
    };
    assert_eq!(read(all(2, signed)).unwrap().ct.voxels[[0, 0, 0]], -1025);
}

#[test]
fn plain_encodings_give_the_same_volume() {
    let explicit = read(series(3)).unwrap().ct;
    let implicit = read(all(3, |slice| slice.syntax(uids::IMPLICIT_VR_LITTLE_ENDIAN))).unwrap().ct;
    assert_eq!(explicit, implicit);
}

#[test]
fn gantry_tilt_is_undone() {
    let tilted: Vec<Slice> = (0..4)
        .map(|k| {
            let position = format!("-10\\{}\\{}", 20.0 - 0.8 * f64::from(k), 2 * k);
            Slice::new(k).text(tags::IMAGE_POSITION_PATIENT, VR::DS, &position)
        })
        .collect();
    let opened = read(tilted).unwrap();
    assert_eq!(opened.notes[0].code, Code::GantryTiltCorrected);
    assert_eq!(opened.ct.grid.dims, [6, 5 + 3, 4]);
    assert_eq!(opened.ct.grid.origin.y(), 20.0 - 3.0 * 0.8);
    // A whole row of shift a slice: values move without interpolation.
    assert_eq!(opened.ct.voxels[[0, 3, 0]], 0);
    assert_eq!(opened.ct.voxels[[3, 0, 0]], 3000);
    assert_eq!(opened.ct.voxels[[3, 7, 0]], -1024);
}

#[test]
fn localizers_are_left_aside_and_duplicates_used_once() {
    let scout = |slice: Slice| slice.text(tags::IMAGE_TYPE, VR::CS, "ORIGINAL\\PRIMARY\\LOCALIZER");
    let opened = read(with(5, 4, scout)).unwrap();
    assert_eq!((opened.ct.grid.dims[2], opened.notes[0].code.name()), (4, "localizers_dropped"));

    let mut doubled = series(3);
    doubled.push(Slice::new(1));
    let opened = read(doubled).unwrap();
    assert_eq!((opened.ct.grid.dims[2], opened.notes[0].code.name()), (3, "duplicate_slices"));
    let mut phases = series(3);
    phases.push(Slice::new(1).pixels(&[7; (COLUMNS * ROWS) as usize]));
    assert!(refusal(phases).contains("several phases"));
}

#[test]
fn bad_series_are_refused_with_the_reason() {
    let mut gap = series(5);
    gap.remove(2);
    assert!(refusal(gap).contains("one slice is missing at 4.00 mm"));
    let cases: [(&str, Vec<Slice>); 13] = [
        ("modality CR", all(2, |s| s.text(tags::MODALITY, VR::CS, "CR"))),
        ("a magnetic resonance image", all(2, |s| s.text(tags::MODALITY, VR::CS, "MR"))),
        ("different modalities", with(3, 2, |s| s.text(tags::MODALITY, VR::CS, "PT"))),
        ("zero, negative or not a number", with(3, 0, |s| s.text(tags::PIXEL_SPACING, VR::DS, "NaN\\1"))),
        ("zero, negative or not a number", with(3, 0, |s| s.text(tags::PIXEL_SPACING, VR::DS, "0\\1"))),
        ("zero, negative or not a number", with(3, 0, |s| s.text(tags::PIXEL_SPACING, VR::DS, "-1\\1"))),
        ("Image Position (Patient) is missing", with(3, 1, |s| s.without(tags::IMAGE_POSITION_PATIENT))),
        ("frames of reference", with(3, 1, |s| s.text(tags::FRAME_OF_REFERENCE_UID, VR::UI, "2.25.9"))),
        (
            "different orientations",
            with(3, 1, |s| s.text(tags::IMAGE_ORIENTATION_PATIENT, VR::DS, "1\\0\\0\\0\\0\\1")),
        ),
        ("rescale slope is zero", with(3, 1, |s| s.text(tags::RESCALE_SLOPE, VR::DS, "0"))),
        ("single slice", series(1)),
        ("its pixel data needs 60 bytes and has 40", with(3, 1, |s| s.pixels(&[0; 20]))),
        (
            "more than the limit of 2147483648",
            all(2, |s| s.number(tags::ROWS, 65535).number(tags::COLUMNS, 65535)),
        ),
    ];
    for (expected, slices) in cases {
        let message = refusal(slices);
        assert!(message.contains(expected), "expected \"{expected}\" in: {message}");
    }
    let mixed = with(3, 1, |s| s.number(tags::ROWS, 3).pixels(&[0; 18]));
    assert!(refusal(mixed).contains("differ in image size"));
}

#[test]
fn huge_slices_are_refused_before_anything_is_allocated() {
    let huge = |slice: Slice| slice.number(tags::ROWS, 40_000).number(tags::COLUMNS, 20_000);
    let message = refusal(all(2, huge));
    assert!(message.contains("its pixel data needs 1600000000 bytes and has 60"), "{message}");
}

#[test]
fn every_truncation_is_refused() {
    let whole: Vec<Vec<u8>> = series(2).into_iter().map(Slice::bytes).collect();
    for cut in (132..whole[1].len()).step_by(7) {
        let files = vec![whole[0].clone(), whole[1][..cut].to_vec()];
        assert!(open_bytes(files, &ReadOptions::default()).is_err(), "cut at {cut}");
    }
}

#[test]
fn several_series_are_listed_and_one_can_be_chosen() {
    let files = || -> Vec<Vec<u8>> {
        let second = all(3, |s| s.text(tags::SERIES_INSTANCE_UID, VR::UI, "2.25.77"));
        series(4).into_iter().chain(second).map(Slice::bytes).collect()
    };
    let error = open_bytes(files(), &ReadOptions::default()).unwrap_err();
    let ReadError::SeveralSeries(listed) = &error else { panic!("{error}") };
    assert_eq!(listed.iter().map(|s| s.slices).collect::<Vec<_>>(), [4, 3]);
    assert!(
        error.to_string().contains("--series ID") && error.to_string().contains("0.700 x 0.800 x 2.000 mm")
    );
    for (choice, slices) in [(listed[1].id.clone(), 3), ("1".to_owned(), 4)] {
        let options = ReadOptions { series: Some(choice) };
        assert_eq!(open_bytes(files(), &options).unwrap().ct.grid.dims[2], slices);
    }
    let unknown = ReadOptions { series: Some("zzz".to_owned()) };
    assert!(matches!(open_bytes(files(), &unknown), Err(ReadError::NoSuchSeries { .. })));
}

#[test]
fn folders_may_hold_junk_and_subfolders() {
    let temp = tempfile::tempdir().unwrap();
    let inner = temp.path().join("a/b");
    std::fs::create_dir_all(&inner).unwrap();
    for (k, slice) in series(3).into_iter().enumerate() {
        std::fs::write(inner.join(format!("{k}")), slice.bytes()).unwrap();
    }
    std::fs::write(temp.path().join("notes.txt"), "nothing to see").unwrap();
    std::fs::write(temp.path().join("empty"), "").unwrap();
    let opened = open(temp.path(), &ReadOptions::default()).unwrap();
    assert_eq!((opened.ct.grid.dims[2], opened.files), (3, 3));

    let empty = tempfile::tempdir().unwrap();
    assert!(matches!(open(empty.path(), &ReadOptions::default()), Err(ReadError::NoImages { files: 0, .. })));
    let text = temp.path().join("notes.txt");
    assert!(matches!(open(&text, &ReadOptions::default()), Err(ReadError::NotAnImage { .. })));
    assert!(matches!(open(&temp.path().join("none"), &ReadOptions::default()), Err(ReadError::Io { .. })));
}

fn zipped(entries: &[(&str, &[u8])]) -> tempfile::NamedTempFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, bytes) in entries {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    file.write_all(&zip.finish().unwrap().into_inner()).unwrap();
    file
}

#[test]
fn a_zip_gives_the_same_volume_as_its_files() {
    let slices: Vec<Vec<u8>> = series(3).into_iter().map(Slice::bytes).collect();
    let zip =
        zipped(&[("x/y/1", &slices[2]), ("x/2", &slices[0]), ("3", &slices[1]), ("readme.txt", b"junk")]);
    let opened = open(zip.path(), &ReadOptions::default()).unwrap();
    let plain = read(series(3)).unwrap();
    assert_eq!((opened.ct, opened.hash), (plain.ct, plain.hash));
}

#[test]
fn dangerous_zips_are_refused() {
    let refused = |zip: tempfile::NamedTempFile| match open(zip.path(), &ReadOptions::default()) {
        Err(ReadError::Zip { reason }) => reason,
        other => panic!("{other:?}"),
    };
    let slice = Slice::new(0).bytes();
    assert!(refused(zipped(&[("../../evil", &slice)])).contains("leads out"));
    let bomb = vec![0; 80 << 20];
    assert!(refused(zipped(&[("bomb", &bomb)])).contains("zip bomb"));
    let mut damaged = tempfile::NamedTempFile::new().unwrap();
    damaged.write_all(b"PK\x03\x04 and then nothing").unwrap();
    assert!(refused(damaged).contains("damaged"));
}
