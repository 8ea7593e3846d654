//! What a case folder promises.

use super::names::*;
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
    let mut case = Case::create(&folder, input("a")).unwrap();
    case.begin(Stage::Labels);
    let failed = case.put_with("labels.nii.gz", |path| {
        fs::write(path, "half").unwrap();
        bail!("cannot write {}: the disk is full", path.display())
    });
    let said = failed.unwrap_err().to_string();
    assert!(said.contains("case/labels.nii.gz") && !said.contains(PARTIAL), "{said}");
    assert!(!folder.join("labels.nii.gz").exists());
    drop(case);
    assert!(!folder.exists());
}

#[test]
fn a_case_goes_on_where_it_stopped_but_only_from_the_same_input() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    let mut case = Case::create(&folder, input("a")).unwrap();
    case.begin(Stage::Labels);
    case.put("labels.json", b"[]").unwrap();
    case.finish(Stage::Labels, from("a"), Some(&[])).unwrap();
    drop(case);
    let mut again = Case::create(&folder, input("a")).unwrap();
    assert_eq!(again.standing(Stage::Labels, &from("a")).unwrap(), Standing::Stands);
    let other = again.standing(Stage::Labels, &from("b")).unwrap();
    assert_eq!(other, Standing::Differs("changed: ct".into()));
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
    case.begin(Stage::Anatomy);
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
    fs::write(folder.join("findings.json"), text.replace("too uncertain", "certain enough")).unwrap();
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
    case.begin(Stage::Anatomy);
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
    assert!(notes.len() == 1 && notes[0].contains("format 1"), "{notes:?}");
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
    let kept = fs::read_to_string(folder.join("kept/case_form_1.toml")).unwrap();
    assert!(kept.starts_with("format = 1"), "{kept}");
    assert_eq!(record.stages[&Stage::Labels].from["ct"], "a");

    // A plan that was edited under form 1 is still known to be; labels that were, are not believed.
    let edited = parent.path().join("edited");
    write_form_1(&edited, b"labels", "plan");
    fs::write(edited.join("plan.toml"), "plan of a person").unwrap();
    fs::write(edited.join("labels.nii.gz"), "labels of a person").unwrap();
    let mut case = Case::open(&edited).unwrap();
    let notes = case.take_notes();
    assert!(
        notes.len() == 1 && notes[0].contains("format 1") && notes[0].contains("labels and"),
        "{notes:?}"
    );
    assert!(case.refuse_to_lose_edits(None).is_err());
    assert_eq!(case.standing(Stage::Labels, &from("a")).unwrap(), Standing::Absent);
}

/// A case with a planned hip: labels, a plan by rule, a report.
fn planned(folder: &Path) -> Case {
    let mut case = Case::create(folder, input("a")).unwrap();
    case.begin(Stage::Labels);
    case.put("labels.nii.gz", b"labels").unwrap();
    case.finish(Stage::Labels, from("a"), Some(&[])).unwrap();
    put_plan(&mut case, "by rule");
    case.begin(Stage::Report);
    case.put("report.html", b"<html><body>\nreport</body>").unwrap();
    case.put("pictures/front.png", b"png").unwrap();
    case.finish(Stage::Report, from("a"), None).unwrap();
    case
}

fn put_plan(case: &mut Case, words: &str) {
    case.begin(Stage::Plan);
    case.discard(Stage::Report).unwrap();
    case.put_plan(words).unwrap();
    case.finish(Stage::Plan, from(words), None).unwrap();
}

