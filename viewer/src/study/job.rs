//! A job of a study that is to be opened as a case.

use anyhow::Result;
use coxa_case::progress::Progress;
use coxa_scenario::case_of_job::case_of_job;
use coxa_scenario::store::Store;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, TryLockError};

/// A job, with what its case is made from.
#[derive(Clone)]
pub struct JobOfStudy {
    pub(super) store: Arc<Store>,
    /// Held while a case is made: who gave one up and asks again must not write the same files twice at once.
    pub(super) making: Arc<Mutex<()>>,
    /// Its number.
    pub number: u64,
    /// The patient, as the study names it.
    pub patient: String,
}

impl JobOfStudy {
    /// Makes the case of this job, or finds it where it was made before.
    ///
    /// # Errors
    /// A job that has no plan, and whatever the system refuses.
    pub fn case(&self, progress: &dyn Progress) -> Result<PathBuf> {
        let _held = match self.making.try_lock() {
            Err(TryLockError::WouldBlock) => {
                let _waiting = progress.begin("waiting for the case that is still being made");
                self.making.lock().unwrap_or_else(PoisonError::into_inner)
            }
            Err(TryLockError::Poisoned(held)) => held.into_inner(),
            Ok(held) => held,
        };
        // It may have been given more patients since it was opened.
        case_of_job(&Store::open(self.store.folder())?, self.number, progress)
    }

    /// What it is called while it is opened: `seed 7, job 421`.
    pub fn title(&self) -> String {
        format!("{}, job {}", self.patient, self.number)
    }

    /// Folder of its study.
    pub fn folder(&self) -> PathBuf {
        self.store.folder().to_owned()
    }
}
