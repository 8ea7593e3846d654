//! Tests of what others put into a case: links, files that cannot be read, edits while a command runs.

use super::names::*;
use super::*;
use crate::source::Source;

const FROM: &str = "ct";

/// A case with labels, and a folder beside it.
fn made() -> (tempfile::TempDir, PathBuf) {
    let parent = tempfile::tempdir().unwrap();
    let folder = parent.path().join("case");
    let request = Request::of_ct(Source { path: None, blake3: "a".into() });
    let mut case = Case::create(&folder, request).unwrap();
    put(&mut case, Stage::Labels, "labels.json");
    drop(case);
    fs::create_dir(parent.path().join("outside")).unwrap();
    (parent, folder)
}

fn put(case: &mut Case, stage: Stage, name: &str) {
    case.begin(stage);
    case.put(name, b"[]").unwrap();
    case.finish(stage, Ingredients::default().with(FROM, "a"), Some(&[])).unwrap();
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_a_case() {
    use std::os::unix::fs::symlink;
    for name in [LOCK_FILE, HISTORY_FILE, KEPT, PLANS, MODULES, "surfaces"] {
        let (parent, folder) = made();
        let thesis = parent.path().join("outside/thesis.tex");
        fs::write(&thesis, "mine").unwrap();
        let _ = fs::remove_file(folder.join(name));
        symlink(
            if name.contains('.') { thesis.clone() } else { parent.path().join("outside") },
            folder.join(name),
        )
        .unwrap();
        let said = Case::open(&folder).err().unwrap().to_string();
        assert!(said.contains("is a link") && said.contains(name), "{said}");
        assert!(hold(&folder).is_err());
        assert_eq!(fs::read_to_string(&thesis).unwrap(), "mine");
    }
    // A record that names files behind a link.
    let (parent, folder) = made();
    symlink(parent.path().join("outside"), folder.join("more")).unwrap();
    let record = fs::read_to_string(folder.join(RECORD_FILE)).unwrap();
    fs::write(folder.join(RECORD_FILE), record.replace("\"labels.json\" =", "\"more/labels.json\" ="))
        .unwrap();
    let said = message(&Case::open(&folder).err().unwrap());
    assert!(said.contains("is a link"), "{said}");
    // What is staged is written anew, not into what a link names.
    let (parent, folder) = made();
    let outside = parent.path().join("outside/case.toml");
    fs::write(&outside, "mine").unwrap();
    fs::create_dir(folder.join(PARTIAL)).unwrap();
    symlink(&outside, folder.join(PARTIAL).join(RECORD_FILE)).unwrap();
    let record = fs::read_to_string(folder.join(RECORD_FILE)).unwrap();
    fs::write(folder.join(RECORD_FILE), format!("# mine\n{record}")).unwrap();
    put(&mut Case::open(&folder).unwrap(), Stage::Anatomy, "anatomy.json");
    assert_eq!(fs::read_to_string(&outside).unwrap(), "mine");
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_not_replaced() {
    let (_parent, folder) = made();
    std::os::unix::fs::symlink("nowhere", folder.join("anatomy.json")).unwrap();
    let mut case = Case::open(&folder).unwrap();
    case.begin(Stage::Anatomy);
    case.put("anatomy.json", b"{}").unwrap();
    let error = case.finish(Stage::Anatomy, Ingredients::default(), None).unwrap_err();
    assert!(message(&error).contains("anatomy.json"), "{error}");
    assert!(folder.join("anatomy.json").is_symlink());
    drop(case);
    // Once it is out of the way the change is completed.
    fs::remove_file(folder.join("anatomy.json")).unwrap();
    drop(Case::open(&folder).unwrap());
    assert_eq!(fs::read(folder.join("anatomy.json")).unwrap(), b"{}");
}

#[test]
fn folders_and_files_in_each_others_place_are_named() {
    let (_parent, folder) = made();
    fs::create_dir(folder.join("anatomy.json")).unwrap();
    let mut case = Case::open(&folder).unwrap();
    case.begin(Stage::Anatomy);
    case.put("anatomy.json", b"{}").unwrap();
    let error = case.finish(Stage::Anatomy, Ingredients::default(), None).unwrap_err();
    assert!(message(&error).contains("anatomy.json is a folder"), "{error}");
    drop(case);
    fs::remove_dir(folder.join("anatomy.json")).unwrap();
    fs::write(folder.join("surfaces"), "mine").unwrap();
    let said = Case::open(&folder).err().unwrap().to_string();
    assert!(said.contains("surfaces is a file"), "{said}");
}

#[test]
fn a_record_that_is_edited_while_a_stage_is_made_is_kept() {
    let (_parent, folder) = made();
    let mut case = Case::open(&folder).unwrap();
    let edited = format!("# mine\n{}", fs::read_to_string(folder.join(RECORD_FILE)).unwrap());
    fs::write(folder.join(RECORD_FILE), &edited).unwrap();
    put(&mut case, Stage::Anatomy, "anatomy.json");
    let notes = case.take_notes();
    assert!(notes.iter().any(|note| note.contains("edited while")), "{notes:?}");
    let kept = fs::read_dir(folder.join(KEPT))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    assert!(kept.into_iter().any(|words| words == edited));
}

#[test]
fn what_is_kept_is_kept_beside_what_was_kept_before() {
    let (_parent, folder) = made();
    let place = |hash: &str| kept_name(&folder, "report.html", hash).unwrap();
    let hash = crate::source::text_hash("an edit");
    let first = place(&hash);
    fs::create_dir_all(folder.join(KEPT)).unwrap();
    fs::write(folder.join(&first), "an edit").unwrap();
    assert_eq!(place(&hash), first);
    fs::write(folder.join(&first), "an edit, edited again").unwrap();
    assert_eq!(place(&hash), first.replace(".html", "-2.html"));
    let labels = kept_name(&folder, "labels.nii.gz", &hash).unwrap();
    assert!(labels.starts_with("kept/labels-") && labels.ends_with(".nii.gz"), "{labels}");
}
