//! Suite `opensim-ik`: scaling and inverse kinematics against those of OpenSim.
//!
//! The folder is made by `sim/muscle/benches/opensim_ik.py`: in a folder for each model a moving and a static trial of made-up markers, set-ups, and what OpenSim's tools made of them.

use super::opensim_paths::limited;
use super::{Check, SuiteReport};
use anyhow::{Context, Result, anyhow, bail};
use coxa_muscle::files::{Markers, Motion, Storage, markers};
use coxa_muscle::model::{Model, Motion as Kind, PathPlace, WrapShape};
use coxa_muscle::osim::{self, kinematics_setup, scale_setup};
use coxa_muscle::scaling::{factors, place, scaled};
use coxa_muscle::tracking::{Goals, objective, track};
use coxa_muscle::{Posture, Skeleton};
use nalgebra::{Point3, Vector3};
use std::path::{Path, PathBuf};

/// Differences that are allowed.
const ANGLE_DEG: f64 = 0.5;
const PLACE_MM: f64 = 1.0;
/// A part of a mass or moment of inertia.
const PART: f64 = 1e-6;
/// A part of a length of fibres or tendon: around surfaces OpenSim's way is not the shortest one.
const LENGTH_PART: f64 = 5e-3;
/// A time of OpenSim is one of ours, s.
const SAME_TIME: f64 = 1e-6;

/// A model and what OpenSim made of it.
struct Trial {
    folder: PathBuf,
    name: String,
    model: Model,
}

impl Trial {
    fn text(&self, name: &str) -> Result<String> {
        limited(&self.folder.join(name))
    }

    fn named(&self, name: &str) -> impl Fn(String) -> anyhow::Error + use<> {
        let file = self.folder.join(name);
        move |error| anyhow!("{}: {error}", file.display())
    }

    fn markers(&self, name: &str) -> Result<Markers> {
        markers::read_trc(&self.text(name)?).map_err(|error| self.named(name)(error.to_string()))
    }

    fn model(&self, name: &str) -> Result<Model> {
        let survey = osim::survey(&self.text(name)?).map_err(|error| self.named(name)(error.to_string()))?;
        match survey.problems.first() {
            Some(problem) => Err(self.named(name)(problem.to_string())),
            None => Ok(survey.model),
        }
    }

    fn motion(&self, name: &str, skeleton: &Skeleton) -> Result<Motion> {
        let table = Storage::read(&self.text(name)?).map_err(|error| self.named(name)(error.to_string()))?;
        // Tables of states say what is neither a coordinate nor a speed in other words.
        let is_value = |column: &str| !column.contains('/') || column.ends_with("/value");
        let kept: Vec<usize> = (0..table.columns.len()).filter(|&n| is_value(&table.columns[n])).collect();
        let table = Storage {
            columns: kept.iter().map(|&n| table.columns[n].clone()).collect(),
            rows: table.rows.iter().map(|row| kept.iter().map(|&n| row[n]).collect()).collect(),
            ..table
        };
        Motion::new(&table, &self.model, skeleton).map_err(|error| self.named(name)(error.to_string()))
    }
}

/// Runs the suite.
///
/// # Errors
/// Where the folder holds no trial, or a file is missing or cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut folders: Vec<PathBuf> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
    folders.retain(|folder| folder.join("model.osim").is_file());
    folders.sort();
    if folders.is_empty() {
        bail!("{} holds no trial: sim/muscle/benches/opensim_ik.py makes them", folder.display());
    }
    let mut checks = Vec::new();
    for folder in folders {
        let name = folder.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let mut trial = Trial { folder, name, model: Model::default() };
        trial.model = trial.model("model.osim")?;
        checks.extend(kinematics(&trial)?);
        checks.extend(scaling(&trial)?);
    }
    Ok(SuiteReport { suite: "opensim-ik", evidence: "synthetic-same-anatomy", checks })
}

/// Differences of angles in degrees and of translations in mm.
#[derive(Default)]
struct Differences {
    deg: Vec<f64>,
    mm: Vec<f64>,
}

impl Differences {
    fn add(&mut self, model: &Model, ours: &[f64], theirs: &[f64]) {
        let coordinates = model.joints.iter().flat_map(|joint| &joint.coordinates);
        for ((coordinate, a), b) in coordinates.zip(ours).zip(theirs) {
            match coordinate.motion {
                Kind::Translation => self.mm.push(1e3 * (a - b).abs()),
                _ => self.deg.push((a - b).abs().to_degrees()),
            }
        }
    }

