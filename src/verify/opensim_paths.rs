//! Suite `opensim-paths`: lengths and moment arms of muscles against those of OpenSim.
//!
//! The folder holds tables `NAME_hip_grid.csv` of poses (degrees), lengths and moment arms (m), each with `NAME_defaults.json`, which
//! names the model's file and the values of all coordinates. The file is looked for in the folder and in `opensim-models` beside it.
//! Of muscles that run around surfaces OpenSim's moment arms are not the derivative of its lengths: there lengths are compared, and our
//! own moment arms with our own lengths. OpenSim's length is not that of the shortest way: around one cylinder its touching points lie in
//! a plane through both ends, and around several surfaces straight parts and arcs that it adds up belong to different ways. Lengths are
//! therefore compared twice: with what OpenSim computes ([`OpenSimLengths`]), and with the shortest way, which is ours.

use super::{Check, SuiteReport};
use anyhow::{Context, Result, anyhow, bail};
use coxa_muscle::{OpenSimLengths, Paths, Posture, Skeleton, Workspace, model::Model, osim};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// A table is read no further than this.
const MOST_BYTES: u64 = 1 << 28;
const TABLE: &str = "_hip_grid.csv";
/// Errors of length and moment arm that are allowed without surfaces, in mm.
const LENGTH_MM: f64 = 0.05;
const ARM_MM: f64 = 0.1;
/// With surfaces this share of the lengths is to lie within the first bound, in mm, and all within the second.
const SHARE: f64 = 0.98;
const WRAPPED_MM: [f64; 2] = [0.1, 1.0];
/// Moment arms against the slope of our own lengths over so many radians, in mm.
const STEP: f64 = 1e-5;
const SLOPE_MM: f64 = 1e-3;
/// Every n-th pose is asked for slopes.
const EVERY: usize = 25;

#[derive(Deserialize)]
struct Defaults {
    file: String,
    defaults_rad_or_m: BTreeMap<String, f64>,
}

/// Runs the suite.
///
/// # Errors
/// Where the folder has no tables, or a table or its model cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let entries = std::fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut names: Vec<String> = entries
        .filter_map(|entry| {
            entry.ok()?.file_name().into_string().ok()?.strip_suffix(TABLE).map(str::to_owned)
        })
        .collect();
    names.sort();
    if names.is_empty() {
        bail!("{} holds no table NAME{TABLE}", folder.display());
    }
    let mut checks = Vec::new();
    for name in names {
        let table = folder.join(format!("{name}{TABLE}"));
        let found = compare(folder, &name, &table).with_context(|| format!("{}", table.display()))?;
        checks.extend(found);
    }
    Ok(SuiteReport { suite: "opensim-paths", evidence: "real-reference", checks })
}

/// Errors of one muscle over all poses, in mm.
#[derive(Default)]
struct Errors {
    length: Vec<f64>,
    /// Of lengths as OpenSim computes them.
    conforming: Vec<f64>,
    arm: Vec<f64>,
    slope: Vec<f64>,
    /// How many surfaces it runs around.
    surfaces: usize,
}

