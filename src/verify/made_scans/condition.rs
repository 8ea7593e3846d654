//! How a made scan is taken: pose, field of view, voxels, kernel, and how the patient lies.

use coxa_geometry::Side;

/// How a reconstruction sharpens or blurs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Kernel {
    /// For soft tissue.
    Smooth,
    /// For bone: less blur, edges that overshoot, more noise.
    Sharp,
}

impl Kernel {
    /// The point spread in the slice as Gaussians: weight and standard deviation in mm. Weights sum to 1.
    pub(super) fn spread(self) -> &'static [(f64, f64)] {
        match self {
            Kernel::Smooth => &[(1.0, 0.6)],
            Kernel::Sharp => &[(1.25, 0.4), (-0.25, 0.8)],
        }
    }

    /// Standard deviation of the noise in soft tissue, in HU.
    pub(super) fn noise_hu(self) -> f64 {
        match self {
            Kernel::Smooth => 14.0,
            Kernel::Sharp => 45.0,
        }
    }
}

/// How voxels are stored, and whether the header tells the truth of it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Lie {
    /// Along the patient's axes.
    Supine,
    /// Stored as of a patient who lies on the belly, which the header says.
    Prone,
    /// Stored from the feet upwards, which the header says.
    FeetFirst,
    /// The header turns the patient by 180 degrees about this axis, which is not so.
    Untrue(usize),
}

/// A way of scanning a person.
#[derive(Debug, Clone, Copy)]
pub(super) struct Condition {
    /// As on the command line.
    pub(super) name: &'static str,
    /// Distances of voxels along the patient's axes.
    pub(super) voxel_mm: [f64; 3],
    /// Mean joint space to set, right and left.
    pub(super) gap_mm: [f64; 2],
    /// Flexion of the hips, right and left.
    pub(super) flexion_deg: [f64; 2],
    /// Turn of the pelvis about the patient's axes (left, posterior, superior), one after the other.
    pub(super) turn_deg: [f64; 3],
    /// How far the scan goes on above the top of the higher head; `None` for the whole pelvis.
    pub(super) above_heads_mm: Option<f64>,
    /// How far below the centre of the lower head.
    pub(super) below_heads_mm: f64,
    pub(super) kernel: Kernel,
    pub(super) lie: Lie,
    /// The side beyond which the scan ends at the midline.
    pub(super) only: Option<Side>,
    /// Contrast medium in the bladder, calcified vessels and arms beside the trunk.
    pub(super) is_cluttered: bool,
}

const PLAIN: Condition = Condition {
    name: "plain",
    voxel_mm: [1.0, 1.0, 1.0],
    gap_mm: [3.0, 3.5],
    flexion_deg: [0.0, 0.0],
    turn_deg: [0.0; 3],
    above_heads_mm: None,
    below_heads_mm: 130.0,
    kernel: Kernel::Smooth,
    lie: Lie::Supine,
    only: None,
    is_cluttered: false,
};

/// The ways, in the order in which they are given to people.
pub(super) const ALL: [Condition; 21] = [
    PLAIN,
    Condition {
        name: "narrow-flexed-turned",
        voxel_mm: [0.9, 0.9, 1.25],
        gap_mm: [1.2, 1.6],
        flexion_deg: [35.0, 25.0],
        turn_deg: [8.0, 10.0, 22.0],
        ..PLAIN
    },
    Condition { name: "cut-13-above", voxel_mm: [0.8, 0.8, 1.5], above_heads_mm: Some(13.0), ..PLAIN },
    Condition { name: "coarse", voxel_mm: [3.0, 3.0, 3.0], gap_mm: [2.0, 4.0], ..PLAIN },
    Condition { name: "cut-5-above", voxel_mm: [1.5, 1.5, 1.5], above_heads_mm: Some(5.0), ..PLAIN },
    Condition { name: "turned-about-z", voxel_mm: [1.5; 3], lie: Lie::Untrue(2), ..PLAIN },
    Condition { name: "one-leg", voxel_mm: [1.2, 1.2, 2.0], only: Some(Side::Left), ..PLAIN },
    Condition {
        name: "sharp",
        voxel_mm: [0.7, 0.7, 1.0],
        gap_mm: [2.0, 1.0],
        above_heads_mm: Some(60.0),
        below_heads_mm: 90.0,
        kernel: Kernel::Sharp,
        ..PLAIN
    },
    Condition { name: "turned-about-x", voxel_mm: [1.5; 3], lie: Lie::Untrue(0), ..PLAIN },
    Condition { name: "thick-slices", voxel_mm: [0.8, 0.8, 3.0], gap_mm: [3.0, 1.5], ..PLAIN },
    Condition { name: "cluttered", voxel_mm: [1.2, 1.2, 2.0], is_cluttered: true, ..PLAIN },
    Condition { name: "cut-through-heads", voxel_mm: [1.5; 3], above_heads_mm: Some(-22.0), ..PLAIN },
    Condition { name: "flexed-40", voxel_mm: [1.2, 1.2, 1.5], flexion_deg: [40.0, 40.0], ..PLAIN },
    Condition { name: "tilted-30", voxel_mm: [1.2, 1.2, 1.5], turn_deg: [30.0, 0.0, 0.0], ..PLAIN },
    Condition { name: "cut-25-above", voxel_mm: [1.5; 3], above_heads_mm: Some(25.0), ..PLAIN },
    Condition { name: "prone", voxel_mm: [1.5; 3], lie: Lie::Prone, ..PLAIN },
    Condition { name: "feet-first", voxel_mm: [1.5; 3], lie: Lie::FeetFirst, ..PLAIN },
    Condition { name: "turned-about-y", voxel_mm: [1.5; 3], lie: Lie::Untrue(1), ..PLAIN },
    Condition { name: "below-the-hips", voxel_mm: [1.5; 3], above_heads_mm: Some(-90.0), ..PLAIN },
    Condition {
        name: "fine",
        voxel_mm: [0.6, 0.6, 0.6],
        gap_mm: [1.5, 4.0],
        above_heads_mm: Some(40.0),
        below_heads_mm: 80.0,
        ..PLAIN
    },
    // Longer than any femur: the condyles tell its version.
    Condition { name: "to-the-knees", voxel_mm: [1.2, 1.2, 1.5], below_heads_mm: 520.0, ..PLAIN },
];
