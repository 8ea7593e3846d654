//! One case of a list.

use coxa_case::failure::{file_error, message};
use coxa_case::folder::{self, CaseRecord, Stage};
use coxa_case::input;
use coxa_case::source::Source;
use coxa_case::stages::GivenPlan;
use coxa_geometry::{Finding, Severity, Side};
use coxa_planner::Plan;
use coxa_planner::implants::Catalogue;
use std::collections::HashMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What the small files of a case take at most, many times what they do.
const MOST_BYTES: u64 = 8 << 20;

/// A case of a folder.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseEntry {
    /// Its folder.
    pub folder: PathBuf,
    /// The folder's name.
    pub name: String,
    /// What it says, or why it cannot be read and what to do.
    pub content: Result<Summary, String>,
}

/// What the small files of a case say.
#[derive(Debug, Clone, PartialEq)]
pub struct Summary {
    /// Side that is planned or was to be.
    pub side: Option<Side>,
    /// How far the case has come.
    pub reached: Reached,
    /// Its plan; absent where there is none, the reason where it cannot be read.
    pub plan: Option<Result<Plan, String>>,
    /// The finding that weighs most; of several the first.
    pub worst: Option<Finding>,
    /// How many findings there are that say to look before the plan is used.
    pub cautions: usize,
    /// Whether motion was simulated.
    pub has_motion: bool,
    /// Whether loads were computed.
    pub has_loads: bool,
    /// Whether it was optimised.
    pub is_optimised: bool,
    /// Whether a session left edits that are not saved.
    pub has_unsaved_edits: bool,
    /// Whether the plan was edited since what else is told of it was computed.
    pub is_edited: bool,
}

/// The last stage of a case that is done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Reached {
    /// Nothing but its record.
    Begun,
    /// Bones and labels are there.
    Segmented,
    /// Landmarks and measurements are there, but no plan.
    Measured,
    /// Planning refused it.
    Refused,
    /// There is a plan.
    Planned,
    /// With its report.
    Reported,
}

impl fmt::Display for Reached {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Reached::Begun => "begun",
            Reached::Segmented => "segmented",
            Reached::Measured => "measured",
            Reached::Refused => "refused",
            Reached::Planned => "planned",
            Reached::Reported => "reported",
        })
    }
}

impl CaseEntry {
    pub(super) fn read(folder: &Path, catalogues: &Catalogues) -> Self {
        let content = Summary::read(folder, catalogues);
        CaseEntry { folder: folder.to_owned(), name: name_of(folder), content }
    }
}

impl Summary {
    fn read(folder: &Path, catalogues: &Catalogues) -> Result<Self, String> {
        let file = |name: &str| folder.join(name);
        let is_there = |name: &str| file(name).is_file();
        check_small(&file("case.toml"))?;
        let record = folder::read_record(folder).map_err(|e| e.to_string())?;
        let findings: Vec<Finding> = match is_there("findings.json") {
            true => {
                check_small(&file("findings.json"))?;
                record.refuse_changed_findings(folder).map_err(|e| e.to_string())?;
                let stages = folder::read_findings(folder).map_err(|e| message(&e))?;
                stages.into_values().flatten().collect()
            }
            false => Vec::new(),
        };
        let read = file("plan.toml").exists().then(|| read_plan(&file("plan.toml"), &record, catalogues));
        let is_edited = matches!(&read, Some(Ok((_, true))));
        let plan = read.map(|read| read.map(|(plan, _)| plan));
        let worst = findings.iter().max_by(|a, b| {
            // The last of equals would win; the first is what came first in the plan's course.
            a.severity.cmp(&b.severity).then(std::cmp::Ordering::Greater)
        });
        let planned_side = plan.as_ref().and_then(|plan| plan.as_ref().ok()).map(|plan| plan.side);
        Ok(Summary {
            side: planned_side.or(record.input.side),
            reached: reached(&record, plan.is_some(), is_there, &findings),
            worst: worst.cloned(),
            cautions: findings.iter().filter(|f| f.severity == Severity::Caution).count(),
            plan,
            has_motion: is_there("rom.json"),
            has_loads: is_there("loads.json"),
            is_optimised: is_there("optimise.json"),
            has_unsaved_edits: is_there("plan_unsaved.toml"),
            is_edited,
        })
    }

