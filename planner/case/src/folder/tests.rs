//! What a case folder promises.

use super::*;
use crate::source::Source;
use coxa_geometry::finding;

fn input(hash: &str) -> Request {
    Request::of_ct(Source { path: None, blake3: hash.into() })
}

fn from(what: &str) -> Ingredients {
    Ingredients::default().with("ct", what)
}

#[test]
fn a_failed_write_leaves_nothing_and_an_empty_case_leaves_no_folder() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    let case = Case::create(&folder, input("a")).unwrap();
    let failed = case.write_with("plan.toml", |path| {
        fs::write(path, "half").unwrap();
        bail!("disk full")
    });
    assert!(failed.is_err());
    assert!(!folder.join("plan.toml").exists());
    drop(case);
    assert!(!folder.exists());
}

#[test]
fn a_case_goes_on_where_it_stopped_but_only_from_the_same_input() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    let mut case = Case::create(&folder, input("a")).unwrap();
    case.begin(Stage::Labels).unwrap();
    case.put("labels.json", b"[]").unwrap();
    case.finish(Stage::Labels, from("a"), Some(&[])).unwrap();
    drop(case);
    let mut again = Case::create(&folder, input("a")).unwrap();
    assert_eq!(again.standing(Stage::Labels, &from("a")).unwrap(), Standing::Stands);
    let other = again.standing(Stage::Labels, &from("b")).unwrap();
    assert_eq!(other, Standing::Differs("other ct".into()));
    assert_eq!(again.standing(Stage::Anatomy, &from("a")).unwrap(), Standing::Absent);
    drop(again);
    assert!(folder.join("labels.json").exists());
    let other = Case::create(&folder, input("b")).err().unwrap().to_string();
    assert!(other.contains("another CT"), "{other}");
}

#[test]
fn what_was_touched_or_made_by_another_version_is_not_believed() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    let mut case = Case::create(&folder, input("a")).unwrap();
    let found = [finding::LewinnekNotJudged {}.finding()];
    case.begin(Stage::Anatomy).unwrap();
    case.put("anatomy.json", b"{}").unwrap();
    case.put("surfaces/x.ply", b"ply").unwrap();
    case.finish(Stage::Anatomy, from("a"), Some(&found)).unwrap();
    let why = |case: &mut Case| match case.standing(Stage::Anatomy, &from("a")).unwrap() {
        Standing::Differs(why) => why,
        other => panic!("{other:?}"),
    };
    fs::write(folder.join("anatomy.json"), b"{ }").unwrap();
    assert_eq!(why(&mut case), "anatomy.json was changed or damaged since");
    fs::write(folder.join("anatomy.json"), b"{}").unwrap();
    assert_eq!(case.standing(Stage::Anatomy, &from("a")).unwrap(), Standing::Stands);
    drop(case);
    let text = fs::read_to_string(folder.join("findings.json")).unwrap();
    fs::write(folder.join("findings.json"), text.replace("too poorly", "well enough")).unwrap();
    let mut case = Case::open(&folder).unwrap();
    assert_eq!(why(&mut case), "findings.json was changed or damaged since");
    drop(case);
    // A code that no program of this version writes, as of a newer one or a hand.
    fs::write(folder.join("findings.json"), text.replace("lewinnek_not_judged", "lewinek_not_judged"))
        .unwrap();
    let mut case = Case::open(&folder).unwrap();
    let notes = case.take_notes();
    let says = |word: &str| notes.iter().any(|note| note.contains(word));
    assert!(says("findings.json") && says("lewinek_not_judged") && says("lewinnek_not_judged"), "{notes:?}");
    assert_eq!(why(&mut case), "findings.json was changed or damaged since");
    drop(case);
    fs::write(folder.join("findings.json"), text).unwrap();
    let record = fs::read_to_string(folder.join("case.toml")).unwrap();
    fs::write(
        folder.join("case.toml"),
        record.replace(&format!("program = \"{}\"", version()), "program = \"0.0.1\""),
    )
    .unwrap();
    let mut case = Case::open(&folder).unwrap();
    assert!(why(&mut case).starts_with("version 0.0.1 of the program"));
    // What is made anew takes with it what it had before and has no more.
    case.begin(Stage::Anatomy).unwrap();
    case.put("anatomy.json", b"{}").unwrap();
    case.finish(Stage::Anatomy, from("a"), Some(&[])).unwrap();
    assert!(!folder.join("surfaces/x.ply").exists());
    case.discard(Stage::Anatomy).unwrap();
    assert!(!folder.join("anatomy.json").exists() && case.findings(Stage::Anatomy).is_empty());
}

