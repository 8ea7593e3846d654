//! `case.toml`: what a case was made from, what was asked, and which stages are done.

use crate::request::Request;
use crate::source::{file_hash, text_hash};
use coxa_imaging::Grid;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::fs;
use std::path::Path;

/// Form of the case folder that this program writes.
pub const FORMAT: u32 = 2;

/// Version of this program.
pub fn version() -> String {
    env!("CARGO_PKG_VERSION").into()
}

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
    /// Whether the folder still holds it in form 1: it was taken over in memory, and is of this form once it is written.
    #[serde(skip)]
    pub is_of_form_1: bool,
    /// Stages done.
    #[serde(default)]
    pub stages: BTreeMap<Stage, Done>,
    /// Where the case came from and what was asked.
    pub input: Request,
}

/// The stages of a case, each from those before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Stage {
    /// The CT as read: its grid and what reading had to say.
    Ct,
    /// `labels.nii.gz` and its like.
    Labels,
    /// Bones in `surfaces/`.
    Surfaces,
    /// `anatomy.json`.
    Anatomy,
    /// What the optimiser found, `optimise.json`.
    Optimisation,
    /// `plan.toml` as Coxa wrote it or carried it out.
    Plan,
    /// The plan carried out: implants and cut bones in `surfaces/`.
    Planned,
    /// `rom.json`.
    RangeOfMotion,
    /// `loads.json`.
    Loads,
    /// What was achieved against what was planned, `evaluation.json`.
    Evaluation,
    /// Pictures of the report of bones and implants.
    Gallery,
    /// Pictures of the report of what stops each motion.
    Contacts,
    /// `report.html`.
    Report,
}

impl Stage {
    /// All of them, each after those that it is made from.
    pub const ALL: [Stage; 13] = [
        Stage::Ct,
        Stage::Labels,
        Stage::Surfaces,
        Stage::Anatomy,
        Stage::Optimisation,
        Stage::Plan,
        Stage::Planned,
        Stage::RangeOfMotion,
        Stage::Loads,
        Stage::Evaluation,
        Stage::Gallery,
        Stage::Contacts,
        Stage::Report,
    ];

    /// Its name in `case.toml`.
    pub const fn name(self) -> &'static str {
        match self {
            Stage::Ct => "ct",
            Stage::Labels => "labels",
            Stage::Surfaces => "surfaces",
            Stage::Anatomy => "anatomy",
            Stage::Optimisation => "optimisation",
            Stage::Plan => "plan",
            Stage::Planned => "planned",
            Stage::RangeOfMotion => "range_of_motion",
            Stage::Loads => "loads",
            Stage::Evaluation => "evaluation",
            Stage::Gallery => "gallery",
            Stage::Contacts => "contacts",
            Stage::Report => "report",
        }
    }

    /// Under which name `findings.json` holds what it had to say. A plan that is refused is never carried out.
    pub(crate) const fn findings_name(self) -> &'static str {
        match self {
            Stage::Ct => "input",
            Stage::Labels => "bones",
            Stage::Planned => "plan",
            other => other.name(),
        }
    }
}

impl fmt::Display for Stage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Stage::Ct => "the CT",
            Stage::Labels => "labels",
            Stage::Surfaces => "surfaces",
            Stage::Anatomy => "anatomy",
            Stage::Optimisation => "the optimisation",
            Stage::Plan => "the plan",
            Stage::Planned => "the planned hip",
            Stage::RangeOfMotion => "the range of motion",
            Stage::Loads => "loads",
            Stage::Evaluation => "the evaluation",
            Stage::Gallery => "pictures",
            Stage::Contacts => "pictures of contacts",
            Stage::Report => "the report",
        })
    }
}

/// What a stage was made from and what it left.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Done {
    /// Version of the program that made it.
    pub program: String,
    /// Hash of what was found on the way, in `findings.json`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub findings: Option<String>,
    /// What it was made from, by name: hashes of stages, of files of the user's and of options.
    #[serde(default)]
    pub from: BTreeMap<String, String>,
    /// The files that it left, by their paths in the case, with their hashes.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub files: BTreeMap<String, String>,
}

impl Done {
    /// What tells it from the same stage made from something else: a hash of all that it holds.
    pub fn id(&self) -> String {
        let mut hasher = blake3::Hasher::new();
        let mut add = |text: &str| {
            hasher.update(&(text.len() as u64).to_le_bytes());
            hasher.update(text.as_bytes());
        };
        add(&self.program);
        add(self.findings.as_deref().unwrap_or_default());
        for (name, hash) in self.from.iter().chain(&self.files) {
            add(name);
            add(hash);
        }
        hasher.finalize().to_hex().to_string()
    }

    /// The first of its files that is not what it left.
    pub(crate) fn changed_file(&self, folder: &Path) -> Option<&str> {
        let is_same = |(name, hash): &(&String, &String)| {
            file_hash(&folder.join(name)).is_ok_and(|found| found == **hash)
        };
        self.files.iter().find(|file| !is_same(file)).map(|(name, _)| name.as_str())
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
    /// What there is to say of a record of form 1, in one line.
    pub fn migration(&self) -> Option<String> {
        self.is_of_form_1.then(|| {
            let anew = match self.stages.contains_key(&Stage::Labels) {
                true => "what rests on the labels is made anew, once",
                false => "labels and what rests on them are made anew, once",
            };
            format!("case.toml has form 1 and is written in form {FORMAT} from now on; {anew}")
        })
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
            .filter_map(|(stage, file)| Some(Older { file, than: self.newer_than(stage, plan.as_deref())? }))
            .collect()
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
            is_of_form_1: false,
            stages,
            input,
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
