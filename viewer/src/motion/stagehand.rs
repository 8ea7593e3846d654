//! The thread that makes ready what is played of one plan, and then tells what is nearest to meeting in the position that is seen.

use super::moves::Moves;
use super::range::RangeSurface;
use super::tissue::Tissue;
use crate::session::CaseData;
use crate::shown::{Group, ShownPart, Surface};
use coxa_anatomy::Bone;
use coxa_geometry::frame::Patient;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point, Side};
use coxa_planner::Planned;
use coxa_planner::simulate::{ContactPair, PlannedJoint, RangeMap};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// Steps of the map behind the surface of the range of motion.
const MAP_STEP_DEG: f64 = 2.0;

/// Of loads in the case that were computed of another plan.
const OTHER_LOADS: &str = "Activities with forces are not shown: those in the case belong to another plan. Save this plan and run coxa load.";

/// What is nearest to meeting in a position.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Nearest {
    /// The position.
    pub hip: HipAngles,
    /// The pair.
    pub pair: ContactPair,
    /// Its distance, or minus the depth of its contact.
    pub distance_mm: f64,
    /// Where, on the side of the pelvis.
    pub place_mm: Point<Patient>,
}

/// What is ready.
#[derive(Clone, Default)]
pub struct Prepared {
    /// All that can be played.
    pub moves: Option<Arc<Moves>>,
    /// Surfaces that bend with the hip, by the names of their parts.
    pub tissues: Option<Arc<BTreeMap<String, Tissue>>>,
    /// The range of motion, where it was asked for.
    pub range: Option<Arc<RangeSurface>>,
    /// What is nearest in the position that was asked about last.
    pub nearest: Option<Nearest>,
    /// What could not be made ready.
    pub problem: Option<String>,
    /// What of the results in the case is damaged.
    pub damaged: Option<String>,
    /// Why contact and range cannot be computed of what can be played all the same.
    pub no_joint: Option<String>,
    /// What is to be known of what can be played.
    pub remark: Option<&'static str>,
}

/// The thread, and what is asked of it.
pub struct Stagehand {
    shared: Arc<Shared>,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    ready: Prepared,
    asked: Option<HipAngles>,
    answered: Option<HipAngles>,
    is_range_wanted: bool,
    is_closed: bool,
    /// Whether there is a joint to be asked.
    has_joint: Option<bool>,
}

impl State {
    /// Whether all that was asked for is there or cannot be.
    fn is_done(&self) -> bool {
        let is_there = self.ready.moves.is_some() && self.ready.tissues.is_some();
        let is_told = self.asked == self.answered;
        let has_range = !self.is_range_wanted || self.ready.range.is_some();
        let has_answers = self.has_joint == Some(false) || (is_told && has_range);
        self.ready.problem.is_some() || (is_there && has_answers)
    }
}

/// What the thread works on.
struct Work {
    case: Arc<CaseData>,
    planned: Arc<Planned>,
    soft: Vec<(String, Arc<Surface>)>,
}

impl Stagehand {
    /// Begins to make ready a plan; soft tissue of its side among `parts` will bend.
    pub fn new(case: Arc<CaseData>, planned: Arc<Planned>, parts: &[ShownPart]) -> Self {
        let ending = format!("_{}", planned.plan.side.name());
        let is_soft = |part: &&ShownPart| part.group == Group::SoftTissue && part.name.ends_with(&ending);
        let soft = parts.iter().filter(is_soft);
        let soft = soft.map(|part| (part.name.clone(), part.surface.clone())).collect();
        let state = State {
            ready: Prepared::default(),
            asked: None,
            answered: None,
            is_range_wanted: false,
            is_closed: false,
            has_joint: None,
        };
        let shared = Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new() });
        let (own, work) = (shared.clone(), Work { case, planned, soft });
        let work = move || {
            // Nothing that it leaves half done is looked at afterwards.
            if catch_unwind(AssertUnwindSafe(|| run(&own, &work))).is_err() {
                own.problem("this plan cannot be played because of a program error; please report it".into());
            }
        };
        let thread = std::thread::Builder::new().name("motion".into()).spawn(work);
        if let Err(error) = thread {
            let text = format!("nothing can be played, because no thread could be started: {error}");
            shared.lock().ready.problem = Some(text);
        }
        Stagehand { shared }
    }

    /// What is ready by now.
    pub fn ready(&self) -> Prepared {
        self.shared.lock().ready.clone()
    }

    /// Asks what is nearest to meeting in a position.
    pub fn ask(&self, hip: HipAngles) {
        let mut state = self.shared.lock();
        if state.asked != Some(hip) {
            state.asked = Some(hip);
            drop(state);
            self.shared.changed.notify_all();
        }
    }

    /// Asks for the range of motion as a surface.
    pub fn want_range(&self) {
        let mut state = self.shared.lock();
        if !state.is_range_wanted {
            state.is_range_wanted = true;
            drop(state);
            self.shared.changed.notify_all();
        }
    }

    /// Whether something that was asked for is still to come.
    pub fn is_in_work(&self) -> bool {
        !self.shared.lock().is_done()
    }

    /// Waits until all that was asked for is there or cannot be; whether it came in time.
    pub fn wait(&self, most: Duration) -> bool {
        let end = Instant::now() + most;
        let mut state = self.shared.lock();
        loop {
            if state.is_done() {
                return true;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return false;
            }
            state = self.shared.wait(state, left);
        }
    }
}

