//! A muscle with its tendon: the force along the tendon at an activation, a length and a velocity.
//!
//! Fibres lie at an angle to the tendon and keep the thickness of the muscle when they shorten (Zajac 1989, Crit Rev Biomed Eng 17:359):
//! `l sin(a) = l0 sin(a0)`. Along the tendon then `l cos(a)` changes at the rate `dl/dt / cos(a)`.

use super::curves::{CurveError, Curves};
use super::model::Muscle;

/// Fibres stand at no more than this angle to the tendon, as in OpenSim: acos(0.1).
const GREATEST_PENNATION_COS: f64 = 0.1;
/// Straight fibres are not shorter than this share of their optimal length.
const LEAST_LENGTH: f64 = 0.01;
/// Rounds for the length of fibres in equilibrium, and the error in it, over the optimal length, with which they end.
const ROUNDS: usize = 100;
const SETTLED: f64 = 1e-14;
/// Rounds for how fibres and tendon share a velocity, and the change of the fibres' velocity with which they end.
const SHARE_ROUNDS: usize = 30;
const SHARE_SETTLED: f64 = 1e-10;

/// A muscle with its tendon, compiled.
#[derive(Debug, Clone)]
pub struct Musculotendon {
    name: String,
    force: f64,
    optimal_length: f64,
    slack_length: f64,
    thickness: f64,
    /// m/s
    fastest: f64,
    least_length: f64,
    least_activation: f64,
    is_rigid: bool,
    curves: Curves,
}

/// Why a muscle cannot be computed with.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum MusculotendonError {
    /// Numbers of which no curve can be made.
    #[error("the muscle `{muscle}`: {source}")]
    Curve {
        /// The muscle.
        muscle: String,
        /// What is wrong.
        source: CurveError,
    },
    /// A number that makes no muscle.
    #[error("the muscle `{muscle}` has {what} of {value}, which is not possible")]
    Number {
        /// The muscle.
        muscle: String,
        /// Which number.
        what: &'static str,
        /// It.
        value: f64,
    },
}

/// A muscle at work.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Contraction {
    /// Length of the fibres, m.
    pub fibre_length: f64,
    /// Their velocity, m/s, shortening negative.
    pub fibre_velocity: f64,
    /// Cosine of their angle to the tendon.
    pub cos_pennation: f64,
    /// Length of the tendon, m.
    pub tendon_length: f64,
    /// What the fibres pull with along the tendon by activation, N.
    pub active_force: f64,
    /// What they bear along it without, damping included, N.
    pub passive_force: f64,
    /// Force of the tendon, N: the sum of both, where it is rigid or elastic and in equilibrium; none where it is slack.
    pub tendon_force: f64,
}

