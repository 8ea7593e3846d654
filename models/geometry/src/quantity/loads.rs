//! Lever arms and joint forces.

macro_rules! loads_rows {
    ($next:ident $($more:ident)* ; { $($rows:tt)* }) => {
        $next! { $($more)* ; {
            $($rows)*
            AbductorLeverArm = "abductor_lever_arm", Millimetre, Whole, "Abductor lever arm",
                "mean lever arm of gluteus medius, minimus and tensor fasciae latae about the hip's axis of abduction, standing, weighted by strength";
            AbductorLeverArmChange = "abductor_lever_arm_change", Millimetre, Whole, "Abductor lever arm, change",
                "abductor lever arm as planned minus that of the hip as scanned", difference "longer",
                limits &[Limit::least(Caution, -5.0, ARM)], ideal Ideal::least(-2.0, ARM_IDEAL);
            AbductorLeverArmDifference = "abductor_lever_arm_difference", Millimetre, Whole,
                "Abductor lever arm, operated minus other side",
                "abductor lever arm as planned minus that of the other side as scanned", difference "operated side longer",
                limits &[Limit::least(Caution, -7.0, ARM_BOTH)], ideal Ideal::least(-3.0, ARM_BOTH);
            StanceForce = "stance_force", Percent, Whole, "Hip force, single-leg stance (% body weight)",
                "hip joint force in single-leg stance by static balance, per cent of body weight", source BALANCE;
            StanceForceChange = "stance_force_change", Percent, Whole, "Hip force, single-leg stance, change (% body weight)",
                "hip joint force in single-leg stance as planned minus that as scanned, per cent of body weight",
                difference "larger force",
                limits &[Limit::most(Caution, 30.0, FORCE)], ideal Ideal::most(15.0, FORCE_IDEAL), source BALANCE;
            EdgeLoading = "edge_loading", Millimetre, Whole, "Edge loading distance",
                "arc from the centre of the contact patch to the liner's rim, minimum over all activities with a measured force",
                sign "inside the rim", limits &[Limit::least(Caution, 3.4, EDGE)], ideal Ideal::least(10.0, EDGE_IDEAL);
            EdgeMargin = "edge_margin", Degree, Whole, "Edge loading margin",
                "smallest angle from the point where the patient's joint force (by static balance) meets the liner to the liner's rim, over single-leg stance and the loaded part of walking",
                sign "inside the rim", limits &[Limit::least(Caution, 25.0, EDGE_MARGIN)], ideal Ideal::least(40.0, EDGE_MARGIN), source BALANCE;
        } }
    };
}