impl Drop for Stagehand {
    /// The thread ends by itself when what it is at is done: nobody waits for it.
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        self.shared.changed.notify_all();
    }
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn wait<'a>(&self, state: MutexGuard<'a, State>, most: Duration) -> MutexGuard<'a, State> {
        self.changed.wait_timeout(state, most).unwrap_or_else(PoisonError::into_inner).0
    }

    /// Notes what is ready. Whether anybody still wants more.
    fn put(&self, note: impl FnOnce(&mut State)) -> bool {
        let mut state = self.lock();
        note(&mut state);
        let is_open = !state.is_closed;
        drop(state);
        self.changed.notify_all();
        is_open
    }

    fn problem(&self, text: String) {
        self.put(|state| state.ready.problem = Some(text));
    }
}

/// What the thread does next.
enum Next {
    Tell(HipAngles),
    Map,
    End,
}

fn run(shared: &Shared, work: &Work) {
    let Work { case, planned, .. } = work;
    let (simulation, loads) = match case.has_results_of(&planned.plan) {
        true => (case.simulation(), case.loads()),
        false => (Ok(None), Ok(None)),
    };
    if case.folder().join("loads.json").exists() && !case.has_results_of(&planned.plan) {
        shared.put(|state| state.ready.remark = Some(OTHER_LOADS));
    }
    // What is damaged of one of them does not stop the rest.
    let told = |text: String| {
        shared.put(|state| state.ready.damaged = Some(text));
    };
    let simulation = simulation.map_err(told).unwrap_or_default();
    let loads = loads.map_err(told).unwrap_or_default();
    let moves = |limits: &[_]| {
        Arc::new(Moves::new(planned, case.anatomy(), limits, simulation.as_ref(), loads.as_ref()))
    };
    if let Some(simulation) = &simulation {
        let moves = moves(&simulation.limits);
        if !shared.put(|state| state.ready.moves = Some(moves)) {
            return;
        }
    }
    let joint = PlannedJoint::new(planned, case.anatomy());
    let joint = match joint {
        Ok(joint) => joint,
        Err(error) if simulation.is_none() => {
            return shared.problem(format!("motion of this plan cannot be simulated: {error}"));
        }
        Err(error) => {
            shared.put(|state| {
                state.has_joint = Some(false);
                state.ready.no_joint = Some(format!("the nearest contact cannot be computed: {error}"));
            });
            bend(shared, work);
            return;
        }
    };
    if simulation.is_none() {
        let options = case.simulation_options();
        let moves = moves(&joint.limits(options.posture, options.tilt()));
        if !shared.put(|state| state.ready.moves = Some(moves)) {
            return;
        }
    }
    if !shared.put(|state| state.has_joint = Some(true)) || !bend(shared, work) {
        return;
    }
    loop {
        match next(shared) {
            Next::Tell(hip) => {
                let clearance = joint.clearances(&[hip]).pop().flatten();
                let nearest = clearance.map(|clearance| Nearest {
                    hip,
                    pair: clearance.pair,
                    distance_mm: clearance.distance_mm,
                    place_mm: joint.frames().in_patient(clearance.at),
                });
                shared.put(|state| {
                    state.ready.nearest = nearest;
                    state.answered = Some(hip);
                });
            }
            Next::Map => match RangeMap::at_steps(&joint, MAP_STEP_DEG, &|_| {}) {
                Ok(map) => {
                    let surface = Arc::new(RangeSurface::new(&map));
                    shared.put(|state| state.ready.range = Some(surface));
                }
                Err(error) => {
                    return shared.problem(format!("the range of motion cannot be mapped: {error}"));
                }
            },
            Next::End => return,
        }
    }
}

fn next(shared: &Shared) -> Next {
    let mut state = shared.lock();
    loop {
        if state.is_closed {
            return Next::End;
        }
        if let Some(hip) = state.asked.filter(|hip| state.answered != Some(*hip)) {
            return Next::Tell(hip);
        }
        if state.is_range_wanted && state.ready.range.is_none() {
            return Next::Map;
        }
        state = shared.wait(state, Duration::from_secs(3600));
    }
}

/// Makes soft tissue bend. Whether anybody still wants more.
fn bend(shared: &Shared, work: &Work) -> bool {
    let side = work.planned.plan.side;
    let mut tissues = BTreeMap::new();
    if let Ok(bones) = work.case.bones()
        && let Some((pelvis, femur)) = queries(bones, side)
    {
        for (name, surface) in &work.soft {
            tissues.insert(name.clone(), Tissue::new(&surface.mesh, &pelvis, &femur));
            if shared.lock().is_closed {
                return false;
            }
        }
    }
    shared.put(|state| state.ready.tissues = Some(Arc::new(tissues)))
}

/// The bones of the pelvis, and the femur of a side.
fn queries(
    bones: &BTreeMap<Bone, Mesh<Patient>>,
    side: Side,
) -> Option<(Vec<MeshQuery<Patient>>, MeshQuery<Patient>)> {
    let query = |bone: Bone| MeshQuery::new(bones.get(&bone)?).ok();
    let pelvis = [Bone::hip(side), Bone::Sacrum, Bone::hip(side.other())];
    let pelvis: Vec<_> = pelvis.into_iter().filter_map(query).collect();
    (!pelvis.is_empty()).then_some((pelvis, query(Bone::femur(side))?))
}
