//! The CT of a virtual patient: noise added to the image, or X-rays counted where that is not enough.

use super::choices::CtPhysics;
use super::materials::{DENSEST_SOFT_HU, SCANNER_HU, SOLID_BONE_HU};
use super::noise::slice_noise;
use super::phantom::Phantom;
use super::tissue::Tissue;
use coxa_imaging::tomography::{Material, Protocol, Scanner, Slice};
use coxa_imaging::{CtVolume, Volume};
use ndarray::Array3;
use rayon::prelude::*;

/// Photons in the open beam for a noise of 1 HU in the middle of a pelvis of average width, pixels of 1 mm and 1000 views:
/// measured on virtual patients.
const PHOTONS_FOR_1_HU: f64 = 6.0e8;
/// Views over half a turn for each pixel of the wider side of a slice.
const VIEWS_PER_PIXEL: f64 = 1.0;

impl Phantom {
    /// Its CT, with this standard deviation of the noise in soft tissue.
    pub fn ct(&self, physics: CtPhysics, noise_hu: f64, seed: u64) -> CtVolume {
        scan(self, physics, noise_hu, seed)
    }
}

/// Scans a phantom with this noise in soft tissue.
fn scan(phantom: &Phantom, physics: CtPhysics, noise_hu: f64, seed: u64) -> CtVolume {
    let grid = &phantom.hu.grid;
    let [ni, nj, nk] = grid.dims;
    let pixel_mm = grid.spacing_mm()[0];
    let views = ((ni.max(nj) as f64 * VIEWS_PER_PIXEL).ceil() as usize).max(180);
    let photons = PHOTONS_FOR_1_HU / (noise_hu * pixel_mm).powi(2).max(1e-6) * (1000.0 / views as f64);
    let scanner = |is_noisy| Scanner::new(Protocol { photons, views, is_noisy }, ni, nj, pixel_mm);
    let (scanner, quiet) = (scanner(noise_hu > 0.0), scanner(false));
    let mut ct = Array3::<i16>::zeros((nk, nj, ni));
    let area = (ni * nj).max(1);
    let slices = phantom.hu.as_slice().par_chunks(area).zip(phantom.tissue.as_slice().par_chunks(area));
    if let Some(ct) = ct.as_slice_mut() {
        ct.par_chunks_mut(area).zip(slices).enumerate().for_each(|(k, (out, (hu, tissue)))| {
            let has_metal = tissue.contains(&(Tissue::Metal as u8));
            if !has_metal && physics == CtPhysics::Quick {
                add_noise(out, hu, &slice_noise(seed ^ 0x0115e, k, ni, nj), noise_hu);
                return;
            }
            let shares = Shares::of(hu, tissue, phantom.metal);
            let scan = |scanner: &Scanner, shares: &[(Material, &[f32])], seed| {
                scanner.scan(&Slice { columns: ni, rows: nj, pixel_mm, shares }, seed, k as u64)
            };
            let mut image = scan(&scanner, &shares.list(phantom.metal), seed ^ 0x5106);
            if physics == CtPhysics::Quick {
                // What metal and photons add to the image of the same slice without metal, which is as sharp as its
                // neighbours.
                let plain = scan(&quiet, &shares.without_metal().list(None), 0);
                for ((value, plain), &hu) in image.iter_mut().zip(plain).zip(hu) {
                    *value += f32::from(hu) - plain;
                }
            }
            for (out, value) in out.iter_mut().zip(image) {
                *out = value.round().clamp(SCANNER_HU[0] as f32, SCANNER_HU[1] as f32) as i16;
            }
        });
    }
    Volume::new(grid.clone(), ct)
}

fn add_noise(out: &mut [i16], hu: &[i16], noise: &[f32], noise_hu: f64) {
    for ((out, hu), noise) in out.iter_mut().zip(hu).zip(noise) {
        // More photons come through the edge of the body.
        let level = if *hu < -900 { 0.6 } else { 1.0 };
        let value = f64::from(*hu) + noise_hu * level * f64::from(*noise);
        *out = value.round().clamp(SCANNER_HU[0], SCANNER_HU[1]) as i16;
    }
}

/// Shares of water, bone and metal in every pixel of a slice.
struct Shares {
    water: Vec<f32>,
    bone: Vec<f32>,
    metal: Vec<f32>,
}

impl Shares {
    fn of(hu: &[i16], tissue: &[u8], metal: Option<Material>) -> Shares {
        let mut shares = Shares {
            water: vec![0.0; hu.len()],
            bone: vec![0.0; hu.len()],
            metal: vec![0.0; if metal.is_some() { hu.len() } else { 0 }],
        };
        for (n, (&hu, &tissue)) in hu.iter().zip(tissue).enumerate() {
            if tissue == Tissue::Metal as u8 && metal.is_some() {
                shares.metal[n] = 1.0;
                continue;
            }
            let hu = f64::from(hu);
            let bone = ((hu - DENSEST_SOFT_HU) / (SOLID_BONE_HU - DENSEST_SOFT_HU)).max(0.0);
            let soft = (1.0 + hu.min(DENSEST_SOFT_HU) / 1000.0).max(0.0) * (1.0 - bone).max(0.0);
            (shares.water[n], shares.bone[n]) = (soft as f32, bone as f32);
        }
        shares
    }

    /// The same slice with soft tissue where metal was.
    fn without_metal(&self) -> Shares {
        let water = self.water.iter().zip(&self.metal).map(|(water, metal)| water + metal).collect();
        Shares { water, bone: self.bone.clone(), metal: Vec::new() }
    }

    fn list(&self, metal: Option<Material>) -> Vec<(Material, &[f32])> {
        let mut list: Vec<(Material, &[f32])> =
            vec![(Material::Water, &self.water), (Material::Bone, &self.bone)];
        list.extend(metal.map(|metal| (metal, self.metal.as_slice())));
        list
    }
}
