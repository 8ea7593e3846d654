//! `case.toml`: what a case was made from, what was asked, and which stages are done.

use super::done::{Done, Stage};
use super::names::{FINDINGS_FILE, KEPT, MODULES};
use super::patient::KnownPatient;
use super::pending::Pending;
use crate::request::Request;
use crate::source::{file_hash, text_hash};
use coxa_imaging::Grid;
use coxa_planner::panels::stored;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// Form of the case folder that this program writes.
pub const FORMAT: u32 = 3;

/// `case.toml`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CaseRecord {
    /// Form of the case folder.
    pub format: u32,
    /// Version of the program that wrote it last.
    pub program_version: String,
    /// Where the voxels of the CT lie, to the last digit; absent until the CT was read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grid: Option<Grid>,
    /// The older form in which the folder still holds it: it was taken over in memory, and is of this form once it is written.
    #[serde(skip)]
    pub older_form: Option<u32>,
    /// Whose case it is, where the scan said so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub patient: Option<KnownPatient>,
    /// Hashes of files of no stage, by their paths in the case: `findings.json`, and `report.html` once it says that it is older.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
    /// Stages done.
    #[serde(default)]
    pub stages: BTreeMap<Stage, Done>,
    /// Where the case came from and what was asked.
    pub input: Request,
    /// What was being written when the record was; a run that goes on completes it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
}

/// A file of a case that is not as Coxa left it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{path} was changed since Coxa wrote it, and is not shown: coxa {remedy}")]
pub struct ChangedFile {
    /// The file.
    pub path: String,
    /// The command, without the program, and what it does about it.
    pub remedy: String,
}

impl ChangedFile {
    fn of(folder: &Path, name: &str, stage: Stage) -> Self {
        let path = folder.join(name).display().to_string();
        let does = if stage == Stage::Labels { "uses the change" } else { "rebuilds it" };
        ChangedFile { path, remedy: format!("{} {does}", stage.command(folder)) }
    }
}

/// A result that is older than what it tells of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Older {
    /// The file.
    pub file: &'static str,
    /// What is newer, a file of the case.
    pub than: &'static str,
}

impl Older {
    /// `report.html is older than rom.json: run coxa report CASE`.
    pub fn in_words(&self, folder: &Path) -> String {
        let Older { file, than } = *self;
        let folder = folder.display();
        let command = match file {
            "optimise.json" => format!("optimise {folder}"),
            "evaluation.json" => format!("evaluate {folder} ACHIEVED"),
            _ => format!("report {folder}"),
        };
        if than == "case.toml" {
            return format!("case.toml does not say what {file} was made from: run coxa {command}");
        }
        format!("{file} is older than {than}: run coxa {command}")
    }
}

impl CaseRecord {
    /// What there is to say of a record of an older form, in one line.
    pub fn migration(&self) -> Option<String> {
        self.older_form.map(|form| {
            let anew = match (form, self.stages.contains_key(&Stage::Labels)) {
                (1, true) => "; results based on the labels are rebuilt once",
                (1, false) => "; labels and results based on them are rebuilt once",
                _ => "",
            };
            format!(
                "case.toml has format {form} and is written in format {FORMAT} from now on (the old file is kept in {KEPT}/){anew}"
            )
        })
    }

    /// Whether what the folder holds cannot be shown before it is made anew.
    pub fn must_be_made_anew(&self) -> bool {
        self.older_form == Some(1)
    }

    /// The hash that a file of the case has if nobody touched it; `None` of one that Coxa did not write.
    pub fn known_hash(&self, name: &str) -> Option<&String> {
        let of_stages = self.stages.values().find_map(|done| done.files.get(name));
        self.files.get(name).or(of_stages)
    }

    /// Refuses files of a stage that somebody changed: they are not shown as Coxa's.
    ///
    /// # Errors
    /// The first of them, with the command that makes it anew.
    pub fn refuse_changed(&self, folder: &Path, stage: Stage) -> Result<(), ChangedFile> {
        let name = self.stages.get(&stage).and_then(|done| done.changed_file(folder));
        name.map_or(Ok(()), |name| Err(ChangedFile::of(folder, name, stage)))
    }

