//! The table of a CT scanner under the patient: a mattress on a curved board of foam in a skin of carbon fibre.

use super::pose::normal;
use super::smooth::smoothstep;
use nalgebra::Point3;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// Stream of the seed that it is drawn from.
const STREAM: u64 = 7;
/// Air between the lowest skin and the mattress.
const GAP_MM: f64 = 1.0;
/// How far the scan goes on below the table.
const BELOW_MM: f64 = 4.0;
/// Width of the edge between two materials.
const EDGE_MM: f64 = 1.2;

/// The table of the scanner. It is in the CT and in radiographs, not in MR, and has no label.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Couch {
    /// Middle of the table across the patient.
    pub middle_x_mm: f64,
    /// Upper face of the board in its middle; the patient's back lies in front of it, at lower y.
    pub top_y_mm: f64,
    /// Radius of its upper face across the patient; its borders rise.
    pub radius_mm: f64,
    /// Half its width.
    pub half_width_mm: f64,
    /// Thickness of the board in its middle.
    pub thickness_mm: f64,
    /// Thickness of its skin.
    pub skin_mm: f64,
    /// Thickness of the mattress.
    pub mattress_mm: f64,
    /// CT number of carbon fibre.
    pub skin_hu: f64,
    /// CT number of the foam within.
    pub core_hu: f64,
    /// CT number of the mattress.
    pub mattress_hu: f64,
}

impl Couch {
    /// Under a body whose skin lies between these corners.
    pub(super) fn under([low, high]: [Point3<f64>; 2], seed: u64) -> Couch {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(STREAM);
        let mattress_mm = 6.0 + 6.0 * rng.random::<f64>();
        let mut draw = |mean: f64, spread: f64| mean + spread * normal(&mut rng);
        Couch {
            middle_x_mm: (low.x + high.x) / 2.0 + draw(0.0, 6.0),
            top_y_mm: high.y + GAP_MM + mattress_mm,
            radius_mm: draw(750.0, 150.0),
            half_width_mm: draw(210.0, 12.0),
            thickness_mm: draw(22.0, 3.0),
            skin_mm: draw(2.2, 0.3),
            mattress_mm,
            skin_hu: draw(-150.0, 25.0),
            core_hu: draw(-900.0, 20.0),
            mattress_hu: draw(-780.0, 40.0),
        }
    }

    /// Lowest place that a scan of it holds.
    pub(super) fn lowest_y(&self) -> f64 {
        self.top_y_mm + self.thickness_mm + BELOW_MM
    }

    /// CT number at a place beside the body; `None` where there is air.
    pub(super) fn at(&self, x: f64, y: f64) -> Option<f64> {
        let aside = x - self.middle_x_mm;
        let share = aside / self.half_width_mm;
        if share.abs() > 1.0 {
            return None;
        }
        let below = y - self.top_y_mm + aside * aside / (2.0 * self.radius_mm);
        if below < -self.mattress_mm {
            return None;
        }
        if below < 0.0 {
            return (share.abs() < 0.94).then_some(self.mattress_hu);
        }
        // Flat beneath, thinner to its borders.
        let bottom = self.thickness_mm * (1.0 - 0.6 * share.powi(4));
        let depth = below.min(bottom - below).min(self.half_width_mm - aside.abs());
        if depth < 0.0 {
            return None;
        }
        let core = smoothstep((depth - self.skin_mm) / EDGE_MM + 0.5);
        Some(self.skin_hu + (self.core_hu - self.skin_hu) * core)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_board_has_two_skins_with_foam_between_and_a_mattress_on_it() {
        for seed in 0..20 {
            let couch =
                Couch::under([Point3::new(-170.0, -110.0, 0.0), Point3::new(170.0, 100.0, 500.0)], seed);
            let middle = couch.middle_x_mm;
            assert_eq!(couch.at(middle, 100.5), None, "nothing touches the back");
            let column: Vec<f64> =
                (0..800).filter_map(|n| couch.at(middle, 100.0 + f64::from(n) * 0.1)).collect();
            assert!(column.iter().all(|hu| (-1000.0..-80.0).contains(hu)));
            let skins = column.iter().filter(|&&hu| hu > -300.0).count() as f64 * 0.1;
            assert!((2.0..7.0).contains(&skins), "{skins}");
            assert!(couch.at(middle, couch.lowest_y()).is_none());
            // The borders rise towards the patient.
            let border = couch.top_y_mm - 180.0 * 180.0 / (2.0 * couch.radius_mm);
            assert!(couch.at(middle + 180.0, border + 0.4).is_some_and(|hu| hu > -300.0));
            assert_eq!(couch.at(middle + 300.0, couch.top_y_mm), None);
        }
    }
}
