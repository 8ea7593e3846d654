//! Why surfaces cannot be moved against one another.

use coxa_geometry::mesh::validate::Defect;

/// Why surfaces cannot be moved against one another.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ContactError {
    /// A surface is empty or broken.
    #[error("the surface `{part}` cannot be used: {defect}")]
    Unusable {
        /// Its name.
        part: String,
        /// What is wrong.
        defect: Defect,
    },
    /// Both sides are larger than any hip.
    #[error(
        "femur and pelvis both reach {reach_mm:.0} mm from the hip centre, but at most 1000 mm can be simulated; check the unit of length"
    )]
    TooLarge {
        /// Distance that both reach.
        reach_mm: f64,
    },
    /// Bodies further from where they were prepared than they were prepared for.
    #[error(
        "the hip centres of femur and pelvis are up to {off_mm:.1} mm apart; the surfaces were prepared for at most {play_mm:.1} mm"
    )]
    Off {
        /// How far they may come to be off.
        off_mm: f64,
        /// The play of the model.
        play_mm: f64,
    },
    /// A play that no joint has.
    #[error("the allowed shift of the hip centre is {0} mm; it must be between 0 and {most} mm", most = MOST_PLAY_MM)]
    Play(f64),
}

/// Play at most: more than any error or variant of a plan.
pub(super) const MOST_PLAY_MM: f64 = 100.0;
