//! Studies that cannot be run are refused with what is wrong and where.

#![allow(clippy::unwrap_used)]

use coxa_scenario::study::{EXAMPLE, Study};
use std::ops::Add;

const HEAD: &str =
    "format = 1\ntitle = \"t\"\nkeep = [\"cup_coverage\"]\n[cohort]\nkind = \"virtual\"\ncount = 3\n";

#[test]
fn what_cannot_be_run_is_named() {
    let factor = |rest: &str| format!("{HEAD}[[factor]]\n{rest}\n");
    for (text, words) in [
        ("", "line 1"),
        (
            "format = 9\ntitle = \"t\"\nkeep = [\"cup_coverage\"]\n[cohort]\nkind = \"virtual\"\ncount = 3\n",
            "format 9",
        ),
        (&HEAD.replace("count = 3", "count = 0"), "1 to 10000000"),
        (&HEAD.replace("count = 3", "count = 3\nvoxel_mm = 0.1"), "spacing_mm"),
        (&HEAD.replace("cup_coverage", "cup_covrage"), "cup_coverage"),
        (&HEAD.replace("title", "titel"), "titel"),
        (&HEAD.replace("[\"cup_coverage\"]", "[]"), "names no quantity"),
        (&factor("name = \"cup_inclinaton\"\nlevels = [1]"), "cup_inclination"),
        (&factor("name = \"cup_inclination\"\nlevels = [95]"), "0 to 90 deg"),
        (&factor("name = \"cup_inclination\"\nlevels = [40, 40]"), "twice"),
        (&factor("name = \"cup_inclination\""), "one of levels, distribution and level tables"),
        (&factor("name = \"spine\"\nlevels = [\"stif\"]"), "stiff, normal, hypermobile"),
        (
            &factor("name = \"cup_inclination\"\ndistribution = { normal = [40, 5] }"),
            "only designs of samples",
        ),
        (
            &factor("name = \"any\"\n[[factor.level]]\nname = \"a\"\nset = { head_diametre = 32 }"),
            "head_diameter",
        ),
        (&format!("{HEAD}[design]\nkind = \"sobol\"\nsamples = 0\n"), "1 to 1048576"),
        (&format!("{HEAD}[design]\nkind = \"morris\"\ntrajectories = 4\n"), "a factor at least"),
        (&factor("name = \"draw\"\nlevels = [0, 0.4]"), "whole numbers"),
        (&factor("name = \"pelvic_tilt\"\nlevels = [0, 10]"), "add a factor posture"),
        (
            &(factor("name = \"cup_inclination\"\nlevels = [30, 40]")
                + "[[factor]]\nname = \"b\"\n[[factor.level]]\nname = \"x\"\nset = { cup_inclination = 50 }\n"),
            "sets too",
        ),
        (
            &HEAD
                .replace("kind = \"virtual\"\ncount = 3", "kind = \"cases\"\nfolder = \"f\"")
                .add("[[factor]]\nname = \"bmi\"\nlevels = [20, 40]\n"),
            "which the patients of this cohort have already",
        ),
        (&format!("{HEAD}[simulate]\nactivities = [\"flying\"]\n"), "flying"),
        (&HEAD.replace("count = 3", "cuont = 3"), "line 6: unknown field `cuont`"),
        (&HEAD.replace("count = 3", "count = \"many\""), "line 6"),
        (&HEAD.replace("count = 3", "count = 3\nfolder = \"f\""), "has no folder"),
        (&HEAD.replace("count = 3", ""), "lacks count"),
        (&HEAD.replace("\"virtual\"\ncount = 3", "\"scans\""), "[[cohort.scan]] is missing"),
        (&format!("{HEAD}[design]\nkind = \"factorial\"\nsamples = 3\n"), "has no samples"),
        (&format!("{HEAD}[design]\nkind = \"morris\"\n"), "lacks trajectories"),
        (&factor("name = \"cup_inclination\"\nlevels = [true]"), "a number or a text in quotes"),
        (
            &(factor("name = \"strength.all\"\nlevels = [1, 0.1]")
                + "[[factor]]\nname = \"strength.psoas_major\"\nlevels = [1, 0.1]\n"),
            "psoas_major",
        ),
    ] {
        let error = Study::from_toml(text).unwrap_err().to_string();
        assert!(error.contains(words), "{words} is not in: {error}\n{text}");
    }
}

#[test]
fn the_example_is_a_study() {
    let study = Study::from_toml(EXAMPLE).unwrap();
    assert_eq!((study.row_count(), study.outputs().unwrap().len()), (3, 4));
}
