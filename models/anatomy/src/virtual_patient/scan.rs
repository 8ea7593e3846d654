//! The scanner: a grid over the patient, CT numbers with partial volume and noise, and the true labels.

use super::VirtualPatientOptions;
use super::body::{Body, BodySlice};
use super::bone::BoneField;
use super::metal::Implant;
use super::noise::{slice_noise, texture};
use super::shape::{Anatomy, smoothstep};
use crate::label_names;
use crate::patient::Bone;
use coxa_geometry::Point;
use coxa_imaging::{CtVolume, Grid, LabelMap, Volume};
use ndarray::Array3;
use rayon::prelude::*;

/// Slice distance over voxel size in the slice.
const SLICE_RATIO: f64 = 1.25;
/// How far the scan goes on above the iliac crests.
const ABOVE_CRESTS_MM: f64 = 25.0;
/// How far the scan goes on below the condyles.
const BELOW_KNEES_MM: f64 = 6.0;

/// Width of the edge between two tissues that a reconstruction leaves in an infinitely fine grid.
const EDGE_MM: f64 = 0.9;

/// The grid of a scan.
pub(super) fn grid(options: &VirtualPatientOptions, anatomy: &Anatomy, body: &Body) -> Grid {
    let hips = anatomy.hip_midpoint();
    let heights = |low: bool| {
        let bounds = anatomy.bones.iter().filter_map(|posed| posed.mesh.bounds());
        bounds
            .map(move |(bottom, top)| if low { hips.z - bottom.z() } else { top.z() - hips.z })
            .fold(0.0, f64::max)
    };
    // The model ends at the knees.
    let knees = heights(true) + BELOW_KNEES_MM;
    let above = options.above_hips_mm.unwrap_or(heights(false) + ABOVE_CRESTS_MM);
    let below = options.below_hips_mm.map_or(knees, |below| below.min(knees));
    let (across, along) = (options.spacing_mm, options.spacing_mm * SLICE_RATIO);
    let half = body.half_extent();
    let centre = body.centre();
    let dims = [
        (2.0 * half[0] / across).ceil() as usize,
        (2.0 * half[1] / across).ceil() as usize,
        ((above + below) / along).ceil() as usize,
    ];
    let origin = Point::new(centre[0] - half[0], centre[1] - half[1], hips.z - below);
    Grid::axis_aligned(dims, origin, [across, across, along])
}

/// CT and labels.
pub(super) fn scan(
    options: &VirtualPatientOptions,
    grid: &Grid,
    bones: &[BoneField],
    body: &Body,
    implant: Option<&Implant>,
) -> (CtVolume, LabelMap) {
    let [ni, nj, nk] = grid.dims;
    let mut ct = Array3::<i16>::zeros((nk, nj, ni));
    let mut labels = Array3::<u8>::zeros((nk, nj, ni));
    let slice_len = ni * nj;
    if let (Some(ct), Some(labels)) = (ct.as_slice_mut(), labels.as_slice_mut()) {
        ct.par_chunks_mut(slice_len).zip(labels.par_chunks_mut(slice_len)).enumerate().for_each(
            |(k, (ct, labels))| {
                let z = grid.origin.z() + k as f64 * grid.spacing_mm()[2];
                let slice = Slice { options, grid, bones, body: body.slice(z), k, z };
                slice.expose(ct, labels, implant);
            },
        );
    }
    let table = label_names::structures().into_iter().take(Bone::ALL.len()).collect();
    (Volume::new(grid.clone(), ct), LabelMap { volume: Volume::new(grid.clone(), labels), table })
}

struct Slice<'a> {
    options: &'a VirtualPatientOptions,
    grid: &'a Grid,
    bones: &'a [BoneField],
    body: BodySlice<'a>,
    k: usize,
    z: f64,
}

impl Slice<'_> {
    fn expose(&self, ct: &mut [i16], labels: &mut [u8], implant: Option<&Implant>) {
        let [ni, nj, _] = self.grid.dims;
        let spacing = self.options.spacing_mm;
        let edge = spacing.hypot(EDGE_MM);
        let noise = slice_noise(self.options.seed ^ 0x0115e, self.k, ni, nj);
        let mut hu = vec![0.0f64; ni];
        for j in 0..nj {
            let y = self.grid.origin.y() + j as f64 * spacing;
            let x = |i: usize| self.grid.origin.x() + i as f64 * spacing;
            for (i, hu) in hu.iter_mut().enumerate() {
                *hu = self.body.hu(x(i), y);
                let outside = self.body.vertebra_distance(x(i), y);
                if outside < edge {
                    let cover = (0.5 - outside / edge).clamp(0.0, 1.0);
                    let shell = (0.5 + (outside + 1.3) / edge).clamp(0.0, 1.0);
                    let grain = texture(self.options.seed ^ 0x1c, x(i) / 2.5, y / 2.5, self.z / 2.5);
                    let bone = 150.0 + 45.0 * grain + (700.0 - 150.0) * shell;
                    *hu += (bone - *hu) * cover;
                }
            }
            for field in self.bones {
                let Some((first, distances)) = field.distance.row(j, self.k) else { continue };
                let id = Bone::ALL.iter().position(|&b| b == field.posed.bone).map_or(0, |n| n as u8 + 1);
                for (i, &outside) in (first..).zip(distances) {
                    let outside = f64::from(outside);
                    if outside >= edge {
                        continue;
                    }
                    if outside < 0.0 {
                        labels[j * ni + i] = id;
                    }
                    let cover = (0.5 - outside / edge).clamp(0.0, 1.0);
                    hu[i] += (self.bone_hu(field, nalgebra::Point3::new(x(i), y, self.z), -outside) - hu[i])
                        * cover;
                }
            }
            if let Some(implant) = implant {
                implant.expose(&mut hu, x(0), spacing, y, self.z);
            }
            for (i, hu) in hu.iter().enumerate() {
                // Fewer photons come through bone and metal, more through the edge of the body.
                let level = if *hu < -900.0 { 0.6 } else { 1.0 };
                let value = hu + self.options.noise_hu * level * f64::from(noise[j * ni + i]);
                ct[j * ni + i] = value.round().clamp(-1024.0, 3071.0) as i16;
            }
        }
    }

    /// CT number of a bone at a depth under its surface.
    fn bone_hu(&self, field: &BoneField, p: nalgebra::Point3<f64>, depth: f64) -> f64 {
        let material = field.material(p);
        let edge = 0.8 * self.options.spacing_mm;
        // The inner border of the cortex is never sharp: struts of it reach into the core.
        let core = smoothstep((depth - material.cortex_mm) / (2.0 * edge) + 0.5);
        let grain = texture(self.options.seed ^ 0x7ab, p.x / 2.6, p.y / 2.6, p.z / 3.2);
        let coarse = texture(self.options.seed ^ 0x7ac, p.x / 9.0, p.y / 9.0, p.z / 11.0);
        let inner = material.core_hu + material.texture_hu * (0.7 * grain + 0.6 * coarse);
        let cortex = material.cortex_hu + 60.0 * coarse;
        let bone = cortex + (inner - cortex) * core;
        field.posed.lesions.iter().fold(bone, |hu, lesion| lesion.changed(hu, p))
    }
}
