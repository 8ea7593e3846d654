//! The range of motion as a surface: how far the hip turns inwards and outwards at each flexion and adduction.

use coxa_planner::simulate::{ContactPair, RangeMap};
use coxa_rom::map::MapAxis;

/// Where rotation ends at one flexion and adduction.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct RotationEnd {
    /// Internal rotation, degrees.
    pub rotation_deg: f64,
    /// What meets beyond; `None` where the map ends.
    pub cause: Option<ContactPair>,
}

/// The ends of rotation one way, at each flexion and adduction.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    ends: Vec<Option<RotationEnd>>,
    across: usize,
}

impl Sheet {
    /// Of the ends at each flexion and, running fastest, `across` adductions.
    pub const fn new(ends: Vec<Option<RotationEnd>>, across: usize) -> Self {
        Sheet { ends, across }
    }

    /// At the indices of a flexion and an adduction; `None` where nothing can be reached.
    pub fn at(&self, flexion: usize, adduction: usize) -> Option<RotationEnd> {
        if adduction >= self.across {
            return None;
        }
        self.ends.get(flexion * self.across + adduction).copied().flatten()
    }
}

/// All that can be reached from neutral, between two sheets.
#[derive(Debug, Clone, PartialEq)]
pub struct RangeSurface {
    /// Flexions, degrees, ascending.
    pub flexion_deg: Vec<f64>,
    /// Adductions, degrees, ascending.
    pub adduction_deg: Vec<f64>,
    /// Least and greatest rotation of the map.
    pub rotation_deg: [f64; 2],
    /// How far outwards and inwards.
    pub sheets: [Sheet; 2],
}

impl RangeSurface {
    /// Of a map: at each flexion and adduction the longest run of positions that can be reached.
    pub fn new(map: &RangeMap) -> Self {
        let [flexion, adduction, rotation] = map.axes();
        let value = |axis: &MapAxis, n: usize| axis.first_deg + axis.step_deg * n as f64;
        let all = |axis: &MapAxis| -> Vec<f64> { (0..axis.count).map(|n| value(axis, n)).collect() };
        let mut outward = Vec::with_capacity(flexion.count * adduction.count);
        let mut inward = Vec::with_capacity(flexion.count * adduction.count);
        for f in 0..flexion.count {
            for a in 0..adduction.count {
                let run = longest_run((0..rotation.count).map(|r| map.is_reachable([f, a, r])));
                let end = |at: usize, beyond: Option<usize>| RotationEnd {
                    rotation_deg: value(&rotation, at),
                    cause: beyond.filter(|n| *n < rotation.count).and_then(|n| map.contact([f, a, n])),
                };
                outward.push(run.map(|[first, _]| end(first, first.checked_sub(1))));
                inward.push(run.map(|[_, last]| end(last, Some(last + 1))));
            }
        }
        let sheet = |ends| Sheet::new(ends, adduction.count);
        RangeSurface {
            flexion_deg: all(&flexion),
            adduction_deg: all(&adduction),
            rotation_deg: [value(&rotation, 0), value(&rotation, rotation.count.saturating_sub(1))],
            sheets: [sheet(outward), sheet(inward)],
        }
    }
}

/// First and last of the longest run of what holds.
fn longest_run(holds: impl Iterator<Item = bool>) -> Option<[usize; 2]> {
    let (mut best, mut start): (Option<[usize; 2]>, Option<usize>) = (None, None);
    for (n, holds) in holds.enumerate() {
        start = if holds { start.or(Some(n)) } else { None };
        if let Some(first) = start
            && best.is_none_or(|[a, b]| n - first > b - a)
        {
            best = Some([first, n]);
        }
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_run_is_taken() {
        let run = |text: &str| longest_run(text.chars().map(|c| c == 'x'));
        assert_eq!(run("..xx.xxxx.x"), Some([5, 8]));
        assert_eq!(run("x"), Some([0, 0]));
        assert_eq!(run("..."), None);
    }
}
