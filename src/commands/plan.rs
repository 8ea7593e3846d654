//! `coxa plan`: from a CT, or from an edited plan, to a case with a report.

use super::optimise;
use crate::cli::{PlanArgs, TargetArgs};
use crate::failure::Refused;
use crate::viewer::Scenes;
use anyhow::{Context, Result, bail};
use coxa_case::failure::file_error;
use coxa_case::folder::{self, Case, Source};
use coxa_case::input::{self, Input};
use coxa_case::own_motion;
use coxa_case::pipeline::{self, GivenPlan, Optimise, Outcome, Request};
use coxa_case::progress::Progress;
use coxa_geometry::{Angle, Finding, Severity, Side};
use coxa_planner::document;
use coxa_planner::implants::Catalogue;
use coxa_planner::loads::{LoadOptions, OwnMotion};
use coxa_planner::placement::PlanOptions;
use coxa_planner::report::{self, InputHash, Provenance, Row};
use coxa_planner::simulate::RANGE_OF_MOTION;
use coxa_planner::{Plan, SimulationOptions, Targets};
use std::path::Path;

/// Runs the command.
pub fn run(args: PlanArgs, progress: &dyn Progress) -> Result<()> {
    match &args.from {
        Some(from) => carry_on(from, &args, progress),
        None => start(&args, progress),
    }
}

/// A new plan from a CT.
fn start(args: &PlanArgs, progress: &dyn Progress) -> Result<()> {
    let (Some(ct), Some(side), Some(folder)) = (&args.ct, &args.side, &args.output) else {
        bail!("plan needs a CT, --side and -o, or --from; see coxa plan --help");
    };
    let side: Side = side.parse()?;
    let options = plan_options(&args.targets)?;
    let (catalogue, implants) = input::catalogue(args.targets.implants.as_deref(), None)?;
    let mut input = input::read(ct, &args.input.read_as(), progress)?;
    input.record.implants = implants;
    (input.calibration, input.record.calibration) = input::calibration(args.calibration.as_deref(), None)?;
    let optimise = if args.optimise {
        let families = optimise::families(&options);
        Optimise::Ask(Box::new(optimise::request(&args.optimiser, families, Vec::new())?))
    } else {
        Optimise::No
    };
    let (simulation, loads) = (SimulationOptions::default(), None);
    let motion = None;
    let (plan, scenes) = (None, Scenes::default());
    let job =
        Job { input, side, plan, options, optimise, simulation, loads, motion, catalogue, folder, scenes };
    let outcome = carry_out(job, progress)?;
    if let (Some(found), false) = (&outcome.optimisation, args.json) {
        optimise::print(found);
    }
    show(&outcome, folder, args.json)
}

/// An edited plan, from the case in which it lies.
fn carry_on(from: &Path, args: &PlanArgs, progress: &dyn Progress) -> Result<()> {
    let text = std::fs::read_to_string(from).map_err(|e| file_error("read", from, &e))?;
    let origin = from.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let record = folder::read_record(origin)?.input;
    let (catalogue, implants) = input::catalogue(args.targets.implants.as_deref(), record.implants.as_ref())?;
    let plan = document::from_toml(&text, &catalogue)
        .with_context(|| format!("{} cannot be carried out", from.display()))?;
    let side = plan.side;
    if let Some(of_case) = record.side {
        refuse_other_side(from, side, of_case)?;
    }
    let mut input = input::reread(args.ct.as_deref(), record, &args.input.read_as(), progress)?;
    input.record.implants = implants;
    if let Some(own) = &args.calibration {
        (input.calibration, input.record.calibration) = input::calibration(Some(own), None)?;
    }
    let options = input.record.options.clone().unwrap_or_default();
    let plan = Some(GivenPlan { plan, text });
    let folder = args.output.as_deref().unwrap_or(origin);
    let simulation = input.record.simulation.clone().unwrap_or_default();
    let loads = input.record.loads.clone();
    let optimise = optimise::kept(folder)?;
    let (motion, scenes) = (None, Scenes::default());
    let job =
        Job { input, side, plan, options, optimise, simulation, loads, motion, catalogue, folder, scenes };
    let outcome = carry_out(job, progress)?;
    show(&outcome, folder, args.json)
}

/// Refuses a plan for the other hip than its case is of, before anything of the case is touched.
pub fn refuse_other_side(plan: &Path, side: Side, of_case: Side) -> Result<()> {
    if side == of_case {
        return Ok(());
    }
    bail!(
        "{} plans the {side} hip, but its case is of the {of_case} hip; set side = \"{of_case}\", or plan the other hip \
         into a case of its own",
        plan.display(),
    )
}

/// A plan to be made once the input is in memory.
pub struct Job<'a> {
    /// What to plan on.
    pub input: Input,
    /// Side to plan.
    pub side: Side,
    /// An edited plan to carry out instead of placing anew.
    pub plan: Option<GivenPlan>,
    /// What placement aims at.
    pub options: PlanOptions,
    /// What becomes of the optimiser.
    pub optimise: Optimise,
    /// What to simulate.
    pub simulation: SimulationOptions,
    /// What of muscles and loads to simulate, if anything.
    pub loads: Option<LoadOptions>,
    /// A motion of the user's own among the loads, else that of the case's record.
    pub motion: Option<OwnMotion>,
    /// Implants there are.
    pub catalogue: Catalogue,
    /// The case folder.
    pub folder: &'a Path,
    /// Who draws the report's scenes.
    pub scenes: Scenes,
}

