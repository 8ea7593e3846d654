//! The house rules of CONTRIBUTING.md that a program can see.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

use std::path::{Path, PathBuf};

/// Longest source file; beyond it there is more than one thing in it.
const MAX_LINES: usize = 600;

fn tracked(extension: &str) -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(&folder).unwrap().map(Result::unwrap) {
            let name = entry.file_name();
            if name == "target" || name.to_string_lossy().starts_with('.') {
                continue;
            }
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no .{extension} files found");
    found
}

fn offenders(extension: &str, wrong: impl Fn(&str) -> bool) -> Vec<String> {
    tracked(extension)
        .into_iter()
        .filter(|path| !path.ends_with("house_rules.rs"))
        .filter(|path| wrong(&std::fs::read_to_string(path).unwrap()))
        .map(|path| path.display().to_string())
        .collect()
}

#[test]
fn no_source_file_is_longer_than_its_one_idea() {
    let long = offenders("rs", |text| text.lines().count() > MAX_LINES);
    assert!(long.is_empty(), "longer than {MAX_LINES} lines: {long:#?}");
}

#[test]
fn every_module_says_what_it_is() {
    let silent = offenders("rs", |text| !text.trim_start().starts_with("//!") && !text.starts_with("#!["));
    assert!(silent.is_empty(), "no module documentation on top: {silent:#?}");
}

#[test]
fn nothing_is_left_for_later_in_the_source() {
    let words = ["TODO", "FIXME", "XXX", "#[ignore", "HACK"];
    let unfinished = offenders("rs", |text| words.iter().any(|w| text.contains(w)));
    assert!(unfinished.is_empty(), "unfinished business: {unfinished:#?}");
}

#[test]
fn every_crate_shares_the_lints_and_the_version_table() {
    let astray = offenders("toml", |text| {
        let is_member = text.contains("version.workspace = true");
        is_member && !text.contains("[lints]\nworkspace = true")
    });
    assert!(astray.is_empty(), "without the workspace's lints: {astray:#?}");
    let own_versions = offenders("toml", |text| {
        text.contains("version.workspace = true")
            && !text.contains("[workspace]")
            && text.lines().any(|l| l.contains("version = \"") && l.contains('{'))
    });
    assert!(own_versions.is_empty(), "versions outside the root table: {own_versions:#?}");
}
