//! Width of a gap between two cortices from the grey values across it.
//!
//! Surfaces close a gap that is not much wider than the scan's blur, and lie outside a cortex that is not much thicker. Both are undone by
//! fitting what the scanner should have seen: spongy bone, subchondral plate, cartilage, plate and spongy bone again, blurred (after
//! Treece 2010, Med Image Anal 14:276, for the thickness of cortices, and Turmezei 2016, Osteoarthritis Cartilage 24:1368, for joint
//! spaces). What a profile cannot tell (a plate thinner than the blur is as well dimmer as thinner) is held by what such bone is like,
//! and the curvature of the fit says how sure the width is.

use coxa_anatomy::thresholds::{CARTILAGE_HU, PROFILE_BELOW_HU};
use nalgebra::{SMatrix, SVector};
use statrs::function::erf::erf;
use std::f64::consts::{PI, SQRT_2};

/// Step of a profile in mm.
pub(crate) const STEP_MM: f64 = 0.25;
/// How far into both bones a profile is fitted, in mm.
pub(crate) const REACH_MM: f64 = 4.5;
/// Cortices lower than this over soft tissue are none.
const LEAST_RISE_HU: f64 = 120.0;
/// Fat in a recess of the capsule is no wider gap than fluid would be.
const FAT_COUNTS_AS_HU: f64 = CARTILAGE_HU - 40.0;
/// What a layered profile leaves unexplained, by trabeculae and noise, where samples are a voxel apart. Assumption.
const TEXTURE_HU: f64 = 45.0;
/// Steps of the fit, and what its damping starts from.
const STEPS: usize = 25;
const DAMPING: f64 = 1e-2;

/// What is fitted: both edges of the gap (mm), thickness of the plates (mm), and CT numbers of spongy bone, plates and cartilage.
const PARAMETERS: usize = 8;
type Parameters = SVector<f64, PARAMETERS>;
type Square = SMatrix<f64, PARAMETERS, PARAMETERS>;
/// Where they lie in people, each with its standard deviation; of the edges nothing is known beyond where the surfaces are. Subchondral
/// plates are 0.5 to 3 mm thick (Milz 1994, Anat Rec 240:1; to be verified), less dense than the cortex of a shaft.
const PLATE_MM: [f64; 2] = [1.4, 0.8];
const SPONGY_HU: [f64; 2] = [350.0, 150.0];
const PLATE_HU: [f64; 2] = [1000.0, 150.0];
const CARTILAGE: [f64; 2] = [CARTILAGE_HU, 20.0];
const EDGE_SPREAD_MM: f64 = 3.0;

/// A gap.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Gap {
    pub(crate) width_mm: f64,
    /// One standard deviation of the width.
    pub(crate) spread_mm: f64,
    /// How badly the profile is explained, for the choice of a blur.
    pub(crate) cost: f64,
}

/// The gap in a profile that runs from one bone into the other, whose surfaces lie about at `from` and `to` (mm from the profile's
/// start), blurred by this standard deviation, from voxels so large along it; `None` where there is no cortex on both sides.
pub(crate) fn gap(profile: &[f64], from: f64, to: f64, blur_mm: f64, voxel_mm: f64) -> Option<Gap> {
    if profile.len() < 8 || profile.iter().any(|hu| *hu > PROFILE_BELOW_HU) {
        return None;
    }
    let index = |t: f64| ((t / STEP_MM).round().max(0.0) as usize).min(profile.len() - 1);
    let highest =
        |low: usize, high: usize| profile[low.min(high)..=high].iter().copied().fold(f64::MIN, f64::max);
    let valley = (index(from - 0.5)..=index(to + 0.5)).min_by(|&a, &b| profile[a].total_cmp(&profile[b]))?;
    let rise =
        highest(index(from - REACH_MM), valley).min(highest(valley, index(to + REACH_MM))) - CARTILAGE_HU;
    if rise < LEAST_RISE_HU {
        return None;
    }
    let first = index(from - REACH_MM);
    let samples: Vec<(f64, f64)> = (first..=index(to + REACH_MM))
        .map(|n| (n as f64 * STEP_MM, profile[n].max(FAT_COUNTS_AS_HU)))
        .collect();
    // Samples nearer together than voxels say nothing new.
    let noise = TEXTURE_HU * (voxel_mm.max(STEP_MM) / STEP_MM).sqrt();
    Fit { samples, blur_mm, noise, from, to }.run()
}

