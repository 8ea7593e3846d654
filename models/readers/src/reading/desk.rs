//! The desk of one reader: which case is next, what was said, and in which tab.

use super::answer::{Answer, Draft, Reading};
use super::log::{Log, read_log};
use crate::error::ReadersError;
use crate::study::{Item, Study};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A tab that was not heard of for so long has been closed, milliseconds.
const TAB_LIVES_MS: u64 = 20_000;
/// Longest name of a tab.
const MAX_TAB: usize = 64;
/// Milliseconds of a day.
const DAY_MS: f64 = 86_400_000.0;

/// Why a desk does not do what a page asks.
#[derive(Debug, thiserror::Error)]
pub enum DeskError {
    /// The study is open in another tab.
    #[error("the study is open in another tab or window")]
    OtherTab,
    /// The page asks for what the study does not allow.
    #[error("{0}")]
    Refused(String),
    /// The system refused.
    #[error(transparent)]
    Failed(#[from] ReadersError),
}

/// Where a reader stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// A case is to be read.
    Reading {
        /// Session, from 0.
        session: usize,
        /// Place in its list, from 0.
        place: usize,
    },
    /// The wash-out lasts.
    Waiting {
        /// Session that follows, from 0.
        session: usize,
        /// When it opens, milliseconds since 1970.
        opens_ms: u64,
    },
    /// All is read.
    Done,
}

/// The desk of one reader.
#[derive(Debug)]
pub struct Desk {
    study: Arc<Study>,
    reader: usize,
    readings: Vec<Reading>,
    log: Log,
    draft: Option<Draft>,
    draft_path: PathBuf,
    /// The tab that reads, and when it was heard of.
    tab: Option<(String, u64)>,
    /// The tab that left last: what it sent before may come after.
    left: Option<String>,
}

