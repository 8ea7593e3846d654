//! The list of a study as it is shown: read in the background, filtered and sorted once for each choice.

use super::choice::Choice;
use super::job::JobOfStudy;
use super::table::Table;
use crate::background::{Background, Pace};
use coxa_case::failure::message;
use coxa_scenario::listing::{ListedJob, Listing};
use coxa_scenario::store::Store;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};

/// Of work that came to nothing.
const LOST: &str = "the jobs cannot be listed because of a program error; please report it";

/// What is listed: the table, the choice, and the rows that it gives.
type Chosen = (Arc<Table>, Choice, Arc<[usize]>);

/// A study whose jobs are listed.
pub struct StudyList {
    store: Arc<Store>,
    making: Arc<Mutex<()>>,
    tables: Background<usize, Result<Arc<Table>, String>>,
    /// How often jobs were to be listed again.
    listings: usize,
    /// What of the list is wanted.
    pub choice: Choice,
    chosen: Option<Chosen>,
    /// Cases that were opened since, by job.
    cases: BTreeMap<u64, PathBuf>,
    /// A job that is to be opened.
    pub wanted: Option<JobOfStudy>,
}

impl StudyList {
    /// The list of a study; nothing is read yet.
    pub fn new(store: Store, pace: Pace) -> Self {
        StudyList {
            store: Arc::new(store),
            making: Arc::default(),
            tables: Background::new(pace),
            listings: 0,
            choice: Choice::default(),
            chosen: None,
            cases: BTreeMap::new(),
            wanted: None,
        }
    }

    /// Folder of the study.
    pub fn folder(&self) -> &Path {
        self.store.folder()
    }

    /// The jobs, or why they cannot be listed; once they are there, and those of before until they are listed again.
    pub fn table(&mut self) -> Option<Result<Arc<Table>, String>> {
        let key = self.listings;
        self.tables.ask(&key, || {
            let folder = self.store.folder().to_owned();
            move || {
                // It may have been given more patients.
                let store = Store::open(&folder).map_err(|error| message(&error))?;
                let listing = Listing::read(&store).map_err(|error| message(&error))?;
                Ok(Arc::new(Table::new(listing, store.job_count())))
            }
        });
        match self.tables.is_lost(&key) {
            true => Some(Err(LOST.to_owned())),
            false => self.tables.last().map(|(_, table)| table.clone()),
        }
    }

    /// Lists the jobs again: more may have been run.
    pub fn list_again(&mut self) {
        self.listings += 1;
    }

    /// Whether the list is not the newest.
    pub fn is_listing(&self) -> bool {
        self.tables.is_in_work()
    }

    /// Places of the rows that are chosen, in their order.
    pub fn places(&mut self, table: &Arc<Table>) -> Arc<[usize]> {
        if let Some((of, choice, places)) = &self.chosen
            && Arc::ptr_eq(of, table)
            && *choice == self.choice
        {
            return places.clone();
        }
        let places: Arc<[usize]> = self.choice.places(&table.listing).into();
        self.chosen = Some((table.clone(), self.choice.clone(), places.clone()));
        places
    }

    /// The case folder of a row, where one was made.
    pub fn case_of<'a>(&'a self, row: &'a ListedJob) -> Option<&'a Path> {
        self.cases.get(&row.job).or(row.case.as_ref()).map(PathBuf::as_path)
    }

    /// Asks for the case of a row, unless it has no plan.
    pub fn want(&mut self, row: &ListedJob) {
        if row.refusal.is_none() {
            self.wanted = Some(self.job(row));
        }
    }

    /// A row as what can be opened.
    pub fn job(&self, row: &ListedJob) -> JobOfStudy {
        JobOfStudy {
            store: self.store.clone(),
            making: self.making.clone(),
            number: row.job,
            patient: row.patient.clone(),
        }
    }

    /// Takes in that the case of a job is there.
    pub fn take_in_case(&mut self, job: u64, case: &Path) {
        self.cases.insert(job, case.to_owned());
    }
}
