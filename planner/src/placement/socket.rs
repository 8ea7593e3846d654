//! The cup in the bone: coverage, walls, and the choice of size and centre.

use super::hip::RightHip;
use crate::implants::CupFamily;
use crate::placed::{Components, Pose};
use coxa_geometry::frame::{Frame, RightSide};
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Point, Quantity, Severity, Vector};
use rayon::prelude::*;
use std::f64::consts::TAU;

/// Bone within this distance of the cup's outer surface counts as contact.
pub(crate) const CONTACT_MM: f64 = 1.0;
/// Points on the outer surface at which contact is asked for in a result, and while searching.
const RESULT_POINTS: usize = 1500;
const SEARCH_POINTS: usize = 200;
/// Thinnest wall that may remain medially, anteriorly and posteriorly.
const LEAST_WALL_MM: [f64; 3] = [
    Quantity::MedialWall.least(Severity::Caution),
    Quantity::AnteriorWall.least(Severity::Caution),
    Quantity::PosteriorWall.least(Severity::Caution),
];
/// Furthest that the centre may be moved laterally, and medially.
const MEDIAL_MM: (f64, f64) = (-4.0, 6.0);
/// Reamed diameter over the native subchondral diameter that reaches bleeding bone.
const REAMING_MM: f64 = 2.5;
/// Bone that starts further than this beyond the cup is not the wall of its bed.
pub const WALL_REACH_MM: f64 = 12.0;
/// Rays in the cone in which a wall is looked for, and the fewest of which there is a tenth percentile.
const RAYS: usize = 61;
const LEAST_RAYS: usize = 10;

/// A shell as placed: outer sphere and axis out of the opening.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seat<'a> {
    pub(crate) family: &'a CupFamily,
    pub(crate) size_mm: f64,
    pub(crate) centre: Point<RightSide>,
    pub(crate) axis: Vector<RightSide>,
}

/// Bone that remains beyond the shell in a cone of directions; no thickness where no bone lies along a ray.
#[derive(Debug, Clone)]
pub(crate) struct Wall {
    /// Of each ray through the native acetabulum, sorted; at least [`LEAST_RAYS`].
    thicknesses_mm: Vec<f64>,
    /// Of each ray that meets bone, sorted.
    of_bone_mm: Vec<f64>,
    /// Part of the shell's sphere that each ray stands for.
    ray_mm2: f64,
}

impl Wall {
    /// Tenth percentile of the rays.
    pub(crate) fn thickness_mm(&self) -> f64 {
        self.thicknesses_mm[self.thicknesses_mm.len() / 10]
    }

    /// Area of the sphere behind which no more than so much bone remains: the hole in the wall, of zero.
    pub(crate) fn hole_mm2(&self, thickness_mm: f64) -> f64 {
        let open = self.thicknesses_mm.partition_point(|thickness| *thickness <= thickness_mm);
        self.ray_mm2 * open as f64
    }

    /// Tenth percentile of the rays that meet bone; `None` where most meet none. Placement weighs this: bone that is missing in the native
    /// hip comes back wherever the shell lies, and to flee from it costs bone elsewhere.
    fn of_bone_mm(&self) -> Option<f64> {
        (self.of_bone_mm.len() >= RAYS / 2).then(|| self.of_bone_mm[self.of_bone_mm.len() / 10])
    }

    /// Number of rays.
    pub(crate) fn rays(&self) -> usize {
        self.thicknesses_mm.len()
    }
}

/// Bone that remains around a cup; `None` where the native acetabulum opens and has no wall.
#[derive(Debug, Clone)]
pub(crate) struct Walls {
    pub(crate) medial: Option<Wall>,
    pub(crate) anterior: Option<Wall>,
    pub(crate) posterior: Option<Wall>,
}

impl<'a> Seat<'a> {
    /// The shell of components in their place.
    pub(crate) fn of(components: &'a Components, pose: &Pose<RightSide>) -> Self {
        Seat {
            family: &components.cup,
            size_mm: components.cup_size_mm,
            centre: pose.cup_centre,
            axis: pose.cup_axis,
        }
    }
}

