//! X-rays of several energies and what attenuates them.

/// Energies that stand for the spectrum, keV.
const ENERGIES: usize = 5;
/// Share of the photons of a filtered spectrum of 120 kV at 40, 50, 60, 80 and 100 keV; their mean is 64 keV, as usual for CT.
const PHOTONS: [f64; ENERGIES] = [0.17, 0.22, 0.26, 0.22, 0.13];
const KEV: [f64; ENERGIES] = [40.0, 50.0, 60.0, 80.0, 100.0];

/// Longest way through water that the correction of beam hardening knows, and the step of its table.
const LONGEST_MM: f64 = 1200.0;
const STEP_MM: f64 = 1.0;

/// What a slice may be made of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Material {
    /// Water; soft tissue is water of another density.
    Water,
    /// Cortical bone of 1.92 g/cm³.
    Bone,
    /// Titanium alloy of 4.43 g/cm³.
    Titanium,
    /// Cobalt-chromium alloy of 8.3 g/cm³, with the attenuation of iron, its neighbour among the elements.
    CobaltChrome,
}

impl Material {
    /// Linear attenuation per millimetre at the energies of the spectrum (mass attenuation coefficients: NIST Standard
    /// Reference Database 126, ICRU-44 for cortical bone).
    const fn attenuation(self) -> [f64; ENERGIES] {
        // cm²/g and g/cm³; a tenth makes it per millimetre.
        let (mass, density) = match self {
            Material::Water => ([0.2683, 0.2269, 0.2059, 0.1837, 0.1707], 1.0),
            Material::Bone => ([0.6655, 0.4242, 0.3148, 0.2229, 0.1855], 1.92),
            Material::Titanium => ([2.214, 1.213, 0.7661, 0.4052, 0.2721], 4.43),
            Material::CobaltChrome => ([3.629, 1.958, 1.205, 0.5952, 0.3717], 8.3),
        };
        let mut out = [0.0; ENERGIES];
        let mut n = 0;
        while n < ENERGIES {
            out[n] = mass[n] * density / 10.0;
            n += 1;
        }
        out
    }
}

/// A spectrum with the table that corrects it for water.
pub struct Spectrum {
    /// Signal that each energy leaves in a detector that adds up energy.
    weights: [f64; ENERGIES],
    /// `-ln` of what comes through so many steps of water.
    through_water: Vec<f64>,
}

impl Spectrum {
    /// 120 kV, as most CT of the pelvis is taken.
    pub fn kv_120() -> Self {
        let energy: f64 = PHOTONS.iter().zip(KEV).map(|(p, e)| p * e).sum();
        let weights = std::array::from_fn(|n| PHOTONS[n] * KEV[n] / energy);
        let mut spectrum = Spectrum { weights, through_water: Vec::new() };
        spectrum.through_water = (0..=(LONGEST_MM / STEP_MM) as usize)
            .map(|n| -spectrum.transmitted(&[Material::Water], &[n as f64 * STEP_MM]).ln())
            .collect();
        spectrum
    }

    /// Share of the signal that comes through lengths of materials in millimetres.
    pub(super) fn transmitted(&self, materials: &[Material], lengths: &[f64]) -> f64 {
        let mut depth = [0.0; ENERGIES];
        for (material, length) in materials.iter().zip(lengths) {
            for (depth, attenuation) in depth.iter_mut().zip(material.attenuation()) {
                *depth += attenuation * length;
            }
        }
        self.weights.iter().zip(depth).map(|(w, d)| w * (-d).exp()).sum()
    }

    /// Attenuation of water where none of it has hardened the beam, per millimetre: what a CT number of 0 stands for.
    pub fn water_per_mm(&self) -> f64 {
        self.weights.iter().zip(Material::Water.attenuation()).map(|(w, a)| w * a).sum()
    }

    /// Attenuation along a ray as it would be without beam hardening if all that it went through were water.
    pub(super) fn water_equivalent(&self, transmitted: f64) -> f64 {
        let depth = -transmitted.ln();
        let last = self.through_water.len() - 1;
        let upper = self.through_water.partition_point(|&d| d < depth).clamp(1, last);
        let (a, b) = (self.through_water[upper - 1], self.through_water[upper]);
        // Beyond the ends the line goes on.
        (upper as f64 - 1.0 + (depth - a) / (b - a)) * STEP_MM * self.water_per_mm()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn water_of_any_length_is_found_by_what_comes_through() {
        let spectrum = Spectrum::kv_120();
        for mm in [0.0, 0.4, 37.5, 200.0, 444.0, 900.0] {
            let seen = spectrum.transmitted(&[Material::Water], &[mm]);
            let found = spectrum.water_equivalent(seen) / spectrum.water_per_mm();
            assert!((found - mm).abs() < 1e-3 * mm + 1e-6, "{found} {mm}");
        }
        // Noise may leave more than was sent.
        assert!(spectrum.water_equivalent(1.01) < 0.0);
    }

    #[test]
    fn a_single_ray_is_attenuated_as_by_hand() {
        let spectrum = Spectrum::kv_120();
        let by_hand: f64 = [
            (0.17 * 40.0, 0.2683, 0.6655),
            (0.22 * 50.0, 0.2269, 0.4242),
            (0.26 * 60.0, 0.2059, 0.3148),
            (0.22 * 80.0, 0.1837, 0.2229),
            (0.13 * 100.0, 0.1707, 0.1855),
        ]
        .iter()
        .map(|(weight, water, bone)| weight / 64.0 * (-(water * 10.0 + bone * 1.92 * 2.0_f64)).exp())
        .sum();
        let found = spectrum.transmitted(&[Material::Water, Material::Bone], &[100.0, 20.0]);
        assert!((found - by_hand).abs() < 1e-12, "{found} {by_hand}");
    }
}
