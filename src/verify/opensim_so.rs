//! Suite `opensim-so`: activations and muscle forces of static optimisation against those of OpenSim.
//!
//! The folder holds `gait2392_subject01_walk1_SO_activation.csv` and `..._SO_force.csv`, OpenSim's answers, and `..._lengths_momentarms.csv` with
//! the motion; model and residual actuators are in `opensim-models/gait2392-static-optimization` beside it.
//!
//! Three things are held apart: what each muscle can bear at full activation (force over activation of the reference), how moments are
//! shared (those that the reference's own forces bear), and both at once with moments of our own inverse dynamics.

use super::opensim_paths::limited;
use super::{Check, SuiteReport};
use anyhow::{Context, Result, anyhow, bail};
use coxa_sim::muscle::function::{Function, Spline};
use coxa_sim::muscle::model::{Model, Motion};
use coxa_sim::muscle::optimisation::{Instant, Settings, Shares, StaticOptimisation};
use coxa_sim::muscle::{Paths, Posture, Skeleton, osim};
use std::collections::BTreeMap;
use std::path::Path;

const NAME: &str = "gait2392_subject01_walk1";
const MODELS: &str = "../opensim-models/gait2392-static-optimization";
/// Differences that are allowed.
const ACTIVATION: f64 = 0.02;
const FORCE_N: f64 = 10.0;
/// Times of tables that differ by less are the same, s.
const SAME_TIME: f64 = 1e-6;

/// A table of numbers with named columns.
struct Table {
    columns: BTreeMap<String, usize>,
    rows: Vec<Vec<f64>>,
}

impl Table {
    fn read(folder: &Path, what: &str) -> Result<Table> {
        let file = folder.join(format!("{NAME}_{what}.csv"));
        let text = limited(&file)?;
        let mut reader = csv::Reader::from_reader(text.as_bytes());
        let columns = reader.headers()?.iter().enumerate().map(|(n, name)| (name.to_owned(), n)).collect();
        let mut rows = Vec::new();
        for (n, record) in reader.records().enumerate() {
            let record = record.with_context(|| format!("{}", file.display()))?;
            let number = |word: &str| -> Result<f64> {
                let found = word.trim().parse::<f64>().ok().filter(|value| value.is_finite());
                found.ok_or_else(|| anyhow!("{}, row {}: `{word}` is no number", file.display(), n + 2))
            };
            rows.push(record.iter().map(number).collect::<Result<_>>()?);
        }
        Ok(Table { columns, rows })
    }

    fn column(&self, name: &str) -> Result<usize> {
        self.columns.get(name).copied().ok_or_else(|| anyhow!("a reference table has no column `{name}`"))
    }

    /// The row of a time.
    fn at(&self, time: f64) -> Option<&[f64]> {
        self.rows.iter().find(|row| (row[0] - time).abs() < SAME_TIME).map(Vec::as_slice)
    }
}

/// Differences, and where the greatest is.
#[derive(Default)]
struct Differences {
    all: Vec<f64>,
    worst: f64,
    place: String,
}

impl Differences {
    fn add(&mut self, found: f64, expected: f64, name: &str, time: f64) {
        let off = (found - expected).abs();
        self.all.push(off);
        if off > self.worst || off.is_nan() {
            self.worst = off;
            self.place = format!("worst: {name} at {time:.3} s, {found:.4} for {expected:.4}");
        }
    }

    fn check(self, name: &str, tolerance: f64, unit: &'static str) -> Check {
        Check::at_most(name, &self.all, tolerance, unit).with_note(self.place)
    }
}

