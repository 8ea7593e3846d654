//! Which crate may use which, and that no crate has circles between its files.

use crate::circles::{Crate, in_words};
use std::collections::BTreeSet;
use std::path::Path;

/// Crates of the workspace from the lowest floor up: folder, and what it may depend on outside its tests. ARCHITECTURE.md says why.
const CRATES: [(&str, &[&str]); 25] = [
    ("models/locale", &[]),
    ("models/geometry", &["locale"]),
    ("models/statistics", &[]),
    ("models/tables", &[]),
    ("models/learning", &["statistics"]),
    ("models/panel", &[]),
    ("models/imaging", &["geometry"]),
    ("models/radiomics", &["geometry", "imaging"]),
    ("models/readers", &["statistics", "tables", "geometry", "imaging"]),
    ("models/anatomy", &["geometry", "imaging"]),
    ("models/network", &["geometry", "imaging", "anatomy"]),
    ("models/shape", &["geometry", "imaging", "anatomy"]),
    ("models/segment", &["geometry", "imaging", "anatomy", "network", "shape"]),
    ("models/measure", &["geometry", "imaging", "anatomy", "shape"]),
    ("models/synthetic", &["geometry", "imaging", "anatomy", "shape"]),
    (
        "models/diagnosis",
        &[
            "statistics",
            "tables",
            "learning",
            "panel",
            "geometry",
            "imaging",
            "radiomics",
            "anatomy",
            "network",
        ],
    ),
    ("sim/activity", &["geometry"]),
    ("sim/rom", &["geometry", "activity"]),
    ("sim/muscle", &["geometry", "activity"]),
    ("planner", &["locale", "panel", "geometry", "imaging", "anatomy", "activity", "rom", "muscle"]),
    (
        "planner/case",
        &[
            "locale",
            "panel",
            "geometry",
            "imaging",
            "anatomy",
            "network",
            "segment",
            "measure",
            "synthetic",
            "activity",
            "rom",
            "muscle",
            "planner",
        ],
    ),
    (
        "scenarios",
        &[
            "statistics",
            "geometry",
            "imaging",
            "anatomy",
            "measure",
            "synthetic",
            "activity",
            "planner",
            "case",
        ],
    ),
    (
        ".",
        &[
            "locale",
            "statistics",
            "panel",
            "geometry",
            "imaging",
            "radiomics",
            "readers",
            "anatomy",
            "shape",
            "segment",
            "measure",
            "synthetic",
            "diagnosis",
            "activity",
            "rom",
            "muscle",
            "planner",
            "case",
            "scenario",
        ],
    ),
    (
        "viewer",
        &[
            "panel", "geometry", "imaging", "anatomy", "activity", "rom", "muscle", "planner", "case",
            "scenario",
        ],
    ),
    ("tests/support", &[]),
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn manifest(folder: &str) -> toml::Table {
    std::fs::read_to_string(root().join(folder).join("Cargo.toml")).unwrap().parse().unwrap()
}

fn dependencies(folder: &str) -> BTreeSet<String> {
    let manifest = manifest(folder);
    let table = manifest.get("dependencies").and_then(toml::Value::as_table);
    table.into_iter().flat_map(|table| table.keys().cloned()).collect()
}

#[test]
fn every_crate_has_its_floor() {
    let workspace = manifest(".");
    let members = workspace["workspace"]["members"].as_array().unwrap();
    let known: BTreeSet<&str> =
        CRATES.iter().map(|(folder, _)| *folder).filter(|folder| *folder != ".").collect();
    let found: BTreeSet<&str> = members.iter().filter_map(toml::Value::as_str).collect();
    assert_eq!(found, known, "a crate is not listed in {}", file!());
}

#[test]
fn no_crate_depends_upwards() {
    for (folder, allowed) in CRATES {
        for name in dependencies(folder) {
            let own = if name == "coxa" { Some("coxa") } else { name.strip_prefix("coxa-") };
            assert!(own.is_none_or(|own| allowed.contains(&own)), "{folder} must not depend on {name}");
        }
    }
}

#[test]
fn networks_run_in_one_crate_only() {
    let with_engine: Vec<&str> = CRATES
        .iter()
        .map(|(folder, _)| *folder)
        .filter(|folder| dependencies(folder).iter().any(|name| name == "ort" || name.starts_with("ort-")))
        .collect();
    assert_eq!(with_engine, ["models/network"]);
}

#[test]
fn no_files_of_a_crate_form_a_circle() {
    for (folder, _) in CRATES {
        let circles = Crate::read(&root().join(folder).join("src")).circles();
        let told: Vec<String> = circles.iter().map(in_words).collect();
        assert!(
            circles.is_empty(),
            "{folder} has {} circles between its files. What two files need of each other goes into one below both.\n{}",
            circles.len(),
            told.join("\n\n"),
        );
    }
}
