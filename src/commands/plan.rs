//! `coxa plan`: from a CT, or from an edited plan, to a case with a report.

use crate::case::{self, Case, CaseInput};
use crate::cli::{CtArgs, PlanArgs, TargetArgs};
use crate::failure::{Refused, file_error};
use crate::input::{self, Input};
use crate::pipeline::{self, Outcome, Request};
use crate::progress::Progress;
use anyhow::{Context, Result, bail};
use coxa_geometry::{Angle, Finding, Severity, Side};
use coxa_planner::document;
use coxa_planner::implants::Catalogue;
use coxa_planner::placement::PlanOptions;
use coxa_planner::report::{InputHash, Provenance};
use coxa_planner::{Plan, Targets};
use std::path::Path;

/// Runs the command.
pub fn run(args: PlanArgs, progress: &Progress) -> Result<()> {
    let catalogue = catalogue(args.targets.implants.as_deref())?;
    let options = plan_options(&args.targets)?;
    let (input, side, plan, folder) = match args.from {
        Some(from) => {
            let text = std::fs::read_to_string(&from).map_err(|e| file_error("read", &from, &e))?;
            let plan = document::from_toml(&text, &catalogue)
                .with_context(|| format!("{} cannot be carried out", from.display()))?;
            let origin = from.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
            let record = case::read_record(origin)?.input;
            if let Some(side) = record.side.filter(|&side| side != plan.side) {
                bail!(
                    "{} plans the {} hip, but its case is of the {side} hip; set side = \"{side}\", or plan the other hip \
                     into a case of its own",
                    from.display(),
                    plan.side
                );
            }
            let input = reread(args.ct.as_deref(), record, &args.input, progress)?;
            (input, plan.side, Some(plan), args.output.unwrap_or_else(|| origin.to_owned()))
        }
        None => {
            let (Some(ct), Some(side), Some(output)) = (args.ct, args.side, args.output) else {
                bail!("plan needs a CT, --side and -o, or --from; see coxa plan --help");
            };
            let side: Side = side.parse()?;
            (input::read(&ct, &args.input, progress)?, side, None, output)
        }
    };
    carry_out(input, side, plan, options, &catalogue, &folder, args.json, progress)
}

/// The built-in catalogue with the user's own parts.
pub fn catalogue(own: Option<&Path>) -> Result<Catalogue> {
    Ok(match own {
        Some(folder) => Catalogue::load(folder)?,
        None => Catalogue::builtin(),
    })
}

/// The whole of planning once the input is in memory; shared with `coxa demo`.
pub fn carry_out(
    input: Input,
    side: Side,
    plan: Option<Plan>,
    options: PlanOptions,
    catalogue: &Catalogue,
    folder: &Path,
    json: bool,
    progress: &Progress,
) -> Result<()> {
    let Input { ct, labels, mut record, notes } = input;
    record.side = Some(side);
    let provenance = Provenance {
        program_version: case::version(),
        inputs: vec![InputHash { role: "CT, voxels and grid".into(), blake3: record.blake3.clone() }],
        seed: record.seed,
    };
    let mut case = Case::create(folder, record)?;
    let request = Request { side, labels, plan, options, provenance, notes };
    let outcome = pipeline::run(&ct, request, catalogue, &mut case, progress)?;
    if json {
        println!("{}", serde_json::to_string_pretty(&summary(&outcome, folder))?);
    } else {
        print_summary(&outcome, folder);
    }
    if outcome.planned.is_none() {
        return Err(Refused { what: format!("planning the {side} hip"), findings: outcome.findings }.into());
    }
    Ok(())
}

/// Reads the CT of a case again, from where the case says or from where the user says it is now.
pub fn reread(ct: Option<&Path>, record: CaseInput, args: &CtArgs, progress: &Progress) -> Result<Input> {
    let expected = record.blake3.clone();
    let input = match (ct.or(record.path.as_deref()), record.seed) {
        (Some(path), _) => {
            let args = CtArgs {
                series: args.series.clone().or(record.series),
                labels: args.labels.clone().or(record.labels),
                label_mapping: args.label_mapping.clone().or(record.label_mapping),
            };
            input::read(path, &args, progress)
                .context("the CT of this case cannot be read; name it: coxa plan CT --from CASE/plan.toml")?
        }
        (None, Some(seed)) => super::demo::virtual_input(seed, record.side.unwrap_or(Side::Right), progress)?,
        (None, None) => {
            bail!("case.toml names neither a CT nor a virtual patient; name the CT before --from")
        }
    };
    if input.record.blake3 != expected {
        bail!("this is not the CT that the case was made from (its content hash differs)");
    }
    Ok(input)
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
        "range_of_motion": outcome.simulation,
        "measurements": outcome.anatomy.measurements,
        "missing": outcome.anatomy.missing,
        "findings": outcome.findings,
    })
}

fn print_summary(outcome: &Outcome, folder: &Path) {
    if let Some(planned) = &outcome.planned {
        let Plan { side, cup, liner, head, stem, .. } = &planned.plan;
        println!("{side} hip");
        println!(
            "  cup    {} {:.0} mm, inclination {}, anteversion {} (radiographic, supine functional plane)",
            cup.family, cup.size_mm, cup.inclination_deg, cup.anteversion_deg
        );
        println!("  liner  {}", liner.kind);
        println!("  head   {} mm, offset {:+.1} mm", head.diameter_mm, head.offset_mm);
        println!(
            "  stem   {} size {}, {:.0} neck-shaft, {} offset",
            stem.family, stem.size, stem.neck_shaft_deg, stem.offset
        );
        // The cup's angles in all definitions and planes are in the report; here they would drown the rest.
        let shown = |name: &str| !name.starts_with("cup_inclination") && !name.starts_with("cup_anteversion");
        for (name, m) in planned.results.iter().filter(|(name, _)| shown(name)) {
            println!("  {:32} {:8.1} {} (SD {:.1})", name.replace('_', " "), m.value, m.unit, m.spread);
        }
    }
    print_findings(&outcome.findings);
    println!("report: {}", folder.join("report.html").display());
}

/// Findings, worst first, a line each.
pub fn print_findings(findings: &[Finding]) {
    for finding in findings {
        let severity = match finding.severity {
            Severity::Refusal => "refusal",
            Severity::Caution => "caution",
            Severity::Note => "note",
        };
        println!("  {severity}: {}", finding.message);
    }
}