fn compare(folder: &Path, name: &str, table: &Path) -> Result<Vec<Check>> {
    let text = limited(&folder.join(format!("{name}_defaults.json")))?;
    let defaults: Defaults = serde_json::from_str(&text).with_context(|| format!("{name}_defaults.json"))?;
    let file = model_file(folder, &defaults.file)?;
    let model = osim::read(&limited(&file)?).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    let skeleton = Skeleton::new(&model)?;
    let paths = Paths::new(&model, &skeleton)?;
    let mut q = skeleton.defaults().to_vec();
    for (coordinate, value) in &defaults.defaults_rad_or_m {
        if let Some(place) = skeleton.coordinate(coordinate) {
            q[place] = *value;
        }
    }
    let mut reader = csv::Reader::from_path(table)?;
    let columns = columns(reader.headers()?, &skeleton, &paths)?;
    let mut errors: BTreeMap<usize, Errors> = BTreeMap::new();
    let conforming = OpenSimLengths::new(&paths);
    let (mut posture, mut workspace) = (Posture::default(), Workspace::default());
    let mut arms = vec![0.0; q.len()];
    for (row, record) in reader.records().enumerate() {
        let record = record?;
        let number = |column: usize| -> Result<f64> {
            let word = record.get(column).unwrap_or_default();
            word.trim().parse().map_err(|_| anyhow!("row {}: `{word}` is no number", row + 2))
        };
        for (column, wanted) in &columns {
            if let Column::Coordinate(place) = wanted {
                q[*place] = number(*column)?.to_radians();
            }
        }
        skeleton.place(&q, &mut posture);
        let mut last = None;
        for (column, wanted) in &columns {
            let value = number(*column)?;
            match *wanted {
                Column::Coordinate(_) => {}
                Column::Length(muscle) => {
                    let own = errors.entry(muscle).or_default();
                    let found = paths.length(muscle, &skeleton, &q, &posture, None);
                    own.length.push(1000.0 * (found - value).abs());
                    conforming.lengths(&[muscle], &q, &posture, &mut workspace);
                    own.conforming.extend(workspace.lengths().iter().map(|l| 1000.0 * (l - value).abs()));
                }
                Column::Arm(muscle, coordinate) => {
                    if last != Some(muscle) {
                        paths.length(muscle, &skeleton, &q, &posture, Some(&mut arms));
                        last = Some(muscle);
                    }
                    let found = arms[coordinate];
                    let own = errors.entry(muscle).or_default();
                    own.arm.push(1000.0 * (found - value).abs());
                    if row % EVERY == 0 {
                        let slope = slope(&skeleton, &paths, muscle, &q, coordinate);
                        own.slope.push(1000.0 * (found + slope).abs());
                    }
                }
            }
        }
    }
    for (muscle, errors) in &mut errors {
        errors.surfaces = model.muscles[*muscle].path.wraps.len();
    }
    Ok(checks(name, &model, &errors))
}

/// Change of a muscle's length with a coordinate, by differences.
fn slope(skeleton: &Skeleton, paths: &Paths, muscle: usize, q: &[f64], coordinate: usize) -> f64 {
    let mut posture = Posture::default();
    let mut at = |by: f64| {
        let mut q = q.to_vec();
        q[coordinate] += by;
        skeleton.place(&q, &mut posture);
        paths.length(muscle, skeleton, &q, &posture, None)
    };
    (at(STEP) - at(-STEP)) / (2.0 * STEP)
}

fn checks(name: &str, model: &Model, errors: &BTreeMap<usize, Errors>) -> Vec<Check> {
    let all = |get: &dyn Fn(&Errors) -> &Vec<f64>, wrapped: bool| -> Vec<f64> {
        errors.values().filter(|e| (e.surfaces > 0) == wrapped).flat_map(|e| get(e).iter().copied()).collect()
    };
    let count = |wrapped: bool| errors.values().filter(|e| (e.surfaces > 0) == wrapped).count();
    let note = |wrapped: bool| format!("{} muscles", count(wrapped));
    let mut checks = Vec::new();
    if count(false) > 0 {
        let (length, arm) = (all(&|e| &e.length, false), all(&|e| &e.arm, false));
        checks
            .push(Check::at_most(format!("{name} length"), &length, LENGTH_MM, "mm").with_note(note(false)));
        if !arm.is_empty() {
            let check = Check::at_most(format!("{name} moment arm"), &arm, ARM_MM, "mm");
            checks.push(check.with_note(note(false)));
        }
    }
    if count(true) > 0 {
        let [near, far] = WRAPPED_MM;
        let wrapped = |e: &&Errors| e.surfaces > 0;
        let share = |get: &dyn Fn(&Errors) -> &Vec<f64>| {
            let of: Vec<f64> = errors.values().filter(wrapped).flat_map(|e| get(e).iter().copied()).collect();
            of.iter().filter(|error| **error <= near).count() as f64 / of.len() as f64
        };
        let count = errors.values().filter(wrapped).count();
        let text = format!("{name} lengths within {near} mm around surfaces");
        checks.push(
            Check::at_least(format!("{text}, OpenSim's way"), &[share(&|e| &e.conforming)], SHARE, "")
                .with_note(format!("{count} muscles")),
        );
        checks.push(
            Check::shown(format!("{text}, shortest way"), &[share(&|e| &e.length)], "")
                .with_note(format!("{count} muscles")),
        );
        let of = |get: &dyn Fn(&Errors) -> &Vec<f64>, is_one: &dyn Fn(usize) -> bool| -> Vec<f64> {
            errors.values().filter(|e| is_one(e.surfaces)).flat_map(|e| get(e).iter().copied()).collect()
        };
        checks.push(Check::at_most(
            format!("{name} length around surfaces, OpenSim's way"),
            &of(&|e| &e.conforming, &|surfaces| surfaces > 0),
            far,
            "mm",
        ));
        checks.push(Check::at_most(
            format!("{name} length around one surface, shortest way"),
            &of(&|e| &e.length, &|surfaces| surfaces == 1),
            far,
            "mm",
        ));
        let several = of(&|e| &e.length, &|surfaces| surfaces > 1);
        if !several.is_empty() {
            let note = "no figure of merit: OpenSim's length around several surfaces is that of no way";
            let text = format!("{name} length around several surfaces, shortest way");
            checks.push(Check::shown(text, &several, "mm").with_note(note));
        }
        for (muscle, errors) in errors.iter().filter(|(_, e)| e.length.iter().any(|error| *error > near)) {
            let off = |of: &[f64]| of.iter().filter(|error| **error > near).count();
            let most = errors.conforming.iter().copied().fold(0.0, f64::max);
            let why = match errors.surfaces {
                1 => "its touching points lie in a plane, not on the shortest way",
                _ => "it adds straight parts of its first round to arcs of its last one",
            };
            let note = format!(
                "{} of {} farther off; {} and at most {most:.3} mm with OpenSim's way: {why}",
                off(&errors.length),
                errors.length.len(),
                off(&errors.conforming)
            );
            let check = Check::shown(format!("{name} {}", model.muscles[*muscle].name), &errors.length, "mm");
            checks.push(check.with_note(note));
        }
    }
    let slopes: Vec<f64> = errors.values().flat_map(|e| e.slope.iter().copied()).collect();
    if !slopes.is_empty() {
        checks.push(Check::at_most(
            format!("{name} moment arm, less our own slope"),
            &slopes,
            SLOPE_MM,
            "mm",
        ));
    }
    checks
}

