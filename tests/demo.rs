//! The main job on the built-in virtual patient, whose truth is known.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::{coxa, stderr, stdout};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

/// The demonstration takes a while, so it runs once and everything looks at the same case.
#[test]
fn the_demonstration_gives_a_whole_case_that_can_be_edited_and_repeated() {
    let scratch = tempfile::tempdir().unwrap();
    let demo = Demo { scratch: scratch.path().to_owned() };
    let output = coxa(["demo", "-o", demo.folder().to_str().unwrap()]);
    assert!(output.status.success(), "{}", stderr(&output));

    demo.is_complete();
    demo.measurements_say_how_they_were_obtained();
    demo.report_stands_alone();
    demo.same_plan_gives_the_same_bytes();
    demo.motion_is_simulated_as_asked_and_the_case_keeps_what_was_asked();
    demo.edited_plan_is_carried_out_in_its_own_words();
    demo.edited_plan_is_not_overwritten();
    demo.spoilt_plan_is_refused_with_its_line();
}

struct Demo {
    scratch: PathBuf,
}

impl Demo {
    fn folder(&self) -> PathBuf {
        self.scratch.join("case")
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.folder().join(name)).unwrap_or_else(|e| panic!("{name}: {e}"))
    }

    /// Carries the case's plan out as it stands.
    fn carry_out(&self, into: Option<&Path>) -> Output {
        let plan = self.folder().join("plan.toml");
        let mut args = vec!["plan", "--json", "-q", "--from", plan.to_str().unwrap()];
        if let Some(folder) = into {
            args.extend(["-o", folder.to_str().unwrap()]);
        }
        coxa(args)
    }

    fn is_complete(&self) {
        for name in [
            "case.toml",
            "labels.nii.gz",
            "labels.json",
            "uncertainty.nii.gz",
            "anatomy.json",
            "plan.toml",
            "rom.json",
            "findings.json",
            "report.html",
            "surfaces/hip_right.ply",
        ] {
            assert!(self.folder().join(name).is_file(), "{name} is missing");
        }
        assert!(fs::read_dir(self.folder().join("pictures")).unwrap().count() >= 5);
        assert!(!self.folder().join(".partial").exists());
    }

    fn measurements_say_how_they_were_obtained(&self) {
        let anatomy: serde_json::Value = serde_json::from_str(&self.read("anatomy.json")).unwrap();
        let measurements = anatomy["measurements"].as_object().unwrap();
        assert!(measurements.len() >= 10, "only {} measurements", measurements.len());
        for (name, m) in measurements {
            assert!(m["spread"].as_f64().is_some_and(|s| s >= 0.0), "{name} has no spread");
            let method = m["method"].as_str().unwrap_or_default();
            assert!(method.len() > 10, "{name} does not say how it was measured");
        }
    }

    fn report_stands_alone(&self) {
        let html = self.read("report.html");
        for outside in ["src=\"http", "href=\"http", "url(http", "@import"] {
            assert!(!html.contains(outside), "the report loads something from outside: {outside}");
        }
        assert!(!html.contains(self.scratch.to_str().unwrap()), "the report names a path");
        assert!(html.contains("not a cleared medical device"));
        let hash = blake3::hash(self.read("plan.toml").as_bytes()).to_hex().to_string();
        assert!(html.contains(&hash), "the report does not say which plan it tells of");
    }

    fn same_plan_gives_the_same_bytes(&self) {
        let again = self.scratch.join("again");
        let output = self.carry_out(Some(&again));
        assert!(output.status.success(), "{}", stderr(&output));
        let result: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        let value =
            |name: &str| result["results"][name]["value"].as_f64().unwrap_or_else(|| panic!("no {name}"));
        assert!(value("cup_coverage") > 60.0, "coverage {}", value("cup_coverage"));
        assert!(value("leg_length_change").abs() < 15.0);
        for name in ["plan.toml", "rom.json", "anatomy.json", "report.html"] {
            let second = fs::read_to_string(again.join(name)).unwrap();
            assert!(
                second == self.read(name),
                "{name} differs between the first run and the run from plan.toml"
            );
        }
    }

    fn motion_is_simulated_as_asked_and_the_case_keeps_what_was_asked(&self) {
        // The second case, so that the first one goes on as it was.
        let case = self.scratch.join("again");
        let read = |name: &str| fs::read(case.join(name)).unwrap_or_else(|e| panic!("{name}: {e}"));
        let folder = case.to_str().unwrap();
        let wishes = ["--map", "--posture", "sitting", "--pelvic-tilt", "-7", "--activity", "squat"];
        let output = coxa(["rom", folder, "--json"].into_iter().chain(wishes));
        assert!(output.status.success(), "{}", stderr(&output));
        let text = stdout(&output);
        assert_eq!(text.as_bytes(), read("rom.json"), "what is printed is what is kept");
        let result: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!((&result["format"], &result["posture"]), (&1.into(), &"sitting".into()));
        assert_eq!(result["pelvic_tilt_deg"].as_f64(), Some(-7.0));
        assert_eq!(result["activities"].as_array().unwrap().len(), 1);
        for limit in result["limits"].as_array().unwrap() {
            assert!(limit["cause"].is_null() == limit["limit_deg"].is_null(), "{limit}");
            assert!(limit["cause"].is_null() || limit["place_mm"].is_array(), "{limit}");
        }
        let map = &result["map"];
        assert_eq!(map["file"], "rom_map.nii.gz");
        let positions: Vec<u64> =
            map["labels"].as_array().unwrap().iter().map(|l| l["positions"].as_u64().unwrap()).collect();
        assert_eq!(positions.iter().sum::<u64>(), 181 * 121 * 181);
        let labels = coxa_imaging::nifti::read_labels(&case.join("rom_map.nii.gz")).unwrap();
        let free = labels.volume.as_slice().iter().filter(|&&v| v == 0).count() as u64;
        assert_eq!(free, positions[0]);
        assert!(String::from_utf8(read("report.html")).unwrap().contains("All positions"));

        let before = (read("rom.json"), read("report.html"), read("rom_map.nii.gz"));
        let again = coxa(["report", "-q", folder]);
        assert!(again.status.success(), "{}", stderr(&again));
        assert!(before == (read("rom.json"), read("report.html"), read("rom_map.nii.gz")));

        let plain = coxa(["rom", "-q", folder]);
        assert!(plain.status.success(), "{}", stderr(&plain));
        let table = stdout(&plain);
        assert!(table.contains("pelvis supine") && table.contains("internal rotation at 90 "), "{table}");
        assert!(!case.join("rom_map.nii.gz").exists(), "a map that was not asked for stayed");
        assert_eq!(read("rom.json"), fs::read(self.folder().join("rom.json")).unwrap());
    }

    fn edited_plan_is_carried_out_in_its_own_words(&self) {
        let plan = self.read("plan.toml");
        assert!(plan.contains("\nanteversion_deg = 15.0"), "{plan}");
        let edited = plan.replace("\nanteversion_deg = 15.0", "\nanteversion_deg = 22.0 # lax hip");
        fs::write(self.folder().join("plan.toml"), &edited).unwrap();
        let output = self.carry_out(None);
        assert!(output.status.success(), "{}", stderr(&output));
        let result: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        assert_eq!(result["plan"]["cup"]["anteversion_deg"].as_f64().unwrap().round(), 22.0);
        assert_eq!(self.read("plan.toml"), edited);
    }

    fn edited_plan_is_not_overwritten(&self) {
        let edited = format!("{}\n# to be discussed\n", self.read("plan.toml"));
        fs::write(self.folder().join("plan.toml"), &edited).unwrap();
        let output = coxa(["demo", "-q", "-o", self.folder().to_str().unwrap()]);
        assert_eq!(output.status.code(), Some(2), "{}", stderr(&output));
        assert!(stderr(&output).contains("was edited"), "{}", stderr(&output));
        assert_eq!(self.read("plan.toml"), edited);
    }

    fn spoilt_plan_is_refused_with_its_line(&self) {
        let spoilt = self.read("plan.toml").replace("side = \"right\"", "side = \"middle\"");
        fs::write(self.folder().join("plan.toml"), spoilt).unwrap();
        let output = self.carry_out(None);
        let rom = coxa(["rom", "-q", self.folder().to_str().unwrap()]);
        for output in [output, rom] {
            assert_eq!(output.status.code(), Some(2));
            assert!(stderr(&output).contains("line"), "{}", stderr(&output));
        }
    }
}
