//! `coxa shape fit`: the whole bone from what is seen of it.

use super::files::{EXTENDED_MODES, check_ending, write, write_ply};
use crate::cli::shape::FitArgs;
use anyhow::{Context, Result, bail};
use coxa_anatomy::calibration::Calibration;
use coxa_case::input;
use coxa_case::progress::Progress;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Side, mesh};
use coxa_imaging::CtVolume;
use coxa_imaging::source::{self, Opened, ReadOptions};
use coxa_measure::tissue::{VertexBone, bone_beneath};
use coxa_shape::shape_model::{self, FitOptions, file, npy, surface_distance};
use std::path::Path;

/// A model that comes no nearer than this to what is seen was not laid on it: another bone, side or unit. Bones of people who are not in
/// the shipped models are fitted to half of it. It says nothing of how well what is not seen is foreseen.
const POOR_MM: f64 = 2.0;

/// Runs the command.
pub(super) fn run(args: &FitArgs, progress: &dyn Progress) -> Result<()> {
    check_ending(&args.output, "ply")?;
    let side: Side = args.side.parse()?;
    if let Some(density) = &args.density {
        check_ending(density, "npz")?;
    }
    let mut model = file::read(&args.model)?;
    let surface: Mesh<Patient> = mesh::file::read(&args.surface)?;
    if !args.modes_only {
        model = model.extended(EXTENDED_MODES);
    }
    // What is wrong with the CT or its calibration is said before long work.
    let scanned = args.ct.as_deref().map(|ct| calibrated(ct, args, progress)).transpose()?;
    let found =
        progress.stage("fitting", |_| shape_model::fit(&model, &surface, side, &FitOptions::default()))?;
    let whole = found.mesh();
    write_ply(&whole, &args.output)?;
    for seed in 1..=args.samples {
        write_ply(&found.sample(seed), &args.output.with_extension(format!("{seed}.ply")))?;
    }
    let shown = match (scanned, &args.density) {
        (Some((ct, calibration)), Some(file)) => {
            Some(write_density(&ct, &whole, &found.seen, calibration, file, progress)?)
        }
        _ => None,
    };
    let on_seen = surface_distance(&whole, &surface, |v| found.seen[v]);
    let spread = |is_seen: bool| {
        let sds = found.vertex_sd();
        let kept: Vec<f64> =
            sds.iter().zip(&found.seen).filter(|(_, s)| **s == is_seen).map(|(sd, _)| *sd).collect();
        (!kept.is_empty()).then(|| kept.iter().sum::<f64>() / kept.len() as f64)
    };
    let (seen_sd, unseen_sd) = (spread(true), spread(false));
    let share = found.seen.iter().filter(|s| **s).count() as f64 / found.seen.len().max(1) as f64;
    let is_poor = on_seen.mean_mm > POOR_MM;
    if args.json {
        let json = serde_json::json!({
            "bone": args.output, "is_poor": is_poor, "seen_share": share, "distance": on_seen, "seen_sd_mm": seen_sd, "completed_sd_mm": unseen_sd,
            "scale_mm": found.scale_mm, "coefficients": found.coefficients.as_slice(), "density": shown,
        });
        say!("{}", serde_json::to_string_pretty(&json)?);
        return Ok(());
    }
    say!("{:.0} % of the bone is seen and fitted to {:.2} mm", 100.0 * share, on_seen.mean_mm);
    if is_poor {
        say!(
            "caution: the model fits the surface only to {:.1} mm on average; check bone, --side and unit",
            on_seen.mean_mm
        );
    }
    if let Some(sd) = seen_sd {
        say!("standard deviation, seen part: {sd:.2} mm");
    }
    if let Some(sd) = unseen_sd {
        say!("standard deviation, completed part: {sd:.2} mm");
    }
    if args.samples > 0 && unseen_sd.is_some() {
        say!(
            "caution: samples vary less than people do where the model predicts poorly, such as in version and length of a truncated femur (docs/evidence.md)"
        );
    }
    if let (Some(shown), Some(file)) = (shown, &args.density) {
        let Shown { cortices, cortex_mm, densities, density_mg_cm3, .. } = shown;
        say!(
            "cortex beneath {cortices} vertices, median {cortex_mm:.1} mm; density beneath {densities}, median {density_mg_cm3:.0} mg/cm\u{b3}"
        );
        say!("densities: {}", file.display());
    }
    say!("bone: {}", args.output.display());
    Ok(())
}

/// The CT beneath the bone, with its calibration.
fn calibrated(ct: &Path, args: &FitArgs, progress: &dyn Progress) -> Result<(CtVolume, Calibration)> {
    let (choice, _) = input::calibration(args.calibration.as_deref(), None)?;
    let options = ReadOptions { series: args.series.clone() };
    let Opened { ct, .. } = progress.stage("reading", |_| source::open(ct, &options))?;
    let calibration = choice.calibrate(&ct)?;
    Ok((ct, calibration))
}

/// What a file of densities holds.
#[derive(serde::Serialize)]
struct Shown {
    cortices: usize,
    cortex_mm: f64,
    densities: usize,
    density_mg_cm3: f64,
    calibration: Calibration,
}

/// Writes cortex and density beneath the vertices that are seen.
fn write_density(
    ct: &CtVolume,
    bone: &Mesh<Patient>,
    seen: &[bool],
    calibration: Calibration,
    file: &Path,
    progress: &dyn Progress,
) -> Result<Shown> {
    let beneath = progress.stage("measuring density", |_| bone_beneath(ct, bone, &calibration));
    let of = |get: &dyn Fn(&VertexBone) -> Option<f64>| -> Vec<f64> {
        beneath.iter().zip(seen).map(|(b, seen)| get(b).filter(|_| *seen).unwrap_or(f64::NAN)).collect()
    };
    let (cortex, density) = (of(&|b| b.cortex_mm), of(&|b| b.density_mg_cm3));
    let middle = |values: &[f64]| {
        let mut known: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        known.sort_by(f64::total_cmp);
        (known.len(), known.get(known.len() / 2).copied().unwrap_or(f64::NAN))
    };
    let ((cortices, cortex_mm), (densities, density_mg_cm3)) = (middle(&cortex), middle(&density));
    if densities == 0 {
        bail!(
            "the CT shows no bone beneath the surface: both must be of the same patient in the same coordinates"
        );
    }
    let seen: Vec<f64> = seen.iter().map(|&s| f64::from(u8::from(s))).collect();
    let vertices: Vec<f64> = bone.vertices.iter().flat_map(|p| [p.x(), p.y(), p.z()]).collect();
    let count = bone.vertices.len();
    let arrays = npy::npz(&[
        ("vertices_mm", &[count, 3], &vertices),
        ("cortex_mm", &[count], &cortex),
        ("density_mg_cm3", &[count], &density),
        ("is_seen", &[count], &seen),
    ]);
    write(file, &arrays.context("cannot write densities into memory")?)?;
    Ok(Shown { cortices, cortex_mm, densities, density_mg_cm3, calibration })
}
