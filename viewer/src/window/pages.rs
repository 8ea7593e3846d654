//! What the window can be turned to beside the views, made when it is first asked for.

use crate::background::{Background, Pace};
use crate::cohort::{Cohort, CohortError};
use crate::modules::Modules;
use crate::session::CaseData;
use crate::shown::Shown;
use bevy::prelude::Resource;
use coxa_planner::panels::PanelInput;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// Of work that came to nothing.
const LOST: &str = "not available because of a program error; please report it";

/// Modules and cases.
#[derive(Resource)]
pub(super) struct Pages {
    case: Arc<CaseData>,
    modules: Background<usize, Arc<Modules>>,
    /// How often panels were to be read again.
    readings: usize,
    cohort: Background<usize, Result<Arc<Cohort>, CohortError>>,
    /// How often cases were to be listed again.
    listings: usize,
    /// How much is seen of what lies over pictures of modules.
    pub(super) opacity: f32,
    /// Of which reading and with which opacity each of these pictures was drawn, by module and place.
    pub(super) drawn: HashMap<(String, usize), (usize, f32)>,
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
            modules: Background::new(pace),
            readings: 0,
            cohort: Background::new(pace),
            listings: 0,
            opacity: coxa_panel::OPACITY,
            drawn: HashMap::new(),
            wanted_words: String::new(),
            wanted: None,
        }
    }

    /// The folder of the case that is shown.
    pub(super) fn folder(&self) -> &std::path::Path {
        self.case.folder()
    }

    /// What modules say, and of which reading that is; once it is there. Or why that cannot be told.
    pub(super) fn modules(&mut self, shown: &Shown) -> Option<Result<(usize, Arc<Modules>), String>> {
        let key = self.readings;
        self.modules.ask(&key, || {
            let (case, ct, side) = (self.case.clone(), shown.ct.clone(), shown.side);
            move || {
                let input = |labels| PanelInput { ct: &ct, labels, anatomy: case.anatomy(), side };
                Arc::new(Modules::of(case.folder(), case.labels().map(input)))
            }
        });
        match self.modules.is_lost(&key) {
            true => Some(Err(LOST.to_owned())),
            false => self.modules.last().map(|(reading, modules)| Ok((*reading, modules.clone()))),
        }
    }

    /// Reads the panels of the case again.
    pub(super) fn read_again(&mut self) {
        self.readings += 1;
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
        self.modules.is_in_work() || self.cohort.is_in_work()
    }

    /// Whether the list is not the newest.
    pub(super) fn is_listing(&self) -> bool {
        self.cohort.is_in_work()
    }
}
