//! What finds structures in a CT, and what it finds.

use coxa_geometry::{Finding, Side};
use coxa_imaging::{CtVolume, LabelMap, Volume};

/// What finds structures in a CT.
pub trait Segmenter {
    /// Segments a CT. `progress` is told how many of how many steps are done.
    ///
    /// # Errors
    /// Where the volume cannot be segmented at all; what is merely doubtful is a finding.
    fn segment(
        &self,
        ct: &CtVolume,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Segmentation, SegmentError>;
}

/// Metal on one side of the patient.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Metal {
    /// Which side.
    pub side: Side,
    /// All of it in mm³.
    pub volume_mm3: f64,
    /// What lies in or on the femur.
    pub in_femur_mm3: f64,
    /// What lies within the joint, in the head or the wall of the socket.
    pub at_joint_mm3: f64,
}

/// Structures found in a CT.
#[derive(Debug, Clone, PartialEq)]
pub struct Segmentation {
    /// `hip_right`, `hip_left`, `femur_right`, `femur_left`, `sacrum` and `metal`, on the grid of the CT. The table
    /// lists all of them; those not in view have no voxels.
    pub labels: LabelMap,
    /// How doubtful each voxel is, 0 to 100: near a bone surface of little contrast, or where two bones touch.
    pub uncertainty: Volume<u8>,
    /// Metal, by side; sides without any are left out.
    pub metal: Vec<Metal>,
    /// The CT with the streaks of metal reduced, in which the bones were found; absent where there is no metal, where
    /// streaks cannot be reduced, and in what a network found. Muscles
    /// are to be looked for in it, densities to be measured in the CT that was given.
    pub without_streaks: Option<CtVolume>,
    /// What the user must know.
    pub findings: Vec<Finding>,
}

/// Why a volume cannot be segmented.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum SegmentError {
    /// No voxels.
    #[error("the volume has no voxels")]
    Empty,
    /// Positions or voxel sizes that are zero, infinite or not a number.
    #[error("the volume has no usable voxel size: its steps must be finite, orthogonal and above zero")]
    Grid,
    /// An option outside its range.
    #[error("the working voxel size is {0} mm, but must lie between 0.8 and 3")]
    WorkingStep(f64),
    /// A network could not be run.
    #[error(transparent)]
    Network(#[from] coxa_network::NetworkError),
}

/// Refuses volumes without voxels or without a usable voxel size.
pub(crate) fn check_grid(ct: &CtVolume) -> Result<(), SegmentError> {
    if ct.grid.is_empty() {
        return Err(SegmentError::Empty);
    }
    let spacing = ct.grid.spacing_mm();
    let volume = ct.grid.voxel_volume_mm3();
    let usable = ct.grid.origin.is_finite()
        && spacing.iter().all(|s| (1e-3..=1e3).contains(s))
        && (volume / spacing.iter().product::<f64>() - 1.0).abs() < 1e-3;
    if !usable {
        return Err(SegmentError::Grid);
    }
    Ok(())
}
