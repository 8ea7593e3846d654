//! A planned leg that is moved to be looked at: where the lines of action of its muscles run on the patient, and the angles of the hip over
//! an activity that loads are computed for.

use super::body::BodyMass;
use super::error::LoadError;
use super::landmarks::{CentreSteps, PatientLandmarks, direction_from_world, from_world, to_world};
use super::leg::PatientLeg;
use super::names::title;
use super::options::LoadOptions;
use super::patient::Patient;
use super::task::Task;
use crate::planned::Planned;
use crate::simulate::JointFrames;
use coxa_activity::Activity;
use coxa_anatomy::HipAnatomy;
use coxa_geometry::frame::Patient as PatientFrame;
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Point, Side, Transform, Vector};
use coxa_muscle::activity::drive::Drive;
use coxa_muscle::activity::{Names, Person};
use coxa_muscle::hip_loads::FEMUR;
use coxa_muscle::{Posture, Workspace};
use nalgebra::{Isometry3, Matrix3, Point3, Rotation3, Vector3};

/// Place of the knee's angle among the coordinates that an activity moves.
const KNEE: usize = 9;
const MM: f64 = 1e-3;

/// A planned leg with its muscles.
#[derive(Debug, Clone)]
pub struct MovingLeg {
    leg: PatientLeg,
    person: Person,
    frames: JointFrames,
    side: Side,
    /// From the patient, seen as of a right hip and turned upright, to the axes of the model's pelvis and femur.
    pelvis: Isometry3<f64>,
    femur: Isometry3<f64>,
    /// Places of the pelvis and the femur among the bodies, and of the knee among the coordinates.
    pelvis_body: usize,
    femur_body: usize,
    knee: usize,
    /// Places of the muscles that cross the hip.
    crossing: Vec<usize>,
}

/// A leg in one frame of a motion.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LegFrame {
    /// Of the femur against the pelvis as it lay supine, as results of motion have them.
    pub hip: HipAngles,
    /// Coordinate of the knee in the model, rad; zero is a straight leg.
    pub knee_rad: f64,
}

impl MovingLeg {
    /// The leg of a plan.
    ///
    /// # Errors
    /// A scan that bears no muscles.
    pub fn new(planned: &Planned, anatomy: &HipAnatomy, options: &LoadOptions) -> Result<Self, LoadError> {
        let side = planned.plan.side;
        let known = PatientLandmarks::new(anatomy, side).ok_or(LoadError::NoHead)?;
        let steps = CentreSteps::new(planned, anatomy).ok_or(LoadError::NoHead)?;
        let mass = BodyMass::new(options, anatomy);
        let patient = Patient::new(&known, &steps, mass, anatomy, side).map_err(LoadError::Muscles)?;
        let patient = patient.with_strengths(&options.strength);
        let leg = PatientLeg::new(&patient.after).map_err(|error| LoadError::Muscles(error.into()))?;
        let names = Names::default();
        let missing = |error: coxa_muscle::hip_loads::HipLoadsError| LoadError::Muscles(error.into());
        let body = |name: &str| {
            let none = coxa_muscle::hip_loads::HipLoadsError::Body(name.to_owned());
            leg.skeleton.body(name).ok_or_else(|| missing(none))
        };
        let (pelvis_body, femur_body) = (body(&names.pelvis)?, body(FEMUR)?);
        let knee = leg.skeleton.coordinate(&names.coordinates[KNEE]);
        let knee = knee.ok_or(LoadError::Muscles(super::LegError::NoCoordinate("knee_angle").into()))?;
        let crosses = leg.crosses_hip();
        Ok(MovingLeg {
            person: patient.person,
            frames: JointFrames::new(side, planned.pose.hip_centre, anatomy),
            side,
            pelvis: patient.scaled.pelvis,
            femur: patient.scaled.femur,
            pelvis_body,
            femur_body,
            knee,
            crossing: (0..crosses.len()).filter(|&n| crosses[n]).collect(),
            leg,
        })
    }

    /// What an anatomist calls the muscles that cross the hip, in the order of [`MovingLeg::lines`].
    pub fn muscles(&self) -> Vec<String> {
        self.crossing.iter().map(|&n| title(&self.leg.model.muscles[n].name)).collect()
    }

    /// An activity that ships, by its name in results, at the times of its results; `None` where there is none of that name or the leg cannot
    /// do it.
    pub fn course(&self, activity: &str) -> Option<Vec<LegFrame>> {
        let motion = Activity::named_with_loads(activity).ok()?.activity.leg()?;
        let drive = Drive::new(motion, &self.leg.skeleton, &Names::default(), &self.person).ok()?;
        let mut posture = Posture::default();
        let frame = |fraction: f64| {
            let q = drive.at(100.0 * fraction).q;
            self.leg.skeleton.place(&q, &mut posture);
            let turn = posture.turn(self.femur_body, self.pelvis_body);
            LegFrame { hip: self.frames.angles(&self.motion(&turn)), knee_rad: q[self.knee] }
        };
        Some(Task::fractions().into_iter().map(frame).collect())
    }

    /// Where the muscles that cross the hip run on the patient, with the leg so: points and touches of surfaces, joined by straight lines.
    pub fn lines(&self, frame: &LegFrame) -> Vec<Vec<Point<PatientFrame>>> {
        let q = self.coordinates(frame);
        let (mut posture, mut workspace) = (Posture::default(), Workspace::default());
        self.leg.skeleton.place(&q, &mut posture);
        let back = self.pelvis.inverse();
        let place = |at: Point3<f64>| from_world(self.side, back * (at / MM));
        let line = |&muscle: &usize| {
            let course = self.leg.paths().course(muscle, &q, &posture, self.pelvis_body, &mut workspace);
            course.into_iter().map(place).collect()
        };
        self.crossing.iter().map(line).collect()
    }

