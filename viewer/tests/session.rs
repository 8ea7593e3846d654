//! Planning sessions on the case of a virtual patient.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use common::copy_all;
use coxa_case::folder::{Case, FORMAT, Ingredients, Stage};
use coxa_geometry::{Angle, Severity};
use coxa_planner::adjust::{Adjustment, CupDefinition, CupPlane, PartChange};
use coxa_planner::document;
use coxa_planner::implants::Catalogue;
use coxa_planner::placement::realise;
use coxa_planner::simulate::PlannedJoint;
use coxa_viewer::session::{CaseData, Edit, EditError, Notice, OpenError, Problem, SaveError, Session, Snap};
use proptest::prelude::*;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

const LONG: Duration = Duration::from_secs(60);

/// A case that tests copy: making it is the slowest part of them.
fn case() -> (tempfile::TempDir, PathBuf) {
    static MADE: OnceLock<tempfile::TempDir> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        common::write_case(&folder.path().join("case"), 2.0);
        folder
    });
    let copy = tempfile::tempdir().unwrap();
    let folder = copy.path().join("case");
    copy_all(&made.path().join("case"), &folder);
    (copy, folder)
}

fn move_cup(medial_mm: f64, superior_mm: f64) -> Edit {
    Edit::Adjust(Adjustment::MoveCup { medial_mm, superior_mm, anterior_mm: 0.0 })
}

fn turn_cup(inclination_deg: f64, anteversion_deg: f64) -> Edit {
    let (definition, plane) = (CupDefinition::Radiographic, CupPlane::Functional);
    Edit::Adjust(Adjustment::TurnCup { definition, plane, inclination_deg, anteversion_deg })
}

/// Bad cases and files changed behind the session's back: one test, for it makes one case.
#[test]
fn what_is_wrong_with_a_case_is_said_and_nothing_is_lost() {
    let (_keep, folder) = case();
    let plan = folder.join("plan.toml");
    let original = fs::read_to_string(&plan).unwrap();
    // An edited document with the user's own words.
    let own = format!("# mine\n{original}");
    fs::write(&plan, &own).unwrap();
    let mut session = Session::open(&folder).unwrap();
    assert_eq!(session.document(), own);
    session.apply(&move_cup(1.0, 0.0)).unwrap();
    assert!(!session.is_saved() && session.undo());
    assert_eq!(session.document(), own);

    // Somebody else changes the plan.
    assert!(session.redo());
    let edited = session.document().to_owned();
    fs::write(&plan, &original).unwrap();
    assert_eq!(session.check_disk(), [Notice::PlanChangedOnDisk]);
    assert!(matches!(session.save(), Err(SaveError::ChangedOnDisk { .. })));
    assert_eq!(fs::read_to_string(&plan).unwrap(), original);
    assert_eq!(session.document(), edited);
    session.take_up_disk().unwrap();
    assert_eq!(session.document(), original);
    assert!(session.is_saved() && session.undo());
    assert_eq!(session.document(), edited);
    session.save().unwrap();
    assert_eq!(fs::read_to_string(&plan).unwrap(), edited);
    // What was saved over can be had again; while a command has the case, nothing is saved, and nothing lost.
    let kept = fs::read_dir(folder.join("plans"))
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap());
    assert!(kept.into_iter().any(|words| words == original));
    let held = Case::open(&folder).unwrap();
    session.apply(&move_cup(2.0, 0.0)).unwrap();
    let said = session.save().unwrap_err().to_string();
    assert!(said.contains("in use by") && !session.is_saved(), "{said}");
    assert_eq!(fs::read_to_string(&plan).unwrap(), edited);
    drop(held);
    session.undo();
    fs::remove_file(&plan).unwrap();
    assert_eq!(session.check_disk(), [Notice::PlanGone]);
    session.save_over().unwrap();
    assert!(session.is_saved() && session.check_disk().is_empty());
    // A place that cannot be written.
    let nowhere = folder.join("missing").join("plan.toml");
    assert!(session.save_copy(&nowhere).is_err());
    // A copy goes where nothing is.
    let copy = folder.join("copy.toml");
    session.save_copy(&copy).unwrap();
    fs::write(&copy, "somebody's").unwrap();
    assert!(matches!(session.save_copy(&copy), Err(SaveError::IsThere { .. })));
    assert_eq!(fs::read_to_string(&copy).unwrap(), "somebody's");
    let anatomy = fs::read_to_string(folder.join("anatomy.json")).unwrap();
    fs::write(folder.join("anatomy.json"), "{}").unwrap();
    assert_eq!(session.check_disk(), [Notice::CaseChangedOnDisk { name: "anatomy.json".into() }]);
    drop(session);

    let error = |folder: &Path| Session::open(folder).err().unwrap();
    assert!(matches!(error(&folder), OpenError::Damaged(text) if text.contains("coxa report")));
    fs::remove_file(folder.join("anatomy.json")).unwrap();
    assert!(matches!(error(&folder), OpenError::Incomplete(text) if text.contains("anatomy.json")));
    fs::write(&plan, "format = 1\n").unwrap();
    assert!(matches!(error(&folder), OpenError::Plan { .. }));
    fs::remove_file(&plan).unwrap();
    fs::write(folder.join("anatomy.json"), anatomy).unwrap();
    assert!(matches!(error(&folder), OpenError::Incomplete(text) if text.contains("plan.toml")));
    let record = fs::read_to_string(folder.join("case.toml")).unwrap();
    let gone = format!("{record}\n[input.implants]\npath = \"/no/such/folder\"\nblake3 = \"0\"\n");
    fs::write(folder.join("case.toml"), gone).unwrap();
    assert!(matches!(error(&folder), OpenError::Implants(..)));
    fs::write(folder.join("case.toml"), record.replacen(&format!("format = {FORMAT}"), "format = 99", 1))
        .unwrap();
    assert!(matches!(error(&folder), OpenError::Newer(_)));
}

