//! The contact patch of a head in a conforming liner of polyethylene.

use super::stability::{BearingError, positive};
use std::f64::consts::{FRAC_PI_2, PI};

/// A hard head in a liner of a softer, thin layer that is bonded to something hard.
///
/// The layer is a bed of springs that cannot give way sideways (constrained column model, Bartel et al. 1985, J Biomech Eng 107:193), of
/// stiffness per area K = (1 - nu) E / ((1 + nu)(1 - 2 nu) h). A head of radius R pressed in by d along the load indents it at the
/// angle t from the load by (d + c) cos t - c, where c is the radial clearance. With u = cos of the half angle of the patch, d + c =
/// c / u, and the pressures along the load add up to (derived here)
///
/// F = 2 pi R² K c ((1 - u³) / (3 u) - (1 - u²) / 2).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConformingBearing {
    /// Radius of the head.
    pub head_radius_mm: f64,
    /// Radius of the liner's bore less that of the head.
    pub radial_clearance_mm: f64,
    /// Thickness of the soft layer.
    pub thickness_mm: f64,
    /// Its Young's modulus.
    pub modulus_n_per_mm2: f64,
    /// Its Poisson's ratio.
    pub poisson: f64,
}

impl ConformingBearing {
    /// A head in polyethylene of this thickness: modulus 1 GPa and Poisson's ratio 0.4 as in Jalali-Vahid et al. 2001 (J Biomech 34:261),
    /// radial clearance 0.1 mm; both to be verified.
    pub fn polyethylene(head_radius_mm: f64, thickness_mm: f64) -> Self {
        let (modulus_n_per_mm2, poisson) = (1000.0, 0.4);
        ConformingBearing {
            head_radius_mm,
            radial_clearance_mm: 0.1,
            thickness_mm,
            modulus_n_per_mm2,
            poisson,
        }
    }

    /// Radius of the contact patch as an arc on the head, under a load; at most a quarter of a circle.
    ///
    /// # Errors
    /// [`BearingError::OutOfRange`] for a number that is not above zero, or a Poisson's ratio of 0.5 and more.
    pub fn patch_radius_mm(&self, load_n: f64) -> Result<f64, BearingError> {
        let radius = positive("head radius", self.head_radius_mm)?;
        let clearance = positive("radial clearance", self.radial_clearance_mm)?;
        let thickness = positive("thickness", self.thickness_mm)?;
        let modulus = positive("modulus", self.modulus_n_per_mm2)?;
        let load = positive("load", load_n)?;
        let nu = positive("Poisson's ratio", self.poisson)?;
        let squeezed = positive("1 - 2 Poisson's ratio", 1.0 - 2.0 * nu)?;
        let bed = (1.0 - nu) * modulus / ((1.0 + nu) * squeezed * thickness);
        let wanted = load / (2.0 * PI * radius * radius * bed * clearance);
        // The load falls from infinity to nothing as u goes from zero to one.
        let (mut low, mut high) = (0.0f64, 1.0f64);
        while high - low > 1e-15 {
            let u = f64::midpoint(low, high);
            if u <= low || u >= high {
                break;
            }
            let load = (1.0 - u.powi(3)) / (3.0 * u) - (1.0 - u * u) / 2.0;
            if load > wanted { low = u } else { high = u }
        }
        Ok(radius * f64::midpoint(low, high).acos().min(FRAC_PI_2))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn pressures_of_the_patch_add_up_to_the_load() {
        let bearing = ConformingBearing::polyethylene(16.0, 8.0);
        for load in [50.0, 700.0, 2000.0, 6000.0] {
            let half = bearing.patch_radius_mm(load).unwrap() / 16.0;
            let bed = 0.6 * 1000.0 / (1.4 * 0.2 * 8.0);
            let steps = 20_000;
            let sum: f64 = (0..steps)
                .map(|i| {
                    let t = half * (f64::from(i) + 0.5) / f64::from(steps);
                    let depth = 0.1 / half.cos() * t.cos() - 0.1;
                    bed * depth * t.cos() * 2.0 * PI * 256.0 * t.sin() * half / f64::from(steps)
                })
                .sum();
            assert!((sum / load - 1.0).abs() < 1e-6, "{load} N: {sum}");
        }
        // A patch of about a third of a right angle: head of 32 mm in 8 mm of polyethylene under 2,000 N.
        let patch = bearing.patch_radius_mm(2000.0).unwrap();
        assert!((9.0..13.0).contains(&patch), "{patch}");
    }

    #[test]
    fn what_is_no_bearing_is_refused() {
        let bearing = ConformingBearing::polyethylene(16.0, 8.0);
        assert!(bearing.patch_radius_mm(0.0).is_err() && bearing.patch_radius_mm(f64::NAN).is_err());
        assert!(ConformingBearing { poisson: 0.5, ..bearing }.patch_radius_mm(1.0).is_err());
        assert!(ConformingBearing { thickness_mm: 0.0, ..bearing }.patch_radius_mm(1.0).is_err());
    }

    proptest! {
        #[test]
        fn more_load_or_a_thicker_layer_widen_the_patch_and_more_clearance_narrows_it(
            radius in 11.0..25.0f64, thickness in 4.0..15.0f64, load in 10.0..9000.0f64, more in 1.05..3.0f64,
        ) {
            let bearing = ConformingBearing::polyethylene(radius, thickness);
            let patch = bearing.patch_radius_mm(load).unwrap();
            prop_assert!(patch > 0.0 && patch < radius * FRAC_PI_2);
            prop_assert!(bearing.patch_radius_mm(more * load).unwrap() > patch);
            let thick = ConformingBearing { thickness_mm: more * thickness, ..bearing };
            prop_assert!(thick.patch_radius_mm(load).unwrap() > patch);
            let loose = ConformingBearing { radial_clearance_mm: more * bearing.radial_clearance_mm, ..bearing };
            prop_assert!(loose.patch_radius_mm(load).unwrap() < patch);
        }
    }
}