#[test]
fn only_what_was_written_is_replaced_or_removed() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    let mut case = planned(&folder);
    // The user's own files lie beside Coxa's; one is in the way of a later one.
    fs::write(folder.join("pictures/holiday.jpg"), "mine").unwrap();
    fs::write(folder.join("rom.json"), "mine").unwrap();
    fs::write(folder.join("report.html"), "my notes on the report").unwrap();
    case.begin(Stage::RangeOfMotion);
    case.put("rom.json", b"{}").unwrap();
    case.finish(Stage::RangeOfMotion, from("a"), None).unwrap();
    case.discard(Stage::Report).unwrap();
    assert_eq!(fs::read_to_string(folder.join("pictures/holiday.jpg")).unwrap(), "mine");
    assert!(!folder.join("pictures/front.png").exists() && !folder.join("report.html").exists());
    let notes = case.take_notes();
    let kept = |of: &str| {
        let note = notes.iter().find(|note| note.starts_with(of)).unwrap_or_else(|| panic!("{notes:?}"));
        fs::read_to_string(folder.join(note.rsplit(' ').next().unwrap())).unwrap()
    };
    assert_eq!(kept("rom.json was not written by Coxa"), "mine");
    assert_eq!(kept("report.html was changed since Coxa wrote it"), "my notes on the report");
    let history = read_history(&folder).unwrap();
    assert!(history.entries.iter().any(|entry| entry.kept.contains_key("rom.json")));
}

#[cfg(unix)]
#[test]
fn no_link_is_followed_out_of_a_case() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    drop(planned(&folder));
    let outside = parent.path().join("pictures");
    fs::rename(folder.join("pictures"), &outside).unwrap();
    std::os::unix::fs::symlink(&outside, folder.join("pictures")).unwrap();
    let said = Case::open(&folder).err().unwrap().to_string();
    assert!(said.contains("case/pictures is a link"), "{said}");
    assert!(outside.join("front.png").exists());
}

#[test]
fn an_earlier_plan_comes_back_and_none_is_lost() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    let mut case = planned(&folder);
    put_plan(&mut case, "optimised");
    put_plan(&mut case, "optimised");
    let plan = || fs::read_to_string(folder.join(PLAN_FILE)).unwrap();
    // A hand's edit that nobody carried out goes first, and is kept.
    fs::write(folder.join(PLAN_FILE), "edited").unwrap();
    let undone = case.undo_plan().unwrap();
    assert_eq!(plan(), "optimised");
    assert_eq!(fs::read_to_string(folder.join(&undone.instead_of)).unwrap(), "edited");
    assert_eq!(case.standing(Stage::Plan, &from("optimised")).unwrap(), Standing::Stands);
    case.undo_plan().unwrap();
    assert_eq!(plan(), "by rule");
    assert_eq!(case.standing(Stage::Plan, &from("by rule")).unwrap(), Standing::Stands);
    assert!(case.undo_plan().unwrap_err().to_string().contains("no earlier plan"));
    // On from there, and back again.
    put_plan(&mut case, "third");
    case.undo_plan().unwrap();
    assert_eq!(plan(), "by rule");
    assert_eq!(fs::read_dir(folder.join("plans")).unwrap().count(), 4);
    let notes = case.take_notes();
    assert!(notes.is_empty(), "{notes:?}");
}

#[test]
fn a_report_that_says_it_is_older_is_still_ours() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    let mut case = planned(&folder);
    case.mark_report("rom.json").unwrap();
    let page = fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page.contains("older than rom.json"));
    case.mark_report("loads.json").unwrap();
    assert_eq!(fs::read_to_string(folder.join("report.html")).unwrap(), page);
    assert!(
        matches!(case.standing(Stage::Report, &from("a")).unwrap(), Standing::Differs(why) if why.contains("out of date"))
    );
    case.begin(Stage::Report);
    case.put("report.html", b"<html><body>\nanew</body>").unwrap();
    case.finish(Stage::Report, from("a"), None).unwrap();
    assert!(case.take_notes().is_empty());
    assert_eq!(case.standing(Stage::Report, &from("a")).unwrap(), Standing::Stands);
    assert!(!folder.join("kept").exists());
}