    /// Refuses `findings.json` where somebody changed it.
    ///
    /// # Errors
    /// As [`CaseRecord::refuse_changed`].
    pub fn refuse_changed_findings(&self, folder: &Path) -> Result<(), ChangedFile> {
        let is_same =
            |hash: &String| file_hash(&folder.join(FINDINGS_FILE)).is_ok_and(|found| found == *hash);
        match self.files.get(FINDINGS_FILE) {
            Some(hash) if !is_same(hash) => Err(ChangedFile::of(folder, FINDINGS_FILE, Stage::Report)),
            _ => Ok(()),
        }
    }

    /// Whether the plan with these words is the one that was carried out last.
    pub fn is_of_plan(&self, text: &str) -> bool {
        let planned = self.stages.get(&Stage::Planned);
        planned.is_some_and(|done| done.from.get(Stage::Plan.name()) == Some(&text_hash(text)))
    }

    /// Whether a stage was made from what the case holds now, by the record alone: whether somebody touched its files is not asked.
    /// `plan` is the text of `plan.toml`.
    pub fn is_current(&self, stage: Stage, plan: Option<&str>) -> bool {
        self.newer_than(stage, plan).is_none()
    }

    /// Results in a folder that are older than what they tell of.
    pub fn older(&self, folder: &Path) -> Vec<Older> {
        let plan = fs::read_to_string(folder.join("plan.toml")).ok();
        let files = [
            (Stage::Optimisation, "optimise.json"),
            (Stage::RangeOfMotion, "rom.json"),
            (Stage::Loads, "loads.json"),
            (Stage::Evaluation, "evaluation.json"),
            (Stage::Report, "report.html"),
        ];
        let known = files.into_iter().filter(|(_, file)| folder.join(file).is_file());
        known
            .filter_map(|(stage, file)| {
                let than = self.newer_than(stage, plan.as_deref());
                let is_of_modules = stage == Stage::Report && self.shows_other_panels(folder);
                Some(Older { file, than: than.or(is_of_modules.then_some(MODULES))? })
            })
            .collect()
    }

    /// Whether the report shows other panels of modules than the folder holds.
    fn shows_other_panels(&self, folder: &Path) -> bool {
        let shown = self.stages.get(&Stage::Report).and_then(|done| done.from.get(MODULES));
        shown != stored(folder).sha256().as_ref()
    }

