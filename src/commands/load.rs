//! `coxa load`: what a planned hip does to muscles, and they to the joint.

use super::{activities, findings, plan};
use crate::cli::load::LoadArgs;
use crate::exported;
use crate::failure::Refused;
use crate::table::Table;
use anyhow::{Context, Result, bail};
use coxa_case::folder::{Case, Stage};
use coxa_case::own_motion;
use coxa_case::progress::Progress;
use coxa_case::stages::Stages;
use coxa_geometry::{Finding, Severity, Side};
use coxa_muscle::recorded::RecordedError;
use coxa_planner::loads::{self, ActivityLoad, BeforeAfter, LoadOptions, Loads, MuscleLoad};
use std::path::Path;

/// Runs the command: the case's own plan, its loads simulated as asked; the case keeps what was asked.
pub fn run(args: &LoadArgs, progress: &dyn Progress) -> Result<()> {
    if activities::is_list(&args.activity) {
        return activities::list(args.json);
    }
    let folder = args.case.as_deref().context("load needs a case; see coxa load --help")?;
    let usual = LoadOptions::default();
    let mut asked = LoadOptions {
        activities: args.activity.clone(),
        before_after: args.before_after,
        body_mass_kg: args.weight,
        strength: usual.strength,
        samples: args.samples.unwrap_or(usual.samples),
        seed: args.seed.unwrap_or(usual.seed),
    };
    asked.check()?;
    asked.update_names()?.iter().for_each(|line| progress.note(line));
    let own = args.motion.as_deref().zip(args.external_loads.as_deref());
    let own = own.map(|(motion, loads)| own_motion::read(motion, loads)).transpose()?;
    if let Some(to) = args.output.as_deref().filter(|to| to.exists() && !to.is_dir()) {
        bail!("{} is a file; name a folder to export into", to.display());
    }
    let mut case = Case::open(folder)?;
    let mut stages = Stages::of_case(&mut case, args.implants.as_deref(), progress)?;
    let side = stages.side()?;
    let (own, sources) = own.unzip();
    if let Some(own) = &own {
        own.check(side).map_err(|error| does_not_fit(args, error))?;
    }
    let request = stages.request_mut();
    // A weight is the patient's, and does not change with what is asked of the hip.
    asked.body_mass_kg = args.weight.or_else(|| request.loads.as_ref()?.body_mass_kg);
    (request.loads, request.motion) = (Some(asked.clone()), sources);
    stages.set_motion(own.clone());
    stages.keep_plan()?;
    let simulated = stages.loads()?;
    let is_planned = stages.is_planned();
    if let (Some(to), true) = (&args.output, is_planned) {
        let (planned, anatomy) = (stages.planned()?, stages.anatomy()?);
        let planned = planned.context("there is no plan to export")?;
        let files = loads::export(&planned, &anatomy, &asked, own.as_ref())?;
        let files: Vec<_> = files.into_iter().map(|file| (file.name, file.text)).collect();
        let written = exported::write(to, &files)?;
        exported::others(to, &files).iter().for_each(|note| progress.note(note));
        progress.note(&format!("{} files for OpenSim are in {}", written.len(), to.display()));
    }
    let found = stages.findings();
    match &simulated {
        Some(loads) if args.json => say!("{}", serde_json::to_string_pretty(&**loads)?),
        Some(loads) => print(loads, side, case.findings(Stage::Loads)),
        None => {}
    }
    plan::say_older(&mut case, progress)?;
    findings::refused_by(side, is_planned, &found)?;
    if simulated.is_none() { Err(not_simulated(side, &case)) } else { Ok(()) }
}

/// Which of the files of an own motion cannot be used.
fn does_not_fit(args: &LoadArgs, error: RecordedError) -> anyhow::Error {
    let of_loads = matches!(error, RecordedError::Loads(_) | RecordedError::NoLoad { .. });
    let file = if of_loads { &args.external_loads } else { &args.motion };
    let file = file.as_deref().unwrap_or(Path::new("the motion")).display().to_string();
    anyhow::Error::new(error).context(format!("{file} cannot be used for this hip"))
}