#[test]
fn foreign_folders_and_newer_cases_are_refused() {
    let parent = tempfile::tempdir().unwrap();
    fs::write(parent.path().join("holiday.jpg"), b"x").unwrap();
    assert!(Case::create(parent.path(), input("a")).is_err());
    assert!(Case::check_folder(parent.path()).is_err());
    assert!(Case::check_folder(&parent.path().join("new")).unwrap().is_none());
    assert!(parent.path().join("holiday.jpg").exists());
    let newer = tempfile::tempdir().unwrap();
    fs::write(newer.path().join("case.toml"), "format = 99\n").unwrap();
    let error = Case::create(newer.path(), input("a")).err().unwrap().to_string();
    assert!(error.contains("99"), "{error}");
}

/// A case as version 0.1.0 wrote one before stages had hashes: labels and plan are done, the record says how.
fn write_form_1(folder: &Path, labels: &[u8], plan: &str) {
    fs::create_dir_all(folder).unwrap();
    fs::write(folder.join("labels.nii.gz"), labels).unwrap();
    fs::write(folder.join("labels.json"), "[]").unwrap();
    fs::write(folder.join("optimise.json"), "{}").unwrap();
    fs::write(folder.join("plan.toml"), plan).unwrap();
    fs::write(folder.join("anatomy.json"), "{}").unwrap();
    let record = format!(
        "format = 1\nprogram_version = \"{}\"\n\n[stages]\nlabels = \"own {}\"\nplan = \"{}\"\nreport = \"0.1.0\"\n\n\
         [input]\nseed = 1\nside = \"right\"\n\n[input.ct]\nblake3 = \"a\"\n",
        version(),
        blake3::hash(labels).to_hex(),
        text_hash(plan)
    );
    fs::write(folder.join("case.toml"), record).unwrap();
}

#[test]
fn a_case_of_form_1_opens_and_nothing_dear_is_lost() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    write_form_1(&folder, b"labels", "plan");
    let mut case = Case::open(&folder).unwrap();
    let notes = case.take_notes();
    assert!(notes.len() == 1 && notes[0].contains("form 1"), "{notes:?}");
    assert_eq!(case.request().seed, Some(1));
    assert_eq!(case.standing(Stage::Labels, &from("a")).unwrap(), Standing::Stands);
    assert_eq!(case.standing(Stage::Optimisation, &from("a")).unwrap(), Standing::Stands);
    // Nobody says what this was made from.
    assert_eq!(case.standing(Stage::Anatomy, &from("a")).unwrap(), Standing::Absent);
    assert!(case.refuse_to_lose_edits(None).is_ok());
    case.save_record().unwrap();
    drop(case);
    for name in ["labels.nii.gz", "labels.json", "optimise.json", "plan.toml", "anatomy.json"] {
        assert!(folder.join(name).exists(), "{name} is gone");
    }
    let record = read_record(&folder).unwrap();
    assert_eq!(record.format, FORMAT);
    assert!(record.migration().is_none());
    assert_eq!(record.stages[&Stage::Labels].from["ct"], "a");

    // A plan that was edited under form 1 is still known to be; labels that were, are not believed.
    let edited = parent.path().join("edited");
    write_form_1(&edited, b"labels", "plan");
    fs::write(edited.join("plan.toml"), "plan of a person").unwrap();
    fs::write(edited.join("labels.nii.gz"), "labels of a person").unwrap();
    let mut case = Case::open(&edited).unwrap();
    let notes = case.take_notes();
    assert!(notes.len() == 1 && notes[0].contains("form 1") && notes[0].contains("labels and"), "{notes:?}");
    assert!(case.refuse_to_lose_edits(None).is_err());
    assert_eq!(case.standing(Stage::Labels, &from("a")).unwrap(), Standing::Absent);
}