impl Seat<'_> {
    /// Fraction of the outer surface with bone within [`CONTACT_MM`], or half a voxel if that is more.
    pub(crate) fn coverage(&self, hip: &RightHip, points: usize) -> f64 {
        let tolerance = CONTACT_MM.max(hip.voxel_mm / 2.0);
        let radius = self.size_mm / 2.0;
        let top = (self.family.face_mm(self.size_mm) / radius).min(0.0);
        let (u, v) = across(self.axis);
        let touched = (0..points)
            .filter(|&i| {
                // Fibonacci points: equal areas between the face and the pole.
                let z = -1.0 + (top + 1.0) * (i as f64 + 0.5) / points as f64;
                let r = (1.0 - z * z).max(0.0).sqrt();
                let (sin, cos) = (i as f64 * GOLDEN_ANGLE).sin_cos();
                let place = self.centre + (self.axis * z + u * (r * cos) + v * (r * sin)) * radius;
                hip.pelvis.closest_within(place, tolerance).is_some() || hip.pelvis.contains(place)
            })
            .count();
        touched as f64 / points as f64
    }

    /// Coverage for a result.
    pub(crate) fn final_coverage(&self, hip: &RightHip) -> f64 {
        self.coverage(hip, RESULT_POINTS)
    }

    /// Walls medially, anteriorly and posteriorly. They do not depend on where the cup opens.
    pub(crate) fn walls(&self, hip: &RightHip) -> Walls {
        let medial = hip.medial();
        let oblique = |ahead: Vector<RightSide>| medial * 0.5 + ahead * 0.866;
        Walls {
            medial: self.wall(hip, medial, 35.0),
            anterior: self.wall(hip, oblique(hip.axes.anterior), 15.0),
            posterior: self.wall(hip, oblique(-hip.axes.anterior), 15.0),
        }
    }

    fn wall(&self, hip: &RightHip, direction: Vector<RightSide>, half_cone_deg: f64) -> Option<Wall> {
        let direction = direction.normalised()?;
        let (u, v) = across(direction);
        let radius = self.size_mm / 2.0;
        let least_cos = half_cone_deg.to_radians().cos();
        let rays: Vec<(bool, Option<f64>)> = (0..RAYS)
            .map(|i| {
                let z = 1.0 - (1.0 - least_cos) * (i as f64 + 0.5) / RAYS as f64;
                let r = (1.0 - z * z).max(0.0).sqrt();
                let (sin, cos) = (i as f64 * GOLDEN_ANGLE).sin_cos();
                let along = direction * z + u * (r * cos) + v * (r * sin);
                // Past the rim of the acetabulum no bone is missing from its wall.
                (along.dot(hip.socket.opening) < 0.0, met_bone(&hip.pelvis, self.centre, radius, along))
            })
            .collect();
        let sorted = |mut all: Vec<f64>| {
            all.sort_by(f64::total_cmp);
            all
        };
        let within = rays.iter().filter(|(is_within, _)| *is_within);
        let thicknesses_mm = sorted(within.map(|(_, met)| met.unwrap_or(0.0)).collect());
        let of_bone_mm = sorted(rays.iter().filter_map(|(_, met)| *met).collect());
        let ray_mm2 = TAU * (1.0 - least_cos) * radius * radius / RAYS as f64;
        (thicknesses_mm.len() >= LEAST_RAYS).then_some(Wall { thicknesses_mm, of_bone_mm, ray_mm2 })
    }
}

/// Bone that remains beyond a shell's outer sphere along a direction from its centre, mm: zero where the shell has gone through,
/// where no bone lies along the ray, and where none begins within 12 mm of the shell.
pub fn bone_behind_shell<F: Frame>(
    bone: &MeshQuery<F>,
    centre: Point<F>,
    radius_mm: f64,
    direction: Vector<F>,
) -> f64 {
    met_bone(bone, centre, radius_mm, direction).unwrap_or(0.0)
}

/// The same; `None` where no bone lies along the ray, or none that begins within the reach of the wall.
fn met_bone<F: Frame>(
    bone: &MeshQuery<F>,
    centre: Point<F>,
    radius_mm: f64,
    direction: Vector<F>,
) -> Option<f64> {
    let crossings = crossings(bone, centre, direction, radius_mm + WALL_REACH_MM + 40.0);
    let mut near = crossings
        .chunks_exact(2)
        .map(|pair| [pair[0], pair[1]])
        .take_while(|[enters, _]| *enters <= radius_mm + WALL_REACH_MM)
        .peekable();
    near.peek()?;
    let wall = near.find(|[_, leaves]| *leaves > radius_mm);
    Some(wall.map_or(0.0, |[enters, leaves]| leaves - enters.max(radius_mm)))
}

/// pi (3 - sqrt 5)
pub(crate) const GOLDEN_ANGLE: f64 = 2.399_963_229_728_653;
/// A ray goes on this far behind a crossing.
const RAY_STEP_MM: f64 = 1e-4;
/// More crossings than this are not looked for.
const MOST_CROSSINGS: usize = 16;

/// Distances at which a ray enters and leaves bone, in turn, beginning with an entry.
pub(super) fn crossings<F: Frame>(
    bone: &MeshQuery<F>,
    from: Point<F>,
    direction: Vector<F>,
    reach: f64,
) -> Vec<f64> {
    let mut found = Vec::new();
    if bone.contains(from) {
        found.push(0.0);
    }
    let mut at = 0.0;
    while found.len() < MOST_CROSSINGS
        && let Some(hit) = bone.ray(from + direction * at, direction, reach - at)
    {
        found.push(at + hit.distance);
        at += hit.distance + RAY_STEP_MM;
    }
    found
}

pub(super) fn across(axis: Vector<RightSide>) -> (Vector<RightSide>, Vector<RightSide>) {
    let any = if axis.x().abs() < 0.8 { Vector::new(1.0, 0.0, 0.0) } else { Vector::new(0.0, 1.0, 0.0) };
    let u = (any - axis * any.dot(axis)).normalised().unwrap_or(any);
    (u, axis.cross(u))
}

