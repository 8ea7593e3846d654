//! `coxa diagnose train`: a module is trained and judged.

use super::{module, summary};
use crate::cli::diagnose::TrainArgs;
use anyhow::{Context, Result, bail};
use coxa_case::folder::version;
use coxa_case::progress::Progress;
use coxa_diagnosis::association::Associated;
use coxa_diagnosis::cases::{Encoding, Truth};
use coxa_diagnosis::manifest::Module;
use coxa_diagnosis::networks::{NetworkOptions, PLAN, Python, WORK};
use coxa_diagnosis::run::{self, ModuleRun};
use coxa_diagnosis::virtual_cases::{Law, VirtualCases, draw};
use coxa_diagnosis::{
    NetworkProgress, NetworkTraining, TableOptions, WorkflowError, clear_training, prepare, train_module,
    train_networks,
};
use std::path::Path;

/// More virtual cases are a mistake.
const MOST_CASES: usize = 1_000_000;
/// Name of the table of virtual cases in the run.
const TABLE: &str = "cases.csv";
/// More epochs, steps or threads are a mistake.
const MOST: usize = 1_000_000;

/// Runs the command.
pub(super) fn run(args: &TrainArgs, progress: &dyn Progress) -> Result<()> {
    let module = module::named(&args.module)?;
    if let Some(way) = networks(&module, args)? {
        return of_networks(&module, args, way, progress);
    }
    if args.output.exists() {
        bail!("{} exists already; name another folder, or remove it", args.output.display());
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
    written(args);
    Ok(())
}

fn written(args: &TrainArgs) {
    say!("\nWritten to {}; create the report with: coxa diagnose report {0}", args.output.display());
}

/// How the networks of a module are trained; `None` of a module of tables.
fn networks(module: &Module, args: &TrainArgs) -> Result<Option<NetworkOptions>> {
    let (name, asked) = (&module.manifest.name, &args.network);
    if module.manifest.network.is_none() {
        if !module.manifest.graphs.is_empty() {
            bail!("{name} uses pretrained graphs and has no [network], so it cannot be trained");
        }
        if asked.epochs.is_some() || asked.steps.is_some() || asked.threads.is_some() {
            bail!("--epochs, --steps and --threads are for networks, and {name} has none");
        }
        return Ok(None);
    }
    if !module.manifest.graphs.is_empty() {
        bail!("{name} is trained already; to train it anew, remove its [[graph]] entries");
    }
    for (option, value) in
        [("--epochs", asked.epochs), ("--steps", asked.steps), ("--threads", asked.threads)]
    {
        if value.is_some_and(|value| !(1..=MOST).contains(&value)) {
            bail!("{option} is outside 1 to {MOST}");
        }
    }
    let threads = || std::thread::available_parallelism().map_or(1, |threads| threads.get());
    let threads = asked.threads.unwrap_or_else(threads);
    Ok(Some(NetworkOptions { epochs: asked.epochs, steps: asked.steps, threads }))
}

/// Trains networks, or goes on where that was interrupted.
fn of_networks(
    module: &Module,
    args: &TrainArgs,
    options: NetworkOptions,
    progress: &dyn Progress,
) -> Result<()> {
    let folder = &args.output;
    let is_begun = folder.join(WORK).join(PLAN).is_file();
    if folder.exists() && (run::is_complete(folder) || !is_begun) {
        bail!("{} exists already; name another folder, or remove it", folder.display());
    }
    let table =
        args.table.as_ref().context("a module with a [network] is trained on images: name a --table")?;
    let python = Python::find(&std::env::var_os("PATH").unwrap_or_default())?;
    let prepared = module::cases(&module.manifest, table, &args.reading, Truth::Wanted, progress)?;
    let images = module::images_of(table, &args.reading);
    let training = NetworkTraining { folder, images: &images, python: &python, options };
    let kept = {
        let running = progress.begin("training networks");
        let mut told = NetworkProgress {
            image: &mut |case| running.tell(0.0, &format!("image {}", case + 1)),
            training: &|done, words| running.tell(done, words),
        };
        train_networks(module, &prepared, &training, &version(), &mut told).map_err(|error| match &error {
            WorkflowError::Recipe(_) | WorkflowError::Graphs(_) => module::in_file(folder, &error),
            _ => module::in_file(table, &error),
        })?
    };
    run::complete(folder, &kept).map_err(|error| module::in_file(folder, &error))?;
    clear_training(folder);
    print(module, &kept);
    written(args);
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

fn print(module: &Module, kept: &ModuleRun) {
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