    fn checks(&self, name: &str, what: &str) -> [Check; 2] {
        [
            Check::at_most(format!("{name}: angles of the {what}"), &self.deg, ANGLE_DEG, "deg"),
            Check::at_most(format!("{name}: translations of the {what}"), &self.mm, PLACE_MM, "mm"),
        ]
    }
}

fn kinematics(trial: &Trial) -> Result<Vec<Check>> {
    let setup = kinematics_setup::read(&trial.text("ik.xml")?)
        .map_err(|error| trial.named("ik.xml")(error.to_string()))?;
    let skeleton = Skeleton::new(&trial.model)?;
    let measured = trial.markers("trial.trc")?;
    let goals = Goals::new(&trial.model, &skeleton, &measured.names, setup.tasks.as_ref(), None)?;
    let ours = track(&trial.model, &skeleton, &goals, &measured, setup.time, None)?;
    let theirs = trial.motion("opensim_ik.mot", &skeleton)?;
    let mut differences = Differences::default();
    let mut places = Vec::new();
    let mut postures = [Posture::default(), Posture::default()];
    for (time, row) in theirs.times.iter().zip(&theirs.rows) {
        let Some(frame) = ours.times.iter().position(|own| (own - time).abs() < SAME_TIME) else {
            bail!("{}: OpenSim has a row at {time} s, and we have none", trial.name);
        };
        differences.add(&trial.model, &ours.rows[frame], row);
        let mut both = [ours.rows[frame].clone(), row.clone()];
        for (q, posture) in both.iter_mut().zip(&mut postures) {
            skeleton.couple(q);
            skeleton.place(q, posture);
        }
        for marker in &trial.model.markers {
            let body = skeleton.body(&marker.body).with_context(|| format!("no body {}", marker.body))?;
            let [a, b] = [&postures[0], &postures[1]].map(|posture| posture.point(body, &marker.at));
            places.push(1e3 * (a - b).norm());
        }
    }
    let mut checks = differences.checks(&trial.name, "moving trial").to_vec();
    checks.push(Check::at_most(
        format!("{}: markers of the model, moving trial", trial.name),
        &places,
        PLACE_MM,
        "mm",
    ));
    Ok(checks)
}

fn scaling(trial: &Trial) -> Result<Vec<Check>> {
    let setup = scale_setup::read(&trial.text("scale.xml")?)
        .map_err(|error| trial.named("scale.xml")(error.to_string()))?;
    let (Some(scaling), Some(placing)) = (&setup.scaling, &setup.placing) else {
        bail!("{}: the set-up does not scale and place markers", trial.name);
    };
    let measured = trial.markers("static.trc")?;
    let skeleton = Skeleton::new(&trial.model)?;
    let used = factors(&trial.model, &skeleton, scaling, Some(&measured))?;
    let ours = scaled(&trial.model, &used, setup.mass_kg, scaling.keeps_mass_distribution)?;
    let mut checks = of_models(&trial.name, "scaled", &ours, &trial.model("opensim_scaled_only.osim")?)?;
    let skeleton = Skeleton::new(&ours)?;
    let placed = place(&ours, &skeleton, placing, &measured, None)?;
    let goals = Goals::new(&ours, &skeleton, &placed.mean.names, Some(&placing.tasks), None)?;
    let theirs = trial.motion("opensim_static.mot", &skeleton)?;
    let [own, other] = [&placed.pose.rows[0], &theirs.rows[0]]
        .map(|q| objective(&skeleton, &goals, &placed.mean, 0, None, q));
    checks.push(
        Check::at_most(
            format!("{}: what is made least in the static pose, over OpenSim's", trial.name),
            &[own / other],
            1.0 + PART,
            "",
        )
        .with_note("its MarkerPlacer stops before the minimum"),
    );
    let moved = marker_differences(&placed.model, &trial.model("opensim_scaled.osim")?)?;
    checks.push(Check::shown(format!("{}: markers, placed", trial.name), &moved, "mm"));
    // The same pose by its inverse kinematics, which goes on to the minimum.
    let theirs = trial.motion("opensim_static_ik.mot", &skeleton)?;
    let mut differences = Differences::default();
    differences.add(&placed.model, &placed.pose.rows[0], &theirs.rows[0]);
    checks.extend(differences.checks(&trial.name, "static pose"));
    Ok(checks)
}

fn marker_differences(ours: &Model, theirs: &Model) -> Result<Vec<f64>> {
    let of = |marker: &coxa_muscle::model::Marker| {
        let other = theirs.markers.iter().find(|other| other.name == marker.name);
        let other = other.with_context(|| format!("OpenSim's model has no marker {}", marker.name))?;
        Ok(1e3 * (marker.at - other.at).norm())
    };
    ours.markers.iter().map(of).collect()
}

