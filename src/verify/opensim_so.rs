//! Suite `opensim-so`: activations and muscle forces of static optimisation against those of OpenSim.
//!
//! The folder holds `gait2392_subject01_walk1_SO_activation.csv` and `..._SO_force.csv`, OpenSim's answers; model, residual actuators, motion and
//! loads are in `opensim-models/gait2392-static-optimization` beside it.
//!
//! Three things are held apart: what each muscle can bear at full activation (force over activation of the reference), how moments are
//! shared (those that the reference's own forces bear), and the whole, with moments of our own inverse dynamics.

use super::opensim_paths::limited;
use super::{Check, SuiteReport};
use anyhow::{Context, Result, anyhow, bail};
use coxa_muscle::files::{Motion, Storage};
use coxa_muscle::followed::{Followed, FollowedInstant};
use coxa_muscle::optimisation::{MuscleForces, Settings};
use coxa_muscle::{Skeleton, osim};
use std::collections::BTreeMap;
use std::path::Path;

const NAME: &str = "gait2392_subject01_walk1";
pub(super) const MODELS: &str = "../opensim-models/gait2392-static-optimization";
/// Differences that are allowed.
const ACTIVATION: f64 = 0.02;
const FORCE_N: f64 = 10.0;
/// Times of tables that differ by less are the same, s.
const SAME_TIME: f64 = 1e-6;

/// A table of numbers with named columns.
pub(super) struct Table {
    pub(super) columns: BTreeMap<String, usize>,
    pub(super) rows: Vec<Vec<f64>>,
}

impl Table {
    pub(super) fn read(folder: &Path, what: &str) -> Result<Table> {
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

    pub(super) fn column(&self, name: &str) -> Result<usize> {
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

/// What of an instant is held against the reference.
#[derive(Default)]
struct Answers {
    activation: Differences,
    force: Differences,
    /// One for each instant whose moments are out of reach, else zero.
    missed: Vec<f64>,
}

impl Answers {
    /// Controls of actuators are no activations: they are held by their force.
    fn add(
        &mut self,
        shares: &MuscleForces,
        names: &[String],
        activations: &[f64],
        forces: &[f64],
        time: f64,
    ) {
        self.missed.push(if shares.is_met { 0.0 } else { 1.0 });
        for (n, name) in names.iter().enumerate() {
            if n < shares.lengths.len() {
                self.activation.add(shares.controls[n], activations[n], name, time);
            }
            self.force.add(shares.forces[n], forces[n], name, time);
        }
    }

    fn checks(self, of: &str) -> [Check; 3] {
        [
            self.activation.check(&format!("activation, {of}"), ACTIVATION, ""),
            self.force.check(&format!("force, {of}"), FORCE_N, "N"),
            Check::at_most(format!("instants out of reach, {of}"), &self.missed, 0.0, ""),
        ]
    }
}

/// The gait trial.
pub(super) fn read_trial(models: &Path) -> Result<Followed> {
    let read = |name: &str| -> Result<(String, String)> {
        let file = models.join(name);
        Ok((file.display().to_string(), limited(&file)?))
    };
    let table = |name: &str| -> Result<Storage> {
        let (file, text) = read(name)?;
        Storage::read(&text).context(file)
    };
    let (file, text) = read("subject01_simbody_adjusted_StaticOp.osim")?;
    let mut model = osim::read(&text).map_err(|error| anyhow!("{file}: {error}"))?;
    let (file, text) = read("gait2392_SO_weak_Residual_Actuators.xml")?;
    let (muscles, actuators) =
        osim::read_forces(&text, &model).map_err(|error| anyhow!("{file}: {error}"))?;
    model.muscles.extend(muscles);
    model.actuators.extend(actuators);
    let skeleton = Skeleton::new(&model)?;
    let motion = Motion::new(&table("subject01_walk1_Kinematics.sto")?, &model, &skeleton)?;
    let (file, text) = read("foot_floor_loads.xml")?;
    let loads = osim::read_external_loads(&text).map_err(|error| anyhow!("{file}: {error}"))?;
    let loads = osim::AppliedLoads::new(&loads, &table("subject01_walk1_grf.mot")?, &skeleton)?;
    Ok(Followed::new(&model, skeleton, motion, Some(loads), Settings::default())?)
}

/// Runs the suite.
///
/// # Errors
/// Where a file is missing or cannot be read.
pub fn run(folder: &Path) -> Result<SuiteReport> {
    let mut followed = read_trial(&folder.join(MODELS))?;
    let tables = [Table::read(folder, "SO_activation")?, Table::read(folder, "SO_force")?];
    Ok(SuiteReport {
        suite: "opensim-so",
        evidence: "real-reference",
        checks: compare(&mut followed, &tables)?,
    })
}

fn compare(followed: &mut Followed, [activations, forces]: &[Table; 2]) -> Result<Vec<Check>> {
    let optimisation = followed.optimisation();
    let (names, muscles) = (optimisation.names().to_vec(), optimisation.muscles());
    let columns = |table: &Table| names.iter().map(|name| table.column(name)).collect::<Result<Vec<_>>>();
    let columns = [columns(activations)?, columns(forces)?];
    let skeleton = followed.skeleton();
    let places: Vec<usize> =
        optimisation.coordinates().iter().filter_map(|name| skeleton.coordinate(name)).collect();
    let (mut strength, [mut of_reference, mut own]) =
        (Differences::default(), [(); 2].map(|()| Answers::default()));
    let (mut instant, mut shares, mut borne) =
        (FollowedInstant::default(), MuscleForces::default(), Vec::new());
    let mut moments = vec![0.0; skeleton.coordinates().len()];
    for row in &activations.rows {
        let time = row[0];
        let Some(forces) = forces.at(time) else { continue };
        let [activations, forces]: [Vec<f64>; 2] = [(row.as_slice(), &columns[0]), (forces, &columns[1])]
            .map(|(row, columns)| columns.iter().map(|&n| row[n]).collect());
        followed.at(time, &mut instant);
        followed.moments_of(&instant, &forces, &mut borne);
        for (&place, moment) in places.iter().zip(&borne) {
            moments[place] = *moment;
        }
        followed.share_moments(&instant, &moments, &mut shares);
        of_reference.add(&shares, &names, &activations, &forces, time);
        for (n, name) in names.iter().enumerate().take(muscles) {
            strength.add(shares.forces[n] / shares.controls[n], forces[n] / activations[n], name, time);
        }
        followed.share(&instant, &mut shares);
        own.add(&shares, &names, &activations, &forces, time);
    }
    if own.missed.is_empty() {
        bail!("the tables have no time in common");
    }
    let mut checks = vec![strength.check("force at full activation", FORCE_N, "N")];
    checks.extend(of_reference.checks("moments of the reference's forces"));
    checks.extend(own.checks("own inverse dynamics"));
    Ok(checks)
}
