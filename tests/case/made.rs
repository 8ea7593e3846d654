//! A virtual patient in files, cases of it, and what is in a case.

use crate::common::{coxa, stderr};
use coxa_imaging::nifti;
use coxa_synthetic::VirtualPatientOptions;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

/// A CT with its labels, in a folder that goes with it.
pub(crate) struct Patient {
    pub(crate) scratch: tempfile::TempDir,
}

impl Patient {
    /// A patient whose hip can be planned in seconds.
    pub(crate) fn new() -> Self {
        let options = VirtualPatientOptions { seed: 5, spacing_mm: 2.5, ..Default::default() };
        let patient = coxa_synthetic::generate(&options).unwrap();
        let scratch = tempfile::tempdir().unwrap();
        let made = Patient { scratch };
        nifti::write_ct(&patient.ct, &made.ct()).unwrap();
        let labels = made.labels();
        fs::create_dir_all(labels.parent().unwrap()).unwrap();
        nifti::write_labels(&patient.labels.volume, &labels).unwrap();
        coxa_imaging::labels::write_table(&patient.labels.table, &labels.with_file_name("labels.json"))
            .unwrap();
        made
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.scratch.path().join(name)
    }

    pub(crate) fn ct(&self) -> PathBuf {
        self.path("ct.nii.gz")
    }

    pub(crate) fn labels(&self) -> PathBuf {
        self.path("truth/labels.nii.gz")
    }

    /// Plans the right hip into a case.
    pub(crate) fn plan(&self, case: &Path) -> Output {
        self.plan_side("right", case)
    }

    pub(crate) fn plan_side(&self, side: &str, case: &Path) -> Output {
        let (ct, labels) = (self.ct(), self.labels());
        let words = ["plan", text(&ct), "--side", side, "--labels", text(&labels), "-o", text(case)];
        coxa(words)
    }

    /// A case with a plan.
    pub(crate) fn planned(&self) -> PathBuf {
        let case = self.path("case");
        let output = self.plan(&case);
        assert!(output.status.success(), "{}", stderr(&output));
        case
    }
}

/// A path in words.
pub(crate) fn text(path: &Path) -> &str {
    path.to_str().unwrap()
}

/// Runs a command that must succeed, and returns what it said on the way.
pub(crate) fn run<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    let output = coxa(words);
    assert!(output.status.success(), "{}", stderr(&output));
    stderr(&output)
}

/// Files of a case with their content; without the history and the plans, which have times in their names.
pub(crate) fn files(case: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut folders = vec![case.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            let name = text(path.strip_prefix(case).unwrap()).to_owned();
            if path.is_dir() {
                folders.push(path);
            } else if name != "history.jsonl" && !name.starts_with("plans") {
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

/// Refuses files that differ, by their names.
pub(crate) fn assert_same(found: &BTreeMap<String, Vec<u8>>, expected: &BTreeMap<String, Vec<u8>>) {
    let names: Vec<&String> = found
        .keys()
        .chain(expected.keys().filter(|name| !found.contains_key(*name)))
        .filter(|name| found.get(*name) != expected.get(*name))
        .collect();
    assert!(names.is_empty(), "these differ: {names:?}");
}

/// Copies a case.
pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let target = to.join(path.file_name().unwrap());
        match path.is_dir() {
            true => copy(&path, &target),
            false => drop(fs::copy(&path, &target).unwrap()),
        }
    }
}
