//! Where the great vessels run: courses that landmarks and muscles give, kept out of bone, muscle and each other.
//!
//! The artery runs from the fork of the aorta along the inner front edge of psoas, passes under the inguinal ligament between psoas and
//! pectineus, follows the thigh inwards of the femur beneath sartorius and ends behind the knee; its vein lies inwards and behind. What a
//! course still shares with bone or muscle it is pushed out of. Calibres are of the size that textbooks give, to be verified.

use super::blood::Blood;
use super::flesh::Muscles;
use super::shape::Anatomy;
use super::spine::Spine;
use super::thigh_frame::ThighFrame;
use super::tube::Tube;
use coxa_anatomy::label_names::structure_id;
use coxa_anatomy::{Bone, LandmarkKind};
use coxa_geometry::frame::{Patient, RightSide};
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point, Side, Vector};
use coxa_shape::interpolate::interpolate;
use nalgebra::{Point3, Vector3};

/// Steps of a course, in mm.
const STEP_MM: f64 = 4.0;
/// Room between a vessel and bone, muscle, and its companion.
const CLEAR_OF_BONE_MM: f64 = 2.0;
const CLEAR_OF_MUSCLE_MM: f64 = 0.7;
const CLEAR_OF_VESSEL_MM: f64 = 1.0;
/// Rounds of pushing out and smoothing.
const ROUNDS: usize = 12;
/// From the inner front edge of psoas to the middle of the artery.
const BESIDE_PSOAS_MM: f64 = 6.5;
/// Psoas is looked at so far above and below a level.
const SLAB_MM: f64 = 5.0;

/// Parts of the great artery and of the great vein, from the heart outwards; outer radius in mm at the beginning of each in an
/// average man, and at the end of the last.
const ARTERY: [(&str, f64); 4] = [
    ("iliac_artery", 5.6),
    ("external_iliac_artery", 4.9),
    ("common_femoral_artery", 4.7),
    ("superficial_femoral_artery", 3.7),
];
const ARTERY_END_MM: f64 = 3.2;
const VEIN: [(&str, f64); 4] = [
    ("iliac_vena", 6.8),
    ("external_iliac_vein", 6.0),
    ("common_femoral_vein", 5.8),
    ("superficial_femoral_vein", 4.6),
];
const VEIN_END_MM: f64 = 4.0;
/// Vessels through the obturator canal, with their outer radius in mm.
const OBTURATOR: [(&str, f64); 2] = [("obturator_artery", 1.6), ("obturator_vein", 1.9)];
/// The common femoral artery divides so far below the head's centre.
const FORK_BELOW_HEAD_MM: f64 = 42.0;
/// The external iliac artery becomes femoral so far above the head's centre, beneath the inguinal ligament.
const LIGAMENT_ABOVE_HEAD_MM: f64 = 14.0;

/// Along the thigh of a compartment of 75 mm radius: share of the way from the lesser trochanter to the knee, inwards and forwards of
/// the shaft.
const ALONG_THIGH: [[f64; 3]; 7] = [
    // In the femoral triangle it lies inwards of rectus femoris, in front of pectineus and adductor longus.
    [0.03, 50.0, 50.0],
    [0.15, 50.0, 40.0],
    [0.3, 46.0, 18.0],
    [0.52, 42.0, -2.0],
    [0.7, 33.0, -16.0],
    [0.85, 18.0, -31.0],
    [1.0, 7.0, -35.0],
];
/// Radius of the average thigh's compartment over those 75 mm.
const THIGH_SCALE: f64 = 0.8;
/// From artery to vein in a right leg: inwards, back and up, in the pelvis and at the groin; from a fifth of the way down, where it has come to
/// lie behind, to the knee.
const TO_VEIN: [[f64; 4]; 4] =
    [[-0.2, 6.0, 9.0, -2.0], [0.05, 9.5, 3.0, 0.0], [0.2, 1.0, 8.0, 0.0], [1.0, -4.0, 7.5, 0.0]];

/// Middle and outer radius, as of a right hip.
type Course = Vec<(Point<RightSide>, f64)>;

/// What gives the courses of one side.
pub(super) struct Ways<'a> {
    pub(super) anatomy: &'a Anatomy,
    pub(super) spine: &'a Spine,
    pub(super) muscles: &'a Muscles,
    pub(super) side: Side,
}

