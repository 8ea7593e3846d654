//! Density, cortex and muscles of a scan, as measurements.

use super::record::Record;
use crate::tissue::cortex::{Cortex, measure_cortex};
use crate::tissue::muscle::measure_muscles;
use coxa_anatomy::calibration::{Calibration, CalibrationMethod};
use coxa_anatomy::thresholds::DENSITY_BELOW_HU;
use coxa_anatomy::{Bone, BoneSurfaces, HipAnatomy};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Quantity, Side};
use coxa_imaging::{CtVolume, LabelMap};

/// Of the head's radius, the part that is cancellous bone without its shell in any head.
const HEAD_PART: f64 = 0.6;
/// Fewest voxels of which a mean is one.
const FEWEST_VOXELS: usize = 50;
/// With larger voxels a cortex is lost in its blur.
const MOST_VOXEL_MM: f64 = 1.6;
/// Vertices at which a cortex is measured, about.
const CORTEX_VERTICES: usize = 2000;
/// The shaft's cortex is measured over this stretch below the lesser trochanter.
const SHAFT_MM: std::ops::RangeInclusive<f64> = 20.0..=100.0;
/// Part of a voxel by which the thickness of a cortex may be off everywhere. Assumption.
const CORTEX_VOXELS: f64 = 0.15;

/// Records what the CT shows inside and around the bones.
pub(super) fn record(
    record: &mut Record,
    surfaces: &BoneSurfaces,
    ct: &CtVolume,
    labels: &LabelMap,
    calibration: Calibration,
) {
    for side in Side::BOTH {
        head_density(record, side, &calibration, ct, labels);
        shaft_cortex(record, side, surfaces, ct);
    }
    record.anatomy.calibration = Some(calibration);
    record.anatomy.muscles = measure_muscles(ct, labels);
}

/// Mean density of the femoral head's cancellous bone.
fn head_density(
    record: &mut Record,
    side: Side,
    calibration: &Calibration,
    ct: &CtVolume,
    labels: &LabelMap,
) {
    let Some(head) = &record.anatomy.side(side).head else { return };
    let name = Bone::femur(side).name();
    let Some(femur) = labels.table.iter().find(|label| label.name == name) else { return };
    let radius = HEAD_PART * head.radius_mm;
    let values: Vec<f64> = ct
        .grid
        .voxels_near(head.centre_mm, radius)
        .filter(|&index| labels.volume.voxels.get(index) == Some(&femur.id))
        .filter_map(|index| {
            ct.voxels.get(index).filter(|hu| **hu < DENSITY_BELOW_HU).map(|hu| f64::from(*hu))
        })
        .collect();
    let measured = Quantity::FemoralHeadDensity.of(side);
    if values.len() < FEWEST_VOXELS {
        return record.missing(measured, "too few voxels of the femoral head are free of metal");
    }
    let mean_hu = values.iter().sum::<f64>() / values.len() as f64;
    let (value, spread) = calibration.density_mg_cm3(mean_hu);
    let by = match calibration.method {
        CalibrationMethod::Phantom => "the rods of a phantom",
        CalibrationMethod::Tissue => "air, fat and muscle in the scan and a typical phantom calibration line",
        CalibrationMethod::Typical => "a typical phantom calibration line",
    };
    let method = format!(
        "Mean bone mineral density (dipotassium phosphate equivalent) within {:.0} % of the head's radius, calibrated by {by}, at 120 kVp; {mean_hu:.0} HU.",
        100.0 * HEAD_PART
    );
    record.value(measured, value, spread, method);
}

/// Median thickness of the cortex of the femoral shaft.
fn shaft_cortex(record: &mut Record, side: Side, surfaces: &BoneSurfaces, ct: &CtVolume) {
    let Some(surface) = surfaces.get(&Bone::femur(side)) else { return };
    let voxel_mm = ct.grid.voxel_volume_mm3().cbrt();
    if record.anatomy.side(side).shaft.is_none() {
        return;
    }
    let name = Quantity::ShaftCortex.of(side);
    if voxel_mm > MOST_VOXEL_MM {
        return record.missing(name, "the voxels are too large to show the thickness of a cortex");
    }
    let shaft = shaft_part(&record.anatomy, side, surface);
    let step = shaft.vertices.len().div_ceil(CORTEX_VERTICES).max(1);
    let mut found: Vec<f64> = measure_cortex(ct, &shaft, step)
        .into_iter()
        .flatten()
        .map(|Cortex { thickness_mm, .. }| thickness_mm)
        .collect();
    if found.len() < FEWEST_VOXELS {
        return record.missing(
            name,
            "too little of the shaft below the lesser trochanter is in the scan, or there is metal in it",
        );
    }
    found.sort_by(f64::total_cmp);
    let at = |part: f64| found[((found.len() - 1) as f64 * part).round() as usize];
    record.value(
        name,
        at(0.5),
        CORTEX_VOXELS * voxel_mm,
        format!(
            "Median thickness of the shaft's cortex from 20 to 100 mm below the lesser trochanter, where it is in the scan, by profiles along the surface's normals (Treece 2010); interquartile range {:.1} to {:.1} mm.",
            at(0.25),
            at(0.75)
        ),
    );
}

/// The triangles of a femur over the stretch of its shaft that is measured.
fn shaft_part(anatomy: &HipAnatomy, side: Side, surface: &Mesh<Patient>) -> Mesh<Patient> {
    let Some(shaft) = &anatomy.side(side).shaft else {
        return Mesh { vertices: Vec::new(), triangles: Vec::new() };
    };
    let is_below = |v: usize| SHAFT_MM.contains(&(shaft.point_mm - surface.vertices[v]).dot(shaft.axis));
    let mut place = vec![u32::MAX; surface.vertices.len()];
    let mut part = Mesh { vertices: Vec::new(), triangles: Vec::new() };
    for triangle in &surface.triangles {
        if !triangle.iter().all(|&v| is_below(v as usize)) {
            continue;
        }
        part.triangles.push(triangle.map(|v| {
            let place = &mut place[v as usize];
            if *place == u32::MAX {
                *place = part.vertices.len() as u32;
                part.vertices.push(surface.vertices[v as usize]);
            }
            *place
        }));
    }
    part
}
