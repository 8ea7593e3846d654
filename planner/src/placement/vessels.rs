//! Vessels that the labels show near a hip.

use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Side, Vector};
use coxa_imaging::LabelMap;

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

/// The labelled vessels of one side, seen as of a right hip.
#[derive(Debug, Clone)]
pub(crate) struct Vessels {
    /// Centres of their outermost voxels.
    voxels: Vec<Point<RightSide>>,
    /// From a voxel's centre to its furthest face: by so much a vessel may be nearer.
    half_mm: f64,
}

impl Vessels {
    /// Those near the centre of a socket; `None` where no vessel of this side is labelled there.
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
        let voxels: Vec<_> = grid.voxels_near(centre, GATHERED_MM).filter(is_boundary).map(place).collect();
        let half_mm = grid.spacing_mm().into_iter().fold(0.0, f64::max) / 2.0;
        (!voxels.is_empty()).then_some(Vessels { voxels, half_mm })
    }

    /// Distance of the nearest vessel from a point, at most `most_mm`.
    fn to_point_mm(&self, place: Point<RightSide>, most_mm: f64) -> f64 {
        let nearest = self.voxels.iter().map(|voxel| voxel.distance(place)).fold(f64::INFINITY, f64::min);
        (nearest - self.half_mm).min(most_mm)
    }

    /// Distance of the nearest vessel from the sphere of a shell, at most [`FAR_MM`]; negative within it.
    pub(crate) fn to_shell_mm(&self, centre: Point<RightSide>, size_mm: f64) -> f64 {
        self.to_point_mm(centre, FAR_MM + size_mm / 2.0) - size_mm / 2.0
    }

    /// Distance of the nearest vessel from a segment that starts at a point and goes along a vector, at most `most_mm`.
    pub(crate) fn to_segment_mm(
        &self,
        start: Point<RightSide>,
        along: Vector<RightSide>,
        most_mm: f64,
    ) -> f64 {
        let squared = along.dot(along).max(f64::MIN_POSITIVE);
        let away = |voxel: &Point<RightSide>| {
            let share = ((*voxel - start).dot(along) / squared).clamp(0.0, 1.0);
            (start + along * share).distance(*voxel)
        };
        (self.voxels.iter().map(away).fold(f64::INFINITY, f64::min) - self.half_mm).min(most_mm)
    }

    /// How far one may go from a point along a unit vector without coming nearer than `least_mm` to a vessel.
    pub(crate) fn clear_way_mm(
        &self,
        from: Point<RightSide>,
        direction: Vector<RightSide>,
        least_mm: f64,
    ) -> f64 {
        let least_mm = least_mm + self.half_mm;
        let way = |voxel: &Point<RightSide>| {
            let to = *voxel - from;
            let along = to.dot(direction);
            let across = to.dot(to) - along * along;
            if across >= least_mm * least_mm {
                return f64::INFINITY;
            }
            let half = (least_mm * least_mm - across).sqrt();
            if along + half < 0.0 { f64::INFINITY } else { (along - half).max(0.0) }
        };
        self.voxels.iter().map(way).fold(f64::INFINITY, f64::min)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::placement::PlanOptions;
    use crate::placement::gather::gather;
    use crate::placement::synthetic::Case;

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
            assert!((vessels.to_point_mm(at, 99.0) + 0.5).abs() < 1e-9);
            let up = Vector::new(0.0, 0.0, 5.0);
            assert!((vessels.to_point_mm(at + up, 99.0) - 4.5).abs() < 1e-9);
            assert_eq!(vessels.to_point_mm(at + up, 3.0), 3.0);
            let beside = at + Vector::new(4.0, 0.0, -7.0);
            assert!((vessels.to_segment_mm(beside, up * 3.0, 99.0) - 3.5).abs() < 1e-9);
            assert!((vessels.to_segment_mm(beside, -up, 99.0) - 65.0_f64.sqrt() + 0.5).abs() < 1e-9);
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
}
