//! External loads, `.xml`: which columns of a table are a force on which body.

use super::error::OsimError;
use super::xml::Element;
use crate::dynamics::Wrench;
use crate::files::Storage;
use crate::model::GROUND;
use crate::{Posture, Skeleton};
use nalgebra::{Point3, Vector3};

/// External loads as a file describes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalLoads {
    /// Name of the table that holds their values, as the file has it.
    pub data_file: Option<String>,
    /// The loads.
    pub forces: Vec<ExternalForce>,
}

/// A force, with a torque, on a body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExternalForce {
    /// Its name.
    pub name: String,
    /// The body it acts on.
    pub body: String,
    /// The body along whose axes force and torque are given.
    pub force_in: String,
    /// The body in which the point is given.
    pub point_in: String,
    /// What the columns of the force, of the point and of the torque begin with; the letter of the axis follows.
    pub columns: [Option<String>; 3],
    /// The table that the force itself names. [`ExternalLoads::data_file`] stands for it: OpenSim's tools read no other.
    pub data_source: Option<String>,
}

/// Why loads do not act on a model.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LoadsError {
    /// The table has no such column.
    #[error("the external force `{force}` needs the column `{column}`, which the table does not have")]
    Column {
        /// The force.
        force: String,
        /// The column.
        column: String,
    },
    /// The model has no such body.
    #[error("the external force `{force}` refers to the body `{body}`, which the model does not have")]
    Body {
        /// The force.
        force: String,
        /// The body.
        body: String,
    },
    /// No values.
    #[error("the table of external loads has no rows")]
    Empty,
}

/// Reads external loads.
///
/// # Errors
/// Where it is not a file of external loads, or a force in it lacks what it needs or is not supported.
pub fn read_external_loads(text: &str) -> Result<ExternalLoads, OsimError> {
    let document = roxmltree::Document::parse(text).map_err(|error| OsimError::Xml(error.to_string()))?;
    let root = Element(document.root_element());
    let loads = if root.kind() == "ExternalLoads" { Some(root) } else { root.find("ExternalLoads") };
    let loads = loads.ok_or_else(|| root.error("it contains no external loads"))?;
    let known = |word: Option<&str>| word.filter(|word| *word != "Unassigned").map(str::to_owned);
    let mut forces = Vec::new();
    let objects = loads.find("objects").into_iter().flat_map(Element::children);
    for force in objects {
        if force.kind() != "ExternalForce" {
            return Err(force.error(format!("the load `{}` is not supported", force.kind())));
        }
        if !force.is_on("appliesForce")? {
            continue;
        }
        let last = |path: &str| path.rsplit('/').next().unwrap_or_default().to_owned();
        let frame = |property: &str| force.text(property).map_or_else(|| GROUND.to_owned(), last);
        forces.push(ExternalForce {
            name: force.name()?,
            body: last(force.needed("applied_to_body")?),
            force_in: frame("force_expressed_in_body"),
            point_in: frame("point_expressed_in_body"),
            columns: ["force_identifier", "point_identifier", "torque_identifier"]
                .map(|property| known(force.text(property))),
            data_source: known(force.text("data_source_name")),
        });
    }
    let data_file = known(loads.text("datafile"));
    if let (None, Some((force, table))) =
        (&data_file, forces.iter().find_map(|force| Some((&force.name, force.data_source.as_ref()?))))
    {
        return Err(loads.error(format!(
            "there is no `datafile`, and `data_source_name` of the force `{force}` is supported neither here nor by OpenSim's tools: name \
             `{table}` in `datafile`"
        )));
    }
    Ok(ExternalLoads { data_file, forces })
}

/// Loads on the bodies of a skeleton over time.
#[derive(Debug, Clone)]
pub struct AppliedLoads {
    table: Storage,
    forces: Vec<Applied>,
}

#[derive(Debug, Clone)]
struct Applied {
    /// What a report calls it.
    name: String,
    body: usize,
    force_in: usize,
    point_in: usize,
    columns: [Option<[usize; 3]>; 3],
}

