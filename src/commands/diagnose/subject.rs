//! What `coxa diagnose run` looks at: a table of cases, one image, or a case folder.

use super::module;
use crate::cli::diagnose::RunArgs;
use anyhow::{Context, Result, bail};
use coxa_case::folder::Case;
use coxa_case::input::Scan;
use coxa_case::progress::Progress;
use coxa_diagnosis::cases::{Encoding, Truth};
use coxa_diagnosis::images::image_input;
use coxa_diagnosis::manifest::{Input, Manifest, Missing, Value};
use coxa_diagnosis::{Prepared, TableOptions, prepare};
use coxa_imaging::nifti;
use std::path::{Path, PathBuf};
use tempfile::TempDir;

/// File that a folder has when it is a case.
const CASE_FILE: &str = "case.toml";
/// File of the CT of a case while it is looked at.
const CT_FILE: &str = "ct.nii";
/// Endings of tables.
const TABLES: [&str; 3] = ["csv", "tsv", "txt"];

/// What is looked at.
pub(super) enum Subject {
    /// A table of cases.
    Table,
    /// One image: a file, or a folder with a DICOM series.
    Image,
    /// A case folder.
    Case(Box<Case>),
}

/// Cases ready to be predicted, and the folder of the images that they name.
pub(super) struct Cases {
    pub(super) prepared: Prepared,
    pub(super) images: PathBuf,
    /// Where the CT of a case lies for as long as it is looked at.
    _ct: Option<TempDir>,
}

impl Subject {
    /// What lies at a path.
    pub(super) fn at(path: &Path) -> Result<Subject> {
        if path.join(CASE_FILE).is_file() {
            return Ok(Subject::Case(Box::new(Case::open(path)?)));
        }
        let ending = path.extension().unwrap_or_default().to_ascii_lowercase();
        match TABLES.iter().any(|known| ending == *known) {
            true => Ok(Subject::Table),
            false => Ok(Subject::Image),
        }
    }

    /// Its cases.
    pub(super) fn cases(
        &self,
        manifest: &Manifest,
        args: &RunArgs,
        progress: &dyn Progress,
    ) -> Result<Cases> {
        match self {
            Subject::Table => {
                let images = module::images_of(&args.input, &args.table);
                let prepared = module::cases(manifest, &args.input, &args.table, Truth::Unasked, progress)?;
                Ok(Cases { prepared, images, _ct: None })
            }
            Subject::Image => {
                let Some((image, _)) = image_input(manifest) else {
                    bail!(
                        "{} is no table, and {} looks at no image; give a table of cases as CSV (coxa diagnose show MODULE --header)",
                        args.input.display(),
                        manifest.name
                    );
                };
                let known = |input: &Input| (input.id == image.id).then(|| path_of(&args.input));
                one(manifest, known, &args.input, None)
            }
            Subject::Case(case) => {
                let side = case.request().side.map(|side| side.name().to_owned());
                let looks_at_ct = |input: &Input| matches!(&input.value, Value::Image { modality, .. } if modality.iter().any(|one| one == "CT"));
                let scan = match manifest.inputs.iter().any(looks_at_ct) {
                    // The CT that the case was made from, or none: another may be of another patient.
                    true => Some(ct_of(case, progress)?),
                    false => None,
                };
                let ct = scan.as_ref().map(|folder| path_of(&folder.path().join(CT_FILE)));
                let known = |input: &Input| match &input.value {
                    Value::Case => Some(path_of(&args.input)),
                    Value::Image { .. } if looks_at_ct(input) => ct.clone(),
                    Value::Classes(classes) if is_side(manifest, &input.id) => {
                        side.clone().filter(|side| classes.contains(side))
                    }
                    _ => None,
                };
                one(manifest, known, &args.input, scan)
            }
        }
    }
}

/// The CT of a case as a file in a folder of its own.
fn ct_of(case: &Case, progress: &dyn Progress) -> Result<TempDir> {
    let scan = Scan::again(case.request(), progress)?;
    let folder = tempfile::tempdir().context("there is no place for temporary files")?;
    nifti::write_ct(&scan.ct, &folder.path().join(CT_FILE))?;
    Ok(folder)
}

/// The whole path, so that no folder of images is needed.
fn path_of(path: &Path) -> String {
    std::path::absolute(path).unwrap_or(path.to_owned()).to_string_lossy().into_owned()
}

/// Whether an input says which side's muscles are the affected ones.
fn is_side(manifest: &Manifest, id: &str) -> bool {
    manifest.inputs.iter().any(|input| matches!(&input.value, Value::Muscle(of, _) if of.side == id))
}

/// A table of one case, of the inputs that are known.
fn one(
    manifest: &Manifest,
    known: impl Fn(&Input) -> Option<String>,
    path: &Path,
    ct: Option<TempDir>,
) -> Result<Cases> {
    let computed = |input: &Input| matches!(input.value, Value::Feature(..) | Value::Muscle(..));
    let open: Vec<&str> = manifest
        .inputs
        .iter()
        .filter(|input| input.missing == Missing::Refuse && !computed(input) && known(input).is_none())
        .map(|input| input.column.as_str())
        .collect();
    if !open.is_empty() {
        bail!(
            "{} also takes {}, which {} does not say; give a table of cases as CSV (coxa diagnose show MODULE --header)",
            manifest.name,
            open.join(", "),
            path.display()
        );
    }
    let (mut header, mut cells) = (vec![manifest.evaluation.group.clone()], vec!["1".to_owned()]);
    for input in &manifest.inputs {
        if !computed(input) {
            header.push(input.column.clone());
            cells.push(known(input).unwrap_or_default());
        }
    }
    let mut writer = csv::Writer::from_writer(Vec::new());
    writer.write_record(&header)?;
    writer.write_record(&cells)?;
    let table = writer.into_inner().context("the case does not fit a table")?;
    let images = PathBuf::new();
    let asking = TableOptions { encoding: Encoding::Unicode, images: &images, truth: Truth::Unasked };
    let prepared = prepare(manifest, &table, asking, &mut |_| {}).map_err(|error| one_case(path, &error))?;
    Ok(Cases { prepared, images, _ct: ct })
}

/// An error about the only row of a table that nobody wrote.
pub(super) fn one_case(path: &Path, error: &impl ToString) -> anyhow::Error {
    let text = error.to_string();
    let lines = text.lines().map(|line| {
        line.split_once(": ")
            .map_or(line, |(place, what)| if place.starts_with("row 2") { what } else { line })
    });
    module::in_file(path, &lines.collect::<Vec<_>>().join("\n"))
}
