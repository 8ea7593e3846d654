//! `coxa evaluate`: what was achieved in theatre, against what was planned and the best that was found.

use super::optimise::{limit, plain, reached, success};
use super::plan::{self, Job};
use super::report;
use crate::cli::EvaluateArgs;
use crate::failure::Refused;
use anyhow::{Context, Result};
use coxa_case::failure::file_error;
use coxa_case::folder::{Case, read_optimisation};
use coxa_case::pipeline::{self, GivenPlan};
use coxa_case::progress::Progress;
use coxa_planner::document;
use coxa_planner::optimise::{self, Evaluation, OptimiseError};

/// Runs the command; writes `evaluation.json`.
pub fn run(args: &EvaluateArgs, progress: &dyn Progress) -> Result<()> {
    let folder = &args.case;
    let found = read_optimisation(folder)?.with_context(|| {
        format!(
            "{0} was not optimised yet, so there is nothing to hold against: coxa optimise {0}",
            folder.display()
        )
    })?;
    let text = std::fs::read_to_string(&args.achieved).map_err(|e| file_error("read", &args.achieved, &e))?;
    let job = report::job_of(folder, args.implants.as_deref(), progress)?;
    let achieved = document::from_toml(&text, &job.catalogue)
        .with_context(|| format!("{} cannot be evaluated", args.achieved.display()))?;
    plan::refuse_other_side(&args.achieved, achieved.side, job.side)?;
    let Job { input, plan, side, options, catalogue, .. } = job;
    let planned = plan.map(|GivenPlan { plan, .. }| plan);
    let mut plans = vec![("achieved", &achieved)];
    plans.extend(planned.as_ref().map(|plan| ("planned", plan)));
    plans.push(("optimum", &found.recommended.plan));

    let mut case = Case::create(folder, input.record)?;
    let hip =
        pipeline::measured(&input.ct, input.labels, &input.calibration, input.notes, &mut case, progress)?;
    let evaluation = progress.stage("evaluating", |_| {
        let input = hip.planning(&input.ct, side, options);
        optimise::evaluate(&input, &catalogue, &found.criteria, &found.options, &plans)
    });
    let evaluation = evaluation.map_err(|error| match error {
        OptimiseError::Refused(refusal) => {
            let what = "evaluating what was achieved".into();
            Refused { what, findings: refusal.findings }.into()
        }
        other => anyhow::Error::from(other),
    })?;
    case.save_evaluation(&evaluation)?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&evaluation)?);
    } else {
        print(&evaluation);
    }
    Ok(())
}

fn print(evaluation: &Evaluation) {
    say!("chance that all criteria hold, as it lies in the patient:");
    for plan in &evaluation.plans {
        let binding = plan.assessment.binding.as_ref().map(plain).unwrap_or_default();
        say!("  {:10} {:26} binds: {binding}", plan.name, success(&plan.assessment));
    }
    let names: Vec<String> =
        evaluation.plans.iter().map(|p| format!("{:>10} {:>6}", p.name, "holds")).collect();
    say!("\n{:50} {:>10} {}", "criterion", "limit", names.join(" "));
    for (index, criterion) in evaluation.criteria.list.iter().enumerate() {
        let scores: Vec<String> = evaluation
            .plans
            .iter()
            .map(|plan| {
                let score = &plan.assessment.criteria[index];
                let value = reached(criterion, score);
                let holds = score.probability.map_or("-".into(), |p| format!("{:.0} %", 100.0 * p));
                format!("{value:>10} {holds:>6}")
            })
            .collect();
        say!("{:50} {:>10} {}", plain(&criterion.subject), limit(criterion), scores.join(" "));
    }
}
