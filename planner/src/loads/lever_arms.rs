//! Lever arms and the force of standing on one leg for many places of one hip, as an optimiser asks: microseconds each.

use super::LoadOptions;
use super::body::BodyMass;
use super::landmarks::{CentreSteps, PatientLandmarks};
use super::leg::PatientLeg;
use super::patient::Patient as Leg;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Side};
use coxa_muscle::hip_loads::FEMUR;
use coxa_muscle::leg::{Landmarks, Scaled};
use coxa_muscle::stance::one_leg_stance;
use nalgebra::Vector3;

/// A hip of which lever arms are asked.
pub(crate) struct LeverArms {
    native: Point<RightSide>,
    landmarks: Landmarks,
    weight_n: f64,
    /// Muscles, where the scan bears them.
    muscles: Option<(Scaled, PatientLeg)>,
    /// Mean lever arm of the abductors as scanned, of this side and of the other; `None` where it is not known.
    pub(crate) arm_before_mm: Option<f64>,
    pub(crate) arm_other_mm: Option<f64>,
    /// One standard deviation of an arm: attachments are each known to so much, independently.
    pub(crate) arm_spread_mm: Option<f64>,
    /// Force of standing on this leg as scanned, per cent of body weight.
    pub(crate) force_before_pct_bw: Option<f64>,
}

/// What one place of the hip does.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct LeverArm {
    /// Mean lever arm of the abductors, standing, weighted by strength; `None` where muscles cannot be laid on the bones.
    pub(crate) arm_mm: Option<f64>,
    /// Joint force of standing on this leg by the static balance; `None` where the landmarks do not bear it.
    pub(crate) standing: Option<StandingForce>,
}

/// Force on the head of the femur, standing on this leg, per cent of body weight.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct StandingForce {
    /// Axes of the laboratory.
    pub(crate) in_laboratory: Vector3<f64>,
    /// Axes of the femur (ISB).
    pub(crate) in_femur: Vector3<f64>,
}

impl LeverArm {
    /// Size of the force of standing on this leg, per cent of body weight.
    pub(crate) fn force_pct_bw(&self) -> Option<f64> {
        self.standing.map(|force| force.in_laboratory.norm())
    }
}

impl LeverArms {
    /// Of a side; `None` where it has no head.
    pub(crate) fn new(anatomy: &HipAnatomy, side: Side) -> Option<Self> {
        let mass = BodyMass::new(&LoadOptions::default(), anatomy);
        let native = side.enter(anatomy.side(side).head.as_ref()?.centre_mm);
        let known = PatientLandmarks::new(anatomy, side)?;
        let laid = legs(anatomy, side, &known, &mass);
        let arm_spread_mm =
            laid.as_ref().map(|(leg, compiled)| leg.attachment_spread_mm * compiled.abductor_share());
        let mut lever_arms = LeverArms {
            native,
            weight_n: mass.weight_n(),
            muscles: laid.map(|(leg, compiled)| (leg.scaled, compiled)),
            landmarks: known.all,
            arm_spread_mm,
            arm_before_mm: None,
            arm_other_mm: None,
            force_before_pct_bw: None,
        };
        let before = lever_arms.at(native, native);
        lever_arms.arm_before_mm = before.arm_mm;
        lever_arms.force_before_pct_bw = before.force_pct_bw();
        lever_arms.arm_other_mm = lever_arms.other_arm_mm(anatomy, side.other(), &mass);
        Some(lever_arms)
    }

    /// With the centre of rotation in the pelvis and the centre of the planned head in the femur as scanned, both seen as
    /// of a right hip.
    pub(crate) fn at(&self, centre: Point<RightSide>, head: Point<RightSide>) -> LeverArm {
        let steps = CentreSteps::between(self.native, centre, head);
        let arm_mm = self.muscles.as_ref().and_then(|(scaled, leg)| {
            let moved = leg.skeleton.with_moved_hip(FEMUR, steps.in_pelvis(scaled), steps.in_femur(scaled));
            Some(leg.abductor_arm_mm(&moved.ok()?))
        });
        let stance = one_leg_stance(&steps.on(&self.landmarks), self.weight_n, 0.0).ok();
        let standing = stance.map(|stance| {
            let [in_laboratory, in_femur] = [stance.on_head_in_laboratory, stance.on_head_in_femur]
                .map(|force| force * (100.0 / self.weight_n));
            StandingForce { in_laboratory, in_femur }
        });
        LeverArm { arm_mm, standing }
    }

