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
    demo.loads_are_simulated_as_asked_and_the_case_keeps_what_was_asked();
    demo.plan_is_optimised_and_held_against_what_was_achieved();
    demo.what_the_optimiser_cannot_use_is_refused();
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
        let mut args = vec!["plan", "--json", "--from", plan.to_str().unwrap()];
        if let Some(folder) = into {
            args.extend(["-o", folder.to_str().unwrap()]);
        }
        coxa(args)
    }

    fn loads_are_simulated_as_asked_and_the_case_keeps_what_was_asked(&self) {
        // The second case, as for motion.
        let case = self.scratch.join("again");
        let folder = case.to_str().unwrap();
        let listed = stdout(&coxa(["load", "--activity", "list"]));
        assert!(listed.contains("brisk_walking") && listed.contains("shoe_tying"), "{listed}");
        for (wrong, said) in [(["--weight", "3"], "25 to 300"), (["--activity", "flying"], "flying")] {
            let output = coxa(["load", "-q", folder].into_iter().chain(wrong));
            assert!(!output.status.success() && stderr(&output).contains(said), "{}", stderr(&output));
        }
        let asked = ["--activity", "level-walking", "--before-after", "--weight", "70", "--samples", "0"];
        let output = coxa(["load", "--json", "-q", folder].into_iter().chain(asked));
        assert!(output.status.success(), "{}", stderr(&output));
        let read = |name: &str| fs::read(case.join(name)).unwrap();
        let text = stdout(&output);
        assert_eq!(text.as_bytes(), read("loads.json"), "what is printed is what is kept");
        let loads: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert_eq!(loads["activities"][0]["name"], "walking", "asked for by its former name");
        let joint = &loads["activities"][0]["joint"];
        for hip in ["before", "after"] {
            let peak = joint[hip]["peak"]["force_pct_bw"].as_f64().unwrap();
            assert!((100.0..1000.0).contains(&peak), "{peak}");
        }
        let arms = &loads["abductors"];
        let arm = |hip: &str| arms[hip]["lever_arm_mm"].as_f64().unwrap();
        assert!((20.0..80.0).contains(&arm("before")) && (20.0..80.0).contains(&arm("after")));
        let drawn = coxa(["report", "-q", folder]);
        assert!(drawn.status.success(), "{}", stderr(&drawn));
        let page = String::from_utf8(read("report.html")).unwrap();
        assert!(page.contains("Muscles and loads") && page.contains("Gluteus medius, part 1"));

        let before = (read("loads.json"), read("report.html"));
        let again = coxa(["report", "-q", folder]);
        assert!(again.status.success(), "{}", stderr(&again));
        assert!(before == (read("loads.json"), read("report.html")), "the case forgot what was asked");
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
        self.report_is_drawn_when_it_is_asked_for(&case, &output);

        let before = (read("rom.json"), read("report.html"), read("rom_map.nii.gz"));
        let again = coxa(["report", "-q", folder]);
        assert!(again.status.success(), "{}", stderr(&again));
        assert!(before == (read("rom.json"), read("report.html"), read("rom_map.nii.gz")));

        let plain = coxa(["rom", "-q", folder]);
        assert!(plain.status.success(), "{}", stderr(&plain));
        let table = stdout(&plain);
        assert!(table.contains("pelvis supine") && table.contains("internal rotation at 90 "), "{table}");
        // A case that has a map keeps one, of what was simulated now; the rest is as if there were none.
        assert!(case.join("rom_map.nii.gz").exists(), "the map was lost");
        let without_map = |bytes: Vec<u8>| {
            let mut value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
            value["map"] = serde_json::Value::Null;
            value
        };
        let first = fs::read(self.folder().join("rom.json")).unwrap();
        assert_eq!(without_map(read("rom.json")), without_map(first));
    }

    /// Until then it says that it is older, and what stands is not made again for it: the CT is not even read.
    fn report_is_drawn_when_it_is_asked_for(&self, case: &Path, rom: &Output) {
        let folder = case.to_str().unwrap();
        let page = || fs::read_to_string(case.join("report.html")).unwrap();
        let older = "report.html is older than rom.json";
        assert!(stderr(rom).contains(older), "{}", stderr(rom));
        assert!(stdout(&coxa(["info", folder])).contains(older));
        assert!(page().contains("This report is older than rom.json") && !page().contains("All positions"));
        let drawn = coxa(["report", folder]);
        assert!(drawn.status.success(), "{}", stderr(&drawn));
        for work in ["virtual patient", "finding bones", "measuring", "simulating", "drawing pictures"] {
            assert!(!stderr(&drawn).contains(work), "{work}: {}", stderr(&drawn));
        }
        assert!(page().contains("All positions") && !page().contains("is older than"));
        assert!(!stdout(&coxa(["info", folder])).contains("older"));

        // What somebody touched is not believed.
        let rom = fs::read(case.join("rom.json")).unwrap();
        fs::write(case.join("rom.json"), "{}").unwrap();
        let again = coxa(["report", folder]);
        assert!(stderr(&again).contains("rom.json was changed or damaged since"), "{}", stderr(&again));
        assert_eq!(fs::read(case.join("rom.json")).unwrap(), rom);
    }

    /// A search that is stopped early is quick, and has to leave everything behind that a whole one does but the map.
    fn plan_is_optimised_and_held_against_what_was_achieved(&self) {
        let folder = self.folder();
        let case = folder.to_str().unwrap();
        let by_rule = self.read("plan.toml");
        let evaluate = || coxa(["evaluate", case, folder.join("plan.toml").to_str().unwrap()]);
        let early = evaluate();
        assert_eq!(early.status.code(), Some(2));
        assert!(stderr(&early).contains("not been optimised yet"), "{}", stderr(&early));

        let quick = ["optimise", case, "-q", "--budget", "2s", "--samples", "16", "--error-model", "robot"];
        let output = coxa(quick);
        assert!(output.status.success(), "{}", stderr(&output));
        for words in
            ["chance that all criteria hold", "limiting criterion", "stopped early", "cup inclination"]
        {
            assert!(stdout(&output).contains(words), "{words} is not in:\n{}", stdout(&output));
        }
        let found: serde_json::Value = serde_json::from_str(&self.read("optimise.json")).unwrap();
        assert_eq!(found["is_stopped"], true);
        assert!(found["tried"].as_u64().unwrap() >= 1);
        let success = |which: &str| found[which]["assessment"]["success"].as_f64().unwrap();
        assert!(success("recommended") >= success("first"));
        assert_eq!(found["prices"].as_array().unwrap().len(), 14);
        let achieved = self.scratch.join("achieved.toml");
        fs::write(&achieved, &by_rule).unwrap();

        // Showing the case again keeps what was found; so does going on from it.
        let again = coxa(["report", case, "-q"]);
        assert!(again.status.success(), "{}", stderr(&again));
        let kept: serde_json::Value = serde_json::from_str(&self.read("optimise.json")).unwrap();
        assert_eq!(kept, found);
        let resumed = coxa(quick.iter().copied().chain(["--resume"]));
        assert!(resumed.status.success(), "{}", stderr(&resumed));

        let output = coxa(["evaluate", case, "-q", "--json", achieved.to_str().unwrap()]);
        assert!(output.status.success(), "{}", stderr(&output));
        let evaluation: serde_json::Value = serde_json::from_str(&stdout(&output)).unwrap();
        let names: Vec<_> =
            evaluation["plans"].as_array().unwrap().iter().map(|p| p["name"].clone()).collect();
        assert_eq!(names, ["achieved", "planned", "optimum"]);
        assert_eq!(
            evaluation,
            serde_json::from_str::<serde_json::Value>(&self.read("evaluation.json")).unwrap()
        );
        // The report, which does not tell of it, is none the older for it.
        let record = self.read("case.toml");
        assert!(record.contains("[stages.evaluation]") && !stderr(&output).contains("older"), "{record}");
    }

    fn what_the_optimiser_cannot_use_is_refused(&self) {
        let folder = self.folder();
        let case = folder.to_str().unwrap();
        let file = |name: &str, text: &str| {
            let path = self.scratch.join(name);
            fs::write(&path, text).unwrap();
            path.to_str().unwrap().to_owned()
        };
        let contradiction = file(
            "contradiction.toml",
            "format = 1\n[[criterion]]\nname = \"cup_inclination\"\nleast = 50.0\nmost = 30.0\n",
        );
        let postures = file("postures.toml", "standing_tilt_deg = 140.0\n");
        let before = self.read("optimise.json");
        for (arguments, words) in [
            (vec!["--criteria", &contradiction], "line"),
            (vec!["--criteria", "callanan"], "patient_specific"),
            (vec!["--error-model", "shaky"], "freehand"),
            (vec!["--postures", &postures], "-60 to 60"),
            (vec!["--hold", "patience"], "stem_version"),
            (vec!["--sex", "female", "--height", "1.62", "--weight", "60"], "120 to 220"),
            (vec!["--budget", "soon"], "budget"),
        ] {
            let output = coxa(["optimise", case, "-q"].into_iter().chain(arguments.iter().copied()));
            assert_eq!(output.status.code(), Some(2), "{arguments:?}: {}", stderr(&output));
            assert!(stderr(&output).contains(words), "{words} is not in: {}", stderr(&output));
        }
        assert_eq!(self.read("optimise.json"), before);
        let criteria = self.scratch.join("mine.toml");
        let write = || coxa(["optimise", "--write", "criteria", "-o", criteria.to_str().unwrap()]);
        assert!(write().status.success());
        assert!(fs::read_to_string(&criteria).unwrap().contains("cup_coverage"));
        assert_eq!(
            write().status.code(),
            Some(2),
            "criteria that somebody may have edited are not overwritten"
        );
    }

    fn edited_plan_is_carried_out_in_its_own_words(&self) {
        let plan = self.read("plan.toml");
        let starting = |name: &str| plan.lines().find(|line| line.starts_with(name)).unwrap();
        // The first inclination is an aim; the only anteversion is the cup's.
        let edited = plan
            .replace(starting("anteversion_deg = "), "anteversion_deg = 22.0 # lax hip")
            .replacen(starting("inclination_deg = "), "inclination_deg = 44.0", 1);
        fs::write(self.folder().join("plan.toml"), &edited).unwrap();
        let is_told =
            || stdout(&coxa(["info", self.folder().to_str().unwrap()])).contains("was edited after");
        assert!(is_told());
        let output = self.carry_out(None);
        assert!(output.status.success(), "{}", stderr(&output));
        assert!(!is_told());
        assert!(
            stderr(&output).contains("[targets] was edited, which moves no implant"),
            "{}",
            stderr(&output)
        );
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
        let good = self.read("plan.toml");
        fs::write(self.folder().join("plan.toml"), [0xff, 0xfe, 0x00]).unwrap();
        let output = self.carry_out(None);
        assert_eq!(output.status.code(), Some(2));
        assert!(stderr(&output).contains("it is damaged, or another kind of file"), "{}", stderr(&output));
        fs::write(self.folder().join("plan.toml"), good).unwrap();
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
