//! Lengths and moment arms of muscles, as OpenSim's `MuscleAnalysis` has them.

use super::trial::{Request, Tool, Trial};
use crate::cli::osim::LengthsArgs;
use crate::commands::findings::print_findings;
use crate::table::Table;
use anyhow::{Result, anyhow};
use coxa_case::progress::Progress;
use coxa_muscle::files::Storage;
use coxa_muscle::osim::setup::Analysis;
use coxa_muscle::{Paths, Posture};
use rayon::prelude::*;
use serde_json::json;
use std::path::Path;

/// Moment arms below this are none, m or without unit.
const NO_ARM: f64 = 1e-9;

/// Lengths in m of the muscles asked for, and the moment arms of each about the coordinates asked for.
struct PathRow {
    lengths: Vec<f64>,
    arms: Vec<Vec<f64>>,
}

/// Which muscles and coordinates are asked for, by their places.
struct WantedMuscles {
    muscles: Vec<usize>,
    coordinates: Vec<usize>,
    /// Whether arms are, about these; else lengths.
    with_arms: bool,
    /// Of a motion what the analysis is called and which rows it tells.
    name: String,
    every: usize,
}

/// Runs the action: lengths, or where there is a list of coordinates moment arms about these.
pub(super) fn run(
    model: &Path,
    args: &LengthsArgs,
    about: Option<&[String]>,
    progress: &dyn Progress,
) -> Result<()> {
    let request = Request::of_motion(model, &args.motion, Tool::Muscles);
    let trial = progress.stage("reading", |_| Trial::read(&request))?;
    // They pull along paths of their own and change no muscle's.
    for force in &trial.unsupported_forces {
        eprintln!("note: {force}");
    }
    let paths = Paths::new(&trial.model, &trial.skeleton).map_err(|e| anyhow!("{}: {e}", model.display()))?;
    let asked = asked(args, about, &trial, &paths)?;
    let json = args.motion.json;
    match trial.motion {
        None => print_default(json, &trial, &paths, &asked),
        Some(_) => write_results(json, &trial, &paths, &asked, progress),
    }
}

/// By the command line, else by the set-up's muscle analysis, else all.
fn asked(
    args: &LengthsArgs,
    about: Option<&[String]>,
    trial: &Trial,
    paths: &Paths,
) -> Result<WantedMuscles> {
    let (mut muscles, mut coordinates) = (args.muscle.clone(), about.unwrap_or_default().to_vec());
    let (mut name, mut every) = ("MuscleAnalysis".to_owned(), 1);
    if trial.setup.is_some() {
        let found = trial.asked(|analysis| matches!(analysis, Analysis::Muscles { .. }));
        let Some((own, Analysis::Muscles { muscles: theirs, coordinates: about })) =
            found.map(|own| (own, &own.analysis))
        else {
            return Err(trial.asks_otherwise("MuscleAnalysis"));
        };
        (name, every) = (own.name.clone(), own.every);
        muscles = if muscles.is_empty() { theirs.clone() } else { muscles };
        coordinates = if coordinates.is_empty() { about.clone() } else { coordinates };
    }
    let find = |names: &[String], all: &[String], what: &str| -> Result<Vec<usize>> {
        if names.is_empty() {
            return Ok((0..all.len()).collect());
        }
        let place = |name: &String| all.iter().position(|own| own == name);
        names
            .iter()
            .map(|name| {
                place(name).ok_or_else(|| {
                    anyhow!("the model has no {what} `{name}`: coxa osim MODEL info lists them")
                })
            })
            .collect()
    };
    let names: Vec<String> = paths.names().map(str::to_owned).collect();
    Ok(WantedMuscles {
        muscles: find(&muscles, &names, "muscle")?,
        coordinates: find(&coordinates, trial.skeleton.coordinates(), "coordinate")?,
        with_arms: about.is_some(),
        name,
        every,
    })
}

/// Lengths, and arms where they are wanted, in one position.
fn row(trial: &Trial, paths: &Paths, asked: &WantedMuscles, q: &[f64], posture: &mut Posture) -> PathRow {
    trial.skeleton.place(q, posture);
    let mut all = vec![0.0; q.len()];
    let mut row = PathRow { lengths: Vec::new(), arms: Vec::new() };
    for &muscle in &asked.muscles {
        let arms = asked.with_arms.then_some(&mut all[..]);
        row.lengths.push(paths.length(muscle, &trial.skeleton, q, posture, arms));
        row.arms.push(asked.coordinates.iter().map(|&c| all[c]).collect());
    }
    row
}

