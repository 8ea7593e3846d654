//! `--activity list` of `coxa rom` and `coxa load`: the one catalogue of activities.

use crate::table::Table;
use anyhow::Result;
use coxa_activity::Activity;

/// Asks for the names of the activities instead of a simulation.
const LIST: &str = "list";

/// Whether the names of the activities are asked for.
pub(super) fn is_list(names: &[String]) -> bool {
    names.iter().any(|name| name == LIST)
}

/// The activities, as a person or a machine wants them.
pub(super) fn list(json: bool) -> Result<()> {
    let all = Activity::catalogue();
    if json {
        let entry = |a: &Activity| {
            serde_json::json!({
                "name": a.name, "title": a.title, "posture": a.posture, "source": a.source, "has_loads": a.has_leg(),
            })
        };
        say!("{}", serde_json::to_string_pretty(&all.iter().map(entry).collect::<Vec<_>>())?);
        return Ok(());
    }
    let mut table = Table::new().left("").left("").left("").left("");
    for activity in all {
        let runs = if activity.has_leg() { "motion, loads" } else { "motion" };
        table.row(&[&activity.name, &activity.posture.name(), &runs, &activity.title]);
    }
    say!("{table}");
    Ok(())
}
