//! Odd, truncated and malformed DICOM: every file of the reference folder `dicom-odd` gives the values that pydicom gives, or is
//! refused with a reason.

use coxa_imaging::dicom;
use coxa_imaging::source::{ReadError, ReadOptions, open};
use coxa_test_support::reference_data;
use std::path::Path;

/// Lossy decoders round in their own way: extremes and mean agree to one grey level.
const NEAR: f64 = 1.0;

fn check(path: &Path, expected: &[&str]) -> Result<(), String> {
    let read = dicom::read_pixels(path);
    let (verdict, rest) = expected.split_first().ok_or("an empty line in the table")?;
    let pixels = match (*verdict, read) {
        ("refused", Err(_)) => return Ok(()),
        ("unsupported", Err(error)) if error.to_string().contains("is not decoded here") => return Ok(()),
        ("exact" | "near", Ok(pixels)) => pixels,
        (_, Ok(_)) => return Err(format!("was read, but should be {verdict}")),
        (_, Err(error)) => return Err(format!("should be {verdict}, but: {error}")),
    };
    let shape = pixels.shape.map(|n| n.to_string()).join(",");
    if rest.first() != Some(&shape.as_str()) {
        return Err(format!("has shape {shape}, expected {rest:?}"));
    }
    if *verdict == "exact" {
        let mut crc = flate2::Crc::new();
        pixels.values.iter().for_each(|value| crc.update(&value.to_le_bytes()));
        let sum = format!("{:08x}", crc.sum());
        return if rest.get(1) == Some(&sum.as_str()) { Ok(()) } else { Err("has other values".to_owned()) };
    }
    let least = pixels.values.iter().min().copied().unwrap_or(0) as f64;
    let most = pixels.values.iter().max().copied().unwrap_or(0) as f64;
    let mean = pixels.values.iter().sum::<i64>() as f64 / pixels.values.len() as f64;
    for (found, text) in [least, most, mean].iter().zip(&rest[1..]) {
        let expected: f64 = text.parse().map_err(|_| "the table holds no number".to_owned())?;
        if (found - expected).abs() > NEAR {
            return Err(format!("has {found} where {expected} is expected"));
        }
    }
    Ok(())
}

#[test]
fn every_file_reads_as_in_pydicom_or_is_refused() {
    let Some(folder) = reference_data("dicom-odd") else { return };
    let table = include_str!("dicom_odd/expected.tsv");
    let lines: Vec<&str> = table.lines().filter(|line| !line.starts_with('#')).collect();
    let wrong: Vec<String> = lines
        .iter()
        .filter_map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let (path, expected) = fields.split_first()?;
            check(&folder.join(path), expected).err().map(|reason| format!("{path} {reason}"))
        })
        .collect();
    assert!(wrong.is_empty(), "{} of {} files:\n{}", wrong.len(), lines.len(), wrong.join("\n"));
    println!("{} files agree", lines.len());
}

/// The files stand in for a careless user's folder: opening any of them, or all, as a CT gives a volume or a reason.
#[test]
fn opening_odd_files_as_ct_gives_a_volume_or_a_reason() {
    let Some(folder) = reference_data("dicom-odd") else { return };
    for line in include_str!("dicom_odd/expected.tsv").lines().filter(|line| !line.starts_with('#')) {
        let Some(path) = line.split('\t').next() else { continue };
        if let Err(error) = open(&folder.join(path), &ReadOptions::default()) {
            assert!(error.to_string().len() > 20, "{error}");
        }
    }
    let all = open(&folder.join("pydicom_test_files"), &ReadOptions::default());
    assert!(all.is_err(), "a damaged file or several series must be named");
    let slices = open(&folder.join("dcmqi/data/segmentations/ct-3slice"), &ReadOptions::default()).unwrap();
    assert_eq!(slices.ct.grid.dims, [512, 512, 3]);
    let frames = folder.join("dcmqi/data/segmentations/24x38x3");
    let classic = open(&frames.join("image"), &ReadOptions::default()).unwrap();
    let enhanced = open(&frames.join("multiframe/mf.dcm"), &ReadOptions::default()).unwrap();
    assert_eq!(classic.ct.voxels, enhanced.ct.voxels);
    assert!(classic.ct.grid.matches(&enhanced.ct.grid, 1e-6));
    let radiograph =
        folder.join("pydicom_test_files/src/pydicom/data/test_files/dicomdirtests/77654033/CR1/6154");
    assert!(matches!(open(&radiograph, &ReadOptions::default()), Err(ReadError::NotCt { .. })));
    assert!(dicom::read_radiograph(&radiograph).unwrap().inverted);
}
