//! Planning by hand on the case of a virtual patient: numbers, handles, parts, and ten thousand things that a hand may do.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod common;

use coxa_geometry::{Point, Side, Transform};
use coxa_planner::adjust::{CupDefinition, CupPlane};
use coxa_planner::document;
use coxa_planner::implants::Catalogue;
use coxa_planner::placed::HipAxes;
use coxa_viewer::planning::{Choices, Component, Control, CupAngles, Grab, Workbench, handles};
use coxa_viewer::session::{Edit, Notice, Session, Snap};
use coxa_viewer::view::{Camera, Standard};
use proptest::prelude::*;
use std::fs;

fn session() -> (tempfile::TempDir, Session) {
    let folder = tempfile::tempdir().unwrap();
    common::write_case(&folder.path().join("case"), 2.0);
    let session = Session::open(&folder.path().join("case")).unwrap();
    (folder, session)
}

fn all_controls() -> impl Iterator<Item = Control> {
    Component::ALL.into_iter().flat_map(|component| component.controls().iter().copied())
}

#[test]
fn a_number_changes_by_what_is_asked_and_a_handle_by_what_a_hand_pulls() {
    let (_keep, mut session) = session();
    let definitions = [CupDefinition::Radiographic, CupDefinition::Operative, CupDefinition::Anatomical];
    for definition in definitions {
        for plane in [CupPlane::Functional, CupPlane::AnteriorPelvic] {
            let angles = CupAngles { definition, plane };
            for control in all_controls() {
                let before = control.value(&session, angles).unwrap();
                session.apply(&control.edit(1.5, angles)).unwrap();
                let after = control.value(&session, angles).unwrap();
                assert!((after - before - 1.5).abs() < 0.02, "{control:?} {angles:?}: {before} {after}");
                assert!(session.undo());
            }
        }
    }
    // Handles of both sides: a left hip is a right one in the mirror, and so are its handles.
    let angles = CupAngles::default();
    let plan = session.plan().clone();
    for view in Standard::ALL {
        let camera = Camera::standard(view, Side::Right, plan.cup.centre_mm, 200.0);
        for component in Component::ALL {
            let all = handles(component, &plan, session.axes(), angles, &Transform::identity(), &camera);
            assert!(all.len() >= 3, "{view:?} {component:?}: {}", all.len());
            for handle in all {
                let control = handle.control;
                let drawn = handle.drawn();
                let flat = |at: usize| {
                    let [right, down, _] = camera.project(drawn[at]);
                    [right, down]
                };
                // From the middle of an arc, or the beginning of an arrow, to its upper end.
                let (from, to) = (flat((drawn.len() - 1) / 2), flat(drawn.len() - 1));
                let pulled = handle.value_at(&camera, to) - handle.value_at(&camera, from);
                assert!(pulled > 1.0, "{view:?} {control:?}: {pulled}");
                assert!(handle.distance_mm(&camera, from) < 1e-6);
                let before = control.value(&session, angles).unwrap();
                let grab = Grab::new(handle, camera, from);
                session.drag(&grab.edit(to, angles)).unwrap();
                let after = control.value(&session, angles).unwrap();
                // Arcs are drawn as short straight pieces.
                assert!(
                    (after - before - pulled).abs() < 0.05,
                    "{view:?} {control:?}: {pulled} {before} {after}"
                );
                session.cancel_drag();
            }
        }
    }
    assert_eq!(*session.plan(), plan);
}

#[test]
fn numbers_of_a_stem_are_those_that_were_typed_whatever_its_version_is() {
    let (_keep, session) = session();
    let mut bench = Workbench::new(session);
    let value = |bench: &Workbench, control: Control| control.value(bench.session(), bench.angles).unwrap();
    bench.step(Control::StemVersion, 25.0);
    bench.slide(Control::StemMedial, 6.0);
    bench.let_go();
    let at = |bench: &Workbench| {
        [Control::StemMedial, Control::StemAnterior, Control::StemDeeper].map(|c| value(bench, c))
    };
    for (found, wanted) in at(&bench).into_iter().zip([6.0, 0.0, 0.0]) {
        assert!((found - wanted).abs() < 0.02, "{:?}", at(&bench));
    }
    bench.slide(Control::StemVarus, 4.0);
    bench.let_go();
    assert!((value(&bench, Control::StemVarus) - 4.0).abs() < 0.05, "{}", value(&bench, Control::StemVarus));
    assert!(value(&bench, Control::StemFlexion).abs() < 0.2, "{}", value(&bench, Control::StemFlexion));
}

