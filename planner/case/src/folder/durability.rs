//! A power cut after every step that a case takes, with whatever the disk had not been made to keep lost, torn or reordered.

use super::disk::{STEPS, Step};
use super::names::*;
use super::*;
use crate::source::Source;
use rand::RngExt;
use rand::seq::IndexedRandom;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng;
use std::collections::BTreeSet;

/// Disks that are looked at after each step.
const DISKS: usize = 10;

/// A change of a folder's names.
#[derive(Debug, Clone)]
enum Named {
    Link(PathBuf, usize),
    Unlink(PathBuf),
    Folder(PathBuf),
}

/// What a power cut leaves to chance.
#[derive(Default)]
struct Platter {
    /// Contents of files: what is kept for sure, and all of it.
    files: Vec<(Vec<u8>, Vec<u8>)>,
    /// Changes of names, with whether they are kept for sure.
    names: Vec<(Named, bool)>,
    /// Which file has a name, for the program.
    seen: BTreeMap<PathBuf, usize>,
}

impl Platter {
    fn after(steps: &[Step]) -> Self {
        let mut platter = Platter::default();
        steps.iter().for_each(|step| platter.take(step));
        platter
    }

    fn name(&mut self, change: Named) {
        self.names.push((change, false));
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Write(path, bytes) => {
                self.files.push((Vec::new(), bytes.clone()));
                self.seen.insert(path.clone(), self.files.len() - 1);
                self.name(Named::Link(path.clone(), self.files.len() - 1));
            }
            Step::Append(path, bytes) => {
                if !self.seen.contains_key(path) {
                    self.take(&Step::Write(path.clone(), Vec::new()));
                }
                self.files[self.seen[path]].1.extend(bytes);
            }
            Step::Sync(path) => {
                let (kept, all) = &mut self.files[self.seen[path]];
                kept.clone_from(all);
            }
            Step::Rename(from, to) => {
                let file = self.seen.remove(from).expect("what is renamed was written");
                self.seen.insert(to.clone(), file);
                self.name(Named::Link(to.clone(), file));
                self.name(Named::Unlink(from.clone()));
            }
            Step::Remove(path) => {
                self.seen.remove(path);
                self.name(Named::Unlink(path.clone()));
            }
            Step::MakeFolder(path) => self.name(Named::Folder(path.clone())),
            Step::SyncFolder(folder) => {
                for (change, is_kept) in &mut self.names {
                    let (Named::Link(path, _) | Named::Unlink(path) | Named::Folder(path)) = change;
                    *is_kept |= path.parent() == Some(folder);
                }
            }
        }
    }

    /// A disk as the cut may have left it, put where `root` was.
    fn spin(&self, rng: &mut ChaCha8Rng, chance: f64, root: &Path, at: &Path) {
        let mut names: BTreeMap<&Path, Option<usize>> = BTreeMap::new();
        let mut folders = BTreeSet::new();
        for (change, is_kept) in &self.names {
            if !is_kept && !rng.random_bool(chance) {
                continue;
            }
            match change {
                Named::Link(path, file) => drop(names.insert(path, Some(*file))),
                Named::Unlink(path) => drop(names.insert(path, None)),
                Named::Folder(path) => drop(folders.insert(path)),
            }
        }
        let place = |path: &Path| at.join(path.strip_prefix(root).unwrap());
        fs::create_dir_all(at).unwrap();
        folders.iter().for_each(|folder| fs::create_dir_all(place(folder)).unwrap());
        for (path, file) in names.iter().filter_map(|(path, file)| Some((path, (*file)?))) {
            let (kept, all) = &self.files[file];
            // A folder that the disk does not know holds nothing.
            if !place(path).parent().unwrap().is_dir() {
                continue;
            }
            let long = [kept.len(), all.len(), kept.len().midpoint(all.len())];
            fs::write(place(path), &all[..*long.choose(rng).unwrap()]).unwrap();
        }
    }
}

fn input() -> Request {
    Request { side: Some(Side::Right), ..Request::of_ct(Source { path: None, blake3: "a".into() }) }
}

fn from(what: &str) -> Ingredients {
    Ingredients::default().with("from", what)
}

/// All that is ever written of a file.
const CONTENTS: [(&str, &[&str]); 5] = [
    ("labels.nii.gz", &["labels of the bones"]),
    ("plan.toml", &["plan by rule", "plan that was optimised"]),
    ("rom.json", &["{\"rom\": 1}", "{\"rom\": 2}"]),
    ("surfaces/implant_stem.ply", &["stem"]),
    ("report.html", &["<html><body>\nreport of one</body>", "<html><body>\nreport of two</body>"]),
];

