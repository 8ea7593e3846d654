//! Set-up files of OpenSim's inverse kinematics.

use super::document;
use super::error::OsimError;
use super::setup::{file, time_range};
use super::xml::Element;

/// A set-up of `InverseKinematicsTool`. Files are named as the set-up names them, seen from its own folder.
#[derive(Debug, Clone, PartialEq)]
pub struct KinematicsSetup {
    /// Its name, which results are called after.
    pub name: String,
    /// What is followed; every marker with a weight of one where the set-up has no tasks.
    pub tasks: Option<Tasks>,
    /// Places of markers over time.
    pub markers: Option<String>,
    /// Coordinates over time, for tasks that follow them.
    pub coordinates: Option<String>,
    /// First and last time, s.
    pub time: [f64; 2],
    /// Whether a table of how far markers are missed is wanted.
    pub reports_errors: bool,
    /// File of the motion.
    pub output: Option<String>,
    /// Folder for results.
    pub results: Option<String>,
    /// Whether a table of the markers of the model over time is asked for, which is not written.
    pub asks_for_locations: bool,
}

/// What inverse kinematics follows, and how firmly.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Tasks {
    /// Markers by name with their weights, above zero.
    pub markers: Vec<(String, f64)>,
    /// Coordinates.
    pub coordinates: Vec<CoordinateTask>,
}

/// A coordinate that is held near a value.
#[derive(Debug, Clone, PartialEq)]
pub struct CoordinateTask {
    /// Its name.
    pub name: String,
    /// Weight of its square in radians or metres against the mean square of markers in metres.
    pub weight: f64,
    /// What it is held near.
    pub near: Near,
}

/// What a coordinate is held near.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Near {
    /// Its default.
    Default,
    /// A value in radians or metres.
    Value(f64),
    /// The file of coordinates.
    File,
}

/// Reads a set-up.
///
/// # Errors
/// Where it is none, is damaged, or asks for what is not supported.
pub fn read(text: &str) -> Result<KinematicsSetup, OsimError> {
    let parsed = document(text)?;
    let root = Element(parsed.root_element());
    let tool = root.children().find(|tool| tool.kind() == "InverseKinematicsTool");
    let tool = tool.ok_or_else(|| root.error("it contains no InverseKinematicsTool"))?;
    let found = tasks(tool)?;
    Ok(KinematicsSetup {
        name: tool.0.attribute("name").unwrap_or("results").trim().to_owned(),
        tasks: (found != Tasks::default()).then_some(found),
        markers: file(tool, "marker_file"),
        coordinates: file(tool, "coordinate_file"),
        time: time_range(tool)?,
        reports_errors: tool.flag("report_errors", true)?,
        asks_for_locations: tool.flag("report_marker_locations", false)?,
        output: file(tool, "output_motion_file"),
        results: file(tool, "results_directory"),
    })
}

/// Tasks that are switched on, with a weight above zero.
pub(super) fn tasks(tool: Element<'_>) -> Result<Tasks, OsimError> {
    let mut found = Tasks::default();
    for task in tool.objects("IKTaskSet") {
        let weight = task.number("weight", 1.0)?;
        if weight < 0.0 {
            return Err(task.error(format!("`weight` is {weight}; it must not be below 0")));
        }
        if !task.flag("apply", true)? || weight == 0.0 {
            continue;
        }
        match task.kind() {
            "IKMarkerTask" => found.markers.push((task.name()?, weight)),
            "IKCoordinateTask" => {
                let near = match task.text("value_type").unwrap_or("from_file") {
                    "default_value" => Near::Default,
                    "manual_value" => Near::Value(task.number("value", 0.0)?),
                    "from_file" => Near::File,
                    other => return Err(task.error(format!("the value_type `{other}` is not known"))),
                };
                found.coordinates.push(CoordinateTask { name: task.name()?, weight, near });
            }
            other => return Err(task.error(format!("the task `{other}` is not supported"))),
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOL: &str = r#"<OpenSimDocument Version="40000"><InverseKinematicsTool name="walk"><marker_file>walk.trc</marker_file><time_range>0 1</time_range>
<IKTaskSet><objects><IKMarkerTask name="ASIS"><apply>true</apply><weight>10</weight></IKMarkerTask><IKMarkerTask name="off"><apply>false</apply></IKMarkerTask>
<IKCoordinateTask name="knee"><weight>0.5</weight><value_type>manual_value</value_type><value>0.1</value></IKCoordinateTask></objects></IKTaskSet>
<output_motion_file>walk.mot</output_motion_file></InverseKinematicsTool></OpenSimDocument>"#;

    #[test]
    fn a_set_up_says_what_to_follow_and_how_firmly() {
        let setup = read(TOOL).unwrap();
        assert_eq!(
            (setup.name.as_str(), setup.time, setup.output.as_deref()),
            ("walk", [0.0, 1.0], Some("walk.mot"))
        );
        let tasks = setup.tasks.unwrap();
        assert_eq!(tasks.markers, [("ASIS".to_owned(), 10.0)]);
        let wanted = CoordinateTask { name: "knee".into(), weight: 0.5, near: Near::Value(0.1) };
        assert_eq!(tasks.coordinates, [wanted]);
        let without = TOOL.replace("<apply>true", "<apply>false").replace("<weight>0.5", "<weight>0");
        assert_eq!(read(&without).unwrap().tasks, None);
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (from, to, words) in [
            ("InverseKinematicsTool", "AnalyzeTool", "it contains no InverseKinematicsTool"),
            (">0 1<", ">1 0<", "ends at 0 s, before it begins at 1 s"),
            ("<weight>10", "<weight>-1", "`weight` is -1"),
            ("manual_value", "by_hand", "the value_type `by_hand` is not known"),
        ] {
            let message = read(&TOOL.replace(from, to)).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
    }
}
