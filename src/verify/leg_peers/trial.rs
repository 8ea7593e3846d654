//! The leg, what it does, and the tables of the script.

use super::super::opensim_paths::limited;
use anyhow::{Context, Result, anyhow, bail};
use coxa_muscle::files::{Course, Motion, Storage};
use coxa_muscle::hip_loads::{LoadedLeg, MotionFrame};
use coxa_muscle::model::Model;
use coxa_muscle::optimisation::Settings;
use coxa_muscle::osim::{self, AppliedLoads, ExternalLoads};
use coxa_muscle::{Posture, Skeleton};
use nalgebra::Vector3;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

pub(super) const SETUP: &str = "leg_peers.toml";

/// What the script was called with.
#[derive(Deserialize)]
struct Setup {
    motion: String,
    weight_n: f64,
}

/// Where accelerations come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Accelerations {
    /// Curves through the values, as in OpenSim's inverse dynamics.
    OfValues,
    /// Curves through the velocities, as in its AnalyzeTool.
    OfSpeeds,
}

/// The leg and what it does.
pub(super) struct Trial {
    folder: PathBuf,
    pub(super) model: Model,
    course: Course,
    /// Curves through the velocities at the rows of the motion, of which AnalyzeTool takes accelerations.
    speeds: Course,
    /// Names of the coordinates of the motion.
    names: Vec<String>,
    loads: ExternalLoads,
    table: Storage,
    pub(super) weight_n: f64,
}

impl Trial {
    pub(super) fn read(folder: &Path) -> Result<Trial> {
        let read = |name: &str| -> Result<(String, String)> {
            let file = folder.join(name);
            Ok((file.display().to_string(), limited(&file)?))
        };
        let (file, text) = read(SETUP)?;
        let Setup { motion, weight_n } = toml::from_str(&text).context(file.clone())?;
        if !(weight_n.is_finite() && weight_n > 0.0) {
            bail!("{file}: `weight_n` is {weight_n}; it must be greater than 0");
        }
        let (file, text) = read("leg.osim")?;
        let model = osim::read(&text).map_err(|error| anyhow!("{file}: {error}"))?;
        let skeleton = Skeleton::new(&model)?;
        let (file, text) = read(&format!("{motion}_motion.mot"))?;
        let table = Storage::read(&text).context(file.clone())?;
        let rows = Motion::new(&table, &model, &skeleton).context(file.clone())?;
        let course = Course::new(&rows).context(file.clone())?;
        let [mut q, mut rate, mut gain] = [(); 3].map(|()| skeleton.defaults().to_vec());
        let mut rate_at = |time: &f64| {
            course.at(*time, &mut q, &mut rate, &mut gain);
            rate.clone()
        };
        let of_rates = rows.times.iter().map(&mut rate_at).collect();
        let speeds = Course::new(&Motion { rows: of_rates, ..rows }).context(file)?;
        let (file, text) = read(&format!("{motion}_external_loads.xml"))?;
        let loads = osim::read_external_loads(&text).map_err(|error| anyhow!("{file}: {error}"))?;
        let (file, text) = read(&format!("{motion}_ground.mot"))?;
        let table = Storage::read(&text).context(file)?;
        let names =
            model.joints.iter().flat_map(|joint| &joint.coordinates).map(|c| c.name.clone()).collect();
        Ok(Trial { folder: folder.to_owned(), model, course, speeds, names, loads, table, weight_n })
    }

