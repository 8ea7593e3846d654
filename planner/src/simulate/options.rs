//! What is asked of a simulation.

use coxa_geometry::Angle;
use serde::{Deserialize, Serialize};

/// What to simulate.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct SimulationOptions {
    /// How the patient holds the pelvis.
    pub posture: Posture,
    /// Tilt of the pelvis from supine instead of the posture's own, backwards positive.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pelvic_tilt_deg: Option<Angle>,
}

/// A pelvic tilt that no patient has.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum OptionsError {
    /// Outside what a pelvis does.
    #[error("a pelvic tilt of {degrees} degrees is outside {} to {}", -MOST_TILT_DEG, MOST_TILT_DEG)]
    Tilt {
        /// What was asked for.
        degrees: f64,
    },
}

/// Largest tilt from supine, either way: hypermobile and fused spines stay within.
const MOST_TILT_DEG: f64 = 60.0;

impl SimulationOptions {
    /// The tilt of the pelvis from supine, backwards positive.
    pub fn tilt(&self) -> Angle {
        self.pelvic_tilt_deg.unwrap_or_else(|| self.posture.pelvic_tilt())
    }

    /// Checks what a user may have asked for.
    ///
    /// # Errors
    /// Any [`OptionsError`].
    pub fn check(&self) -> Result<(), OptionsError> {
        match self.pelvic_tilt_deg.map(Angle::degrees) {
            // Degrees come back from radians with a rounding error; the bounds themselves are allowed.
            Some(degrees) if degrees.is_nan() || degrees.abs() > MOST_TILT_DEG + 1e-9 => {
                Err(OptionsError::Tilt { degrees })
            }
            _ => Ok(()),
        }
    }
}

/// TEMPORARY
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Posture {
    /// s
    #[default]
    Supine,
    /// s
    Standing,
    /// s
    Sitting,
}

impl Posture {
    /// s
    pub fn pelvic_tilt(self) -> Angle {
        Angle::from_degrees(match self {
            Posture::Supine => 0.0,
            Posture::Standing => 5.0,
            Posture::Sitting => 25.0,
        })
    }

    /// s
    pub const fn name(self) -> &'static str {
        match self {
            Posture::Supine => "supine",
            Posture::Standing => "standing",
            Posture::Sitting => "sitting",
        }
    }
}
