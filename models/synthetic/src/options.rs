//! What patient to make and how to scan it.

use super::blood::ContrastPhase;
use super::choices::{CtPhysics, Disease, ImplantKind};
use super::error::VirtualPatientError;
use super::femur_form::FemurForm;
use coxa_geometry::Side;
use serde::{Deserialize, Serialize};

/// Bone-to-bone distance in a healthy hip joint: both cartilages. The bony socket of adults is 3 to 4 mm wider than the head.
pub(super) const HEALTHY_JOINT_SPACE_MM: f64 = 1.9;

/// What patient to make and how to scan it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VirtualPatientOptions {
    /// Seed of everything random: shape, pose, texture, noise.
    pub seed: u64,
    /// Voxel size across the body, 0.7 to 4; slices lie 1.25 times as far apart.
    pub spacing_mm: f64,
    /// Standard deviation of the image noise in soft tissue, 0 to 100.
    pub noise_hu: f64,
    /// Bone-to-bone distance in the healthy hip joint, 1 to 6.
    pub joint_space_mm: f64,
    /// What the patient suffers from.
    pub disease: Disease,
    /// Its grade, within [`Disease::grades`]; `None` draws one, 1 at least.
    pub grade: Option<u8>,
    /// The hip that it affects; `None` draws one.
    pub affected: Option<Side>,
    /// A hip whose joint space alone is worn: the head rises until only a third of the joint space is left above it.
    pub worn: Option<Side>,
    /// What form both femora have.
    #[serde(skip_serializing_if = "FemurForm::is_usual")]
    pub femur: FemurForm,
    /// Body mass index, 16 to 45; `None` draws one.
    pub bmi_kg_per_m2: Option<f64>,
    /// When the scan was taken after contrast agent; `None` draws a phase, native most often.
    pub contrast: Option<ContrastPhase>,
    /// A femur that carries metal, with streaks.
    pub metal: Option<Side>,
    /// What metal that is.
    pub implant: ImplantKind,
    /// How the CT is simulated.
    pub physics: CtPhysics,
    /// How far the scan reaches above the hip centres, mm, 20 to 220; `None` goes above both iliac crests.
    pub above_hips_mm: Option<f64>,
    /// How far the scan reaches below the hip centres, mm, 20 to 700, but never farther than just
    /// below both femora, which is what `None` gives.
    pub below_hips_mm: Option<f64>,
}

impl Default for VirtualPatientOptions {
    fn default() -> Self {
        VirtualPatientOptions {
            seed: 1,
            spacing_mm: 1.2,
            noise_hu: 12.0,
            joint_space_mm: HEALTHY_JOINT_SPACE_MM,
            disease: Disease::None,
            grade: None,
            affected: None,
            worn: None,
            femur: FemurForm::Usual,
            bmi_kg_per_m2: None,
            contrast: None,
            metal: None,
            implant: ImplantKind::Nail,
            physics: CtPhysics::Quick,
            above_hips_mm: None,
            below_hips_mm: None,
        }
    }
}

impl VirtualPatientOptions {
    /// Whether every option is within its range.
    ///
    /// # Errors
    /// The first that is not, with its range.
    pub fn check(&self) -> Result<(), VirtualPatientError> {
        let limits = [
            ("spacing_mm", self.spacing_mm, 0.7, 4.0),
            ("noise_hu", self.noise_hu, 0.0, 100.0),
            ("joint_space_mm", self.joint_space_mm, 1.0, 6.0),
            ("above_hips_mm", self.above_hips_mm.unwrap_or(180.0), 20.0, 220.0),
            ("below_hips_mm", self.below_hips_mm.unwrap_or(400.0), 20.0, 700.0),
            ("bmi_kg_per_m2", self.bmi_kg_per_m2.unwrap_or(25.0), 16.0, 45.0),
        ];
        for (option, value, low, high) in limits {
            // Written so that NaN is refused.
            if !(value >= low && value <= high) {
                return Err(VirtualPatientError::OutOfRange { option, value, low, high });
            }
        }
        match (self.grade, self.disease.grades()) {
            (Some(grade), Some((low, high))) if !(low..=high).contains(&grade) => {
                let [value, low, high] = [grade, low, high].map(f64::from);
                Err(VirtualPatientError::OutOfRange { option: "grade", value, low, high })
            }
            (Some(_), None) => Err(VirtualPatientError::NoGrades { disease: self.disease.name() }),
            _ => Ok(()),
        }
    }
}
