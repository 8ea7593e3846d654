//! Pictures of a virtual patient, held against those beside this file. Skipped where there is no graphics adapter.
//!
//! Drivers round colours and edges of triangles differently: a picture is the same if a channel of a pixel differs by at most
//! [`MEAN`] grey levels of 255 in the mean, and by more than [`STEP`] in at most the part [`SHARE`] of them. After a change that is meant,
//! look at the new pictures and keep them: `COXA_KEEP_PICTURES=1 cargo test -p coxa-viewer --test pictures`.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use std::path::{Path, PathBuf};
use std::process::Command;

const MEAN: f64 = 1.5;
const STEP: u8 = 40;
const SHARE: f64 = 0.01;

struct Picture {
    size: (u32, u32),
    rgb: Vec<u8>,
}

fn read(path: &Path) -> Picture {
    let file = std::io::BufReader::new(std::fs::File::open(path).unwrap());
    let mut reader = png::Decoder::new(file).read_info().unwrap();
    let mut rgb = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut rgb).unwrap();
    rgb.truncate(info.buffer_size());
    assert_eq!(info.color_type, png::ColorType::Rgb, "{}", path.display());
    Picture { size: (info.width, info.height), rgb }
}

/// Mean difference in grey levels, and part of the channels that differ by more than a step.
fn difference(a: &Picture, b: &Picture) -> (f64, f64) {
    assert_eq!(a.size, b.size);
    let differences = || a.rgb.iter().zip(&b.rgb).map(|(a, b)| a.abs_diff(*b));
    let count = a.rgb.len() as f64;
    let mean = differences().map(f64::from).sum::<f64>() / count;
    (mean, differences().filter(|d| *d > STEP).count() as f64 / count)
}

fn are_alike(a: &Picture, b: &Picture) -> bool {
    let (mean, share) = difference(a, b);
    mean <= MEAN && share <= SHARE
}

fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pictures")
}

#[test]
fn pictures_are_those_that_were_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let (case, drawn) = (folder.path().join("case"), folder.path().join("drawn"));
    common::write_case(&case, 2.0);
    let run = Command::new(env!("CARGO_BIN_EXE_coxa-viewer"))
        .arg(&case)
        .args(["--headless", "--quiet", "--script"])
        .arg(kept().join("script.toml"))
        .arg("--out")
        .arg(&drawn)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&run.stderr);
    if !run.status.success() && said.contains("no graphics adapter") {
        eprintln!("skipped: {said}");
        return;
    }
    assert!(run.status.success(), "{said}");
    let mut names: Vec<String> = std::fs::read_dir(&drawn)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    assert_eq!(names.len(), 5);
    if std::env::var_os("COXA_KEEP_PICTURES").is_some() {
        for name in &names {
            std::fs::copy(drawn.join(name), kept().join(name)).unwrap();
        }
    }
    let changed: Vec<String> = names
        .iter()
        .filter_map(|name| {
            let (new, old) = (read(&drawn.join(name)), read(&kept().join(name)));
            let (mean, share) = difference(&new, &old);
            eprintln!(
                "{name}: {mean:.2} grey levels in the mean, {:.2} % by more than {STEP}",
                100.0 * share
            );
            (!are_alike(&new, &old)).then(|| format!("{name}: {mean:.2}, {:.2} %", 100.0 * share))
        })
        .collect();
    if !changed.is_empty() {
        panic!("not as they were: {changed:#?}\nthe new ones lie in {}", folder.keep().display());
    }
}

#[test]
fn what_has_moved_a_little_is_not_alike() {
    let picture = read(&kept().join("before.png"));
    let moved = |px: usize| {
        let row = picture.size.0 as usize * 3;
        let rgb = picture.rgb.chunks(row).flat_map(|line| {
            let (end, start) = line.split_at(row - px * 3);
            start.iter().chain(end).copied().collect::<Vec<u8>>()
        });
        Picture { size: picture.size, rgb: rgb.collect() }
    };
    assert!(are_alike(&picture, &moved(0)));
    assert!(!are_alike(&picture, &moved(2)), "{:?}", difference(&picture, &moved(2)));
}