#[test]
fn nothing_older_than_what_it_was_made_from_is_read() {
    let (_keep, folder) = case();
    let from = |case: &Case| Ingredients::default().with_stages(case, &[Stage::Labels, Stage::Anatomy]);
    // An optimisation that cannot be read, of the bones of the case.
    let mut case = Case::open(&folder).unwrap();
    case.begin(Stage::Optimisation);
    case.put("optimise.json", b"{}").unwrap();
    let of_these = from(&case);
    case.finish(Stage::Optimisation, of_these, None).unwrap();
    drop(case);
    let mut session = Session::open(&folder).unwrap();
    let optimised = Edit::Snap(Snap::Optimised);
    let said = session.apply(&optimised).unwrap_err().to_string();
    assert!(said.contains("is damaged"), "{said}");
    drop(session);
    // Of other bones it is left out unread.
    let mut case = Case::open(&folder).unwrap();
    case.begin(Stage::Optimisation);
    case.put("optimise.json", b"{}").unwrap();
    let of_others = from(&case).with("anatomy", "other");
    case.finish(Stage::Optimisation, of_others, None).unwrap();
    drop(case);
    let mut session = Session::open(&folder).unwrap();
    let said = session.apply(&optimised).unwrap_err().to_string();
    let command = format!("run coxa optimise {}", folder.display());
    assert!(said.contains("older than anatomy.json") && said.contains(&command), "{said}");
    drop(session);

    // Labels are made anew, and the run ends before the anatomy.
    let record = fs::read_to_string(folder.join("case.toml")).unwrap();
    let labels = fs::read(folder.join("labels.nii.gz")).unwrap();
    let mut case = Case::open(&folder).unwrap();
    case.begin(Stage::Labels);
    case.put("labels.nii.gz", &labels).unwrap();
    case.finish(Stage::Labels, Ingredients::default().with("network", "other"), Some(&[])).unwrap();
    drop(case);
    let said = |folder: &Path| match CaseData::open(folder).err().unwrap() {
        OpenError::Older(text) => text,
        other => panic!("{other}"),
    };
    let command = format!("run coxa report {}", folder.display());
    let text = said(&folder);
    assert!(text.contains("anatomy.json is older than labels.nii.gz") && text.contains(&command), "{text}");

    // A record of form 1 does not say what the anatomy was made from.
    let input = record.find("[input]").unwrap();
    let form_1 = format!("format = 1\nprogram_version = \"0.1.0\"\n\n[stages]\n\n{}", &record[input..]);
    fs::write(folder.join("case.toml"), form_1).unwrap();
    let text = said(&folder);
    assert!(text.contains("coxa report") && text.contains("format 1"), "{text}");
}

