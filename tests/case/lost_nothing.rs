//! What a hand wrote or changed is taken up or named, and never lost.

use crate::common::{coxa, stderr, stdout};
use crate::made::{Patient, copy, files, run, text};
use coxa_imaging::nifti;
use coxa_test_support::is_long;
use std::fs;
use std::path::Path;

/// Ways in which a hand, or a disk, changes a file.
#[derive(Debug, Clone, Copy)]
enum Change {
    Digit,
    Cut,
    Appended,
    Emptied,
}

impl Change {
    /// The bytes after the change; `None` where they would be the same.
    fn of(self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut changed = bytes.to_vec();
        match self {
            Change::Digit => {
                let at = (bytes.len() / 2..bytes.len())
                    .find(|&n| bytes[n].is_ascii_digit() && bytes[n] != b'7')?;
                changed[at] = b'7';
            }
            Change::Cut => changed.truncate(bytes.len() * 2 / 3),
            Change::Appended => changed.extend(b" "),
            Change::Emptied => changed.clear(),
        }
        (changed != bytes).then_some(changed)
    }
}

/// Changes a file of a copy of a case; `check` names it, and `report` takes it up, names it or keeps it.
fn change(case: &Path, name: &str, change: Change) {
    let of = format!("{name}, {change:?}");
    let Some(changed) = change.of(&fs::read(case.join(name)).unwrap()) else { return };
    fs::write(case.join(name), &changed).unwrap();
    let file = name.rsplit('/').next().unwrap();
    let checked = coxa(["check", text(case)]);
    let said = stdout(&checked) + &stderr(&checked);
    assert!(!checked.status.success() && said.contains(file), "{of}: {said}");
    let report = coxa(["report", text(case)]);
    let said = stderr(&report);
    assert!(said.contains(file), "{of}: {said}");
    assert!([Some(0), Some(2)].contains(&report.status.code()), "{of}: {said}");
    let is_there = files(case).values().any(|bytes| *bytes == changed);
    assert!(is_there, "{of}: the change is lost: {said}");
    if report.status.success() && name != "case.toml" {
        let again = coxa(["check", text(case)]);
        assert!(again.status.success(), "{of}: {}", stdout(&again) + &stderr(&again));
    }
}

/// Files of which each kind of the case is one.
const KINDS: [&str; 12] = [
    "plan.toml",
    "labels.nii.gz",
    "labels.json",
    "anatomy.json",
    "findings.json",
    "rom.json",
    "report.html",
    "pictures/gallery.json",
    "pictures/front_before.png",
    "surfaces/hip_right.ply",
    "surfaces/implant_stem.ply",
    "case.toml",
];

fn change_each(names: &[String], changes: &[Change]) {
    let patient = Patient::new();
    let case = patient.planned();
    for name in names {
        for (n, kind) in changes.iter().enumerate() {
            let copied = patient.path(&format!("{}-{n}", name.replace('/', "-")));
            copy(&case, &copied);
            change(&copied, name, *kind);
            fs::remove_dir_all(&copied).unwrap();
        }
    }
}

#[test]
fn a_changed_file_is_taken_up_or_named() {
    if !is_long() {
        return change_each(&KINDS.map(String::from), &[Change::Digit]);
    }
    let names: Vec<String> = files(&Patient::new().planned()).into_keys().collect();
    change_each(&names, &[Change::Digit, Change::Cut, Change::Appended, Change::Emptied]);
}

