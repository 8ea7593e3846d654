//! Moving a label's surface to where the CT crosses a level.

use super::{Surface, relax};
use crate::sample::Sampler;
use crate::{CtVolume, LabelMap};
use coxa_geometry::{Mesh, frame};
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// How far along the normal the crossing is looked for, in voxels.
const SEARCH: f64 = 1.5;

/// Distance between the samples along the normal, in voxels.
const SAMPLE: f64 = 0.25;

/// Rounds of search; each begins from the surface that the last one left.
const ROUNDS: usize = 3;

/// Rounds in which the displacements are spread over the surface.
const SPREAD: usize = 12;

/// Weight of a vertex's own crossing against its neighbours' displacements: image noise moves single vertices, the
/// bone's edge moves all of them.
const OWN: f64 = 0.4;

/// Pairs of smoothing steps after each round, and their bound in voxels.
const TIDY: (usize, f64) = (3, 0.15);

/// The surface of one bone where the CT falls below `level_hu` next to the label's boundary, in millimetres.
///
/// Each vertex of [`label_surface`](super::label_surface) is moved along its normal, at most 1.5 voxels a round, to
/// the nearest place where the CT falls through the level from inside to outside; where there is none (a joint space
/// that never falls below the level, cancellous bone at a cut) it follows its neighbours. The mesh stays closed. Only
/// crossings next to the label count, so marrow below the level makes no hole. Where CT and labels are not on the
/// same grid the surface of the label is returned as it is.
pub fn bone_surface(ct: &CtVolume, labels: &LabelMap, id: u8, level_hu: f64) -> Mesh<frame::Patient> {
    let Some(mut surface) = Surface::around(labels, id) else { return Mesh::default() };
    if ct.grid.dims == labels.volume.grid.dims {
        let sampler = Sampler::new(ct);
        for _ in 0..ROUNDS {
            let normals = relax::normals(&surface.places, &surface.triangles);
            let displacements = displacements(&sampler, labels, id, &surface, &normals, level_hu);
            for ((place, normal), by) in surface.places.iter_mut().zip(&normals).zip(displacements) {
                *place += normal * by;
            }
            relax::smooth(&mut surface.places, &surface.neighbours, TIDY.0, TIDY.1);
        }
    }
    relax::to_patient(&labels.volume.grid, &surface.places, surface.triangles)
}

/// How far each vertex goes along its normal.
fn displacements(
    sampler: &Sampler<'_, i16>,
    labels: &LabelMap,
    id: u8,
    surface: &Surface,
    normals: &[Vector3<f64>],
    level: f64,
) -> Vec<f64> {
    let found: Vec<Option<f64>> = surface
        .places
        .par_iter()
        .zip(normals)
        .map(|(&place, normal)| crossing(sampler, labels, id, place, normal, level))
        .collect();
    let mut spread: Vec<f64> = found.iter().map(|d| d.unwrap_or(0.0)).collect();
    let mut next = spread.clone();
    for _ in 0..SPREAD {
        next.par_iter_mut().enumerate().with_min_len(4096).for_each(|(v, to)| {
            let around = surface.neighbours.of(v);
            let mean = around.iter().map(|&n| spread[n as usize]).sum::<f64>() / around.len().max(1) as f64;
            *to = match found[v] {
                Some(own) => OWN * own + (1.0 - OWN) * mean,
                None => mean,
            };
        });
        std::mem::swap(&mut spread, &mut next);
    }
    spread
}

/// The nearest place along the normal where the CT falls through the level, in voxels from the vertex.
fn crossing(
    sampler: &Sampler<'_, i16>,
    labels: &LabelMap,
    id: u8,
    place: Point3<f64>,
    normal: &Vector3<f64>,
    level: f64,
) -> Option<f64> {
    let steps = (SEARCH / SAMPLE) as i32;
    let mut best: Option<f64> = None;
    let mut before: Option<f64> = None;
    for step in -steps..=steps {
        let at = f64::from(step) * SAMPLE;
        let here = place + normal * at;
        // Beyond this point lies another bone, or the end of the volume.
        if step > 0 && !belongs(labels, id, here) {
            break;
        }
        let value = sampler.linear(here);
        if let (Some(inner), Some(outer)) = (before, value)
            && inner >= level
            && outer < level
        {
            let exact = at - SAMPLE * (level - outer) / (inner - outer);
            if best.is_none_or(|b| exact.abs() < b.abs()) {
                best = Some(exact);
            }
        }
        before = value;
    }
    best
}

/// Whether the nearest voxel has this label or none.
fn belongs(labels: &LabelMap, id: u8, place: Point3<f64>) -> bool {
    let [i, j, k] = [place.x, place.y, place.z].map(|c| c.round());
    if i < 0.0 || j < 0.0 || k < 0.0 {
        return false;
    }
    let label = labels.volume.voxels.get([k as usize, j as usize, i as usize]);
    label.is_some_and(|&label| label == id || label == 0)
}