impl Ways<'_> {
    /// Vessels of the side; empty where landmarks are missing.
    pub(super) fn tubes(&self, obstacles: &Obstacles<'_>, blood: &Blood, wide: f64) -> Vec<Tube> {
        let Some((artery, thigh_from)) = self.artery() else { return Vec::new() };
        let head = self.head().z;
        // Places, as of a right hip, where each part begins, by height.
        let begin = |part: usize, z: f64| match part {
            0 => true,
            1 => z < artery[1].z,
            2 => z < head + LIGAMENT_ABOVE_HEAD_MM,
            _ => z < head - FORK_BELOW_HEAD_MM,
        };
        let part_of = |z: f64| (0..4).rev().find(|&part| begin(part, z)).unwrap_or(0);
        let great = spline(&artery);
        let radius = |parts: &[(&str, f64); 4], end: f64, n: usize, count: usize, z: f64| {
            let part = part_of(z);
            let next = parts.get(part + 1).map_or(end, |next| next.1);
            // The last part tapers along its length; others keep the calibre they begin with.
            let taper = if part == 3 { n as f64 / count.max(1) as f64 } else { 0.0 };
            wide * (parts[part].1 + (next - parts[part].1) * taper)
        };
        let with_radius = |course: Vec<Point3<f64>>, parts: &[(&'static str, f64); 4], end: f64| {
            let count = course.len();
            course
                .iter()
                .enumerate()
                .map(|(n, place)| (Point::from_coords(*place), radius(parts, end, n, count, place.z)))
                .collect::<Course>()
        };
        let mut arteries = with_radius(great.clone(), &ARTERY, ARTERY_END_MM);
        let down = thigh_from.1;
        let veins: Vec<Point3<f64>> = great
            .iter()
            .map(|place| {
                let level = (place - thigh_from.0).dot(&down) / down.norm_squared();
                place + beside(level)
            })
            .collect();
        let mut veins = with_radius(veins, &VEIN, VEIN_END_MM);
        obstacles.clear(self.side, &mut arteries, &[]);
        obstacles.clear(self.side, &mut veins, &arteries);
        let mut tubes = Vec::with_capacity(10);
        for (course, parts, is_artery) in [(&arteries, &ARTERY, true), (&veins, &VEIN, false)] {
            for (part, (name, _)) in parts.iter().enumerate() {
                // Neighbouring parts share the point where they meet.
                let own: Course = course
                    .iter()
                    .enumerate()
                    .filter(|(n, (place, _))| {
                        let before = n.checked_sub(1).and_then(|n| course.get(n));
                        part_of(place.z()) == part
                            || before.is_some_and(|(place, _)| part_of(place.z()) == part)
                    })
                    .map(|(_, at)| *at)
                    .collect();
                tubes.extend(self.tube(name, own, blood.of(is_artery, part)));
            }
        }
        if let Some(knots) = self.obturator() {
            let course = spline(&knots);
            let mut artery: Course =
                course.iter().map(|p| (Point::from_coords(*p), wide * OBTURATOR[0].1)).collect();
            let behind = Vector::new(1.0, 1.0, -4.5);
            let mut vein: Course = artery.iter().map(|(p, _)| (*p + behind, wide * OBTURATOR[1].1)).collect();
            obstacles.clear(self.side, &mut artery, &veins);
            obstacles.clear(self.side, &mut vein, &artery);
            tubes.extend(self.tube(OBTURATOR[0].0, artery, blood.of(true, 1)));
            tubes.extend(self.tube(OBTURATOR[1].0, vein, blood.of(false, 1)));
        }
        tubes
    }

    fn tube(&self, name: &'static str, course: Course, blood_hu: f64) -> Option<Tube> {
        let course: Vec<_> =
            course.into_iter().map(|(place, radius)| (self.side.leave(place), radius)).collect();
        let label = structure_id(&format!("{name}_{}", self.side))?;
        (course.len() > 1).then_some(Tube { name, side: self.side, label, blood_hu, course })
    }

    /// Bare coordinates of a place seen as of a right hip, in which courses are laid.
    fn right(&self, point: Point<Patient>) -> Point3<f64> {
        self.side.enter(point).coords()
    }

    /// Where the head would lie: vessels stay when a hip leaves its place.
    fn head(&self) -> Point3<f64> {
        let truth = self.anatomy.side(self.side);
        self.right(truth.head_centre_mm) - truth.disease.socket_shift()
    }

    /// Knots of the great artery as of a right hip; lesser trochanter and the way from there to the knee.
    #[allow(clippy::type_complexity)] // Two things that are computed of the same landmarks.
    fn artery(&self) -> Option<(Vec<Point3<f64>>, (Point3<f64>, Vector3<f64>))> {
        let truth = self.anatomy.side(self.side);
        let head = self.head();
        let fork = self.right(Point::from_coords(self.spine.front_of_l4()?));
        let sacrum = self.anatomy.bones.iter().find(|posed| posed.bone == Bone::Sacrum)?;
        // The promontory is what of the sacrum's upper part lies farthest forwards in the midplane.
        let top = sacrum.mesh.bounds()?.1.z();
        let promontory = sacrum
            .mesh
            .vertices
            .iter()
            .map(|&v| self.right(v))
            .filter(|v| (v.x - fork.x).abs() < 12.0 && v.z > top - 60.0)
            .min_by(|a, b| a.y.total_cmp(&b.y))?;
        let psoas = *self.muscles.surfaces_of("psoas_major", self.side).first()?;
        let mut knots =
            vec![fork + Vector3::new(-4.0, -9.0, 0.0), promontory + Vector3::new(-27.0, -9.0, 9.0)];
        let groin = head.z + LIGAMENT_ABOVE_HEAD_MM;
        let below = promontory.z - 14.0;
        for share in [0.0, 0.35, 0.7, 1.0] {
            let level = below + (groin - below) * share;
            knots.push(self.beside_psoas(psoas, level)?);
        }
        // In front of the inner third of the head.
        let before_head = self.beside_psoas(psoas, head.z - 6.0);
        knots.extend(before_head.filter(|place| (place - head).norm() < 90.0));
        let thigh = ThighFrame::of(self.anatomy, self.side)?;
        knots.extend(ALONG_THIGH.iter().map(|[level, medial, anterior]| {
            thigh.place(*level, medial * THIGH_SCALE, anterior * THIGH_SCALE)
        }));
        // Courses run downwards: knots that would turn back are left out.
        let mut lowest = f64::INFINITY;
        knots.retain(|knot| {
            let is_lower = knot.z < lowest - 4.0;
            if is_lower {
                lowest = knot.z;
            }
            is_lower
        });
        let trochanter = self.right(*truth.landmarks_mm.get(&LandmarkKind::LesserTrochanter)?);
        Some((knots, (trochanter, thigh.down())))
    }

    /// In front and inwards of psoas at a level.
    fn beside_psoas(&self, psoas: &Mesh<Patient>, level: f64) -> Option<Point3<f64>> {
        let out = Vector3::new(0.75, -0.66, 0.0);
        let edge = psoas
            .vertices
            .iter()
            .map(|&v| self.right(v))
            .filter(|v| (v.z - level).abs() < SLAB_MM)
            .max_by(|a, b| a.coords.dot(&out).total_cmp(&b.coords.dot(&out)))?;
        let place = edge + out * BESIDE_PSOAS_MM;
        Some(Point3::new(place.x, place.y, level))
    }

    /// Knots of the obturator artery: along the side wall of the pelvis to the upper outer edge of the obturator foramen.
    fn obturator(&self) -> Option<Vec<Point3<f64>>> {
        let truth = self.anatomy.side(self.side);
        let socket = self.right(truth.socket_centre_mm) - truth.disease.socket_shift();
        let tubercle = self.right(*truth.landmarks_mm.get(&LandmarkKind::PubicTubercle)?);
        // The canal lies between socket and tubercle, below the superior ramus.
        let canal = socket + (tubercle - socket) * 0.52 + Vector3::new(0.0, 9.0, -14.0);
        Some(vec![
            socket + Vector3::new(38.0, 34.0, 40.0),
            socket + Vector3::new(37.0, 18.0, 18.0),
            socket + Vector3::new(36.0, 2.0, -2.0),
            canal,
            canal + Vector3::new(-2.0, -8.0, -14.0),
        ])
    }
}