#[test]
fn what_is_given_up_or_saved_in_the_hand_is_not_done_again() {
    let (_keep, session) = session();
    let mut bench = Workbench::new(session);
    let control = Control::CupMedial;
    let value = |bench: &Workbench| control.value(bench.session(), bench.angles).unwrap();
    let from = value(&bench);
    let is_at = |bench: &Workbench, mm: f64| (value(bench) - from - mm).abs() < 0.01;
    bench.slide(control, from + 3.0);
    bench.give_up();
    // The hand has not let go, and a slider tells where it is all the time.
    bench.slide(control, from + 3.5);
    assert!(is_at(&bench, 0.0) && bench.session().steps() == (0, 0));
    bench.let_go();
    bench.slide(control, from + 3.0);
    bench.save();
    assert!(is_at(&bench, 3.0) && bench.session().is_saved());
    bench.slide(control, from + 4.0);
    bench.let_go();
    assert!(is_at(&bench, 4.0), "{}", value(&bench) - from);
    assert_eq!(bench.session().steps(), (2, 0));
}

#[test]
fn a_notice_that_was_put_aside_stays_aside_and_one_that_is_no_longer_so_goes() {
    let (_keep, session) = session();
    let case = session.data().folder().to_owned();
    let mut bench = Workbench::new(session);
    let (plan, anatomy) = (case.join("plan.toml"), case.join("anatomy.json"));
    let text = fs::read_to_string(&plan).unwrap();
    fs::write(&plan, format!("# theirs\n{text}")).unwrap();
    fs::write(&anatomy, "{}").unwrap();
    bench.look_at_disk();
    let changed = Notice::CaseChangedOnDisk { name: "anatomy.json".into() };
    assert_eq!(bench.notices(), [Notice::PlanChangedOnDisk, changed.clone()]);
    bench.put_aside(&changed);
    bench.look_at_disk();
    assert_eq!(bench.notices(), [Notice::PlanChangedOnDisk]);
    fs::write(&plan, text).unwrap();
    bench.look_at_disk();
    assert!(bench.notices().is_empty());
}

#[test]
fn an_arrow_follows_the_hand_and_shows_the_way_of_its_word() {
    let (_keep, session) = session();
    let (plan, axes): (_, &HipAxes) = (session.plan(), session.axes());
    let camera = Camera::standard(Standard::Anterior, Side::Right, plan.cup.centre_mm, 200.0);
    let all = handles(Component::Cup, plan, axes, CupAngles::default(), &Transform::identity(), &camera);
    // From the front: the midline of a right hip is to the right, the head is up; what points at the viewer has no handle.
    let ends = |control: Control| {
        let handle = all.iter().find(|handle| handle.control == control)?;
        let drawn = handle.drawn();
        let flat = |p: &Point<_>| camera.project(*p);
        Some((flat(drawn.first()?), flat(drawn.last()?)))
    };
    let (from, to) = ends(Control::CupMedial).unwrap();
    assert!(to[0] > from[0] + 10.0 && (to[1] - from[1]).abs() < 5.0, "{from:?} {to:?}");
    let (from, to) = ends(Control::CupSuperior).unwrap();
    assert!(to[1] < from[1] - 10.0 && (to[0] - from[0]).abs() < 5.0, "{from:?} {to:?}");
    assert!(ends(Control::CupAnterior).is_none());
    let medial = all.iter().find(|handle| handle.control == Control::CupMedial).unwrap();
    let pulled = medial.value_at(&camera, [7.0, 3.0]) - medial.value_at(&camera, [0.0, 0.0]);
    assert!((pulled - 7.0).abs() < 0.5, "{pulled}");
}

#[test]
fn every_part_there_is_can_be_chosen_or_says_why_not() {
    let (_keep, mut session) = session();
    let catalogue = Catalogue::builtin();
    let text = session.document().to_owned();
    for of in [Choices::of_cup, Choices::of_stem] {
        for (n, list) in of(session.plan(), &catalogue).into_iter().enumerate() {
            assert!(list.chosen().is_some(), "{}", list.title);
            for choice in list.choices {
                match session.apply(&choice.edit) {
                    Ok(_) => {
                        let now = &of(session.plan(), &catalogue)[n];
                        let chosen = now.chosen().map(|at| now.choices[at].title.clone());
                        assert_eq!(chosen.as_ref(), Some(&choice.title), "{}", list.title);
                    }
                    Err(error) => assert!(error.to_string().len() > 20, "{error}"),
                }
                while session.undo() {}
                assert_eq!(session.document(), text);
            }
        }
    }
}

/// What a hand may do at the workbench.
#[derive(Debug, Clone)]
enum Action {
    Step(usize, f64),
    Slide(usize, f64),
    Take(Standard, usize, [f64; 2]),
    Pull([f64; 2]),
    LetGo,
    GiveUp,
    Choose(bool, usize, usize),
    Undo,
    Redo,
    Save,
    Snap,
    Angles(bool),
    Add,
    Select(usize),
    Remove(usize),
}

