//! CT numbers that virtual patients are painted with. What parts tissues in a scan is `thresholds` of coxa-anatomy, which knows nothing
//! of these: a virtual patient must not be made of what finds it.

/// Least and most that scanners of 12 bits tell.
pub const SCANNER_HU: [f64; 2] = [-1024.0, 3071.0];
/// Air.
pub const AIR_HU: f64 = -1000.0;
/// Ultra-high-molecular-weight polyethylene.
pub(super) const POLYETHYLENE_HU: f64 = -70.0;
/// Fatty marrow in the canal.
pub(super) const MARROW_HU: f64 = -35.0;
/// Urine in the bladder.
pub const BLADDER_HU: f64 = 8.0;
/// The dural sac.
pub(super) const DURAL_SAC_HU: f64 = 18.0;
/// Skin, lighter than muscle where it is thin.
pub const SKIN_HU: f64 = 20.0;
/// What a cyst is filled with.
pub(super) const CYST_HU: f64 = 25.0;
/// Walls of the bowel.
pub(super) const BOWEL_HU: f64 = 35.0;
/// Wall of a vessel.
pub(super) const VESSEL_WALL_HU: f64 = 48.0;
/// Articular cartilage.
pub(super) const CARTILAGE_HU: f64 = 85.0;
/// Intervertebral disc.
pub(super) const DISC_HU: f64 = 88.0;
/// Densest soft tissue: above it a voxel holds bone.
pub(super) const DENSEST_SOFT_HU: f64 = 100.0;
/// Compact bone; the shaft of the femur is denser than this by a quarter.
pub(super) const COMPACT_BONE_HU: f64 = 1150.0;
/// Cortical bone without pores at the mean energy of the spectrum, by which soft tissue and bone share a voxel.
pub(super) const SOLID_BONE_HU: f64 = 1815.0;
/// Metal: the most that scanners tell.
pub(super) const METAL_HU: f64 = SCANNER_HU[1];
