//! What `coxa info` says of a study file and of the folder of a study.

use anyhow::{Context, Result};
use coxa_scenario::store::Store;
use coxa_scenario::study::{Cohort, MOST_BYTES, Study};
use serde_json::{Value, json};
use std::path::Path;

/// The study in a file; `None` where it is something else than one, a plan for instance.
pub(crate) fn study(path: &Path) -> Option<Result<Value>> {
    let text = coxa_case::bounded::read_text(path, MOST_BYTES).ok()?;
    let table: toml::Table = text.parse().ok()?;
    let is_study = table.contains_key("cohort") && table.contains_key("keep");
    is_study.then(|| facts(&Study::from_toml(&text).with_context(|| path.display().to_string())?))
}

fn facts(study: &Study) -> Result<Value> {
    let cohort = match &study.cohort {
        Cohort::Virtual(cohort) => format!("{} virtual patients", cohort.count),
        Cohort::Cases(cases) => format!("cases in {}", cases.folder.display()),
        Cohort::Scans(list) => format!("{} CTs", list.scans.len()),
    };
    let factors: Vec<String> = study
        .factors
        .iter()
        .map(|factor| match factor.level_count() {
            Some(count) => format!("{}, {count} levels", factor.name),
            None => format!("{}, a distribution", factor.name),
        })
        .collect();
    Ok(json!({
        "kind": "study",
        "title": study.title,
        "question": study.question,
        "cohort": cohort,
        "factor": factors,
        "combinations": study.row_count(),
        "keeps": study.outputs()?.len(),
    }))
}

/// The folder of a study that was started.
///
/// # Errors
/// A folder that is damaged.
pub(crate) fn folder(path: &Path) -> Result<Value> {
    let store = Store::open(path)?;
    let status = store.status()?;
    Ok(json!({
        "kind": "results of a study",
        "title": store.study.title,
        "patients": store.members().len(),
        "combinations": store.study.row_count(),
        "jobs": status.jobs,
        "done": status.done,
        "refused": status.refused_jobs(),
        "failed": status.failed.len(),
        "blocks": format!("{} of {} made", status.made, status.blocks),
        "merged": path.join("results.parquet").is_file(),
    }))
}
