//! Lengths and moment arms of muscles, as OpenSim's `MuscleAnalysis` has them.

use super::trial::Trial;
use crate::cli::osim::{OsimAction, OsimArgs};
use crate::commands::plan::print_findings;
use crate::failure::file_error;
use crate::progress::Progress;
use anyhow::{Result, anyhow, bail};
use coxa_sim::muscle::files::Storage;
use coxa_sim::muscle::osim::setup::Analysis;
use coxa_sim::muscle::{Paths, Posture};
use rayon::prelude::*;
use serde_json::json;

/// Moment arms below this are none, m or without unit.
const NO_ARM: f64 = 1e-9;

/// Lengths in m of the muscles asked for, and the moment arms of each about the coordinates asked for.
struct Row {
    lengths: Vec<f64>,
    arms: Vec<Vec<f64>>,
}

/// Which muscles and coordinates are asked for, by their places.
struct Asked {
    muscles: Vec<usize>,
    coordinates: Vec<usize>,
    every: usize,
}

/// Runs the action.
pub(super) fn run(args: &OsimArgs, progress: &Progress) -> Result<()> {
    let trial = progress.stage("reading", |_| Trial::read(args))?;
    // They pull along paths of their own and change no muscle's.
    for force in &trial.unsupported_forces {
        eprintln!("note: {force}");
    }
    let paths =
        Paths::new(&trial.model, &trial.skeleton).map_err(|e| anyhow!("{}: {e}", args.model.display()))?;
    let asked = asked(args, &trial, &paths)?;
    match trial.motion {
        None => print_default(args, &trial, &paths, &asked),
        Some(_) => write_results(args, &trial, &paths, &asked, progress),
    }
}

/// By the command line, else by the set-up's muscle analysis, else all.
fn asked(args: &OsimArgs, trial: &Trial, paths: &Paths) -> Result<Asked> {
    let (mut muscles, mut coordinates, mut every) = (args.muscle.clone(), args.coordinate.clone(), 1);
    if let Some(setup) = &trial.setup {
        let analysis = setup.analyses.iter().find_map(|analysis| match analysis {
            Analysis::Muscles { muscles, coordinates, every } => Some((muscles, coordinates, *every)),
            _ => None,
        });
        let Some((theirs, about, step)) = analysis else {
            bail!("the set-up asks for no MuscleAnalysis that is switched on");
        };
        every = step;
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
                    anyhow!("the model has no {what} `{name}`: coxa osim MODEL info names them")
                })
            })
            .collect()
    };
    let names: Vec<String> = paths.names().map(str::to_owned).collect();
    Ok(Asked {
        muscles: find(&muscles, &names, "muscle")?,
        coordinates: find(&coordinates, trial.skeleton.coordinates(), "coordinate")?,
        every,
    })
}

/// Lengths, and arms where they are wanted, in one position.
fn row(
    trial: &Trial,
    paths: &Paths,
    asked: &Asked,
    q: &[f64],
    with_arms: bool,
    posture: &mut Posture,
) -> Row {
    trial.skeleton.place(q, posture);
    let mut all = vec![0.0; q.len()];
    let mut row = Row { lengths: Vec::new(), arms: Vec::new() };
    for &muscle in &asked.muscles {
        let arms = with_arms.then_some(&mut all[..]);
        row.lengths.push(paths.length(muscle, &trial.skeleton, q, posture, arms));
        row.arms.push(asked.coordinates.iter().map(|&c| all[c]).collect());
    }
    row
}

fn print_default(args: &OsimArgs, trial: &Trial, paths: &Paths, asked: &Asked) -> Result<()> {
    let with_arms = args.action == OsimAction::MomentArms;
    let mut q = trial.skeleton.defaults().to_vec();
    trial.skeleton.couple(&mut q);
    let found = row(trial, paths, asked, &q, with_arms, &mut Posture::default());
    let names: Vec<&str> = paths.names().collect();
    let coordinates = trial.skeleton.coordinates();
    let each = asked.muscles.iter().zip(found.lengths.iter().zip(&found.arms));
    if args.json {
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
    if with_arms {
        say!("{:24} {:24} {:>9}", "muscle", "coordinate", "arm mm");
    } else {
        say!("{:24} {:>9}", "muscle", "length mm");
    }
    for (&muscle, (length, arms)) in each {
        if !with_arms {
            say!("{:24} {:9.2}", names[muscle], 1000.0 * length);
        }
        for (&coordinate, arm) in asked.coordinates.iter().zip(arms).filter(|(_, arm)| arm.abs() > NO_ARM) {
            say!("{:24} {:24} {:9.2}", names[muscle], coordinates[coordinate], 1000.0 * arm);
        }
    }
    Ok(())
}

fn write_results(
    args: &OsimArgs,
    trial: &Trial,
    paths: &Paths,
    asked: &Asked,
    progress: &Progress,
) -> Result<()> {
    let Some(motion) = &trial.motion else { return Ok(()) };
    let with_arms = args.action == OsimAction::MomentArms;
    let frames: Vec<(f64, &Vec<f64>)> =
        motion.times.iter().copied().zip(&motion.rows).step_by(asked.every).collect();
    let rows: Vec<Row> = progress.stage("paths", |_| {
        let start = Posture::default;
        frames
            .par_iter()
            .map_init(start, |posture, (_, q)| row(trial, paths, asked, q, with_arms, posture))
            .collect()
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
    std::fs::create_dir_all(&trial.folder).map_err(|e| file_error("write", &trial.folder, &e))?;
    let mut files = Vec::new();
    for table in tables {
        let file = trial.folder.join(format!("{}_MuscleAnalysis_{}.sto", trial.name, table.name));
        std::fs::write(&file, table.write()).map_err(|e| file_error("write", &file, &e))?;
        files.push(file);
    }
    if args.json {
        let all = json!({
            "model": trial.model.name, "rows": frames.len(), "muscles": columns, "files": files,
            "missing_coordinates": motion.missing, "findings": motion.findings, "unsupported_forces": trial.unsupported_forces,
        });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    print_findings(&motion.findings);
    if !motion.missing.is_empty() {
        say!("at their default, for the motion says nothing of them: {}", motion.missing.join(", "));
    }
    let unit = if with_arms { "moment arms in m" } else { "lengths in m" };
    say!("{} rows of {} muscles, {unit}:", frames.len(), columns.len());
    files.iter().for_each(|file| say!("{}", file.display()));
    Ok(())
}
