//! De Groote et al. 2016 (Ann Biomed Eng 44:2922, supplement), in the form of OpenSim's `DeGrooteFregly2016Muscle`: constants solved so that
//! the active curve passes (1, 1), the force-velocity curve (-1, 0) and (0, 1), and the tendon's (1, 0).

use super::error::{CurveError, ValueAndSlope, above};

/// The three bells of the active curve: height, middle, width, and how width grows with length.
const BELLS: [[f64; 4]; 3] = [
    [0.815_067_113_424_354_2, 1.055_033_428_970_575, 0.162_384_573_599_574, 0.063_303_448_465_465],
    [0.433_004_984_392_647, 0.716_775_413_397_76, -0.029_947_116_970_696, 0.200_356_847_296_188],
    [0.1, 1.0, 0.353_553_390_593_274, 0.0],
];
/// Shape of the passive curve.
const PASSIVE_SHAPE: f64 = 4.0;
/// Fibres are not shorter than this; the passive curve begins here.
const LEAST_LENGTH: f64 = 0.2;
/// Height of the tendon's exponential.
const TENDON: f64 = 0.2;
/// d1 to d4 of the force-velocity curve.
const VELOCITY: [f64; 4] = [-0.321_134_612_798_980_8, -8.149, -0.374, 0.882_532_773_324_991_2];

#[derive(Debug, Clone)]
pub(super) struct DeGroote {
    tendon_shape: f64,
    passive_strain: f64,
    width: f64,
}

impl DeGroote {
    pub(super) fn new(tendon_strain: f64, passive_strain: f64, width: f64) -> Result<DeGroote, CurveError> {
        let strain = above("the tendon strain", tendon_strain, 0.0, "positive")?;
        Ok(DeGroote {
            // One at this strain.
            tendon_shape: ((1.0 + TENDON) / TENDON).ln() / strain,
            passive_strain: above("the passive strain", passive_strain, 0.0, "positive")?,
            width: above("the width of the active curve", width, 0.0, "positive")?,
        })
    }

    /// Three bells whose width grows with length.
    pub(super) fn active(&self, length: f64) -> ValueAndSlope {
        let x = (length - 1.0) / self.width + 1.0;
        let mut sum = [0.0, 0.0];
        for [height, middle, width, growth] in BELLS {
            let wide = width + growth * x;
            let off = x - middle;
            let value = height * (-0.5 * (off / wide).powi(2)).exp();
            // Where the width of a bell vanishes, so does the bell.
            if value == 0.0 || value.is_nan() {
                continue;
            }
            sum[0] += value;
            sum[1] -= value * off * (width + growth * middle) / wide.powi(3) / self.width;
        }
        sum
    }

    /// The inverse of a hyperbolic sine.
    pub(super) fn velocity(velocity: f64) -> ValueAndSlope {
        let [d1, d2, d3, d4] = VELOCITY;
        let inner = d2 * velocity + d3;
        let value = d1 * inner.asinh() + d4;
        // As the other families: no force that pushes, beyond the fastest shortening.
        if value <= 0.0 { [0.0, 0.0] } else { [value, d1 * d2 / inner.hypot(1.0)] }
    }

    /// An exponential from the least length on.
    pub(super) fn passive(&self, length: f64) -> ValueAndSlope {
        if length <= LEAST_LENGTH {
            return [0.0, 0.0];
        }
        let rate = PASSIVE_SHAPE / self.passive_strain;
        let offset = (rate * (LEAST_LENGTH - 1.0)).exp();
        let below = PASSIVE_SHAPE.exp() - offset;
        let grown = (rate * (length - 1.0)).exp();
        [(grown - offset) / below, rate * grown / below]
    }

    /// An exponential; a slack tendon bears nothing.
    pub(super) fn tendon(&self, length: f64) -> ValueAndSlope {
        let strain = length - 1.0;
        if strain <= 0.0 {
            return [0.0, 0.0];
        }
        let grown = self.tendon_shape * strain;
        [TENDON * grown.exp_m1(), TENDON * self.tendon_shape * grown.exp()]
    }
}
