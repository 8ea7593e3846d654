//! What the window can be turned to beside the views, made when it is first asked for.

use super::{cohort, modules};
use crate::cohort::{Cohort, CohortError};
use crate::modules::{ModuleInput, ModulePanel, panels};
use crate::script::Page;
use crate::session::CaseData;
use crate::shown::Shown;
use crate::view::ViewState;
use bevy::prelude::Resource;
use bevy_egui::egui::{TextureHandle, Ui};
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

/// Modules and cases.
#[derive(Resource)]
pub(super) struct Pages {
    case: Arc<CaseData>,
    panels: Option<Result<Vec<ModulePanel>, String>>,
    cohort: Arc<OnceLock<Result<Cohort, CohortError>>>,
    is_listing: bool,
    /// How much is seen of what lies over pictures of modules.
    pub(super) opacity: f32,
    /// These pictures by panel and place, with the opacity that they were drawn with.
    pub(super) textures: HashMap<(&'static str, usize), (f32, TextureHandle)>,
    /// Words that the names or plans of listed cases hold.
    pub(super) wanted_words: String,
    /// A case that is to be opened in place of this one.
    pub(super) wanted: Option<PathBuf>,
}

impl Pages {
    /// Of a case.
    pub(super) fn new(case: Arc<CaseData>) -> Self {
        Pages {
            case,
            panels: None,
            cohort: Arc::default(),
            is_listing: false,
            opacity: 0.6,
            textures: HashMap::new(),
            wanted_words: String::new(),
            wanted: None,
        }
    }

    /// The folder of the case that is shown.
    pub(super) fn folder(&self) -> &std::path::Path {
        self.case.folder()
    }

    /// What modules say, or why that cannot be told.
    pub(super) fn panels(&mut self, shown: &Shown) -> &Result<Vec<ModulePanel>, String> {
        let case = &self.case;
        self.panels.get_or_insert_with(|| {
            let labels = case.labels().map_err(|error| error.to_string())?;
            let input = ModuleInput { ct: &shown.ct, labels, anatomy: case.anatomy(), side: shown.side };
            Ok(panels(&input))
        })
    }

    /// The cases beside this one, once they are listed.
    pub(super) fn cohort(&mut self) -> Option<&Result<Cohort, CohortError>> {
        if !self.is_listing {
            self.is_listing = true;
            let (list, folder) = (self.cohort.clone(), Cohort::folder_of(self.case.folder()));
            rayon::spawn(move || {
                // Nobody else sets it.
                let _ = list.set(Cohort::read(&folder));
            });
        }
        self.cohort.get()
    }

    /// Lists the cases again.
    pub(super) fn list_again(&mut self) {
        (self.cohort, self.is_listing) = (Arc::default(), false);
    }

    /// Waits until the cases are listed.
    pub(super) fn wait(&mut self) {
        self.cohort();
        self.cohort.wait();
    }
}

/// Draws the page that the window is turned to, where that is none of views.
pub(super) fn show(ui: &mut Ui, shown: &Shown, state: &mut ViewState, pages: &mut Pages) {
    match state.page {
        Page::Views => {}
        Page::Modules => modules::show(ui, shown, state, pages),
        Page::Cases => cohort::show(ui, pages),
    }
}
