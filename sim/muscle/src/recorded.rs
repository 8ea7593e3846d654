//! A motion that was recorded with what pushed on the foot, of either leg of a person, for a model of a right leg.
//!
//! Coordinates and bodies go by OpenSim's names, `_r` and `_l` at their ends. A left leg is mirrored here: its coordinates are taken as those
//! of a right one (flexion, adduction and internal rotation have the same sign on both sides in these models), the pelvis leans, turns
//! and shifts the other way, and forces along z and moments about x and y change their sign. Of the other leg and the trunk
//! nothing is needed: what they do to the hip reaches it through the push of the ground.
//!
//! Coordinates are filtered as is usual for walking (a Butterworth filter at 6 Hz, forwards and backwards), for accelerations come of them;
//! forces are as recorded, neither filtered nor scaled.

use super::activity::Names;
use super::files::{Course, CourseError, Motion, MotionError, Storage};
use super::kinematics::{Skeleton, SkeletonError};
use super::model::{GROUND, Model, Motion as Kind};
use super::osim::{AppliedLoads, ExternalForce, ExternalLoads, LoadsError};
use coxa_geometry::{Finding, Side, finding};

/// Faster than this nothing is a motion of legs that walk, Hz.
const CUT_OFF_HZ: f64 = 6.0;
/// A coordinate may leave its range by so much before it is said, rad.
const OFF_RANGE: f64 = 0.26;
/// Coordinates of a mirrored motion that change their sign.
const MIRRORED: [&str; 3] = ["pelvis_list", "pelvis_rotation", "pelvis_tz"];

