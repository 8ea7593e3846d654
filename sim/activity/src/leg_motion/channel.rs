//! The tracks of a leg motion.

/// Number of [`Channel`]s.
pub const CHANNELS: usize = 11;

/// Angles and places that follow smooth curves, in the order of [`super::LegFrame::joints`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Channel {
    /// Tilt of the pelvis in the laboratory, backwards positive, rad.
    PelvisTilt,
    /// List of the pelvis, right side down positive, rad.
    PelvisList,
    /// Rotation of the pelvis, right side forward positive, rad.
    PelvisRotation,
    /// Flexion of the hip, rad.
    HipFlexion,
    /// Adduction of the hip, rad.
    HipAdduction,
    /// Internal rotation of the hip, rad.
    HipRotation,
    /// Flexion of the knee, rad.
    KneeFlexion,
    /// Dorsiflexion of the ankle, rad.
    AnkleDorsiflexion,
    /// The middle between the hips before its mean path, fraction of leg length.
    MidHipForward,
    /// The middle between the hips above its mean height, fraction of leg length.
    MidHipUp,
    /// The middle between the hips to the right of its mean path, fraction of leg length.
    MidHipLateral,
}

impl Channel {
    /// All of them.
    pub const ALL: [Channel; CHANNELS] = [
        Channel::PelvisTilt,
        Channel::PelvisList,
        Channel::PelvisRotation,
        Channel::HipFlexion,
        Channel::HipAdduction,
        Channel::HipRotation,
        Channel::KneeFlexion,
        Channel::AnkleDorsiflexion,
        Channel::MidHipForward,
        Channel::MidHipUp,
        Channel::MidHipLateral,
    ];

    /// The name of its track in a file.
    pub fn track(self) -> &'static str {
        match self {
            Channel::PelvisTilt => "pelvis_tilt_deg",
            Channel::PelvisList => "pelvis_list_deg",
            Channel::PelvisRotation => "pelvis_rotation_deg",
            Channel::HipFlexion => "hip_flexion_deg",
            Channel::HipAdduction => "hip_adduction_deg",
            Channel::HipRotation => "hip_rotation_deg",
            Channel::KneeFlexion => "knee_flexion_deg",
            Channel::AnkleDorsiflexion => "ankle_dorsiflexion_deg",
            Channel::MidHipForward => "mid_hip_forward_share",
            Channel::MidHipUp => "mid_hip_up_share",
            Channel::MidHipLateral => "mid_hip_lateral_share",
        }
    }

    pub(crate) fn is_angle(self) -> bool {
        !matches!(self, Channel::MidHipForward | Channel::MidHipUp | Channel::MidHipLateral)
    }
}

/// Names of the tracks of force and of the line of force, in the order in which [`super::LegMotion`] holds them.
pub(crate) const FORCE_TRACKS: [&str; 5] = [
    "ground_anterior_bw",
    "ground_vertical_bw",
    "ground_lateral_bw",
    "line_anterior_share",
    "line_lateral_share",
];
