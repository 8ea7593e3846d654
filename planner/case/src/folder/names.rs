//! Names of what lies in a case.

use std::path::Path;

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
/// The file of all findings, by stage.
pub(super) const FINDINGS_FILE: &str = "findings.json";
/// The page for a person.
pub(super) const REPORT_FILE: &str = "report.html";
/// The plan that counts.
pub const PLAN_FILE: &str = "plan.toml";
/// The labels, which a person may correct.
pub const LABELS_FILE: &str = "labels.nii.gz";

/// Folders of a case into which files are written, and from which they are removed.
pub(super) const SUBFOLDERS: [&str; 5] = [PARTIAL, "surfaces", "pictures", PLANS, KEPT];

/// How the line begins that says that a report is older than its case.
pub(super) const OLDER: &str = "<p><strong>This report is older than";

/// Where a file lies, beside those that Coxa writes, that stood in the way of one: in `kept/`, with the first digits of its hash.
pub fn kept_name(name: &str, hash: &str) -> String {
    let path = Path::new(name);
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let ending = path.extension().map(|e| format!(".{}", e.to_string_lossy())).unwrap_or_default();
    let folder = path.parent().map(|p| p.to_string_lossy()).filter(|p| !p.is_empty());
    let folder = folder.map(|p| format!("{p}/")).unwrap_or_default();
    format!("{KEPT}/{folder}{stem}-{}{ending}", &hash[..8])
}

/// Whether a file is Coxa's though no stage left it.
pub(crate) fn is_own_file(name: &str) -> bool {
    let of_viewer = ["plan_unsaved.toml", "plan_unsaved.damaged.toml"];
    [RECORD_FILE, LOCK_FILE, HISTORY_FILE].contains(&name) || of_viewer.contains(&name)
}

/// Whether all in a folder of a case was put there by Coxa.
pub(crate) fn is_own_folder(name: &str) -> bool {
    [PARTIAL, PLANS, KEPT].contains(&name)
}
