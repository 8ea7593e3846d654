//! Set-up files of OpenSim's tools: what to run on which files. Files are named as the set-up names them, seen from its own folder.

use super::xml::Element;
use super::{OsimError, document};

/// A set-up of `InverseDynamicsTool` or `AnalyzeTool`.
#[derive(Debug, Clone, PartialEq)]
pub struct Setup {
    /// Its name, which results are called after.
    pub name: String,
    /// The model.
    pub model: Option<String>,
    /// Coordinates over time.
    pub motion: Option<String>,
    /// What pushes on the bodies.
    pub external_loads: Option<String>,
    /// Files of forces that are added to the model's.
    pub forces: Vec<String>,
    /// Whether these stand instead of the model's.
    pub replaces_forces: bool,
    /// First and last time, s.
    pub time: [f64; 2],
    /// Frequency above which the motion is filtered, Hz; `None` where it is not.
    pub low_pass: Option<f64>,
    /// Folder for results.
    pub results: Option<String>,
    /// What is asked; what is switched off is not.
    pub analyses: Vec<RequestedAnalysis>,
}

/// An analysis of a set-up.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestedAnalysis {
    /// Its name, which files of results are called after; that of its class where it has none.
    pub name: String,
    /// Rows whose place in the motion is a multiple of this are told, beside the first and the last; 1 or more.
    pub every: usize,
    /// What it is.
    pub analysis: Analysis,
}

/// What a set-up asks for.
#[derive(Debug, Clone, PartialEq)]
pub enum Analysis {
    /// Generalised forces.
    InverseDynamics {
        /// Forces of the model that are left out; `muscles` and `all` stand for many.
        without: Vec<String>,
        /// File of the result.
        output: Option<String>,
    },
    /// Lengths and moment arms.
    Muscles {
        /// By name; empty where all are meant.
        muscles: Vec<String>,
        /// Coordinates that moment arms are about; empty where all are meant.
        coordinates: Vec<String>,
    },
    /// Static optimisation.
    StaticOptimisation {
        /// Of activations in what is made least.
        exponent: f64,
        /// Whether forces depend on length and velocity.
        uses_physiology: bool,
    },
    /// Loads of joints.
    JointReaction {
        /// Table of the actuators' forces.
        forces: Option<String>,
        /// Joints by name; empty where all are meant.
        joints: Vec<String>,
        /// `child` or `parent` for each, or once for all.
        on: Vec<String>,
        /// `ground`, `child` or `parent` for each, or once for all.
        expressed_in: Vec<String>,
    },
    /// Another one, which is not supported.
    Other {
        /// Its class.
        class: String,
    },
}

impl Analysis {
    /// What OpenSim calls its kind.
    pub fn class(&self) -> &str {
        match self {
            Analysis::InverseDynamics { .. } => "InverseDynamicsTool",
            Analysis::Muscles { .. } => "MuscleAnalysis",
            Analysis::StaticOptimisation { .. } => "StaticOptimization",
            Analysis::JointReaction { .. } => "JointReaction",
            Analysis::Other { class } => class,
        }
    }
}