fn action() -> impl Strategy<Value = Action> {
    let mm = || -60.0..60.0f64;
    let place = move || [mm(), mm()];
    prop_oneof![
        4 => (0..11usize, -3.0..3.0f64).prop_map(|(n, by)| Action::Step(n, by)),
        4 => (0..11usize, -80.0..120.0f64).prop_map(|(n, to)| Action::Slide(n, to)),
        3 => (prop::sample::select(Standard::ALL.to_vec()), 0..12usize, place())
            .prop_map(|(view, n, at)| Action::Take(view, n, at)),
        6 => place().prop_map(Action::Pull),
        2 => Just(Action::LetGo),
        1 => Just(Action::GiveUp),
        3 => (prop::bool::ANY, 0..6usize, 0..40usize).prop_map(|(cup, list, n)| Action::Choose(cup, list, n)),
        3 => Just(Action::Undo),
        1 => Just(Action::Redo),
        1 => Just(Action::Save),
        1 => Just(Action::Snap),
        1 => prop::bool::ANY.prop_map(Action::Angles),
        1 => Just(Action::Add),
        1 => (0..8usize).prop_map(Action::Select),
        1 => (1..8usize).prop_map(Action::Remove),
    ]
}

fn act(bench: &mut Workbench, action: Action) {
    let controls: Vec<Control> = all_controls().collect();
    match action {
        Action::Step(n, by) => bench.step(controls[n], by),
        Action::Slide(n, to) => bench.slide(controls[n], to),
        Action::Take(view, n, at) => {
            let session = bench.session();
            let camera = Camera::standard(view, Side::Right, session.plan().cup.centre_mm, 180.0);
            let still = Transform::identity();
            let (plan, axes) = (session.plan(), session.axes());
            let all = Component::ALL.map(|c| handles(c, plan, axes, bench.angles, &still, &camera)).concat();
            if let Some(handle) = all.into_iter().nth(n) {
                bench.take(handle, &camera, at);
            }
        }
        Action::Pull(at) => bench.pull(at),
        Action::LetGo => bench.let_go(),
        Action::GiveUp => bench.give_up(),
        Action::Choose(is_cup, list, n) => {
            let (plan, catalogue) = (bench.session().plan(), Catalogue::builtin());
            let lists =
                if is_cup { Choices::of_cup(plan, &catalogue) } else { Choices::of_stem(plan, &catalogue) };
            if let Some(choice) = lists.get(list).and_then(|list| list.choices.get(n)) {
                bench.edit(&choice.edit);
            }
        }
        Action::Undo => bench.undo(),
        Action::Redo => bench.redo(),
        Action::Save => bench.save(),
        Action::Snap => bench.edit(&Edit::Snap(Snap::Saved)),
        Action::Angles(is_anterior) => {
            bench.angles.plane = if is_anterior { CupPlane::AnteriorPelvic } else { CupPlane::Functional };
        }
        Action::Add => bench.add_variant(),
        Action::Select(index) => bench.select_variant(index),
        Action::Remove(index) => bench.remove_variant(index),
    }
}

/// Ten thousand things that a hand may do leave a plan that can be read, and undoing goes back to the first byte.
#[test]
fn whatever_a_hand_does_there_is_a_plan_and_undo_leads_back() {
    let (keep, _) = session();
    let folder = keep.path().join("case");
    let original = format!("# by hand\n{}", fs::read_to_string(folder.join("plan.toml")).unwrap());
    let config = ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() };
    let rng =
        proptest::test_runner::TestRng::from_seed(proptest::test_runner::RngAlgorithm::ChaCha, &[11; 32]);
    let mut runner = proptest::test_runner::TestRunner::new_with_rng(config, rng);
    let catalogue = Catalogue::builtin();
    let most = std::cell::Cell::new(0);
    runner
        .run(&prop::collection::vec(action(), 1000), |actions| {
            fs::write(folder.join("plan.toml"), &original).unwrap();
            let _ = fs::remove_file(folder.join("plan_unsaved.toml"));
            let mut bench = Workbench::new(Session::open(&folder).unwrap());
            for action in actions {
                act(&mut bench, action);
                most.set(most.get().max(bench.session().steps().0));
            }
            bench.let_go();
            let session = bench.session();
            let read = document::from_toml(session.document(), &catalogue).unwrap();
            prop_assert_eq!(&read, session.plan());
            bench.select_variant(0);
            while bench.session().steps().0 > 0 {
                bench.undo();
            }
            prop_assert_eq!(bench.session().document(), &original);
            Ok(())
        })
        .unwrap();
    assert!(most.get() > 20, "hardly anything was done: {}", most.get());
}
