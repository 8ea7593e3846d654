//! The optimiser on virtual patients: how long it takes, and what it gains over placement by rule.

use super::BenchReport;
use anyhow::Result;
use coxa_geometry::Side;
use coxa_measure::measure;
use coxa_planner::implants::Catalogue;
use coxa_planner::optimise::criteria::Criteria;
use coxa_planner::optimise::error_model::ErrorModel;
use coxa_planner::optimise::postures::PostureInput;
use coxa_planner::optimise::{Families, Optimisation, OptimiseOptions, Stop, Study, optimise};
use coxa_planner::placement::{PlanOptions, PlanningInput, PreparedHip};
use coxa_synthetic::{VirtualPatientOptions, generate};
use std::time::Instant;

/// Voxels of the virtual patients; their true bones are planned on, so that segmentation is not measured.
const SPACING_MM: f64 = 1.5;

/// Of the samples by which plans are compared in the end.
const FRESH_SEED: u64 = 2;

/// Measures on so many patients, seeds from 1. Maps are timed on the first.
pub fn run(patients: u64) -> Result<BenchReport> {
    let options = OptimiseOptions {
        error_model: ErrorModel::preset("freehand")?,
        postures: PostureInput::default().spinopelvic()?,
        families: Families::default(),
        held: Vec::new(),
        demographics: None,
        seed: 1,
        samples: 1000,
    };
    let of = format!("{patients} virtual patients, freehand, {} samples", options.samples);
    let mut report = BenchReport::new("optimise", of);
    let catalogue = Catalogue::builtin();
    let (mut searched, mut better, mut gains) = (Vec::new(), 0, Vec::new());
    for seed in 1..=patients {
        let patient =
            generate(&VirtualPatientOptions { seed, spacing_mm: SPACING_MM, ..Default::default() })?;
        let anatomy = measure(&patient.surfaces, Some((&patient.ct, &patient.labels)));
        let input = PlanningInput {
            grid: &patient.ct.grid,
            labels: &patient.labels,
            surfaces: &patient.surfaces,
            anatomy: &anatomy,
            findings: &[],
            side: Side::Right,
            options: PlanOptions::default(),
        };
        let Ok((hip, planned)) =
            PreparedHip::new(input).and_then(|hip| hip.place(&catalogue).map(|planned| (hip, planned)))
        else {
            report.push(format!("patient_{seed}_refused"), 1.0);
            continue;
        };
        let start = Instant::now();
        let study = Study::new(&hip, &planned, &catalogue, Criteria::default(), &options.postures)?;
        let prepared = start.elapsed().as_secs_f64();
        let found = optimise(&study, &options, &[], &Stop::NEVER, &|_| {})?;
        searched.push(start.elapsed().as_secs_f64());
        // By samples that neither the search nor its choice has seen.
        let fresh = OptimiseOptions { seed: FRESH_SEED, ..options.clone() };
        let success = |design| Ok::<_, anyhow::Error>(study.assess(design, &fresh)?.success);
        let (rule, best) = (success(&found.first.design)?, success(&found.recommended.design)?);
        report.push(format!("patient_{seed}_success_by_rule"), rule);
        report.push(format!("patient_{seed}_success_recommended"), best);
        gains.push(best - rule);
        better += usize::from(best >= rule);
        if seed == 1 {
            report.push("prepare_seconds", prepared);
            map(&mut report, &study, &found, &options)?;
        }
    }
    let count = gains.len().max(1) as f64;
    report.push("optimise_seconds_mean", searched.iter().sum::<f64>() / count);
    report.push("optimise_seconds_most", searched.iter().copied().fold(0.0, f64::max));
    report.push("share_not_worse_than_by_rule", better as f64 / count);
    report.push("gain_mean", gains.iter().sum::<f64>() / count);
    Ok(report)
}

/// The map of orientations, and what it would take to assess every orientation by itself.
fn map(
    report: &mut BenchReport,
    study: &Study<'_>,
    found: &Optimisation,
    options: &OptimiseOptions,
) -> Result<()> {
    let start = Instant::now();
    let map = study.orientation_map(&found.recommended.design, options, &|| false)?;
    report.push("map_seconds", start.elapsed().as_secs_f64());
    let orientations = map.map_or(0, |map| map.inclinations_deg.len() * map.anteversions_deg.len());
    report.push("map_orientations", orientations as f64);
    let start = Instant::now();
    study.assess(&found.recommended.design, options)?;
    report.push("map_seconds_one_by_one", start.elapsed().as_secs_f64() * orientations as f64);
    Ok(())
}