fn print_default(json: bool, trial: &Trial, paths: &Paths, asked: &WantedMuscles) -> Result<()> {
    let with_arms = asked.with_arms;
    let mut q = trial.skeleton.defaults().to_vec();
    trial.skeleton.couple(&mut q);
    let found = row(trial, paths, asked, &q, &mut Posture::default());
    let names: Vec<&str> = paths.names().collect();
    let coordinates = trial.skeleton.coordinates();
    let each = asked.muscles.iter().zip(found.lengths.iter().zip(&found.arms));
    if json {
        let muscles = each.map(|(&muscle, (length, arms))| {
            let arms = asked.coordinates.iter().zip(arms).filter(|(_, arm)| arm.abs() > NO_ARM);
            let arms: serde_json::Map<_, _> =
                arms.map(|(&c, arm)| (coordinates[c].clone(), json!(arm))).collect();
            match with_arms {
                true => json!({ "name": names[muscle], "length_m": length, "moment_arms_m": arms }),
                false => json!({ "name": names[muscle], "length_m": length }),
            }
        });
        let muscles: Vec<_> = muscles.collect();
        let all = json!({ "model": trial.model.name, "muscles": muscles, "unsupported_forces": trial.unsupported_forces });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    let mut table = Table::new().left("muscle");
    table = if with_arms { table.left("coordinate").right("arm mm") } else { table.right("length mm") };
    for (&muscle, (length, arms)) in each {
        if !with_arms {
            table.row(&[&names[muscle], &format_args!("{:.2}", 1000.0 * length)]);
        }
        for (&coordinate, arm) in asked.coordinates.iter().zip(arms).filter(|(_, arm)| arm.abs() > NO_ARM) {
            table.row(&[&names[muscle], &coordinates[coordinate], &format_args!("{:.2}", 1000.0 * arm)]);
        }
    }
    say!("{table}");
    Ok(())
}

fn write_results(
    json: bool,
    trial: &Trial,
    paths: &Paths,
    asked: &WantedMuscles,
    progress: &dyn Progress,
) -> Result<()> {
    let Some(motion) = &trial.motion else { return Ok(()) };
    let with_arms = asked.with_arms;
    let frames: Vec<(f64, &Vec<f64>)> =
        trial.told(asked.every).into_iter().map(|n| (motion.times[n], &motion.rows[n])).collect();
    let rows: Vec<PathRow> = progress.stage("paths", |_| {
        let start = Posture::default;
        frames.par_iter().map_init(start, |posture, (_, q)| row(trial, paths, asked, q, posture)).collect()
    });
    let names: Vec<&str> = paths.names().collect();
    let columns: Vec<String> = asked.muscles.iter().map(|&muscle| names[muscle].to_owned()).collect();
    let table = |name: &str, rows: Vec<Vec<f64>>| Storage {
        name: name.to_owned(),
        in_degrees: Some(false),
        columns: columns.clone(),
        times: frames.iter().map(|(time, _)| *time).collect(),
        rows,
    };
    let mut tables = Vec::new();
    if with_arms {
        for (place, &coordinate) in asked.coordinates.iter().enumerate() {
            let of_one = rows.iter().map(|row| row.arms.iter().map(|arms| arms[place]).collect()).collect();
            tables.push(table(&format!("MomentArm_{}", trial.skeleton.coordinates()[coordinate]), of_one));
        }
    } else {
        tables.push(table("Length", rows.into_iter().map(|row| row.lengths).collect()));
    }
    let called = |table: Storage| (format!("{}_{}_{}.sto", trial.name, asked.name, table.name), table);
    let files = trial.write(&tables.into_iter().map(called).collect::<Vec<_>>())?;
    if json {
        let all = json!({
            "model": trial.model.name, "rows": frames.len(), "muscles": columns, "files": files,
            "missing_coordinates": motion.missing, "findings": motion.findings, "unsupported_forces": trial.unsupported_forces,
        });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    print_findings(&motion.findings);
    if !motion.missing.is_empty() {
        say!("not in the motion, held at their default: {}", motion.missing.join(", "));
    }
    let unit = if with_arms { "moment arms in m" } else { "lengths in m" };
    say!("{} rows of {} muscles, {unit}:", frames.len(), columns.len());
    files.iter().for_each(|file| say!("{}", file.display()));
    Ok(())
}
