//! The list of a study: what it shows of jobs that were run, and a job that is opened from it as a case.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use coxa_case::progress::{Listener, Silent};
use coxa_scenario::engine;
use coxa_viewer::background::Pace;
use coxa_viewer::opened::{Keeping, Opened};
use coxa_viewer::study::{Key, StudyList, Tone, is_study};
use std::sync::Mutex;

#[test]
fn a_job_of_the_list_opens_as_a_case() {
    let folder = tempfile::tempdir().unwrap();
    let store = common::write_study(folder.path());
    // The second patient is not run yet.
    let ran = engine::run(&store, 0..1, &|_| {}, &|| false).unwrap();
    assert_eq!((ran.made, ran.failed), (1, 0));
    assert!(is_study(store.folder()));
    let mut list = StudyList::new(store, Pace::Waits);
    let table = list.table().unwrap().unwrap();
    assert_eq!((table.listing.rows.len(), table.not_run), (2, 2));
    assert!(std::sync::Arc::ptr_eq(&table, &list.table().unwrap().unwrap()), "it is read once");
    // The job without a plan comes last either way, and is not opened.
    for _ in 0..2 {
        list.choice.turn_to(Key::Quantity(1));
        assert_eq!(*list.places(&table), [0, 1]);
    }
    list.choice.words = "no plan".into();
    assert_eq!(*list.places(&table), [1]);
    let [planned, refused] = &table.listing.rows[..] else { panic!("{:?}", table.listing.rows) };
    assert!(refused.refusal.as_ref().unwrap().contains("no such part"), "{refused:?}");
    list.want(refused);
    assert!(list.wanted.is_none());
    list.want(planned);
    let job = list.wanted.take().unwrap();
    assert_eq!((job.number, job.title()), (0, format!("{}, job 0", planned.patient)));

    let told = Mutex::new(Vec::new());
    let case = job.case(&Listener(|line: &str| told.lock().unwrap().push(line.to_owned()))).unwrap();
    assert!(told.into_inner().unwrap().len() > 2, "nothing was said of what is done");
    let opened = Opened::read(&case, Keeping::Nothing, &Silent).unwrap();
    assert!(opened.bench.is_some() && opened.shown.planned.is_some());
    assert_eq!(list.case_of(planned), None);
    list.take_in_case(job.number, opened.case.folder());
    assert_eq!(list.case_of(planned), Some(case.as_path()));
    // It is found again, also by who lists the study anew.
    assert_eq!(job.case(&Silent).unwrap(), case);
    list.list_again();
    let again = list.table().unwrap().unwrap();
    let plan = again.columns.iter().find(|column| column.title == "Plan").unwrap();
    let row = &again.listing.rows[0];
    assert_eq!(row.case.as_deref(), Some(case.as_path()));
    assert_eq!(again.cell(plan, row, row.case.as_deref()).tone, Tone::Good);
}

#[test]
fn what_is_wrong_with_a_study_is_said_in_place_of_the_list() {
    let folder = tempfile::tempdir().unwrap();
    let store = common::write_study(folder.path());
    std::fs::remove_dir_all(store.folder()).unwrap();
    std::fs::write(store.folder(), "").unwrap();
    let mut list = StudyList::new(store, Pace::Waits);
    let Some(Err(problem)) = list.table() else { panic!("there is nothing to list") };
    assert!(problem.contains("results.parquet") || problem.contains("out"), "{problem}");
}
