//! What the window can be turned to beside the views, made when it is first asked for.

use crate::background::{Background, Pace};
use crate::cohort::{Cohort, CohortError};
use crate::modules::{ModuleInput, ModulePanel, panels};
use crate::session::CaseData;
use crate::shown::Shown;
use bevy::prelude::Resource;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Of work that came to nothing.
const LOST: &str = "not available because of a program error; please report it";

/// Modules and cases.
#[derive(Resource)]
pub(super) struct Pages {
    case: Arc<CaseData>,
    panels: Background<(), Result<Arc<Vec<ModulePanel>>, String>>,
    cohort: Background<usize, Result<Arc<Cohort>, CohortError>>,
    /// How often cases were to be listed again.
    listings: usize,
    /// How much is seen of what lies over pictures of modules.
    pub(super) opacity: f32,
    /// The opacity that each of these pictures was drawn with, by panel and place.
    pub(super) drawn: HashMap<(&'static str, usize), f32>,
    /// Words that the names or plans of listed cases hold.
    pub(super) wanted_words: String,
    /// A case that is to be opened in place of this one.
    pub(super) wanted: Option<PathBuf>,
}

impl Pages {
    /// Of a case.
    pub(super) fn new(case: Arc<CaseData>, pace: Pace) -> Self {
        Pages {
            case,
            panels: Background::new(pace),
            cohort: Background::new(pace),
            listings: 0,
            opacity: 0.6,
            drawn: HashMap::new(),
            wanted_words: String::new(),
            wanted: None,
        }
    }

    /// The folder of the case that is shown.
    pub(super) fn folder(&self) -> &std::path::Path {
        self.case.folder()
    }

    /// What modules say, or why that cannot be told; once it is there.
    pub(super) fn panels(&mut self, shown: &Shown) -> Option<Result<Arc<Vec<ModulePanel>>, String>> {
        self.panels.ask(&(), || {
            let (case, ct, side) = (self.case.clone(), shown.ct.clone(), shown.side);
            move || {
                let labels = case.labels()?;
                let input = ModuleInput { ct: &ct, labels, anatomy: case.anatomy(), side };
                Ok(Arc::new(panels(&input)))
            }
        });
        match self.panels.is_lost(&()) {
            true => Some(Err(LOST.to_owned())),
            false => self.panels.last().map(|(_, panels)| panels.clone()),
        }
    }

    /// The cases beside this one, once they are listed; those that were before until they are listed again.
    pub(super) fn cohort(&mut self) -> Option<Result<Arc<Cohort>, String>> {
        let key = self.listings;
        self.cohort.ask(&key, || {
            let folder = Cohort::folder_of(self.case.folder());
            move || Cohort::read(&folder).map(Arc::new)
        });
        match self.cohort.is_lost(&key) {
            true => Some(Err(LOST.to_owned())),
            false => self.cohort.last().map(|(_, found)| found.clone().map_err(|error| error.to_string())),
        }
    }

    /// Lists the cases again.
    pub(super) fn list_again(&mut self) {
        self.listings += 1;
    }

    /// Whether something is being computed.
    pub(super) fn is_in_work(&self) -> bool {
        self.panels.is_in_work() || self.cohort.is_in_work()
    }

    /// Whether the list is not the newest.
    pub(super) fn is_listing(&self) -> bool {
        self.cohort.is_in_work()
    }
}
