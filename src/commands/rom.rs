//! `coxa rom`: how far a planned hip moves, what stops it and where.

use super::{activities, findings, plan};
use crate::cli::RomArgs;
use crate::failure::Refused;
use crate::table::Table;
use anyhow::{Context, Result};
use coxa_case::folder::{Case, Stage};
use coxa_case::progress::Progress;
use coxa_case::stages::Stages;
use coxa_geometry::{Angle, Finding, Severity, Side};
use coxa_planner::SimulationOptions;
use coxa_planner::simulate::{
    ActivityResult, AfterContact, ContactPair, Holding, MAP_FILE, MapSummary, MotionLimit, Simulation,
    Verdict,
};

/// Runs the command: the case's own plan, simulated as asked; the case keeps what was asked.
pub fn run(args: &RomArgs, progress: &dyn Progress) -> Result<()> {
    if activities::is_list(&args.activity) {
        return activities::list(args.json);
    }
    let folder = args.case.as_deref().context("rom needs a case; see coxa rom --help")?;
    let mut simulation = SimulationOptions {
        posture: args.posture.into(),
        pelvic_tilt_deg: args.pelvic_tilt.map(Angle::from_degrees),
        spine: None,
        activities: args.activity.clone(),
        // A map that the case has is made again, so that it belongs to the plan as it stands.
        map: args.map || folder.join(MAP_FILE).is_file(),
    };
    simulation.check()?;
    simulation.update_names()?.iter().for_each(|line| progress.note(line));
    let mut case = Case::open(folder)?;
    let mut stages = Stages::of_case(&mut case, args.implants.as_deref(), progress)?;
    let side = stages.side()?;
    stages.request_mut().simulation = Some(simulation);
    stages.keep_plan()?;
    let simulated = stages.motion()?;
    let is_planned = stages.is_planned();
    let found = stages.findings();
    match &simulated {
        Some(results) if args.json => say!("{}", serde_json::to_string_pretty(results)?),
        Some(results) => print(results, side, case.findings(Stage::RangeOfMotion)),
        None => {}
    }
    plan::say_older(&mut case, progress)?;
    findings::refused_by(side, is_planned, &found)?;
    if simulated.is_none() { Err(not_simulated(side, &case)) } else { Ok(()) }
}

/// Why the plan could not be simulated, which is a caution beside a plan and a refusal here.
fn not_simulated(side: Side, case: &Case) -> anyhow::Error {
    let findings = case.findings(Stage::RangeOfMotion).iter();
    let findings = findings.map(|f| f.clone().with_severity(Severity::Refusal)).collect();
    Refused { what: format!("simulating the {side} hip"), findings }.into()
}

fn print(results: &Simulation, side: Side, findings: &[Finding]) {
    say!("{side} hip, pelvis {}", results.posture_in_words());
    say!(
        "  cup in this posture: inclination {}, anteversion {} (radiographic)",
        results.cup.inclination,
        results.cup.anteversion
    );
    say!("  oscillation angle {}", results.oscillation_deg);
    say!("  jumping distance {:.1} mm", results.jumping_distance_mm);
    print_motions(&results.limits);
    print_activities(&results.activities);
    print_after_contact(&results.after_contact);
    if let Some(map) = &results.map {
        print_map(map);
    }
    say!();
    findings::print_findings(&findings::worst_first(findings));
}

fn print_motions(limits: &[MotionLimit]) {
    let mut table = Table::new()
        .left("motion")
        .right("limit")
        .right("sd")
        .right("required")
        .right("margin")
        .left("")
        .left("first contact");
    for limit in limits {
        let shown = |angle: Option<Angle>| angle.map(|a| a.to_string()).unwrap_or_default();
        let margin = limit.margin_deg.map(|m| format!("{:+.1}\u{b0}", m.degrees())).unwrap_or_default();
        let cause = limit.cause.map_or("none".into(), |cause| cause.to_string());
        let reached = match limit.limit_deg {
            _ if limit.is_blocked() => "blocked".into(),
            Some(angle) => angle.to_string(),
            None => format!("> {:.0}\u{b0}", limit.motion.range.degrees()),
        };
        let bare = if limit.is_bare_stem {
            " (stem without surrounding bone: femur truncated by the scan)"
        } else {
            ""
        };
        table.row(&[
            &limit.motion.name.replace('_', " "),
            &reached,
            &shown(limit.spread_deg),
            &shown(limit.required_deg),
            &margin,
            &limit.verdict.map(Verdict::words).unwrap_or_default(),
            &format_args!("{cause}{bare}"),
        ]);
    }
    say!("\n{table}");
}

fn print_activities(activities: &[ActivityResult]) {
    let mut table = Table::new()
        .left("activity")
        .right("in contact")
        .right("clearance")
        .left("nearest")
        .right("force to rim");
    for result in activities {
        let in_contact = match result.is_free() {
            true => "free".into(),
            false => format!("{:.0} %", 100.0 * result.contact_fraction),
        };
        // A contact without depth is nothing, not less than nothing.
        let shown = |mm: f64| format!("{:.1} mm", (mm * 10.0).round() / 10.0 + 0.0);
        let (clearance, nearest) = result
            .closest
            .map(|closest| (shown(closest.clearance_mm), closest.pair.to_string()))
            .unwrap_or_default();
        let edge = result.nearest_edge.map(|edge| edge.to_rim_deg.to_string()).unwrap_or_default();
        table.row(&[&result.name.replace('_', " "), &in_contact, &clearance, &nearest, &edge]);
    }
    say!("\n{table}");
}

fn print_after_contact(runs: &[AfterContact]) {
    if runs.is_empty() {
        return;
    }
    let mut table = Table::new()
        .left("after contact")
        .right("neck-liner contact")
        .right("dislocation")
        .right("moment")
        .right("work")
        .left("held by");
    for run in runs {
        let shown = |angle: Option<Angle>, none: &str| angle.map_or(none.into(), |a| a.to_string());
        let name = run.motion.name.replace('_', " ");
        if run.not_simulated.is_some() {
            table.row(&[&name, &"not followed"]);
            continue;
        }
        let held_by = match run.holding {
            Holding::Muscles => "muscles",
            Holding::MusclesAndCapsule => "muscles and capsule",
        };
        table.row(&[
            &name,
            &shown(run.neck_contact_deg, "never"),
            &shown(run.dislocation_deg, "stays in"),
            &format_args!("{:.1} N m", run.peak_moment_n_m),
            &format_args!("{:.1} J", run.work_j),
            &held_by,
        ]);
    }
    say!("\n{table}");
    for run in runs {
        if let Some(why) = &run.not_simulated {
            say!("{} was not simulated past contact: {why}", run.motion.name.replace('_', " "));
        }
    }
}

fn print_map(map: &MapSummary) {
    say!(
        "\nmap of all positions: {:.1} % of rotations free, {:.1} % reachable from neutral",
        100.0 * map.free_fraction,
        100.0 * map.reachable_fraction
    );
    let all: usize = map.labels.iter().map(|label| label.positions).sum();
    let mut table = Table::new().indented().right("").left("").right("").right("");
    for label in &map.labels {
        let percent = 100.0 * label.positions as f64 / all.max(1) as f64;
        let pair = ContactPair::ALL.iter().find(|pair| pair.name() == label.name);
        table.row(&[
            &label.label,
            &pair.map_or_else(|| label.name.clone(), ToString::to_string),
            &format_args!("{} positions", label.positions),
            &format_args!("{percent:.1} %"),
        ]);
    }
    say!("{table}");
}