/// Why loads could not be simulated, which is a caution beside a plan and a refusal here.
fn not_simulated(side: Side, case: &Case) -> anyhow::Error {
    let findings = case.findings(Stage::Loads).iter();
    let findings = findings.map(|f| f.clone().with_severity(Severity::Refusal)).collect();
    Refused { what: format!("simulating loads of the {side} hip"), findings }.into()
}

fn print(loads: &Loads, side: Side, findings: &[Finding]) {
    let model = &loads.model;
    say!("{side} hip, {:.0} kg ({})", model.body_mass_kg, model.body_mass_method);
    let was =
        |before: Option<String>| before.map(|before| format!(" (as scanned {before})")).unwrap_or_default();
    if let Some(BeforeAfter { before, after }) = &loads.abductors {
        let arm = before.as_ref().map(|a| format!("{:.1} mm", a.lever_arm_mm));
        say!("  abductor lever arm {:.1} mm{}", after.lever_arm_mm, was(arm));
        if let (Some(reserve), Some(drop)) = (after.reserve, after.drop_in_words()) {
            let before = before.as_ref().and_then(|a| a.reserve).map(|r| format!("{:.0} %", 100.0 * r));
            say!(
                "  abductor reserve, single-leg stance {:.0} %{}, tolerated pelvic drop {drop}",
                100.0 * reserve,
                was(before)
            );
        }
    }
    if let Some(stance) = &loads.stance {
        let before = stance.before.as_ref().map(|s| format!("{:.0} %BW", s.force_pct_bw));
        say!(
            "  hip force, single-leg stance (static balance) {:.0} %BW{}",
            stance.after.force_pct_bw,
            was(before)
        );
    }
    if !loads.activities.is_empty() {
        print_activities(&loads.activities);
    }
    if !loads.muscles.is_empty() {
        print_muscles(&loads.muscles);
    }
    say!();
    findings::print_findings(&findings::worst_first(findings));
}

fn print_activities(activities: &[ActivityLoad]) {
    let mut table = Table::new()
        .left("activity")
        .right("peak")
        .right("")
        .right("5, 50, 95 % of samples")
        .right("as scanned")
        .right("at")
        .right("to rim")
        .right("at edge");
    for one in activities {
        let peak = &one.joint.after.peak;
        let range = peak
            .percentiles_pct_bw
            .map(|[low, middle, high]| format!("{low:.0}, {middle:.0}, {high:.0} %BW"))
            .unwrap_or_default();
        let before =
            one.joint.before.as_ref().map(|b| format!("{:.0} %BW", b.peak.force_pct_bw)).unwrap_or_default();
        let nearest = one.nearest_rim().map(|place| place.to_rim_deg);
        table.row(&[
            &one.name,
            &format_args!("{:.0} %BW", peak.force_pct_bw),
            &format_args!("{:.0} N", peak.force_n),
            &range,
            &before,
            &format_args!("{:.0} %", 100.0 * peak.fraction),
            &nearest.map(|deg| format!("{deg:.1}\u{b0}")).unwrap_or_default(),
            &one.edge_loading_fraction.map(|share| format!("{:.0} %", 100.0 * share)).unwrap_or_default(),
        ]);
    }
    say!("\n{table}");
}

fn print_muscles(muscles: &[MuscleLoad]) {
    let mut table = Table::new()
        .left("muscle, upright")
        .right("strength")
        .right("longer by")
        .right("fibre length")
        .right("flexion, mm")
        .right("abduction, mm")
        .right("rotation, mm");
    for one in muscles {
        let (before, after) = (one.upright.before.as_ref(), &one.upright.after);
        let longer = before.map(|b| format!("{:+.1} mm", after.length_mm - b.length_mm)).unwrap_or_default();
        let fibres = match before {
            Some(before) => format!(
                "{:.0} > {:.0} %",
                100.0 * before.fibre_length_ratio,
                100.0 * after.fibre_length_ratio
            ),
            None => format!("{:.0} %", 100.0 * after.fibre_length_ratio),
        };
        table.row(&[
            &one.title,
            &format_args!("{:.0} N", one.strength_n),
            &longer,
            &fibres,
            &format_args!("{:.1}", after.flexion_arm_mm),
            &format_args!("{:.1}", -after.adduction_arm_mm),
            &format_args!("{:.1}", after.internal_rotation_arm_mm),
        ]);
    }
    say!("\n{table}");
}