/// One run of a program, from wherever the case stands.
fn run(folder: &Path, rounds: std::ops::Range<usize>) -> Result<()> {
    let mut case = Case::create(folder, input())?;
    for round in rounds {
        let word = round.to_string();
        let stage = |case: &mut Case, stage, name: &str, with: usize, gone: &[Stage]| -> Result<()> {
            let from = from(&word);
            if case.standing(stage, &from)? == Standing::Stands {
                return Ok(());
            }
            case.begin(stage);
            gone.iter().try_for_each(|gone| case.discard(*gone))?;
            let words = CONTENTS.iter().find(|(known, _)| *known == name).unwrap().1[with];
            if stage == Stage::Plan {
                case.put_plan(words)?;
            } else {
                case.put(name, words.as_bytes())?;
            }
            case.finish(stage, from, Some(&[]))
        };
        stage(&mut case, Stage::Labels, "labels.nii.gz", 0, &[Stage::Report])?;
        case.refuse_to_lose_edits(None)?;
        stage(&mut case, Stage::Plan, "plan.toml", round, &[Stage::Report])?;
        stage(&mut case, Stage::Planned, "surfaces/implant_stem.ply", 0, &[])?;
        stage(&mut case, Stage::RangeOfMotion, "rom.json", round, &[])?;
        stage(&mut case, Stage::Report, "report.html", round, &[])?;
        case.mark_report("rom.json")?;
    }
    Ok(())
}

/// Opens a case after a power cut: it opens, all that it believes is whole, and a run from there ends as an undisturbed one.
fn look(folder: &Path, rounds: usize, whole: &[(String, Vec<u8>)]) {
    let mut case = Case::create(folder, input()).unwrap_or_else(|error| panic!("{}", message(&error)));
    let notes = case.take_notes();
    assert!(notes.is_empty(), "{notes:?}");
    case.refuse_to_lose_edits(None).unwrap();
    let done: Vec<(Stage, Done)> = case.record().stages.clone().into_iter().collect();
    for (stage, done) in done {
        for name in done.files.keys() {
            let bytes = fs::read_to_string(folder.join(name)).unwrap_or_default();
            let is_whole = |content: &&str| bytes == **content || bytes.contains("This report is older");
            let known = CONTENTS.iter().find(|(known, _)| known == name).unwrap().1;
            let is_known = known.iter().any(is_whole);
            assert!(is_known || case.edited_files(stage).contains(name), "{name} of {stage}: {bytes:?}");
        }
    }
    drop(case);
    assert!(!folder.join(KEPT).exists(), "a file of Coxa's was taken for somebody else's");
    run(folder, 0..rounds).unwrap();
    for (is, (name, bytes)) in files(folder).iter().zip(whole) {
        let text = String::from_utf8_lossy(bytes);
        assert_eq!((&is.0, &*String::from_utf8_lossy(&is.1)), (name, &*text));
    }
    assert_eq!(files(folder).len(), whole.len());
}

/// Files of a case that are the same whenever they were made.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    for within in ["", "surfaces"] {
        for entry in fs::read_dir(folder.join(within)).into_iter().flatten().flatten() {
            let name = entry.file_name().into_string().unwrap();
            if entry.path().is_file() && name != HISTORY_FILE {
                found.push((name, fs::read(entry.path()).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn a_power_cut_after_any_step_leaves_a_case_that_goes_on() {
    // In memory where there is such a folder: thousands of disks are laid out.
    let memory = Path::new("/dev/shm");
    let scratch = match memory.is_dir() {
        true => tempfile::tempdir_in(memory).unwrap(),
        false => tempfile::tempdir().unwrap(),
    };
    let root = scratch.path().join("case");
    STEPS.set(Some(Vec::new()));
    run(&root, 0..1).unwrap();
    let of_first_run = STEPS.with_borrow(|steps| steps.as_ref().unwrap().len());
    let whole = [files(&root), {
        run(&root, 1..2).unwrap();
        files(&root)
    }];
    let steps = STEPS.take().unwrap();
    assert!(steps.len() > 100 && whole[0] != whole[1]);
    let mut rng = ChaCha8Rng::seed_from_u64(7);
    for cut in 0..=steps.len() {
        let platter = Platter::after(&steps[..cut]);
        for disk in 0..DISKS {
            let at = scratch.path().join("disk").join("case");
            let chance = [1.0, 0.0, 0.5, 0.8][disk.min(3)];
            platter.spin(&mut rng, chance, &root, &at);
            let rounds = if cut <= of_first_run { 1 } else { 2 };
            // The second run begins with the first plan again, as a person who repeats both commands does.
            look(&at, rounds, &whole[rounds - 1]);
            fs::remove_dir_all(scratch.path().join("disk")).unwrap();
        }
    }
}