/// Masses, places and sizes of two models of the same parts.
fn of_models(name: &str, what: &str, ours: &Model, theirs: &Model) -> Result<Vec<Check>> {
    let part = |a: f64, b: f64| if a == b { 0.0 } else { (a - b).abs() / a.abs().max(b.abs()) };
    let mm = |a: &Vector3<f64>, b: &Vector3<f64>| 1e3 * (a - b).norm();
    let (mut masses, mut places, mut muscles) = (Vec::new(), marker_differences(ours, theirs)?, Vec::new());
    for body in &ours.bodies {
        let other = theirs.bodies.iter().find(|other| other.name == body.name);
        let other = other.with_context(|| format!("OpenSim's model has no body {}", body.name))?;
        masses.push(part(body.mass, other.mass));
        // Products of inertia near zero have no part of their own.
        masses.push((body.inertia - other.inertia).amax() / body.inertia.amax().max(f64::MIN_POSITIVE));
        places.push(mm(&body.mass_centre.coords, &other.mass_centre.coords));
    }
    for joint in &ours.joints {
        let other = theirs.joints.iter().find(|other| other.name == joint.name);
        let other = other.with_context(|| format!("OpenSim's model has no joint {}", joint.name))?;
        places.push(mm(&joint.in_parent.translation.vector, &other.in_parent.translation.vector));
        places.push(mm(&joint.in_child.translation.vector, &other.in_child.translation.vector));
        let values: Vec<f64> =
            joint.coordinates.iter().map(|coordinate| coordinate.default_value + 0.3).collect();
        for (axis, other) in joint.axes[3..].iter().zip(&other.axes[3..]) {
            let [a, b] = [axis, other].map(|axis| {
                let arguments: Vec<f64> = axis.coordinates.iter().map(|&n| values[n]).collect();
                axis.function.value(&arguments)
            });
            places.push(1e3 * (a - b).abs());
        }
    }
    for muscle in &ours.muscles {
        let other = theirs.muscles.iter().find(|other| other.name == muscle.name);
        let other = other.with_context(|| format!("OpenSim's model has no muscle {}", muscle.name))?;
        muscles.push(part(muscle.optimal_fibre_length, other.optimal_fibre_length));
        muscles.push(part(muscle.tendon_slack_length, other.tendon_slack_length));
        if muscle.path.points.len() != other.path.points.len() {
            bail!("{name}: {} has another number of points in OpenSim's model", muscle.name);
        }
        for (a, b) in muscle.path.points.iter().zip(&other.path.points) {
            places.push(mm(&at(&a.place).coords, &at(&b.place).coords));
        }
    }
    for object in &ours.wrap_objects {
        let other =
            theirs.wrap_objects.iter().find(|other| other.name == object.name && other.body == object.body);
        let other = other.with_context(|| format!("OpenSim's model has no wrap object {}", object.name))?;
        places.push(mm(&object.in_body.translation.vector, &other.in_body.translation.vector));
        places.extend(sizes(&object.shape).iter().zip(sizes(&other.shape)).map(|(a, b)| 1e3 * (a - b).abs()));
    }
    Ok(vec![
        Check::at_most(format!("{name}: masses and inertia, {what}"), &masses, PART, ""),
        Check::at_most(format!("{name}: places, {what}"), &places, PLACE_MM, "mm"),
        Check::at_most(
            format!("{name}: fibre and tendon lengths, {what}, as a part"),
            &muscles,
            LENGTH_PART,
            "",
        ),
    ])
}

/// Radii and lengths of a surface.
fn sizes(shape: &WrapShape) -> Vec<f64> {
    match shape {
        WrapShape::Cylinder { radius, length } => vec![*radius, *length],
        WrapShape::Sphere { radius } => vec![*radius],
        WrapShape::Ellipsoid { radii } => radii.as_slice().to_vec(),
        WrapShape::Torus { inner_radius, outer_radius } => vec![*inner_radius, *outer_radius],
    }
}

/// Where a point of a path is; of one that moves where its functions are at 0.3.
fn at(place: &PathPlace) -> Point3<f64> {
    match place {
        PathPlace::Fixed(at) | PathPlace::Conditional { at, .. } => *at,
        PathPlace::Moving(axes) => {
            let [x, y, z] = [0, 1, 2].map(|axis| axes[axis].1.value(&[0.3]));
            Point3::new(x, y, z)
        }
    }
}
