//! A study on one machine: every block that is not made yet, on all cores, until it is stopped.

use crate::run::Outcome;
use crate::store::{BlockPlace, Store};
use anyhow::Result;
use rayon::prelude::*;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

/// How far a run is.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Blocks that this run has made, and those that it had to make.
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

/// Makes every block among these that is not made yet.
///
/// # Errors
/// The first that the system refused: a full disk, a folder that is gone. What was made stays.
pub fn run(
    store: &Store,
    blocks: &[BlockPlace],
    progress: &(dyn Fn(Progress) + Sync),
    is_stopped: &(dyn Fn() -> bool + Sync),
) -> Result<Ran> {
    let start = Instant::now();
    let (made, failed) = (AtomicU64::new(0), AtomicU64::new(0));
    let stopped = || is_stopped();
    let error = Mutex::new(None);
    blocks.par_iter().try_for_each(|place| {
        if stopped() {
            return None;
        }
        match store.make(place) {
            Ok(block) => {
                let wrong = block.rows.iter().filter(|row| matches!(row.outcome, Outcome::Failed(_))).count();
                failed.fetch_add(wrong as u64, Ordering::Relaxed);
                let made = made.fetch_add(1, Ordering::Relaxed) + 1;
                let rest = blocks.len() as u64 - made;
                let left = start.elapsed().mul_f64(rest as f64 / made as f64);
                progress(Progress { made, of: blocks.len() as u64, left: Some(left) });
                Some(())
            }
            Err(refused) => {
                if let Ok(mut first) = error.lock() {
                    first.get_or_insert(refused);
                }
                None
            }
        }
    });
    if let Some(error) = error.into_inner().ok().flatten() {
        return Err(error);
    }
    let made = made.into_inner();
    Ok(Ran { made, failed: failed.into_inner(), is_stopped: made < blocks.len() as u64 })
}
