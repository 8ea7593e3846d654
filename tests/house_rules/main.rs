//! The house rules of CONTRIBUTING.md that a program can see.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod circles;
mod crates;
mod findings;
mod source;
#[path = "../common/tokens.rs"]
mod tokens;

use coxa_geometry::Quantity;
use std::collections::BTreeSet;
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
        .filter(|path| !path.ends_with("house_rules/main.rs"))
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

/// Where a name of a quantity is the name of something else: the word, the file, and what it names there.
const OTHER_NAMES: [(&str, &str, &str); 5] = [
    ("combined_anteversion", "planner/src/optimise/criteria/mod.rs", "a preset of criteria"),
    ("combined_anteversion", "planner/src/optimise/criteria/file.rs", "a preset of criteria"),
    ("stem_version", "planner/src/optimise/design.rs", "a variable of the search"),
    ("leg_length_change", "src/cli.rs", "an argument"),
    ("offset_change", "src/cli.rs", "an argument"),
];
/// The folder whose words are of another table: codes of findings.
const OTHER_TABLE: &str = "models/geometry/src/finding/";

/// Modules that are compiled for tests alone, as the path of their file without `.rs` or `/mod.rs`.
fn test_modules(files: &[PathBuf]) -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    for file in files {
        let is_root = ["mod.rs", "lib.rs", "main.rs"].iter().any(|name| file.ends_with(name));
        let folder = if is_root { file.parent().unwrap().to_owned() } else { file.with_extension("") };
        let text = std::fs::read_to_string(file).unwrap();
        for after in text.split("#[cfg(test)]\n").skip(1) {
            let line = after.lines().next().unwrap_or_default().trim();
            if let Some(name) = line.strip_suffix(';').and_then(|line| line.rsplit_once("mod ")) {
                found.insert(folder.join(name.1));
            }
        }
    }
    found
}

/// What stands between quotes in a source file, but for its tests.
fn literals(text: &str) -> impl Iterator<Item = &str> {
    let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default();
    let lines = code.lines().filter(|line| !line.trim_start().starts_with("//"));
    lines.flat_map(|line| line.split('"').skip(1).step_by(2))
}

#[test]
fn no_name_of_a_quantity_is_spelt_outside_its_table_and_tests() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let all = Quantity::ALL.iter().flat_map(|quantity| [quantity.name(), quantity.criterion_name()]);
    let names: BTreeSet<&str> = all.collect();
    let files = tracked("rs");
    let tests = test_modules(&files);
    let is_of_tests = |file: &Path| {
        let inside = file.strip_prefix(root).unwrap();
        inside.iter().any(|part| part == "tests" || part == "benches" || part == "examples")
            || file.ancestors().any(|part| tests.contains(&part.with_extension("")))
    };
    let mut spelt = Vec::new();
    let mut looked_at = 0;
    for file in &files {
        let name = file.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let is_table = name.starts_with("models/geometry/src/quantity/");
        if is_table || is_of_tests(file) || name.starts_with(OTHER_TABLE) {
            continue;
        }
        looked_at += 1;
        for literal in literals(&std::fs::read_to_string(file).unwrap()) {
            let endings = ["_right", "_left", "_{side}"];
            let bare = endings.iter().find_map(|ending| literal.strip_suffix(ending)).unwrap_or(literal);
            let is_other = OTHER_NAMES.iter().any(|(word, file, _)| *word == bare && *file == name);
            if names.contains(bare) && !is_other {
                spelt.push(format!("{name}: \"{literal}\""));
            }
        }
    }
    assert!(looked_at > 300, "only {looked_at} files");
    assert!(spelt.is_empty(), "write Quantity::... instead of its name: {spelt:#?}");
}
