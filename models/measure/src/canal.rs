//! The medullary canal from the CT: sections normal to the shaft axis, each a ring of endosteal and periosteal radii.
//!
//! Along every ray from the canal's centre the periosteal surface is the bone surface; the endosteal one is where the CT number,
//! going in from the cortex' peak, has fallen halfway to that of the marrow. The half-maximum is unbiased for a cortex
//! thicker than the scanner's resolution; a thinner one is drawn too thick (Prevrhal 1999 Phys Med Biol 44:751).

use crate::measure::Femur;
use coxa_anatomy::thresholds::CORTEX_PEAK_HU;
use coxa_anatomy::{Canal, CanalSection, ring_directions};
use coxa_geometry::{Point, Side, Vector};
use coxa_imaging::CtVolume;
use coxa_imaging::sample::Sampler;
use coxa_shape::landmarks::outline::outline_around;
use coxa_shape::landmarks::shape::Shape;
use nalgebra::{Point3, Vector3};

/// Directions of a section.
const DIRECTIONS: usize = 72;

/// Distance between sections in mm.
const STEP_MM: f64 = 2.0;

/// Distance between samples along a ray in mm.
const SAMPLE_MM: f64 = 0.25;

/// The peak of the cortex is sought this deep under the periosteal surface, in mm.
const CORTEX_DEPTH_MM: f64 = 9.0;

/// Rounds in which a section is moved to the middle of its canal and measured anew.
const CENTRING_ROUNDS: usize = 4;

/// Fewer sections than this are no canal.
const MIN_SECTIONS: usize = 3;

/// Measures the canal from the level of the neck's isthmus down to the end of the shaft that is seen; seen as
/// a right one in, of the patient out. The error says why there is none.
pub(crate) fn find_canal(
    ct: &CtVolume,
    shape: &Shape,
    femur: &Femur,
    side: Side,
) -> Result<Canal, &'static str> {
    let shaft = femur.proximal.shaft.as_ref().map_err(|_| "the shaft axis was not found")?;
    let (on_axis, up) = (shaft.point.coords(), shaft.axis.coords());
    let directions = ring_directions(shaft.axis, DIRECTIONS)
        .ok_or("the shaft axis runs across the patient, not along the leg")?;
    let ring = Ring { up, directions: directions.into_iter().map(Vector::coords).collect() };
    let level = |p: &Point3<f64>| (p - on_axis).dot(&up);
    let top = femur.proximal.neck.map_or(0.0, |n| level(&n.isthmus.coords())).clamp(0.0, 80.0);
    let lowest = shape.points.iter().map(level).fold(f64::MAX, f64::min);
    let bottom = (-shaft.seen_mm).max(lowest + 2.0 * shape.resolution_mm);
    let count = ((top - bottom) / STEP_MM).max(0.0) as usize + 1;
    let sections: Vec<CanalSection> = (0..count)
        .filter_map(|k| section(ct, shape, on_axis, &ring, top - STEP_MM * k as f64, side))
        .collect();
    if sections.len() < MIN_SECTIONS {
        return Err("the CT shows too little of the shaft");
    }
    Ok(Canal { sections })
}

/// Directions across the shaft.
struct Ring {
    up: Vector3<f64>,
    directions: Vec<Vector3<f64>>,
}

fn section(
    ct: &CtVolume,
    shape: &Shape,
    on_axis: Point3<f64>,
    ring: &Ring,
    level_mm: f64,
    side: Side,
) -> Option<CanalSection> {
    let start = on_axis + ring.up * level_mm;
    // The axis leaves the bone near its top, where the trochanter lies lateral: begin inside the outline that holds it.
    let outline = outline_around(shape, start, ring.up, 50.0)?;
    let mut centre = if shape.query.contains(Point::from_coords(start)) { start } else { outline.centroid };
    let mut radii = (Vec::new(), Vec::new());
    for round in 0..CENTRING_ROUNDS {
        if !shape.query.contains(Point::from_coords(centre)) {
            return None;
        }
        radii = profiles(ct, shape, centre, ring, side)?;
        let shift = (0..DIRECTIONS)
            .map(|k| polygon_part(&radii.0, k, ring))
            .fold((Vector3::zeros(), 0.0), |(m, a), (dm, da)| (m + dm, a + da));
        if shift.1 <= 0.0 {
            break;
        }
        let step = shift.0 / shift.1;
        // Radii and centre belong together: the last round only measures.
        if step.norm() < 0.1 || round + 1 == CENTRING_ROUNDS {
            break;
        }
        centre += step;
    }
    let (inner_mm, outer_mm) = radii;
    Some(CanalSection { level_mm, centre_mm: side.leave(Point::from_coords(centre)), inner_mm, outer_mm })
}

/// First moment and area of one sector of the inner outline.
fn polygon_part(radii: &[f64], k: usize, ring: &Ring) -> (Vector3<f64>, f64) {
    let next = (k + 1) % radii.len();
    let (a, b) = (ring.directions[k] * radii[k], ring.directions[next] * radii[next]);
    let area = a.cross(&b).dot(&ring.up) / 2.0;
    ((a + b) * (area / 3.0), area)
}

/// Endosteal and periosteal radii about a centre; `None` where the bone is open or leaves the scan.
fn profiles(
    ct: &CtVolume,
    shape: &Shape,
    centre: Point3<f64>,
    ring: &Ring,
    side: Side,
) -> Option<(Vec<f64>, Vec<f64>)> {
    let sampler = Sampler::new(ct);
    let mut outer = Vec::with_capacity(DIRECTIONS);
    let mut rays = Vec::with_capacity(DIRECTIONS);
    for &direction in &ring.directions {
        let hit = shape.query.ray(Point::from_coords(centre), Vector::from_coords(direction), 150.0)?;
        outer.push(hit.distance);
        let count = (hit.distance / SAMPLE_MM) as usize + 1;
        let samples: Vec<f64> = (0..=count)
            .map(|i| {
                let place = Point::from_coords(centre + direction * (i as f64 * SAMPLE_MM));
                sampler.linear(ct.grid.to_voxel(side.leave(place)).coords())
            })
            .collect::<Option<_>>()?;
        rays.push(samples);
    }
    // Marrow: the median over the inner third of all rays.
    let mut marrow: Vec<f64> = rays.iter().flat_map(|r| r[..r.len().div_ceil(3)].iter().copied()).collect();
    marrow.sort_by(f64::total_cmp);
    let marrow = marrow[marrow.len() / 2];
    let inner = rays.iter().zip(&outer).map(|(ray, &outer)| endosteal(ray, outer, marrow)).collect();
    Some((inner, outer))
}

/// Where, inwards from the cortex' peak, the CT number has fallen halfway to the marrow's.
fn endosteal(ray: &[f64], outer: f64, marrow: f64) -> f64 {
    let deepest = ray.len().saturating_sub((CORTEX_DEPTH_MM / SAMPLE_MM) as usize);
    let Some(peak) = (deepest..ray.len()).max_by(|&a, &b| ray[a].total_cmp(&ray[b])) else { return outer };
    if ray[peak] < CORTEX_PEAK_HU {
        // Spongy bone up to a cortex too thin to see.
        return outer;
    }
    let half = (ray[peak] + marrow) / 2.0;
    let Some(below) = (0..peak).rev().find(|&i| ray[i] < half) else { return 0.0 };
    let part = (half - ray[below]) / (ray[below + 1] - ray[below]);
    ((below as f64 + part) * SAMPLE_MM).min(outer)
}
