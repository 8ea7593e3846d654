//! `coxa check`: whether a case holds what it says.

use crate::cli::case::CheckArgs;
use crate::failure::DoesNotHold;
use anyhow::Result;
use coxa_case::check::{self, CheckUp};
use coxa_case::folder::FORMAT;
use std::path::Path;

/// Runs the command.
pub fn run(args: &CheckArgs) -> Result<()> {
    let found = check::check(&args.case)?;
    if args.json {
        say!("{}", serde_json::to_string_pretty(&found)?);
    } else {
        print(&found, &args.case);
    }
    match found.wrong.len() {
        0 => Ok(()),
        1 => Err(DoesNotHold(found.wrong[0].clone()).into()),
        several => Err(DoesNotHold(format!("{several} problems in {}", args.case.display())).into()),
    }
}

fn print(found: &CheckUp, case: &Path) {
    say!(
        "{}: format {} (this program writes format {FORMAT}), last written by version {}",
        case.display(),
        found.form,
        found.program
    );
    for line in &found.stages {
        let from = line.from.iter().map(|name| name.replace('_', " ")).collect::<Vec<_>>().join(", ");
        let files = match line.files {
            0 => "no file".to_owned(),
            1 => "1 file".to_owned(),
            several => format!("{several} files"),
        };
        say!("  {}: {files}, by version {}, from {from}", line.stage, line.program);
    }
    if !found.others.is_empty() {
        say!("not written by Coxa, ignored: {}", found.others.join(", "));
    }
    found.older.iter().for_each(|line| say!("{line}"));
    match found.wrong.len() {
        0 => say!("no problems: {} files unchanged since Coxa wrote them, all numbers in range", found.files),
        1 => {}
        _ => found.wrong.iter().for_each(|line| say!("wrong: {line}")),
    }
}
