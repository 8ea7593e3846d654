//! The cup in the bone: coverage, overhang, and the choice of size and centre.

use super::hip::{HEAD_IN_SOCKET_MM, RightHip};
use super::walls::{GOLDEN_ANGLE, Wall, Walls};
use crate::implants::CupFamily;
use crate::placed::{Components, Pose};
use coxa_anatomy::OutOfPlace;
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Quantity, Severity, Vector};
use rayon::prelude::*;

/// Bone within this distance of the cup's outer surface counts as contact.
pub(crate) const CONTACT_MM: f64 = 1.0;
/// Points on the outer surface at which contact is asked for in a result, and while searching.
const RESULT_POINTS: usize = 1500;
const SEARCH_POINTS: usize = 200;
/// The hip's centre is restored to within this of the native one, medially and superiorly, unless more is gained than lost: with 0 to
/// 3 mm up and 0 to 5 mm in, offset could always be restored (Dastane 2011, Clin Orthop 469:429).
pub(super) const CENTRE_WITHIN_MM: f64 = 3.0;
/// How far the cup of a hip that has risen from its acetabulum may stay above where the hip belongs: up to 13 mm had no clinical
/// consequence (PMC5525519).
const RAISED_MM: f64 = 13.0;
/// Sizes that are tried where the head is out of place, from the one that the other side leads to on: the acetabulum that a head has left
/// upwards is narrow, that of a protrusio wide.
const SIZES_OF_DISPLACED: usize = 6;
/// The shell over the native head at least: the sphere of a worn or irregular socket comes out too small.
const LEAST_OVER_HEAD_MM: f64 = 3.0;
/// What coverage beyond its ideal counts for: nobody moves a hip's centre for it.
const WORTH_BEYOND_IDEAL: f64 = 0.25;
/// Shell over the native subchondral diameter: reaming stops where the plate bleeds, and the shell is pressed into a bed 1 mm smaller.
const REAMING_MM: f64 = 1.0;
/// Points on the front of a cup's rim.
const RIM_POINTS: usize = 48;
/// The front of the rim, where the iliopsoas runs: within so much of straight ahead, seen from the centre.
const FRONT_DEG: f64 = 60.0;
/// Further out of bone than this, only that it is further.
pub(crate) const MOST_OVERHANG_MM: f64 = 12.0;
/// Of the height from face to pole, the part next to the face that holds a pressed cup.
const PERIPHERAL_PART: f64 = 1.0 / 3.0;

