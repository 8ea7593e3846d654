//! A grid over the patient, and what fills it: CT numbers with partial volume, tissues, and the true labels.

use super::body::{Body, BodySlice};
use super::bone::{BoneField, Material};
use super::couch::Couch;
use super::flesh::MuscleTruth;
use super::flesh::{Flesh, InMuscle};
use super::materials::{DISC_HU, DURAL_SAC_HU, SCANNER_HU, VESSEL_WALL_HU};
use super::metal::Implant;
use super::noise::texture;
use super::options::VirtualPatientOptions;
use super::shape::Anatomy;
use super::smooth::smoothstep;
use super::spine::Spine;
use super::tally::Tally;
use super::tissue::Tissue;
use super::vessels::{VesselSlice, Vessels};
use coxa_anatomy::Bone;
use coxa_anatomy::label_names;
use coxa_geometry::Point;
use coxa_imaging::{CtVolume, Grid, LabelMap, Volume};
use nalgebra::Point3;
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

/// Air on each side of the body, in front of it.
const AROUND_MM: f64 = 8.0;
/// Fat around a vessel, and its wall.
const SHEATH_MM: f64 = 1.6;
const WALL_MM: f64 = 0.7;
/// Vertebrae keep so far from sacrum and hip bones.
const SPINE_GAP_MM: f64 = 1.8;

/// Cysts are darker than this.
const CYST_BELOW_HU: f64 = 60.0;
/// Metal comes behind the bones in the table of labels.
const METAL_ID: u8 = Bone::ALL.len() as u8 + 1;

/// The grid of a scan.
pub(super) fn grid(options: &VirtualPatientOptions, anatomy: &Anatomy, body: &Body, couch: &Couch) -> Grid {
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
    let [low, high] = body.bounds();
    let (from, to) = ([low.x - AROUND_MM, low.y - AROUND_MM], [high.x + AROUND_MM, couch.lowest_y()]);
    let dims = [
        ((to[0] - from[0]) / across).ceil() as usize,
        ((to[1] - from[1]) / across).ceil() as usize,
        ((above + below) / along).ceil() as usize,
    ];
    let origin = Point::new(from[0], from[1], hips.z - below);
    Grid::axis_aligned(dims, origin, [across, across, along])
}

/// What there is to fill into a grid.
pub(super) struct Contents<'a> {
    pub(super) bones: &'a [BoneField],
    /// Bone of the vertebrae.
    pub(super) vertebra: Material,
    /// What lies around the bones; muscle everywhere where it is not asked for.
    pub(super) soft: Option<Soft<'a>>,
    pub(super) spine: &'a Spine,
    pub(super) vessels: &'a Vessels,
    /// CT numbers of lean muscle and of fat.
    pub(super) soft_hu: [f64; 2],
    pub(super) implant: Option<&'a Implant>,
}

/// Body, muscles and the table under them.
pub(super) struct Soft<'a> {
    pub(super) body: &'a Body,
    pub(super) flesh: &'a Flesh,
    pub(super) couch: &'a Couch,
}

/// What fills a grid.
pub(super) struct Tissues {
    pub(super) hu: CtVolume,
    pub(super) tissue: Volume<u8>,
    pub(super) labels: LabelMap,
    pub(super) muscles: Vec<MuscleTruth>,
}

/// CT numbers without noise, tissues and labels.
pub(super) fn fill(options: &VirtualPatientOptions, grid: &Grid, contents: &Contents<'_>) -> Tissues {
    let [ni, nj, nk] = grid.dims;
    let mut hu = Array3::<i16>::zeros((nk, nj, ni));
    let mut tissue = Array3::<u8>::zeros((nk, nj, ni));
    let mut labels = Array3::<u8>::zeros((nk, nj, ni));
    let area = (ni * nj).max(1);
    let mut tally = Tally::default();
    if let (Some(hu), Some(tissue), Some(labels)) =
        (hu.as_slice_mut(), tissue.as_slice_mut(), labels.as_slice_mut())
    {
        let slices =
            hu.par_chunks_mut(area).zip(tissue.par_chunks_mut(area)).zip(labels.par_chunks_mut(area));
        let tallies = slices.enumerate().map(|(k, ((hu, tissue), labels))| {
            let z = grid.origin.z() + k as f64 * grid.spacing_mm()[2];
            let body = contents.soft.as_ref().map(|soft| soft.body.slice(z));
            let vessels = contents.vessels.slice(z, SHEATH_MM);
            Slice { options, grid, contents, body, vessels, k, z }.fill(hu, tissue, labels)
        });
        // In the order of the slices, so that sums are the same on any number of threads.
        for (k, slice) in tallies.collect::<Vec<_>>().into_iter().enumerate() {
            tally.add(&slice, k == 0 || k + 1 == nk);
        }
    }
    let mut present = [false; 256];
    for &id in &labels {
        present[usize::from(id)] = true;
    }
    // All bones are listed, in view or not.
    present[1..=Bone::ALL.len()].fill(true);
    let table = label_names::structures().into_iter().filter(|l| present[usize::from(l.id)]).collect();
    Tissues {
        hu: Volume::new(grid.clone(), hu),
        tissue: Volume::new(grid.clone(), tissue),
        muscles: tally.muscles(grid.voxel_volume_mm3()),
        labels: LabelMap { volume: Volume::new(grid.clone(), labels), table },
    }
}