#[test]
fn what_a_hand_holds_is_kept_when_the_session_ends_and_a_colleagues_plan_is_asked_about() {
    let (_keep, folder) = case();
    let mut session = Session::open(&folder).unwrap();
    session.drag(&move_cup(2.0, 0.0)).unwrap();
    let edited = session.document().to_owned();
    drop(session);
    // A colleague saves another plan.
    let plan = folder.join("plan.toml");
    let theirs = format!("# theirs\n{}", fs::read_to_string(&plan).unwrap());
    fs::write(&plan, &theirs).unwrap();
    let mut session = Session::open(&folder).unwrap();
    assert_eq!(session.take_notices(), [Notice::Recoverable { edits: 1, is_of_this_plan: false }]);
    session.take_up_recovery().unwrap();
    assert_eq!(session.document(), edited);
    assert!(matches!(session.save(), Err(SaveError::ChangedOnDisk { .. })));
    assert_eq!(fs::read_to_string(&plan).unwrap(), theirs);
    session.save_over().unwrap();
    assert_eq!(fs::read_to_string(&plan).unwrap(), edited);
}

#[test]
fn one_variant_that_cannot_be_carried_out_any_more_does_not_hold_the_others_back() {
    let (_keep, folder) = case();
    let mut session = Session::open(&folder).unwrap();
    session.apply(&move_cup(2.0, 0.0)).unwrap();
    let edited = session.document().to_owned();
    session.add_variant("of another catalogue").unwrap();
    session.apply(&move_cup(0.0, 1.0)).unwrap();
    drop(session);
    let side_file = folder.join("plan_unsaved.toml");
    let text = fs::read_to_string(&side_file).unwrap();
    let (head, tail) = text.split_once("of another catalogue").unwrap();
    fs::write(&side_file, format!("{head}of another catalogue{}", tail.replace("hemispherical", "gone")))
        .unwrap();
    let mut session = Session::open(&folder).unwrap();
    let error = session.take_up_recovery().unwrap_err().to_string();
    assert!(error.contains("of another catalogue"), "{error}");
    assert_eq!(session.document(), edited);
    // It stays to be decided about, also after another session.
    assert_eq!(session.recovery().unwrap().variants().len(), 1);
    drop(session);
    assert_eq!(Session::open(&folder).unwrap().recovery().unwrap().variants().len(), 2);
}

#[test]
fn results_in_the_case_are_of_the_plan_that_they_were_computed_of() {
    let (_keep, folder) = case();
    let mut session = Session::open(&folder).unwrap();
    let (data, first) = (session.data().clone(), session.plan().clone());
    assert!(data.has_results_of(&first));
    session.apply(&move_cup(1.0, 0.0)).unwrap();
    assert!(!data.has_results_of(session.plan()));
    // What is saved has no results until they are computed anew, and those there are of nothing that is on disk.
    session.save().unwrap();
    assert!(!data.has_results_of(session.plan()) && !data.has_results_of(&first));
    session.undo();
    session.save().unwrap();
    assert!(data.has_results_of(session.plan()));
}

#[test]
fn what_was_not_saved_is_there_after_a_crash() {
    let (_keep, folder) = case();
    let mut session = Session::open(&folder).unwrap();
    session.apply(&turn_cup(2.0, 0.0)).unwrap();
    session.add_variant("less inclined").unwrap();
    session.apply(&turn_cup(-5.0, 1.0)).unwrap();
    session.note(1, "ask the patient").unwrap();
    let left = session.variants();
    // A crash: a session does nothing at its end that it had not done before, but give the case free, as the system does.
    drop(session);

    let mut session = Session::open(&folder).unwrap();
    assert_eq!(session.take_notices(), [Notice::Recoverable { edits: 2, is_of_this_plan: true }]);
    assert!(session.recovery().unwrap().is_of_this_plan());
    // An edit before the decision, and another crash: still nothing is lost.
    session.apply(&turn_cup(0.0, 3.0)).unwrap();
    let edited = session.document().to_owned();
    drop(session);
    let mut session = Session::open(&folder).unwrap();
    session.take_up_recovery().unwrap();
    let found = session.variants();
    // In the place of a plan to which nothing was done.
    assert_eq!(found[0].document, edited);
    assert_eq!(found[1..], left[..]);
    session.select_variant(2).unwrap();
    assert_eq!(session.document(), left[1].document);
    session.save().unwrap();
    for _ in 0..2 {
        session.remove_variant(0).unwrap();
    }
    session.note(0, "").unwrap();
    drop(session);
    let session = Session::open(&folder).unwrap();
    assert!(session.recovery().is_none());
    assert_eq!(session.document(), left[1].document);
}