/// Why a family has no cup for a socket.
#[derive(Debug, Clone, Copy)]
pub(crate) enum NoCup {
    /// The socket asks for more than the largest.
    Larger { wanted_mm: f64, largest_mm: f64 },
    /// The socket is smaller than the smallest by more than can be reamed.
    Smaller { wanted_mm: f64, smallest_mm: f64 },
}

/// Reaming more than this beyond what is wanted takes too much bone.
const MOST_OVERSIZE_MM: f64 = 5.0;

/// Chooses size and centre. A size near what the native joint asks for; the centre near the native one, medialised as far
/// as coverage gains and lateralised as far as the walls need.
///
/// A socket wraps its head. Where wear has flattened it, a sphere fitted to it may come out the smaller of the two; the
/// head then says more of the size that fills the socket from front to back.
pub(crate) fn choose<'a>(
    hip: &RightHip,
    family: &'a CupFamily,
    axis: Vector<RightSide>,
) -> Result<Seat<'a>, NoCup> {
    let wanted = 2.0 * hip.socket.radius_mm.max(hip.head.radius_mm) + REAMING_MM;
    let (Some(&smallest), Some(&largest)) = (family.sizes_mm.first(), family.sizes_mm.last()) else {
        return Err(NoCup::Larger { wanted_mm: wanted, largest_mm: 0.0 });
    };
    if wanted > largest + 1.0 {
        return Err(NoCup::Larger { wanted_mm: wanted, largest_mm: largest });
    }
    if smallest > wanted + MOST_OVERSIZE_MM {
        return Err(NoCup::Smaller { wanted_mm: wanted, smallest_mm: smallest });
    }
    let mut sizes: Vec<f64> = family.sizes_mm.clone();
    sizes.sort_by(|a, b| (a - wanted).abs().total_cmp(&(b - wanted).abs()));
    sizes.truncate(3);

    let seat = |&(size_mm, [medial, superior, anterior]): &Candidate| {
        let shift = hip.medial() * medial + hip.axes.superior * superior + hip.axes.anterior * anterior;
        Seat { family, size_mm, centre: hip.socket.centre_mm + shift, axis }
    };
    let score = |candidate: &Candidate| {
        let seat = seat(candidate);
        100.0 * seat.coverage(hip, SEARCH_POINTS)
            - penalty(candidate.0 - wanted, candidate.1, &seat.walls(hip))
    };
    // Every size on a grid of 2 mm, then the millimetres around the best.
    let grid = |steps: [&[f64]; 3]| -> Vec<[f64; 3]> {
        let [medial, superior, anterior] = steps;
        let line = |m: f64| superior.iter().flat_map(move |&s| anterior.iter().map(move |&a| [m, s, a]));
        medial.iter().flat_map(|&m| line(m)).collect()
    };
    let coarse = grid([&[-4.0, -2.0, 0.0, 2.0, 4.0, 6.0], &[-1.0, 1.0, 3.0], &[-2.0, 0.0, 2.0]]);
    let candidates = sizes.iter().flat_map(|&size| coarse.iter().map(move |&shift| (size, shift))).collect();
    let (size_mm, [m, s, a]) = best(candidates, score);
    let around = |x: f64| [x - 1.0, x, x + 1.0];
    let fine = grid([&around(m).map(|m| m.clamp(MEDIAL_MM.0, MEDIAL_MM.1)), &around(s), &around(a)]);
    Ok(seat(&best(fine.into_iter().map(|shift| (size_mm, shift)).collect(), score)))
}

/// Size, and shift of the centre medially, superiorly and anteriorly.
type Candidate = (f64, [f64; 3]);

/// The first of those with the highest score, so that the choice does not depend on the number of threads.
fn best(candidates: Vec<Candidate>, score: impl Fn(&Candidate) -> f64 + Send + Sync) -> Candidate {
    let scores: Vec<f64> = candidates.par_iter().map(score).collect();
    let index = (0..scores.len()).rev().max_by(|&a, &b| scores[a].total_cmp(&scores[b])).unwrap_or(0);
    candidates[index]
}

/// What a candidate costs, in per cent of coverage.
fn penalty(oversize_mm: f64, [medial, superior, anterior]: [f64; 3], walls: &Walls) -> f64 {
    // A wall below its limit costs more than any coverage can give back.
    let [medial_wall, anterior_wall, posterior_wall] = LEAST_WALL_MM;
    let thin = |wall: &Option<Wall>, least: f64| {
        wall.as_ref().and_then(Wall::of_bone_mm).map_or(0.0, |mm| 40.0 * (least - mm).max(0.0))
    };
    1.5 * oversize_mm.abs()
        + if medial > 0.0 { 0.8 * medial } else { -2.0 * medial }
        + if superior > 0.0 { 2.0 * superior } else { -superior }
        + anterior.abs()
        + thin(&walls.medial, medial_wall)
        + thin(&walls.anterior, anterior_wall)
        + thin(&walls.posterior, posterior_wall)
}
