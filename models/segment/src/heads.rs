//! Femoral heads, found by the sphere that their surface describes inside the socket.

use super::field::{Field, Lattice};
use super::probe::{Placed, Probe, RADIUS_MM, SEARCH};
use super::scan::Scan;
use coxa_geometry::Side;
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// Step of the voting lattice.
const VOTE_STEP_MM: f64 = 3.0;
/// Steepness of CT numbers from which a voxel votes.
const MIN_GRADIENT_HU_PER_MM: f64 = 25.0;
/// Peaks of the votes that are looked at.
const CANDIDATES: usize = 40;
/// Bone-to-bone distance that socket votes assume.
const JOINT_SPACE_MM: f64 = 3.5;
/// Distance between the two hip centres.
const BETWEEN_HEADS_MM: (f64, f64) = (110.0, 260.0);
/// The line between them lies across the patient but for a pelvis that is turned or oblique, by up to 40 degrees.
const LEAST_COSINE: f64 = 0.766;

/// Least score of the better head of a pair, for whose place, direction and size the other speaks: the pair of a real scan with voxels of
/// 3 mm has 0.23 and 0.13.
const CONVINCING: f64 = 0.12;
/// Least score of a head alone: three that real scans cut have 0.19 to 0.31, heads of made scans 0.45 and more; what is none has up to 0.13
/// in a virtual trunk.
const CONVINCING_ALONE: f64 = 0.16;

/// A femoral head.
#[derive(Debug, Clone, Copy)]
pub(super) struct Head {
    pub(super) side: Side,
    pub(super) centre: Point3<f64>,
    pub(super) radius: f64,
    /// How much like a head in a socket it looks, 0 to 1.
    pub(super) score: f64,
    /// Whether the joint was replaced: then centre and radius are those of the shell in the socket.
    pub(super) is_replaced: bool,
}

/// Finds the femoral heads in view, at most one a side.
pub(super) fn find(ct: &Scan<'_>, bone_hu: f64, metal_hu: f64) -> Vec<Head> {
    let lattice = Lattice::around(&ct.grid, VOTE_STEP_MM, 1 << 25);
    let field = Field::sample(ct, lattice);
    let edges = edges(&field, bone_hu, metal_hu);
    let radii: Vec<f64> = (0..=7).map(|n| RADIUS_MM.0 + 2.0 * f64::from(n)).collect();
    let voted: Vec<Vec<(f32, Point3<f64>)>> =
        radii.par_iter().map(|&radius| peaks(&vote(lattice, &edges, radius))).collect();
    let mut starts: Vec<(f32, Point3<f64>, f64)> = Vec::new();
    for (peaks, &radius) in voted.into_iter().zip(&radii) {
        starts.extend(peaks.into_iter().map(|(votes, at)| (votes / radius as f32, at, radius)));
    }
    starts.sort_by(|a, b| b.0.total_cmp(&a.0));
    let mut distinct: Vec<Point3<f64>> = Vec::new();
    for (_, at, _) in starts {
        if distinct.iter().all(|other| (other - at).norm() > 8.0) {
            distinct.push(at);
        }
    }
    distinct.truncate(CANDIDATES);
    let candidates: Vec<Head> =
        distinct.par_iter().filter_map(|&at| examine(ct, at, bone_hu, metal_hu)).collect();
    choose(&candidates)
}

/// Places where the CT numbers are steep, with the direction towards the brighter side.
fn edges(field: &Field<i16>, bone_hu: f64, metal_hu: f64) -> Vec<(Point3<f64>, Vector3<f64>)> {
    let lattice = field.lattice;
    let [nx, ny, nz] = lattice.dims;
    let mut edges = Vec::new();
    for z in 1..nz.saturating_sub(1) {
        for y in 1..ny.saturating_sub(1) {
            for x in 1..nx.saturating_sub(1) {
                let n = lattice.index([x, y, z]);
                let value = f64::from(field.data[n]);
                if value < bone_hu - 200.0 || value > metal_hu {
                    continue;
                }
                let slope = |s: usize| {
                    (f64::from(field.data[n + s]) - f64::from(field.data[n - s])) / (2.0 * lattice.step)
                };
                let gradient = Vector3::new(slope(1), slope(nx), slope(nx * ny));
                let norm = gradient.norm();
                if norm >= MIN_GRADIENT_HU_PER_MM {
                    edges.push((lattice.position([x, y, z]), gradient / norm));
                }
            }
        }
    }
    edges
}

/// Every edge votes for the centre of the sphere of a radius that it could lie on: towards the brighter side as part
/// of the head, away from it as part of the socket.
fn vote(lattice: Lattice, edges: &[(Point3<f64>, Vector3<f64>)], radius: f64) -> Field<f32> {
    let mut votes = Field::filled(lattice, 0.0f32);
    for (at, inward) in edges {
        for (centre, weight) in [(at + inward * radius, 1.0), (at - inward * (radius + JOINT_SPACE_MM), 0.5)]
        {
            if let Some(cell) = lattice.nearest(centre) {
                votes.data[lattice.index(cell)] += weight;
            }
        }
    }
    smoothed(&smoothed(&votes))
}