#[test]
fn corrected_labels_are_taken_up_and_stay() {
    let patient = Patient::new();
    let case = patient.planned();
    let folder = text(&case);
    let (path, before) = (case.join("labels.nii.gz"), files(&case));
    let mut labels = nifti::read_labels(&path).unwrap();
    let femur = labels.id("femur_right").unwrap();
    // Shaves the greater trochanter off: the outermost fifth of the femur across the body.
    let columns = labels.volume.voxels.indexed_iter().filter(|(_, id)| **id == femur).map(|((_, _, i), _)| i);
    let (low, high) = columns.fold((usize::MAX, 0), |(low, high), i| (low.min(i), high.max(i)));
    let cut = low + (high - low) / 10;
    labels
        .volume
        .voxels
        .indexed_iter_mut()
        .filter(|((_, _, i), id)| **id == femur && *i < cut)
        .for_each(|(_, id)| *id = 0);
    nifti::write_labels(&labels.volume, &path).unwrap();
    let corrected = fs::read(&path).unwrap();
    let said = run(["report", folder]);
    assert!(said.contains("labels.nii.gz: edited by hand, and used"), "{said}");
    let after = files(&case);
    assert_eq!(after["labels.nii.gz"], corrected);
    assert_ne!(after["surfaces/femur_right.ply"], before["surfaces/femur_right.ply"]);
    assert_ne!(after["anatomy.json"], before["anatomy.json"]);
    // Nothing is made anew where nothing changed since, and planning anew keeps to the hand.
    let said = run(["report", folder]);
    assert!(!said.contains("rebuilt") && !said.contains("edited"), "{said}");
    assert!(patient.plan(&case).status.success());
    assert_eq!(fs::read(&path).unwrap(), corrected);
    // Other labels do not take their place unasked.
    let own = coxa(["plan", text(&patient.ct()), "--side", "right", "-o", folder]);
    assert!(own.status.code() == Some(2) && stderr(&own).contains("edited by hand"), "{}", stderr(&own));
    assert_eq!(fs::read(&path).unwrap(), corrected);
    // A label that nobody names is no label.
    labels.volume.voxels[[0, 0, 0]] = 250;
    nifti::write_labels(&labels.volume, &path).unwrap();
    let unnamed = coxa(["report", folder]);
    assert!(
        unnamed.status.code() == Some(2) && stderr(&unnamed).contains("label 250"),
        "{}",
        stderr(&unnamed)
    );
}

#[test]
fn plans_and_the_users_files_are_kept() {
    let patient = Patient::new();
    let case = patient.planned();
    let folder = text(&case);
    let read = |name: &str| fs::read_to_string(case.join(name)).unwrap();
    let by_rule = read("plan.toml");
    // The user's own files lie among Coxa's.
    for name in ["notes.txt", "surfaces/mine.ply", "pictures/mine.png"] {
        fs::write(case.join(name), "mine").unwrap();
    }
    let edited = by_rule.replacen("inclination_deg = 40", "inclination_deg = 43", 1);
    assert_ne!(edited, by_rule);
    fs::write(case.join("plan.toml"), &edited).unwrap();
    run(["report", folder]);
    // Placing anew keeps the plan before.
    let left = patient.plan_side("left", &case);
    assert!(left.status.code() == Some(2) && stderr(&left).contains("right hip"), "{}", stderr(&left));
    assert_eq!(read("plan.toml"), edited);
    assert!(patient.plan(&case).status.success());
    assert_eq!(read("plan.toml"), by_rule);
    let undone = coxa(["undo", folder]);
    assert!(stdout(&undone).contains("kept as plans/"), "{}", stdout(&undone));
    assert_eq!(read("plan.toml"), edited);
    run(["report", folder]);
    for name in ["notes.txt", "surfaces/mine.ply", "pictures/mine.png"] {
        assert_eq!(read(name), "mine");
    }
    let checked = coxa(["check", folder]);
    assert!(checked.status.success() && stdout(&checked).contains("notes.txt"), "{}", stderr(&checked));
    let history = stdout(&coxa(["info", folder, "--history"]));
    assert!(history.contains("coxa undo PATH: previous plan restored"), "{history}");
    assert!(
        history.contains("coxa plan PATH --side right --labels PATH --output PATH: the plan"),
        "{history}"
    );
    assert!(!history.contains(folder), "{history}");
}

#[test]
fn a_case_of_an_older_form_goes_on_with_its_record_kept() {
    let scratch = tempfile::tempdir().unwrap();
    let case = scratch.path().join("case");
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/case/old/form_2"), &case);
    // As if this version had made it, so that what stands need not be made anew.
    let record = fs::read_to_string(case.join("case.toml")).unwrap();
    fs::write(
        case.join("case.toml"),
        record.replace("\"0.1.0\"", concat!("\"", env!("CARGO_PKG_VERSION"), "\"")),
    )
    .unwrap();
    let before = files(&case);
    let report = coxa(["report", text(&case)]);
    let said = stderr(&report);
    assert!(report.status.code() == Some(1) && said.contains("format 2"), "{said}");
    assert!(!said.contains("rebuilt"), "{said}");
    let mut after = files(&case);
    assert_eq!(after.remove("kept/case_form_2.toml").as_ref(), before.get("case.toml"));
    assert!(after["case.toml"].starts_with(b"format = 3"));
    let checked = coxa(["check", text(&case)]);
    assert!(
        checked.status.success() && !stdout(&checked).contains("not written by Coxa"),
        "{}",
        stdout(&checked)
    );
    let again = stderr(&coxa(["report", text(&case)]));
    assert!(!again.contains("format 2"), "{again}");
}

