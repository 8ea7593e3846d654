//! `coxa diagnose train`: a module is trained and judged.

use super::{module, summary};
use crate::cli::diagnose::TrainArgs;
use anyhow::{Result, bail};
use coxa_case::folder::version;
use coxa_case::progress::Progress;
use coxa_diagnosis::association::Associated;
use coxa_diagnosis::cases::{Encoding, Truth};
use coxa_diagnosis::manifest::Module;
use coxa_diagnosis::run::{self, TrainingRun};
use coxa_diagnosis::virtual_cases::{Law, VirtualCases, draw};
use coxa_diagnosis::{TableOptions, prepare, train_module};
use std::path::Path;

/// More virtual cases are a mistake.
const MOST_CASES: usize = 1_000_000;
/// Name of the table of virtual cases in the run.
const TABLE: &str = "cases.csv";

/// Runs the command.
pub(super) fn run(args: &TrainArgs, progress: &dyn Progress) -> Result<()> {
    let module = module::named(&args.module)?;
    if args.output.exists() {
        bail!("{} exists already; name another folder, or remove it", args.output.display());
    }
    if !module.manifest.graphs.is_empty() {
        bail!("{} rests on networks, which this program does not train", module.manifest.name);
    }
    let (prepared, drawn) = match &args.table {
        Some(table) => {
            (module::cases(&module.manifest, table, &args.reading, Truth::Wanted, progress)?, None)
        }
        None => {
            let drawn = virtual_cases(&module, args)?;
            let asking =
                TableOptions { encoding: Encoding::Unicode, images: Path::new(""), truth: Truth::Wanted };
            (prepare(&module.manifest, &drawn.csv, asking, &mut |_| {})?, Some(drawn))
        }
    };
    let running = progress.begin("training");
    let ceiling = drawn.as_ref().map(|drawn| &drawn.ceiling);
    let done = |step: &str| running.tell(0.0, step);
    let mut kept = train_module(&module, &prepared, ceiling, &version(), &done)?;
    drop(running);
    kept.files.extend(drawn.map(|drawn| (TABLE.to_owned(), drawn.csv)));
    run::write(&args.output, &kept).map_err(|error| module::in_file(&args.output, &error))?;
    print(&module, &kept);
    say!("\nWritten to {}; coxa diagnose report {0} makes a page of it", args.output.display());
    Ok(())
}

fn virtual_cases(module: &Module, args: &TrainArgs) -> Result<VirtualCases> {
    let Some(law) = &module.law else {
        bail!("{} has no virtual.toml from which cases could be drawn", module.manifest.name);
    };
    if !(1..=MOST_CASES).contains(&args.count) {
        bail!("--count {} is outside 1 to {MOST_CASES}", args.count);
    }
    let law = Law::from_toml(law).map_err(|error| anyhow::anyhow!("virtual.toml: {error}"))?;
    Ok(draw(&law, &module.manifest, args.count, args.seed)?)
}

fn print(module: &Module, kept: &TrainingRun) {
    say!("{}", module.manifest.title);
    if kept.settings.is_example {
        say!("  virtual cases (synthetic-same-anatomy): these figures say nothing about patients");
    }
    for note in &kept.settings.notes {
        say!("  {note}");
    }
    for evaluated in &kept.results.outputs {
        say!();
        summary::print(evaluated);
    }
    if let Some(found) = &kept.results.association {
        compared(found);
    }
}

fn compared(found: &Associated) {
    say!("  {} comparisons in {} cases of {} patients", found.pairs.len(), found.cases, found.patients);
    let mut count = 0;
    for pair in found.pairs.iter().filter(|pair| pair.is_claimed()) {
        count += 1;
        let of = pair.judged_by();
        if let (Some(correlation), Some(p)) = (&of.correlation, of.p_family) {
            say!(
                "  {} against {}: {:.2}, family-wise p {p:.4}",
                pair.title,
                pair.score_title,
                correlation.estimate.value
            );
        }
    }
    say!("  {count} have a family-wise p of at most 0.05");
}
