//! MR images of a virtual patient by the signal equations of spin echo and inversion recovery.

use super::materials::{COMPACT_BONE_HU, MARROW_HU};
use super::noise::texture;
use super::phantom::Phantom;
use super::tissue::Tissue;
use coxa_imaging::Volume;
use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
use serde::{Deserialize, Serialize};
use std::f64::consts::TAU;

/// Value of a pixel for a proton density of 1 that nothing has relaxed.
const SCALE: f64 = 1000.0;
/// How far the sensitivity of the coil varies, as a share, and over which distance.
const BIAS: f64 = 0.28;
const BIAS_MM: f64 = 210.0;

/// A contrast.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MrContrast {
    /// T1-weighted spin echo.
    T1,
    /// T2-weighted spin echo.
    T2,
    /// Short-tau inversion recovery, fat nulled.
    Stir,
}

impl MrContrast {
    /// All of them.
    pub const ALL: [MrContrast; 3] = [MrContrast::T1, MrContrast::T2, MrContrast::Stir];

    /// Name in files.
    pub const fn name(self) -> &'static str {
        match self {
            MrContrast::T1 => "t1",
            MrContrast::T2 => "t2",
            MrContrast::Stir => "stir",
        }
    }
}

/// Strength of the magnet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Field {
    /// 1.5 tesla.
    #[serde(rename = "1.5 T")]
    Tesla1_5,
    /// 3 tesla.
    #[serde(rename = "3 T")]
    Tesla3,
}

impl Field {
    /// In tesla.
    pub const fn tesla(self) -> f64 {
        match self {
            Field::Tesla1_5 => 1.5,
            Field::Tesla3 => 3.0,
        }
    }
}

/// How an image is taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MrProtocol {
    /// Strength of the magnet.
    pub field: Field,
    /// Repetition time.
    pub repetition_ms: f64,
    /// Echo time.
    pub echo_ms: f64,
    /// Inversion time; `None` for spin echo.
    pub inversion_ms: Option<f64>,
    /// Standard deviation of the noise of either channel, where an unrelaxed proton density of 1 gives 1000.
    pub noise: f64,
}

impl MrProtocol {
    /// Usual times of a contrast.
    pub fn usual(contrast: MrContrast, field: Field) -> Self {
        let spin_echo = |repetition_ms, echo_ms| MrProtocol {
            field,
            repetition_ms,
            echo_ms,
            inversion_ms: None,
            noise: 12.0,
        };
        match contrast {
            MrContrast::T1 => spin_echo(550.0, 12.0),
            MrContrast::T2 => spin_echo(4000.0, 80.0),
            MrContrast::Stir => {
                let plain = spin_echo(4500.0, 40.0);
                let fat = Relaxation::FAT[plain.field_index()].t1_ms;
                // Where 1 - 2 exp(-TI/T1) + exp(-TR/T1) is zero for fat.
                let inversion = fat * (2.0 / (1.0 + (-plain.repetition_ms / fat).exp())).ln();
                MrProtocol { inversion_ms: Some(inversion), ..plain }
            }
        }
    }

    const fn field_index(&self) -> usize {
        match self.field {
            Field::Tesla1_5 => 0,
            Field::Tesla3 => 1,
        }
    }

    /// Signal of a tissue, for a proton density of 1 that nothing has relaxed 1: spin echo
    /// `PD (1 - exp(-TR/T1)) exp(-TE/T2)`, inversion recovery, magnitude,
    /// `PD |1 - 2 exp(-TI/T1) + exp(-TR/T1)| exp(-TE/T2)` (Haacke 1999, chapters 8 and 26).
    fn signal(&self, tissue: &Relaxation) -> f64 {
        let Relaxation { density, t1_ms, t2_ms } = *tissue;
        let recovered = (-self.repetition_ms / t1_ms).exp();
        let along = match self.inversion_ms {
            None => 1.0 - recovered,
            Some(inversion) => (1.0 - 2.0 * (-inversion / t1_ms).exp() + recovered).abs(),
        };
        density * along * (-self.echo_ms / t2_ms).exp()
    }
}

/// Proton density against water, and relaxation times.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Relaxation {
    density: f64,
    t1_ms: f64,
    t2_ms: f64,
}

const fn at(density: f64, t1: [f64; 2], t2: [f64; 2]) -> [Relaxation; 2] {
    [Relaxation { density, t1_ms: t1[0], t2_ms: t2[0] }, Relaxation { density, t1_ms: t1[1], t2_ms: t2[1] }]
}

