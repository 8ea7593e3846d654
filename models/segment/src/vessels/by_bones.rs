//! Courses that a CT of the hip rarely shows, by bones alone: deep femoral artery, obturator vessels, and the corridor of the sciatic nerve.
//!
//! Seen as of a right hip: medially, backwards and upwards, in mm.

use super::hip::Hip;
use coxa_anatomy::{CourseEvidence, CourseStation, HipAnatomy, LandmarkKind, SCIATIC_NERVE, VesselCourse};
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Side};

/// The deep femoral artery from where it leaves the common one, with its standard deviation: laterally and backwards, behind the superficial one
/// (textbooks of anatomy). Spread between people: assumption.
const DEEP_FEMORAL: [([f64; 3], f64); 4] = [
    ([0.0, 2.0, 0.0], 0.0),
    ([-5.0, 8.0, -10.0], 4.0),
    ([-8.0, 13.0, -22.0], 6.0),
    ([-9.0, 16.0, -40.0], 8.0),
];
const DEEP_FEMORAL_RADIUS_MM: f64 = 2.8;

/// The obturator artery about the middle of the socket, in a pelvis whose sockets lie 172 mm apart: along the side wall of the pelvis to the upper
/// outer edge of the obturator foramen. Means of virtual patients, rounded; its vein lies below. Spread between people: assumption.
const OBTURATOR: [[f64; 3]; 5] =
    [[38.0, 34.0, 40.0], [37.0, 18.0, 18.0], [36.0, 2.0, -2.0], [34.0, -15.0, -24.0], [32.0, -23.0, -38.0]];
const OBTURATOR_TO_VEIN: [f64; 3] = [0.0, 1.5, -4.5];
const OBTURATOR_RADIUS_MM: [f64; 2] = [1.6, 1.9];
const OBTURATOR_SD_MM: f64 = 6.0;
const HALF_MM: f64 = 86.0;

/// From the posterior rim to the sciatic nerve, and from the greater trochanter: means of 263 adults, and the standard deviation of the first, which
/// is the larger (Wang et al. 2016, J Orthop Surg Res 11:31).
const RIM_TO_NERVE_MM: f64 = 19.4;
const TROCHANTER_TO_NERVE_MM: f64 = 48.3;
const NERVE_SD_MM: f64 = 8.1;
const NERVE_RADIUS_MM: f64 = 5.0;
/// Where the nerve comes out below piriformis, from the ischial spine; how it lies behind the femur, and where the corridor ends (textbooks; assumption).
const FROM_SPINE: [f64; 3] = [-10.0, 7.0, 10.0];
const BEHIND_TUBEROSITY_HEIGHT_MM: f64 = -45.0;
const BELOW: [f64; 3] = [-3.0, -2.0, -30.0];
/// The rim counts as posterior so far above and below the middle of the socket.
const RIM_HEIGHT_MM: f64 = 10.0;

/// The deep femoral artery, from the place where it leaves the common one and how far that is known.
pub(super) fn deep_femoral(hip: &Hip, side: Side, from: Point<RightSide>, sd_mm: f64) -> VesselCourse {
    let stations = DEEP_FEMORAL.map(|(offset, own_mm)| {
        let centre = from + (hip.place(offset) - hip.socket);
        station(side, centre, DEEP_FEMORAL_RADIUS_MM, sd_mm.hypot(own_mm))
    });
    course("deep_femoral_artery", side, stations.to_vec())
}

/// Obturator artery and vein.
pub(super) fn obturator(hip: &Hip, side: Side) -> [VesselCourse; 2] {
    let scale = hip.half_mm / HALF_MM;
    let along = |offset: [f64; 3], radius_mm: f64| {
        let place =
            |knot: [f64; 3]| hip.place(std::array::from_fn(|axis| (knot[axis] + offset[axis]) * scale));
        OBTURATOR.map(|knot| station(side, place(knot), radius_mm, OBTURATOR_SD_MM)).to_vec()
    };
    [
        course("obturator_artery", side, along([0.0; 3], OBTURATOR_RADIUS_MM[0])),
        course("obturator_vein", side, along(OBTURATOR_TO_VEIN, OBTURATOR_RADIUS_MM[1])),
    ]
}