    /// `Cup 54 mm 40\u{b0}/15\u{b0} \u{b7} head 36 mm +3.5 \u{b7} standard 5`, or why there is no plan.
    pub fn line(&self) -> String {
        match &self.plan {
            Some(Ok(plan)) => {
                let Plan { cup, head, stem, .. } = plan;
                format!(
                    "cup {:.0} mm {:.0}\u{b0}/{:.0}\u{b0} \u{b7} head {:.0} mm {:+.1} \u{b7} {} stem {}",
                    cup.size_mm,
                    cup.inclination_deg.degrees(),
                    cup.anteversion_deg.degrees(),
                    head.diameter_mm,
                    head.offset_mm,
                    stem.family.replace('_', " "),
                    stem.size
                )
            }
            Some(Err(reason)) => reason.clone(),
            None => "no plan".into(),
        }
    }
}

fn reached(
    record: &CaseRecord,
    has_plan: bool,
    is_there: impl Fn(&str) -> bool,
    findings: &[Finding],
) -> Reached {
    if has_plan {
        return if record.stages.contains_key(&Stage::Report) && is_there("report.html") {
            Reached::Reported
        } else {
            Reached::Planned
        };
    }
    if is_there("anatomy.json") {
        let is_refused = findings.iter().any(|f| f.severity == Severity::Refusal);
        return if is_refused { Reached::Refused } else { Reached::Measured };
    }
    if is_there("labels.nii.gz") { Reached::Segmented } else { Reached::Begun }
}

/// A plan, and whether it was edited since it was carried out.
fn read_plan(path: &Path, record: &CaseRecord, catalogues: &Catalogues) -> Result<(Plan, bool), String> {
    check_small(path)?;
    let catalogue = catalogues.of(record.input.implants.as_ref())?;
    let read = GivenPlan::read(path, &catalogue, record.input.side);
    let GivenPlan { plan, text } =
        read.map_err(|e| format!("plan.toml cannot be carried out: {}", e.reason()))?;
    Ok((plan, !record.is_of_plan(&text)))
}

/// Looks before it opens: what is no file, or larger than any file of its name, is not read.
fn check_small(path: &Path) -> Result<(), String> {
    let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
    let found = std::fs::metadata(path).map_err(|e| message(&file_error("read", path, &e)))?;
    if !found.is_file() {
        return Err(format!("{name} is not a file; remove it, and plan the CT again into another folder"));
    }
    if found.len() > MOST_BYTES {
        let length = found.len() >> 20;
        return Err(format!("{name} has {length} MiB, more than Coxa ever writes; it is damaged"));
    }
    Ok(())
}

/// Catalogues with the implants of users, each read once.
#[derive(Default)]
pub(super) struct Catalogues(Mutex<HashMap<Option<(PathBuf, String)>, Found>>);

type Found = Result<Arc<Catalogue>, String>;

impl Catalogues {
    fn of(&self, implants: Option<&Source>) -> Found {
        let key = implants.and_then(|source| Some((source.path.clone()?, source.blake3.clone())));
        let mut read = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let catalogue = read.entry(key).or_insert_with(|| match input::catalogue(None, implants) {
            Ok((catalogue, _)) => Ok(Arc::new(catalogue)),
            Err(error) => Err(format!("the implants of this case cannot be used: {}", message(&error))),
        });
        catalogue.clone()
    }
}

/// The last part of a path as it is shown: without what would break a line.
pub(super) fn name_of(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str()).to_string_lossy();
    name.chars().map(|c| if c.is_control() { '\u{fffd}' } else { c }).collect()
}
