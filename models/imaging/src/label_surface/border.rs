//! Where the border of a bone lies in the blur of a scan.

/// Cortex of hip bone and proximal femur where it is thicker than the blur of a scan: one that looks less bright is thinner. Assumption;
/// cortices fitted to profiles are given 1,000 to 1,400 (Treece 2010, Med Image Anal 14:276; to be verified), and the lowest of these
/// moves the border least.
pub const THICK_CORTEX_HU: f64 = 1000.0;

/// The CT number at the outer border of a bone, from the brightest place of its cortex (`peak`), what lies `behind` the cortex and what
/// surrounds the bone.
///
/// The border of a cortex thicker than the blur is seen halfway up. A thinner one is dimmer, for the blur spreads it, and its border lies
/// higher on what is left of it: that of a sheet which the blur hides wholly is at the peak itself. How much dimmer a cortex is than a
/// thick one says how thin it is.
///
/// ```
/// use coxa_imaging::label_surface::border_hu;
/// assert_eq!(border_hu(1000.0, 250.0, 50.0), 525.0); // thick
/// assert_eq!(border_hu(400.0, 400.0, 0.0), 200.0); // spongy bone without a cortex
/// // 1 mm of 1,000 HU in a blur of 0.65 mm looks like 629 HU, and its border is at 478.
/// assert!((border_hu(629.0, 250.0, 50.0) - 478.0).abs() < 20.0);
/// ```
pub fn border_hu(peak: f64, behind: f64, surroundings: f64) -> f64 {
    let behind = behind.min(peak);
    let over = peak - behind;
    // A sheet of half the thickness u (in standard deviations of the blur) has 2 F(u) - 1 of its height at the peak and F(2 u) - 1/2 at the
    // border, F being the normal distribution. This is their ratio within 0.03.
    let height = (over / (THICK_CORTEX_HU - behind).max(1.0)).clamp(0.0, 1.0);
    let share = 1.0 - 0.5 * height.powf(1.5);
    surroundings + (behind - surroundings) / 2.0 + over * share
}

#[cfg(test)]
mod tests {
    use super::*;
    use statrs::distribution::{ContinuousCDF, Normal};

    #[test]
    fn borders_of_thin_cortices_are_found_better_than_halfway() {
        let normal = Normal::standard();
        for blur in [0.5, 0.7, 0.9] {
            for thickness in [0.6, 0.9, 1.3, 2.0, 3.0] {
                let (around, spongy) = (50.0, 250.0);
                let hu = |depth: f64| {
                    let (outer, inner) = (normal.cdf(depth / blur), normal.cdf((depth - thickness) / blur));
                    around + (THICK_CORTEX_HU - around) * outer - (THICK_CORTEX_HU - spongy) * inner
                };
                let peak = (0..600).map(|n| hu(f64::from(n) * 0.01)).fold(0.0, f64::max);
                let level = border_hu(peak, spongy, around);
                let at = (-300..600).map(|n| f64::from(n) * 0.01).find(|&depth| hu(depth) >= level).unwrap();
                let half = (peak + around) / 2.0;
                let halfway =
                    (-300..600).map(|n| f64::from(n) * 0.01).find(|&depth| hu(depth) >= half).unwrap();
                assert!(
                    at.abs() <= 0.5 * halfway.abs() + 0.03,
                    "{thickness} mm in a blur of {blur}: {at:.2}, {halfway:.2}"
                );
            }
        }
    }
}