struct Slice<'a> {
    options: &'a VirtualPatientOptions,
    grid: &'a Grid,
    contents: &'a Contents<'a>,
    body: Option<BodySlice<'a>>,
    vessels: VesselSlice<'a>,
    k: usize,
    z: f64,
}

impl Slice<'_> {
    fn fill(&self, out: &mut [i16], tissue: &mut [u8], labels: &mut [u8]) -> Tally {
        let implant = self.contents.implant;
        let ni = self.grid.dims[0];
        let spacing = self.options.spacing_mm;
        let (mut hu, mut fat) = (vec![0.0f64; ni], vec![0.0f64; ni]);
        let mut tally = Tally::default();
        let rows =
            out.chunks_mut(ni.max(1)).zip(tissue.chunks_mut(ni.max(1))).zip(labels.chunks_mut(ni.max(1)));
        for (j, ((out, tissue), labels)) in rows.enumerate() {
            let start = Point3::new(self.grid.origin.x(), self.grid.origin.y() + j as f64 * spacing, self.z);
            self.fill_soft(&mut hu, &mut fat, tissue, labels, j, start);
            self.fill_vessels(&mut hu, &mut fat, tissue, labels, start);
            self.fill_spine(&mut hu, tissue, labels, j, start);
            self.fill_bones(&mut hu, tissue, labels, j, start);
            if let Some(implant) = implant {
                implant.expose(&mut hu, tissue, start, spacing);
                for (label, tissue) in labels.iter_mut().zip(&*tissue) {
                    match Tissue::of(*tissue) {
                        Tissue::Metal => *label = METAL_ID,
                        Tissue::Polymer => *label = 0,
                        _ => {}
                    }
                }
            }
            for (out, hu) in out.iter_mut().zip(&hu) {
                *out = hu.round().clamp(SCANNER_HU[0], SCANNER_HU[1]) as i16;
            }
            tally.count(labels, &hu, &fat);
        }
        tally
    }

    /// Soft tissue, and the table beside it.
    fn fill_soft(
        &self,
        hu: &mut [f64],
        fat: &mut [f64],
        tissue: &mut [u8],
        labels: &mut [u8],
        j: usize,
        start: Point3<f64>,
    ) {
        let (Some(Soft { flesh, couch, .. }), Some(body)) = (&self.contents.soft, &self.body) else {
            hu.fill(self.contents.soft_hu[0]);
            tissue.fill(Tissue::Soft as u8);
            return;
        };
        let spacing = self.options.spacing_mm;
        let y = start.y;
        let mut muscles = vec![InMuscle::default(); hu.len()];
        flesh.row(j, self.k, &mut muscles);
        let places = hu.iter_mut().zip(fat).zip(tissue).zip(labels).zip(muscles).enumerate();
        for (i, ((((hu, fat), tissue), label), muscle)) in places {
            let x = start.x + i as f64 * spacing;
            let place = body.at(x, y, muscle, flesh);
            (*hu, *fat, *tissue, *label) = (place.hu, place.fat, place.tissue as u8, place.label);
            if place.tissue == Tissue::Air
                && let Some(table) = couch.at(x, y)
            {
                *hu = table;
            }
        }
    }

    /// Vessels in a sheath of fat, which push aside whatever soft tissue was there.
    fn fill_vessels(
        &self,
        hu: &mut [f64],
        fat: &mut [f64],
        tissue: &mut [u8],
        labels: &mut [u8],
        start: Point3<f64>,
    ) {
        if !self.vessels.meets_row(start.y, SHEATH_MM) {
            return;
        }
        let fat_hu = self.contents.soft_hu[1];
        let edge = self.options.spacing_mm.hypot(EDGE_MM);
        for (i, (((hu, fat), tissue), label)) in hu.iter_mut().zip(fat).zip(tissue).zip(labels).enumerate() {
            let p = Point3::new(start.x + i as f64 * self.options.spacing_mm, start.y, start.z);
            let Some(vessel) = self.vessels.at(p, SHEATH_MM) else { continue };
            if *tissue == Tissue::Air as u8 {
                continue;
            }
            let outside = vessel.distance_mm;
            let sheath = smoothstep((SHEATH_MM - outside) / SHEATH_MM);
            *hu += (fat_hu - *hu) * sheath;
            *fat += (1.0 - *fat) * sheath;
            let covered = (0.5 - outside / edge).clamp(0.0, 1.0);
            let lumen = (0.5 - (outside + WALL_MM) / edge).clamp(0.0, 1.0);
            let blood = VESSEL_WALL_HU + (vessel.blood_hu - VESSEL_WALL_HU) * lumen;
            *hu += (blood - *hu) * covered;
            if outside < 0.0 {
                (*tissue, *label) = (Tissue::Blood as u8, vessel.label);
            } else if sheath > 0.5 {
                (*tissue, *label) = (Tissue::Soft as u8, 0);
            }
        }
    }

    /// Lumbar vertebrae with what lies between and behind them. They keep clear of the other bones.
    fn fill_spine(&self, hu: &mut [f64], tissue: &mut [u8], labels: &mut [u8], j: usize, start: Point3<f64>) {
        let spacing = self.options.spacing_mm;
        let edge = spacing.hypot(EDGE_MM);
        let rows: Vec<(usize, &[f32])> =
            self.contents.bones.iter().filter_map(|field| field.distance.row(j, self.k)).collect();
        for (i, ((hu, tissue), label)) in hu.iter_mut().zip(tissue).zip(labels).enumerate() {
            let p = Point3::new(start.x + i as f64 * spacing, start.y, start.z);
            let Some(near) = self.contents.spine.near(p) else { continue };
            let mut lay = |distance: f64, value: f64, kind: Tissue, id: u8| {
                *hu += (value - *hu) * (0.5 - distance / edge).clamp(0.0, 1.0);
                if distance < 0.0 {
                    (*tissue, *label) = (kind as u8, id);
                }
            };
            lay(near.sac_mm, DURAL_SAC_HU, Tissue::Fluid, 0);
            lay(near.disc_mm, DISC_HU, Tissue::Cartilage, 0);
            let bone = rows
                .iter()
                .filter_map(|(first, row)| row.get(i.checked_sub(*first)?).copied())
                .fold(f64::INFINITY, |least, distance| least.min(f64::from(distance)));
            let outside = near.bone_mm.max(SPINE_GAP_MM - bone);
            if outside < edge {
                let value = self.material_hu(&self.contents.vertebra, p, -outside);
                lay(outside, value, Tissue::Bone, near.label);
            }
        }
    }

    fn fill_bones(&self, hu: &mut [f64], tissue: &mut [u8], labels: &mut [u8], j: usize, start: Point3<f64>) {
        let spacing = self.options.spacing_mm;
        let edge = spacing.hypot(EDGE_MM);
        let implant = self.contents.implant;
        for field in self.contents.bones {
            let Some((first, distances)) = field.distance.row(j, self.k) else { continue };
            let id = Bone::ALL.iter().position(|&b| b == field.posed.bone).map_or(0, |n| n as u8 + 1);
            for (i, &outside) in (first..).zip(distances) {
                let outside = f64::from(outside);
                if outside >= edge {
                    continue;
                }
                let p = Point3::new(start.x + i as f64 * spacing, start.y, start.z);
                if implant.is_some_and(|implant| implant.is_removed(field.posed.bone, p)) {
                    continue;
                }
                if outside < 0.0 {
                    labels[i] = id;
                    tissue[i] = Tissue::Bone as u8;
                }
                let cover = (0.5 - outside / edge).clamp(0.0, 1.0);
                hu[i] += (self.bone_hu(field, p, -outside) - hu[i]) * cover;
                if hu[i] < CYST_BELOW_HU && field.posed.lesions.iter().any(|lesion| lesion.is_fluid(p)) {
                    tissue[i] = Tissue::Fluid as u8;
                }
            }
        }
    }

    /// CT number of a bone at a depth under its surface.
    fn bone_hu(&self, field: &BoneField, p: Point3<f64>, depth: f64) -> f64 {
        let bone = self.material_hu(&field.material(p), p, depth);
        field.posed.lesions.iter().fold(bone, |hu, lesion| lesion.changed(hu, p))
    }

    /// CT number of a material with its grain at a depth under the surface.
    fn material_hu(&self, material: &Material, p: Point3<f64>, depth: f64) -> f64 {
        let edge = 0.8 * self.options.spacing_mm;
        // The inner border of the cortex is never sharp: struts of it reach into the core.
        let core = smoothstep((depth - material.cortex_mm) / (2.0 * edge) + 0.5);
        let grain = texture(self.options.seed ^ 0x7ab, p.x / 2.6, p.y / 2.6, p.z / 3.2);
        let coarse = texture(self.options.seed ^ 0x7ac, p.x / 9.0, p.y / 9.0, p.z / 11.0);
        let inner = material.core_hu + material.texture_hu * (0.7 * grain + 0.6 * coarse);
        let cortex = material.cortex_hu + 60.0 * coarse;
        cortex + (inner - cortex) * core
    }
}
