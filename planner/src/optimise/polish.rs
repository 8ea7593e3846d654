//! The end of a search: every number of a placement moved by itself, with the same samples for every try, until no step of one
//! millimetre or degree helps.

use super::design::Variable;
use super::sample::Sample;
use super::study::{Prepared, Study};
use super::tried::{State, Tried, bounds, try_design};

/// Steps in millimetres and degrees, from the first to the last.
const STEPS: [f64; 2] = [2.0, 1.0];
/// Rounds over all variables with one step, at most.
const ROUNDS: usize = 4;
/// A gain that is smaller is none.
const LEAST_GAIN: f64 = 1e-4;

impl State<'_> {
    /// The placement from which no step gains.
    pub(super) fn polish(&mut self, study: &Study<'_>, prepared: &Prepared, samples: &[Sample]) -> Tried {
        let native = study.hip.native_version().degrees();
        let held = self.run.freedom.held;
        let free: Vec<Variable> = Variable::ALL.into_iter().filter(|v| !held.contains(v)).collect();
        let mut best = self.try_at(study, prepared, samples);
        for step in STEPS {
            for _ in 0..ROUNDS {
                let before = best.score;
                for &variable in &free {
                    let (low, high) = bounds(variable, native);
                    for step in [step, -step] {
                        // A step that helped is taken again.
                        loop {
                            let placement = best.design.placement;
                            let value = (placement.get(variable) + step).clamp(low, high);
                            let moved = study.moved(prepared, placement.with(variable, value).rounded());
                            if self.is_stopped() || moved.design.placement == placement {
                                break;
                            }
                            let tried = self.try_at(study, &moved, samples);
                            if tried.score <= best.score + LEAST_GAIN {
                                break;
                            }
                            best = tried;
                        }
                    }
                }
                if best.score <= before {
                    break;
                }
            }
        }
        best
    }

    fn try_at(&mut self, study: &Study<'_>, moved: &Prepared, samples: &[Sample]) -> Tried {
        let tried = try_design(study, moved, samples);
        self.count += 1;
        self.tried.push(tried.clone());
        tried
    }
}
