//! What a plan does to the lever arms of its hip, and these to the force of standing on one leg.

use super::geometry::Assembly;
use super::hip::RightHip;
use super::numbers::Numbers;
use crate::loads::{LeverArm, LeverArms};
use coxa_geometry::Quantity;

/// How far the static balance is off in seven people whose forces were measured, per cent of body weight (median of
/// `coxa verify hip-forces`).
const BALANCE_SPREAD_PCT_BW: f64 = 15.0;

impl Numbers {
    /// Lever arms and forces of the plan and what it changes of them.
    pub(super) fn lever_arms(
        &mut self,
        assembly: &Assembly,
        hip: &RightHip,
        lever_arms: &LeverArms,
        surface_mm: f64,
    ) {
        let (centre, head) = (assembly.pose.hip_centre, assembly.pose.hip_centre - assembly.pose.reduction);
        let is = lever_arms.at(centre, head);
        // What places that are known no better let the changes be unsure of: the head as far out as surfaces may be off.
        let off = lever_arms.at(centre, head - hip.axes.lateral * surface_mm);
        let spread = |number: fn(&LeverArm) -> Option<f64>| Some((number(&off)? - number(&is)?).abs());
        if let (Some(arm), Some(arm_spread_mm)) = (is.arm_mm, lever_arms.arm_spread_mm) {
            let how = "mean lever arm of gluteus medius, minimus and tensor fasciae latae about the axis of abduction, standing, weighted by \
                       strength; a generic leg fitted to landmarks";
            self.put(Quantity::AbductorLeverArm, arm, arm_spread_mm, how);
            let moved_mm = spread(|there| there.arm_mm);
            if let (Some(before), Some(moved_mm)) = (lever_arms.arm_before_mm, moved_mm) {
                let method = format!("lever arm of the abductors as planned minus {before:.1} mm as scanned");
                self.put(Quantity::AbductorLeverArmChange, arm - before, moved_mm, method);
            }
            if let (Some(other), Some(moved_mm)) = (lever_arms.arm_other_mm, moved_mm) {
                let method = format!(
                    "lever arm of the abductors as planned minus {other:.1} mm on the other side, both weighted by the strength of this side"
                );
                // Errors of a leg that is laid on both sides alike are alike on both, those of landmarks are not.
                let both = moved_mm.hypot(arm_spread_mm);
                self.put(Quantity::AbductorLeverArmDifference, arm - other, both, method);
            }
        }
        let Some(force) = is.force_pct_bw() else { return };
        let how = "hip joint force in single-leg stance on this side, per cent of body weight, by the static balance of Iglic et al. 1990; the spread is its \
                   median error against measured forces";
        self.put(Quantity::StanceForce, force, BALANCE_SPREAD_PCT_BW, how);
        if let (Some(before), Some(moved)) = (lever_arms.force_before_pct_bw, spread(LeverArm::force_pct_bw))
        {
            let method = format!(
                "static balance in single-leg stance as planned minus {before:.0} % of body weight as scanned"
            );
            self.put(Quantity::StanceForceChange, force - before, moved, method);
        }
    }
}
