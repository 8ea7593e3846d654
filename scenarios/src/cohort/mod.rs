//! The patients of a study, in their order.

use crate::hip::CohortHip;
use crate::study::{Cohort, VirtualCohort};
use crate::variable::Patient;
use anyhow::{Result, bail};
use coxa_case::failure::file_error;
use coxa_synthetic::{Person, Template, VirtualPatientOptions};
use serde::{Deserialize, Serialize};
use std::path::{Path, PathBuf};

/// Seeds that are looked at for each patient that is wanted; a cohort of whom there are fewer is refused.
const MOST_TRIES: u64 = 1000;

/// A patient of the study.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Member {
    /// A virtual patient.
    Seed(u64),
    /// A case, by its folder's name.
    Case(String),
}

impl Member {
    /// As tables name it.
    pub fn name(&self) -> String {
        match self {
            Member::Seed(seed) => format!("seed {seed}"),
            Member::Case(name) => name.clone(),
        }
    }
}

/// The patients, with what their hips are made from.
pub struct Patients {
    members: Vec<Member>,
    template: Option<Template>,
    cohort: Cohort,
    /// Folder of the cases.
    folder: PathBuf,
    /// Of each case the hash of its record when the study was opened, which names the hashes of its files.
    records: Vec<String>,
}

impl Patients {
    /// The patients of a cohort whose file lies in `beside`. Seeds are looked at one after another until there are as many patients as are
    /// wanted.
    ///
    /// # Errors
    /// A folder without cases; a cohort of whom there are too few.
    pub fn of(cohort: &Cohort, beside: &Path) -> Result<Patients> {
        let mut patients = Patients::listed(cohort, beside, Vec::new())?;
        let members = match (cohort, &patients.template) {
            (Cohort::Virtual(wanted), Some(template)) => seeds(template, wanted)?,
            _ => cases(&patients.folder)?,
        };
        patients.take(members);
        Ok(patients)
    }

    /// The same of a list that was made before.
    ///
    /// # Errors
    /// A template that cannot be read.
    pub fn listed(cohort: &Cohort, beside: &Path, members: Vec<Member>) -> Result<Patients> {
        let template = matches!(cohort, Cohort::Virtual(_)).then(Template::shipped).transpose()?;
        let folder = match cohort {
            Cohort::Virtual(_) => PathBuf::new(),
            Cohort::Cases(cases) => beside.join(&cases.folder),
        };
        let mut patients =
            Patients { members: Vec::new(), template, cohort: cohort.clone(), folder, records: Vec::new() };
        patients.take(members);
        Ok(patients)
    }

    fn take(&mut self, members: Vec<Member>) {
        self.records = match self.cohort {
            Cohort::Virtual(_) => Vec::new(),
            Cohort::Cases(_) => members.iter().map(|member| record_hash(&self.folder, member)).collect(),
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

    /// Hash of the record of a case when the study was opened; empty of a virtual patient.
    pub(crate) fn record(&self, place: usize) -> &str {
        self.records.get(place).map_or("", String::as_str)
    }

    /// Whether a patient is still what it was when the study was opened.
    pub(crate) fn is_as_it_was(&self, place: usize) -> bool {
        self.records
            .get(place)
            .is_none_or(|record| *record == record_hash(&self.folder, &self.members[place]))
    }

    /// The hip of a patient.
    pub(crate) fn hip(&self, member: &Member, settings: &Patient) -> Result<CohortHip> {
        match (member, &self.cohort, &self.template) {
            (Member::Seed(seed), Cohort::Virtual(cohort), Some(template)) => {
                CohortHip::of_seed(template, cohort, *seed, settings)
            }
            (Member::Case(name), ..) => CohortHip::of_case(&self.folder.join(name)),
            _ => bail!("{} is not of this cohort", member.name()),
        }
    }
}

fn record_hash(folder: &Path, member: &Member) -> String {
    let Member::Case(name) = member else { return String::new() };
    let record = std::fs::read_to_string(folder.join(name).join("case.toml"));
    record.map(|record| coxa_case::source::text_hash(&record)).unwrap_or_default()
}

fn seeds(template: &Template, wanted: &VirtualCohort) -> Result<Vec<Member>> {
    let is_anybody = wanted.sex.is_none() && wanted.age_years.is_none();
    let mut seed = wanted.first_seed;
    let mut members = Vec::new();
    while members.len() < wanted.count {
        if seed - wanted.first_seed >= MOST_TRIES * wanted.count as u64 {
            bail!(
                "of {} virtual patients only {} are as [cohort] asks: widen sex, age_years or lower count",
                seed - wanted.first_seed,
                members.len()
            );
        }
        let options: VirtualPatientOptions = wanted.options(seed);
        if is_anybody || is_wanted(&Person::of(template, &options)?, wanted) {
            members.push(Member::Seed(seed));
        }
        seed += 1;
    }
    Ok(members)
}

fn is_wanted(person: &Person, wanted: &VirtualCohort) -> bool {
    wanted.sex.is_none_or(|sex| sex == person.sex)
        && wanted.age_years.is_none_or(|[young, old]| (young..=old).contains(&person.age_years))
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
