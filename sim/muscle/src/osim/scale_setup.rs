//! Set-up files of OpenSim's Scale Tool.

use super::document;
use super::error::OsimError;
use super::kinematics_setup::{Tasks, tasks};
use super::setup::{file, time_range, words};
use super::xml::Element;
use nalgebra::Vector3;

/// No body is so many times as long as that of a model.
pub const MOST_FACTOR: f64 = 4.0;
/// Files that the tool could write and that are not written here.
const NOT_WRITTEN: [&str; 3] = ["output_scale_file", "output_joint_markers", "output_marker_file"];

/// A set-up of `ScaleTool`. Files are named as the set-up names them, seen from its own folder.
#[derive(Debug, Clone, PartialEq)]
pub struct ScaleSetup {
    /// Its name, which the scaled model gets.
    pub name: String,
    /// Mass of the person, kg; `None` where masses stay.
    pub mass_kg: Option<f64>,
    /// File of markers that are added to the model's.
    pub marker_set: Option<String>,
    /// How bodies are scaled; `None` where that is switched off.
    pub scaling: Option<Scaling>,
    /// How markers are put to where the person has them; `None` where that is switched off.
    pub placing: Option<Placing>,
    /// Properties that ask for files which are not written.
    pub ignored: Vec<&'static str>,
}

/// How bodies are scaled.
#[derive(Debug, Clone, PartialEq)]
pub struct Scaling {
    /// In which order; what comes later stands.
    pub order: Vec<Source>,
    /// Distances between markers.
    pub measurements: Vec<Measurement>,
    /// Factors by hand: body and factors along its axes.
    pub manual: Vec<(String, Vector3<f64>)>,
    /// Places of markers over time.
    pub markers: Option<String>,
    /// First and last time, s.
    pub time: [f64; 2],
    /// Whether the parts of bodies in the whole mass stay, instead of following their volume.
    pub keeps_mass_distribution: bool,
    /// File of the scaled model, before markers are put to their places.
    pub output: Option<String>,
}

/// Where factors come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// Distances between markers.
    Measurements,
    /// The hand.
    Manual,
}

/// Distances between markers that scale bodies.
#[derive(Debug, Clone, PartialEq)]
pub struct Measurement {
    /// Its name.
    pub name: String,
    /// Pairs of markers, of whose ratios the mean is taken.
    pub pairs: Vec<[String; 2]>,
    /// Bodies with the axes along which they are scaled.
    pub bodies: Vec<(String, [bool; 3])>,
}

/// How markers are put to their places.
#[derive(Debug, Clone, PartialEq)]
pub struct Placing {
    /// What the posture of the person follows.
    pub tasks: Tasks,
    /// Places of markers over time.
    pub markers: Option<String>,
    /// Coordinates over time, for tasks that follow them.
    pub coordinates: Option<String>,
    /// First and last time, s.
    pub time: [f64; 2],
    /// Whether markers that are not fixed are moved.
    pub moves_markers: bool,
    /// Farthest that a marker may move along an axis within the time, in the unit of the file of markers; `None` where that does not matter.
    pub most_movement: Option<f64>,
    /// File of the posture.
    pub motion: Option<String>,
    /// File of the model.
    pub output: Option<String>,
}

/// Reads a set-up.
///
/// # Errors
/// Where it is none, is damaged, or asks for what is not supported.
pub fn read(text: &str) -> Result<ScaleSetup, OsimError> {
    let parsed = document(text)?;
    let root = Element(parsed.root_element());
    let tool = root.children().find(|tool| tool.kind() == "ScaleTool");
    let tool = tool.ok_or_else(|| root.error("it contains no ScaleTool"))?;
    let is_on = |part: &Element<'_>| part.flag("apply", true);
    let part = |kind: &str| -> Result<Option<Element<'_>>, OsimError> {
        match tool.find(kind) {
            Some(part) if is_on(&part)? => Ok(Some(part)),
            _ => Ok(None),
        }
    };
    let mass = tool.number("mass", -1.0)?;
    let maker = tool.find("GenericModelMaker");
    let (scaler, placer) = (part("ModelScaler")?, part("MarkerPlacer")?);
    let asks = |property: &&'static str| {
        [scaler, placer].into_iter().flatten().any(|part| file(part, property).is_some())
    };
    Ok(ScaleSetup {
        name: tool.0.attribute("name").unwrap_or("scaled").trim().to_owned(),
        mass_kg: (mass > 0.0).then_some(mass),
        marker_set: maker.and_then(|maker| file(maker, "marker_set_file")),
        scaling: scaler.map(scaling).transpose()?,
        placing: placer.map(placing).transpose()?,
        ignored: NOT_WRITTEN.into_iter().filter(asks).collect(),
    })
}

