//! Width of a gap between two cortices from the grey values across it.
//!
//! Surfaces close a gap that is not much wider than the scan's blur. What blur cannot change is the
//! integral: a gap of width w filled with soft tissue takes w (c - t) from the profile between the peaks of both cortices, with c their
//! height there and t the CT number of soft tissue, however blurred it is.

use coxa_anatomy::thresholds::{CARTILAGE_HU, PROFILE_BELOW_HU};

/// Step of a profile in mm.
pub(crate) const STEP_MM: f64 = 0.25;
/// Cortices lower than this over soft tissue are none.
const LEAST_RISE_HU: f64 = 120.0;

/// Width in mm of the gap in a profile that runs from one bone into the other, whose surfaces lie about at `from` and `to` (mm from
/// the profile's start); `None` where there is no cortex on both sides.
pub(crate) fn gap(profile: &[f64], from: f64, to: f64, reach_mm: f64) -> Option<f64> {
    if profile.iter().any(|hu| *hu > PROFILE_BELOW_HU) {
        return None;
    }
    let index = |t: f64| ((t / STEP_MM).round().max(0.0) as usize).min(profile.len().saturating_sub(1));
    let peak = |low: usize, high: usize| (low..=high).max_by(|&a, &b| profile[a].total_cmp(&profile[b]));
    let middle = (from + to) / 2.0;
    // The deepest place between the surfaces, or where they touch, divides the two cortices.
    let valley = (index(from - 0.5)..=index(to + 0.5)).min_by(|&a, &b| profile[a].total_cmp(&profile[b]));
    let valley = valley.unwrap_or(index(middle));
    let (a, b) = (peak(index(from - reach_mm), valley)?, peak(valley, index(to + reach_mm))?);
    if a >= b || profile[a].min(profile[b]) - CARTILAGE_HU < LEAST_RISE_HU {
        return None;
    }
    let length = (b - a) as f64;
    let (mut missing, mut most) = (0.0, 0.0);
    for (step, hu) in profile[a..=b].iter().enumerate() {
        let cortex = profile[a] + (profile[b] - profile[a]) * step as f64 / length;
        // Fat in a recess of the capsule is no wider gap than fluid would be.
        missing += (cortex - hu.max(CARTILAGE_HU)).max(0.0) * STEP_MM;
        most += (cortex - CARTILAGE_HU) / (length + 1.0);
    }
    Some(missing / most)
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::function::erf::erf;

    /// Two cortices of 1200 HU and 2.5 mm, spongy bone of 350 HU behind, a gap between them, blurred.
    fn profile(width: f64, blur: f64) -> (Vec<f64>, f64, f64) {
        let (first, second) = (10.0, 10.0 + width);
        let below = |x: f64| 0.5 * (1.0 + erf(x / (blur * std::f64::consts::SQRT_2)));
        let hu = (0..120)
            .map(|i| {
                let t = f64::from(i) * STEP_MM;
                350.0 + 850.0 * below(t - first + 2.5) - (1200.0 - CARTILAGE_HU) * below(t - first)
                    + (1200.0 - CARTILAGE_HU) * below(t - second)
                    - 850.0 * below(t - second - 2.5)
            })
            .collect();
        (hu, first, second)
    }

    #[test]
    fn the_width_is_found_through_the_blur() {
        for blur in [0.4, 0.7] {
            for width in [0.5, 1.0, 2.0, 3.5, 5.0] {
                let (hu, first, second) = profile(width, blur);
                let found = gap(&hu, first, second, 4.0).unwrap();
                assert!((found - width).abs() < 0.25 + 0.15 * width, "{found} for {width} at {blur}");
            }
        }
    }

    #[test]
    fn fat_in_the_gap_makes_it_no_wider() {
        let (hu, first, second) = profile(5.0, 0.4);
        let fatty: Vec<f64> = hu.iter().map(|&hu| if hu < 150.0 { -100.0 } else { hu }).collect();
        let [fluid, fat] = [&hu, &fatty].map(|hu| gap(hu, first, second, 4.0).unwrap());
        assert!((fluid - fat).abs() < 0.3, "{fluid} {fat}");
    }

    #[test]
    fn no_cortex_and_metal_give_no_width() {
        assert_eq!(gap(&[100.0; 80], 8.0, 12.0, 4.0), None);
        let (mut hu, first, second) = profile(2.0, 0.5);
        hu[30] = 3000.0;
        assert_eq!(gap(&hu, first, second, 4.0), None);
    }
}