    /// The arm of the other side as scanned, weighted by the strength that the abductors of this one have: only bones differ.
    fn other_arm_mm(&self, anatomy: &HipAnatomy, other: Side, mass: &BodyMass) -> Option<f64> {
        let (_, own) = self.muscles.as_ref()?;
        let known = PatientLandmarks::new(anatomy, other)?;
        let (_, mut leg) = legs(anatomy, other, &known, mass)?;
        for (muscle, own) in leg.model.muscles.iter_mut().zip(&own.model.muscles) {
            muscle.max_isometric_force = own.max_isometric_force;
        }
        Some(leg.abductor_arm_mm(&leg.skeleton))
    }
}

/// The leg of a side as scanned, where muscles can be laid on its bones.
fn legs(
    anatomy: &HipAnatomy,
    side: Side,
    known: &PatientLandmarks,
    mass: &BodyMass,
) -> Option<(Leg, PatientLeg)> {
    let steps = CentreSteps::none(anatomy, side)?;
    let leg = Leg::new(known, &steps, mass.clone(), anatomy, side).ok()?;
    let compiled = PatientLeg::new(&leg.before).ok()?;
    Some((leg, compiled))
}

#[cfg(test)]
mod tests {
    use super::super::tests::case;
    use super::*;
    use crate::placement::PlanOptions;
    use coxa_geometry::Vector;
    use proptest::prelude::*;

    #[test]
    fn lever_arms_are_those_of_the_simulated_loads() {
        let case = case();
        let planned = case.plan(PlanOptions::default());
        let found = super::super::tests::loads(&case, &planned);
        let lever_arms = LeverArms::new(&case.anatomy, Side::Right).unwrap();
        let centre = planned.pose.hip_centre;
        let head = planned.pose.reduced().inverse().apply(centre);
        let is = lever_arms.at(Side::Right.enter(centre), Side::Right.enter(head));
        let (arms, forces) = (found.abductors.unwrap(), found.stance.unwrap());
        // The mass is another, and with it the strength of muscles that the scan does not show: of all alike.
        assert!((is.arm_mm.unwrap() - arms.after.lever_arm_mm).abs() < 1e-9);
        assert!((lever_arms.arm_before_mm.unwrap() - arms.before.unwrap().lever_arm_mm).abs() < 1e-9);
        assert!((is.force_pct_bw().unwrap() - forces.after.force_pct_bw).abs() < 1e-9);
        assert!((lever_arms.force_before_pct_bw.unwrap() - forces.before.unwrap().force_pct_bw).abs() < 1e-9);
        // Of the other side no femur is known, and of none a head.
        assert!(lever_arms.arm_other_mm.is_none() && lever_arms.arm_spread_mm.unwrap() > 1.0);
        let mut headless = case.anatomy;
        headless.right.head = None;
        assert!(LeverArms::new(&headless, Side::Right).is_none());
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]

        #[test]
        fn a_longer_offset_never_shortens_the_lever_arm_nor_raises_the_force(
            centre in prop::array::uniform3(-8.0..8.0f64),
            head in prop::array::uniform3(-8.0..8.0f64),
            more_mm in 0.1..15.0f64,
        ) {
            use std::sync::LazyLock;
            static LEVERS: LazyLock<LeverArms> = LazyLock::new(|| LeverArms::new(&case().anatomy, Side::Right).unwrap());
            let at = |[x, y, z]: [f64; 3]| LEVERS.native + Vector::new(x, y, z);
            let (centre, head) = (at(centre), at(head));
            // The femur of a right hip goes to the right, which is where its head stands further in.
            let (near, far) = (LEVERS.at(centre, head), LEVERS.at(centre, head + Vector::new(more_mm, 0.0, 0.0)));
            prop_assert!(far.arm_mm.unwrap() >= near.arm_mm.unwrap(), "{near:?} {far:?}");
            prop_assert!(far.force_pct_bw().unwrap() <= near.force_pct_bw().unwrap(), "{near:?} {far:?}");
        }
    }
}