/// Runs the suite.
///
/// # Errors
/// Where a file is missing or cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let models = folder.join(MODELS);
    let file = models.join("subject01_simbody_adjusted_StaticOp.osim");
    let mut model = osim::read(&limited(&file)?).map_err(|error| anyhow!("{}: {error}", file.display()))?;
    let file = models.join("gait2392_SO_weak_Residual_Actuators.xml");
    let (muscles, actuators) = osim::read_forces(&limited(&file)?, &model)
        .map_err(|error| anyhow!("{}: {error}", file.display()))?;
    model.muscles.extend(muscles);
    model.actuators.extend(actuators);
    let tables = [Table::read(folder, "SO_activation")?, Table::read(folder, "SO_force")?];
    let motion = Table::read(folder, "lengths_momentarms")?;
    Ok(SuiteReport {
        suite: "opensim-so",
        evidence: "real-reference",
        checks: compare(&model, &tables, &motion)?,
    })
}

/// Coordinates of a model over time.
fn splines(model: &Model, motion: &Table) -> Result<Vec<Function>> {
    let times: Vec<f64> = motion.rows.iter().map(|row| row[0]).collect();
    let coordinates = model.joints.iter().flat_map(|joint| &joint.coordinates);
    coordinates
        .map(|coordinate| {
            let column = motion.column(&coordinate.name)?;
            let unit = if coordinate.motion == Motion::Translation { 1.0 } else { 1f64.to_radians() };
            let values: Vec<f64> = motion.rows.iter().map(|row| unit * row[column]).collect();
            Ok(Function::Spline(Spline::natural(5, &times, &values)?))
        })
        .collect()
}

fn compare(model: &Model, [activations, forces]: &[Table; 2], motion: &Table) -> Result<Vec<Check>> {
    let skeleton = Skeleton::new(model)?;
    let paths = Paths::new(model, &skeleton)?;
    let mut optimisation = StaticOptimisation::new(model, &skeleton, &paths, Settings::default())?;
    let names = optimisation.names().to_vec();
    let columns = |table: &Table| names.iter().map(|name| table.column(name)).collect::<Result<Vec<_>>>();
    let columns = [columns(activations)?, columns(forces)?];
    let splines = splines(model, motion)?;
    let places: Vec<usize> =
        optimisation.coordinates().iter().filter_map(|name| skeleton.coordinate(name)).collect();
    let [mut strength, mut activation, mut force] = [(); 3].map(|()| Differences::default());
    let (mut posture, mut shares, mut borne) = (Posture::default(), Shares::default(), Vec::new());
    let mut met = Vec::new();
    for time in motion.rows.iter().map(|row| row[0]) {
        let (Some(activations), Some(forces)) = (activations.at(time), forces.at(time)) else { continue };
        let [activations, forces]: [Vec<f64>; 2] = [(activations, &columns[0]), (forces, &columns[1])]
            .map(|(row, columns)| columns.iter().map(|&n| row[n]).collect());
        let mut q: Vec<f64> = splines.iter().map(|spline| spline.value(&[time])).collect();
        skeleton.couple(&mut q);
        let velocities: Vec<f64> = splines.iter().map(|spline| spline.derivative(&[time], &[0])).collect();
        skeleton.place(&q, &mut posture);
        optimisation.moments_of(&skeleton, &paths, &q, &posture, &forces, &mut borne);
        let mut moments = vec![0.0; q.len()];
        for (&place, moment) in places.iter().zip(&borne) {
            moments[place] = *moment;
        }
        let instant = Instant { q: &q, velocities: &velocities, posture: &posture, moments: &moments };
        optimisation.solve(&skeleton, &paths, &instant, &mut shares);
        met.push(if shares.is_met { 0.0 } else { 1.0 });
        for (n, name) in names.iter().enumerate() {
            if n < optimisation.muscles() {
                let own = shares.forces[n] / shares.controls[n];
                strength.add(own, forces[n] / activations[n], name, time);
            }
            activation.add(shares.controls[n], activations[n], name, time);
            force.add(shares.forces[n], forces[n], name, time);
        }
    }
    if met.is_empty() {
        bail!("the tables have no time in common");
    }
    Ok(vec![
        strength.check("force at full activation", FORCE_N, "N"),
        Check::at_most("instants out of reach", &met, 0.0, ""),
        activation.check("activation, moments of the reference's forces", ACTIVATION, ""),
        force.check("force, moments of the reference's forces", FORCE_N, "N"),
    ])
}