impl Relaxation {
    // At 1.5 and 3 tesla. Muscle, cartilage and blood: Stanisz 2005 (Magn Reson Med 54:507). Subcutaneous fat and marrow of the
    // spine, here of the femur: de Bazelaire 2004 (Radiology 230:652). Fluid: long, as urine. Compact bone: no signal at these echo
    // times (T2 below a millisecond). Proton densities: round numbers.
    const MUSCLE: [Relaxation; 2] = at(0.79, [1008.0, 1412.0], [44.0, 50.0]);
    const FAT: [Relaxation; 2] = at(0.90, [343.0, 382.0], [58.0, 68.0]);
    const MARROW: [Relaxation; 2] = at(0.75, [549.0, 586.0], [49.0, 49.0]);
    const COMPACT: [Relaxation; 2] = at(0.2, [250.0, 250.0], [0.5, 0.5]);
    const CARTILAGE: [Relaxation; 2] = at(0.75, [1024.0, 1168.0], [30.0, 27.0]);
    const FLUID: [Relaxation; 2] = at(1.0, [3500.0, 4000.0], [1200.0, 1000.0]);
    const BLOOD: [Relaxation; 2] = at(0.85, [1441.0, 1932.0], [290.0, 275.0]);
    const BOWEL: [Relaxation; 2] = at(0.85, [1200.0, 1500.0], [75.0, 70.0]);
}

/// The signal of every mixture that a voxel may be, by its tissue and CT number.
struct Signals {
    muscle: f64,
    fat: f64,
    marrow: f64,
    compact: f64,
    cartilage: f64,
    fluid: f64,
    blood: f64,
    bowel: f64,
    /// CT numbers of fat and of muscle without fat.
    fat_hu: f64,
    muscle_hu: f64,
}

impl Signals {
    fn new(protocol: &MrProtocol, [fat_hu, muscle_hu]: [f64; 2]) -> Self {
        let of = |tissue: &[Relaxation; 2]| protocol.signal(&tissue[protocol.field_index()]);
        Signals {
            muscle: of(&Relaxation::MUSCLE),
            fat: of(&Relaxation::FAT),
            marrow: of(&Relaxation::MARROW),
            compact: of(&Relaxation::COMPACT),
            cartilage: of(&Relaxation::CARTILAGE),
            fluid: of(&Relaxation::FLUID),
            blood: of(&Relaxation::BLOOD),
            bowel: of(&Relaxation::BOWEL),
            fat_hu,
            muscle_hu,
        }
    }

    fn of(&self, tissue: Tissue, hu: f64) -> f64 {
        let mix = |a: f64, b: f64, share: f64| a + (b - a) * share.clamp(0.0, 1.0);
        let soft = |pure: f64| {
            // Air takes the rest of a voxel at the skin.
            let filled = ((hu + 1000.0) / (self.fat_hu + 1000.0)).clamp(0.0, 1.0);
            filled * mix(self.fat, pure, (hu - self.fat_hu) / (self.muscle_hu - self.fat_hu))
        };
        match tissue {
            Tissue::Air | Tissue::Metal | Tissue::Polymer => 0.0,
            Tissue::Soft => soft(self.muscle),
            Tissue::Bowel => soft(self.bowel),
            Tissue::Bone => mix(self.marrow, self.compact, (hu - MARROW_HU) / (COMPACT_BONE_HU - MARROW_HU)),
            Tissue::Cartilage => self.cartilage,
            Tissue::Fluid => self.fluid,
            Tissue::Blood => self.blood,
        }
    }
}

impl Phantom {
    /// Its MR image, on the grid of the CT.
    pub fn mr(&self, protocol: &MrProtocol, seed: u64) -> Volume<i16> {
        scan(self, protocol, seed)
    }
}

