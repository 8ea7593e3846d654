//! `coxa rom`: how far a planned hip moves, what stops it and where.

use super::{plan, report};
use crate::cli::RomArgs;
use crate::failure::Refused;
use crate::pipeline::Outcome;
use crate::progress::Progress;
use anyhow::Result;
use coxa_geometry::{Angle, Finding, Severity};
use coxa_planner::simulate::{MotionLimit, Simulation};
use coxa_planner::{Simulated, SimulationOptions};
use std::path::Path;

/// Runs the command: the case's own plan, simulated as asked; the case keeps what was asked.
pub fn run(args: &RomArgs, progress: &Progress) -> Result<()> {
    let simulation = SimulationOptions {
        posture: args.posture.into(),
        pelvic_tilt_deg: args.pelvic_tilt.map(Angle::from_degrees),
    };
    simulation.check()?;
    let mut job = report::job_of(&args.case, args.implants.as_deref(), progress)?;
    job.simulation = simulation;
    let outcome = plan::carry_out(job, progress)?;
    plan::refused(&outcome)?;
    let Some(simulated) = &outcome.simulation else { return Err(not_simulated(&outcome)) };
    if args.json {
        println!("{}", serde_json::to_string_pretty(&simulated.results)?);
    } else {
        print(simulated, &outcome, &args.case);
    }
    Ok(())
}

/// Why the plan could not be simulated, which is a caution beside a plan and a refusal here.
fn not_simulated(outcome: &Outcome) -> anyhow::Error {
    let findings = outcome.findings.iter().filter(|f| f.about == "range_of_motion");
    let findings = findings.map(|f| Finding { severity: Severity::Refusal, ..f.clone() }).collect();
    Refused { what: format!("simulating the {} hip", outcome.side), findings }.into()
}

fn print(simulated: &Simulated, outcome: &Outcome, folder: &Path) {
    let results = &simulated.results;
    println!("{} hip, {}", outcome.side, posture(results));
    println!(
        "  cup in this posture: inclination {}, anteversion {} (radiographic)",
        results.cup.inclination, results.cup.anteversion
    );
    println!("  oscillation angle {}", results.oscillation_deg);
    println!("  jumping distance {:.1} mm", results.jumping_distance_mm);
    println!("\n{:42} {:>8} {:>9} {:>8}  first contact", "motion", "limit", "required", "margin");
    for limit in &results.limits {
        println!("{}", line(limit));
    }
    println!();
    let own: Vec<Finding> =
        outcome.findings.iter().filter(|f| f.about == "range_of_motion").cloned().collect();
    plan::print_findings(&own);
    println!("report: {}", folder.join("report.html").display());
}

fn posture(results: &Simulation) -> String {
    format!("pelvis {}, tilted {} backwards from supine", results.posture.name(), results.pelvic_tilt_deg)
}

fn line(limit: &MotionLimit) -> String {
    let shown = |angle: Option<Angle>| angle.map(|a| a.to_string()).unwrap_or_default();
    let margin = limit.margin_deg.map(|m| format!("{:+.1}\u{b0}", m.degrees())).unwrap_or_default();
    let cause = limit.cause.map_or("none".into(), |cause| cause.to_string());
    format!(
        "{:42} {:>8} {:>9} {margin:>8}  {cause}",
        limit.motion.name.replace('_', " "),
        shown(limit.limit_deg),
        shown(limit.required_deg)
    )
}
