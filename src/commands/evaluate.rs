//! `coxa evaluate`: what was achieved in theatre, against what was planned and the best that was found.

use super::optimise::{holds, limit, plain, reached, success};
use super::plan;
use crate::cli::EvaluateArgs;
use crate::failure::Refused;
use crate::table::Table;
use anyhow::{Context, Result};
use coxa_case::folder::{Case, Stage};
use coxa_case::progress::Progress;
use coxa_case::stages::{GivenPlan, Stages};
use coxa_planner::optimise::{Evaluation, OptimiseError};
use std::fmt::Display;

/// Runs the command; writes `evaluation.json`.
pub fn run(args: &EvaluateArgs, progress: &dyn Progress) -> Result<()> {
    let folder = &args.case;
    let mut case = Case::open(folder)?;
    let none = || {
        format!(
            "{0} has not been optimised yet, so there is nothing to compare with; run coxa optimise {0}",
            folder.display()
        )
    };
    case.done(Stage::Optimisation).with_context(none)?;
    let mut stages = Stages::of_case(&mut case, args.implants.as_deref(), progress)?;
    let side = stages.side()?;
    let achieved = GivenPlan::read(&args.achieved, stages.catalogue(), Some(side))?.plan;
    let found = stages.optimisation_of_these_bones()?.with_context(none)?;
    let planned = stages.plan_of_case()?;
    let mut plans = vec![("achieved", &achieved)];
    plans.extend(planned.as_ref().map(|given| ("planned", &given.plan)));
    plans.push(("optimum", &found.recommended.plan));
    let evaluation = stages.evaluate(&found, &plans, planned.as_ref().map(|given| given.text.as_str()))?;
    let evaluation = evaluation.map_err(|error| match error {
        OptimiseError::Refused(refusal) => {
            let what = "evaluating the achieved result".into();
            Refused { what, findings: refusal.findings }.into()
        }
        other => anyhow::Error::from(other),
    })?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&evaluation)?);
    } else {
        print(&evaluation);
    }
    plan::say_older(&mut case, progress)
}

fn print(evaluation: &Evaluation) {
    say!("chance that all criteria hold, with the implants as achieved:");
    let mut table = Table::new().indented().left("").left("").left("");
    for plan in &evaluation.plans {
        let binding = plan.assessment.binding.as_ref().map(plain).unwrap_or_default();
        table.row(&[&plan.name, &success(&plan.assessment), &format_args!("limiting criterion: {binding}")]);
    }
    say!("{table}");
    let mut table = Table::new().left("criterion").right("limit");
    for plan in &evaluation.plans {
        table = table.right(&plan.name).right("holds");
    }
    for (index, criterion) in evaluation.criteria.list.iter().enumerate() {
        let mut cells = vec![plain(&criterion.subject), limit(criterion)];
        for plan in &evaluation.plans {
            let score = &plan.assessment.criteria[index];
            cells.extend([reached(criterion, score), holds(score)]);
        }
        table.row(&cells.iter().map(|cell| cell as &dyn Display).collect::<Vec<_>>());
    }
    say!("\n{table}");
}
