//! Studies that run: the same bytes whoever runs them and however often they are interrupted.

#![allow(clippy::unwrap_used)]

use coxa_case::progress::Silent;
use coxa_scenario::case_of_job::case_of_job;
use coxa_scenario::engine;
use coxa_scenario::listing::Listing;
use coxa_scenario::run::Outcome;
use coxa_scenario::store::{BlockPlace, Store};
use std::fs;
use std::path::{Path, PathBuf};

const STUDY: &str = r#"
format = 1
title = "Two hips"
keep = ["cup_coverage", "jumping_distance", "motion.flexion", "patient.head_diameter", "load.one_leg_stance.peak"]
[cohort]
kind = "virtual"
count = 2
voxel_mm = 3.0
[simulate]
series = true
[[factor]]
name = "head_diameter"
levels = [28, 32]
[[factor]]
name = "error_model"
levels = ["none", "freehand"]
"#;

struct Case {
    folder: tempfile::TempDir,
}

impl Case {
    fn new(study: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("study.toml"), study).unwrap();
        Case { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn start(&self, out: &str) -> anyhow::Result<Store> {
        Store::start(&self.path("study.toml"), &self.path(out), |_| Ok(()), &|_, _| {})
    }
}

fn run(store: &Store, threads: usize, made: u64) {
    let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build().unwrap();
    let ran = pool.install(|| engine::run(store, 0..store.block_count(), &|_| {}, &|| false)).unwrap();
    assert_eq!((ran.made, ran.failed, ran.is_stopped), (made, 0, false));
}

fn tables(store: &Store) -> [Vec<u8>; 2] {
    let merged = store.merge(false).unwrap();
    assert_eq!(merged.rows, store.job_count());
    [merged.results, merged.series.unwrap()].map(|path| fs::read(path).unwrap())
}

#[test]
fn a_study_gives_the_same_bytes_in_any_order_and_goes_on_where_it_was_stopped() {
    let case = Case::new(STUDY);
    let first = case.start("first").unwrap();
    assert_eq!((first.pending().count(), first.job_count()), (2, 8));
    run(&first, 2, 2);
    let status = first.status().unwrap();
    assert_eq!((status.made, status.done, status.failed.len()), (2, 8, 0), "{status:?}");

    // The other way round, on one thread, stopped between the two.
    let second = case.start("second").unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    let ran = pool.install(|| engine::run(&second, 1..2, &|_| {}, &|| false)).unwrap();
    assert_eq!((ran.made, ran.is_stopped), (1, false));
    let ran = pool.install(|| engine::run(&second, 0..2, &|_| {}, &|| true)).unwrap();
    assert_eq!((ran.made, ran.is_stopped), (0, true));
    let early = second.merge(false).unwrap_err().to_string();
    assert!(early.contains("1 of 2 blocks are not made yet"), "{early}");
    assert_eq!(second.merge(true).unwrap().rows, 4);
    let again = case.start("second").unwrap();
    assert_eq!(again.pending().collect::<Vec<_>>(), [0]);
    // What a kill leaves behind.
    let left = case.path("second/blocks/.partial-killed");
    fs::write(&left, "half").unwrap();
    again.remove_unfinished().unwrap();
    assert!(left.exists(), "somebody may be writing it");
    let yesterday = std::time::SystemTime::now() - std::time::Duration::from_secs(25 * 3600);
    fs::File::options().write(true).open(&left).unwrap().set_modified(yesterday).unwrap();
    run(&again, 1, 1);
    again.remove_unfinished().unwrap();
    assert!(!left.exists());
    assert!(tables(&first) == tables(&again), "the tables differ");

    more_patients_go_on_with_those_that_there_are(&case, &first);
    a_block_that_is_damaged_is_named(&again);
    another_study_in_the_folder_is_refused(&case);
}

fn more_patients_go_on_with_those_that_there_are(case: &Case, first: &Store) {
    let two = fs::read(first.folder().join("results.parquet")).unwrap();
    let more = STUDY.replace("count = 2", "count = 3").replace("Two hips", "Three hips");
    fs::write(case.path("study.toml"), &more).unwrap();
    let store = case.start("first").unwrap();
    assert_eq!((store.pending().collect::<Vec<_>>(), store.study.title.as_str()), (vec![2], "Three hips"));
    assert_eq!(store.merge(true).unwrap().rows, 8);
    fs::write(case.path("study.toml"), STUDY).unwrap();
    let message = case.start("first").err().unwrap().to_string();
    assert!(message.contains("3 patients and 2 are asked for"), "{message}");
    // Back to two, by hand: their table is that of before.
    let listed = case.path("first/scenario.json");
    let text = fs::read_to_string(&listed).unwrap();
    fs::write(&listed, text.replace(",{\"seed\":2}", "")).unwrap();
    let store = case.start("first").unwrap();
    assert!(tables(&store)[0] == two, "the table changed");
}

/// A job becomes a case folder that every command takes; what was made before is left alone.
#[test]
fn a_job_becomes_a_case_with_its_plan() {
    let case = Case::new(&STUDY.replace("count = 2", "count = 1").replace("series = true", ""));
    let store = case.start("out").unwrap();
    run(&store, 2, 1);
    let listing = Listing::read(&store).unwrap();
    assert_eq!((listing.rows.len(), listing.factors.len(), listing.quantities.len()), (4, 2, 5));
    assert_eq!(listing.rows[2].levels, ["32", "none"]);
    assert!(listing.rows.iter().all(|row| row.case.is_none() && row.refusal.is_none()));
    let folder = case_of_job(&store, 2, &Silent).unwrap();
    let text = fs::read_to_string(folder.join("plan.toml")).unwrap();
    assert!(text.contains("diameter_mm = 32"), "{text}");
    for file in ["case.toml", "anatomy.json", "rom.json", "report.html"] {
        assert!(folder.join(file).is_file(), "{file}");
    }
    assert_eq!(Listing::read(&store).unwrap().rows[2].case.as_deref(), Some(folder.as_path()));
    let edited = format!("# mine\n{text}");
    fs::write(folder.join("plan.toml"), &edited).unwrap();
    assert_eq!(case_of_job(&store, 2, &Silent).unwrap(), folder);
    assert_eq!(fs::read_to_string(folder.join("plan.toml")).unwrap(), edited);
    // One that was stopped behind its plan is not made yet, and is finished with the plan that lies there.
    fs::remove_file(folder.join("report.html")).unwrap();
    assert!(Listing::read(&store).unwrap().rows[2].case.is_none());
    assert_eq!(case_of_job(&store, 2, &Silent).unwrap(), folder);
    assert_eq!(fs::read_to_string(folder.join("plan.toml")).unwrap(), edited);
    assert!(folder.join("report.html").is_file());
    let message = case_of_job(&store, 99, &Silent).err().unwrap().to_string();
    assert!(message.contains("has jobs 0 to 3"), "{message}");
}

fn a_block_that_is_damaged_is_named(store: &Store) {
    let of = |folder: &Path| -> Vec<PathBuf> {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect()
    };
    let blocks = of(&store.folder().join("blocks"));
    let block =
        blocks.iter().flat_map(|folder| of(folder)).find(|path| !path.to_string_lossy().contains("series"));
    let block = block.unwrap();
    fs::write(&block, "no table").unwrap();
    for error in [store.merge(false).err().unwrap(), store.status().err().unwrap()] {
        let message = format!("{error:#}");
        assert!(message.contains(&block.display().to_string()) && message.contains("remove it"), "{message}");
    }
}

fn another_study_in_the_folder_is_refused(case: &Case) {
    fs::write(case.path("study.toml"), STUDY.replace("[28, 32]", "[32, 28]")).unwrap();
    let message = case.start("first").err().unwrap().to_string();
    assert!(message.contains("another study"), "{message}");
    fs::create_dir(case.path("full")).unwrap();
    fs::write(case.path("full/mine"), "").unwrap();
    let message = case.start("full").err().unwrap().to_string();
    assert!(message.contains("not empty"), "{message}");
    assert!(case.path("full/mine").exists());
}

/// Whatever a study may keep has a value in a usual patient.
#[test]
fn everything_that_can_be_kept_has_a_value() {
    let case = Case::new(
        "format = 1\ntitle = \"all\"\nkeep = [\"*\"]\n[cohort]\nkind = \"virtual\"\ncount = 1\ndisease = \"osteoarthritis\"\n",
    );
    let store = case.start("all").unwrap();
    let block = store.run(&store.block(0)).unwrap();
    let Outcome::Done { values, .. } = &block.rows[0].outcome else { panic!("{:?}", block.rows[0].outcome) };
    let outputs = store.study.outputs().unwrap();
    let missing: Vec<String> = outputs
        .iter()
        .zip(values)
        .filter(|(_, value)| value.is_none())
        .map(|(output, _)| output.name())
        .collect();
    assert!(missing.is_empty(), "no value of {missing:?}");
}

/// What the table says of a row is what was simulated.
#[test]
fn levels_are_carried_out_or_refused() {
    let case = Case::new(
        "format = 1\ntitle = \"t\"\nkeep = [\"leg_length_change\"]\n[cohort]\nkind = \"virtual\"\ncount = 1\nvoxel_mm = 3.0\n\
         [[factor]]\nname = \"bmi\"\nlevels = [20, 40]\n[[factor]]\nname = \"head_offset\"\nlevels = [0, 1.5]\n",
    );
    let store = case.start("out").unwrap();
    let rows = store.run(&store.block(0)).unwrap().rows;
    let bmi: Vec<f64> = rows.iter().map(|row| row.person.bmi.unwrap()).collect();
    assert_eq!(bmi, [20.0, 20.0, 40.0, 40.0]);
    for (row, is_offered) in rows.iter().zip([true, false, true, false]) {
        match &row.outcome {
            Outcome::Done { .. } => assert!(is_offered, "{row:?}"),
            Outcome::Refused(why) => assert!(!is_offered && why.contains("no such part"), "{why}"),
            Outcome::Failed(why) => panic!("{why}"),
        }
    }
    let unknown = Case::new(
        "format = 1\ntitle = \"t\"\nkeep = [\"cup_coverage\"]\n[cohort]\nkind = \"virtual\"\ncount = 1\n[[factor]]\nname = \"liner\"\nlevels = [\"nonsense\"]\n",
    );
    let message = format!("{:#}", unknown.start("out").err().unwrap());
    assert!(message.contains("study.toml") && message.contains("nonsense"), "{message}");
    // The user's own study in the folder that is named is not written over.
    fs::create_dir(case.path("mine")).unwrap();
    fs::write(case.path("mine/study.toml"), "# mine\n").unwrap();
    assert!(case.start("mine").err().unwrap().to_string().contains("not empty"));
    assert_eq!(fs::read_to_string(case.path("mine/study.toml")).unwrap(), "# mine\n");
}

/// Every study of the library is one, and its first and last combination of levels can be made of the first patient.
#[test]
fn the_library_runs() {
    let library = Path::new(env!("CARGO_MANIFEST_DIR")).join("library");
    let mut files: Vec<PathBuf> = fs::read_dir(library).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.retain(|file| file.extension().is_some_and(|ending| ending == "toml"));
    files.sort();
    assert!(files.len() >= 9, "{files:?}");
    let parent = tempfile::tempdir().unwrap();
    for file in files {
        let name = file.file_stem().unwrap().to_string_lossy().into_owned();
        let small = |study: &mut coxa_scenario::study::Study| {
            if let coxa_scenario::study::Cohort::Virtual(cohort) = &mut study.cohort {
                (cohort.count, cohort.voxel_mm) = (1, 3.0);
            }
            Ok(())
        };
        let store = Store::start(&file, &parent.path().join(&name), small, &|_, _| {})
            .unwrap_or_else(|e| panic!("{name}: {e:#}"));
        let last = store.study.row_count() - 1;
        for row in [0, last] {
            let block = store.run(&BlockPlace { member: 0, rows: row..row + 1 }).unwrap();
            let outcome = &block.rows[0].outcome;
            let Outcome::Done { values, .. } = outcome else { panic!("{name}, row {row}: {outcome:?}") };
            let missing: Vec<String> = store
                .study
                .outputs()
                .unwrap()
                .iter()
                .zip(values)
                .filter(|(_, value)| value.is_none())
                .map(|(output, _)| output.name())
                .collect();
            assert!(missing.is_empty(), "{name}, row {row}: no value of {missing:?}");
        }
    }
}
