//! Courses of vessels and nerves beside a hip, each with how far it is to be trusted.

use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side};
use serde::{Deserialize, Serialize};

/// Name of the course of the sciatic nerve.
pub const SCIATIC_NERVE: &str = "sciatic_nerve";

/// What says where a vessel or nerve runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CourseEvidence {
    /// Blood brighter than muscle, along most of it.
    Contrast,
    /// A round of the CT number of blood within fat, along most of it.
    Plain,
    /// Bones alone: the usual course, with the spread between people.
    Bones,
}

/// A place on the middle of a vessel or nerve.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CourseStation {
    /// The middle.
    pub centre_mm: Point<Patient>,
    /// From the middle to the outer wall.
    pub radius_mm: f64,
    /// One standard deviation of the middle along either direction across the course.
    pub sd_mm: f64,
}

/// The course of a vessel or nerve of one side.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VesselCourse {
    /// Name without side, as in label maps: `external_iliac_artery`; `sciatic_nerve`.
    pub name: String,
    /// Side.
    pub side: Side,
    /// What says so.
    pub seen: CourseEvidence,
    /// From the trunk outwards, a few millimetres apart.
    pub stations: Vec<CourseStation>,
}

impl VesselCourse {
    /// Distance of a place from the middle, and the standard deviation there; `None` of a course without stations.
    pub fn nearest_mm(&self, place: Point<Patient>) -> Option<(f64, f64)> {
        let single = self.stations.first().map(|s| (s.centre_mm.distance(place), s.sd_mm));
        let along = self.stations.windows(2).map(|pair| {
            let (from, way) = (pair[0].centre_mm, pair[1].centre_mm - pair[0].centre_mm);
            let share = ((place - from).dot(way) / way.dot(way).max(f64::MIN_POSITIVE)).clamp(0.0, 1.0);
            let sd = pair[0].sd_mm + (pair[1].sd_mm - pair[0].sd_mm) * share;
            ((from + way * share).distance(place), sd)
        });
        along.chain(single).min_by(|a, b| a.0.total_cmp(&b.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_place_may_lie_between_stations() {
        let station = |z, sd_mm| CourseStation { centre_mm: Point::new(0.0, 0.0, z), radius_mm: 4.0, sd_mm };
        let course = |stations| VesselCourse {
            name: "external_iliac_artery".into(),
            side: Side::Left,
            seen: CourseEvidence::Plain,
            stations,
        };
        let two = course(vec![station(0.0, 1.0), station(10.0, 3.0)]);
        assert_eq!(two.nearest_mm(Point::new(3.0, 4.0, 5.0)), Some((5.0, 2.0)));
        assert_eq!(two.nearest_mm(Point::new(0.0, 0.0, 14.0)), Some((4.0, 3.0)));
        assert_eq!(course(vec![station(0.0, 1.0)]).nearest_mm(Point::new(0.0, 2.0, 0.0)), Some((2.0, 1.0)));
        assert_eq!(course(Vec::new()).nearest_mm(Point::origin()), None);
    }
}
