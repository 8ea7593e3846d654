//! The range of motion as a surface: how far the hip turns inwards and outwards at each flexion and adduction.

use coxa_geometry::joint::HipAngles;
use coxa_planner::simulate::{ContactPair, RangeMap};
use coxa_sim::rom::map::MapAxis;

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
        let sheet = |ends| Sheet { ends, across: adduction.count };
        RangeSurface {
            flexion_deg: all(&flexion),
            adduction_deg: all(&adduction),
            rotation_deg: [value(&rotation, 0), value(&rotation, rotation.count.saturating_sub(1))],
            sheets: [sheet(outward), sheet(inward)],
        }
    }

    /// How far the hip could still turn outwards and inwards in a position, degrees, at the nearest flexion and adduction of the map;
    /// negative beyond its end, `None` outside the map.
    pub fn left_deg(&self, angles: HipAngles) -> Option<[f64; 2]> {
        let nearest = |values: &[f64], value: f64| -> Option<usize> {
            let step = values.get(1)? - values.first()?;
            let n = ((value - values[0]) / step).round();
            (n >= 0.0 && n < values.len() as f64).then_some(n as usize)
        };
        let f = nearest(&self.flexion_deg, angles.flexion.degrees())?;
        let a = nearest(&self.adduction_deg, angles.adduction.degrees())?;
        let [outward, inward] = self.sheets.each_ref().map(|sheet| sheet.at(f, a));
        let rotation = angles.internal_rotation.degrees();
        Some([rotation - outward?.rotation_deg, inward?.rotation_deg - rotation])
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

    #[test]
    fn what_is_left_is_told_at_the_nearest_position() {
        let end = |rotation_deg| Some(RotationEnd { rotation_deg, cause: None });
        let sheet = |ends| Sheet { ends, across: 2 };
        let surface = RangeSurface {
            flexion_deg: vec![0.0, 10.0],
            adduction_deg: vec![-5.0, 5.0],
            rotation_deg: [-90.0, 90.0],
            sheets: [
                sheet(vec![end(-40.0), end(-30.0), end(-20.0), None]),
                sheet(vec![end(50.0), end(45.0), end(10.0), None]),
            ],
        };
        let left = |f, a, r| surface.left_deg(HipAngles::from_degrees(f, a, r));
        let close = |found: Option<[f64; 2]>, wanted: [f64; 2]| {
            found.is_some_and(|found| (0..2).all(|n| (found[n] - wanted[n]).abs() < 1e-9))
        };
        assert!(close(left(2.0, 4.0, 20.0), [50.0, 25.0]));
        assert!(close(left(9.0, -6.0, 15.0), [35.0, -5.0]));
        assert_eq!(left(9.0, 6.0, 15.0), None);
        assert_eq!(left(60.0, 0.0, 0.0), None);
        assert_eq!(surface.sheets[0].at(0, 2), None);
    }
}
