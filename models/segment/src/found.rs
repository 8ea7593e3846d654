//! What is found on the working lattice.

use super::field::Field;
use super::heads::Head;
use super::misread::Misread;
use coxa_anatomy::Bone;
use coxa_geometry::Side;

/// Ids of the five bones, those of [`coxa_anatomy::label_names::our_table`].
pub(super) const ALL: [u8; 5] = [1, 2, 3, 4, 5];
/// What lies above the sacrum; it is no label of ours, but a wall for the sacrum and nothing to be taken for bone of it.
pub(super) const SPINE: u8 = 255;

/// The id of a bone.
pub(super) fn id(bone: Bone) -> u8 {
    match bone {
        Bone::HipRight => 1,
        Bone::HipLeft => 2,
        Bone::FemurRight => 3,
        Bone::FemurLeft => 4,
        Bone::Sacrum => 5,
    }
}

/// What was found on the working lattice.
pub(super) struct Bones {
    /// Bones with their marrow, by id.
    pub(super) solids: Field<u8>,
    /// Metal pieces.
    pub(super) metal: Field<bool>,
    /// Heads with the sphere fitted to the opened joint.
    pub(super) heads: Vec<Head>,
    /// Sides whose head was not seen, but taken to lie opposite the other.
    pub(super) guessed: Vec<Side>,
    /// Whether the sacrum was parted from a spine above it without seeing the disc.
    pub(super) blind_sacrum: bool,
    /// Why no bones were looked for.
    pub(super) misread: Option<Misread>,
}