impl AppliedLoads {
    /// Binds loads to a table and a model.
    ///
    /// # Errors
    /// Where a column or a body is missing, or the table has no rows.
    pub fn new(
        loads: &ExternalLoads,
        table: &Storage,
        skeleton: &Skeleton,
    ) -> Result<AppliedLoads, LoadsError> {
        if table.rows.is_empty() {
            return Err(LoadsError::Empty);
        }
        let bound = |force: &ExternalForce| {
            let body = |name: &String| {
                let missing = || LoadsError::Body { force: force.name.clone(), body: name.clone() };
                skeleton.body(name).ok_or_else(missing)
            };
            let three = |prefix: &Option<String>| -> Result<Option<[usize; 3]>, LoadsError> {
                let Some(prefix) = prefix else { return Ok(None) };
                let column = |axis: &str| {
                    let name = format!("{prefix}{axis}");
                    let place = table.column(&name);
                    place.ok_or(LoadsError::Column { force: force.name.clone(), column: name })
                };
                Ok(Some([column("x")?, column("y")?, column("z")?]))
            };
            let [push, point, torque] = &force.columns;
            Ok(Applied {
                name: format!("{}_{}", force.body, force.name),
                body: body(&force.body)?,
                force_in: body(&force.force_in)?,
                point_in: body(&force.point_in)?,
                columns: [three(push)?, three(point)?, three(torque)?],
            })
        };
        let forces = loads.forces.iter().map(bound).collect::<Result<_, _>>()?;
        Ok(AppliedLoads { table: table.clone(), forces })
    }

    /// First and last time that there are values of.
    pub fn span(&self) -> [f64; 2] {
        let end = |time: Option<&f64>| time.copied().unwrap_or_default();
        [end(self.table.times.first()), end(self.table.times.last())]
    }

    /// The wrench on each body at a time, straight between the rows and held beyond them, as OpenSim has it. A force without a point acts in the
    /// origin of its body.
    pub fn at(&self, time: f64, posture: &Posture, loads: &mut Vec<(usize, Wrench)>) {
        loads.clear();
        loads.extend(self.acting(time, posture).map(|(force, [push, point, torque])| {
            let origin = Point3::from(posture.frames[force.body].origin);
            let mut wrench = Wrench::at(point.map_or(origin, Point3::from), push.unwrap_or_default());
            wrench.moment += torque.unwrap_or_default();
            (force.body, wrench)
        }));
    }

    /// Names of what [`AppliedLoads::record`] tells, as OpenSim's reports of forces have them.
    pub fn record_columns(&self) -> Vec<String> {
        let of = |force: &Applied| {
            let told =
                ["F", "p", "T"].into_iter().zip(force.columns).filter(|(_, columns)| columns.is_some());
            let name = force.name.clone();
            told.flat_map(move |(kind, _)| ["x", "y", "z"].map(|axis| format!("{name}_{kind}{axis}")))
                .collect::<Vec<String>>()
        };
        self.forces.iter().flat_map(of).collect()
    }

    /// Of each load at a time force and torque along the axes of ground, N and N m, and its point in its body, m, where it has them.
    pub fn record(&self, time: f64, posture: &Posture) -> Vec<f64> {
        let of = |(force, [push, point, torque]): (&Applied, [Option<Vector3<f64>>; 3])| {
            let frame = &posture.frames[force.body];
            let in_body = point.map(|point| frame.turn.transpose() * (point - frame.origin));
            [push, in_body, torque].into_iter().flatten().flat_map(|v| [v.x, v.y, v.z]).collect::<Vec<f64>>()
        };
        self.acting(time, posture).flat_map(of).collect()
    }

