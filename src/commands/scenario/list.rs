//! `coxa scenario list`: what a study can vary and keep.

use crate::cli::scenario::ListArgs;
use crate::table::Table;
use anyhow::Result;
use coxa_scenario::output::Output;
use coxa_scenario::variable::Variable;
use serde_json::json;

/// Runs the command.
pub(super) fn run(args: &ListArgs) -> Result<()> {
    if args.json {
        let variables = Variable::all().map(|v| {
            json!({"name": v.name(), "unit": v.unit(), "takes": v.domain().in_words(v.unit()), "meaning": v.meaning()})
        });
        let outputs = Output::all().into_iter().map(
            |o| json!({"name": o.name(), "unit": o.unit(), "column": o.column(), "meaning": o.meaning()}),
        );
        let value =
            json!({"variables": variables.collect::<Vec<_>>(), "quantities": outputs.collect::<Vec<_>>()});
        say!("{}", serde_json::to_string_pretty(&value)?);
        return Ok(());
    }
    let mut variables = Table::new().left("variable").left("takes").left("meaning");
    for variable in Variable::all() {
        variables.row(&[&variable.name(), &variable.domain().in_words(variable.unit()), &variable.meaning()]);
    }
    say!("{variables}\n");
    let mut outputs = Table::new().left("quantity").left("unit").left("column").left("meaning");
    for output in Output::all() {
        outputs.row(&[&output.name(), &output.unit(), &output.column(), &output.meaning()]);
    }
    say!("{outputs}");
    Ok(())
}