struct Fit {
    samples: Vec<(f64, f64)>,
    blur_mm: f64,
    noise: f64,
    from: f64,
    to: f64,
}

impl Fit {
    fn expected(&self) -> (Parameters, Parameters) {
        let rows = [
            [self.from, EDGE_SPREAD_MM],
            [self.to.max(self.from + 0.3), EDGE_SPREAD_MM],
            PLATE_MM,
            PLATE_MM,
            SPONGY_HU,
            SPONGY_HU,
            PLATE_HU,
            CARTILAGE,
        ];
        (Parameters::from(rows.map(|row| row[0])), Parameters::from(rows.map(|row| row[1])))
    }

    fn run(&self) -> Option<Gap> {
        let (mean, spread) = self.expected();
        let prior = Square::from_diagonal(&spread.map(|s| 1.0 / (s * s)));
        let mut at = mean;
        let mut damping = DAMPING;
        let (mut normal, mut gradient, mut cost) = self.linearised(&at, &mean, &prior);
        for _ in 0..STEPS {
            let damped = normal + Square::from_diagonal(&(normal.diagonal() * damping));
            let step = damped.cholesky()?.solve(&gradient);
            let next = bounded(at - step);
            let (n, g, c) = self.linearised(&next, &mean, &prior);
            if c < cost {
                let gained = cost - c;
                (at, normal, gradient, cost) = (next, n, g, c);
                damping = (damping * 0.3).max(1e-6);
                if gained < 1e-3 {
                    break;
                }
            } else {
                damping *= 10.0;
                if damping > 1e6 {
                    break;
                }
            }
        }
        let covariance = normal.cholesky()?.inverse();
        let variance = covariance[(0, 0)] + covariance[(1, 1)] - 2.0 * covariance[(0, 1)];
        let gap = Gap { width_mm: at[1] - at[0], spread_mm: variance.max(0.0).sqrt(), cost };
        gap.width_mm.is_finite().then_some(gap)
    }

    /// Normal equations and cost, prior included.
    fn linearised(&self, at: &Parameters, mean: &Parameters, prior: &Square) -> (Square, Parameters, f64) {
        let weight = 1.0 / (self.noise * self.noise);
        let off = at - mean;
        let (mut normal, mut gradient, mut cost) = (*prior, prior * off, off.dot(&(prior * off)));
        for &(x, hu) in &self.samples {
            let (value, slope) = layers(at, x, self.blur_mm);
            let wrong = value - hu;
            normal += slope * slope.transpose() * weight;
            gradient += slope * (wrong * weight);
            cost += wrong * wrong * weight;
        }
        (normal, gradient, cost)
    }
}

/// No gap and no plate is thinner than nothing.
fn bounded(mut at: Parameters) -> Parameters {
    at[1] = at[1].max(at[0]);
    at[2] = at[2].max(0.2);
    at[3] = at[3].max(0.2);
    at
}

