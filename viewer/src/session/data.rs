//! What a case holds, read when it is first asked for.

use super::error::{EditError, Notice, OpenError};
use anyhow::{Context, Result, bail};
use coxa_anatomy::{BoneSurfaces, HipAnatomy};
use coxa_case::failure::message;
use coxa_case::folder::{self, CaseRecord, Older, RecordError, Stage};
use coxa_case::input;
use coxa_case::request::Request;
use coxa_case::source::Source;
use coxa_case::stages::{GivenPlan, UnusablePlan};
use coxa_geometry::{Finding, Side};
use coxa_imaging::{Grid, LabelMap};
use coxa_planner::implants::Catalogue;
use coxa_planner::loads::Loads;
use coxa_planner::optimise::Optimisation;
use coxa_planner::placement::{PlanningInput, place};
use coxa_planner::{Plan, Simulation, SimulationOptions, document};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::SystemTime;

/// The plan of a case.
pub(super) const PLAN_FILE: &str = "plan.toml";

/// A case, as far as planning needs it: the CT is not among it.
pub struct CaseData {
    folder: PathBuf,
    input: Request,
    grid: Option<Grid>,
    catalogue: Catalogue,
    anatomy: HipAnatomy,
    findings: Vec<Finding>,
    plan: Option<GivenPlan>,
    bones: OnceLock<Result<BoneSurfaces, String>>,
    labels: OnceLock<Result<LabelMap, String>>,
    optimisation: OnceLock<Result<Option<Box<Optimisation>>, String>>,
    by_rule: OnceLock<Result<Plan, EditError>>,
    stamps: Mutex<Vec<Stamped>>,
}

/// What tells a file from a later one of its name.
type Stamp = (u64, Option<SystemTime>);

