//! What plays the motions of the plan that is shown.

use super::style;
use crate::motion::{MotionFrame, Moves, Nearest, Prepared, Stagehand, Track, TrackKind};
use crate::session::CaseData;
use crate::shown::{Shown, Stage};
use crate::view::ViewState;
use anyhow::{Result, bail};
use bevy::prelude::Resource;
use bevy_egui::egui::Color32;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

/// A picture waits no longer for what is played.
const PATIENCE: Duration = Duration::from_secs(900);

/// How often it is looked whether the program has computed something in the case.
const LOOK: Duration = Duration::from_secs(2);

/// When the results in a case were written: they are played as soon as they are there.
type Stamps = [Option<SystemTime>; 3];

fn stamps(folder: &Path) -> Stamps {
    let written = |name: &str| std::fs::metadata(folder.join(name)).and_then(|found| found.modified()).ok();
    ["case.toml", "rom.json", "loads.json"].map(written)
}

/// What plays the motions of the plan that is shown.
#[derive(Resource)]
pub(super) struct Player {
    /// Absent where there is no plan.
    case: Option<Arc<CaseData>>,
    /// For which of the plans that were shown, and of which results in the case.
    hand: Option<((usize, Stamps), Stagehand)>,
    looked: Option<(Instant, Stamps)>,
    ready: Prepared,
}

impl Player {
    /// Of a case; nothing is made ready until something is played.
    pub(super) fn new(case: Option<Arc<CaseData>>) -> Self {
        Player { case, hand: None, looked: None, ready: Prepared::default() }
    }

    /// What is ready.
    pub(super) const fn ready(&self) -> &Prepared {
        &self.ready
    }

    /// The plan's moves and the track that is played.
    pub(super) fn playing<'a>(&'a self, state: &ViewState) -> Option<(&'a Moves, &'a Track)> {
        let played = state.played.as_ref().filter(|_| state.stage == Stage::Planned)?;
        let moves = self.ready.moves.as_deref()?;
        Some((moves, moves.track(&played.track)?))
    }

    /// Whether what is to be played is still being made ready.
    pub(super) fn is_making_ready(&self, state: &ViewState) -> bool {
        self.playing(state).is_none() && self.ready.problem.is_none() && state.stage == Stage::Planned
    }

    /// Whether something moves, or is still to come.
    pub(super) fn is_in_work(&self, state: &ViewState) -> bool {
        let Some(played) = &state.played else { return false };
        played.is_running || self.hand.as_ref().is_some_and(|(_, hand)| hand.is_in_work())
    }

    /// What is to be known of what is played.
    pub(super) fn remarks(&self) -> impl Iterator<Item = (&str, Color32)> {
        let Prepared { problem, damaged, no_joint, remark, .. } = &self.ready;
        let problems =
            [problem, damaged, no_joint].into_iter().flatten().map(|words| (words.as_str(), style::REFUSAL));
        problems.chain(remark.map(|words| (words, style::WEAK)))
    }

    /// Where the leg is.
    pub(super) fn frame(&self, state: &ViewState) -> Option<MotionFrame> {
        Some(self.playing(state)?.1.at(state.played.as_ref()?.at))
    }

    /// Whether something is in contact in the position that is seen.
    pub(super) fn is_met(&self, state: &ViewState) -> bool {
        let (Some((_, track)), Some(played), Some(frame)) =
            (self.playing(state), &state.played, self.frame(state))
        else {
            return false;
        };
        let met = self.nearest(&frame).map(|near| near.distance_mm < 0.0);
        met.unwrap_or_else(|| track.is_blocked(played.at))
    }

    /// What is nearest to meeting in the position that is seen, where that is known.
    pub(super) fn nearest(&self, frame: &MotionFrame) -> Option<Nearest> {
        self.ready.nearest.filter(|nearest| nearest.hip == frame.leg.hip)
    }

    /// Goes on by some seconds and lets the state follow.
    pub(super) fn follow(&mut self, shown: &Shown, state: &mut ViewState, seconds: f64) {
        let planned = shown.planned.as_ref().filter(|_| state.stage == Stage::Planned);
        let (Some(case), Some(planned), Some(played)) = (&self.case, planned, state.played.as_mut()) else {
            state.hip = Default::default();
            return;
        };
        let stamps = match self.looked {
            Some((when, stamps)) if when.elapsed() < LOOK => stamps,
            _ => self.looked.insert((Instant::now(), stamps(case.folder()))).1,
        };
        let of = (shown.plan_count, stamps);
        if self.hand.as_ref().is_none_or(|(own, _)| *own != of) {
            let hand = Stagehand::new(case.clone(), planned.clone(), &shown.parts);
            self.hand = Some((of, hand));
        }
        let Some((_, hand)) = &self.hand else { return };
        self.ready = hand.ready();
        if played.has_range {
            hand.want_range();
        }
        let Some(moves) = &self.ready.moves else {
            // A leg that stays as another plan had it would not be of this one.
            if self.ready.problem.is_some() {
                state.hip = Default::default();
            }
            return;
        };
        let Some(track) = moves.track(&played.track).or(moves.tracks().first()) else { return };
        played.track.clone_from(&track.name);
        played.advance(seconds, track.duration_s, track.is_cycle);
        let frame = track.at(played.at);
        state.hip = moves.pose(&frame);
        // A head that has left its place meets elsewhere than these bodies do.
        if track.kind != TrackKind::LeverOut {
            hand.ask(frame.leg.hip);
        }
    }

    /// Waits until all that a picture shows of a motion is there.
    ///
    /// # Errors
    /// What could not be made ready.
    pub(super) fn wait(&mut self, shown: &Shown, state: &mut ViewState) -> Result<()> {
        self.follow(shown, state, 0.0);
        let is_there = self.hand.as_ref().is_none_or(|(_, hand)| hand.wait(PATIENCE));
        // Once what can be played is known, the position can be asked about.
        self.follow(shown, state, 0.0);
        let is_there = is_there && self.hand.as_ref().is_none_or(|(_, hand)| hand.wait(PATIENCE));
        self.follow(shown, state, 0.0);
        match &self.ready.problem {
            Some(problem) => bail!("{problem}"),
            None if !is_there => bail!("the motion was not ready within {} s", PATIENCE.as_secs()),
            None => Ok(()),
        }
    }

    /// The track of a name.
    ///
    /// # Errors
    /// A name that nothing has, with those there are.
    pub(super) fn track(&self, name: &str) -> Result<&Track> {
        let moves = self.ready.moves.as_ref();
        match moves.and_then(|moves| moves.track(name)) {
            Some(track) => Ok(track),
            None => {
                let tracks = moves.map(|moves| moves.tracks()).unwrap_or_default();
                let names: Vec<&str> = tracks.iter().map(|track| track.name.as_str()).collect();
                bail!("no motion is named {name:?}; there are {}", names.join(", "))
            }
        }
    }
}