impl Musculotendon {
    /// Of a muscle of a model.
    ///
    /// # Errors
    /// Where its numbers make no muscle.
    pub fn new(muscle: &Muscle) -> Result<Musculotendon, MusculotendonError> {
        let name = || muscle.name.clone();
        let number = |what, value: f64, is_good: bool| {
            let is_good = is_good && value.is_finite();
            if is_good { Ok(value) } else { Err(MusculotendonError::Number { muscle: name(), what, value }) }
        };
        let force = muscle.max_isometric_force;
        let force = number("a maximum isometric force", force, force > 0.0)?;
        let optimal = number(
            "an optimal fibre length",
            muscle.optimal_fibre_length,
            muscle.optimal_fibre_length > 0.0,
        )?;
        let slack =
            number("a tendon slack length", muscle.tendon_slack_length, muscle.tendon_slack_length > 0.0)?;
        let velocity = muscle.max_contraction_velocity;
        let velocity = number("a maximum contraction velocity", velocity, velocity > 0.0)?;
        let greatest = GREATEST_PENNATION_COS.acos();
        let pennation =
            number("a pennation angle", muscle.pennation, (0.0..greatest).contains(&muscle.pennation))?;
        let activation = muscle.min_activation;
        let least_activation = number("a minimum activation", activation, (0.0..1.0).contains(&activation))?;
        let curves = Curves::new(&muscle.curves)
            .map_err(|source| MusculotendonError::Curve { muscle: name(), source })?;
        let thickness = optimal * pennation.sin();
        let is_rigid = match &muscle.curves {
            super::model::MuscleCurves::Millard2012(numbers) => numbers.ignores_tendon_compliance,
            _ => false,
        };
        let least =
            [thickness / greatest.sin(), optimal * curves.least_active_length(), optimal * LEAST_LENGTH];
        Ok(Musculotendon {
            name: name(),
            force,
            optimal_length: optimal,
            slack_length: slack,
            thickness,
            fastest: velocity * optimal,
            least_length: least.into_iter().fold(0.0, f64::max),
            least_activation,
            is_rigid,
            curves,
        })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Greatest isometric force of its fibres, N.
    pub fn max_isometric_force(&self) -> f64 {
        self.force
    }

    /// Least activation.
    pub fn least_activation(&self) -> f64 {
        self.least_activation
    }

    /// Its curves.
    pub fn curves(&self) -> &Curves {
        &self.curves
    }

    /// Active force along the tendon at full activation, in N, where the tendon is taken as rigid: what OpenSim's static optimisation
    /// multiplies by activation when it minds force-length and force-velocity curves. Passive force is no part of it, and fibres that would
    /// be shorter than they can be have none.
    ///
    /// `length` in m is of muscle and tendon, and `velocity` in m/s its rate, shortening negative.
    pub fn active_force(&self, length: f64, velocity: f64) -> f64 {
        let (fibre, cos) = self.fibre(length - self.slack_length);
        if fibre <= self.least_length {
            return 0.0;
        }
        let [active, _] = self.curves.active(fibre / self.optimal_length);
        let [moving, _] = self.curves.velocity(velocity * cos / self.fastest, 1.0);
        self.force * active * moving * cos
    }

    /// The muscle with a rigid tendon, at an activation from 0 to 1. Fibres that would be shorter than they can be leave it slack.
    pub fn with_rigid_tendon(&self, activation: f64, length: f64, velocity: f64) -> Contraction {
        let (fibre, cos) = self.fibre(length - self.slack_length);
        if fibre <= self.least_length {
            return self.slack(length);
        }
        let fibre_velocity = velocity * cos;
        let (active_force, passive_force) = self.forces(activation, fibre, fibre_velocity, cos);
        Contraction {
            fibre_length: fibre,
            fibre_velocity,
            cos_pennation: cos,
            tendon_length: self.slack_length,
            active_force,
            passive_force,
            tendon_force: active_force + passive_force,
        }
    }

    /// The muscle in equilibrium with its elastic tendon, at an activation from 0 to 1 that does not change: fibres and tendon share the
    /// velocity by their stiffness, as springs in series. A muscle whose model takes the tendon as rigid is computed so.
    ///
    /// Of several equilibria, which a long weak muscle beyond its optimal length may have, one is returned; always the same for the same
    /// arguments.
    pub fn in_equilibrium(&self, activation: f64, length: f64, velocity: f64) -> Contraction {
        if self.is_rigid {
            return self.with_rigid_tendon(activation, length, velocity);
        }
        let mut fibre_velocity = 0.0;
        let mut found = self.balanced(activation, length, fibre_velocity);
        for _ in 0..SHARE_ROUNDS {
            let Some(at) = found else { return self.slack(length) };
            let next = velocity * self.fibres_share(activation, &at) * at.cos_pennation;
            if (next - fibre_velocity).abs() <= SHARE_SETTLED * self.fastest {
                break;
            }
            // Half of the way: a share that jumps from side to side settles all the same.
            fibre_velocity = 0.5 * (fibre_velocity + next);
            found = self.balanced(activation, length, fibre_velocity);
        }
        found.unwrap_or_else(|| self.slack(length))
    }

    /// Length of fibres that reach so far along the tendon, and the cosine of their angle to it.
    fn fibre(&self, along: f64) -> (f64, f64) {
        if along <= 0.0 {
            return (self.thickness, 0.0);
        }
        let fibre = along.hypot(self.thickness);
        (fibre, along / fibre)
    }

    /// How far fibres of a length reach along the tendon.
    fn along(&self, fibre: f64) -> f64 {
        ((fibre - self.thickness) * (fibre + self.thickness)).max(0.0).sqrt()
    }

    fn forces(&self, activation: f64, fibre: f64, velocity: f64, cos: f64) -> (f64, f64) {
        let (length, velocity) = (fibre / self.optimal_length, velocity / self.fastest);
        let [active, _] = self.curves.active(length);
        let [moving, _] = self.curves.velocity(velocity, activation);
        let [passive, _] = self.curves.passive(length);
        let (along, active) = (self.force * cos, activation * active * moving);
        // Damping slows fibres that shorten and never makes them push.
        (along * active, along * (passive + self.curves.damping() * velocity).max(-active))
    }

    fn slack(&self, length: f64) -> Contraction {
        Contraction {
            fibre_length: self.least_length,
            fibre_velocity: 0.0,
            cos_pennation: self.along(self.least_length) / self.least_length,
            tendon_length: length - self.along(self.least_length),
            active_force: 0.0,
            passive_force: 0.0,
            tendon_force: 0.0,
        }
    }

    /// The state of fibres of a length.
    fn state(&self, activation: f64, length: f64, fibre: f64, velocity: f64) -> Contraction {
        let along = self.along(fibre);
        let cos = along / fibre;
        let (active_force, passive_force) = self.forces(activation, fibre, velocity, cos);
        let tendon_length = length - along;
        let [tendon, _] = self.curves.tendon(tendon_length / self.slack_length);
        Contraction {
            fibre_length: fibre,
            fibre_velocity: velocity,
            cos_pennation: cos,
            tendon_length,
            active_force,
            passive_force,
            tendon_force: self.force * tendon,
        }
    }

    /// Where fibres of a velocity and the tendon bear the same force; none where the tendon is slack however short the fibres are.
    fn balanced(&self, activation: f64, length: f64, velocity: f64) -> Option<Contraction> {
        // From the shortest fibres, which stretch the tendon most, to those that leave it slack.
        let (mut low, mut high) = (self.least_length, self.fibre(length - self.slack_length).0);
        if high <= low {
            return None;
        }
        // Regula falsi of Illinois type, which keeps what holds the solution and is faster than halving.
        let error = |fibre: f64| {
            let at = self.state(activation, length, fibre, velocity);
            at.tendon_force - at.active_force - at.passive_force
        };
        let (mut above, mut below) = (error(low), error(high));
        if above <= 0.0 {
            // Even the shortest fibres pull more than the tendon bears.
            return Some(self.state(activation, length, low, velocity));
        }
        if below >= 0.0 {
            return Some(self.state(activation, length, high, velocity));
        }
        let (mut fibre, mut side) = (high, 0);
        for round in 0..ROUNDS {
            let even = low + (high - low) * above / (above - below);
            // Every third round halves, lest a steep tendon leave one end standing.
            fibre = if round % 3 == 2 || !(even > low && even < high) { 0.5 * (low + high) } else { even };
            let off = error(fibre);
            if off > 0.0 {
                (low, above) = (fibre, off);
                if side == 1 {
                    below *= 0.5;
                }
                side = 1;
            } else {
                (high, below) = (fibre, off);
                if side == -1 {
                    above *= 0.5;
                }
                side = -1;
            }
            if off == 0.0 || high - low <= SETTLED * self.optimal_length {
                break;
            }
        }
        Some(self.state(activation, length, fibre, velocity))
    }

    /// The share of the fibres in a velocity of the whole, along the tendon: of two springs in series the softer takes more. Fibres that
    /// grow weaker as they lengthen take all of it.
    fn fibres_share(&self, activation: f64, at: &Contraction) -> f64 {
        let length = at.fibre_length / self.optimal_length;
        let velocity = at.fibre_velocity / self.fastest;
        let [active, active_slope] = self.curves.active(length);
        let [moving, _] = self.curves.velocity(velocity, activation);
        let [passive, passive_slope] = self.curves.passive(length);
        let cos = at.cos_pennation;
        let pull = activation * active * moving + passive + self.curves.damping() * velocity;
        let slope = (activation * active_slope * moving + passive_slope) / self.optimal_length;
        // By the reach along the tendon, of which `dl = cos ds` and `d cos = sin^2 / l ds`.
        let fibres = slope * cos * cos + pull * (1.0 - cos * cos) / at.fibre_length;
        let [_, tendon] = self.curves.tendon(at.tendon_length / self.slack_length);
        let tendon = tendon / self.slack_length;
        if tendon <= 0.0 {
            return 0.0;
        }
        if fibres <= 0.0 { 1.0 } else { tendon / (tendon + fibres) }
    }
}

#[cfg(test)]
mod tests;