/// The corridor of the sciatic nerve: out below piriformis, behind the posterior wall, between ischial tuberosity and greater trochanter.
///
/// # Errors
/// What the scan does not show of the bones that give it.
pub(super) fn sciatic(hip: &Hip, anatomy: &HipAnatomy, side: Side) -> Result<VesselCourse, &'static str> {
    let landmark = |kind| anatomy.landmark(kind, side).map(|landmark| side.enter(landmark.position_mm));
    let spine = landmark(LandmarkKind::IschialSpine).ok_or("the ischial spine is not seen")?;
    let trochanter = landmark(LandmarkKind::GreaterTrochanter).ok_or("the greater trochanter is not seen")?;
    let rim = anatomy.side(side).acetabulum.as_ref().map_or(&[][..], |socket| &socket.rim_mm);
    let from_socket = |place: Point<RightSide>| place - hip.socket;
    let rim = rim
        .iter()
        .map(|&place| side.enter(place))
        .filter(|&place| (place.z() - hip.socket.z()).abs() < RIM_HEIGHT_MM)
        .max_by(|a, b| from_socket(*a).dot(hip.posterior).total_cmp(&from_socket(*b).dot(hip.posterior)))
        .ok_or("the posterior rim of the acetabulum is not seen")?;
    let offset = |by: [f64; 3]| hip.place(by) - hip.socket;
    let out = spine + offset(FROM_SPINE);
    // It lies behind and somewhat medially of the rim.
    let behind_wall = rim + (hip.posterior * 0.94 + hip.medial * 0.34) * RIM_TO_NERVE_MM;
    let medial = from_socket(trochanter).dot(hip.medial) + TROCHANTER_TO_NERVE_MM;
    let behind = from_socket(behind_wall).dot(hip.posterior);
    let between = hip.place([medial, behind, BEHIND_TUBEROSITY_HEIGHT_MM]);
    let stations = [out, behind_wall, between, between + offset(BELOW)]
        .map(|p| station(side, p, NERVE_RADIUS_MM, NERVE_SD_MM));
    Ok(course(SCIATIC_NERVE, side, stations.to_vec()))
}

fn station(side: Side, centre: Point<RightSide>, radius_mm: f64, sd_mm: f64) -> CourseStation {
    CourseStation { centre_mm: side.leave(centre), radius_mm, sd_mm }
}

fn course(name: &str, side: Side, stations: Vec<CourseStation>) -> VesselCourse {
    VesselCourse { name: name.into(), side, seen: CourseEvidence::Bones, stations }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_anatomy::{Acetabulum, Landmark};
    use coxa_geometry::Vector;

    #[test]
    fn the_nerve_passes_behind_the_wall_at_the_published_distance() {
        let side = Side::Right;
        let hip = Hip::upright(Point::new(-86.0, 0.0, 0.0), 86.0);
        let mut anatomy = HipAnatomy::default();
        assert!(sciatic(&hip, &anatomy, side).is_err());
        for (kind, place) in [
            (LandmarkKind::IschialSpine, Point::new(-56.0, 45.0, 5.0)),
            (LandmarkKind::GreaterTrochanter, Point::new(-130.0, 20.0, 5.0)),
        ] {
            let method = String::new();
            anatomy.landmarks.push(Landmark { kind, side, position_mm: place, spread_mm: 1.0, method });
        }
        let rim = Point::new(-84.0, 24.0, 0.0);
        anatomy.right.acetabulum = Some(Acetabulum {
            centre_mm: Point::new(-86.0, 0.0, 0.0),
            radius_mm: 26.0,
            residual_mm: 0.3,
            rim_mm: vec![rim, Point::new(-90.0, -22.0, 3.0), Point::new(-100.0, 30.0, 28.0)],
            opening: Vector::new(-1.0, 0.0, 0.0),
            rim_residual_mm: 1.0,
        });
        let nerve = sciatic(&hip, &anatomy, side).unwrap();
        let (away, sd) = nerve.nearest_mm(rim).unwrap();
        assert!((away - RIM_TO_NERVE_MM).abs() < 1.0 && sd == NERVE_SD_MM, "{away}");
        assert!(nerve.stations.windows(2).all(|pair| pair[1].centre_mm.z() < pair[0].centre_mm.z()));
    }

    #[test]
    fn both_sides_are_mirror_images() {
        let hip = Hip::upright(Point::new(-80.0, 5.0, -3.0), 80.0);
        let [right, left] = Side::BOTH.map(|side| {
            let [artery, vein] = obturator(&hip, side);
            [artery, vein, deep_femoral(&hip, side, Point::new(-60.0, -40.0, -42.0), 1.5)]
        });
        for (right, left) in right.iter().zip(&left) {
            for (right, left) in right.stations.iter().zip(&left.stations) {
                let mirrored = Point::new(-left.centre_mm.x(), left.centre_mm.y(), left.centre_mm.z());
                assert!(mirrored.distance(right.centre_mm) < 1e-9 && right.sd_mm == left.sd_mm);
            }
        }
    }
}