#[cfg(unix)]
#[test]
fn names_and_files_of_another_kind_are_refused_in_words() {
    use std::os::unix::ffi::OsStrExt;
    let scratch = tempfile::tempdir().unwrap();
    let folder = scratch.path();
    let odd = folder.join(std::ffi::OsStr::from_bytes(b"ct\xff.nii.gz"));
    nifti::write_ct(&crate::common::ball([24, 20, 12]), &odd).unwrap();
    let case = folder.join("case");
    let words = [
        "plan".as_ref(),
        odd.as_os_str(),
        "--side".as_ref(),
        "right".as_ref(),
        "-o".as_ref(),
        case.as_os_str(),
    ];
    let output = coxa(words);
    assert!(output.status.code() == Some(2) && stderr(&output).contains("UTF-8"), "{}", stderr(&output));
    assert!(!case.exists());

    let pipe = folder.join("pipe");
    assert!(std::process::Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    for words in [vec!["info", text(&pipe)], vec!["plan", text(&pipe), "--side", "right", "-o", text(&case)]]
    {
        let output = coxa(words);
        assert!(output.status.code() == Some(2) && stderr(&output).contains("pipe"), "{}", stderr(&output));
    }
    copy(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/case/old/form_2"), &case);
    for name in ["case.toml", "anatomy.json"] {
        let path = case.join(name);
        let kept = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        fs::rename(&pipe, &path).unwrap();
        let output = coxa(["check", text(&case)]);
        assert!(!output.status.success() && stderr(&output).contains(name), "{}", stderr(&output));
        fs::rename(&path, &pipe).unwrap();
        fs::write(&path, kept).unwrap();
    }
    fs::write(case.join("case.toml"), vec![b'#'; 61 << 20]).unwrap();
    let output = coxa(["report", text(&case)]);
    assert!(output.status.code() == Some(2) && stderr(&output).contains("larger"), "{}", stderr(&output));
}

#[test]
fn what_was_made_up_is_not_believed() {
    let patient = Patient::new();
    // Metal at the joint, and a hand that takes it out of the findings.
    let ct = nifti::read_ct(&patient.ct()).unwrap().0;
    let mut metal = ct.clone();
    let labels = nifti::read_labels(&patient.labels()).unwrap();
    let femur = labels.id("femur_right").unwrap();
    let places = labels.volume.voxels.indexed_iter().filter(|(_, id)| **id == femur);
    places.step_by(3).for_each(|(at, _)| metal.voxels[at] = 3000);
    nifti::write_ct(&metal, &patient.ct()).unwrap();
    let case = patient.path("nailed");
    assert_eq!(patient.plan(&case).status.code(), Some(1));
    fs::write(case.join("findings.json"), "{}").unwrap();
    for output in [coxa(["report", text(&case)]), patient.plan(&case)] {
        assert!(output.status.code() == Some(1) && stderr(&output).contains("metal"), "{}", stderr(&output));
    }

    nifti::write_ct(&ct, &patient.ct()).unwrap();
    let case = patient.planned();
    run(["optimise", text(&case), "--samples", "16"]);
    let path = case.join("optimise.json");
    let found = fs::read_to_string(&path).unwrap();
    let at = found.find("\"success\": ").unwrap() + "\"success\": ".len();
    let forged = format!(
        "{}7.5{}",
        &found[..at],
        found[at..].trim_start_matches(|c: char| c.is_ascii_digit() || c == '.')
    );
    fs::write(&path, &forged).unwrap();
    let said = run(["report", text(&case)]);
    assert!(said.contains("optimise.json"), "{said}");
    assert!(!fs::read_to_string(case.join("report.html")).unwrap().contains("750.0 %"));
    let checked = coxa(["check", text(&case)]);
    assert!(checked.status.code() == Some(1), "{}", stdout(&checked));
    let resumed = coxa(["optimise", text(&case), "--resume", "--samples", "16"]);
    assert!(
        resumed.status.code() == Some(2) && stderr(&resumed).contains("optimise.json"),
        "{}",
        stderr(&resumed)
    );
    assert_eq!(fs::read_to_string(&path).unwrap(), forged);
}
