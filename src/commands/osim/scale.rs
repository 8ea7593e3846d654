//! A model made a person's, as OpenSim's `ScaleTool` has it.

use super::markers;
use super::text::text;
use super::trial::{beside, read_model};
use crate::cli::osim::SetupArgs;
use crate::commands::findings::print_findings;
use crate::exported;
use crate::table::Table;
use anyhow::{Context, Result, anyhow};
use coxa_case::progress::Progress;
use coxa_muscle::files::Motion;
use coxa_muscle::model::Model;
use coxa_muscle::osim::scale_setup::{self, Placing, ScaleSetup, Scaling};
use coxa_muscle::scaling::{Factors, Placed, factors, place, scaled};
use coxa_muscle::{Skeleton, osim};
use serde_json::json;
use std::path::{Path, PathBuf};

/// Runs the action.
pub(super) fn run(file: &Path, args: &SetupArgs, progress: &dyn Progress) -> Result<()> {
    let path = &args.setup;
    let setup = scale_setup::read(&text(path)?).map_err(|error| anyhow!("{}: {error}", path.display()))?;
    let survey = read_model(file)?;
    markers::note_left_out(&survey);
    for property in &setup.ignored {
        eprintln!("note: ignored in the set-up: {property}");
    }
    let mut model = survey.model;
    add_markers(&mut model, path, &setup)?;
    let mut files = Vec::new();
    let mut used = Factors::new();
    if let Some(scaling) = &setup.scaling {
        used = progress.stage("scaling", |_| scale(&mut model, path, &setup, scaling))?;
        files.extend(scaling.output.clone().map(|name| (name, osim::write(&model))));
    }
    let mut placed = None;
    if let Some(placing) = &setup.placing {
        let found = progress.stage("placing markers", |_| put(&model, path, placing))?;
        model = found.model.clone();
        if let Some(name) = &placing.motion {
            let pose = Motion::table("static pose", &model, found.pose.times.clone(), &found.pose.rows);
            files.push((name.clone(), pose.write()));
        }
        placed = Some(found);
    }
    // The last model is written whether the set-up names a file for it or not.
    let named = match (&setup.placing, &setup.scaling) {
        (Some(placing), _) => placing.output.clone(),
        (None, Some(scaling)) => scaling.output.clone(),
        (None, None) => None,
    };
    let name = named.unwrap_or_else(|| format!("{}.osim", setup.name));
    files.retain(|(other, _)| *other != name);
    files.push((name, osim::write(&model)));
    let folder = args.output.clone().unwrap_or_else(|| PathBuf::from("."));
    let files = exported::write(&folder, &files)?;
    tell(args, &model, &used, placed.as_ref(), &files)
}

/// Markers of the set-up's own file take the place of those of the same name.
fn add_markers(model: &mut Model, path: &Path, setup: &ScaleSetup) -> Result<()> {
    if let Some(named) = &setup.marker_set {
        let file = beside(path, named);
        let read = osim::read_markers(&text(&file)?, model);
        let read = read.map_err(|error| anyhow!("{}: {error}", file.display()))?;
        model.markers.retain(|marker| !read.iter().any(|other| other.name == marker.name));
        model.markers.extend(read);
    }
    Ok(())
}

fn scale(model: &mut Model, path: &Path, setup: &ScaleSetup, scaling: &Scaling) -> Result<Factors> {
    let of_setup = |error: coxa_muscle::scaling::ScalingError| anyhow!("{}: {error}", path.display());
    let trial = match &scaling.markers {
        Some(named) => Some(markers::read(&beside(path, named))?),
        None => None,
    };
    let skeleton = Skeleton::new(model)?;
    let used = factors(model, &skeleton, scaling, trial.as_ref()).map_err(of_setup)?;
    *model = scaled(model, &used, setup.mass_kg, scaling.keeps_mass_distribution).map_err(of_setup)?;
    model.name.clone_from(&setup.name);
    Ok(used)
}

fn put(model: &Model, path: &Path, placing: &Placing) -> Result<Placed> {
    let named = placing.markers.as_ref();
    let named =
        named.with_context(|| format!("{}: its MarkerPlacer names no marker_file", path.display()))?;
    let file = beside(path, named);
    let trial = markers::read(&file)?;
    let skeleton = Skeleton::new(model)?;
    let course = match &placing.coordinates {
        Some(named) => {
            Some(markers::coordinates(&beside(path, named), model, &skeleton, &trial, placing.time)?)
        }
        None => None,
    };
    let followed = course.as_ref().map(|(course, missing)| (course, &missing[..]));
    place(model, &skeleton, placing, &trial, followed).map_err(|error| anyhow!("{}: {error}", file.display()))
}

fn tell(
    args: &SetupArgs,
    model: &Model,
    used: &Factors,
    placed: Option<&Placed>,
    files: &[PathBuf],
) -> Result<()> {
    let mass_kg: f64 = model.bodies.iter().map(|body| body.mass).sum();
    let findings = placed.map_or(&[][..], |placed| &placed.pose.findings);
    let miss = placed.and_then(|placed| placed.pose.misses.first());
    if args.json {
        let factors: Vec<_> = used
            .iter()
            .map(|(body, factors)| json!({ "body": body, "factors": factors.as_slice() }))
            .collect();
        let all = json!({
            "model": model.name, "mass_kg": mass_kg, "scaled": factors, "rms_mm": miss.map(|miss| 1e3 * miss.rms), "greatest_mm": miss.map(|miss| 1e3 * miss.most),
            "left_out_markers": placed.map(|placed| &placed.without), "unseen_markers": placed.map(|placed| &placed.unseen), "files": files, "findings": findings,
        });
        say!("{}", serde_json::to_string_pretty(&all)?);
        return Ok(());
    }
    print_findings(findings);
    if !used.is_empty() {
        let mut table = Table::new().left("body").right("x").right("y").right("z");
        for (body, factors) in used {
            let [x, y, z] = [factors.x, factors.y, factors.z].map(|factor| format!("{factor:.4}"));
            table.row(&[body, &x, &y, &z]);
        }
        say!("{table}\n");
    }
    if let Some(placed) = placed.filter(|placed| !placed.without.is_empty()) {
        say!("markers that the static pose does not have, left out: {}", placed.without.join(", "));
    }
    if let Some(placed) = placed.filter(|placed| !placed.unseen.is_empty()) {
        say!(
            "markers never seen in the static pose, left where the model has them: {}",
            placed.unseen.join(", ")
        );
    }
    if let Some(miss) = miss {
        say!(
            "static pose: markers missed by {:.1} mm (root mean square), {:.1} mm at most, before they were put to their places",
            1e3 * miss.rms,
            1e3 * miss.most
        );
    }
    say!("{mass_kg:.2} kg:");
    files.iter().for_each(|file| say!("{}", file.display()));
    Ok(())
}
