//! The cup in the bone: coverage, walls, and the choice of size and centre.

use super::hip::RightHip;
use crate::implants::CupFamily;
use crate::placed::{Components, Pose};
use coxa_geometry::frame::{Frame, RightSide};
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Point, Quantity, Severity, Vector};
use rayon::prelude::*;

/// Bone within this distance of the cup's outer surface counts as contact.
pub(crate) const CONTACT_MM: f64 = 1.0;
/// Points on the outer surface at which contact is asked for in a result, and while searching.
const RESULT_POINTS: usize = 1500;
const SEARCH_POINTS: usize = 200;
/// Thinnest wall that may be left medially, anteriorly and posteriorly.
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
const WALL_REACH_MM: f64 = 12.0;

/// A shell as placed: outer sphere and axis out of the opening.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seat<'a> {
    pub(crate) family: &'a CupFamily,
    pub(crate) size_mm: f64,
    pub(crate) centre: Point<RightSide>,
    pub(crate) axis: Vector<RightSide>,
}

/// Thickness of bone left around a cup; zero where the cup has gone through, absent where no bone lies beyond.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Walls {
    pub(crate) medial_mm: Option<f64>,
    pub(crate) anterior_mm: Option<f64>,
    pub(crate) posterior_mm: Option<f64>,
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

    /// Walls left medially, anteriorly and posteriorly: of a cone of directions, the tenth percentile of the bone beyond
    /// the outer sphere.
    pub(crate) fn walls(&self, hip: &RightHip) -> Walls {
        let medial = hip.medial();
        let oblique = |ahead: Vector<RightSide>| medial * 0.5 + ahead * 0.866;
        Walls {
            medial_mm: self.wall(hip, medial, 35.0),
            anterior_mm: self.wall(hip, oblique(hip.anterior), 15.0),
            posterior_mm: self.wall(hip, oblique(-hip.anterior), 15.0),
        }
    }

    fn wall(&self, hip: &RightHip, direction: Vector<RightSide>, half_cone_deg: f64) -> Option<f64> {
        const RAYS: usize = 61;
        let direction = direction.normalised()?;
        let (u, v) = across(direction);
        let least_cos = half_cone_deg.to_radians().cos();
        let mut thicknesses: Vec<f64> = (0..RAYS)
            .filter_map(|i| {
                let z = 1.0 - (1.0 - least_cos) * (i as f64 + 0.5) / RAYS as f64;
                let r = (1.0 - z * z).max(0.0).sqrt();
                let (sin, cos) = (i as f64 * GOLDEN_ANGLE).sin_cos();
                let along = direction * z + u * (r * cos) + v * (r * sin);
                bone_behind_shell(&hip.pelvis, self.centre, self.size_mm / 2.0, along)
            })
            .collect();
        // Where most rays meet no bone (the obturator foramen, the notch), there is no wall to measure.
        if thicknesses.len() < RAYS / 2 {
            return None;
        }
        thicknesses.sort_by(f64::total_cmp);
        thicknesses.get(thicknesses.len() / 10).copied()
    }
}

/// Bone that is left beyond a shell's outer sphere along a direction from its centre: zero where the shell has gone through,
/// `None` where no bone lies along the ray, or none that begins within 12 mm of the shell.
pub fn bone_behind_shell<F: Frame>(
    bone: &MeshQuery<F>,
    centre: Point<F>,
    radius_mm: f64,
    direction: Vector<F>,
) -> Option<f64> {
    let crossings = crossings(bone, centre, direction, radius_mm + WALL_REACH_MM + 40.0);
    let mut passed_bone = false;
    for pair in crossings.chunks(2) {
        let [enters, leaves] = *pair else { break };
        if enters > radius_mm + WALL_REACH_MM {
            break;
        }
        if leaves > radius_mm {
            return Some(leaves - enters.max(radius_mm));
        }
        passed_bone = true;
    }
    passed_bone.then_some(0.0)
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
        let shift = hip.medial() * medial + hip.superior * superior + hip.anterior * anterior;
        Seat { family, size_mm, centre: hip.socket.centre_mm + shift, axis }
    };
    let score = |candidate: &Candidate| {
        let seat = seat(candidate);
        100.0 * seat.coverage(hip, SEARCH_POINTS)
            - penalty(candidate.0 - wanted, candidate.1, seat.walls(hip))
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
fn penalty(oversize_mm: f64, [medial, superior, anterior]: [f64; 3], walls: Walls) -> f64 {
    // A wall below its limit costs more than any coverage can give back.
    let [medial_wall, anterior_wall, posterior_wall] = LEAST_WALL_MM;
    let thin = |wall: Option<f64>, least: f64| wall.map_or(0.0, |w| 40.0 * (least - w).max(0.0));
    1.5 * oversize_mm.abs()
        + if medial > 0.0 { 0.8 * medial } else { -2.0 * medial }
        + if superior > 0.0 { 2.0 * superior } else { -superior }
        + anterior.abs()
        + thin(walls.medial_mm, medial_wall)
        + thin(walls.anterior_mm, anterior_wall)
        + thin(walls.posterior_mm, posterior_wall)
}