#[test]
fn a_drag_is_one_step_and_snaps_are_there_or_say_why_not() {
    let (_keep, folder) = case();
    let mut session = Session::open(&folder).unwrap();
    let start = session.document().to_owned();
    for step in 1..=5 {
        session.drag(&move_cup(0.0, f64::from(step))).unwrap();
    }
    let from = session.data().plan().unwrap().plan.cup.centre_mm;
    assert!((session.plan().cup.centre_mm.distance(from) - 5.0).abs() < 0.02);
    session.end_drag();
    assert_eq!(session.steps(), (1, 0));
    session.drag(&move_cup(3.0, 0.0)).unwrap();
    session.cancel_drag();
    assert_eq!(session.steps(), (1, 0));
    assert!(session.undo());
    assert_eq!(session.document(), start);
    // A drag that comes to nothing leaves what could be carried out again.
    session.drag(&move_cup(3.0, 0.0)).unwrap();
    session.drag(&move_cup(0.0, 0.0)).unwrap();
    session.end_drag();
    assert_eq!(session.steps(), (0, 1));

    let too_far = turn_cup(80.0, 0.0);
    let error = session.apply(&too_far).unwrap_err().to_string();
    assert!(error.contains("0 to 90") && !error.contains("line"), "{error}");
    assert_eq!(session.document(), start);
    let small = PartChange::Cup { family: session.plan().cup.family.clone(), size_mm: 46.0 };
    assert!(!session.apply(&Edit::Exchange(small)).unwrap().is_empty());
    session.apply(&Edit::Snap(Snap::RuleBased)).unwrap();
    assert_eq!(session.document(), start);
    assert!(
        matches!(session.apply(&Edit::Snap(Snap::Optimised)), Err(EditError::NotThere(text)) if text.contains("coxa optimise"))
    );
    session.apply(&turn_cup(1.0, 1.0)).unwrap();
    session.apply(&Edit::Snap(Snap::Saved)).unwrap();
    assert_eq!(session.document(), start);
}

#[test]
fn live_numbers_are_those_of_the_plan_carried_out() {
    let (_keep, folder) = case();
    let mut session = Session::open(&folder).unwrap();
    assert!(session.live().sketch.value.is_none());
    assert!(session.wait(true, LONG));
    for edit in [move_cup(1.0, 1.5), turn_cup(5.0, -4.0)] {
        session.apply(&edit).unwrap();
        assert!(session.wait(true, LONG));
        let answers = session.live();
        let (sketch, limits) = (answers.sketch.fresh().unwrap(), answers.required_limits.fresh().unwrap());
        let (data, catalogue) = (session.data().clone(), Catalogue::builtin());
        let planned = realise(session.plan(), &data.planning().unwrap(), &catalogue).unwrap();
        assert_eq!((&sketch.results, &sketch.findings), (&planned.results, &planned.findings));
        let joint = PlannedJoint::new(&planned, data.anatomy()).unwrap();
        let options = data.simulation_options();
        let anew = joint.required_limits(options.posture, options.tilt());
        assert_eq!(anew.len(), 6);
        for (a, b) in limits.iter().zip(&anew) {
            let off = a.limit_deg.zip(b.limit_deg).map(|(a, b)| (a - b).abs().degrees());
            assert_eq!((&a.motion.name, a.cause), (&b.motion.name, b.cause));
            assert!(off.is_none_or(|off| off < 0.12), "{} {off:?}", a.motion.name);
        }
    }
    // Off the bone: the numbers are there, nothing further, and what refuses it.
    session.apply(&move_cup(-90.0, 0.0)).unwrap();
    assert!(session.wait(false, LONG));
    while session.live().problem.is_none() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let answers = session.live();
    assert!(answers.required_limits.is_stale && answers.required_limits.value.is_some());
    let Some(Problem::Refused(findings)) = answers.problem else { panic!("{:?}", answers.problem) };
    assert!(findings.iter().all(|f| f.severity == Severity::Refusal));
    session.undo();
    assert!(session.wait(true, LONG));
    assert!(session.live().problem.is_none());
}

