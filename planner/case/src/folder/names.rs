//! Names of what lies in a case.

use crate::source::hash_if_there;
use anyhow::{Result, bail};
use std::path::{Component, Path};

/// Where a change lies until it is put in place.
pub(super) const PARTIAL: &str = ".partial";
/// The record of the case.
pub(super) const RECORD_FILE: &str = "case.toml";
/// Says who has the case at work.
pub(super) const LOCK_FILE: &str = ".lock";
/// What was done to the case.
pub(super) const HISTORY_FILE: &str = "history.jsonl";
/// Plans that the case had.
pub(super) const PLANS: &str = "plans";
/// Where files lie that stood in the way of Coxa's and were not its own.
pub(super) const KEPT: &str = "kept";
/// Panels that modules left; also the name under which a report says which it shows.
pub(crate) const MODULES: &str = coxa_panel::FOLDER;
/// The file of all findings, by stage.
pub(super) const FINDINGS_FILE: &str = "findings.json";
/// The page for a person.
pub(super) const REPORT_FILE: &str = "report.html";
/// The plan that counts.
pub const PLAN_FILE: &str = "plan.toml";
/// The labels, which a person may correct.
pub const LABELS_FILE: &str = "labels.nii.gz";

/// Folders of a case into which files are written, and from which they are removed.
pub(super) const SUBFOLDERS: [&str; 6] = [PARTIAL, "surfaces", "pictures", PLANS, KEPT, MODULES];

/// How the line begins that says that a report is older than its case.
pub(super) const OLDER: &str = "<p><strong>This report is older than";

/// Whether a name stays within the folder in which it is looked for.
pub fn is_inside(name: &str) -> bool {
    let mut parts = Path::new(name).components().peekable();
    parts.peek().is_some() && parts.all(|part| matches!(part, Component::Normal(_)))
}

/// Refuses a file of a folder that lies in a linked subfolder: it would be written or removed elsewhere.
///
/// # Errors
/// The link, with what to do.
pub fn refuse_linked_folder(folder: &Path, name: &str) -> Result<()> {
    let mut above = Path::new(name).ancestors().skip(1).map(|part| folder.join(part));
    match above.find(|part| part != folder && part.is_symlink()) {
        Some(part) => bail!(linked(&part)),
        None => Ok(()),
    }
}

/// Says that there is a link where Coxa writes.
pub(super) fn linked(path: &Path) -> String {
    format!(
        "{} is a link; Coxa writes and removes files there and follows no link out of a folder: remove the link",
        path.display()
    )
}

/// Where a file lies, beside those that Coxa writes, that stood in the way of one: in `kept/`, with the first digits of its hash. Another file
/// that has this place already keeps it.
///
/// # Errors
/// A file that has the place and cannot be read.
pub fn kept_name(folder: &Path, name: &str, hash: &str) -> Result<String> {
    let path = Path::new(name);
    let file = path.file_name().unwrap_or_default().to_string_lossy();
    // `labels.nii.gz` ends in `.nii.gz`.
    let (stem, ending) = file.split_at(file.find('.').unwrap_or(file.len()));
    let within = path.parent().map(|p| p.to_string_lossy()).filter(|p| !p.is_empty());
    let within = within.map(|p| format!("{p}/")).unwrap_or_default();
    let start = hash.get(..8).unwrap_or(hash);
    for number in 1.. {
        let number = if number == 1 { String::new() } else { format!("-{number}") };
        let place = format!("{KEPT}/{within}{stem}-{start}{number}{ending}");
        if hash_if_there(&folder.join(&place))?.is_none_or(|found| found == hash) {
            return Ok(place);
        }
    }
    bail!("{KEPT}/ is full: move some of its files away")
}

/// Whether a file is Coxa's though no stage left it.
pub(crate) fn is_own_file(name: &str) -> bool {
    let of_viewer = ["plan_unsaved.toml", "plan_unsaved.damaged.toml"];
    [RECORD_FILE, LOCK_FILE, HISTORY_FILE].contains(&name) || of_viewer.contains(&name)
}

/// Whether all in a folder of a case was put there by Coxa.
pub(crate) fn is_own_folder(name: &str) -> bool {
    [PARTIAL, PLANS, KEPT, MODULES].contains(&name)
}
