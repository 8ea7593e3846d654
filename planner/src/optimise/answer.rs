//! From instants that are free or not to the number that a criterion judges.

use super::questions::Instant;

/// The instants of one question in one sample.
pub(crate) struct SampledQuestion<'a> {
    pub(crate) instants: &'a [Instant],
    /// What the neck has left to the rim.
    pub(crate) margins_deg: &'a [f64],
    /// Whether no surfaces meet; of no meaning where the neck has nothing left.
    pub(crate) is_free: &'a [bool],
}

/// Halvings of a step in which surfaces begin to meet: 4 degrees become a quarter of one.
const HALVINGS: usize = 4;
/// An instant in contact counts for at least this much of a way.
const LEAST_WAY_DEG: f64 = 1.0;

impl SampledQuestion<'_> {
    /// How far a motion goes: until the neck meets the rim or surfaces meet, whatever is first; as far as it was followed where
    /// nothing meets, `None` where there is nothing to follow. A motion that begins in contact with the rim goes less than nowhere, by what is to be turned back.
    /// `is_free_between` says whether surfaces are apart some part of the way from one instant to the next.
    pub(crate) fn reach(&self, is_free_between: impl Fn(usize, f64) -> bool) -> Option<f64> {
        let turn = |i: usize| self.instants[i].turn_deg;
        let Some(first) = (0..self.instants.len()).find(|&i| self.margins_deg[i] < 0.0 || !self.is_free[i])
        else {
            return self.instants.last().map(|last| last.turn_deg);
        };
        if first == 0 {
            return Some(self.margins_deg[0].min(-LEAST_WAY_DEG));
        }
        let way = turn(first) - turn(first - 1);
        // The neck's margin is so smooth that it may be taken as straight over a step.
        let (before, after) = (self.margins_deg[first - 1], self.margins_deg[first]);
        let mut met = if after < 0.0 { before / (before - after) } else { 1.0 };
        if after < 0.0 && is_free_between(first - 1, met) {
            return Some(turn(first - 1) + way * met);
        }
        let mut free = 0.0;
        for _ in 0..HALVINGS {
            let middle = (free + met) / 2.0;
            if is_free_between(first - 1, middle) { free = middle } else { met = middle }
        }
        Some(turn(first - 1) + way * free)
    }

    /// What an activity leaves: the least that the neck has left, or minus the way on which anything is in contact; `None` of no
    /// instants at all.
    pub(crate) fn clearance(&self) -> Option<f64> {
        let in_contact = |i: usize| self.margins_deg[i] < 0.0 || !self.is_free[i];
        let way: f64 = (0..self.instants.len())
            .filter(|&i| in_contact(i))
            .map(|i| self.instants[i].turn_deg.max(LEAST_WAY_DEG))
            .sum();
        if way > 0.0 { Some(-way) } else { self.margins_deg.iter().copied().reduce(f64::min) }
    }
}