#[test]
fn what_a_module_says_outlives_other_commands_and_makes_the_report_older() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    let mut case = planned(&folder);
    let report = |case: &mut Case, from: Ingredients| {
        let from = from.with_stages(case, &[Stage::Labels]);
        case.begin(Stage::Report);
        case.put("report.html", b"<html><body>\nanew</body>").unwrap();
        case.finish(Stage::Report, from, None).unwrap();
    };
    case.begin(Stage::Labels);
    case.put("labels.nii.gz", b"labels").unwrap();
    case.finish(Stage::Labels, Ingredients::default().with("voxels", "a"), Some(&[])).unwrap();
    report(&mut case, Ingredients::default());
    let older = |case: &Case| case.record().older(&folder).iter().any(|older| older.than == MODULES);
    assert!(!older(&case));
    let panel = |title: &str| coxa_panel::Panel {
        module: "a".into(),
        title: title.into(),
        ..coxa_panel::Panel::default()
    };
    case.put_panel(&panel("First")).unwrap();
    fs::write(folder.join("modules/a/notes.txt"), "mine").unwrap();
    let page = || fs::read_to_string(folder.join("report.html")).unwrap();
    assert!(page().contains("older than modules/a"), "{}", page());
    assert!(older(&case), "{:?}", case.record().older(&folder));
    // A report that shows it is made from it.
    let shown = coxa_planner::panels::stored(&folder).sha256().unwrap();
    report(&mut case, Ingredients::default().with(MODULES, shown));
    assert!(!older(&case));
    // The same said again changes nothing; another word does.
    case.put_panel(&panel("First")).unwrap();
    assert!(!older(&case) && !page().contains("older"));
    case.put_panel(&panel("Second")).unwrap();
    assert!(older(&case) && page().contains("older"));
    // Plans come and go.
    put_plan(&mut case, "other");
    case.undo_plan().unwrap();
    case.begin(Stage::Anatomy);
    case.put("anatomy.json", b"{}").unwrap();
    case.finish(Stage::Anatomy, from("b"), None).unwrap();
    drop(case);
    drop(Case::open(&folder).unwrap());
    let found = coxa_planner::panels::stored(&folder);
    assert_eq!(found.panels[0].panel, panel("Second"));
    assert_eq!(fs::read_to_string(folder.join("modules/a/notes.txt")).unwrap(), "mine");
    let looked = crate::check::check(&folder).unwrap();
    assert!(!looked.wrong.iter().chain(&looked.others).any(|line| line.contains("modules")), "{looked:?}");
    let path = folder.join("modules/a/panel.json");
    fs::write(&path, fs::read_to_string(&path).unwrap().replace("Second", "Third")).unwrap();
    let looked = crate::check::check(&folder).unwrap();
    assert!(looked.wrong.iter().any(|line| line.contains("changed since the module wrote it")), "{looked:?}");
    fs::write(&path, "{").unwrap();
    let looked = crate::check::check(&folder).unwrap();
    assert!(looked.wrong.iter().any(|line| line.contains("run the module again")), "{looked:?}");
}

#[test]
fn a_record_that_names_files_elsewhere_is_refused() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    drop(planned(&folder));
    let path = folder.join(RECORD_FILE);
    let text = fs::read_to_string(&path).unwrap();
    for name in ["../victim", "/etc/passwd", "a/../../b"] {
        fs::write(&path, text.replace("pictures/front.png", name)).unwrap();
        let said = message(&Case::open(&folder).err().unwrap());
        assert!(said.contains(name) && said.contains("does not lie in the case"), "{said}");
    }
}

#[test]
fn nobody_works_on_a_case_at_the_same_time() {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    let case = planned(&folder);
    let said = Case::open(&folder).err().unwrap().to_string();
    assert!(said.contains("in use by coxa-case"), "{said}");
    assert!(read_record(&folder).is_ok());
    drop(case);
    assert!(Case::open(&folder).is_ok());
    assert!(!folder.join(LOCK_FILE).exists());
}
