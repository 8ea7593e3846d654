//! Panels in the folder of a case: written, read, damaged, replaced.

use coxa_panel::{Card, Overlay, Panel, PanelError, Picture, Ramp, Table, TableRow, read, read_all, write};
use std::fs;
use std::path::Path;

fn panel(module: &str) -> Panel {
    let values = (0..12).map(|n| (n % 3 > 0).then_some(n as f32 / 10.0)).collect();
    let overlay = Overlay {
        title: "attention".into(),
        unit: "%".into(),
        low: -1.0,
        high: 1.0,
        ramp: Ramp::BlueRed,
        values,
    };
    let bare = Picture {
        caption: "bare".into(),
        size_px: [1, 2],
        grey: vec![9, 200],
        sides: [' ', 'L'],
        overlay: None,
    };
    let grey = (0..12).map(|n| n * 20).collect();
    let row = TableRow { name: "a".into(), cells: vec!["1".into(), String::new()], method: "by hand".into() };
    Panel {
        module: module.into(),
        title: "Title \u{b1} \u{80a1}".into(),
        evidence: "Evidence.".into(),
        texts: vec!["One.".into(), "Two.".into()],
        table: Table { columns: vec!["x".into(), "y".into()], rows: vec![row] },
        pictures: vec![
            Picture { caption: "c".into(), size_px: [4, 3], grey, sides: ['R', 'L'], overlay: Some(overlay) },
            bare,
        ],
        card: Some(Card {
            intended_use: "research only".into(),
            fails_on: vec!["metal".into()],
            ..Card::default()
        }),
    }
}

fn listing(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).expect("a folder").flatten();
    let mut names: Vec<String> = entries.filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort();
    names
}

#[test]
fn a_panel_comes_back_and_is_the_same_bytes_again() {
    let case = tempfile::tempdir().unwrap();
    let folder = write(case.path(), &panel("a-1")).unwrap();
    let stored = read(case.path(), "a-1").unwrap();
    assert!(stored.changed.is_empty());
    let mut back = stored.panel.clone();
    let values = &mut back.pictures[0].overlay.as_mut().unwrap().values;
    for (value, written) in values.iter_mut().zip(&panel("a-1").pictures[0].overlay.as_ref().unwrap().values)
    {
        assert!(value.zip(*written).is_none_or(|(a, b)| (a - b).abs() < 1e-5));
        value.clone_from(written);
    }
    assert_eq!(back, panel("a-1"));
    let text = fs::read(folder.join("panel.json")).unwrap();
    let again = tempfile::tempdir().unwrap();
    let again = write(again.path(), &stored.panel).unwrap();
    for name in listing(&folder) {
        assert_eq!(fs::read(folder.join(&name)).unwrap(), fs::read(again.join(&name)).unwrap(), "{name}");
    }
    assert!(!text.is_empty());
    assert_eq!(
        listing(&folder),
        ["SHA256SUMS", "overlay_1.png", "panel.json", "picture_1.png", "picture_2.png"]
    );
    assert_eq!(listing(&case.path().join("modules")), ["a-1"]);
}

#[test]
fn a_module_replaces_its_own_panel_and_nothing_of_others() {
    let case = tempfile::tempdir().unwrap();
    write(case.path(), &panel("b")).unwrap();
    let folder = write(case.path(), &panel("a")).unwrap();
    // A person's own, and a word of Coxa's that a person changed.
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    fs::create_dir(folder.join("more")).unwrap();
    fs::write(folder.join("more/x"), "mine too").unwrap();
    let edited =
        fs::read_to_string(folder.join("panel.json")).unwrap().replace("Evidence.", "I do not believe it.");
    fs::write(folder.join("panel.json"), &edited).unwrap();
    let stored = read(case.path(), "a").unwrap();
    assert_eq!(stored.changed, ["modules/a/panel.json"]);
    assert_eq!(stored.panel.evidence, "I do not believe it.");
    let sums = [stored.sha256.clone(), read(case.path(), "b").unwrap().sha256];
    assert_ne!(sums[0], sums[1]);
    let next = Panel { title: "Next".into(), pictures: Vec::new(), ..panel("a") };
    write(case.path(), &next).unwrap();
    assert_eq!(read(case.path(), "a").unwrap().panel, next);
    assert_eq!(listing(&folder), ["SHA256SUMS", "more", "notes.txt", "panel.json"]);
    assert_eq!(fs::read_to_string(folder.join("more/x")).unwrap(), "mine too");
    let kept = case.path().join("kept/modules/a");
    let [name] = &listing(&kept)[..] else { panic!("{:?}", listing(&kept)) };
    assert!(name.starts_with("panel-") && name.ends_with(".json"));
    assert_eq!(fs::read_to_string(kept.join(name)).unwrap(), edited);
    // Edited alike once more it is kept once more.
    fs::write(folder.join("panel.json"), &edited).unwrap();
    write(case.path(), &next).unwrap();
    assert_eq!(listing(&kept).len(), 2);
    assert_eq!(read(case.path(), "b").unwrap().sha256, sums[1]);
}