    /// Of each load its force, point and torque in ground, where it has them.
    fn acting<'a>(
        &'a self,
        time: f64,
        posture: &'a Posture,
    ) -> impl Iterator<Item = (&'a Applied, [Option<Vector3<f64>>; 3])> {
        let row = self.table.between(time);
        self.forces.iter().filter_map(move |force| {
            let row = row?;
            let read = |columns: [usize; 3]| Vector3::from(columns.map(|column| row.value(column)));
            let [push, point, torque] = force.columns.map(|columns| columns.map(read));
            let axes = &posture.frames[force.force_in].turn;
            let place = |at: Vector3<f64>| posture.frames[force.point_in].point(&Point3::from(at)).coords;
            Some((
                force,
                [push.map(|push| axes * push), point.map(place), torque.map(|torque| axes * torque)],
            ))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::leg;

    const FILE: &str = "<OpenSimDocument Version=\"40000\"><ExternalLoads><objects>
        <ExternalForce name=\"foot\"><applied_to_body>/bodyset/calcn_r</applied_to_body>
        <force_identifier>f_v</force_identifier><point_identifier>f_p</point_identifier></ExternalForce>
        <ExternalForce name=\"off\"><isDisabled>true</isDisabled><applied_to_body>moon</applied_to_body></ExternalForce>
        </objects><datafile>grf.mot</datafile></ExternalLoads></OpenSimDocument>";

    fn table(columns: &str) -> Storage {
        let text =
            format!("grf\nnRows=2\nnColumns=7\nendheader\ntime {columns}\n0 1 2 3 0 0 0\n2 3 2 3 4 0 0\n");
        Storage::read(&text.replace(' ', "\t")).unwrap()
    }

    #[test]
    fn loads_are_straight_between_rows_and_act_where_they_say() {
        let loads = read_external_loads(FILE).unwrap();
        assert_eq!((loads.data_file.as_deref(), loads.forces.len()), (Some("grf.mot"), 1));
        let skeleton = Skeleton::new(leg::generic()).unwrap();
        let bound = AppliedLoads::new(&loads, &table("f_vx f_vy f_vz f_px f_py f_pz"), &skeleton).unwrap();
        let (mut posture, mut found) = (Posture::default(), Vec::new());
        skeleton.place(skeleton.defaults(), &mut posture);
        bound.at(1.0, &posture, &mut found);
        assert_eq!(found[0].0, skeleton.body("calcn_r").unwrap());
        assert_eq!(found[0].1, Wrench::at(Point3::new(2.0, 0.0, 0.0), Vector3::new(2.0, 2.0, 3.0)));
        bound.at(7.0, &posture, &mut found);
        assert_eq!(found[0].1.force, Vector3::new(3.0, 2.0, 3.0));
        assert_eq!(bound.span(), [0.0, 2.0]);
        // As OpenSim tells it: the force in ground, the point in the foot.
        let columns = ["Fx", "Fy", "Fz", "px", "py", "pz"].map(|end| format!("calcn_r_foot_{end}"));
        assert_eq!(bound.record_columns(), columns);
        let record = bound.record(1.0, &posture);
        let foot = posture.frames[found[0].0];
        let point = foot.point(&Point3::new(record[3], record[4], record[5]));
        assert_eq!(record[..3], [2.0, 2.0, 3.0]);
        assert!((point - Point3::new(2.0, 0.0, 0.0)).norm() < 1e-12, "{record:?}");
    }

    #[test]
    fn what_is_missing_is_named() {
        let skeleton = Skeleton::new(leg::generic()).unwrap();
        let new = |loads: &str, columns: &str| {
            let loads = read_external_loads(loads).unwrap();
            AppliedLoads::new(&loads, &table(columns), &skeleton).unwrap_err().to_string()
        };
        assert!(new(FILE, "f_vx f_vy f_v f_px f_py f_pz").contains("`f_vz`"));
        assert!(new(&FILE.replace("calcn_r", "moon"), "f_vx f_vy f_vz f_px f_py f_pz").contains("`moon`"));
        let error = read_external_loads("<OpenSimDocument/>").unwrap_err().to_string();
        assert!(error.contains("no external loads"), "{error}");
        let own = FILE.replace("<point_id", "<data_source_name>own.mot</data_source_name><point_id");
        assert_eq!(read_external_loads(&own).unwrap().forces[0].data_source.as_deref(), Some("own.mot"));
        let error = read_external_loads(&own.replace("datafile", "file")).unwrap_err().to_string();
        assert!(error.contains("name `own.mot` in `datafile`"), "{error}");
    }
}
