//! What a bone is made of at each place: thickness of the cortex, what fills it, and how that looks in CT.

use super::femur_form::FemurForm;
use super::materials::{COMPACT_BONE_HU, MARROW_HU};
use super::person::Person;
use super::shape::{Anatomy, PosedBone};
use super::smooth::smoothstep;
use coxa_anatomy::Bone;
use coxa_imaging::Grid;
use coxa_imaging::surface_distance::DistanceField;
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// A bone in the voxels.
pub(super) struct BoneField {
    pub(super) posed: PosedBone,
    pub(super) distance: DistanceField,
    /// Density of spongy bone and thickness of the cortex, over those of the average patient.
    ratios: [f64; 2],
    /// What form a femur has.
    form: FemurForm,
}

impl BoneField {
    /// The material at a place of the patient.
    pub(super) fn material(&self, p: Point3<f64>) -> Material {
        thinned(whole(&self.posed, self.form, p), self.ratios)
    }
}

/// The material at a place of the patient, of average density.
fn whole(posed: &PosedBone, form: FemurForm, p: Point3<f64>) -> Material {
    let place = posed.template_point(p);
    let usual = material(posed.bone, place);
    let is_femur = matches!(posed.bone, Bone::FemurRight | Bone::FemurLeft);
    let ratio = if is_femur { form.cortex_ratio(place.z) } else { 1.0 };
    Material { cortex_mm: usual.cortex_mm * ratio, ..usual }
}

/// Material of bone at a place of the template.
#[derive(Debug, Clone, Copy)]
pub struct Material {
    /// Thickness of the cortex under the nearest surface.
    pub cortex_mm: f64,
    /// CT number of the cortex.
    pub cortex_hu: f64,
    /// CT number of what it encloses, before texture.
    pub core_hu: f64,
    /// How strongly the texture of trabeculae shows there, HU.
    pub texture_hu: f64,
}

/// Distance fields of all bones.
pub(super) fn rasterise(anatomy: &Anatomy, person: &Person, form: FemurForm, grid: &Grid) -> Vec<BoneField> {
    let ratios = [person.spongy_density_ratio, person.cortex_thickness_ratio];
    let blur = grid.spacing_mm().iter().fold(0.0f64, |a, &b| a.max(b));
    anatomy
        .bones
        .par_iter()
        .map(|posed| {
            let band = |p| whole(posed, form, p).cortex_mm + 1.5 * blur;
            let distance = DistanceField::new(&posed.mesh, grid, band);
            BoneField { posed: posed.clone(), distance, ratios, form }
        })
        .collect()
}

/// The material of a person's lumbar vertebrae.
pub(super) fn vertebra(person: &Person) -> Material {
    let whole = Material { cortex_mm: 1.1, cortex_hu: 780.0, core_hu: 150.0, texture_hu: 45.0 };
    thinned(whole, [person.spongy_density_ratio, person.cortex_thickness_ratio])
}

/// What age and disease leave of the average patient's bone: marrow takes the place of spongy bone, the cortex loses
/// thickness and a little density.
fn thinned(whole: Material, [spongy, cortex]: [f64; 2]) -> Material {
    Material {
        cortex_mm: whole.cortex_mm * cortex,
        cortex_hu: whole.cortex_hu * (0.85 + 0.15 * spongy.min(1.2)),
        core_hu: MARROW_HU + (whole.core_hu - MARROW_HU) * spongy,
        texture_hu: whole.texture_hu,
    }
}

/// Centre of the socket of the template's hip bone.
const SOCKET: [f64; 3] = [-83.0, 51.5, -73.0];

/// The material of the average person's bone at a place seen as of a right hip, in mm from the centre of the head (x to the left, y to
/// the back, z to the head). It is the same all over the sacrum.
pub fn material_about_hip(bone: Bone, from_centre: Vector3<f64>) -> Material {
    let centre = match bone {
        Bone::HipRight | Bone::HipLeft => Point3::from(SOCKET),
        Bone::FemurRight | Bone::FemurLeft | Bone::Sacrum => Point3::origin(),
    };
    material(bone, centre + from_centre)
}

/// The material of the average patient's bone at a place of the right-hip template.
fn material(bone: Bone, p: Point3<f64>) -> Material {
    match bone {
        Bone::FemurRight | Bone::FemurLeft => femur(p),
        Bone::HipRight | Bone::HipLeft => hip(p),
        Bone::Sacrum => Material { cortex_mm: 1.2, cortex_hu: 800.0, core_hu: 150.0, texture_hu: 45.0 },
    }
}

/// Femur: thick tube with marrow in the shaft, thin shell over spongy bone at the ends, dense head.
fn femur(p: Point3<f64>) -> Material {
    let shaft = smoothstep((-45.0 - p.z) / 95.0) * smoothstep((p.z + 365.0) / 90.0);
    let canal = smoothstep((-62.0 - p.z) / 55.0) * smoothstep((p.z + 350.0) / 60.0);
    // The calcar: the medial cortex of the neck and below is thicker.
    let calcar =
        smoothstep((p.x + 30.0) / 25.0) * smoothstep((-12.0 - p.z) / 10.0) * smoothstep((p.z + 75.0) / 30.0);
    let head = 1.0 - smoothstep((p.coords.norm() - 16.0) / 16.0);
    let condyles = smoothstep((-345.0 - p.z) / 35.0);
    let spongy = 95.0 + 190.0 * head + 110.0 * condyles;
    Material {
        cortex_mm: 1.3 + 5.2 * shaft + 1.8 * calcar * (1.0 - shaft),
        cortex_hu: COMPACT_BONE_HU * (0.85 + 0.4 * shaft),
        core_hu: spongy + (MARROW_HU - spongy) * canal,
        texture_hu: 55.0 * (1.0 - canal) + 8.0,
    }
}

/// Hip bone: subchondral plate around the socket, strong brim, thin wing.
fn hip(p: Point3<f64>) -> Material {
    let from_socket = (p - Point3::from(SOCKET)).norm();
    let socket = 1.0 - smoothstep((from_socket - 27.0) / 18.0);
    let roof = socket * smoothstep((p.z + 73.0) / 25.0);
    let wing = smoothstep((p.z + 25.0) / 40.0);
    Material {
        cortex_mm: 1.4 + 0.9 * socket + 0.7 * roof - 0.25 * wing,
        cortex_hu: COMPACT_BONE_HU * (0.75 + 0.2 * socket),
        core_hu: 150.0 + 90.0 * socket + 90.0 * roof - 20.0 * wing,
        texture_hu: 50.0,
    }
}
