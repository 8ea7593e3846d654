//! The list of a folder with cases in every state, and with everything else that may lie there.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::copy_all;
use coxa_case::source::text_hash;
use coxa_geometry::finding::{self, Code};
use coxa_geometry::{Severity, Side};
use coxa_viewer::cohort::{CaseEntry, Cohort, Reached, Summary};
use std::fs;
use std::path::Path;

fn entry<'a>(cohort: &'a Cohort, name: &str) -> &'a CaseEntry {
    cohort.entries.iter().find(|entry| entry.name == name).unwrap()
}

fn summary<'a>(cohort: &'a Cohort, name: &str) -> &'a Summary {
    entry(cohort, name).content.as_ref().unwrap()
}

fn why(cohort: &Cohort, name: &str) -> String {
    entry(cohort, name).content.as_ref().err().unwrap().clone()
}

/// Findings as if Coxa had left them.
fn write_findings(case: &Path, text: &str) {
    let path = case.join("findings.json");
    let was = text_hash(&fs::read_to_string(&path).unwrap());
    fs::write(&path, text).unwrap();
    let record = fs::read_to_string(case.join("case.toml")).unwrap();
    assert!(record.contains(&was));
    fs::write(case.join("case.toml"), record.replace(&was, &text_hash(text))).unwrap();
}

/// One test, for it makes one case.
#[test]
fn cases_in_every_state_are_listed_and_nothing_stops_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let copy = |name: &str, change: &dyn Fn(&Path)| {
        let to = root.join(name);
        copy_all(&root.join("case 2"), &to);
        change(&to);
    };
    common::write_case(&root.join("case 2"), 2.0);
    copy("case 10", &|case| {
        let stages = serde_json::json!({ "plan": [
            finding::LewinnekNotJudged {}.finding(),
            finding::NoRescale {}.finding(),
            finding::LossyCompression {}.finding(),
        ] });
        write_findings(case, &stages.to_string());
        fs::write(case.join("rom.json"), "{").unwrap();
        fs::write(case.join("plan_unsaved.toml"), "").unwrap();
    });
    copy("refused", &|case| {
        fs::remove_file(case.join("plan.toml")).unwrap();
        let stages =
            serde_json::json!({ "plan": [finding::MetalAtJointRefuses { side: Side::Right }.finding()] });
        write_findings(case, &stages.to_string());
    });
    copy("only segmented", &|case| {
        fs::remove_file(case.join("plan.toml")).unwrap();
        fs::remove_file(case.join("anatomy.json")).unwrap();
    });
    copy("newer", &|case| fs::write(case.join("case.toml"), "format = 99\n").unwrap());
    copy("damaged record", &|case| fs::write(case.join("case.toml"), [0xff, 0x00]).unwrap());
    copy("damaged findings", &|case| write_findings(case, "["));
    copy("changed findings", &|case| fs::write(case.join("findings.json"), "{}").unwrap());
    copy("damaged plan", &|case| fs::write(case.join("plan.toml"), "format = 1\n").unwrap());
    copy("implants gone", &|case| {
        let record = fs::read_to_string(case.join("case.toml")).unwrap();
        let gone = "\n[input.implants]\npath = \"/nowhere/implants\"\nblake3 = \"0\"\n";
        fs::write(case.join("case.toml"), record + gone).unwrap();
    });
    copy("folder as record", &|case| {
        fs::remove_file(case.join("case.toml")).unwrap();
        fs::create_dir(case.join("case.toml")).unwrap();
    });
    copy("huge record", &|case| {
        // Sparse: it takes no room on the disk.
        fs::File::create(case.join("case.toml")).unwrap().set_len(1 << 40).unwrap();
    });
    fs::create_dir(root.join("no case")).unwrap();
    fs::write(root.join("a file"), "").unwrap();

    // Its plan was edited since it was computed.
    let edited = root.join("case 2").join("plan.toml");
    let cohort = Cohort::read(root).unwrap();
    assert!(!summary(&cohort, "case 2").is_edited);
    let text = fs::read_to_string(&edited).unwrap();
    fs::write(&edited, format!("# mine\n{text}")).unwrap();
    assert!(summary(&Cohort::read(root).unwrap(), "case 2").is_edited);

    let names: Vec<&str> = cohort.entries.iter().map(|entry| entry.name.as_str()).collect();
    assert_eq!((&names[..2], names.len()), (&["case 2", "case 10"][..], 12));
    // A folder that is no case, a file, and the CT.
    assert_eq!((cohort.others, cohort.left_out), (3, 0));
    assert_eq!(cohort.first_readable().unwrap().name, "case 2");

    let plain = summary(&cohort, "case 2");
    let plan = plain.plan.as_ref().unwrap().as_ref().unwrap();
    assert_eq!((plain.side, plain.reached, plan.side), (Some(Side::Right), Reached::Planned, Side::Right));
    assert!(plain.line().contains(&format!("cup {:.0} mm", plan.cup.size_mm)), "{}", plain.line());
    assert!(!plain.has_motion && !plain.has_unsaved_edits, "{plain:?}");
    // Voxels of 2 mm show no more of the worn joint than that a caution is due.
    assert_eq!(plain.worst.as_ref().unwrap().severity, Severity::Caution);
    let cautioned = summary(&cohort, "case 10");
    assert_eq!((cautioned.worst.as_ref().unwrap().code, cautioned.cautions), (Code::NoRescale, 2));
    // It is there; what is in it is the business of who opens the case.
    assert!(cautioned.has_motion && cautioned.has_unsaved_edits && !cautioned.has_loads);
    let refused = summary(&cohort, "refused");
    assert_eq!((refused.reached, refused.line().as_str()), (Reached::Refused, "no plan"));
    assert_eq!(summary(&cohort, "only segmented").reached, Reached::Segmented);

    assert!(why(&cohort, "newer").contains("newer Coxa"));
    assert!(why(&cohort, "damaged record").contains("case.toml"));
    assert!(why(&cohort, "damaged findings").contains("findings.json is damaged"));
    assert!(why(&cohort, "changed findings").contains("was changed since Coxa wrote it"));
    assert!(why(&cohort, "folder as record").contains("case.toml is not a file"));
    assert!(why(&cohort, "huge record").contains("1048576 MiB"));
    unusable_plans_are_said(&cohort);
}

/// A plan that cannot be carried out leaves the rest of a case to be seen.
fn unusable_plans_are_said(cohort: &Cohort) {
    for (name, words) in [("damaged plan", "plan.toml"), ("implants gone", "implants")] {
        let summary = summary(cohort, name);
        let reason = summary.plan.as_ref().unwrap().as_ref().unwrap_err();
        assert!(reason.contains(words), "{name}: {reason}");
        assert_eq!(&summary.line(), reason);
    }
}
