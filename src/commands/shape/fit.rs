//! `coxa shape fit`: the whole bone from what is seen of it.

use super::{EXTENDED_MODES, check_ending, write_ply};
use crate::cli::shape::FitArgs;
use crate::progress::Progress;
use anyhow::Result;
use coxa_anatomy::shape_model::{self, FitOptions, file, surface_distance};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Side, mesh};

/// Runs the command.
pub(super) fn run(args: &FitArgs, progress: &Progress) -> Result<()> {
    check_ending(&args.output, "ply")?;
    let side: Side = args.side.parse()?;
    let mut model = file::read(&args.model)?;
    let surface: Mesh<Patient> = mesh::file::read(&args.surface)?;
    if !args.modes_only {
        model = model.extended(EXTENDED_MODES);
    }
    let found =
        progress.stage("fitting", |_| shape_model::fit(&model, &surface, side, &FitOptions::default()))?;
    let whole = found.mesh();
    write_ply(&whole, &args.output)?;
    for seed in 1..=args.samples {
        write_ply(&found.sample(seed), &args.output.with_extension(format!("{seed}.ply")))?;
    }
    let on_seen = surface_distance(&whole, &surface, |v| found.seen[v]);
    let spread = |is_seen: bool| {
        let sds = found.vertex_sd();
        let kept: Vec<f64> =
            sds.iter().zip(&found.seen).filter(|(_, s)| **s == is_seen).map(|(sd, _)| *sd).collect();
        (!kept.is_empty()).then(|| kept.iter().sum::<f64>() / kept.len() as f64)
    };
    let (seen_sd, unseen_sd) = (spread(true), spread(false));
    let share = found.seen.iter().filter(|s| **s).count() as f64 / found.seen.len().max(1) as f64;
    if args.json {
        let json = serde_json::json!({
            "bone": args.output, "seen_share": share, "distance": on_seen, "seen_sd_mm": seen_sd, "completed_sd_mm": unseen_sd,
            "scale_mm": found.scale_mm, "coefficients": found.coefficients.as_slice(),
        });
        say!("{}", serde_json::to_string_pretty(&json)?);
        return Ok(());
    }
    say!("{:.0} % of the bone is seen and fitted to {:.2} mm", 100.0 * share, on_seen.mean_mm);
    if let Some(sd) = seen_sd {
        say!("one standard deviation across the surface where it is seen: {sd:.2} mm");
    }
    if let Some(sd) = unseen_sd {
        say!("where it is completed: {sd:.2} mm");
    }
    say!("bone: {}", args.output.display());
    Ok(())
}
