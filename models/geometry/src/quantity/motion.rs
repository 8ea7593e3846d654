//! Range of motion and stability of the head.

macro_rules! motion_rows {
    ($next:ident $($more:ident)* ; { $($rows:tt)* }) => {
        $next! { $($more)* ; {
            $($rows)*
            JumpingDistance = "jumping_distance", Millimetre, Whole, "Jumping distance",
                "distance the head must travel to leave the liner, standing", source "Sariali et al. 2009, Acta Orthop 80:277",
                limits &[Limit::least(Caution, 8.0, JUMPING)], ideal Ideal::least(12.0, JUMPING_IDEAL);
            MotionRange = "motion.*", Degree, Each, "Range of a motion",
                "angle reached before impingement, in a posture of the pelvis", sign "in the direction of the motion";
            ActivityClearance = "activity.*", Degree, Each, "Angular clearance in an activity",
                "angle remaining before impingement in an activity of daily living",
                limits &[Limit::least(Caution, 0.0, FREE)], ideal Ideal::least(5.0, FREE_IDEAL);
        } }
    };
}