/// Why a recorded motion does not move the leg.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum RecordedError {
    /// The leg itself.
    #[error(transparent)]
    Skeleton(#[from] SkeletonError),
    /// The table of the motion.
    #[error("the motion cannot be used: {0}")]
    Motion(#[from] MotionError),
    /// Angles that cannot be in the unit that the file names.
    #[error("{0}")]
    Unit(String),
    /// It is no curve.
    #[error("the motion cannot be used: {0}")]
    Course(#[from] CourseError),
    /// The loads.
    #[error("the external loads cannot be used: {0}")]
    Loads(#[from] LoadsError),
    /// Coordinates without which there is no motion of this leg.
    #[error("the motion has no {}, which the {side} leg needs", .names.join(", "))]
    Missing {
        /// The side.
        side: Side,
        /// As the file would have them.
        names: Vec<String>,
    },
    /// Nothing pushes on this leg.
    #[error("no external load acts on the {side} leg; they act on {}", .bodies.join(", "))]
    NoLoad {
        /// The side.
        side: Side,
        /// What they are on.
        bodies: Vec<String>,
    },
    /// Motion and loads at different times.
    #[error(
        "motion ({:.2} to {:.2} s) and loads ({:.2} to {:.2} s) do not overlap in time",
        motion[0], motion[1], loads[0], loads[1]
    )]
    Times {
        /// First and last time of the motion, s.
        motion: [f64; 2],
        /// The same of the loads.
        loads: [f64; 2],
    },
}

/// A recorded motion, ready for a leg.
#[derive(Debug, Clone)]
pub struct Recorded {
    /// Names of the coordinates, in the order of the course.
    pub(super) coordinates: Vec<String>,
    pub(super) course: Course,
    pub(super) loads: ExternalLoads,
    pub(super) table: Storage,
    span: [f64; 2],
    findings: Vec<Finding>,
}

impl Recorded {
    /// Of the leg of one side, for a model of a right leg.
    ///
    /// # Errors
    /// Any [`RecordedError`].
    pub fn new(
        side: Side,
        motion: &Storage,
        loads: &ExternalLoads,
        forces: &Storage,
        model: &Model,
    ) -> Result<Recorded, RecordedError> {
        let skeleton = Skeleton::new(model)?;
        let (table, unknown) = own_columns(side, motion, &skeleton);
        let needed = Names::default().coordinates;
        let missing: Vec<String> =
            needed.iter().filter(|name| table.column(name).is_none()).map(|name| on(side, name)).collect();
        if !missing.is_empty() {
            return Err(RecordedError::Missing { side, names: missing });
        }
        let motion = Motion::new(&table, model, &skeleton)?;
        let mut findings = motion.findings.clone();
        findings.extend(off_range(model, &skeleton, &motion));
        let (own, others) = own_forces(side, loads, &skeleton);
        if own.forces.is_empty() {
            return Err(RecordedError::NoLoad { side, bodies: others });
        }
        let table = if side == Side::Left { mirrored(forces, &own) } else { forces.clone() };
        let of_loads = AppliedLoads::new(&own, &table, &skeleton)?.span();
        let end = |time: Option<&f64>| time.copied().unwrap_or_default();
        let of_motion = [end(motion.times.first()), end(motion.times.last())];
        let span = [of_motion[0].max(of_loads[0]), of_motion[1].min(of_loads[1])];
        if span[0] >= span[1] {
            return Err(RecordedError::Times { motion: of_motion, loads: of_loads });
        }
        findings.extend(left_aside(&motion.missing, &unknown, &others));
        let course = Course::new(&motion.low_pass(CUT_OFF_HZ)?)?;
        let coordinates = skeleton.coordinates().to_vec();
        Ok(Recorded { coordinates, course, loads: own, table, span, findings })
    }

    /// First and last time that both motion and loads have, s.
    pub fn span(&self) -> [f64; 2] {
        self.span
    }

    /// The greatest push upwards of all its loads together, N.
    pub fn most_push_n(&self) -> f64 {
        let places: Vec<usize> = self
            .loads
            .forces
            .iter()
            // Along another body's axes y need not be up.
            .filter(|f| f.force_in == GROUND)
            .filter_map(|f| self.table.column(&format!("{}y", f.columns[0].as_ref()?)))
            .collect();
        let rows = self.table.times.iter().zip(&self.table.rows);
        let in_span = rows.filter(|(time, _)| (self.span[0]..=self.span[1]).contains(*time));
        in_span.map(|(_, row)| places.iter().map(|&n| row[n]).sum::<f64>()).fold(0.0, f64::max)
    }

    /// What is doubtful about it, and what of it is left aside.
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }
}

/// A name of the right leg as the files have it for one side.
fn on(side: Side, name: &str) -> String {
    match name.strip_suffix("_r") {
        Some(stem) if side == Side::Left => format!("{stem}_l"),
        _ => name.to_owned(),
    }
}

/// A name of the files as that of the right leg; `None` for one of the other leg.
fn as_right(side: Side, name: &str) -> Option<String> {
    let (own, other) = if side == Side::Left { ("_l", "_r") } else { ("_r", "_l") };
    if let Some(stem) = name.strip_suffix(own) {
        return Some(format!("{stem}_r"));
    }
    (!name.ends_with(other)).then(|| name.to_owned())
}

/// The columns of a motion that the leg has, by its own names, and names of those that it does not have, the other leg left out.
fn own_columns(side: Side, motion: &Storage, skeleton: &Skeleton) -> (Storage, Vec<String>) {
    let (mut kept, mut unknown) = (Vec::new(), Vec::new());
    for (place, column) in motion.columns.iter().enumerate() {
        let path = column.strip_suffix("/value").unwrap_or(column);
        // Paths of states that are no values end in something else.
        let is_state = path == column.as_str() && column.contains('/');
        let own = as_right(side, path.rsplit('/').next().unwrap_or_default());
        let Some(name) = own.filter(|_| !is_state) else { continue };
        if skeleton.coordinate(&name).is_some() {
            let sign = if side == Side::Left && MIRRORED.contains(&name.as_str()) { -1.0 } else { 1.0 };
            kept.push((place, name, sign));
        } else {
            unknown.push(name);
        }
    }
    let row = |row: &Vec<f64>| kept.iter().map(|(place, _, sign)| sign * row[*place]).collect();
    let table = Storage {
        name: motion.name.clone(),
        in_degrees: motion.in_degrees,
        columns: kept.iter().map(|(_, name, _)| name.clone()).collect(),
        times: motion.times.clone(),
        rows: motion.rows.iter().map(row).collect(),
    };
    (table, unknown)
}