/// Binomial smoothing along the three axes.
fn smoothed(field: &Field<f32>) -> Field<f32> {
    let [nx, ny, nz] = field.lattice.dims;
    let mut current = field.clone();
    for (stride, count) in [(1, nx), (nx, ny), (nx * ny, nz)] {
        let mut next = current.clone();
        // Along an axis, blocks of `count` times `stride` values stand by themselves; their ends stay as they are.
        for block in (0..next.data.len()).step_by((stride * count).max(1)) {
            for n in block + stride..(block + stride * count).saturating_sub(stride) {
                next.data[n] =
                    0.25 * (current.data[n - stride] + current.data[n + stride]) + 0.5 * current.data[n];
            }
        }
        current = next;
    }
    current
}

/// The places with most votes.
fn peaks(votes: &Field<f32>) -> Vec<(f32, Point3<f64>)> {
    let lattice = votes.lattice;
    let mut peaks: Vec<(f32, Point3<f64>)> = (0..lattice.len())
        .filter(|&n| {
            let value = votes.data[n];
            value > 0.0 && lattice.neighbours(n).all(|m| votes.data[m] <= value)
        })
        .map(|n| (votes.data[n], lattice.place(n)))
        .collect();
    peaks.sort_by(|a, b| b.0.total_cmp(&a.0));
    peaks.truncate(CANDIDATES);
    peaks
}

/// Fits the sphere around a candidate and looks for a socket and a neck.
fn examine(ct: &Scan<'_>, start: Point3<f64>, bone_hu: f64, metal_hu: f64) -> Option<Head> {
    let probe = Probe::new(ct, start, bone_hu, metal_hu);
    let (field, directions) = (&probe.field, &probe.directions);
    let Placed { centre, radius, fit: best } =
        probe.climb(start, probe.radius_at(start), (start, 15.0), None, &SEARCH);
    let mut socket = Vector3::zeros();
    let mut neck = Vector3::zeros();
    let mut socketed = Vec::new();
    let (mut free, mut seen) = (0usize, Vec::new());
    for u in directions {
        let along = |from: f64, to: f64| {
            (0..)
                .map(move |n| from + 0.75 * f64::from(n))
                .take_while(move |&d| d <= to)
                .filter_map(|d| field.linear(centre + u * (radius + d)))
        };
        let lowest = |from, to| along(from, to).fold(f64::INFINITY, f64::min);
        let highest = |from, to| along(from, to).fold(f64::NEG_INFINITY, f64::max);
        let (inner, gap, beyond) = (highest(-4.0, 0.0), lowest(-0.5, 6.0), highest(2.0, 12.0));
        if along(-4.0, 6.0).count() < 10 || inner > metal_hu || beyond > metal_hu {
            continue;
        }
        seen.push(u);
        if beyond > bone_hu + 60.0 && beyond - gap > 80.0 && inner - gap > 40.0 {
            socket += u;
            socketed.push(u);
        } else if gap < bone_hu {
            free += 1;
        } else if lowest(6.0, 14.0) > bone_hu - 150.0 {
            neck += u;
        }
    }
    if seen.len() < directions.len() / 4 || radius < RADIUS_MM.0 + 0.5 || radius > RADIUS_MM.1 - 0.5 {
        return None;
    }
    let side = if (socket - neck).x > 0.0 { Side::Right } else { Side::Left };
    // A head is covered from above and from the midline, and from nowhere else: a condyle is from below, a vertebra from
    // above and below.
    let pole = Vector3::new(side_sign(side) * 0.6, 0.1, 0.8).normalize();
    let share = |from: f64, to: f64| {
        let within = |u: &&&Vector3<f64>| (from..=to).contains(&u.dot(&pole));
        let all = seen.iter().filter(within).count();
        if all == 0 { 0.0 } else { socketed.iter().filter(within).count() as f64 / all as f64 }
    };
    let covered = share(0.3, 1.0) - 1.5 * share(-1.0, -0.3);
    let count = seen.len() as f64;
    let score = (count / directions.len() as f64).sqrt()
        * (3.0 * best).clamp(0.0, 1.0)
        * (1.5 * covered).clamp(0.0, 1.0)
        * (5.0 * free as f64 / count).min(1.0);
    Some(Head { side, centre, radius, score, is_replaced: false })
}

/// Sign of the medial direction along x (x points to the left).
pub(super) fn side_sign(side: Side) -> f64 {
    match side {
        Side::Right => 1.0,
        Side::Left => -1.0,
    }
}

/// Two heads that lie like a pair if there are any, else the best single one.
fn choose(candidates: &[Head]) -> Vec<Head> {
    let mut best: Option<(f64, Vec<Head>)> = None;
    let mut offer = |score: f64, heads: Vec<Head>| {
        if best.as_ref().is_none_or(|(s, _)| score > *s) {
            best = Some((score, heads));
        }
    };
    for a in candidates {
        if a.score >= CONVINCING_ALONE {
            offer(a.score, vec![*a]);
        }
        for b in candidates {
            let apart = b.centre - a.centre;
            let pair = a.side == Side::Right
                && b.side == Side::Left
                && (BETWEEN_HEADS_MM.0..=BETWEEN_HEADS_MM.1).contains(&apart.norm())
                && apart.x > LEAST_COSINE * apart.norm()
                && (a.radius - b.radius).abs() < 6.0;
            // The second head may be hidden by metal; its place opposite the first speaks for it.
            if pair && a.score.max(b.score) >= CONVINCING && a.score.min(b.score) > 0.04 {
                offer(a.score + b.score + 0.1, vec![*a, *b]);
            }
        }
    }
    best.map(|(_, heads)| heads).unwrap_or_default()
}
