//! `coxa plan`: from a CT, or from an edited plan, to a case with a report.

use super::findings::{print_findings, refused};
use super::optimise;
use crate::cli::{PlanArgs, TargetArgs};
use crate::table::Table;
use crate::viewer::Scenes;
use anyhow::{Context, Result, bail};
use coxa_activity::posture::SpinalMobility;
use coxa_case::folder::{Case, read_record};
use coxa_case::input::{self, Scan};
use coxa_case::pipeline::{self, PlanFrom};
use coxa_case::progress::Progress;
use coxa_case::request::Request;
use coxa_case::source::Source;
use coxa_case::stages::{GivenPlan, Outcome, Stages};
use coxa_geometry::Angle;
use coxa_planner::implants::Catalogue;
use coxa_planner::placement::PlanOptions;
use coxa_planner::report::{self, NumberRow};
use coxa_planner::{Plan, SimulationOptions, Targets};
use std::path::Path;

/// Runs the command.
pub fn run(args: &PlanArgs, progress: &dyn Progress) -> Result<()> {
    match &args.from {
        Some(from) => carry_on(from, args, progress),
        None => start(args, progress),
    }
}

/// A new plan from a CT.
fn start(args: &PlanArgs, progress: &dyn Progress) -> Result<()> {
    let (Some(ct), Some(side), Some(folder)) = (&args.ct, &args.side, &args.output) else {
        bail!("plan needs a CT, --side and -o, or --from; see coxa plan --help");
    };
    // What is wrong with what was typed is said before the CT is read.
    Case::check_folder(folder)?;
    let (catalogue, implants) = input::catalogue(args.targets.implants.as_deref(), None)?;
    let options = plan_options(&args.targets, &catalogue)?;
    let mut request = Request {
        side: Some(side.parse()?),
        implants,
        calibration: input::calibration(args.calibration.as_deref(), None)?.1,
        simulation: Some(SimulationOptions::default()),
        ..Request::of_ct(Source { path: None, blake3: String::new() })
    };
    args.input.read_as().apply(&mut request)?;
    let plan = match args.optimise {
        true => PlanFrom::Optimiser(Box::new(optimise::request(
            &args.optimiser,
            optimise::families(&options),
            Vec::new(),
        )?)),
        false => PlanFrom::Rule,
    };
    request.options = Some(options);
    let scan = Scan::read(ct, request.series.as_deref(), progress)?;
    (request.ct, request.identity) = (scan.source.clone(), scan.identity.clone());
    let mut case = Case::create(folder, request)?;
    let mut stages = Stages::of_scan(&mut case, scan, progress)?;
    let outcome = pipeline::run(&mut stages, plan, Scenes::default().drawn())?;
    if let (true, Some(found), false) = (args.optimise, &outcome.optimisation, args.json) {
        optimise::print(found);
    }
    show(&outcome, folder, args.json)
}

