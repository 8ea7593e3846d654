//! Vessels near a hip: those that the labels show, else those that were found in the CT.

use coxa_anatomy::{CourseEvidence, VesselCourse};
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Side, Vector};
use coxa_imaging::LabelMap;
use statrs::distribution::{ContinuousCDF, Normal};

/// Names of labels of vessels, without their side.
const NAMES: [&str; 8] = [
    "iliac_artery_",
    "iliac_vena_",
    "external_iliac_artery_",
    "external_iliac_vein_",
    "common_femoral_artery_",
    "common_femoral_vein_",
    "obturator_artery_",
    "obturator_vein_",
];
/// Vessels are gathered within so much of the centre of the acetabulum, more than shell and screw reach.
const GATHERED_MM: f64 = 120.0;

/// Further off than this, a vessel is only known to be so far.
pub(crate) const FAR_MM: f64 = 20.0;

/// Found courses are seen as balls so far apart.
const STEP_MM: f64 = 2.0;
/// Names of found courses that count, without their side: those that are looked for in the scan and may lie beside shell and screws.
const FOUND: [&str; 4] =
    ["external_iliac_artery", "external_iliac_vein", "common_femoral_artery", "common_femoral_vein"];

/// The vessels of one side that are labelled or else were found, seen as of a right hip.
#[derive(Debug, Clone)]
pub(crate) struct Vessels {
    balls: Vec<Ball>,
    /// Whether another program or a person labelled them.
    pub(crate) are_labelled: bool,
}

/// A part of a vessel: an outermost voxel of its label, or a piece of its course.
#[derive(Debug, Clone, Copy)]
struct Ball {
    centre: Point<RightSide>,
    /// To the wall; of a voxel to its furthest face, for by so much a vessel may be nearer.
    radius_mm: f64,
    /// Standard deviation of the centre; none of a label.
    sd_mm: f64,
}

/// A distance with the standard deviation that the vessel's own place gives it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Away {
    pub(crate) mm: f64,
    pub(crate) sd_mm: f64,
}

impl Vessels {
    /// Those that the scan shows to the program itself.
    pub(crate) fn found(
        courses: &[VesselCourse],
        side: Side,
        socket_centre: Point<RightSide>,
    ) -> Option<Self> {
        let counts = |course: &&VesselCourse| {
            course.side == side
                && course.seen != CourseEvidence::Bones
                && FOUND.contains(&course.name.as_str())
        };
        let pieces = courses.iter().filter(counts).flat_map(|course| course.stations.windows(2));
        let balls = pieces.flat_map(|pair| {
            let [from, to] = [pair[0], pair[1]];
            let way = side.enter(to.centre_mm) - side.enter(from.centre_mm);
            let steps = (way.norm() / STEP_MM).ceil().clamp(1.0, 1000.0) as usize;
            (0..=steps).map(move |step| {
                let share = step as f64 / steps as f64;
                Ball {
                    centre: side.enter(from.centre_mm) + way * share,
                    radius_mm: from.radius_mm + (to.radius_mm - from.radius_mm) * share,
                    sd_mm: from.sd_mm + (to.sd_mm - from.sd_mm) * share,
                }
            })
        });
        let is_near = |ball: &Ball| ball.centre.distance(socket_centre) <= GATHERED_MM;
        let balls: Vec<Ball> = balls.filter(is_near).collect();
        (!balls.is_empty()).then_some(Vessels { balls, are_labelled: false })
    }

    /// Those that are labelled near the centre of a socket.
    pub(crate) fn new(labels: &LabelMap, side: Side, socket_centre: Point<RightSide>) -> Option<Self> {
        let is_vessel = |name: &str| name.strip_suffix(side.name()).is_some_and(|name| NAMES.contains(&name));
        let ids: Vec<u8> = labels.table.iter().filter(|l| is_vessel(&l.name)).map(|l| l.id).collect();
        if ids.is_empty() {
            return None;
        }
        let grid = &labels.volume.grid;
        let is_inside = |(k, j, i): (usize, usize, usize)| {
            labels.volume.voxels.get((k, j, i)).is_some_and(|label| ids.contains(label))
        };
        // The nearest voxel is never one whose neighbours along every axis are of a vessel too.
        let is_boundary = |&(k, j, i): &(usize, usize, usize)| {
            let before = |n: usize| n.wrapping_sub(1);
            let around = [
                (k + 1, j, i),
                (before(k), j, i),
                (k, j + 1, i),
                (k, before(j), i),
                (k, j, i + 1),
                (k, j, before(i)),
            ];
            is_inside((k, j, i)) && !around.into_iter().all(is_inside)
        };
        let centre = side.leave(socket_centre);
        let place = |(k, j, i): (usize, usize, usize)| {
            side.enter(grid.to_patient(Point::new(i as f64, j as f64, k as f64)))
        };
        let radius_mm = grid.spacing_mm().into_iter().fold(0.0, f64::max) / 2.0;
        let ball = |centre| Ball { centre, radius_mm, sd_mm: 0.0 };
        let voxels = grid.voxels_near(centre, GATHERED_MM).filter(is_boundary).map(place);
        let balls: Vec<Ball> = voxels.map(ball).collect();
        (!balls.is_empty()).then_some(Vessels { balls, are_labelled: true })
    }

