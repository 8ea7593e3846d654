//! `coxa diagnose list`: the modules that ship.

use crate::cli::diagnose::ListArgs;
use crate::table::Table;
use anyhow::Result;
use coxa_diagnosis::manifest::{Module, shipped, shipped_names};
use serde_json::json;

/// Runs the command.
pub(super) fn run(args: &ListArgs) -> Result<()> {
    let modules: Vec<Module> = shipped_names().filter_map(shipped).collect();
    if args.json {
        let rows = modules.iter().map(|Module { manifest, .. }| {
            json!({"name": manifest.name, "title": manifest.title, "question": manifest.question, "evidence": manifest.evidence})
        });
        say!("{}", serde_json::to_string_pretty(&rows.collect::<Vec<_>>())?);
        return Ok(());
    }
    let mut table = Table::new().left("module").left("evidence").left("question");
    for Module { manifest, .. } in &modules {
        table.row(&[&manifest.name, &manifest.evidence.tag(), &manifest.question]);
    }
    say!("{table}");
    say!(
        "\nNone ships with weights: train it on your cases, or on virtual ones with --example. `coxa diagnose show MODULE` says what it takes."
    );
    Ok(())
}
