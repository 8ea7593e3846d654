//! Edits as values, and how each is carried out.

use super::data::CaseData;
use super::error::EditError;
use super::history::State;
use coxa_case::stages::GivenPlan;
use coxa_planner::Plan;
use coxa_planner::adjust::{Adjustment, PartChange, Substitution};
use coxa_planner::document::{self, DocumentError};
use coxa_planner::placed::HipAxes;
use serde::{Deserialize, Serialize};

/// A change of the plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edit {
    /// A component is moved or turned in its own anatomical axes.
    Adjust(Adjustment),
    /// A part is exchanged.
    Exchange(PartChange),
    /// Another plan is taken up.
    Snap(Snap),
}

/// Plans there are to be taken up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Snap {
    /// That of `plan.toml` as the case was opened.
    Saved,
    /// That of placement by rule.
    RuleBased,
    /// That which the optimiser recommends.
    Optimised,
}

/// What becomes of a plan, and what else had to change.
pub(super) fn carried_out(
    edit: &Edit,
    from: &State,
    data: &CaseData,
    axes: &HipAxes,
) -> Result<(State, Vec<Substitution>), EditError> {
    let (plan, said) = match edit {
        Edit::Adjust(by) => (axes.adjusted(&from.plan, by)?, Vec::new()),
        Edit::Exchange(change) => change.applied(&from.plan, data.catalogue())?,
        Edit::Snap(Snap::Saved) => {
            let none = || EditError::NotThere("the case was opened without a plan".into());
            let GivenPlan { plan, text } = data.plan().cloned().ok_or_else(none)?;
            return Ok((State { plan, text }, Vec::new()));
        }
        Edit::Snap(Snap::RuleBased) => (data.plan_by_rule()?, Vec::new()),
        Edit::Snap(Snap::Optimised) => (data.plan_optimised()?, Vec::new()),
    };
    if plan == from.plan {
        // The user's own words stay where nothing changes.
        return Ok((from.clone(), said));
    }
    let text = document::to_toml(&plan);
    // As it will be read again, so that what is shown is what was saved to the last digit.
    let plan = read(&text, data)?;
    Ok((State { plan, text }, said))
}

/// A document held against the catalogue and the side of the case.
pub(super) fn read(text: &str, data: &CaseData) -> Result<Plan, EditError> {
    let plan = document::from_toml(text, data.catalogue()).map_err(|error| {
        EditError::NoPlan(match error {
            // Who moves a component sees no lines.
            DocumentError::Value { field, value, allowed, .. } => {
                format!("{field} would be {value}; allowed: {allowed}")
            }
            DocumentError::Part { field, source, .. } => format!("{field}: {source}"),
            other => other.to_string(),
        })
    })?;
    if plan.side == data.side() {
        Ok(plan)
    } else {
        Err(EditError::NoPlan(format!(
            "the plan is for the {} hip, but the case is of the {} hip",
            plan.side,
            data.side()
        )))
    }
}