    /// The nearest vessel, where the distance of a place from something is known.
    fn nearest(&self, from: impl Fn(Point<RightSide>) -> f64) -> Away {
        let away =
            self.balls.iter().map(|ball| Away { mm: from(ball.centre) - ball.radius_mm, sd_mm: ball.sd_mm });
        away.min_by(|a, b| a.mm.total_cmp(&b.mm)).unwrap_or(Away { mm: f64::INFINITY, sd_mm: 0.0 })
    }

    /// Chance, 0 to 1, that a vessel is nearer than a limit: that of the part for which it is largest, for the course moves as a whole.
    /// `own_sd_mm` is the standard deviation of whatever the distance is from.
    fn chance(&self, from: impl Fn(Point<RightSide>) -> f64, limit_mm: f64, own_sd_mm: f64) -> f64 {
        let of = |ball: &Ball| {
            chance_below(from(ball.centre) - ball.radius_mm, ball.sd_mm.hypot(own_sd_mm), limit_mm)
        };
        self.balls.iter().map(of).fold(0.0, f64::max)
    }

    /// Distance of the nearest vessel from a point, at most `most_mm`.
    pub(crate) fn to_point(&self, place: Point<RightSide>, most_mm: f64) -> Away {
        let away = self.nearest(|centre| centre.distance(place));
        Away { mm: away.mm.min(most_mm), ..away }
    }

    /// Chance, 0 to 1, that a vessel is nearer to a point than a limit.
    pub(crate) fn chance_near_point(&self, place: Point<RightSide>, limit_mm: f64, own_sd_mm: f64) -> f64 {
        self.chance(|centre| centre.distance(place), limit_mm, own_sd_mm)
    }

    /// Distance of the nearest vessel from the sphere of a shell, at most [`FAR_MM`]; negative within it.
    pub(crate) fn to_shell(&self, centre: Point<RightSide>, size_mm: f64) -> Away {
        let away = self.to_point(centre, FAR_MM + size_mm / 2.0);
        Away { mm: away.mm - size_mm / 2.0, ..away }
    }

    /// Distance of the nearest vessel from a segment that starts at a point and goes along a vector, at most `most_mm`.
    pub(crate) fn to_segment(&self, start: Point<RightSide>, along: Vector<RightSide>, most_mm: f64) -> Away {
        let away = self.nearest(|centre| from_segment(start, along, centre));
        Away { mm: away.mm.min(most_mm), ..away }
    }

    /// Chance that a vessel is nearer to a segment than a limit.
    pub(crate) fn chance_near_segment(
        &self,
        [start, end]: [Point<RightSide>; 2],
        limit_mm: f64,
        own_sd_mm: f64,
    ) -> f64 {
        self.chance(|centre| from_segment(start, end - start, centre), limit_mm, own_sd_mm)
    }

    /// How far one may go from a point along a unit vector without coming nearer than `least_mm` to a vessel.
    pub(crate) fn clear_way_mm(
        &self,
        from: Point<RightSide>,
        direction: Vector<RightSide>,
        least_mm: f64,
    ) -> f64 {
        let way = |ball: &Ball| {
            let least_mm = least_mm + ball.radius_mm;
            let to = ball.centre - from;
            let along = to.dot(direction);
            let across = to.dot(to) - along * along;
            if across >= least_mm * least_mm {
                return f64::INFINITY;
            }
            let half = (least_mm * least_mm - across).sqrt();
            if along + half < 0.0 { f64::INFINITY } else { (along - half).max(0.0) }
        };
        self.balls.iter().map(way).fold(f64::INFINITY, f64::min)
    }
}

/// Distance of a place from a segment.
fn from_segment(start: Point<RightSide>, along: Vector<RightSide>, place: Point<RightSide>) -> f64 {
    let squared = along.dot(along).max(f64::MIN_POSITIVE);
    let share = ((place - start).dot(along) / squared).clamp(0.0, 1.0);
    (start + along * share).distance(place)
}