/// A shell as placed: outer sphere and axis out of the opening.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seat<'a> {
    pub(crate) family: &'a CupFamily,
    pub(crate) size_mm: f64,
    pub(crate) centre: Point<RightSide>,
    pub(crate) axis: Vector<RightSide>,
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
    /// The walls that it leaves.
    pub(crate) fn walls(&self, hip: &RightHip) -> Walls {
        Walls::new(hip, self.centre, self.size_mm / 2.0)
    }

    /// Fraction of the outer surface with bone within [`CONTACT_MM`], or half a voxel if that is more.
    pub(crate) fn coverage(&self, hip: &RightHip, points: usize) -> f64 {
        let tolerance = CONTACT_MM.max(hip.voxel_mm / 2.0);
        let radius = self.size_mm / 2.0;
        let top = (self.family.face_mm(self.size_mm) / radius).min(0.0);
        let (u, v) = self.axis.across();
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

    /// Of the height from pole to face, where the part next to the face that holds a pressed cup begins and ends, in radii above the
    /// centre.
    pub(crate) fn belt(family: &CupFamily, size_mm: f64) -> (f64, f64) {
        let top = (2.0 * family.face_mm(size_mm) / size_mm).min(0.0);
        (top, top - (top + 1.0) * PERIPHERAL_PART)
    }

    /// Furthest that the front of the rim stands out of bone, by how far a place lies from it (negative within); `None` of a cup that
    /// opens straight ahead or back.
    pub(crate) fn overhang(&self, hip: &RightHip, away_mm: impl Fn(Point<RightSide>) -> f64) -> Option<f64> {
        let (face, radius) = (self.family.face_mm(self.size_mm), self.size_mm / 2.0);
        let ahead = (hip.axes.anterior - self.axis * self.axis.dot(hip.axes.anterior)).normalised()?;
        let across = self.axis.cross(ahead);
        let around = (radius * radius - face * face).max(0.0).sqrt();
        let at = |azimuth: f64| ahead * azimuth.cos() + across * azimuth.sin();
        let overhang = (0..RIM_POINTS)
            .map(|i| (2.0 * i as f64 / RIM_POINTS as f64 - 1.0) * FRONT_DEG.to_radians())
            .map(|azimuth| away_mm(self.centre + self.axis * face + at(azimuth) * around))
            .fold(0.0, f64::max);
        Some(overhang)
    }

    /// The same on the bone's surface.
    pub(crate) fn final_overhang(&self, hip: &RightHip) -> Option<f64> {
        self.overhang(hip, |place| {
            let away =
                hip.pelvis.closest_within(place, MOST_OVERHANG_MM).map_or(MOST_OVERHANG_MM, |(_, _, d)| d);
            if hip.pelvis.contains(place) { -away } else { away }
        })
    }

    /// Coverage for a result.
    pub(crate) fn final_coverage(&self, hip: &RightHip) -> f64 {
        self.coverage(hip, RESULT_POINTS)
    }
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

/// Diameter of the shell that reaming leads to.
pub(crate) fn wanted_mm(hip: &RightHip) -> f64 {
    (2.0 * hip.socket.radius_mm + REAMING_MM).max(2.0 * hip.head.radius_mm + LEAST_OVER_HEAD_MM)
}

/// The centre to be restored: that of the native head, brought down from where it has worn its way up, or where it has left its socket the
/// nearest to it that has not; where it is out of place, where the other side lies.
fn native_centre(hip: &RightHip) -> Point<RightSide> {
    if let Some(displaced) = &hip.displaced {
        return displaced.belongs;
    }
    let away = hip.head.centre_mm - hip.socket.centre_mm;
    let away = away - hip.axes.superior * away.dot(hip.axes.superior).max(0.0);
    hip.socket.centre_mm + away * (HEAD_IN_SOCKET_MM / away.norm().max(HEAD_IN_SOCKET_MM))
}

/// Chooses size and centre. The size is the one nearest to what reaming leads to, unless a wall asks for another; the centre is the
/// native one, moved as far as coverage gains and the walls need.
///
/// # Errors
/// An acetabulum that asks for a size the family does not have.
pub(crate) fn choose<'a>(
    hip: &RightHip,
    family: &'a CupFamily,
    axis: Vector<RightSide>,
) -> Result<Seat<'a>, NoCup> {
    let wanted = wanted_mm(hip);
    let (Some(&smallest), Some(&largest)) = (family.sizes_mm.first(), family.sizes_mm.last()) else {
        return Err(NoCup::Larger { wanted_mm: wanted, largest_mm: 0.0 });
    };
    if wanted > largest + 1.0 {
        return Err(NoCup::Larger { wanted_mm: wanted, largest_mm: largest });
    }
    if smallest > wanted + MOST_OVERSIZE_MM {
        return Err(NoCup::Smaller { wanted_mm: wanted, smallest_mm: smallest });
    }
    let search = Search::of(hip);
    let mut sizes: Vec<f64> = family.sizes_mm.clone();
    sizes.sort_by(|a, b| search.of_size(a - wanted).total_cmp(&search.of_size(b - wanted)));
    sizes.truncate(search.sizes);

    let native = native_centre(hip);
    let seat = |&(size_mm, [medial, superior, anterior]): &Candidate| {
        let shift = hip.medial() * medial + hip.axes.superior * superior + hip.axes.anterior * anterior;
        Seat { family, size_mm, centre: native + shift, axis }
    };
    let score = |candidate: &Candidate| {
        let seat = seat(candidate);
        worth(seat.coverage(hip, SEARCH_POINTS))
            - search.penalty(candidate.0 - wanted, candidate.1, &seat.walls(hip))
    };
    // Every size on a grid of 2 mm, then the millimetres around the best.
    let grid = |steps: [&[f64]; 3]| -> Vec<[f64; 3]> {
        let [medial, superior, anterior] = steps;
        let line = |m: f64| superior.iter().flat_map(move |&s| anterior.iter().map(move |&a| [m, s, a]));
        medial.iter().flat_map(|&m| line(m)).collect()
    };
    let steps = [-4.0, -2.0, 0.0, 2.0, 4.0];
    let coarse = grid([&steps, search.heights_mm, &[-2.0, 0.0, 2.0]]);
    let candidates = sizes.iter().flat_map(|&size| coarse.iter().map(move |&shift| (size, shift))).collect();
    let (size_mm, [m, s, a]) = best(candidates, score);
    let around = |x: f64| [x - 1.0, x, x + 1.0];
    let fine = grid([&around(m), &around(s), &around(a)]);
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

