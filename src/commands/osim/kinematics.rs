//! Inverse kinematics, as OpenSim's `InverseKinematicsTool` has it.

use super::markers;
use super::text::text;
use super::trial::{beside, read_model};
use crate::cli::osim::IkArgs;
use crate::commands::findings::print_findings;
use crate::exported;
use anyhow::{Context, Result, anyhow};
use coxa_case::progress::Progress;
use coxa_muscle::Skeleton;
use coxa_muscle::files::{Motion, Storage};
use coxa_muscle::osim::kinematics_setup::{self, KinematicsSetup};
use coxa_muscle::tracking::{Goals, Tracked, track};
use serde_json::json;
use std::path::{Path, PathBuf};

/// What is asked for.
struct Asked {
    setup: KinematicsSetup,
    markers: PathBuf,
    coordinates: Option<PathBuf>,
    folder: PathBuf,
}

/// Runs the action.
pub(super) fn run(model: &Path, args: &IkArgs, progress: &dyn Progress) -> Result<()> {
    let asked = asked(args)?;
    let survey = read_model(model)?;
    markers::note_unread(&survey);
    if asked.setup.asks_for_locations {
        eprintln!("note: ignored in the set-up: report_marker_locations");
    }
    let named = |error: String| anyhow!("{}: {error}", model.display());
    let skeleton = Skeleton::new(&survey.model).map_err(|error| named(error.to_string()))?;
    let trial = markers::read(&asked.markers)?;
    let course = match &asked.coordinates {
        Some(file) => Some(markers::coordinates(file, &survey.model, &skeleton, &trial, asked.setup.time)?),
        None => None,
    };
    let followed = course.as_ref().map(|(course, missing)| (course, &missing[..]));
    let of_trial =
        |error: coxa_muscle::tracking::TrackingError| anyhow!("{}: {error}", asked.markers.display());
    let goals = Goals::new(&survey.model, &skeleton, &trial.names, asked.setup.tasks.as_ref(), followed);
    let goals = goals.map_err(of_trial)?;
    let found = progress.stage("inverse kinematics", |_| {
        let course = course.as_ref().map(|(course, _)| course);
        track(&survey.model, &skeleton, &goals, &trial, asked.setup.time, course)
    });
    let found = found.map_err(of_trial)?;
    let motion = Motion::table("Coordinates", &survey.model, found.times.clone(), &found.rows);
    let name = &asked.setup.name;
    let output = asked.setup.output.clone().unwrap_or_else(|| format!("{name}_ik.mot"));
    let mut files = vec![(output, motion.write())];
    if asked.setup.reports_errors {
        files.push((format!("{name}_ik_marker_errors.sto"), errors(&found).write()));
    }
    let files = exported::write(&asked.folder, &files)?;
    let rms_mm = 1e3 * found.rms();
    let most_mm = 1e3 * found.misses.iter().map(|miss| miss.most).fold(0.0, f64::max);
    if args.json {
        let all = json!({
            "model": survey.model.name, "frames": found.times.len(), "markers": goals.markers().collect::<Vec<_>>(), "rms_mm": rms_mm, "greatest_mm": most_mm, "files": files,
            "findings": found.findings,
        });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    print_findings(&found.findings);
    say!(
        "{} time steps, {} markers missed by {rms_mm:.1} mm (root mean square), {most_mm:.1} mm at most:",
        found.times.len(),
        goals.markers().count()
    );
    files.iter().for_each(|file| say!("{}", file.display()));
    Ok(())
}

fn asked(args: &IkArgs) -> Result<Asked> {
    let here = || PathBuf::from(".");
    if let Some(file) = &args.setup {
        let setup =
            kinematics_setup::read(&text(file)?).map_err(|error| anyhow!("{}: {error}", file.display()))?;
        let markers =
            setup.markers.as_ref().with_context(|| format!("{} names no marker_file", file.display()))?;
        return Ok(Asked {
            markers: beside(file, markers),
            coordinates: setup.coordinates.as_ref().map(|named| beside(file, named)),
            folder: args
                .output
                .clone()
                .or(setup.results.as_ref().map(|named| beside(file, named)))
                .unwrap_or_else(here),
            setup,
        });
    }
    let markers = args.markers.clone().context("give --setup or --markers")?;
    let setup = KinematicsSetup {
        name: markers.file_stem().unwrap_or_default().to_string_lossy().into_owned(),
        tasks: None,
        markers: None,
        coordinates: None,
        time: [f64::NEG_INFINITY, f64::INFINITY],
        reports_errors: true,
        asks_for_locations: false,
        output: None,
        results: None,
    };
    Ok(Asked { setup, markers, coordinates: None, folder: args.output.clone().unwrap_or_else(here) })
}

/// How far markers are missed over time, as OpenSim tells it.
fn errors(found: &Tracked) -> Storage {
    Storage {
        name: "Model Marker Errors from IK".into(),
        in_degrees: Some(false),
        columns: ["total_squared_error", "marker_error_RMS", "marker_error_max"].map(str::to_owned).to_vec(),
        times: found.times.clone(),
        rows: found.misses.iter().map(|miss| vec![miss.squared, miss.rms, miss.most]).collect(),
    }
}
