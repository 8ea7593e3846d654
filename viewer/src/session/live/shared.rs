//! What the thread that computes and those who ask it share: the plan that is asked about, and what was found of it.

use crate::session::answers::{Answer, Problem};
use coxa_planner::Sketch;
use coxa_planner::optimise::{OrientationMap, PartPrice};
use coxa_planner::simulate::MotionLimit;
use coxa_planner::{Plan, Planned};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

pub(super) struct Shared {
    pub(super) state: Mutex<State>,
    pub(super) changed: Condvar,
    /// Counts the plans that were asked about; read without the lock by what may be stopped.
    pub(super) asked: AtomicU64,
}

pub(super) struct State {
    pub(super) plan: Plan,
    pub(super) is_map_wanted: bool,
    pub(super) is_closed: bool,
    pub(super) found: Found,
}

/// Answers, each with the count of the plan that it is of.
#[derive(Default)]
pub(super) struct Found {
    pub(super) sketch: Stamped<Sketch>,
    pub(super) required_limits: Stamped<Vec<MotionLimit>>,
    pub(super) limits: Stamped<Vec<MotionLimit>>,
    pub(super) planned: Stamped<Planned>,
    pub(super) orientation_map: Stamped<OrientationMap>,
    pub(super) prices: Stamped<Vec<PartPrice>>,
    /// Why there is no map, and of which plan.
    pub(super) orientation_problem: Option<(u64, String)>,
    pub(super) problem: Option<(u64, Problem)>,
    /// The plan after which nothing is left to do.
    pub(super) done: u64,
}

pub(super) struct Stamped<T>(pub(super) Option<(u64, Arc<T>)>);

impl<T> Default for Stamped<T> {
    fn default() -> Self {
        Stamped(None)
    }
}

impl<T> Stamped<T> {
    pub(super) fn answer(&self, asked: u64) -> Answer<T> {
        match &self.0 {
            Some((of, value)) => Answer { value: Some(value.clone()), is_stale: *of != asked },
            None => Answer::default(),
        }
    }

    pub(super) fn is_of(&self, asked: u64) -> bool {
        self.0.as_ref().is_some_and(|(of, _)| *of == asked)
    }
}

impl Shared {
    pub(super) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn wait<'a>(&self, state: MutexGuard<'a, State>, most: Duration) -> MutexGuard<'a, State> {
        self.changed.wait_timeout(state, most).unwrap_or_else(PoisonError::into_inner).0
    }

    pub(super) fn asked(&self) -> u64 {
        self.asked.load(Ordering::SeqCst)
    }

    /// Waits for a plan that is not done with; `None` when the session is over.
    pub(super) fn next(&self) -> Option<(u64, Plan, bool)> {
        let mut state = self.lock();
        loop {
            if state.is_closed {
                return None;
            }
            let asked = self.asked();
            if state.found.done != asked {
                return Some((asked, state.plan.clone(), state.is_map_wanted));
            }
            state = self.wait(state, Duration::from_secs(3600));
        }
    }

    /// Whether nothing else is asked for some time.
    pub(super) fn rests(&self, of: u64, time: Duration) -> bool {
        let end = Instant::now() + time;
        let mut state = self.lock();
        loop {
            if state.is_closed || self.asked() != of {
                return false;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            state = self.wait(state, left);
        }
    }

    /// Notes what was found. Whether the plan is still the one that is asked about.
    pub(super) fn put(&self, of: u64, note: impl FnOnce(&mut Found)) -> bool {
        let mut state = self.lock();
        note(&mut state.found);
        let is_current = !state.is_closed && self.asked() == of;
        drop(state);
        self.changed.notify_all();
        is_current
    }

    /// Nothing is left to do of a plan, unless the map was asked for meanwhile.
    pub(super) fn finish(&self, of: u64, had_map: bool) {
        let mut state = self.lock();
        if had_map || !state.is_map_wanted {
            state.found.done = of;
        }
        drop(state);
        self.changed.notify_all();
    }

    pub(super) fn problem(&self, of: u64, problem: Problem) {
        self.put(of, |found| {
            found.problem = Some((of, problem));
            found.done = of;
        });
    }
}
