//! `coxa evaluate`: what was achieved in theatre, against what was planned and the best that was found.

use super::optimise::{limit, plain, reached, success};
use super::plan;
use crate::cli::EvaluateArgs;
use crate::failure::Refused;
use anyhow::{Context, Result};
use coxa_case::folder::{Case, read_optimisation};
use coxa_case::progress::Progress;
use coxa_case::stages::{GivenPlan, Stages};
use coxa_planner::optimise::{Evaluation, OptimiseError};

/// Runs the command; writes `evaluation.json`.
pub fn run(args: &EvaluateArgs, progress: &dyn Progress) -> Result<()> {
    let folder = &args.case;
    let found = read_optimisation(folder)?.with_context(|| {
        format!(
            "{0} was not optimised yet, so there is nothing to hold against: coxa optimise {0}",
            folder.display()
        )
    })?;
    let mut case = Case::open(folder)?;
    let mut stages = Stages::of_case(&mut case, args.implants.as_deref(), progress)?;
    let side = stages.side()?;
    let achieved = GivenPlan::read(&args.achieved, stages.catalogue(), Some(side))?.plan;
    let planned = stages.plan_of_case()?.map(|given| given.plan);
    let mut plans = vec![("achieved", &achieved)];
    plans.extend(planned.as_ref().map(|plan| ("planned", plan)));
    plans.push(("optimum", &found.recommended.plan));
    let evaluation = stages.evaluate(&found, &plans)?;
    let evaluation = evaluation.map_err(|error| match error {
        OptimiseError::Refused(refusal) => {
            let what = "evaluating what was achieved".into();
            Refused { what, findings: refusal.findings }.into()
        }
        other => anyhow::Error::from(other),
    })?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&evaluation)?);
    } else {
        print(&evaluation);
    }
    plan::say_older(&case, progress)
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
