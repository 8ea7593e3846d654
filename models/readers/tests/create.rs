//! What a new study consists of, and what is refused.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod support;

use coxa_readers::mark::{import, mark_rows};
use coxa_readers::picture::Picture;
use coxa_readers::study::{NewStudy, Study, StudySettings, create};
use std::path::Path;

/// All files below a folder with their bytes, but for the links, which are random.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(at) = open.pop() {
        for entry in std::fs::read_dir(at).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                open.push(path);
            } else if !path.ends_with("hidden/links.json") {
                let name = path.strip_prefix(folder).unwrap().to_string_lossy().into_owned();
                found.push((name, std::fs::read(path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

#[test]
fn the_same_seed_makes_the_same_study_and_names_tell_nothing() {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let studies = folders.each_ref().map(|folder| support::study(folder.path(), 6, |_| {}));
    let [one, other] = studies.each_ref().map(|study| files(study.folder()));
    assert_eq!(one, other);
    // Truth and names from home lie in the hidden folder alone.
    for (name, bytes) in
        one.iter().filter(|(name, _)| !name.starts_with("hidden/") && !name.starts_with("images/"))
    {
        let text = String::from_utf8(bytes.clone()).unwrap();
        assert!(!text.contains("truth") && !text.contains("case-") && !text.contains("patient-"), "{name}");
    }
    assert!(one.iter().all(|(name, _)| !name.contains("film") && !name.contains("stack")));
    let links = studies.each_ref().map(|study| study.links().unwrap()[0].token.clone());
    assert_ne!(links[0], links[1]);
    let hidden = studies[0].hidden().unwrap();
    assert!(
        hidden.iter().all(|case| case.score.is_some())
            && hidden.windows(2).all(|pair| pair[0].id < pair[1].id)
    );
}

#[test]
fn what_is_changed_behind_the_study_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let study = support::study(folder.path(), 4, |_| {});
    let settings = study.folder().join("study.toml");
    let text = std::fs::read_to_string(&settings).unwrap();
    let open_with = |from: &str, to: &str| {
        assert!(text.contains(from));
        std::fs::write(&settings, text.replace(from, to)).unwrap();
        Study::open(study.folder())
    };
    assert!(open_with("washout_days = 28.0", "washout_days = 7.0").is_ok());
    let fixed = open_with("seed = 1", "seed = 2").unwrap_err().to_string();
    assert!(fixed.contains("not those that the worklists were made with"), "{fixed}");
    std::fs::write(&settings, &text).unwrap();
    let picture = &study.cases[0].pictures[0];
    std::fs::write(study.folder().join(&picture.path), b"other").unwrap();
    let changed = study.picture(picture).unwrap_err().to_string();
    assert!(changed.contains("not the one that the study was made with"), "{changed}");
    std::fs::write(study.folder().join("worklists.json"), b"{").unwrap();
    assert!(Study::open(study.folder()).unwrap_err().to_string().contains("worklists.json: it is damaged"));
}

#[test]
fn wrong_pictures_and_marks_are_named_by_row() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    for case in 0..4 {
        support::film(&at(&format!("f{case}.dcm")), case, false);
    }
    std::fs::copy(at("f0.dcm"), at("copy.dcm")).unwrap();
    std::fs::write(at("broken.dcm"), b"no picture").unwrap();
    std::fs::write(at("out.csv"), "x_min,y_min,x_max,y_max\n0,0,10,10\n0,0,1000,10\n").unwrap();
    support::stack(&at("stack.nii.gz"));
    let settings = StudySettings::new("T", &["anna".to_owned()]);
    let head = "case,patient,image,truth,help,truth_marks,help_image\n";
    let good = ["1,1,f0.dcm,0,h,,", "2,2,f1.dcm,1,h,,", "3,3,f2.dcm,0,h,,", "4,4,f3.dcm,1,h,,"];
    let with = |row: &str| {
        let mut rows = good;
        rows[3] = row;
        std::fs::write(at("cases.csv"), format!("{head}{}\n", rows.join("\n"))).unwrap();
        let (table, study) = (at("cases.csv"), at("study"));
        create(&NewStudy { table: &table, settings: &settings, text: None, folder: &study, link: true })
    };
    for (row, expected) in [
        ("4,4,copy.dcm,1,h,,", "row 5, column image: the same picture is also in row 2"),
        ("4,4,f3.dcm;f3.dcm,1,h,,", "row 5, column image: the same picture is twice in this row"),
        ("4,4,broken.dcm,1,h,,", "row 5, column image: broken.dcm: "),
        (
            "4,4,f3.dcm,1,h,out.csv,",
            "row 5, column truth_marks: out.csv: row 3, column x_min: the corner (1000, 10) is outside",
        ),
        ("4,4,f3.dcm,1,h,stack.nii.gz,", "the picture does not say where it lies in the patient"),
        (
            "4,4,f3.dcm,1,h,,stack.nii.gz",
            "row 5, column help_image: it has 96 x 80 x 12 pixels and the picture 320 x 400 x 1",
        ),
    ] {
        let found = with(row).unwrap_err().to_string();
        assert!(found.contains(expected), "{found}");
        assert!(!at("study").exists());
        let left = std::fs::read_dir(folder.path())
            .unwrap()
            .filter(|e| e.as_ref().unwrap().file_name().to_string_lossy().starts_with(".partial"));
        assert_eq!(left.count(), 0);
    }
    let made = with(good[3]).unwrap();
    // Linked pictures stay where they are.
    assert!(made.study.cases.iter().all(|case| case.pictures[0].path.is_absolute()));
    let again = with(good[3]).unwrap_err().to_string();
    assert!(again.contains("not empty"), "{again}");
}

#[test]
fn marks_of_tables_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    support::stack(&at("stack.nii.gz"));
    let stack = Picture::open(&at("stack.nii.gz")).unwrap();
    std::fs::write(at("m.csv"), "slice,points,x_min,y_min,x_max,y_max,rating,lesion\n3,\"1 1; 20 1; 20 30\",,,,,4,1\n12,,2,3,9.5,10,,2\n").unwrap();
    let marks = import(&at("m.csv"), &[&stack]).unwrap();
    assert_eq!(
        (marks[0].slice, marks[0].points.len(), marks[0].rating, marks[0].lesion),
        (3, 3, Some(4.0), Some(1))
    );
    assert_eq!(
        (marks[1].slice, marks[1].points.clone(), marks[1].rating),
        (12, vec![[2.0, 3.0], [9.5, 10.0]], None)
    );
    for (text, expected) in [
        (
            "slice,points\n13,1 1; 2 1; 2 2\n",
            "row 2, column points: the picture has 12 slices and no slice 13",
        ),
        ("slice,points\n0,1 1; 2 1; 2 2\n", "row 2, column slice: it counts from 1"),
        ("slice,points\n1,1 1; 2; 2 2\n", "row 2, column points: \"2\" is no corner"),
        ("slice,x_min\n1,2\n", "row 2, column y_min: it is empty"),
        ("x_min,colour\n1,2\n", "the column \"colour\" is unknown"),
    ] {
        std::fs::write(at("m.csv"), text).unwrap();
        let found = import(&at("m.csv"), &[&stack]).unwrap_err().to_string();
        assert!(found.contains(expected), "{found}");
    }
    std::fs::write(
        at("all.csv"),
        "reader,treatment,case,x_min,y_min,x_max,y_max,rating\nanna,with,7,1,2,3,4,5\n",
    )
    .unwrap();
    let rows = mark_rows(&at("all.csv")).unwrap();
    assert_eq!(rows[0].mark.as_ref().unwrap().points, [[1.0, 2.0], [3.0, 4.0]]);
    assert_eq!((rows[0].row, rows[0].reader.as_str(), rows[0].rating), (2, "anna", Some(5.0)));
}
