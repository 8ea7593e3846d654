//! What is being played, and how far it is.

use super::range_view::RangeView;

/// A track that is played.
#[derive(Debug, Clone, PartialEq)]
pub struct Played {
    /// Its name.
    pub track: String,
    /// Part of the way, 0 to 1.
    pub at: f64,
    /// Whether it goes on by itself.
    pub is_running: bool,
    /// Which way it goes: a motion turns back at its end.
    pub is_back: bool,
    /// How many times as fast as it is.
    pub speed: f64,
    /// Whether the lines of action of muscles are drawn.
    pub has_lines: bool,
    /// Whether the surface of the range of motion stands beside it.
    pub has_range: bool,
    /// From where that is seen.
    pub range_view: RangeView,
}

impl Played {
    /// The fastest and slowest that anything is played.
    pub const SPEEDS: [f64; 4] = [0.25, 0.5, 1.0, 2.0];

    /// At the start of a track, standing still.
    pub fn new(track: &str) -> Self {
        Played {
            track: track.into(),
            at: 0.0,
            is_running: false,
            is_back: false,
            speed: 1.0,
            has_lines: false,
            has_range: false,
            range_view: RangeView::default(),
        }
    }

    /// Goes on by so many seconds of a track of some duration: a cycle begins again, anything else goes back and forth.
    pub fn advance(&mut self, seconds: f64, duration_s: f64, is_cycle: bool) {
        if !self.is_running || seconds <= 0.0 || !seconds.is_finite() || duration_s <= 0.0 {
            return;
        }
        let step = seconds * self.speed / duration_s;
        if is_cycle {
            self.at = (self.at + step).rem_euclid(1.0);
            return;
        }
        // There and back is twice the way.
        let there = if self.is_back { 2.0 - self.at } else { self.at };
        let there = (there + step).rem_euclid(2.0);
        self.is_back = there > 1.0;
        self.at = if self.is_back { 2.0 - there } else { there };
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cycle_begins_again_and_a_motion_turns_back() {
        let mut cycle = Played { is_running: true, at: 0.9, ..Played::new("walk") };
        cycle.advance(0.4, 2.0, true);
        assert!((cycle.at - 0.1).abs() < 1e-12);
        let mut motion = Played { is_running: true, at: 0.9, ..Played::new("flexion") };
        motion.advance(0.4, 2.0, false);
        assert!((motion.at - 0.9).abs() < 1e-12 && motion.is_back);
        motion.advance(1.0, 2.0, false);
        assert!((motion.at - 0.4).abs() < 1e-12 && motion.is_back);
        motion.advance(1.0, 2.0, false);
        assert!((motion.at - 0.1).abs() < 1e-12 && !motion.is_back);
        let mut still = Played::new("flexion");
        still.advance(1.0, 2.0, false);
        assert_eq!(still.at, 0.0);
    }
}
