//! What is known of a muscle: what a CT shows of it, and how far its label is to be trusted.

use coxa_geometry::{Measured, Side};
use serde::{Deserialize, Serialize};

/// Ways that agree may be wrong together: no volume is surer than to this share of it. Set on virtual patients whose muscles neither atlas nor network had
/// seen (`models/weights/muscle_network.md`).
const LEAST_SHARE: f64 = 0.3;

/// Density of lean muscle, g/cm³.
pub const LEAN_G_CM3: f64 = 1.06;

/// Names of muscles, without their side.
pub const MUSCLES: [&str; 24] = [
    "gluteus_maximus",
    "gluteus_medius",
    "gluteus_minimus",
    "iliopsoas",
    "tensor_fasciae_latae",
    "iliacus",
    "psoas_major",
    "obturator_externus",
    "obturator_internus",
    "pectineus",
    "piriformis",
    "adductors",
    "gracilis",
    "rectus_femoris",
    "sartorius",
    "vastus_medialis",
    "vastus_lateralis_and_intermedius",
    "biceps_femoris",
    "semimembranosus",
    "semitendinosus",
    "superior_gemellus",
    "inferior_gemellus",
    "quadratus_femoris",
    "adductor_longus",
];

/// What a CT shows of one muscle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MuscleMeasure {
    /// Name without side, such as `gluteus_medius`.
    pub name: String,
    /// Side.
    pub side: Side,
    /// Whether it reaches the end of the scan, so that all but its mean CT number and its fat are of what is seen.
    pub is_cut: bool,
    /// Volume of the label.
    pub volume: Measured,
    /// Mean CT number.
    pub mean: Measured,
    /// Share of fat by mixing, 0 to 1.
    pub fat_fraction: Measured,
    /// Mass of lean tissue.
    pub lean_mass: Measured,
    /// Dice that the label is expected to have with the truth, where our own segmentation found it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub predicted_dice: Option<f64>,
}

/// What the ways say of one muscle.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MuscleTrust {
    /// Name of the label, with its side.
    pub structure: String,
    /// Whether it reaches the edge of the scan, so that volumes are of what is seen.
    #[serde(default)]
    pub is_cut: bool,
    /// Dice that the label is expected to have with the truth, 0 to 1, by its size and by the agreement.
    pub predicted_dice: f64,
    /// Mean Dice of the members with the label, 0 to 1.
    pub agreement: f64,
    /// Dice of the atlas alone with the network alone, 0 to 1; absent where no network knows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub atlas_with_network: Option<f64>,
    /// Volume by the label and by each member, the atlas first, in cm³.
    pub volume_cm3: f64,
    /// As above.
    pub member_volumes_cm3: Vec<f64>,
}

impl MuscleTrust {
    /// Standard deviation of the volume, in cm³: that of the members about the label, and what they may be wrong by together.
    pub fn volume_sd_cm3(&self) -> f64 {
        let squares: f64 = self.member_volumes_cm3.iter().map(|v| (v - self.volume_cm3).powi(2)).sum();
        let members = (squares / self.member_volumes_cm3.len().max(1) as f64).sqrt();
        members.hypot(LEAST_SHARE * self.volume_cm3)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spread_of_volume_is_about_the_label() {
        let trust = MuscleTrust {
            structure: "psoas_major_left".into(),
            is_cut: false,
            predicted_dice: 0.9,
            agreement: 0.9,
            atlas_with_network: None,
            volume_cm3: 100.0,
            member_volumes_cm3: vec![97.0, 104.0],
        };
        assert!((trust.volume_sd_cm3() - (12.5f64 + 900.0).sqrt()).abs() < 1e-12);
    }
}