/// An edited plan, from the case in which it lies.
fn carry_on(from: &Path, args: &PlanArgs, progress: &dyn Progress) -> Result<()> {
    let above = |path: &Path| {
        path.parent().map(|p| if p.as_os_str().is_empty() { Path::new(".") } else { p }.to_owned())
    };
    let beside = above(from).unwrap_or_default();
    // One of the plans that the case had.
    let is_earlier = beside.ends_with("plans") && !beside.join("case.toml").exists();
    let origin = &if is_earlier { above(&beside).unwrap_or_default() } else { beside };
    if from.is_file() && !origin.join("case.toml").exists() {
        bail!(
            "{0} lies in no case: copy it to plan.toml in the folder of its case, CASE, then run coxa plan --from CASE/plan.toml",
            from.display()
        )
    }
    let mut request = read_record(origin)?.input;
    let (catalogue, implants) =
        input::catalogue(args.targets.implants.as_deref(), request.implants.as_ref())?;
    let given = GivenPlan::read(from, &catalogue, request.side)?;
    request.implants = implants;
    request.side = Some(given.plan.side);
    request.calibration = input::calibration(args.calibration.as_deref(), request.calibration.as_ref())?.1;
    args.input.read_as().apply(&mut request)?;
    let folder = args.output.as_deref().unwrap_or(origin);
    Case::check_folder(folder)?;
    let scan =
        args.ct.as_deref().map(|ct| Scan::read(ct, request.series.as_deref(), progress)).transpose()?;
    if let Some(scan) = &scan {
        scan.refuse_other(&request)?;
        (request.ct, request.identity) = (scan.source.clone(), scan.identity.clone());
    }
    let mut case = Case::create(folder, request)?;
    let mut stages = match scan {
        Some(scan) => Stages::of_scan(&mut case, scan, progress)?,
        None => Stages::of_case(&mut case, None, progress)?,
    };
    let outcome = pipeline::run(&mut stages, PlanFrom::Given(Box::new(given)), Scenes::default().drawn())?;
    show(&outcome, folder, args.json)
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

/// Says of each result of a case that is older than what it tells of which command brings it up to it.
pub fn say_older(case: &mut Case, progress: &dyn Progress) -> Result<()> {
    case.say_gone();
    case.take_notes().iter().for_each(|note| progress.note(note));
    for older in case.record().older(case.folder()) {
        progress.note(&older.in_words(case.folder()));
        if older.file == "report.html" {
            case.mark_report(older.than)?;
        }
    }
    Ok(())
}

fn plan_options(args: &TargetArgs, catalogue: &Catalogue) -> Result<PlanOptions> {
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
    let stock = args.stock.as_deref().map(|path| crate::stock::read(path, catalogue)).transpose()?;
    let stocked = stock.as_ref().map(|stock| catalogue.of_stock(stock));
    let at_hand = stocked.as_ref().unwrap_or(catalogue);
    args.cup.as_deref().map(|name| at_hand.cup(name)).transpose()?;
    args.stem.as_deref().map(|name| at_hand.stem(name)).transpose()?;
    Ok(PlanOptions {
        targets: Targets {
            inclination_deg: Angle::from_degrees(within("inclination", args.inclination, 10.0, 80.0)?),
            anteversion_deg: args
                .anteversion
                .map(|asked| within("anteversion", asked, -40.0, 60.0).map(Angle::from_degrees))
                .transpose()?,
            combined_anteversion_deg: Angle::from_degrees(within(
                "combined-anteversion",
                args.combined_anteversion,
                0.0,
                80.0,
            )?),
            standing_tilt_deg: args
                .standing_tilt
                .map(|tilt| within("standing-tilt", tilt, -40.0, 40.0).map(Angle::from_degrees))
                .transpose()?,
            spine: args.spine.as_deref().map(spine).transpose()?,
            leg_length_change_mm: args.leg_length_change,
            offset_change_mm: args.offset_change,
        },
        cup_family: args.cup.clone(),
        stem_family: args.stem.clone(),
        stock,
    })
}

fn spine(name: &str) -> Result<SpinalMobility> {
    let found = SpinalMobility::ALL.into_iter().find(|spine| spine.name() == name);
    let names = || SpinalMobility::ALL.map(SpinalMobility::name).join(", ");
    found.with_context(|| format!("--spine {name}: choose one of {}", names()))
}

fn summary(outcome: &Outcome, folder: &Path) -> serde_json::Value {
    serde_json::json!({
        "case": folder,
        "planned": outcome.planned.is_some(),
        "plan": outcome.planned.as_ref().map(|p| &p.plan),
        "results": outcome.planned.as_ref().map(|p| &p.results),
        "range_of_motion": outcome.simulation.as_ref().map(|simulated| &simulated.results),
        "loads": outcome.loads.as_deref(),
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
            "  stem   {} size {}, neck-shaft angle {:.0}, {} offset",
            stem.family,
            stem.size,
            stem.neck_shaft_deg,
            stem.offset
        );
        for group in report::numbers_of_plan(&planned.results) {
            let mut table = Table::new().indented().left("").right("").left("");
            for NumberRow { name, value, spread, .. } in group.rows {
                table.row(&[&name, &value, &spread]);
            }
            say!("{}\n{table}", group.heading.to_lowercase());
        }
    }
    print_findings(&outcome.findings);
    say!("report: {}", folder.join("report.html").display());
}