impl Desk {
    /// The desk of a reader by place, with what was read before.
    ///
    /// # Errors
    /// Readings that cannot be read or do not fit the study.
    pub fn open(study: &Arc<Study>, reader: usize) -> Result<Desk, ReadersError> {
        let Some(list) = study.worklists.get(reader) else {
            return Err(ReadersError::Study("the study has no such reader".to_owned()));
        };
        let folder = study.readings();
        let path = folder.join(format!("{}.jsonl", list.reader));
        let (readings, _) = read_log(&path)?;
        let fits = |reading: &Reading| {
            let session = reading.session.checked_sub(1).and_then(|session| list.sessions.get(session));
            let is_known = |item: &Item| item.case == reading.case && item.method == reading.method;
            reading.reader == list.reader && session.is_some_and(|session| session.iter().any(is_known))
        };
        if !readings.iter().all(fits) {
            let reason = "it holds readings that are not on the reader's worklist; was the study made anew?";
            return Err(ReadersError::file(&path, reason));
        }
        let draft_path = folder.join(format!("{}.draft.json", list.reader));
        // A draft that cannot be read costs the case on screen alone.
        let draft = std::fs::read(&draft_path).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok());
        let log = Log::open(&path)?;
        Ok(Desk { study: Arc::clone(study), reader, readings, log, draft, draft_path, tab: None, left: None })
    }

    /// The study.
    pub fn study(&self) -> &Study {
        &self.study
    }

    /// Items of a session in their order.
    pub fn items(&self, session: usize) -> &[Item] {
        &self.study.worklists[self.reader].sessions[session]
    }

    /// Number of sessions.
    pub fn sessions(&self) -> usize {
        self.study.worklists[self.reader].sessions.len()
    }

    /// The last submitted reading of an item.
    pub fn reading(&self, session: usize, case: &str) -> Option<&Reading> {
        self.readings.iter().rev().find(|reading| reading.session == session + 1 && reading.case == case)
    }

    /// Number of items of a session that are read.
    pub fn done(&self, session: usize) -> usize {
        self.items(session).iter().filter(|item| self.reading(session, &item.case).is_some()).count()
    }

    /// Where the reader stands at a time.
    pub fn place(&self, now_ms: u64) -> Place {
        for session in 0..self.sessions() {
            let open =
                self.items(session).iter().position(|item| self.reading(session, &item.case).is_none());
            let Some(place) = open else { continue };
            let before = self.readings.iter().filter(|reading| reading.session <= session);
            let ended = before.map(|reading| reading.submitted_ms).max();
            let washout = (self.study.settings.washout_days * DAY_MS) as u64;
            return match ended.map(|ended| ended.saturating_add(washout)) {
                Some(opens_ms) if place == 0 && now_ms < opens_ms && self.done(session) == 0 => {
                    Place::Waiting { session, opens_ms }
                }
                _ => Place::Reading { session, place },
            };
        }
        Place::Done
    }

    /// Whether a page may see a case now: the one that is to be read, or one that may still be changed.
    pub fn may_see(&self, case: &str, now_ms: u64) -> Option<&Item> {
        let Place::Reading { session, place } = self.place(now_ms) else { return None };
        let items = self.items(session);
        let found = items.iter().position(|item| item.case == case)?;
        let may = found == place || (self.study.settings.may_change && self.reading(session, case).is_some());
        may.then(|| &items[found])
    }

    /// The draft of an item.
    pub fn draft(&self, session: usize, case: &str) -> Option<&Draft> {
        self.draft.as_ref().filter(|draft| draft.session == session + 1 && draft.case == case)
    }

    /// Takes the desk for a tab; from another one that is alive only where `take` says so.
    ///
    /// # Errors
    /// Another tab has it.
    pub fn claim(&mut self, tab: &str, take: bool, now_ms: u64) -> Result<(), DeskError> {
        if tab.is_empty() || tab.len() > MAX_TAB {
            return Err(DeskError::Refused("the page has no name of its own".to_owned()));
        }
        let is_other =
            |(other, seen): &(String, u64)| other != tab && now_ms.saturating_sub(*seen) < TAB_LIVES_MS;
        if !take && self.tab.as_ref().is_some_and(is_other) {
            return Err(DeskError::OtherTab);
        }
        self.tab = Some((tab.to_owned(), now_ms));
        Ok(())
    }

    /// Notes that the tab is alive.
    ///
    /// # Errors
    /// Another tab has the desk.
    pub fn beat(&mut self, tab: &str, now_ms: u64) -> Result<(), DeskError> {
        match &mut self.tab {
            Some((own, seen)) if own == tab => {
                *seen = now_ms;
                Ok(())
            }
            None if self.left.as_deref() == Some(tab) => Ok(()),
            // After a restart of the server no tab is known.
            None => self.claim(tab, false, now_ms),
            Some(_) => Err(DeskError::OtherTab),
        }
    }

    /// Leaves the desk, where the tab has it.
    pub fn release(&mut self, tab: &str) {
        if let Some((own, _)) = self.tab.take_if(|(own, _)| own == tab) {
            self.left = Some(own);
        }
    }

    /// The item that a page writes to.
    fn item(&self, session: usize, case: &str, now_ms: u64) -> Result<Item, DeskError> {
        let refused = |text: &str| DeskError::Refused(text.to_owned());
        let Place::Reading { session: current, .. } = self.place(now_ms) else {
            return Err(refused("the session is not open"));
        };
        if session != current + 1 {
            return Err(refused("the session has ended"));
        }
        match self.may_see(case, now_ms) {
            Some(item) => Ok(item.clone()),
            None if self.reading(current, case).is_some() => {
                Err(refused("the case is submitted and cannot be changed"))
            }
            None => Err(refused("it is not this case's turn")),
        }
    }

    /// Notes that a case is on screen, and keeps what is said of it so far.
    ///
    /// # Errors
    /// Another tab; a case that is not to be read; an answer that cannot be.
    pub fn keep_draft(
        &mut self,
        tab: &str,
        session: usize,
        case: &str,
        answer: Option<Answer>,
        now_ms: u64,
    ) -> Result<(), DeskError> {
        self.beat(tab, now_ms)?;
        self.item(session, case, now_ms)?;
        let before = self.draft.as_ref().filter(|draft| draft.session == session && draft.case == case);
        if before.is_some() && answer.is_none() {
            return Ok(());
        }
        let earlier = session.checked_sub(1).and_then(|session| self.reading(session, case));
        let shown_ms =
            before.map(|draft| draft.shown_ms).or(earlier.map(|reading| reading.shown_ms)).unwrap_or(now_ms);
        let answer = answer.unwrap_or_default();
        self.fault(case, &answer, true)?;
        let draft = Draft { session, case: case.to_owned(), shown_ms, answer };
        put(&self.draft_path, &draft)?;
        self.draft = Some(draft);
        Ok(())
    }

    /// Submits an answer.
    ///
    /// # Errors
    /// As [`Desk::keep_draft`]; an answer that is not complete.
    pub fn submit(
        &mut self,
        tab: &str,
        session: usize,
        case: &str,
        answer: Answer,
        now_ms: u64,
    ) -> Result<(), DeskError> {
        self.beat(tab, now_ms)?;
        let item = self.item(session, case, now_ms)?;
        self.fault(case, &answer, false)?;
        let earlier = session.checked_sub(1).and_then(|session| self.reading(session, case));
        let draft = self.draft.as_ref().filter(|draft| draft.session == session && draft.case == case);
        let shown = draft.map(|draft| draft.shown_ms).or(earlier.map(|reading| reading.shown_ms));
        let reading = Reading {
            reader: self.study.worklists[self.reader].reader.clone(),
            session,
            case: item.case,
            method: item.method,
            revision: earlier.map_or(0, |reading| reading.revision + 1),
            shown_ms: shown.unwrap_or(now_ms),
            submitted_ms: now_ms,
            answer,
        };
        self.log.append(&reading)?;
        self.readings.push(reading);
        self.draft = None;
        let _ = std::fs::remove_file(&self.draft_path);
        Ok(())
    }

    fn fault(&self, case: &str, answer: &Answer, is_draft: bool) -> Result<(), DeskError> {
        let refused = |text: String| DeskError::Refused(text);
        let known = self.study.case(case).ok_or_else(|| refused("there is no such case".to_owned()))?;
        answer.fault(&self.study.settings, known, is_draft).map_or(Ok(()), |fault| Err(refused(fault)))
    }
}

fn put(path: &Path, draft: &Draft) -> Result<(), ReadersError> {
    let bytes = serde_json::to_vec(draft).map_err(|error| ReadersError::file(path, error.to_string()))?;
    coxa_imaging::atomic::write(path, &bytes).map_err(|error| ReadersError::io(path, &error))
}