/// The whole of planning; shared with `coxa demo`, `coxa load`, `coxa optimise`, `coxa report` and `coxa rom`.
pub fn carry_out(job: Job<'_>, progress: &dyn Progress) -> Result<Outcome> {
    let Job { input, side, plan, options, optimise, simulation, loads, motion, catalogue, folder, scenes } =
        job;
    let Input { ct, labels, calibration, mut record, notes } = input;
    let motion = match (motion, &record.motion) {
        (None, Some(of_case)) => Some(own_motion::reread(of_case)?),
        (motion, _) => motion,
    };
    record.side = Some(side);
    record.options = Some(options.clone());
    record.simulation = Some(simulation.clone());
    record.loads.clone_from(&loads);
    let hash =
        |(role, source): (&str, &Source)| InputHash { role: role.into(), blake3: source.blake3.clone() };
    let provenance = Provenance {
        program_version: folder::version(),
        inputs: record.sources().map(hash).collect(),
        seed: record.seed,
    };
    let mut case = Case::create(folder, record)?;
    let request = Request {
        side,
        labels,
        plan,
        calibration,
        options,
        optimise,
        simulation,
        loads,
        motion,
        provenance,
        notes,
        scenes: scenes.drawn(),
    };
    pipeline::run(&ct, request, &catalogue, &mut case, progress)
}

/// Prints a plan, and fails where it was refused.
pub fn show(outcome: &Outcome, folder: &Path, json: bool) -> Result<()> {
    if json {
        say!("{}", serde_json::to_string_pretty(&summary(outcome, folder))?);
    } else {
        print_summary(outcome, folder);
    }
    refused(outcome)
}

/// The error of a plan that was refused, or of a simulation that it cannot bear.
pub fn refused(outcome: &Outcome) -> Result<()> {
    let of_motion = |f: &Finding| f.about == RANGE_OF_MOTION && f.severity == Severity::Refusal;
    let what = match &outcome.planned {
        None => format!("planning the {} hip", outcome.side),
        Some(_) if outcome.findings.iter().any(of_motion) => {
            format!("mapping the motion of the {} hip", outcome.side)
        }
        Some(_) => return Ok(()),
    };
    Err(Refused { what, findings: outcome.findings.clone() }.into())
}

fn plan_options(args: &TargetArgs) -> Result<PlanOptions> {
    let within = |name: &str, value: f64, low: f64, high: f64| {
        if (low..=high).contains(&value) {
            Ok(value)
        } else {
            bail!("--{name} {value} is outside {low} to {high}")
        }
    };
    for (name, change) in
        [("leg-length-change", args.leg_length_change), ("offset-change", args.offset_change)]
    {
        change.map_or(Ok(0.0), |mm| within(name, mm, -60.0, 60.0))?;
    }
    Ok(PlanOptions {
        targets: Targets {
            inclination_deg: Angle::from_degrees(within("inclination", args.inclination, 10.0, 80.0)?),
            anteversion_deg: Angle::from_degrees(within("anteversion", args.anteversion, -40.0, 60.0)?),
            leg_length_change_mm: args.leg_length_change,
            offset_change_mm: args.offset_change,
        },
        cup_family: args.cup.clone(),
        stem_family: args.stem.clone(),
    })
}

fn summary(outcome: &Outcome, folder: &Path) -> serde_json::Value {
    serde_json::json!({
        "case": folder,
        "planned": outcome.planned.is_some(),
        "plan": outcome.planned.as_ref().map(|p| &p.plan),
        "results": outcome.planned.as_ref().map(|p| &p.results),
        "range_of_motion": outcome.simulation.as_ref().map(|simulated| &simulated.results),
        "loads": outcome.loads,
        "measurements": outcome.anatomy.measurements,
        "missing": outcome.anatomy.missing,
        "findings": outcome.findings,
    })
}

fn print_summary(outcome: &Outcome, folder: &Path) {
    if let Some(planned) = &outcome.planned {
        let Plan { side, cup, liner, head, stem, .. } = &planned.plan;
        say!("{side} hip");
        say!(
            "  cup    {} {:.0} mm, inclination {}, anteversion {} (radiographic, supine functional plane)",
            cup.family,
            cup.size_mm,
            cup.inclination_deg,
            cup.anteversion_deg
        );
        say!("  liner  {}", liner.kind);
        say!("  head   {} mm, offset {:+.1} mm", head.diameter_mm, head.offset_mm);
        say!(
            "  stem   {} size {}, {:.0} neck-shaft, {} offset",
            stem.family,
            stem.size,
            stem.neck_shaft_deg,
            stem.offset
        );
        for group in report::numbers_of_plan(&planned.results) {
            say!("{}", group.heading.to_lowercase());
            for Row { name, value, spread, .. } in group.rows {
                say!("  {name:40} {value:>10}  {spread}");
            }
        }
    }
    print_findings(&outcome.findings);
    say!("report: {}", folder.join("report.html").display());
}

/// Findings, worst first, a line each.
pub fn print_findings(findings: &[Finding]) {
    for finding in findings {
        let severity = match finding.severity {
            Severity::Refusal => "refusal",
            Severity::Caution => "caution",
            Severity::Note => "note",
        };
        match finding.side() {
            Some(side) => say!("{severity} ({side}): {}", finding.message),
            None => say!("{severity}: {}", finding.message),
        }
    }
}