    /// The motion at a time on a skeleton that has all its coordinates, and perhaps more.
    pub(super) fn at(
        &self,
        time_s: f64,
        accelerations: Accelerations,
        skeleton: &Skeleton,
        loads: &AppliedLoads,
    ) -> MotionFrame {
        let mut own = [(); 3].map(|()| vec![0.0; self.names.len()]);
        let [values, rates, gains] = &mut own;
        self.course.at(time_s, values, rates, gains);
        if accelerations == Accelerations::OfSpeeds {
            let mut jerks = gains.clone();
            self.speeds.at(time_s, rates, gains, &mut jerks);
        }
        let places: Vec<_> = self.names.iter().map(|name| skeleton.coordinate(name)).collect();
        let [q, rate, acceleration] = own.map(|own| {
            let mut all = vec![0.0; skeleton.coordinates().len()];
            for (place, value) in places.iter().zip(own) {
                if let Some(place) = *place {
                    all[place] = value;
                }
            }
            all
        });
        let (mut posture, mut pushes) = (Posture::default(), Vec::new());
        skeleton.place(&q, &mut posture);
        loads.at(time_s, &posture, &mut pushes);
        MotionFrame { fraction: 0.0, time_s, q, rate, acceleration, pushes, is_seated: false }
    }

    pub(super) fn loads(&self, skeleton: &Skeleton) -> Result<AppliedLoads> {
        Ok(AppliedLoads::new(&self.loads, &self.table, skeleton)?)
    }

    /// Force of the pelvis on the femur along the axes of the pelvis, percent of body weight; the criterion has the joint's force with a weight.
    pub(super) fn hip(&self, times: &[f64], weight: f64, of: Accelerations) -> Result<Vec<Vector3<f64>>> {
        let mut leg = LoadedLeg::new(&self.model, self.weight_n / weight.sqrt(), Settings::default())?;
        let loads = self.loads(leg.skeleton())?;
        let frames: Vec<_> = times.iter().map(|&time| self.at(time, of, leg.skeleton(), &loads)).collect();
        let scale = 100.0 / self.weight_n;
        Ok(leg.solve(&frames).into_iter().map(|instant| instant.on_head_in_pelvis * scale).collect())
    }

    pub(super) fn rows(&self, name: &str) -> Result<Vec<Row>> {
        let file = self.folder.join(name);
        let mut reader =
            csv::Reader::from_path(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let names: Vec<String> = reader.headers()?.iter().map(str::to_owned).collect();
        let row = |(n, record): (usize, csv::Result<csv::StringRecord>)| -> Result<Row> {
            let record = record.with_context(|| file.display().to_string())?;
            let cells = names.iter().cloned().zip(record.iter().map(str::to_owned)).collect();
            Ok(Row { place: format!("{}, line {}", file.display(), n + 2), cells })
        };
        let rows = reader.records().enumerate().map(row).collect::<Result<Vec<_>>>()?;
        if rows.is_empty() {
            bail!("{} has no rows; make the folder again", file.display());
        }
        Ok(rows)
    }
}

/// A row of a table of the script.
pub(super) struct Row {
    pub(super) place: String,
    pub(super) cells: BTreeMap<String, String>,
}

impl Row {
    pub(super) fn text(&self, column: &str) -> Result<&str> {
        self.cells
            .get(column)
            .map(String::as_str)
            .ok_or_else(|| anyhow!("{}: there is no column `{column}`", self.place))
    }

    pub(super) fn number(&self, column: &str) -> Result<f64> {
        let word = self.text(column)?;
        let value = word.trim().parse().ok().filter(|value: &f64| value.is_finite());
        value.ok_or_else(|| anyhow!("{}: `{word}` is no number; make the folder again", self.place))
    }

    pub(super) fn numbers(&self, columns: [String; 3]) -> Result<Vector3<f64>> {
        let [x, y, z] = columns.map(|column| self.number(&column));
        Ok(Vector3::new(x?, y?, z?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_row_names_its_line_where_it_has_no_number() {
        let cells = [("length_m".to_owned(), "long".to_owned())].into();
        let row = Row { place: "table.csv, line 2".into(), cells };
        let error = row.number("length_m").unwrap_err().to_string();
        assert_eq!(error, "table.csv, line 2: `long` is no number; make the folder again");
        assert!(row.number("arm").unwrap_err().to_string().contains("no column `arm`"));
    }
}