/// Chance, 0 to 1, that a number with a normal error is below a limit.
pub(crate) fn chance_below(value: f64, sd: f64, limit: f64) -> f64 {
    match Normal::new(value, sd) {
        Ok(normal) if sd > 0.0 => normal.cdf(limit),
        _ if value < limit => 1.0,
        _ => 0.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::PlanOptions;
    use crate::placement::gather::gather;
    use crate::placement::synthetic::Case;
    use coxa_anatomy::CourseStation;

    #[test]
    fn vessels_of_this_side_are_found_where_they_are_labelled() {
        let place = Point::new(-60.0, -10.0, 40.0);
        let right = || Case::right().with_vessel(place, "iliac_vena_right");
        let at = Side::Right.enter(place);
        for case in [right(), right().mirrored()] {
            let input = case.input(PlanOptions::default());
            let hip = gather(&input).unwrap();
            let vessels = Vessels::new(input.labels, hip.side, hip.socket.centre_mm).unwrap();
            // Voxels of 1 mm: half of one nearer than their centres.
            assert!((vessels.to_point(at, 99.0).mm + 0.5).abs() < 1e-9);
            let up = Vector::new(0.0, 0.0, 5.0);
            assert!((vessels.to_point(at + up, 99.0).mm - 4.5).abs() < 1e-9);
            assert_eq!(vessels.to_point(at + up, 3.0).mm, 3.0);
            let beside = at + Vector::new(4.0, 0.0, -7.0);
            assert!((vessels.to_segment(beside, up * 3.0, 99.0).mm - 3.5).abs() < 1e-9);
            assert!((vessels.to_segment(beside, -up, 99.0).mm - 65.0_f64.sqrt() + 0.5).abs() < 1e-9);
            // 3 mm to the side, 5 mm away: 4 mm before it.
            let aside = at + Vector::new(0.0, 3.0, -20.0);
            let way = |direction, least| vessels.clear_way_mm(aside, direction, least - 0.5);
            assert!((way(Vector::new(0.0, 0.0, 1.0), 5.0) - 16.0).abs() < 1e-9);
            assert_eq!(way(Vector::new(0.0, 0.0, 1.0), 2.9), f64::INFINITY);
            assert_eq!(way(Vector::new(0.0, 0.0, -1.0), 5.0), f64::INFINITY);
            assert_eq!(way(Vector::new(0.0, 0.0, -1.0), 21.0), 0.0);
        }
        let other = Case::right().with_vessel(place, "iliac_vena_left");
        let input = other.input(PlanOptions::default());
        let hip = gather(&input).unwrap();
        assert!(Vessels::new(input.labels, hip.side, hip.socket.centre_mm).is_none());
    }

    #[test]
    fn found_courses_count_with_their_radius_and_spread_where_nothing_is_labelled() {
        let station =
            |z: f64| CourseStation { centre_mm: Point::new(-60.0, -40.0, z), radius_mm: 5.0, sd_mm: 2.0 };
        let course = |name: &str, seen| VesselCourse {
            name: name.into(),
            side: Side::Right,
            seen,
            stations: vec![station(30.0), station(-30.0)],
        };
        let centre = Point::new(-86.0, 0.0, 0.0);
        let found = |courses: &[VesselCourse]| Vessels::found(courses, Side::Right, centre);
        let vessels = found(&[course("external_iliac_artery", CourseEvidence::Plain)]).unwrap();
        assert!(!vessels.are_labelled);
        let at = Point::new(-60.0, -25.0, 3.0);
        let away = vessels.to_point(at, 99.0);
        assert!((away.mm - 10.0).abs() < 0.05 && away.sd_mm == 2.0, "{away:?}");
        // Ten less five is two and a half of its standard deviations.
        let chance = vessels.chance_near_point(at, 5.0, 0.0);
        assert!((chance - 0.0062).abs() < 5e-4, "{chance}");
        assert!(vessels.chance_near_point(at, 5.0, 3.0) > chance);
        let screw = [Point::new(-86.0, -25.0, 0.0), Point::new(-66.0, -25.0, 0.0)];
        assert!(vessels.chance_near_segment(screw, 5.0, 0.0) < chance);
        // By bones alone they are no ground to judge a plan, nor are those of the other side.
        assert!(found(&[course("external_iliac_artery", CourseEvidence::Bones)]).is_none());
        assert!(found(&[course("obturator_artery", CourseEvidence::Plain)]).is_none());
        assert!(
            Vessels::found(&[course("external_iliac_artery", CourseEvidence::Plain)], Side::Left, centre)
                .is_none()
        );
    }

    #[test]
    fn a_chance_grows_with_the_limit_and_is_sure_without_spread() {
        let chances: Vec<f64> = (0..40).map(|limit| chance_below(10.0, 3.0, f64::from(limit))).collect();
        assert!(chances.windows(2).all(|pair| pair[0] <= pair[1]) && (chances[10] - 0.5).abs() < 1e-12);
        assert_eq!([9.0, 11.0].map(|limit| chance_below(10.0, 0.0, limit)), [0.0, 1.0]);
        assert_eq!(chance_below(f64::INFINITY, 1.0, 5.0), 0.0);
    }
}
