//! CT numbers that part tissues, each with its reason: the one table of them. Where a threshold is set by the scan itself, as those of
//! bone, it is relative to that scan's muscle (`levels` of coxa-segment), and differences to it are named `..._ABOVE_...` where they are
//! used.
//!
//! From the lightest tissue to the heaviest; at 120 kVp, in HU.

use std::ops::RangeInclusive;

/// Below this there is air alone: halfway between air and water, so that no surface of a body is missed.
pub const AIR_BELOW_HU: i16 = -500;

/// The body is denser: lighter than any fat, so that skin blurred with air still counts to it. Assumption.
pub const BODY_ABOVE_HU: i16 = -300;

/// Muscle with its fat; what a muscle's label holds beyond is bone, metal, air or their partial volume.
pub const MUSCLE_WITH_FAT_HU: RangeInclusive<i16> = -190..=150;

/// Fat, with its standard deviation between people (to be verified).
pub const FAT_HU: [f64; 2] = [-105.0, 5.0];

/// Lean tissue counts for nothing at the first CT number and wholly from the second (after Gu 2023, Med Image Anal, to be verified).
pub const LEAN_RAMP_HU: [f64; 2] = [-30.0, 30.0];

/// Where the peak of muscle in a scan is looked for: above fat, below spongy bone. Assumption.
pub const SOFT_TISSUE_HU: (i16, i16) = (0, 110);

/// Muscle as it is, where the scan shows too little of it to measure.
pub const USUAL_MUSCLE_HU: f64 = 45.0;

/// Muscle free of fat, which muscle as it is need not be, with its standard deviation between people (to be verified).
pub const LEAN_MUSCLE_HU: [f64; 2] = [58.0, 2.5];

/// Cartilage and joint fluid, over which the cortices on both sides of a joint rise.
pub const CARTILAGE_HU: f64 = 90.0;

/// Fluid in a cyst lies below this, well above water since the bone around it blurs into it. Assumption.
pub const FLUID_BELOW_HU: f64 = 110.0;

/// Spongy bone behind the cortex, where the scan is not asked for it. Assumption.
pub const SPONGY_BONE_HU: f64 = 250.0;

/// Between fat and cortex: what is beyond counts as these where the sides of a pelvis are compared, so that neither gas nor metal decides.
/// Assumption.
pub const SIDES_COMPARED_HU: [f64; 2] = [-150.0, 450.0];

/// Where the peak of air in a scan is looked for, and air with its standard deviation between scanners.
pub const AIR_PEAK_HU: RangeInclusive<i32> = -1060..=-930;
/// Air.
pub const AIR_HU: [f64; 2] = [-1000.0, 3.0];
/// Where the peak of fat is looked for.
pub const FAT_PEAK_HU: RangeInclusive<i32> = -150..=-60;
/// Where the peak of muscle as it is is looked for when densities are calibrated.
pub const MUSCLE_PEAK_HU: RangeInclusive<i32> = 15..=95;
/// Liver and spleen, from native to with contrast medium in the veins; neither water nor the contents of a stomach with contrast medium.
/// Assumption.
pub const SOLID_ORGAN_HU: RangeInclusive<f64> = 30.0..=180.0;
/// Muscle as it is, of the middle-aged, with its standard deviation between people (to be verified).
pub const MUSCLE_HU: [f64; 2] = [48.0, 15.0];

/// A peak below this is no cortex that the scan resolves: between this and marrow lies spongy bone. (How much a *piece* of bone must rise
/// above the scan's own threshold of bone to have a cortex is another question, asked by the segmentation.)
pub const CORTEX_PEAK_HU: f64 = 450.0;

/// Bone without metal, voxel by voxel, of which a mean density is taken: lower than [`METAL_HU`], for the haze of metal must not raise the
/// mean. Assumption.
pub const DENSITY_BELOW_HU: i16 = 1500;

/// A profile along a line that goes beyond this is not of bone alone: lower than [`METAL_HU`], for a profile is interpolated between voxels
/// and may miss the brightest, higher than [`DENSITY_BELOW_HU`], for a cortex of its full height must not be taken for metal. Assumption.
pub const PROFILE_BELOW_HU: f64 = 2200.0;

/// A voxel of metal: above any bone, below the saturation of 12-bit scanners.
pub const METAL_HU: i16 = 2500;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tissues_lie_in_their_order() {
        let bounds = [
            f64::from(AIR_BELOW_HU),
            f64::from(BODY_ABOVE_HU),
            f64::from(*MUSCLE_WITH_FAT_HU.start()),
            FAT_HU[0],
            LEAN_RAMP_HU[0],
            USUAL_MUSCLE_HU,
            LEAN_MUSCLE_HU[0],
            CARTILAGE_HU,
            FLUID_BELOW_HU,
            CORTEX_PEAK_HU,
            f64::from(DENSITY_BELOW_HU),
            PROFILE_BELOW_HU,
            f64::from(METAL_HU),
        ];
        assert!(bounds.is_sorted(), "{bounds:?}");
    }
}