/// From artery to vein at a share of the way from the lesser trochanter to the knee, in a right leg.
fn beside(level: f64) -> Vector3<f64> {
    Vector3::from(interpolate::<4, 3>(&TO_VEIN, level))
}

/// Points of a Catmull-Rom spline through knots, about [`STEP_MM`] apart.
fn spline(knots: &[Point3<f64>]) -> Vec<Point3<f64>> {
    let mut points = Vec::new();
    for n in 0..knots.len().saturating_sub(1) {
        let at = |m: usize| knots[m.min(knots.len() - 1)].coords;
        let (p0, p1, p2, p3) = (at(n.saturating_sub(1)), at(n), at(n + 1), at(n + 2));
        let steps = ((p2 - p1).norm() / STEP_MM).ceil().max(1.0) as usize;
        for step in 0..steps {
            let t = step as f64 / steps as f64;
            let (m1, m2) = ((p2 - p0) / 2.0, (p3 - p1) / 2.0);
            let (t2, t3) = (t * t, t * t * t);
            points.push(Point3::from(
                p1 * (2.0 * t3 - 3.0 * t2 + 1.0)
                    + m1 * (t3 - 2.0 * t2 + t)
                    + p2 * (3.0 * t2 - 2.0 * t3)
                    + m2 * (t3 - t2),
            ));
        }
    }
    points.extend(knots.last());
    points
}

