//! The patients of a study, in their order.

mod content;
mod seeds;

use crate::hip::CohortHip;
use crate::study::{Cohort, Scan, VirtualCohort};
use crate::variable::Patient;
use anyhow::{Context, Result, bail};
use content::{file_hash, folder_hash};
use coxa_case::failure::file_error;
use coxa_geometry::Side;
use coxa_synthetic::Template;
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// A patient of the study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Member {
    /// A virtual patient.
    Seed(u64),
    /// A case, by its folder's name.
    Case(String),
    /// A CT, by its path in the study and its side.
    Scan(String),
}

impl Member {
    /// As tables name it.
    pub fn name(&self) -> String {
        match self {
            Member::Seed(seed) => format!("seed {seed}"),
            Member::Case(name) | Member::Scan(name) => name.clone(),
        }
    }
}

/// The patients, with what their hips are made from.
pub struct Patients {
    members: Vec<Member>,
    template: Option<Template>,
    cohort: Cohort,
    /// Where relative paths of the cohort count from.
    beside: PathBuf,
    /// Of each case or CT the hash of what it was when the study was opened.
    contents: Vec<String>,
}

impl Patients {
    /// The patients of a cohort whose file lies in `beside`. Seeds are looked at one after another until there are as many patients as are
    /// wanted; `tell` hears how many of how many were found.
    ///
    /// # Errors
    /// A folder without cases; a cohort of whom there are too few.
    pub fn of(cohort: &Cohort, beside: &Path, tell: &dyn Fn(usize, usize)) -> Result<Patients> {
        let mut patients = Patients::listed(cohort, beside, Vec::new())?;
        let members = match (cohort, &patients.template) {
            (Cohort::Virtual(wanted), Some(template)) => {
                seeds::seeds(template, wanted, tell)?.into_iter().map(Member::Seed).collect()
            }
            (Cohort::Scans(scans), _) => {
                scans.scans.iter().map(|scan| Member::Scan(scan_name(scan))).collect()
            }
            (Cohort::Cases(cases), _) => self::cases(&beside.join(&cases.folder))?,
            (Cohort::Virtual(_), None) => Vec::new(),
        };
        patients.take(members);
        Ok(patients)
    }

    /// The same of a list that was made before.
    ///
    /// # Errors
    /// A template that cannot be read.
    pub fn listed(cohort: &Cohort, beside: &Path, members: Vec<Member>) -> Result<Patients> {
        let template = match cohort {
            Cohort::Virtual(wanted) => Some(match &wanted.template {
                Some(folder) => Template::read(&beside.join(folder))?,
                None => Template::shipped()?,
            }),
            Cohort::Cases(_) | Cohort::Scans(_) => None,
        };
        let mut patients = Patients {
            members: Vec::new(),
            template,
            cohort: cohort.clone(),
            beside: beside.to_owned(),
            contents: Vec::new(),
        };
        patients.take(members);
        Ok(patients)
    }

    fn take(&mut self, members: Vec<Member>) {
        self.contents = match self.cohort {
            Cohort::Virtual(_) => Vec::new(),
            Cohort::Cases(_) | Cohort::Scans(_) => members.iter().map(|member| self.now(member)).collect(),
        };
        self.members = members;
    }

    /// All of them.
    pub fn members(&self) -> &[Member] {
        &self.members
    }

    /// One of them by its place.
    pub(crate) fn member(&self, place: usize) -> Member {
        self.members[place].clone()
    }

    /// Hash of a case or CT when the study was opened; empty of a virtual patient, whom the study's own hash tells.
    pub(crate) fn content(&self, place: usize) -> &str {
        self.contents.get(place).map_or("", String::as_str)
    }

    /// Whether a patient is still what it was when the study was opened.
    pub(crate) fn is_as_it_was(&self, place: usize) -> bool {
        self.contents.get(place).is_none_or(|content| *content == self.now(&self.members[place]))
    }

    fn now(&self, member: &Member) -> String {
        match (member, &self.cohort) {
            // The record of a case names the hashes of its files.
            (Member::Case(_), _) => file_hash(&self.case_folder(member).join("case.toml")),
            (Member::Scan(name), Cohort::Scans(scans)) => scans
                .scans
                .iter()
                .find(|scan| scan_name(scan) == *name)
                .map_or_else(String::new, |scan| folder_hash(&self.beside.join(&scan.path))),
            _ => String::new(),
        }
    }

    fn case_folder(&self, member: &Member) -> PathBuf {
        match &self.cohort {
            Cohort::Cases(cases) => self.beside.join(&cases.folder).join(member.name()),
            Cohort::Virtual(_) | Cohort::Scans(_) => PathBuf::new(),
        }
    }

    /// What a patient is made from.
    ///
    /// # Errors
    /// A patient of another cohort.
    pub(crate) fn origin(&self, member: &Member) -> Result<Origin<'_>> {
        match (member, &self.cohort, &self.template) {
            (Member::Seed(seed), Cohort::Virtual(cohort), Some(template)) => {
                Ok(Origin::Virtual { template, cohort, seed: *seed })
            }
            (Member::Case(_), ..) => Ok(Origin::Case(self.case_folder(member))),
            (Member::Scan(name), Cohort::Scans(scans), _) => {
                let scan = scans.scans.iter().find(|scan| scan_name(scan) == *name);
                let scan = scan.with_context(|| format!("{name} is not of this cohort"))?;
                Ok(Origin::Scan(self.beside.join(&scan.path), scan.side))
            }
            _ => bail!("{} is not of this cohort", member.name()),
        }
    }

    /// The hip of a patient.
    pub(crate) fn hip(&self, member: &Member, settings: &Patient) -> Result<CohortHip> {
        match self.origin(member)? {
            Origin::Virtual { template, cohort, seed } => {
                CohortHip::of_seed(template, cohort, seed, settings)
            }
            Origin::Case(folder) => CohortHip::of_case(&folder),
            Origin::Scan(path, side) => CohortHip::of_scan(&path, side),
        }
    }
}

/// What a patient is made from.
pub(crate) enum Origin<'a> {
    /// A seed.
    Virtual {
        /// The shape model.
        template: &'a Template,
        /// What else is asked of it.
        cohort: &'a VirtualCohort,
        /// The seed.
        seed: u64,
    },
    /// A case folder.
    Case(PathBuf),
    /// A CT, and the side that is planned.
    Scan(PathBuf, Side),
}

fn scan_name(scan: &Scan) -> String {
    format!("{} {}", scan.path.display(), scan.side)
}

fn cases(folder: &Path) -> Result<Vec<Member>> {
    let entries = std::fs::read_dir(folder).map_err(|error| file_error("open", folder, &error))?;
    let mut members: Vec<Member> = entries
        .flatten()
        .filter(|entry| entry.path().join("case.toml").is_file())
        .filter_map(|entry| entry.file_name().into_string().ok().map(Member::Case))
        .collect();
    members.sort_by_key(Member::name);
    if members.is_empty() {
        bail!("{} holds no case folders: name the folder in which they lie", folder.display());
    }
    Ok(members)
}