    /// What a stage was made from that has changed since, as the file of the case that says so; `case.toml` where that does not know the stage.
    pub fn newer_than(&self, stage: Stage, plan: Option<&str>) -> Option<&'static str> {
        let done = self.stages.get(&stage);
        let Some(done) = done else {
            return Some(if stage == Stage::Plan { "plan.toml" } else { "case.toml" });
        };
        if matches!(stage, Stage::Planned | Stage::Evaluation)
            && done.from.get("plan").cloned() != plan.map(text_hash)
            && !done.files.is_empty()
        {
            return Some("plan.toml");
        }
        for from in Stage::ALL {
            // The plan that counts is that on disk, which the planned hip is compared with. The report tells of no evaluation.
            if matches!(from, Stage::Plan | Stage::Evaluation | Stage::Report) {
                continue;
            }
            let was = done.from.get(from.name());
            let is = self.stages.get(&from).map(Done::id);
            // What was not there then and is now is newer too, where a stage takes up all there is.
            let is_taken_up = stage == Stage::Report && is.is_some() && was.is_none();
            if was.is_some() && was != is.as_ref() || is_taken_up {
                return Some(match from {
                    Stage::Ct | Stage::Labels => "labels.nii.gz",
                    Stage::Surfaces => "surfaces",
                    Stage::Anatomy => "anatomy.json",
                    Stage::Optimisation => "optimise.json",
                    Stage::Plan | Stage::Planned => "plan.toml",
                    Stage::RangeOfMotion => "rom.json",
                    Stage::Loads => "loads.json",
                    Stage::Evaluation => "evaluation.json",
                    Stage::Gallery | Stage::Contacts => "pictures",
                    Stage::Report => "report.html",
                });
            }
            if was.is_some()
                && let Some(file) = self.newer_than(from, plan)
            {
                return Some(file);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::folder::done::version;
    use crate::folder::read_record;
    use crate::source::Source;
    use coxa_geometry::{Point, Side};
    use coxa_planner::placement::PlanOptions;

    fn record(folder: &Path) -> CaseRecord {
        let mapping = folder.join("mapping.toml");
        fs::write(&mapping, "1 = \"sacrum\"").unwrap();
        let input = Request {
            seed: Some(4),
            side: Some(Side::Left),
            label_mapping: Some(Source::file(&mapping).unwrap()),
            options: Some(PlanOptions { stem_family: Some("short".into()), ..PlanOptions::default() }),
            ..Request::of_ct(Source { path: None, blake3: "0123".into() })
        };
        let grid = Grid::axis_aligned([3, 4, 5], Point::new(-0.1, 1.0 / 3.0, 7.0), [0.7, 0.7, 1.1]);
        let stages = BTreeMap::new();
        CaseRecord {
            format: FORMAT,
            program_version: version(),
            grid: Some(grid),
            older_form: None,
            patient: None,
            files: BTreeMap::from([(FINDINGS_FILE.into(), "hash".into())]),
            stages,
            input,
            pending: None,
        }
    }

    fn done(from: &[(&str, String)], files: &[&str]) -> Done {
        Done {
            from: from.iter().map(|(name, hash)| ((*name).into(), hash.clone())).collect(),
            files: files.iter().map(|name| ((*name).into(), "hash".into())).collect(),
            ..Done::default()
        }
    }

    #[test]
    fn a_record_comes_back_from_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let mut record = record(folder.path());
        assert_eq!(record.input.sources().count(), 2);
        record.stages.insert(Stage::RangeOfMotion, done(&[("planned", "a".into())], &["rom.json"]));
        record.stages.insert(Stage::Ct, Done::default());
        fs::write(folder.path().join("case.toml"), toml::to_string(&record).unwrap()).unwrap();
        assert_eq!(read_record(folder.path()).unwrap(), record);
        for stage in Stage::ALL {
            assert_eq!(serde_json::to_value(stage).unwrap(), stage.name());
        }
    }

    #[test]
    fn what_was_made_of_something_else_is_older_than_it() {
        let folder = tempfile::tempdir().unwrap();
        let mut record = record(folder.path());
        for name in ["plan.toml", "rom.json", "loads.json", "report.html"] {
            fs::write(folder.path().join(name), "first").unwrap();
        }
        let planned = done(&[("plan", text_hash("first"))], &["surfaces/implant_stem.ply"]);
        let rom = done(&[("planned", planned.id())], &["rom.json"]);
        let loads = done(&[("planned", planned.id())], &["loads.json"]);
        let report = done(
            &[("planned", planned.id()), ("range_of_motion", rom.id()), ("loads", loads.id())],
            &["report.html"],
        );
        for (stage, done) in [
            (Stage::Planned, planned),
            (Stage::RangeOfMotion, rom),
            (Stage::Loads, loads),
            (Stage::Report, report),
        ] {
            record.stages.insert(stage, done);
        }
        assert_eq!(record.older(folder.path()), []);
        // Motion was asked for anew.
        let again = done(&[("options", "other".into())], &["rom.json"]);
        record.stages.insert(Stage::RangeOfMotion, again);
        let older = |file, than| Older { file, than };
        assert_eq!(record.older(folder.path()), [older("report.html", "rom.json")]);
        // What was achieved is held against the plan on disk and the optimum.
        fs::write(folder.path().join("evaluation.json"), "first").unwrap();
        assert_eq!(record.older(folder.path())[0], older("evaluation.json", "case.toml"));
        let evaluation = done(&[("plan", text_hash("first"))], &["evaluation.json"]);
        record.stages.insert(Stage::Evaluation, evaluation);
        assert_eq!(record.older(folder.path()), [older("report.html", "rom.json")]);
        // The plan was edited.
        fs::write(folder.path().join("plan.toml"), "second").unwrap();
        let found = record.older(folder.path());
        assert!(found.contains(&older("loads.json", "plan.toml")), "{found:?}");
        assert!(found.contains(&older("evaluation.json", "plan.toml")), "{found:?}");
        assert!(found.contains(&older("report.html", "plan.toml")), "{found:?}");
        assert!(
            !record.is_current(Stage::Loads, Some("second"))
                && record.is_current(Stage::Loads, Some("first"))
        );
    }
}
