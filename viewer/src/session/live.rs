//! The thread that computes what a plan comes to.
//!
//! It works on the last plan it was asked about, from what is quick to what is slow, and looks between two pieces of work
//! whether it was asked anew: a plan that changed while it worked makes it start again, and what it has found so far is stale.

mod answering;
mod shared;

use super::answers::{Answers, Problem};
use super::data::CaseData;
use coxa_planner::Plan;
use shared::{Found, Shared, State};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::time::{Duration, Instant};

/// The thread and what it shares.
pub(super) struct Live {
    shared: Arc<Shared>,
}

impl Live {
    pub(super) fn new(data: Arc<CaseData>, plan: Plan) -> Self {
        let state = State { plan, is_map_wanted: false, is_closed: false, found: Found::default() };
        let shared =
            Arc::new(Shared { state: Mutex::new(state), changed: Condvar::new(), asked: AtomicU64::new(1) });
        let own = shared.clone();
        let work = move || {
            // Nothing that it leaves half done is looked at afterwards.
            if catch_unwind(AssertUnwindSafe(|| answering::work(&own, &data))).is_err() {
                let text = "this plan cannot be computed because of a program error; please report it. Edits are kept: open the case again";
                own.problem(own.asked(), Problem::Case(text.into()));
            }
        };
        let thread = std::thread::Builder::new().name("plan".into()).spawn(work);
        if let Err(error) = thread {
            let text = format!("nothing can be computed, because no thread could be started: {error}");
            shared.lock().found.problem = Some((1, Problem::Case(text)));
        }
        Live { shared }
    }

    /// Asks about another plan.
    pub(super) fn ask(&self, plan: Plan) {
        let mut state = self.shared.lock();
        if state.plan != plan {
            state.plan = plan;
            self.shared.asked.fetch_add(1, Ordering::SeqCst);
        }
        drop(state);
        self.shared.changed.notify_all();
    }

    pub(super) fn set_map_wanted(&self, is_wanted: bool) {
        let mut state = self.shared.lock();
        if state.is_map_wanted != is_wanted {
            state.is_map_wanted = is_wanted;
            // What is not wanted any more is no reason to begin again.
            if is_wanted {
                state.found.done = 0;
            }
        }
        drop(state);
        self.shared.changed.notify_all();
    }

    pub(super) fn answers(&self) -> Answers {
        let state = self.shared.lock();
        let asked = self.shared.asked();
        let found = &state.found;
        let problem = found.problem.as_ref().filter(|(of, problem)| {
            // What is wrong with the case is so of every plan.
            *of == asked || matches!(problem, Problem::Case(_))
        });
        Answers {
            sketch: found.sketch.answer(asked),
            required_limits: found.required_limits.answer(asked),
            prices: found.prices.answer(asked),
            limits: found.limits.answer(asked),
            planned: found.planned.answer(asked),
            orientation_map: found.orientation_map.answer(asked),
            orientation_problem: found
                .orientation_problem
                .as_ref()
                .filter(|(of, _)| *of == asked)
                .map(|(_, text)| text.clone()),
            problem: problem.map(|(_, problem)| problem.clone()),
        }
    }

    pub(super) fn wait(&self, limits: bool, most: Duration) -> bool {
        self.until(most, |found, asked| {
            found.sketch.is_of(asked) && (!limits || found.required_limits.is_of(asked))
        })
    }

    pub(super) fn settle(&self, most: Duration) -> bool {
        self.until(most, |found, asked| found.done == asked)
    }

    /// Waits until something is found; not, where a problem keeps it from being.
    fn until(&self, most: Duration, is_found: impl Fn(&Found, u64) -> bool) -> bool {
        let end = Instant::now() + most;
        let mut state = self.shared.lock();
        loop {
            let asked = self.shared.asked();
            if is_found(&state.found, asked) {
                return true;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || state.found.problem.as_ref().is_some_and(|(of, _)| *of == asked) {
                return false;
            }
            state = self.shared.wait(state, left);
        }
    }
}

impl Drop for Live {
    /// The thread ends by itself with the piece of work that it is at: nobody waits for it.
    fn drop(&mut self) {
        self.shared.lock().is_closed = true;
        // What may be stopped stops as if something else were asked.
        self.shared.asked.fetch_add(1, Ordering::SeqCst);
        self.shared.changed.notify_all();
    }
}