/// Reads a set-up.
///
/// # Errors
/// Where it is none, is damaged, or asks for what is not supported.
pub fn read(text: &str) -> Result<Setup, OsimError> {
    let parsed = document(text)?;
    let root = Element(parsed.root_element());
    let tools = ["InverseDynamicsTool", "AnalyzeTool"];
    let tool = root.children().find(|tool| tools.contains(&tool.kind()));
    let tool =
        tool.ok_or_else(|| root.error("it contains neither an InverseDynamicsTool nor an AnalyzeTool"))?;
    let named = |property: &str| file(tool, property);
    if named("speeds_file").is_some() {
        return Err(tool.error("`speeds_file` is not supported: speeds are computed from the coordinates"));
    }
    if let Some(controller) = tool.objects("ControllerSet").next() {
        return Err(controller.error("controllers are not supported"));
    }
    let is_inverse_dynamics = tool.kind() == "InverseDynamicsTool";
    let analyses = match is_inverse_dynamics {
        true => {
            let without = words(tool, "forces_to_exclude");
            let analysis = Analysis::InverseDynamics { without, output: named("output_gen_force_file") };
            vec![RequestedAnalysis { name: tool.kind().to_owned(), every: 1, analysis }]
        }
        false => {
            let asked = tool.objects("AnalysisSet").map(|a| Ok((a.flag("on", true)?, a)));
            let asked: Vec<(bool, Element<'_>)> = asked.collect::<Result<_, OsimError>>()?;
            asked
                .into_iter()
                .filter(|(is_on, _)| *is_on)
                .map(|(_, a)| analysis(a))
                .collect::<Result<_, _>>()?
        }
    };
    let time = match is_inverse_dynamics {
        true => time_range(tool)?,
        false => {
            let ends =
                [tool.limit("initial_time", f64::NEG_INFINITY)?, tool.limit("final_time", f64::INFINITY)?];
            in_order(ends, tool)?
        }
    };
    let low_pass = tool.number("lowpass_cutoff_frequency_for_coordinates", -1.0)?;
    Ok(Setup {
        name: tool.0.attribute("name").unwrap_or("results").trim().to_owned(),
        model: named("model_file"),
        motion: named("coordinates_file").or_else(|| named("states_file")),
        external_loads: named("external_loads_file"),
        forces: words(tool, "force_set_files"),
        replaces_forces: tool.flag("replace_force_set", false)?,
        time,
        low_pass: (low_pass > 0.0).then_some(low_pass),
        results: named("results_directory"),
        analyses,
    })
}

fn analysis(element: Element<'_>) -> Result<RequestedAnalysis, OsimError> {
    let every = element.number("step_interval", 1.0)?;
    if every < 1.0 || every.fract() != 0.0 {
        return Err(element.error(format!("`step_interval` is {every}; it must be a whole number above 0")));
    }
    let analysis = match element.kind() {
        "MuscleAnalysis" => Analysis::Muscles {
            muscles: words(element, "muscle_list"),
            coordinates: words(element, "moment_arm_coordinate_list"),
        },
        "StaticOptimization" => {
            if !element.flag("use_model_force_set", true)? {
                return Err(element.error("`use_model_force_set` = false is not supported"));
            }
            Analysis::StaticOptimisation {
                exponent: element.number("activation_exponent", 2.0)?,
                uses_physiology: element.flag("use_muscle_physiology", true)?,
            }
        }
        "JointReaction" => Analysis::JointReaction {
            forces: file(element, "forces_file"),
            joints: words(element, "joint_names"),
            on: words(element, "apply_on_bodies"),
            expressed_in: words(element, "express_in_frame"),
        },
        other => Analysis::Other { class: other.to_owned() },
    };
    let name = element.0.attribute("name").map(str::trim).filter(|name| !name.is_empty());
    Ok(RequestedAnalysis { name: name.unwrap_or(element.kind()).to_owned(), every: every as usize, analysis })
}

/// First and last time, s; without an end where nothing is said.
pub(super) fn time_range(element: Element<'_>) -> Result<[f64; 2], OsimError> {
    in_order(element.limits("time_range")?.unwrap_or([f64::NEG_INFINITY, f64::INFINITY]), element)
}

fn in_order([first, last]: [f64; 2], element: Element<'_>) -> Result<[f64; 2], OsimError> {
    match first > last {
        true => Err(element.error(format!("its time range ends at {last} s, before it begins at {first} s"))),
        false => Ok([first, last]),
    }
}

/// The name of a file; none where it is left open.
pub(super) fn file(element: Element<'_>, property: &str) -> Option<String> {
    let name = element.text(property).filter(|name| !name.eq_ignore_ascii_case("unassigned"))?;
    // Set-ups written under Windows have its separators.
    Some(name.replace('\\', "/"))
}

/// A list of words; empty where all are meant.
pub(super) fn words(element: Element<'_>, property: &str) -> Vec<String> {
    let words = element.text(property).unwrap_or_default().split_whitespace();
    let words: Vec<String> = words.map(|word| word.trim_matches(['(', ')', ',']).to_owned()).collect();
    let is_open =
        matches!(&words[..], [only] if ["all", "unassigned"].contains(&only.to_ascii_lowercase().as_str()));
    // What is left out of inverse dynamics may be all, which is no open list.
    if is_open && property != "forces_to_exclude" { Vec::new() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOL: &str = r#"<OpenSimDocument Version="40000"><AnalyzeTool name="walk">
<model_file>leg.osim</model_file><force_set_files> reserves.xml </force_set_files>
<initial_time>0.5</initial_time><final_time>1.5</final_time><coordinates_file>..\walk.mot</coordinates_file>
<AnalysisSet><objects>
<StaticOptimization name="so"><step_interval>10</step_interval></StaticOptimization>
<MuscleAnalysis name="ma"><muscle_list>all</muscle_list><moment_arm_coordinate_list>hip knee</moment_arm_coordinate_list></MuscleAnalysis>
<JointReaction name="jr"><forces_file>Unassigned</forces_file><joint_names>ALL</joint_names><apply_on_bodies>child</apply_on_bodies><express_in_frame>child</express_in_frame></JointReaction>
<Kinematics name="off"><on>false</on></Kinematics><Actuation/>
</objects></AnalysisSet></AnalyzeTool></OpenSimDocument>"#;

    #[test]
    fn a_set_up_says_what_to_run_on_what() {
        let setup = read(TOOL).unwrap();
        assert_eq!((setup.name.as_str(), setup.time, setup.low_pass), ("walk", [0.5, 1.5], None));
        assert_eq!(setup.motion.as_deref(), Some("../walk.mot"));
        assert_eq!((setup.forces.len(), setup.external_loads, setup.analyses.len()), (1, None, 4));
        let named: Vec<_> =
            setup.analyses.iter().map(|a| (a.name.as_str(), a.every, a.analysis.class())).collect();
        let wanted =
            [("so", 10, "StaticOptimization"), ("ma", 1, "MuscleAnalysis"), ("jr", 1, "JointReaction")];
        assert_eq!(named[..3], wanted);
        // What is not supported is there all the same, for another analysis to be done.
        assert_eq!(named[3..], [("Actuation", 1, "Actuation")]);
        let Analysis::Muscles { muscles, coordinates } = &setup.analyses[1].analysis else { panic!() };
        assert!(muscles.is_empty() && coordinates.len() == 2);
        let dynamics = "<OpenSimDocument><InverseDynamicsTool><time_range> 0.4 1.6 </time_range><forces_to_exclude>all</forces_to_exclude>\
            <lowpass_cutoff_frequency_for_coordinates>6</lowpass_cutoff_frequency_for_coordinates></InverseDynamicsTool></OpenSimDocument>";
        let setup = read(dynamics).unwrap();
        assert_eq!((setup.time, setup.low_pass), ([0.4, 1.6], Some(6.0)));
        let asked = setup.analyses.iter().map(|asked| &asked.analysis).collect::<Vec<_>>();
        assert_eq!(asked, [&Analysis::InverseDynamics { without: vec!["all".into()], output: None }]);
    }

    #[test]
    fn what_is_not_supported_is_named() {
        for (from, to, words) in [
            ("AnalyzeTool", "ScaleTool", "neither an InverseDynamicsTool nor an AnalyzeTool"),
            ("<on>false</on>", "<on>maybe</on>", "AnalysisSet/objects/Kinematics[off]"),
            ("<final_time>1.5", "<final_time>0.1", "ends at 0.1 s, before it begins at 0.5 s"),
            ("<step_interval>10", "<step_interval>0", "must be a whole number above 0"),
            (
                "<AnalysisSet>",
                "<speeds_file>u.sto</speeds_file><AnalysisSet>",
                "`speeds_file` is not supported",
            ),
        ] {
            let message = read(&TOOL.replace(from, to)).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
    }
}