    /// Coordinates of the model that bring the leg there.
    fn coordinates(&self, frame: &LegFrame) -> Vec<f64> {
        let position = self.frames.position(frame.hip);
        let mut q = self.leg.skeleton.defaults().to_vec();
        let column = |axis: Vector3<f64>| {
            let as_planned = self.side.leave(direction_from_world(self.femur.rotation.inverse() * axis));
            self.pelvis.rotation * to_world(self.side.enter(position.apply(as_planned)))
        };
        let turn = Rotation3::from_matrix_unchecked(Matrix3::from_columns(
            &[Vector3::x(), Vector3::y(), Vector3::z()].map(column),
        ));
        // The model's hip turns as ours does, between its own axes.
        let HipAngles { flexion, adduction, internal_rotation } = HipAngles::from_rotation(&turn);
        for (place, angle) in self.leg.hip().into_iter().zip([flexion, adduction, internal_rotation]) {
            q[place] = angle.radians();
        }
        q[self.knee] = frame.knee_rad;
        self.leg.skeleton.couple(&mut q);
        q
    }

    /// How a turn of the model's femur in its pelvis moves the patient's, as a rotation about the scanner's origin.
    fn motion(&self, turn: &Rotation3<f64>) -> Transform<PatientFrame, PatientFrame> {
        let moved = |v: Vector<PatientFrame>| {
            let in_femur = self.femur.rotation * to_world(self.side.enter(v));
            let in_pelvis = self.pelvis.rotation.inverse() * (turn * in_femur);
            self.side.leave(direction_from_world(in_pelvis))
        };
        let (x, y) = (moved(Vector::new(1.0, 0.0, 0.0)), moved(Vector::new(0.0, 1.0, 0.0)));
        Transform::from_axes(Point::origin(), x, y).unwrap_or_else(Transform::identity)
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::case;
    use super::*;
    use crate::placement::PlanOptions;
    use coxa_geometry::side::Mirror;

    #[test]
    fn femoral_ends_of_muscles_go_with_the_femur_and_pelvic_ones_stay() {
        let right = case();
        let mut left = case().mirrored();
        left.anatomy.right.head = right.anatomy.left.head.clone().mirror();
        for case in [right, left] {
            let planned = case.plan(PlanOptions::default());
            let leg = MovingLeg::new(&planned, &case.anatomy, &LoadOptions::default()).unwrap();
            let lines = |hip| leg.lines(&LegFrame { hip, knee_rad: 0.0 });
            // As planned: places on the femur are those of the scan, brought to the new joint.
            let identity = leg.frames.angles(&Transform::identity());
            let still = lines(identity);
            let bent = HipAngles::from_degrees(35.0, -12.0, 20.0);
            let position = leg.frames.position(bent);
            assert_eq!(leg.muscles().len(), still.len());
            let mut seen = 0;
            for (muscle, (a, b)) in leg.crossing.iter().zip(still.iter().zip(lines(bent))) {
                let model = &leg.leg.model.muscles[*muscle];
                let (first, last) = (&model.path.points[0], &model.path.points[model.path.points.len() - 1]);
                if first.body == "pelvis" {
                    assert!(a[0].distance(b[0]) < 1e-6, "{}", model.name);
                }
                if last.body != FEMUR {
                    continue;
                }
                seen += 1;
                let (end, moved) = (a[a.len() - 1], b[b.len() - 1]);
                assert!(position.apply(end).distance(moved) < 1e-6, "{}", model.name);
                let coxa_muscle::model::PathPlace::Fixed(at) = &last.place else { continue };
                let scanned = from_world(leg.side, leg.femur.inverse() * (at / MM));
                let off = planned.pose.reduced().apply(scanned).distance(end);
                assert!(off < 1e-6, "{}: {off}", model.name);
            }
            assert!(seen > 10, "{seen}");
        }
    }

    #[test]
    fn over_an_activity_the_force_in_the_pelvis_is_that_in_the_femur_turned_with_it() {
        let case = case();
        let planned = case.plan(PlanOptions::default());
        let options = LoadOptions { samples: 0, activities: vec!["walking".into()], ..Default::default() };
        let found = super::super::simulate(&planned, &case.anatomy, &options, None).unwrap();
        let leg = MovingLeg::new(&planned, &case.anatomy, &options).unwrap();
        let course = leg.course(&found.activities[0].name).unwrap();
        let joint = &found.activities[0].joint.after;
        assert_eq!(course.len(), joint.on_head_in_cup_n.len());
        assert!(leg.course("moonwalk").is_none());
        let known = PatientLandmarks::new(&case.anatomy, Side::Right).unwrap();
        let steps = CentreSteps::new(&planned, &case.anatomy).unwrap();
        let mass = BodyMass::new(&options, &case.anatomy);
        let patient = Patient::new(&known, &steps, mass, &case.anatomy, Side::Right).unwrap();
        for (n, frame) in course.iter().enumerate() {
            let [x, y, z] = joint.on_head_in_cup_n[n];
            let axis = |y, z| planned.pose.cup_frame.apply(Vector::new(0.0, y, z));
            let (up, out) = (axis(1.0, 0.0), axis(0.0, 1.0));
            let in_pelvis = up.cross(out) * x + up * y + out * z;
            let own = patient.femur_to_isb.inverse() * Vector3::from(joint.on_head_in_femur_n[n]);
            let in_femur = direction_from_world(patient.scaled.femur.rotation.inverse() * own);
            let turned = leg.frames.position(frame.hip).apply(leg.side.leave(in_femur));
            let off = (turned - in_pelvis).norm() / in_pelvis.norm();
            assert!(off < 1e-6, "{n}: {off}");
        }
    }
}