#[test]
fn a_damaged_panel_is_told_of_and_hides_no_other() {
    let case = tempfile::tempdir().unwrap();
    for name in ["a", "b", "c", "d", "e", "f", "g", "h", "i"] {
        write(case.path(), &panel(name)).unwrap();
    }
    let modules = case.path().join("modules");
    let edit = |name: &str, from: &str, to: &str| {
        let path = modules.join(name).join("panel.json");
        let text = fs::read_to_string(&path).unwrap();
        assert!(text.contains(from));
        fs::write(path, text.replace(from, to)).unwrap();
    };
    edit("a", "\"format\": 1", "\"format\": 2");
    edit("b", "\"width_px\": 4", "\"width_px\": 4000000000000000000");
    edit("c", "\"width_px\": 4", "\"width_px\": 3");
    edit("d", "\"module\": \"d\"", "\"module\": \"../d\"");
    edit("e", "\"by hand\"", "\"by hand\", \"more\": 1");
    fs::remove_file(modules.join("f/overlay_1.png")).unwrap();
    edit("h", "\"value_at_65535\": 1.1", "\"value_at_65535\": 1e39");
    edit("g", "\"1\",", "\"1\", \"2\",");
    fs::write(modules.join("own.txt"), "a person's").unwrap();
    fs::create_dir(modules.join("Own folder")).unwrap();
    let found = read_all(case.path());
    assert_eq!(found.panels.iter().map(|stored| stored.panel.module.as_str()).collect::<Vec<_>>(), ["i"]);
    let said: Vec<String> = found.problems.iter().map(ToString::to_string).collect();
    let words = [
        "its format is 2",
        "more than 8192 pixels along a side",
        "3 x 3 pixels",
        "of the module \"../d\"",
        "unknown field",
        "cannot read",
        "row 1",
        "number out of range",
    ];
    assert_eq!(said.len(), words.len(), "{said:#?}");
    for (said, word) in said.iter().zip(words) {
        assert!(said.contains(word), "{word}: {said}");
    }
}

#[test]
fn what_no_case_can_hold_is_not_written() {
    let case = tempfile::tempdir().unwrap();
    let refused = |change: fn(&mut Panel)| {
        let mut panel = panel("a");
        change(&mut panel);
        let error = write(case.path(), &panel).unwrap_err();
        assert!(matches!(error, PanelError::Unfit { .. }), "{error}");
    };
    refused(|panel| panel.module = "../a".into());
    refused(|panel| panel.module = String::new());
    refused(|panel| panel.title.clear());
    refused(|panel| panel.texts.push(String::new()));
    refused(|panel| panel.table.rows[0].cells.clear());
    refused(|panel| panel.table.rows = vec![TableRow::default(); 10_001]);
    refused(|panel| panel.texts.push("a".repeat(5 << 20)));
    refused(|panel| panel.pictures[1].size_px = [0, 0]);
    refused(|panel| panel.pictures[1].size_px = [usize::MAX, 2]);
    refused(|panel| panel.pictures[1].size_px = [8192, 8192]);
    refused(|panel| panel.pictures[1].grey.clear());
    refused(|panel| panel.pictures[0].overlay.as_mut().unwrap().values.clear());
    refused(|panel| panel.pictures[0].overlay.as_mut().unwrap().high = f32::NAN);
    refused(|panel| panel.pictures = vec![panel.pictures[1].clone(); 65]);
    assert!(!case.path().join("modules").exists());
    assert!(read_all(case.path()).panels.is_empty());
    assert!(matches!(read(case.path(), "../a"), Err(PanelError::Unfit { .. })));
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_a_case() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let parent = tempfile::tempdir().unwrap();
    let outside = parent.path().join("outside");
    fs::create_dir(&outside).unwrap();
    fs::write(outside.join("thesis.tex"), "mine").unwrap();
    for name in ["modules", "modules/a", "modules/.old-a", "kept", "kept/modules"] {
        let case = tempfile::tempdir().unwrap();
        let link = case.path().join(name);
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&outside, &link).unwrap();
        let said = write(case.path(), &panel("a")).unwrap_err().to_string();
        assert!(said.contains("is a link"), "{name}: {said}");
    }
    let case = tempfile::tempdir().unwrap();
    let folder = write(case.path(), &panel("a")).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&folder), mode(&case.path().join("modules")));
    fs::rename(folder.join("panel.json"), outside.join("panel.json")).unwrap();
    symlink(outside.join("panel.json"), folder.join("panel.json")).unwrap();
    let found = read_all(case.path());
    assert!(found.problems[0].to_string().contains("is a link"));
    // A link of a person's stays where it is, and is not followed.
    write(case.path(), &panel("a")).unwrap();
    assert!(read(case.path(), "a").is_ok() && outside.join("panel.json").is_file());
    assert_eq!(listing(&outside), ["panel.json", "thesis.tex"]);
}

/// A run is ended after each of its steps.
#[test]
fn whatever_ends_a_run_there_is_a_whole_panel() {
    let case = tempfile::tempdir().unwrap();
    let folder = write(case.path(), &panel("a")).unwrap();
    let first = read(case.path(), "a").unwrap();
    fs::write(folder.join("notes.txt"), "mine").unwrap();
    let old = case.path().join("modules/.old-a");
    // Between the two renames.
    fs::rename(&folder, &old).unwrap();
    let found = read_all(case.path());
    assert_eq!((found.panels.len(), found.problems.len()), (1, 0));
    assert_eq!(found.panels[0], first);
    // The next run completes it, and what is a person's is there.
    let next = Panel { title: "Next".into(), ..panel("a") };
    write(case.path(), &next).unwrap();
    assert_eq!(read(case.path(), "a").unwrap().panel.title, "Next");
    assert!(!old.exists() && folder.join("notes.txt").is_file());
    // Before the one that was before is cleared, and half-way in that.
    fs::rename(&folder, &old).unwrap();
    let other = tempfile::tempdir().unwrap();
    fs::rename(write(other.path(), &panel("a")).unwrap(), &folder).unwrap();
    fs::remove_file(old.join("picture_1.png")).unwrap();
    let found = read_all(case.path());
    assert_eq!((found.panels.len(), found.panels[0].panel.title.as_str()), (1, panel("a").title.as_str()));
    write(case.path(), &next).unwrap();
    assert!(!old.exists() && folder.join("notes.txt").is_file() && !case.path().join("kept").exists());
    assert_eq!(listing(&case.path().join("modules")), ["a"]);
}
