//! How long a hand waits after the last move: numbers, and limits of the required motions. On the case in `COXA_CASE`, else on
//! one of a virtual patient made here.

#[path = "../tests/common/mod.rs"]
mod common;

use coxa_planner::adjust::{Adjustment, CupDefinition, CupPlane};
use coxa_viewer::session::{Edit, Session};
use criterion::{Criterion, criterion_group, criterion_main};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const LONG: Duration = Duration::from_secs(300);

/// There and back, so that every move changes something and the plan stays where it is.
fn moves(component: &str) -> [Edit; 2] {
    let (definition, plane) = (CupDefinition::Radiographic, CupPlane::Functional);
    [1.0, -1.0].map(|step| {
        Edit::Adjust(match component {
            "cup, moved" => Adjustment::MoveCup { medial_mm: 0.0, superior_mm: step, anterior_mm: 0.0 },
            "cup, turned" => {
                Adjustment::TurnCup { definition, plane, inclination_deg: step, anteversion_deg: step }
            }
            _ => Adjustment::TurnStem { version_deg: step, varus_deg: 0.0, flexion_deg: 0.0 },
        })
    })
}

fn session(criterion: &mut Criterion) {
    let made = tempfile::tempdir().expect("a temporary folder");
    // A copy of a case that is named: edits are kept beside the plan.
    let folder = made.path().join("case");
    match std::env::var_os("COXA_CASE").map(PathBuf::from) {
        Some(case) => common::copy_all(&case, &folder),
        None => common::write_case(&folder, 1.0),
    }
    let mut session = Session::open(&folder).expect("a case with a plan");
    let start = Instant::now();
    assert!(session.wait(true, LONG), "{:?}", session.live().problem);
    println!("first answers after {:.0} ms", start.elapsed().as_secs_f64() * 1e3);
    let mut group = criterion.benchmark_group("after the last move");
    group.sample_size(20);
    for component in ["cup, moved", "cup, turned", "stem, turned"] {
        let edits = moves(component);
        // Every move is another than the one before it, whatever is measured together.
        let mut moved = 0;
        for (what, limits) in [("numbers", false), ("limits of required motions", true)] {
            group.bench_function(format!("{component}: {what}"), |bencher| {
                bencher.iter_custom(|count| {
                    let mut time = Duration::ZERO;
                    for _ in 0..count {
                        moved += 1;
                        let edit = &edits[moved % 2];
                        let start = Instant::now();
                        session.drag(edit).expect("a move that a plan bears");
                        assert!(session.wait(limits, LONG));
                        time += start.elapsed();
                        // What follows of this move is not the next one's wait.
                        assert!(session.wait(true, LONG));
                    }
                    time
                });
            });
        }
        session.cancel_drag();
        assert!(session.wait(true, LONG));
    }
    group.finish();
    session.end_drag();
}

criterion_group!(benches, session);
criterion_main!(benches);