/// What coverage is worth, in per cent of it.
fn worth(coverage: f64) -> f64 {
    let (percent, enough) =
        (100.0 * coverage, Quantity::CupCoverage.ideal().map_or(100.0, |ideal| ideal.least));
    percent.min(enough) + WORTH_BEYOND_IDEAL * (percent - enough).max(0.0)
}

/// How the centre and size of a cup are sought, and what departures cost.
struct Search {
    /// How many sizes are tried.
    sizes: usize,
    /// Heights over the centre to be restored that are tried.
    heights_mm: &'static [f64],
    /// How far above it a cup may lie before that costs more.
    raised_mm: f64,
    /// What a millimetre of diameter costs, below what reaming leads to and above it.
    size: [f64; 2],
}

impl Search {
    /// Assumptions: a size costs four per cent of coverage for a millimetre. Where the head is out of place, and the other side says the
    /// place and not the width, a smaller one costs a quarter of that after a rise, and height is given for cover; a larger one does in
    /// protrusio, whose rim has to carry the shell.
    fn of(hip: &RightHip) -> Self {
        let level: &[f64] = &[-4.0, -2.0, 0.0, 2.0, 4.0];
        let usual = Search { sizes: 3, heights_mm: level, raised_mm: CENTRE_WITHIN_MM, size: [4.0, 4.0] };
        match hip.displaced.as_ref().map(|head| head.how) {
            None => usual,
            Some(OutOfPlace::Inwards(_)) => Search { sizes: SIZES_OF_DISPLACED, size: [4.0, 1.0], ..usual },
            Some(OutOfPlace::Risen(_)) => Search {
                sizes: SIZES_OF_DISPLACED,
                heights_mm: &[-2.0, 0.0, 2.0, 4.0, 6.0, 8.0, 10.0, 12.0],
                raised_mm: RAISED_MM,
                size: [1.0, 4.0],
            },
        }
    }

    fn of_size(&self, oversize_mm: f64) -> f64 {
        oversize_mm.abs() * self.size[usize::from(oversize_mm > 0.0)]
    }

    /// What a candidate costs, in per cent of coverage. Assumptions: half a per cent for a millimetre of the centre, twice that laterally,
    /// which loads the hip, and eight times that beyond what it is restored to.
    fn penalty(&self, oversize_mm: f64, [medial, superior, anterior]: [f64; 3], walls: &Walls) -> f64 {
        let beyond = |mm: f64, within: f64| 4.0 * (mm.abs() - within).max(0.0);
        self.of_size(oversize_mm)
            + if medial > 0.0 { 0.5 * medial } else { -medial }
            + 0.5 * superior.abs()
            + anterior.abs()
            + beyond(medial, CENTRE_WITHIN_MM)
            + beyond(superior, if superior > 0.0 { self.raised_mm } else { CENTRE_WITHIN_MM })
            + thin(walls.medial.as_ref(), Quantity::MedialWall)
            + thin(walls.anterior.as_ref(), Quantity::AnteriorWall)
            + thin(walls.posterior.as_ref(), Quantity::PosteriorWall)
    }
}

/// What a wall that is thinner than its ideal costs; below its limit, more than any coverage can give back.
fn thin(wall: Option<&Wall>, quantity: Quantity) -> f64 {
    let Some(mm) = wall.and_then(Wall::of_bone_mm) else { return 0.0 };
    let below = |least: f64| (least - mm).max(0.0);
    let ideal = quantity.ideal().map_or(0.0, |ideal| below(ideal.least));
    2.0 * ideal + 40.0 * below(quantity.least(Severity::Caution))
}