/// What the scanner sees of the layers at a place, and how it changes with each parameter.
fn layers(p: &Parameters, x: f64, blur: f64) -> (f64, Parameters) {
    let [x1, x2, t1, t2, s1, s2, c, m] = p.data.0[0];
    let below = |edge: f64| 0.5 * (1.0 + erf((x - edge) / (blur * SQRT_2)));
    let density = |edge: f64| (-0.5 * ((x - edge) / blur).powi(2)).exp() / (blur * (2.0 * PI).sqrt());
    let [a, b, d, e] = [x1 - t1, x1, x2, x2 + t2].map(below);
    let [fa, fb, fd, fe] = [x1 - t1, x1, x2, x2 + t2].map(density);
    let value = s1 + (c - s1) * a - (c - m) * b + (c - m) * d - (c - s2) * e;
    let slope = Parameters::from([
        -(c - s1) * fa + (c - m) * fb,
        -(c - m) * fd + (c - s2) * fe,
        (c - s1) * fa,
        (c - s2) * fe,
        1.0 - a,
        e,
        a - b + d - e,
        b - d,
    ]);
    (value, slope)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two plates of these CT numbers and thickness, spongy bone behind, a gap between them, blurred; with where the surfaces seem to be.
    fn profile(width: f64, blur: f64, plate: (f64, f64)) -> (Vec<f64>, f64, f64) {
        let from = 10.0;
        let p = Parameters::from([from, from + width, plate.1, plate.1, 330.0, 360.0, plate.0, CARTILAGE_HU]);
        ((0..100).map(|n| layers(&p, f64::from(n) * STEP_MM, blur).0).collect(), from, from + width)
    }

    #[test]
    fn the_width_is_found_through_the_blur_from_surfaces_that_are_off() {
        for blur in [0.4, 0.7, 1.0] {
            for width in [0.8, 1.5, 2.5, 4.0] {
                for plate in [(850.0, 1.0), (1000.0, 1.5), (1150.0, 2.5)] {
                    let (hu, from, to) = profile(width, blur, plate);
                    for off in [0.0, 0.3] {
                        let found = gap(&hu, from + off, (to - off).max(from + off), blur, 1.0).unwrap();
                        let error = found.width_mm - width;
                        assert!(error.abs() < 0.3, "{error} of {width} at {blur}, {plate:?}");
                        assert!(error.abs() < 2.0 * found.spread_mm, "{error} +- {}", found.spread_mm);
                    }
                }
            }
        }
    }

    #[test]
    fn a_coarse_scan_is_less_sure() {
        let sure = |blur: f64, voxel: f64| {
            let (hu, from, to) = profile(2.0, blur, (1000.0, 1.5));
            gap(&hu, from, to, blur, voxel).unwrap().spread_mm
        };
        assert!(sure(1.6, 3.0) > 2.0 * sure(0.6, 0.8));
    }

    #[test]
    fn fat_in_the_gap_makes_it_no_wider() {
        let (hu, from, to) = profile(5.0, 0.5, (1000.0, 1.5));
        let fatty: Vec<f64> = hu.iter().map(|&hu| if hu < 150.0 { -100.0 } else { hu }).collect();
        let [fluid, fat] = [&hu, &fatty].map(|hu| gap(hu, from, to, 0.5, 1.0).unwrap().width_mm);
        assert!((fluid - fat).abs() < 0.3, "{fluid} {fat}");
    }

    #[test]
    fn no_cortex_and_metal_give_no_width() {
        assert_eq!(gap(&[100.0; 80], 8.0, 12.0, 0.6, 1.0), None);
        assert_eq!(gap(&[100.0; 3], 8.0, 12.0, 0.6, 1.0), None);
        let (mut hu, from, to) = profile(2.0, 0.5, (1000.0, 1.5));
        hu[30] = 3000.0;
        assert_eq!(gap(&hu, from, to, 0.5, 1.0), None);
    }

    #[test]
    fn the_slopes_are_those_of_the_layers() {
        let p = Parameters::from([10.0, 12.0, 1.2, 1.6, 300.0, 350.0, 950.0, 90.0]);
        for x in [8.0, 9.5, 11.0, 12.4, 14.0] {
            let (_, slope) = layers(&p, x, 0.7);
            for n in 0..PARAMETERS {
                let by = 1e-4;
                let (mut up, mut down) = (p, p);
                up[n] += by;
                down[n] -= by;
                let measured = (layers(&up, x, 0.7).0 - layers(&down, x, 0.7).0) / (2.0 * by);
                assert!(
                    (measured - slope[n]).abs() < 0.02 * (1.0 + slope[n].abs()),
                    "{n} at {x}: {measured} {}",
                    slope[n]
                );
            }
        }
    }
}