/// What a hand on mouse and keyboard may do.
#[derive(Debug, Clone)]
enum Action {
    Apply(Edit),
    Drag(Edit),
    EndDrag,
    CancelDrag,
    Undo,
    Redo,
    Add,
    Select(usize),
    Save,
}

fn edit() -> impl Strategy<Value = Edit> {
    let mm = || -4.0..4.0f64;
    let catalogue = Catalogue::builtin();
    let cups: Vec<(String, f64)> = catalogue
        .cups
        .iter()
        .flat_map(|cup| cup.sizes_mm.iter().map(|size| (cup.name.clone(), *size)).collect::<Vec<_>>())
        .collect();
    let stems: Vec<String> = catalogue.stems.iter().map(|stem| stem.name.clone()).collect();
    let liners: Vec<String> = catalogue.liners.iter().map(|liner| liner.kind.clone()).collect();
    let heads: Vec<f64> = catalogue.heads.iter().map(|head| head.diameter_mm).collect();
    let definition = prop::sample::select(vec![
        CupDefinition::Radiographic,
        CupDefinition::Operative,
        CupDefinition::Anatomical,
    ]);
    let plane = prop::sample::select(vec![CupPlane::Functional, CupPlane::AnteriorPelvic]);
    prop_oneof![
        (mm(), mm(), mm()).prop_map(|(medial_mm, superior_mm, anterior_mm)| {
            Edit::Adjust(Adjustment::MoveCup { medial_mm, superior_mm, anterior_mm })
        }),
        (definition, plane, mm(), mm()).prop_map(|(definition, plane, inclination_deg, anteversion_deg)| {
            Edit::Adjust(Adjustment::TurnCup { definition, plane, inclination_deg, anteversion_deg })
        }),
        (mm(), mm(), mm()).prop_map(|(deeper_mm, medial_mm, anterior_mm)| {
            Edit::Adjust(Adjustment::MoveStem { deeper_mm, medial_mm, anterior_mm })
        }),
        (mm(), mm(), mm()).prop_map(|(version_deg, varus_deg, flexion_deg)| {
            Edit::Adjust(Adjustment::TurnStem { version_deg, varus_deg, flexion_deg })
        }),
        prop::sample::select(cups)
            .prop_map(|(family, size_mm)| Edit::Exchange(PartChange::Cup { family, size_mm })),
        prop::sample::select(liners)
            .prop_map(|kind| { Edit::Exchange(PartChange::Liner { kind, lip_direction_deg: None }) }),
        (prop::sample::select(heads), -5.0..14.0).prop_map(|(diameter_mm, offset_mm)| {
            Edit::Exchange(PartChange::Head { diameter_mm, offset_mm })
        }),
        (prop::sample::select(stems), 0..20u32, 120.0..140.0, prop::bool::ANY).prop_map(
            |(family, size, angle, high)| {
                let offset = if high { "high" } else { "standard" }.into();
                let neck_shaft_deg = Angle::from_degrees(angle);
                Edit::Exchange(PartChange::Stem { family, size, neck_shaft_deg, offset })
            }
        ),
        Just(Edit::Snap(Snap::Saved)),
    ]
}

fn action() -> impl Strategy<Value = Action> {
    prop_oneof![
        6 => edit().prop_map(Action::Apply),
        4 => edit().prop_map(Action::Drag),
        1 => Just(Action::EndDrag),
        1 => Just(Action::CancelDrag),
        3 => Just(Action::Undo),
        1 => Just(Action::Redo),
        1 => Just(Action::Add),
        1 => (0..40usize).prop_map(Action::Select),
        1 => Just(Action::Save),
    ]
}

