//! Samples of all that may differ from plan and measurement.
//!
//! Randomised quasi-Monte Carlo: a Sobol sequence with Owen scrambling by hashing (Burley 2020, J Comput Graph Tech 9(4):1), one
//! dimension for each deviation, carried to the normal distribution by its quantile. Every sample alone is what independent random
//! numbers would be, and together they fill the space more evenly: the error of a mean of something smooth falls nearly with the
//! number of samples, not with its root.
//!
//! Random numbers are common: sample i of a seed deviates by the same number of standard deviations whatever the model, and does
//! so however many samples are drawn. Two designs, or two models, that are compared under the same seed differ only by themselves.

use super::ErrorModel;
use crate::optimise::postures::{PelvicPosture, Spinopelvic};
use coxa_activity::posture::PelvicTilts;
use coxa_geometry::Angle;
use serde::{Deserialize, Serialize};
use statrs::distribution::{ContinuousCDF, Normal};

/// How sure the numbers are that a plan rests on: one standard deviation each.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct MeasurementSpread {
    /// Tilt of the functional frame of the pelvis, degrees.
    pub functional_deg: f64,
    /// Rotation of the femur's frame about its shaft, degrees.
    pub femoral_version_deg: f64,
    /// A surface drawn from voxels, millimetres.
    pub surface_mm: f64,
    /// Difference of leg length before surgery, millimetres.
    pub leg_length_mm: f64,
    /// Difference of offset before surgery, millimetres.
    pub offset_mm: f64,
    /// Diameter of the native socket, millimetres.
    pub socket_diameter_mm: f64,
}

/// What was measured wrongly: truth less measurement.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct MeasurementError {
    /// Tilt of the functional frame of the pelvis, posterior positive.
    #[serde(rename = "functional_deg")]
    pub functional: Angle,
    /// Rotation of the femur's frame about its shaft, internal positive.
    #[serde(rename = "femoral_version_deg")]
    pub femoral_version: Angle,
    /// Bone surfaces, outwards positive.
    pub surface_mm: f64,
    /// Difference of leg length before surgery.
    pub leg_length_mm: f64,
    /// Difference of offset before surgery.
    pub offset_mm: f64,
    /// Diameter of the native socket.
    pub socket_diameter_mm: f64,
}

/// One way in which things may turn out, as differences from what was planned and expected.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Deviation {
    /// Radiographic inclination of the cup, supine functional plane.
    #[serde(rename = "cup_inclination_deg")]
    pub cup_inclination: Angle,
    /// Radiographic anteversion of the cup, supine functional plane.
    #[serde(rename = "cup_anteversion_deg")]
    pub cup_anteversion: Angle,
    /// Centre of the cup: medial, superior, anterior.
    pub cup_centre_mm: [f64; 3],
    /// Version of the stem about its axis, anterior positive.
    #[serde(rename = "stem_version_deg")]
    pub stem_version: Angle,
    /// Stem in the plane of its neck, varus positive.
    #[serde(rename = "stem_varus_deg")]
    pub stem_varus: Angle,
    /// Stem across its neck, tip posterior positive.
    #[serde(rename = "stem_flexion_deg")]
    pub stem_flexion: Angle,
    /// Stem along its axis, deeper positive.
    pub stem_depth_mm: f64,
    /// Leg length beyond what cup centre and stem depth do, longer positive.
    pub leg_length_mm: f64,
    /// Diameter reamed.
    pub reamed_diameter_mm: f64,
    /// What was measured wrongly.
    pub measurement: MeasurementError,
    /// Posterior tilts of the pelvis less those to be expected, in each posture.
    pub tilts: PelvicTilts,
}

/// Draws deviations.
pub struct Deviations;

/// Samples that the scrambled sequence has; further ones come from further scramblings.
const SEQUENCE: usize = 1 << 16;
/// The sequence gives multiples of this from zero on; the middle of each step is neither zero nor one.
const RESOLUTION: f64 = 1.0 / (1 << 24) as f64;

impl Deviations {
    /// The first `count` samples of a seed. Any number of them are the beginning of any larger number.
    pub fn draw(
        model: &ErrorModel,
        measurement: &MeasurementSpread,
        postures: &Spinopelvic,
        count: usize,
        seed: u64,
    ) -> Vec<Deviation> {
        let normal = Normal::standard();
        (0..count)
            .map(|index| {
                let mut dimension = 0;
                let mut next = || {
                    let place = uniform(index, dimension, seed);
                    dimension += 1;
                    normal.inverse_cdf(place)
                };
                deviation(model, measurement, postures, &mut next)
            })
            .collect()
    }
}

/// Between zero and one, neither of them.
fn uniform(index: usize, dimension: u32, seed: u64) -> f64 {
    let scrambling = mixed(seed.wrapping_add((index / SEQUENCE) as u64));
    // Within the sequence by its length.
    let index = u32::try_from(index % SEQUENCE).unwrap_or(0);
    f64::from(sobol_burley::sample(index, dimension, scrambling)) + RESOLUTION / 2.0
}

/// A seed of 32 bits in which every bit of the given one counts (the finaliser of SplitMix64, Steele et al. 2014).
fn mixed(seed: u64) -> u32 {
    let mut z = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    ((z ^ (z >> 31)) >> 32) as u32
}

/// One sample from standard normal numbers, each taken from the same dimension whatever the model.
fn deviation(
    model: &ErrorModel,
    measurement: &MeasurementSpread,
    postures: &Spinopelvic,
    next: &mut dyn FnMut() -> f64,
) -> Deviation {
    let terms = model.terms().map(|(_, term)| term.mean + term.sd * next());
    let [
        inclination,
        anteversion,
        medial,
        superior,
        anterior,
        version,
        varus,
        flexion,
        depth,
        leg_length,
        reamed,
    ] = terms;
    let degrees = Angle::from_degrees;
    let measurement = MeasurementError {
        functional: degrees(measurement.functional_deg * next()),
        femoral_version: degrees(measurement.femoral_version_deg * next()),
        surface_mm: measurement.surface_mm * next(),
        leg_length_mm: measurement.leg_length_mm * next(),
        offset_mm: measurement.offset_mm * next(),
        socket_diameter_mm: measurement.socket_diameter_mm * next(),
    };
    let standing = postures.standing.spread * next();
    let mut follow = |posture: &PelvicPosture| {
        let shared = postures.standing.spread * posture.of_standing;
        let own = (posture.spread.radians().powi(2) - shared.radians().powi(2)).max(0.0).sqrt();
        standing * posture.of_standing + Angle::from_radians(own * next())
    };
    let (sitting, flexed_seated) = (follow(&postures.sitting), follow(&postures.flexed_seated));
    Deviation {
        cup_inclination: degrees(inclination),
        cup_anteversion: degrees(anteversion),
        cup_centre_mm: [medial, superior, anterior],
        stem_version: degrees(version),
        stem_varus: degrees(varus),
        stem_flexion: degrees(flexion),
        stem_depth_mm: depth,
        leg_length_mm: leg_length,
        reamed_diameter_mm: reamed,
        measurement,
        tilts: PelvicTilts { standing, sitting, flexed_seated },
    }
}
