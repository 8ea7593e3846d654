//! The optimiser on virtual patients: how long it takes, and what it gains over placement by rule.

use super::BenchReport;
use anyhow::Result;
use coxa_geometry::{Finding, Side};
use coxa_measure::measure;
use coxa_planner::Planned;
use coxa_planner::implants::Catalogue;
use coxa_planner::optimise::criteria::Criteria;
use coxa_planner::optimise::error_model::ErrorModel;
use coxa_planner::optimise::postures::PostureInput;
use coxa_planner::optimise::{
    Design, Families, Optimisation, OptimiseOptions, Part, Stop, Study, Variable, optimise,
};
use coxa_planner::placement::{PlanOptions, PlanningInput, PreparedHip};
use coxa_synthetic::{VirtualPatientOptions, generate};
use std::collections::BTreeSet;
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
        kept: Vec::new(),
        demographics: None,
        seed: 1,
        samples: 1000,
    };
    let of = format!("{patients} virtual patients, freehand, {} samples", options.samples);
    let mut report = BenchReport::new("optimise", of);
    let catalogue = Catalogue::builtin();
    let mut all = Vec::new();
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
        let found = optimise(&hip, &study, &options, &[], &Stop::NEVER, &|_| {})?;
        let seconds = start.elapsed().as_secs_f64();
        let of_patient = Patient::new(&study, &hip, &planned, &found, &options, seconds)?;
        report.push(format!("patient_{seed}_success_by_rule"), of_patient.by_rule);
        report.push(format!("patient_{seed}_gain"), of_patient.gain);
        report.push(format!("patient_{seed}_gain_lower_bound"), of_patient.gain - Z * of_patient.gain_error);
        report.push(format!("patient_{seed}_parts_changed"), of_patient.parts_changed as f64);
        if seed == 1 {
            report.push("prepare_seconds", prepared);
            map(&mut report, &study, &found, &options)?;
        }
        all.push(of_patient);
    }
    together(&mut report, &all);
    Ok(report)
}

/// Half the width of a 95 % interval in standard errors.
const Z: f64 = 1.96;

/// What the optimiser did for one patient, by samples that neither the search nor its choice has seen.
struct Patient {
    by_rule: f64,
    /// Success of the recommended plan less that by rule, and the standard error of this paired difference.
    gain: f64,
    gain_error: f64,
    /// Families, bearing and neck that are others than by rule.
    parts_changed: usize,
    is_dual_mobility: bool,
    findings_added: usize,
    is_out_of_reach: bool,
    /// Success of the recommended plan with its cup at 60 degrees of inclination and none of anteversion.
    at_60_0: f64,
    seconds: f64,
}

impl Patient {
    fn new(
        study: &Study<'_>,
        hip: &PreparedHip<'_>,
        planned: &Planned,
        found: &Optimisation,
        options: &OptimiseOptions,
        seconds: f64,
    ) -> Result<Self> {
        let fresh = OptimiseOptions { seed: FRESH_SEED, ..options.clone() };
        let (first, best) = (&found.first.design, &found.recommended.design);
        let (gain, gain_error) = study.paired_difference(best, first, &fresh)?;
        let placement = best.placement.with(Variable::Inclination, 60.0).with(Variable::Anteversion, 0.0);
        let steep = Design { placement, ..best.clone() };
        let codes = |findings: &[Finding]| findings.iter().map(|f| f.code).collect::<BTreeSet<_>>();
        let sketch = hip.sketch(&found.recommended.plan, study.catalogue())?;
        let parts = [Part::Stem, Part::Cup, Part::Bearing, Part::Neck];
        Ok(Patient {
            by_rule: study.assess(first, &fresh)?.success,
            gain,
            gain_error,
            parts_changed: parts.into_iter().filter(|part| part.differs(best, first)).count(),
            is_dual_mobility: study
                .catalogue()
                .liner(&best.components.liner)
                .is_ok_and(|liner| liner.mobile.is_some()),
            findings_added: codes(&sketch.findings).difference(&codes(&planned.findings)).count(),
            is_out_of_reach: found.out_of_reach.is_some(),
            at_60_0: study.assess(&steep, &fresh)?.success,
            seconds,
        })
    }
}

/// What all patients come to.
fn together(report: &mut BenchReport, all: &[Patient]) {
    let count = all.len().max(1) as f64;
    let mean = |of: &dyn Fn(&Patient) -> f64| all.iter().map(of).sum::<f64>() / count;
    let share = |of: &dyn Fn(&Patient) -> bool| all.iter().filter(|p| of(p)).count() as f64 / count;
    let most = |of: &dyn Fn(&Patient) -> f64| all.iter().map(of).fold(f64::NEG_INFINITY, f64::max);
    let gain = mean(&|p| p.gain);
    let error = all.iter().map(|p| p.gain_error.powi(2)).sum::<f64>().sqrt() / count;
    report.push("optimise_seconds_mean", mean(&|p| p.seconds));
    report.push("optimise_seconds_most", most(&|p| p.seconds));
    report.push("success_by_rule_mean", mean(&|p| p.by_rule));
    report.push("gain_mean", gain);
    report.push("gain_mean_lower_bound", gain - Z * error);
    report.push("gain_lower_bound_least", -most(&|p| Z * p.gain_error - p.gain));
    report.push("share_with_parts_changed", share(&|p| p.parts_changed > 0));
    report.push("share_with_dual_mobility", share(&|p| p.is_dual_mobility));
    report.push("share_with_findings_added", share(&|p| p.findings_added > 0));
    report.push("share_out_of_reach", share(&|p| p.is_out_of_reach));
    report.push("success_at_60_0_most", most(&|p| p.at_60_0));
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