fn scaling(element: Element<'_>) -> Result<Scaling, OsimError> {
    let order = words(element, "scaling_order").into_iter().map(|word| match word.as_str() {
        "measurements" => Ok(Source::Measurements),
        "manualScale" => Ok(Source::Manual),
        other => Err(element.error(format!("`scaling_order` has `{other}`, which is not known"))),
    });
    let mut manual = Vec::new();
    for scale in element.objects("ScaleSet") {
        if scale.flag("apply", true)? {
            let factors = scale.vector("scales")?;
            if factors.min() < 1.0 / MOST_FACTOR || factors.max() > MOST_FACTOR {
                return Err(scale.error(format!(
                    "`scales` must be three numbers from {} to {MOST_FACTOR}",
                    1.0 / MOST_FACTOR
                )));
            }
            manual.push((scale.needed("segment")?.to_owned(), factors));
        }
    }
    let mut measurements = Vec::new();
    for element in element.objects("MeasurementSet") {
        if element.flag("apply", true)? {
            measurements.push(measurement(element)?);
        }
    }
    let order: Vec<Source> = order.collect::<Result<_, _>>()?;
    if order.is_empty() && !(measurements.is_empty() && manual.is_empty()) {
        return Err(element.error("`scaling_order` is empty, so that nothing would be scaled: write measurements, manualScale or both"));
    }
    Ok(Scaling {
        order,
        measurements,
        manual,
        markers: file(element, "marker_file"),
        time: time_range(element)?,
        keeps_mass_distribution: element.flag("preserve_mass_distribution", false)?,
        output: file(element, "output_model_file"),
    })
}

fn measurement(element: Element<'_>) -> Result<Measurement, OsimError> {
    let pair = |pair: Element<'_>| -> Result<[String; 2], OsimError> {
        let names: Vec<String> = words(pair, "markers");
        let count = names.len();
        names.try_into().map_err(|_| pair.error(format!("`markers` has {count} names but needs two")))
    };
    let body = |scale: Element<'_>| -> Result<(String, [bool; 3]), OsimError> {
        let axes = words(scale, "axes");
        let known = ["X", "Y", "Z"];
        let is_known = |own: &String| known.iter().any(|axis| own.eq_ignore_ascii_case(axis));
        if axes.is_empty() || !axes.iter().all(is_known) {
            return Err(scale.error("`axes` must be X, Y, Z or some of them with spaces between them"));
        }
        let has = |axis: &str| axes.iter().any(|own| own.eq_ignore_ascii_case(axis));
        Ok((scale.name()?, known.map(has)))
    };
    Ok(Measurement {
        name: element.name()?,
        pairs: element.objects("MarkerPairSet").map(pair).collect::<Result<_, _>>()?,
        bodies: element.objects("BodyScaleSet").map(body).collect::<Result<_, _>>()?,
    })
}

fn placing(element: Element<'_>) -> Result<Placing, OsimError> {
    let most = element.number("max_marker_movement", -1.0)?;
    Ok(Placing {
        tasks: tasks(element)?,
        markers: file(element, "marker_file"),
        coordinates: file(element, "coordinate_file"),
        time: time_range(element)?,
        moves_markers: element.flag("move_model_markers", true)?,
        most_movement: (most > 0.0).then_some(most),
        motion: file(element, "output_motion_file"),
        output: file(element, "output_model_file"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOOL: &str = r#"<OpenSimDocument Version="40000"><ScaleTool name="person"><mass>70</mass><ModelScaler><apply>true</apply><scaling_order> measurements manualScale</scaling_order>
<MeasurementSet><objects><Measurement name="thigh"><apply>true</apply><MarkerPairSet><objects><MarkerPair><markers> hip knee</markers></MarkerPair></objects></MarkerPairSet>
<BodyScaleSet><objects><BodyScale name="femur_r"><axes> X Z</axes></BodyScale></objects></BodyScaleSet></Measurement></objects></MeasurementSet>
<ScaleSet><objects><Scale><scales> 1 1.1 1</scales><segment>tibia_r</segment><apply>true</apply></Scale></objects></ScaleSet>
<marker_file>static.trc</marker_file><time_range>1 2</time_range></ModelScaler><MarkerPlacer><apply>false</apply></MarkerPlacer></ScaleTool></OpenSimDocument>"#;

    #[test]
    fn a_set_up_says_by_what_bodies_are_scaled() {
        let setup = read(TOOL).unwrap();
        assert_eq!((setup.mass_kg, setup.placing), (Some(70.0), None));
        let scaling = setup.scaling.unwrap();
        assert_eq!(scaling.order, [Source::Measurements, Source::Manual]);
        assert_eq!(scaling.measurements[0].pairs, [["hip".to_owned(), "knee".to_owned()]]);
        assert_eq!(scaling.measurements[0].bodies, [("femur_r".to_owned(), [true, false, true])]);
        assert_eq!(scaling.manual, [("tibia_r".to_owned(), Vector3::new(1.0, 1.1, 1.0))]);
        assert_eq!((scaling.time, scaling.keeps_mass_distribution), ([1.0, 2.0], false));
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (from, to, words) in [
            ("ScaleTool", "AnalyzeTool", "it contains no ScaleTool"),
            ("hip knee", "hip knee toe", "`markers` has 3 names but needs two"),
            ("1 1.1 1", "1 0 1", "`scales` must be three numbers from 0.25 to 4"),
            ("X Z", "XZ", "`axes` must be X, Y, Z"),
            (" measurements manualScale", "", "`scaling_order` is empty"),
            ("manualScale", "byHand", "`scaling_order` has `byHand`"),
            (">1 2<", ">2 1<", "ends at 1 s, before it begins at 2 s"),
        ] {
            let message = read(&TOOL.replace(from, to)).unwrap_err().to_string();
            assert!(message.contains(words), "{message}");
        }
    }
}