/// Ten thousand random actions leave a plan that can be read again, and undoing goes back to the first byte.
#[test]
fn random_actions_leave_a_plan_and_undo_leads_back() {
    let (_keep, folder) = case();
    let config = ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() };
    let rng =
        proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &[7; 32]);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(config, rng);
    let catalogue = Catalogue::builtin();
    let original = fs::read_to_string(folder.join("plan.toml")).unwrap();
    let actions = prop::collection::vec(action(), 1000);
    let done = std::cell::Cell::new(0usize);
    runner
        .run(&actions, |actions| {
            let text = format!("# by hand\n{original}");
            fs::write(folder.join("plan.toml"), &text).unwrap();
            let _ = fs::remove_file(folder.join("plan_unsaved.toml"));
            let mut session = Session::open(&folder).unwrap();
            for action in actions {
                match action {
                    Action::Apply(edit) => done.set(done.get() + usize::from(session.apply(&edit).is_ok())),
                    Action::Drag(edit) => done.set(done.get() + usize::from(session.drag(&edit).is_ok())),
                    Action::EndDrag => session.end_drag(),
                    Action::CancelDrag => session.cancel_drag(),
                    Action::Undo => drop(session.undo()),
                    Action::Redo => drop(session.redo()),
                    Action::Add => drop(session.add_variant("another")),
                    Action::Select(index) => drop(session.select_variant(index)),
                    Action::Save => session.save().unwrap(),
                }
                let read = document::from_toml(session.document(), &catalogue).unwrap();
                prop_assert_eq!(&read, session.plan());
            }
            // What stands is what the side file or the plan holds, once the hand has let go.
            session.end_drag();
            let saved = fs::read_to_string(folder.join("plan.toml")).unwrap();
            if session.document() != saved {
                let kept = fs::read_to_string(folder.join("plan_unsaved.toml")).unwrap();
                let kept: toml::Table = toml::from_str(&kept).unwrap();
                let current = session.current_variant();
                prop_assert_eq!(kept["variants"][current]["document"].as_str(), Some(session.document()));
            }
            session.select_variant(0).unwrap();
            while session.undo() {}
            prop_assert_eq!(session.document(), &text);
            Ok(())
        })
        .unwrap();
    assert!(done.get() > 4000, "{}", done.get());
}

#[test]
fn a_case_that_is_open_already_keeps_the_edits_of_its_first_session() {
    let (_keep, folder) = case();
    let kept = || fs::read_to_string(folder.join("plan_unsaved.toml")).ok();
    let mut first = Session::open(&folder).unwrap();
    first.apply(&move_cup(1.0, 0.0)).unwrap();
    let of_first = kept();
    assert!(of_first.is_some());
    let mut second = Session::open(&folder).unwrap();
    assert_eq!(second.take_notices(), [Notice::OpenElsewhere]);
    second.apply(&move_cup(0.0, 2.0)).unwrap();
    assert_eq!(kept(), of_first);
    // Only of the second anything would be lost, and nothing once it is saved.
    assert!(second.would_lose() && !first.would_lose());
    second.save().unwrap();
    assert!(!second.would_lose());
    drop(first);
    drop(second);
    // As after a crash: what the first had done is offered.
    let mut third = Session::open(&folder).unwrap();
    assert!(third.take_notices().iter().any(|notice| matches!(notice, Notice::Recoverable { .. })));
}

#[test]
fn a_case_is_opened_anew_with_what_is_not_saved() {
    let (_keep, folder) = case();
    let kept = || fs::read_to_string(folder.join("plan_unsaved.toml")).unwrap();
    let mut first = Session::open(&folder).unwrap();
    first.apply(&move_cup(1.0, 0.0)).unwrap();
    let before = kept();
    first.release();
    // As long as nobody else has it, it is still this one's.
    first.apply(&move_cup(1.0, 0.0)).unwrap();
    assert_ne!(kept(), before);
    assert_eq!(Session::open(&folder).unwrap().take_notices(), [Notice::OpenElsewhere]);
    first.release();
    let mut second = Session::open(&folder).unwrap();
    let offered = Notice::Recoverable { edits: 1, is_of_this_plan: true };
    assert_eq!(second.take_notices(), [offered]);
    let of_second = kept();
    first.apply(&move_cup(0.0, 2.0)).unwrap();
    assert_eq!(first.take_notices(), [Notice::OpenElsewhere]);
    assert!(first.would_lose() && kept() == of_second);
    drop(first);
    assert_eq!(kept(), of_second);
}