/// What a column of the table holds.
enum Column {
    Coordinate(usize),
    Length(usize),
    Arm(usize, usize),
}

fn columns(header: &csv::StringRecord, skeleton: &Skeleton, paths: &Paths) -> Result<Vec<(usize, Column)>> {
    let muscle = |name: &str| paths.muscle(name).ok_or_else(|| anyhow!("the model has no muscle `{name}`"));
    let coordinate =
        |name: &str| skeleton.coordinate(name).ok_or_else(|| anyhow!("the model has no coordinate `{name}`"));
    header
        .iter()
        .enumerate()
        .map(|(n, name)| {
            let column = match name.split_once('|') {
                None => Column::Coordinate(coordinate(name)?),
                Some((of, "length_m")) => Column::Length(muscle(of)?),
                Some((of, what)) => {
                    let about = what.strip_prefix("ma_").and_then(|what| what.strip_suffix("_m"));
                    let about = about.ok_or_else(|| anyhow!("the column `{name}` is not known"))?;
                    Column::Arm(muscle(of)?, coordinate(about)?)
                }
            };
            Ok((n, column))
        })
        .collect()
}

/// The model's file by its name, in the folder or in `opensim-models` beside it.
fn model_file(folder: &Path, named: &str) -> Result<PathBuf> {
    let name = Path::new(named).file_name().ok_or_else(|| anyhow!("`{named}` names no file"))?;
    let models = folder.join("../opensim-models");
    let mut places = vec![folder.to_path_buf(), models.clone()];
    let inner = std::fs::read_dir(&models).into_iter().flatten().filter_map(|entry| Some(entry.ok()?.path()));
    places.extend(inner.filter(|place| place.is_dir()));
    let found = places.into_iter().map(|place| place.join(name)).find(|file| file.is_file());
    found
        .ok_or_else(|| anyhow!("{} is neither in the folder nor in opensim-models beside it", name.display()))
}

/// The text of a file that is not larger than any of its kind.
pub(crate) fn limited(file: &Path) -> Result<String> {
    let size = std::fs::metadata(file).with_context(|| format!("cannot read {}", file.display()))?.len();
    if size > MOST_BYTES {
        bail!("{} has {size} bytes, more than any file of this kind", file.display());
    }
    std::fs::read_to_string(file).with_context(|| format!("cannot read {}", file.display()))
}
