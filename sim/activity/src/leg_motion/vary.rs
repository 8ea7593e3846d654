//! The same motion as another person does it.

use super::{CHANNELS, Keys, LegMotion};

/// Number of standard normal deviates that [`LegMotion::varied`] takes: the pace, and five for each of sixteen tracks.
pub const DEVIATES: usize = 1 + 5 * (CHANNELS + 5);

/// Fraction of the variance between people that is the same over the whole cycle; the rest comes and goes smoothly, two thirds of it once
/// and one third twice a cycle. Most of what people differ by in the angles of the pelvis and the rotation of the hip is an
/// offset of the whole curve; the exact fraction is our choice.
const STEADY: f64 = 0.7;
const ONCE: f64 = (1.0 - STEADY) * 2.0 / 3.0;
const TWICE: f64 = (1.0 - STEADY) / 3.0;

impl LegMotion {
    /// The motion of another person, from independent standard normal numbers; those that are not given count as zero, and of none the
    /// motion itself comes back. More than four standard deviations count as four.
    ///
    /// At every key of a track the values of many people have the track's mean and spread. Tracks vary independently of one another:
    /// what people make good by another joint is not known from published averages, so combined spreads are rather too large.
    /// Over a cycle both feet bear the whole weight, whatever the person: the vertical force keeps its mean.
    #[must_use]
    pub fn varied(&self, deviates: &[f64]) -> LegMotion {
        let deviate =
            |n: usize| deviates.get(n).copied().filter(|d| !d.is_nan()).unwrap_or(0.0).clamp(-4.0, 4.0);
        let of_track = |track: usize| -> [f64; 5] { std::array::from_fn(|n| deviate(1 + 5 * track + n)) };
        let mut other = self.clone();
        // A pace that nobody can keep is no pace.
        let duration = self.duration_s + self.duration_spread_s * deviate(0);
        other.duration_s = duration.clamp(0.5 * self.duration_s, 2.0 * self.duration_s);
        for (n, keys) in other.joints.iter_mut().enumerate() {
            if let Some(keys) = keys {
                keys.vary(of_track(n), self.is_cycle);
            }
        }
        let count = other.joints.len();
        for (n, keys) in other.forces.iter_mut().enumerate() {
            keys.vary(of_track(count + n), self.is_cycle);
        }
        let [_, vertical, ..] = &mut other.forces;
        vertical.mean.iter_mut().for_each(|force| *force = force.max(0.0));
        if self.is_cycle {
            let [_, before, ..] = &self.forces;
            let (is, should) = (vertical.mean_over_cycle(), before.mean_over_cycle());
            if is > 0.0 {
                vertical.mean.iter_mut().for_each(|force| *force *= should / is);
            }
        }
        other.assembled()
    }
}

impl Keys {
    fn vary(&mut self, [steady, cosine, sine, cosine2, sine2]: [f64; 5], is_cycle: bool) {
        for ((phase, mean), spread) in self.phase.iter().zip(&mut self.mean).zip(&self.spread) {
            let turn = std::f64::consts::TAU * phase / 100.0;
            // What is not a cycle differs by an offset alone, so that it still begins and ends at rest.
            let z = if is_cycle {
                STEADY.sqrt() * steady
                    + ONCE.sqrt() * (cosine * turn.cos() + sine * turn.sin())
                    + TWICE.sqrt() * (cosine2 * (2.0 * turn).cos() + sine2 * (2.0 * turn).sin())
            } else {
                steady
            };
            *mean += spread * z;
        }
    }

    fn mean_over_cycle(&self) -> f64 {
        let curve = self.monotone(&self.mean, true);
        (0..400).map(|n| curve.at(0.25 * f64::from(n))).sum::<f64>() / 400.0
    }
}