/// A file by name, as it was, with the hash of its content.
type Stamped = (&'static str, Option<Stamp>, Option<String>);

const ANATOMY_FILE: &str = "anatomy.json";
const LABELS_FILE: &str = "labels.nii.gz";
const OPTIMISATION_FILE: &str = "optimise.json";

/// What planning rests on.
const FILES: [&str; 2] = [ANATOMY_FILE, LABELS_FILE];

impl CaseData {
    /// Looks what a folder holds; what is large is read when it is asked for.
    ///
    /// # Errors
    /// Any [`OpenError`]; each says what to do.
    pub fn open(folder: &Path) -> Result<Self, OpenError> {
        let record = folder::read_record(folder).map_err(|error| match error {
            RecordError::NotACase(text) => OpenError::NotACase(text),
            RecordError::Newer { .. } => OpenError::Newer(error.to_string()),
            RecordError::Damaged(text) => OpenError::Damaged(text),
        })?;
        let path = folder.join(PLAN_FILE);
        let (catalogue, _) = input::catalogue(None, record.input.implants.as_ref())
            .map_err(|e| OpenError::Implants(message(&e), path.clone()))?;
        let damaged = |e: anyhow::Error| OpenError::Damaged(message(&e));
        let plan = if path.exists() { Some(read_plan(&path, &catalogue, record.input.side)?) } else { None };
        if !folder.join(ANATOMY_FILE).exists() {
            let error = folder::read_anatomy(folder).err().map(|e| message(&e)).unwrap_or_default();
            return Err(OpenError::Incomplete(error));
        }
        if let Some(migration) = record.migration().filter(|_| record.must_be_made_anew()) {
            let folder = folder.display();
            let command = if record.input.side.is_some() { "report" } else { "plan --side SIDE CT -o" };
            return Err(OpenError::Older(format!(
                "{folder} cannot be shown yet; first run coxa {command} {folder}: {migration}"
            )));
        }
        for (stage, file) in [(Stage::Labels, LABELS_FILE), (Stage::Anatomy, ANATOMY_FILE)] {
            if let Some(older) = older(&record, None, stage, file) {
                return Err(OpenError::Older(older.in_words(folder)));
            }
        }
        // What somebody changed is not shown as Coxa's.
        let is_as_left = [Stage::Labels, Stage::Anatomy]
            .iter()
            .try_for_each(|stage| record.refuse_changed(folder, *stage));
        is_as_left
            .and_then(|()| record.refuse_changed_findings(folder))
            .map_err(|e| OpenError::Damaged(e.to_string()))?;
        let anatomy = folder::read_anatomy(folder).map_err(damaged)?;
        let mut stages = folder::read_findings(folder).map_err(damaged)?;
        // As planning was given them: of reading and of the bones. Those of the anatomy are in it.
        let findings =
            ["input", "bones"].iter().filter_map(|stage| stages.remove(*stage)).flatten().collect();
        for (name, what) in [(LABELS_FILE, "labels"), ("surfaces", "surfaces of bones")] {
            if !folder.join(name).exists() {
                return Err(OpenError::Incomplete(format!(
                    "{} holds no {what} ({name}); plan the CT into it again",
                    folder.display()
                )));
            }
        }
        let of = |name: &'static str| (name, stamp(&folder.join(name)), content(&folder.join(name)));
        let stamps = Mutex::new(FILES.map(of).into());
        Ok(CaseData {
            folder: folder.to_owned(),
            input: record.input,
            grid: record.grid,
            catalogue,
            anatomy,
            findings,
            plan,
            bones: OnceLock::new(),
            labels: OnceLock::new(),
            optimisation: OnceLock::new(),
            by_rule: OnceLock::new(),
            stamps,
        })
    }

    /// The folder of the case.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The side that is planned, else that which was asked for, else the right one.
    pub fn side(&self) -> Side {
        self.plan.as_ref().map(|saved| saved.plan.side).or(self.input.side).unwrap_or(Side::Right)
    }

    /// What the case was made from.
    pub fn input(&self) -> &Request {
        &self.input
    }

    /// Implants there are.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// Landmarks, frames and measurements.
    pub fn anatomy(&self) -> &HipAnatomy {
        &self.anatomy
    }

    /// The plan as the case was opened; `None` where it was refused or the CT only segmented.
    pub fn plan(&self) -> Option<&GivenPlan> {
        self.plan.as_ref()
    }

    /// What of motion the case was asked to simulate.
    pub fn simulation_options(&self) -> SimulationOptions {
        self.input.simulation.clone().unwrap_or_default()
    }

    /// Bones as scanned.
    ///
    /// # Errors
    /// Surfaces that are missing or damaged, in words that say what to do.
    pub fn bones(&self) -> Result<&BoneSurfaces, String> {
        let read = || {
            self.refuse_older(Stage::Surfaces, "surfaces")?;
            folder::read_bones(&self.folder)
        };
        once(&self.bones, read)
    }

    /// Labels.
    ///
    /// # Errors
    /// A file that is missing or damaged, in words that say what to do.
    pub fn labels(&self) -> Result<&LabelMap, String> {
        let read = || {
            self.refuse_older(Stage::Labels, LABELS_FILE)?;
            let mut labels = folder::read_labels(&self.folder)?;
            // NIfTI keeps fewer digits of the grid than the record.
            if let Some(grid) = &self.grid {
                labels.volume.grid.clone_from(grid);
            }
            Ok(labels)
        };
        once(&self.labels, read)
    }

    /// What the optimiser found, where it was asked for the bones that the case holds now.
    ///
    /// # Errors
    /// A file that is damaged or of a newer program, in words that say what to do.
    pub fn optimisation(&self) -> Result<Option<&Optimisation>, String> {
        let read = || {
            if !self.is_current(Stage::Optimisation) {
                return Ok(None);
            }
            self.refuse_older(Stage::Optimisation, OPTIMISATION_FILE)?;
            Ok(folder::read_optimisation(&self.folder)?.map(Box::new))
        };
        Ok(once(&self.optimisation, read)?.as_deref())
    }

    /// Whether what the program computed and left in the case is of a plan: later edits of `plan.toml` have no results before it runs again.
    pub fn has_results_of(&self, plan: &Plan) -> bool {
        let is_of = || {
            let (record, text) = self.on_disk()?;
            let text = text?;
            let on_disk = document::from_toml(&text, &self.catalogue).ok()?;
            Some(record.is_of_plan(&text) && on_disk == *plan)
        };
        is_of().unwrap_or(false)
    }

    /// The record as it is on disk now, and the words of the plan where there is one.
    fn on_disk(&self) -> Option<(CaseRecord, Option<String>)> {
        let record = folder::read_record(&self.folder).ok()?;
        Some((record, std::fs::read_to_string(self.folder.join(PLAN_FILE)).ok()))
    }

    /// Whether a stage was made from what the case holds now.
    fn is_current(&self, stage: Stage) -> bool {
        self.on_disk().is_some_and(|(record, text)| record.is_current(stage, text.as_deref()))
    }

    /// Refuses a file of a stage that was made from something else than the case holds now.
    fn refuse_older(&self, stage: Stage, file: &'static str) -> Result<()> {
        let (record, text) = self.on_disk().with_context(|| {
            format!("case.toml of {} can no longer be read; open the case again", self.folder.display())
        })?;
        match older(&record, text.as_deref(), stage, file) {
            Some(older) => bail!(older.in_words(&self.folder)),
            None => Ok(record.refuse_changed(&self.folder, stage)?),
        }
    }

    /// What `coxa rom` left, where that is of the plan on disk.
    ///
    /// # Errors
    /// A file that is damaged or of a newer program, in words that say what to do.
    pub fn simulation(&self) -> Result<Option<Simulation>, String> {
        if !self.is_current(Stage::RangeOfMotion) {
            return Ok(None);
        }
        self.refuse_older(Stage::RangeOfMotion, "rom.json").map_err(|e| message(&e))?;
        folder::read_simulation(&self.folder).map_err(|e| message(&e))
    }

    /// What `coxa load` left, where that is of the plan on disk.
    ///
    /// # Errors
    /// A file that is damaged or of a newer program, in words that say what to do.
    pub fn loads(&self) -> Result<Option<Loads>, String> {
        if !self.is_current(Stage::Loads) {
            return Ok(None);
        }
        self.refuse_older(Stage::Loads, "loads.json").map_err(|e| message(&e))?;
        folder::read_loads(&self.folder).map_err(|e| message(&e))
    }

    /// All that planning looks at.
    ///
    /// # Errors
    /// What is missing or damaged, in words that say what to do.
    pub fn planning(&self) -> Result<PlanningInput<'_>, String> {
        let (labels, surfaces) = rayon::join(|| self.labels(), || self.bones());
        let labels = labels?;
        Ok(PlanningInput {
            grid: &labels.volume.grid,
            labels,
            surfaces: surfaces?,
            anatomy: &self.anatomy,
            findings: &self.findings,
            side: self.side(),
            options: self.input.options.clone().unwrap_or_default(),
        })
    }

    /// Sees to it that the plan by rule is there, which may take seconds.
    pub fn place_by_rule(&self) {
        // What is wrong is said by the edit that takes it up.
        let _ = self.plan_by_rule();
    }

    /// The plan of placement by rule: that from which the optimiser started, else placed anew, once.
    pub(super) fn plan_by_rule(&self) -> Result<Plan, EditError> {
        let place_anew = || {
            // It goes with what the optimiser found: one that was left behind is of bones that are no more.
            let kept = match self.optimisation() {
                Ok(Some(_)) => std::fs::read_to_string(self.folder.join("plan_by_rule.toml")).ok(),
                _ => None,
            };
            let kept = kept.and_then(|text| document::from_toml(&text, &self.catalogue).ok());
            if let Some(plan) = kept.filter(|plan| plan.side == self.side()) {
                return Ok(plan);
            }
            let input = self.planning().map_err(EditError::NotThere)?;
            let placed = place(&input, &self.catalogue).map_err(|e| EditError::NotThere(e.to_string()))?;
            Ok(placed.sketch.plan)
        };
        self.by_rule.get_or_init(place_anew).clone()
    }

    pub(super) fn plan_optimised(&self) -> Result<Plan, EditError> {
        let found = self.optimisation().map_err(EditError::NotThere)?;
        let none = || {
            let of_others = |(record, text): (CaseRecord, Option<String>)| {
                older(&record, text.as_deref(), Stage::Optimisation, OPTIMISATION_FILE)
            };
            let is_there = self.folder.join(OPTIMISATION_FILE).is_file();
            let older = self.on_disk().filter(|_| is_there).and_then(of_others);
            EditError::NotThere(match older {
                Some(older) => older.in_words(&self.folder),
                None => {
                    format!("this case has not been optimised; run coxa optimise {}", self.folder.display())
                }
            })
        };
        Ok(found.ok_or_else(none)?.recommended.plan.clone())
    }

    /// Which files were changed since the case was opened. One that was written anew with the same content is not.
    pub(super) fn check_disk(&self) -> Vec<Notice> {
        let mut stamps = self.stamps.lock().unwrap_or_else(PoisonError::into_inner);
        let mut changed = Vec::new();
        for (name, was, hash) in stamps.iter_mut() {
            let path = self.folder.join(&**name);
            let now = stamp(&path);
            if now == *was {
                continue;
            }
            match now.is_some() && content(&path) == *hash {
                true => *was = now,
                false => changed.push(Notice::CaseChangedOnDisk { name: (*name).into() }),
            }
        }
        changed
    }
}

fn read_plan(path: &Path, catalogue: &Catalogue, side: Option<Side>) -> Result<GivenPlan, OpenError> {
    GivenPlan::read(path, catalogue, side).map_err(|error| match error {
        UnusablePlan::Unreadable(text) => OpenError::Damaged(text),
        other => OpenError::Plan { path: path.display().to_string(), message: other.reason() },
    })
}

/// What the case holds that is newer than a file of a stage.
fn older(record: &CaseRecord, plan: Option<&str>, stage: Stage, file: &'static str) -> Option<Older> {
    record.newer_than(stage, plan).map(|than| Older { file, than })
}

/// Hash of a file.
fn content(path: &Path) -> Option<String> {
    Source::file(path).ok().map(|source| source.blake3)
}

fn stamp(path: &Path) -> Option<Stamp> {
    let found = std::fs::metadata(path).ok()?;
    Some((found.len(), found.modified().ok()))
}

fn once<T>(slot: &OnceLock<Result<T, String>>, read: impl FnOnce() -> Result<T>) -> Result<&T, String> {
    slot.get_or_init(|| read().map_err(|e| message(&e))).as_ref().map_err(Clone::clone)
}