/// What vessels are kept out of, in the patient.
pub(super) struct Obstacles<'a> {
    pub(super) bones: &'a [MeshQuery<Patient>],
    pub(super) muscles: &'a [MeshQuery<Patient>],
}

impl Obstacles<'_> {
    /// Pushes a course, as of a right hip, out of bones, muscles and another vessel, and smooths it; what is nearest to bone is
    /// pushed last.
    fn clear(&self, side: Side, course: &mut [(Point<RightSide>, f64)], other: &[(Point<RightSide>, f64)]) {
        for round in 0..ROUNDS {
            for (place, radius) in course.iter_mut() {
                let mut point = side.leave(*place);
                for muscle in self.muscles {
                    point = pushed(muscle, point, *radius + CLEAR_OF_MUSCLE_MM, 0.5);
                }
                for bone in self.bones {
                    point = pushed(bone, point, *radius + CLEAR_OF_BONE_MM, 1.0);
                }
                *place = side.enter(point);
            }
            for (place, radius) in course.iter_mut() {
                let nearest = other
                    .iter()
                    .map(|(centre, own)| ((*place - *centre).coords(), own + *radius + CLEAR_OF_VESSEL_MM))
                    .min_by(|a, b| (a.0.norm() - a.1).total_cmp(&(b.0.norm() - b.1)));
                if let Some((from, room)) = nearest
                    && from.norm() < room
                    && let Some(out) = from.try_normalize(1e-6)
                {
                    *place = *place + Vector::from_coords(out * (room - from.norm()));
                }
            }
            if round + 1 < ROUNDS {
                let before: Vec<Point<RightSide>> = course.iter().map(|(place, _)| *place).collect();
                for (n, (place, _)) in course.iter_mut().enumerate() {
                    if let (Some(a), Some(b)) =
                        (n.checked_sub(1).and_then(|n| before.get(n)), before.get(n + 1))
                    {
                        let middle = a.midpoint(*b);
                        *place = *place + (middle - *place) * 0.4;
                    }
                }
            }
        }
    }
}

/// A point moved by a share of what it lacks of a distance to a solid.
fn pushed(solid: &MeshQuery<Patient>, point: Point<Patient>, room_mm: f64, share: f64) -> Point<Patient> {
    // From deep inside there is no telling which way is out.
    let Some((nearest, _, distance)) = solid.closest_within(point, 25.0) else { return point };
    let is_inside = solid.contains(point);
    if (!is_inside && distance >= room_mm) || distance < 1e-6 {
        return point;
    }
    let (way, lack) = if is_inside {
        ((nearest - point) * (1.0 / distance), room_mm + distance)
    } else {
        ((point - nearest) * (1.0 / distance), room_mm - distance)
    };
    point + way * (lack * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_spline_goes_through_its_knots_in_small_steps() {
        let knots = [[0.0, 0.0, 0.0], [10.0, 5.0, -40.0], [30.0, -5.0, -90.0], [28.0, 0.0, -140.0]];
        let knots = knots.map(|k| Point3::from(Vector3::from(k)));
        let points = spline(&knots);
        for knot in &knots {
            assert!(points.iter().any(|p| (p - knot).norm() < 1e-9));
        }
        assert!(points.windows(2).all(|pair| (pair[1] - pair[0]).norm() < 2.0 * STEP_MM));
        assert!(spline(&[]).is_empty());
    }

    #[test]
    fn a_course_through_a_bone_goes_around_it() {
        let bone = MeshQuery::new(&Mesh::cuboid([-10.0, -10.0, -10.0], [10.0, 10.0, 10.0])).unwrap();
        let obstacles = Obstacles { bones: std::slice::from_ref(&bone), muscles: &[] };
        for side in Side::BOTH {
            let mut course: Vec<_> =
                (-20..=20).map(|n| (Point::new(8.0, 1.0, 2.0 * f64::from(n)), 3.0)).collect();
            obstacles.clear(side, &mut course, &[]);
            for (place, radius) in &course {
                let place = side.leave(*place);
                assert!(!bone.contains(place) && bone.closest(place).2 > radius + CLEAR_OF_BONE_MM - 0.1);
            }
            assert!(course.windows(2).all(|pair| (pair[1].0 - pair[0].0).norm() < 8.0));
        }
    }
}