/// Scans a phantom.
fn scan(phantom: &Phantom, protocol: &MrProtocol, seed: u64) -> Volume<i16> {
    let composition = &phantom.truth.composition;
    let signals = Signals::new(protocol, [composition.fat_hu, composition.lean_muscle_hu]);
    let grid = &phantom.hu.grid;
    let [ni, nj, _] = grid.dims;
    let mut out = phantom.hu.map(|_| 0i16);
    let area = (ni * nj).max(1);
    let slices = phantom.hu.as_slice().par_chunks(area).zip(phantom.tissue.as_slice().par_chunks(area));
    let origin = grid.origin.coords();
    let step = grid.spacing_mm();
    out.as_mut_slice().par_chunks_mut(area).zip(slices).enumerate().for_each(|(k, (out, (hu, tissue)))| {
        let mut rng = ChaCha8Rng::seed_from_u64(seed ^ 0x3317);
        rng.set_stream(k as u64);
        let z = origin.z + k as f64 * step[2];
        for (n, out) in out.iter_mut().enumerate() {
            let signal = SCALE * signals.of(Tissue::of(tissue[n]), f64::from(hu[n]));
            let (x, y) = (origin.x + (n % ni) as f64 * step[0], origin.y + (n / ni) as f64 * step[1]);
            let sensitivity = 1.0 + BIAS * texture(seed ^ 0xb1a5, x / BIAS_MM, y / BIAS_MM, z / BIAS_MM);
            *out = rician(signal * sensitivity, protocol.noise, &mut rng).round().clamp(0.0, 4095.0) as i16;
        }
    });
    out
}

/// Magnitude of a signal with normal noise in both channels (Gudbjartsson 1995, Magn Reson Med 34:910).
fn rician(signal: f64, noise: f64, rng: &mut ChaCha8Rng) -> f64 {
    let bits = rng.next_u64();
    let uniform = |bits: u64| ((bits & 0xffff_ffff) as f64 + 0.5) / 4_294_967_296.0;
    // Box and Muller give both channels at once.
    let radius = noise * (-2.0 * uniform(bits).ln()).sqrt();
    let (sin, cos) = (TAU * uniform(bits >> 32)).sin_cos();
    (signal + radius * cos).hypot(radius * sin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signals_are_as_computed_by_hand() {
        let muscle = Relaxation { density: 0.8, t1_ms: 1000.0, t2_ms: 40.0 };
        let spin_echo = MrProtocol {
            field: Field::Tesla1_5,
            repetition_ms: 500.0,
            echo_ms: 20.0,
            inversion_ms: None,
            noise: 0.0,
        };
        // 0.8 (1 - e^-0.5) e^-0.5 = 0.8 * 0.393469 * 0.606531
        assert!((spin_echo.signal(&muscle) - 0.190_921).abs() < 1e-6, "{}", spin_echo.signal(&muscle));
        let inversion =
            MrProtocol { inversion_ms: Some(200.0), repetition_ms: 3000.0, echo_ms: 40.0, ..spin_echo };
        // 0.8 |1 - 2 e^-0.2 + e^-3| e^-1 = 0.8 * |1 - 1.637462 + 0.049787| * 0.367879
        assert!((inversion.signal(&muscle) - 0.172_955).abs() < 1e-6, "{}", inversion.signal(&muscle));
    }

    #[test]
    fn contrasts_show_what_they_are_taken_for() {
        for field in [Field::Tesla1_5, Field::Tesla3] {
            let of = |contrast| Signals::new(&MrProtocol::usual(contrast, field), [-100.0, 55.0]);
            let (t1, t2, stir) = (of(MrContrast::T1), of(MrContrast::T2), of(MrContrast::Stir));
            assert!(t1.fat > 1.5 * t1.muscle && t1.muscle > 1.5 * t1.fluid, "T1: fat bright, fluid dark");
            assert!(t2.fluid > 2.0 * t2.fat && t2.fat > t2.muscle, "T2: fluid bright");
            assert!(stir.fat < 1e-9 && stir.fluid > 2.0 * stir.muscle, "STIR: fat gone, fluid bright");
            assert!(t1.compact < 1e-6 && stir.marrow < 0.5 * t1.marrow);
        }
    }

    #[test]
    fn noise_is_rician() {
        let mut rng = ChaCha8Rng::seed_from_u64(1);
        let n = 40_000;
        let background: f64 = (0..n).map(|_| rician(0.0, 10.0, &mut rng)).sum::<f64>() / f64::from(n);
        // Mean of a Rayleigh distribution: sigma sqrt(pi / 2).
        assert!((background - 12.533).abs() < 0.15, "{background}");
        let squares: f64 = (0..n).map(|_| rician(30.0, 10.0, &mut rng).powi(2)).sum::<f64>() / f64::from(n);
        assert!((squares - (900.0 + 200.0)).abs() < 15.0, "{squares}");
    }
}
