//! The psoas above the pelvis, where no bone of the shape models carries it.
//!
//! People lie with different lordosis, and the psoas goes with the lumbar spine. It is cut into slabs across the body; each may
//! shift in its plane by a few centimetres, neighbours by about the same, and the course whose slabs lie best on muscle within fat
//! is taken: dynamic programming over all courses.

use super::patch::Patch;
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Mesh, Point};
use coxa_shape::muscle_atlas::CarriedMuscle;
use nalgebra::{Point3, Vector3};

/// The muscle that is slid, and the one whose top ends what the pelvis carries.
const MUSCLE: &str = "psoas_major";
const CARRIED: &str = "iliacus";
/// Slabs begin so far below the top of the iliac fossa, in mm: where the psoas leaves the sacrum.
const BELOW_MM: f64 = 45.0;
const SLAB_MM: f64 = 9.0;
/// Shifts tried along x and y: steps each way, and their length in mm.
const STEPS: isize = 10;
const STEP_MM: f64 = 3.0;
/// Neighbouring slabs differ by at most so many steps; one step costs this much of the contrast between muscle and fat.
const JUMP: isize = 2;
const JUMP_COST: f64 = 0.02;
/// A whole range of shift costs this much.
const SHIFT_COST: f64 = 0.1;
/// Fewest vertices that show where a slab is.
const FEWEST: usize = 8;

const WIDTH: usize = (2 * STEPS + 1) as usize;

/// Slides the psoas; nothing happens where it or the iliacus is not among the muscles.
pub(super) fn slide(muscles: &mut [CarriedMuscle], patch: &Patch) {
    let top = |mesh: &Mesh<RightSide>| mesh.bounds().map(|b| b.1.z());
    let Some(from) =
        muscles.iter().find(|m| m.name == CARRIED).and_then(|m| top(&m.mesh)).map(|z| z - BELOW_MM)
    else {
        return;
    };
    let Some(CarriedMuscle { mesh, .. }) = muscles.iter_mut().find(|m| m.name == MUSCLE) else { return };
    let Some(to) = top(mesh) else { return };
    let count = ((to - from) / SLAB_MM).ceil().max(0.0) as usize;
    if count < 2 {
        return;
    }
    let normals = mesh.vertex_normals();
    let slabs: Vec<Vec<(Point3<f64>, Vector3<f64>)>> = (0..count)
        .map(|slab| {
            let z = from + slab as f64 * SLAB_MM;
            let inside = |v: &usize| (z..z + SLAB_MM).contains(&mesh.vertices[*v].z());
            let kept = (0..mesh.vertices.len()).filter(inside);
            kept.map(|v| (mesh.vertices[v].coords(), normals[v].coords())).collect()
        })
        .collect();
    let course = course(&slabs, patch);
    for vertex in &mut mesh.vertices {
        // Slabs stand for their middles; below the first nothing moves.
        let at = (vertex.z() - from) / SLAB_MM - 0.5;
        let shift = |n: isize| match usize::try_from(n) {
            Ok(n) => course[n.min(count - 1)],
            Err(_) => Vector3::zeros(),
        };
        let (low, part) = (at.floor(), at - at.floor());
        let moved = shift(low as isize) * (1.0 - part) + shift(low as isize + 1) * part;
        *vertex = Point::from_coords(vertex.coords() + moved);
    }
}

/// Shift of each slab in mm.
fn course(slabs: &[Vec<(Point3<f64>, Vector3<f64>)>], patch: &Patch) -> Vec<Vector3<f64>> {
    let place = |x: isize, y: isize| (x + STEPS) as usize + WIDTH * (y + STEPS) as usize;
    let states: Vec<(isize, isize)> =
        (-STEPS..=STEPS).flat_map(|y| (-STEPS..=STEPS).map(move |x| (x, y))).collect();
    // Below the first slab nothing is shifted.
    let mut best = vec![f64::NEG_INFINITY; states.len()];
    best[place(0, 0)] = 0.0;
    let mut origins: Vec<Vec<usize>> = Vec::with_capacity(slabs.len());
    for slab in slabs {
        let mut next = vec![f64::NEG_INFINITY; states.len()];
        let mut origin = vec![0; states.len()];
        for (state, &(x, y)) in states.iter().enumerate() {
            for from_y in (y - JUMP).max(-STEPS)..=(y + JUMP).min(STEPS) {
                for from_x in (x - JUMP).max(-STEPS)..=(x + JUMP).min(STEPS) {
                    let from = place(from_x, from_y);
                    let jump = ((x - from_x).pow(2) + (y - from_y).pow(2)) as f64;
                    let score = best[from] - JUMP_COST * jump;
                    if score > next[state] {
                        (next[state], origin[state]) = (score, from);
                    }
                }
            }
            if next[state].is_finite() {
                next[state] += contrast(slab, x, y, patch)
                    - SHIFT_COST * (x * x + y * y) as f64 / (STEPS * STEPS) as f64;
            }
        }
        origins.push(origin);
        best = next;
    }
    let mut state = (0..best.len()).fold(place(0, 0), |a, b| if best[b] > best[a] { b } else { a });
    let mut found = vec![Vector3::zeros(); slabs.len()];
    for (slab, origin) in origins.iter().enumerate().rev() {
        let (x, y) = states[state];
        found[slab] = Vector3::new(x as f64, y as f64, 0.0) * STEP_MM;
        state = origin[state];
    }
    found
}

/// How much more muscle there is inside a slab, shifted by steps, than around it, -1 to 1; 0 outside the scan.
fn contrast(slab: &[(Point3<f64>, Vector3<f64>)], x: isize, y: isize, patch: &Patch) -> f64 {
    if slab.len() < FEWEST {
        return 0.0;
    }
    let shift = Vector3::new(x as f64, y as f64, 0.0) * STEP_MM;
    let middle = slab.iter().map(|(p, _)| p.coords).sum::<Vector3<f64>>() / slab.len() as f64;
    let (mut sum, mut seen) = (0.0, 0.0);
    for (point, normal) in slab {
        let inside =
            |part: f64| patch.muscle_at(Point3::from(middle + (point.coords - middle) * part) + shift);
        let outside = patch.muscle_at(point + normal * 4.0 + shift);
        if let (Some(deep), Some(shallow), Some(outside)) = (inside(0.3), inside(0.8), outside) {
            sum += (deep + shallow) / 2.0 - outside;
            seen += 1.0;
        }
    }
    if seen > 0.0 { sum / slab.len() as f64 } else { 0.0 }
}
