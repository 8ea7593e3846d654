//! What a table says of the coordinates of a model.

use super::storage::Storage;
use crate::Skeleton;
use crate::model::{Model, Motion as Kind};
use coxa_geometry::{Finding, finding};
use std::f64::consts::TAU;

/// Ends of a column's path that say of a coordinate something else than its value.
const NO_VALUE: [&str; 4] = ["/speed", "/activation", "/fiber_length", "/accel"];

/// Values of all coordinates of a model over time.
#[derive(Debug, Clone, PartialEq)]
pub struct Motion {
    /// Time of each row in seconds, rising.
    pub times: Vec<f64>,
    /// Rows, each with the coordinates in the order of the skeleton, in radians and metres; followers are where their couplers put them.
    pub rows: Vec<Vec<f64>>,
    /// Coordinates of which the table says nothing and that follow no other: they have their default.
    pub missing: Vec<String>,
    /// What is doubtful about it.
    pub findings: Vec<Finding>,
}

/// Why a table is no motion of a model.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MotionError {
    /// Columns that name no coordinate.
    #[error("the model has no coordinate {}: is this the motion of another model?", quoted(.0))]
    Unknown(Vec<String>),
    /// None of the columns.
    #[error("it has no rows")]
    Empty,
}

fn quoted(names: &[String]) -> String {
    let shown: Vec<String> = names.iter().take(5).map(|name| format!("`{name}`")).collect();
    let more = names.len().saturating_sub(shown.len());
    if more > 0 { format!("{} and {more} more", shown.join(", ")) } else { shown.join(", ") }
}

impl Motion {
    /// Reads a table as a motion of a model. A column is called after its coordinate, or is the path of its value as in `.sto` of states;
    /// columns of speeds, activations and fibre lengths are passed over. Where angles are in degrees those of rotations are; coordinates
    /// that move several axes at once are not, as in OpenSim.
    ///
    /// # Errors
    /// Where it has no rows, or a column names no coordinate.
    pub fn new(table: &Storage, model: &Model, skeleton: &Skeleton) -> Result<Motion, MotionError> {
        if table.rows.is_empty() {
            return Err(MotionError::Empty);
        }
        let (mut places, mut unknown) = (Vec::new(), Vec::new());
        for (column, name) in table.columns.iter().enumerate() {
            let path = name.strip_suffix("/value").unwrap_or(name);
            let own = path.rsplit('/').next().unwrap_or_default();
            match skeleton.coordinate(own) {
                _ if NO_VALUE.iter().any(|end| name.ends_with(end)) => {}
                Some(place) => places.push((column, place)),
                None => unknown.push(name.clone()),
            }
        }
        if !unknown.is_empty() {
            return Err(MotionError::Unknown(unknown));
        }
        let coordinates: Vec<_> = model.joints.iter().flat_map(|joint| &joint.coordinates).collect();
        let is_angle = |place: usize| coordinates.get(place).is_some_and(|c| c.motion == Kind::Rotation);
        // Files of SIMM do not say so and have degrees.
        let in_degrees = table.in_degrees.unwrap_or(true);
        let rows = table
            .rows
            .iter()
            .map(|row| {
                let mut q = skeleton.defaults().to_vec();
                for &(column, place) in &places {
                    q[place] =
                        if in_degrees && is_angle(place) { row[column].to_radians() } else { row[column] };
                }
                skeleton.couple(&mut q);
                q
            })
            .collect();
        let angles = places.iter().filter(|(_, place)| is_angle(*place));
        let largest = angles
            .flat_map(|(column, _)| table.rows.iter().map(|row| row[*column].abs()))
            .fold(0.0, f64::max);
        let missing = coordinates
            .iter()
            .enumerate()
            .filter(|(place, _)| !places.iter().any(|(_, own)| own == place))
            .filter(|(_, coordinate)| !model.couplers.iter().any(|c| c.dependent == coordinate.name))
            .map(|(_, coordinate)| coordinate.name.clone())
            .collect();
        let mut findings: Vec<Finding> = doubts(in_degrees, largest).into_iter().collect();
        if table.in_degrees.is_none() && largest > 0.0 {
            findings.push(finding::UnitOfAnglesAssumed {}.finding());
        }
        Ok(Motion { times: table.times.clone(), rows, missing, findings })
    }
}

