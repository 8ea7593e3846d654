//! Blood in CT: what contrast agent has made of it when the scan was taken.

use super::pose::normal;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::fmt;

/// Stream of the seed that it is drawn from.
const STREAM: u64 = 6;
/// Of CTs of the hip, the share without contrast agent and in the arterial phase; the rest is venous. Round numbers.
const SHARES: [f64; 2] = [0.75, 0.12];

/// When a scan was taken after contrast agent was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContrastPhase {
    /// None was given.
    Native,
    /// Arterial phase.
    Arterial,
    /// Venous phase.
    Venous,
}

impl ContrastPhase {
    /// Name in files.
    pub const fn name(self) -> &'static str {
        match self {
            ContrastPhase::Native => "native",
            ContrastPhase::Arterial => "arterial",
            ContrastPhase::Venous => "venous",
        }
    }
}

impl fmt::Display for ContrastPhase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// CT numbers of blood.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Blood {
    /// The phase.
    pub phase: ContrastPhase,
    /// In arteries.
    pub artery_hu: f64,
    /// In the iliac veins.
    pub vein_hu: f64,
    /// In the veins of the thigh, whose contrast agent comes last.
    pub leg_vein_hu: f64,
}

impl Blood {
    /// In this phase, or in one that is drawn.
    pub(super) fn draw(seed: u64, phase: Option<ContrastPhase>) -> Blood {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(STREAM);
        let share: f64 = rng.random();
        let drawn = match share {
            s if s < SHARES[0] => ContrastPhase::Native,
            s if s < SHARES[0] + SHARES[1] => ContrastPhase::Arterial,
            _ => ContrastPhase::Venous,
        };
        let mut draw = |mean: f64, spread: f64| mean + spread * normal(&mut rng);
        // Without contrast agent it is haematocrit that decides.
        let plain = draw(44.0, 3.0);
        let phase = phase.unwrap_or(drawn);
        let [artery_hu, vein_hu, leg_vein_hu] = match phase {
            ContrastPhase::Native => [plain; 3],
            ContrastPhase::Arterial => [draw(300.0, 28.0), draw(62.0, 8.0), plain],
            ContrastPhase::Venous => [draw(145.0, 12.0), draw(130.0, 12.0), draw(95.0, 15.0)],
        };
        Blood { phase, artery_hu, vein_hu, leg_vein_hu }
    }

    /// In a part of the great vessels, counted from the common iliac.
    pub(super) fn of(&self, is_artery: bool, part: usize) -> f64 {
        match (is_artery, part) {
            (true, _) => self.artery_hu,
            (false, 0 | 1) => self.vein_hu,
            (false, _) => self.leg_vein_hu,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phases_come_about_as_often_as_they_should_and_differ() {
        let drawn: Vec<Blood> = (0..400).map(|seed| Blood::draw(seed, None)).collect();
        let native = drawn.iter().filter(|blood| blood.phase == ContrastPhase::Native).count();
        assert!((260..340).contains(&native), "{native}");
        for blood in drawn {
            match blood.phase {
                ContrastPhase::Native => assert!((38.0..51.0).contains(&blood.artery_hu)),
                ContrastPhase::Arterial => {
                    assert!((245.0..355.0).contains(&blood.artery_hu) && blood.vein_hu < 80.0);
                }
                ContrastPhase::Venous => assert!((blood.artery_hu - blood.vein_hu).abs() < 70.0),
            }
        }
        assert_eq!(Blood::draw(1, Some(ContrastPhase::Arterial)).phase, ContrastPhase::Arterial);
    }
}
