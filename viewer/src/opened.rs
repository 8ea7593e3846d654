//! A case as a window or a script works with it.

use crate::planning::Workbench;
use crate::session::{CaseData, Session};
use crate::shown::{self, Shown};
use anyhow::Result;
use coxa_case::progress::Progress;
use std::path::Path;
use std::sync::Arc;

/// Whether what is edited is kept aside until it is saved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keeping {
    /// In a file beside the case, from which it is recovered.
    Aside,
    /// Nowhere, as for pictures.
    Nothing,
}

/// What is shown of a case, and its plan in the hand where it has one.
pub struct Opened {
    /// What is shown.
    pub shown: Shown,
    /// The plan that can be changed.
    pub bench: Option<Workbench>,
    /// What the case holds.
    pub case: Arc<CaseData>,
}

impl Opened {
    /// Reads the case of a folder.
    ///
    /// # Errors
    /// A case that is incomplete, of a newer version, or whose CT is gone or another; each says what to do.
    pub fn read(folder: &Path, keeping: Keeping, progress: &dyn Progress) -> Result<Self> {
        let case = Arc::new(progress.stage("reading the case", |_| CaseData::open(folder))?);
        let shown = shown::open(&case, progress)?;
        let session = match (case.plan().is_some(), keeping) {
            (false, _) => None,
            (true, Keeping::Aside) => Some(Session::new(case.clone())?),
            (true, Keeping::Nothing) => Some(Session::passing(case.clone())?),
        };
        Ok(Opened { shown, bench: session.map(Workbench::new), case })
    }
}