impl Motion {
    /// Rows of all coordinates of a model, in the order of its joints, in radians and metres, as OpenSim keeps a motion: rotations in degrees.
    pub fn table(name: &str, model: &Model, times: Vec<f64>, rows: &[Vec<f64>]) -> Storage {
        let coordinates: Vec<_> = model.joints.iter().flat_map(|joint| &joint.coordinates).collect();
        let value = |(n, value): (usize, &f64)| match coordinates.get(n) {
            Some(coordinate) if coordinate.motion == Kind::Rotation => value.to_degrees(),
            _ => *value,
        };
        Storage {
            name: name.into(),
            in_degrees: Some(true),
            columns: coordinates.iter().map(|coordinate| coordinate.name.clone()).collect(),
            times,
            rows: rows.iter().map(|row| row.iter().enumerate().map(value).collect()).collect(),
        }
    }
}

/// Whether the greatest of all angles, as the file has it, speaks against its unit.
fn doubts(in_degrees: bool, largest: f64) -> Option<Finding> {
    // No joint of a leg turns by more than a whole turn, and a motion moves some joint by more than this many degrees.
    match in_degrees {
        true if largest > 0.0 && largest < TAU => Some(finding::AnglesTooSmall { largest }.finding()),
        false if largest > TAU => Some(finding::AnglesTooGreat { largest }.finding()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::osim;

    fn leg() -> (Model, Skeleton) {
        let model = osim::read(include_str!("../osim/forms/leg_4.osim")).unwrap();
        let skeleton = Skeleton::new(&model).unwrap();
        (model, skeleton)
    }

    fn motion(header: &str, rows: &str) -> Result<Motion, MotionError> {
        let (model, skeleton) = leg();
        let table = Storage::read(&format!("walk\n{header}\nendheader\n{rows}")).unwrap();
        Motion::new(&table, &model, &skeleton)
    }

    #[test]
    fn degrees_become_radians_and_followers_follow() {
        let found = motion("inDegrees=yes", "time\tknee_angle\n0\t-90\n1\t-30\n").unwrap();
        let knee = -std::f64::consts::FRAC_PI_2;
        assert_eq!(found.rows[0], [0.1, knee, 0.01 * knee]);
        assert_eq!((&found.missing[..], found.findings.len()), (&["hip_flexion".to_owned()][..], 0));
        let states = "time\t/jointset/knee/knee_angle/value\t/jointset/knee/knee_angle/speed\n0\t-1.5\t7\n";
        assert_eq!(motion("inDegrees=no", states).unwrap().rows[0][1], -1.5);
    }

    #[test]
    fn a_unit_that_is_doubtful_is_a_finding() {
        let code = |found: Motion| found.findings.into_iter().map(|f| f.message).collect::<String>();
        let radians = motion("inDegrees=yes", "time\tknee_angle\n0\t-1.5\n1\t-0.5\n").unwrap();
        assert!(code(radians).contains("they may be radians"));
        let degrees = motion("inDegrees=no", "time\tknee_angle\n0\t-60\n1\t-5\n").unwrap();
        assert!(code(degrees).contains("they may be degrees"));
    }

    #[test]
    fn the_motion_of_another_model_is_refused_by_name() {
        let error = motion("", "time\tknee_angle\twing_r\tbeak\n0\t1\t1\t1\n").unwrap_err().to_string();
        assert!(error.contains("no coordinate `wing_r`, `beak`"), "{error}");
        assert_eq!(motion("", "time\tknee_angle\n").unwrap_err(), MotionError::Empty);
    }
}