/// The loads on the leg, by its own names of bodies, and the bodies of the others.
fn own_forces(side: Side, loads: &ExternalLoads, skeleton: &Skeleton) -> (ExternalLoads, Vec<String>) {
    let (mut forces, mut others) = (Vec::new(), Vec::new());
    let known =
        |name: &str| as_right(side, name).filter(|name| name == GROUND || skeleton.body(name).is_some());
    for force in &loads.forces {
        match (known(&force.body), known(&force.force_in), known(&force.point_in)) {
            (Some(body), Some(force_in), Some(point_in)) => {
                forces.push(ExternalForce { body, force_in, point_in, ..force.clone() });
            }
            _ => others.push(force.body.clone()),
        }
    }
    (ExternalLoads { forces, ..loads.clone() }, others)
}

/// The table of loads of a left leg as that of its mirror image.
fn mirrored(table: &Storage, loads: &ExternalLoads) -> Storage {
    let mut turned: Vec<usize> = Vec::new();
    for force in &loads.forces {
        let [push, point, torque] = &force.columns;
        let ends = [(push, "z"), (point, "z"), (torque, "x"), (torque, "y")];
        let names = ends.into_iter().filter_map(|(prefix, axis)| Some(format!("{}{axis}", prefix.as_ref()?)));
        turned.extend(names.filter_map(|name| table.column(&name)));
    }
    turned.sort_unstable();
    turned.dedup();
    let mut mirrored = table.clone();
    for row in &mut mirrored.rows {
        for &place in &turned {
            row[place] = -row[place];
        }
    }
    mirrored
}

/// Coordinates that go far beyond what the model has for them: those of a model with other signs, say.
fn off_range(model: &Model, skeleton: &Skeleton, motion: &Motion) -> Vec<Finding> {
    let coordinates = model.joints.iter().flat_map(|joint| &joint.coordinates);
    let angles = coordinates.filter(|coordinate| coordinate.motion == Kind::Rotation);
    let off = |coordinate: &super::model::Coordinate| {
        let place = skeleton.coordinate(&coordinate.name)?;
        let values = motion.rows.iter().map(|row| row[place]);
        let [low, high] = values.fold([f64::INFINITY, f64::NEG_INFINITY], |[a, b], x| [a.min(x), b.max(x)]);
        let [least, most] = coordinate.range;
        let beyond = finding::BeyondRange {
            coordinate: coordinate.name.clone(),
            low_deg: low.to_degrees(),
            high_deg: high.to_degrees(),
            least_deg: least.to_degrees(),
            most_deg: most.to_degrees(),
        };
        let is_off = low < least - OFF_RANGE || high > most + OFF_RANGE;
        is_off.then(|| beyond.finding())
    };
    angles.filter_map(off).collect()
}

/// What the files have and the leg does not, and the other way round.
fn left_aside(missing: &[String], unknown: &[String], others: &[String]) -> Option<Finding> {
    let mut said = Vec::new();
    for (what, names) in [
        ("not in the motion, held at their default:", missing),
        ("in the motion but not in this leg model:", unknown),
        ("loads on other bodies, ignored:", others),
    ] {
        if !names.is_empty() {
            said.push(format!("{what} {}", names.join(", ")));
        }
    }
    (!said.is_empty()).then(|| finding::MotionLeftAside { what: said.join("; ") }.finding())
}

#[cfg(test)]
mod tests;
