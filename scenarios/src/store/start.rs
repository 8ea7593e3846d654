//! A study is started in a new folder, or gone on with in the folder where it was started before.

use super::identity::{catalogue, identity};
use super::place::{PARTIAL, put};
use super::{BLOCKS, EXPANDED, Expanded, FORMAT, STUDY, Store};
use crate::cohort::{Member, Patients};
use crate::study::{Cohort, MOST_BYTES, Study};
use crate::variable::{Domain, Part, Value};
use anyhow::{Context, Result, bail};
use coxa_case::failure::file_error;
use coxa_case::folder::version;
use coxa_planner::implants::Catalogue;
use std::fs;
use std::path::Path;

impl Store {
    /// Starts a study in a new folder, or opens it where it was started before; a study that asks for more patients than there goes on with
    /// these. `tell` hears how many patients of how many were found.
    ///
    /// # Errors
    /// A study file that is none; a folder that holds something else, another study or one of another version; a cohort without patients.
    pub fn start(
        study_file: &Path,
        folder: &Path,
        change: impl FnOnce(&mut Study) -> Result<()>,
        tell: &dyn Fn(usize, usize),
    ) -> Result<Store> {
        let text = coxa_case::bounded::read_text(study_file, MOST_BYTES)?;
        let at = || study_file.display().to_string();
        let mut study = Study::from_toml(&text).with_context(at)?;
        change(&mut study)?;
        let text = toml::to_string(&study).with_context(at)?;
        let study = Study::from_toml(&text).with_context(at)?;
        let beside = study_file.parent().map(Path::to_owned).unwrap_or_default();
        let beside =
            std::path::absolute(if beside.as_os_str().is_empty() { Path::new(".") } else { &beside })?;
        let (catalogue, implants) = catalogue(&study, &beside)?;
        let identity = identity(&study, implants.as_ref(), &beside)?;
        let earlier = Store::is_at(folder).then(|| Store::open(folder)).transpose()?;
        match &earlier {
            Some(earlier) if earlier.identity != identity => bail!(
                "{0} holds the results of another study, which {0}/study.toml tells, or its implants or shape model were changed; name a new folder with -o",
                folder.display()
            ),
            Some(earlier) if earlier.beside != beside && !matches!(study.cohort, Cohort::Virtual(_)) => {
                bail!(
                    "{} was started with the patients beside {}: name a new folder with -o",
                    folder.display(),
                    earlier.beside.display()
                )
            }
            Some(earlier) => {
                if !has_more(&study, earlier.members(), folder)? {
                    put(&folder.join(STUDY), text.as_bytes())?;
                    return Store::open(folder);
                }
            }
            None => refuse_full(folder, &text)?,
        }
        refuse_unknown_parts(&study, &catalogue).with_context(at)?;
        refuse_missing_scans(&study, &beside).with_context(at)?;
        let patients = Patients::of(&study.cohort, &beside, tell)?;
        study.check_size(patients.members().len())?;
        if earlier.is_some_and(|earlier| !patients.members().starts_with(earlier.members())) {
            bail!("{} holds other patients; name a new folder with -o", folder.display());
        }
        let members = patients.members().to_vec();
        let expanded = Expanded { format: FORMAT, program_version: version(), identity, beside, members };
        fs::create_dir_all(folder.join(BLOCKS)).map_err(|error| file_error("create", folder, &error))?;
        put(&folder.join(STUDY), text.as_bytes())?;
        put(&folder.join(EXPANDED), serde_json::to_string(&expanded)?.as_bytes())?;
        Store::open(folder)
    }
}

/// Whether a study asks for more virtual patients than it was started with. Fewer would leave results behind that nobody asked for.
fn has_more(study: &Study, members: &[Member], folder: &Path) -> Result<bool> {
    let Cohort::Virtual(cohort) = &study.cohort else { return Ok(false) };
    if cohort.count < members.len() {
        bail!(
            "{} holds {} patients and {} are asked for: give --count {1}, or name a new folder with -o",
            folder.display(),
            members.len(),
            cohort.count
        );
    }
    Ok(cohort.count > members.len())
}

/// A list is written by hand: a CT that is not there is a mistake in it.
fn refuse_missing_scans(study: &Study, beside: &Path) -> Result<()> {
    let Cohort::Scans(list) = &study.cohort else { return Ok(()) };
    match list.scans.iter().find(|scan| !beside.join(&scan.path).exists()) {
        Some(scan) => bail!("there is no CT at {}: its path counts from the study file", scan.path.display()),
        None => Ok(()),
    }
}

/// Parts that the catalogue does not have are told before anything runs.
fn refuse_unknown_parts(study: &Study, catalogue: &Catalogue) -> Result<()> {
    for factor in &study.factors {
        for place in 0..factor.level_count().unwrap_or(0) {
            for (variable, value) in factor.level(place)?.set {
                if let (Value::Number(mm), true) = (&value, variable.is_head_diameter()) {
                    catalogue.head(*mm)?;
                }
                let (Value::Word(name), Domain::Part(part)) = (value, variable.domain()) else { continue };
                match part {
                    Part::Cup => drop(catalogue.cup(&name)?),
                    Part::Stem => drop(catalogue.stem(&name)?),
                    Part::Liner => drop(catalogue.liner(&name)?),
                }
            }
        }
    }
    Ok(())
}

/// A folder that holds something else, or another study file than the one that would be written there.
fn refuse_full(folder: &Path, study: &str) -> Result<()> {
    if folder.is_file() {
        bail!("{} is a file; name a new folder with -o", folder.display());
    }
    let is_same = || fs::read_to_string(folder.join(STUDY)).is_ok_and(|text| text == study);
    let is_ours = |name: &std::ffi::OsStr| {
        name == BLOCKS || name.to_string_lossy().starts_with(PARTIAL) || name == STUDY && is_same()
    };
    let is_full = folder.is_dir()
        && fs::read_dir(folder)
            .map_err(|error| file_error("open", folder, &error))?
            .flatten()
            .any(|entry| !is_ours(&entry.file_name()));
    if is_full {
        bail!("{} is not empty; name a new folder with -o", folder.display());
    }
    Ok(())
}
