//! A study on one machine: every block that is not made yet, on all cores, until it is stopped.

use crate::run::Outcome;
use crate::store::Store;
use anyhow::Result;
use std::ops::Range;
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Blocks that this run has made.
    pub made: u64,
    /// Blocks that it had to make.
    pub of: u64,
    /// Time left, by the blocks that were made; `None` before the first.
    pub left: Option<Duration>,
}

/// What a run came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Ran {
    /// Blocks made.
    pub made: u64,
    /// Jobs in which something went wrong.
    pub failed: u64,
    /// Whether it was stopped before its end.
    pub is_stopped: bool,
}

/// Makes every block among these, by their numbers, that is not made yet. None of them is held in memory.
///
/// # Errors
/// The first that the system refused: a full disk, a folder that is gone. What was made stays.
pub fn run(
    store: &Store,
    blocks: Range<u64>,
    progress: &(dyn Fn(Progress) + Sync),
    is_stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Ran> {
    let start = Instant::now();
    let of = blocks.clone().filter(|number| !store.is_made(&store.block(*number))).count() as u64;
    let (made, failed, next) = (AtomicU64::new(0), AtomicU64::new(0), AtomicU64::new(blocks.start));
    let (error, ended) = (Mutex::new(None), AtomicBool::new(false));
    let work = || {
        while !ended.load(Ordering::Relaxed) {
            let number = next.fetch_add(1, Ordering::Relaxed);
            if number >= blocks.end {
                break;
            }
            let place = store.block(number);
            if store.is_made(&place) {
                continue;
            }
            if is_stopped() {
                ended.store(true, Ordering::Relaxed);
                break;
            }
            match store.make(&place) {
                Ok(block) => {
                    let wrong = block.rows.iter().filter(|row| matches!(row.outcome, Outcome::Failed(_)));
                    failed.fetch_add(wrong.count() as u64, Ordering::Relaxed);
                    let made = made.fetch_add(1, Ordering::Relaxed) + 1;
                    let rest = of.saturating_sub(made);
                    let left = start.elapsed().mul_f64(rest as f64 / made as f64);
                    progress(Progress { made, of, left: Some(left) });
                }
                Err(refused) => {
                    ended.store(true, Ordering::Relaxed);
                    if let Ok(mut first) = error.lock() {
                        first.get_or_insert(refused);
                    }
                }
            }
        }
    };
    // Threads of their own, so that one that waits for a part of its hip does not begin another hip meanwhile.
    std::thread::scope(|scope| {
        let threads = if store.is_heavy() { 1 } else { rayon::current_num_threads() };
        for _ in 0..threads {
            scope.spawn(work);
        }
    });
    if let Some(error) = error.into_inner().ok().flatten() {
        return Err(error);
    }
    Ok(Ran { made: made.into_inner(), failed: failed.into_inner(), is_stopped: ended.into_inner() })
}
