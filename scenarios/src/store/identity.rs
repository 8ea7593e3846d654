//! What tells one study from another: all that its results rest on but the patients.

use crate::study::{Cohort, Study};
use anyhow::Result;
use coxa_case::folder::version;
use coxa_case::source::{Source, text_hash};
use coxa_planner::implants::Catalogue;
use std::path::Path;

/// Form of a study's folder.
pub const FORMAT: u32 = 1;

/// The implants of a study, and where those of its own came from.
pub(super) fn catalogue(study: &Study, beside: &Path) -> Result<(Catalogue, Option<Source>)> {
    let folder = study.implants.as_ref().map(|folder| beside.join(folder));
    coxa_case::input::catalogue(folder.as_deref(), None)
}

/// Hash of what a study asks, of its implants and its shape model, and of the version. Its title and question are words, and more patients leave
/// those that there are as they are: neither counts, nor where its implants lie and how many
/// patients may be unusable.
pub(super) fn identity(study: &Study, implants: Option<&Source>, beside: &Path) -> Result<String> {
    let words = String::new();
    let mut asked = Study {
        title: words.clone(),
        question: words,
        implants: None,
        most_unusable_percent: 0.0,
        ..study.clone()
    };
    let mut template = String::new();
    if let Cohort::Virtual(cohort) = &mut asked.cohort {
        cohort.count = 0;
        if let Some(folder) = cohort.template.take() {
            template = template_hash(&beside.join(folder))?;
        }
    }
    let asked = serde_json::to_string(&asked)?;
    let implants = implants.map_or("", |implants| implants.blake3.as_str());
    Ok(text_hash(&format!("{FORMAT} {} {asked} {implants} {template}", version())))
}

/// Hash of the files of a shape model.
fn template_hash(folder: &Path) -> Result<String> {
    let bones = Source::implants(folder)?.blake3;
    let [modes, meta] = ["modes.bin", "template.json"].map(|name| Source::file(&folder.join(name)));
    Ok(format!("{bones} {} {}", modes?.blake3, meta?.blake3))
}
