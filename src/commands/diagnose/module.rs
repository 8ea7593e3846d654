//! Modules by name or folder, tables by path, with the file in every message.

use crate::cli::diagnose::{TableArgs, TableEncoding};
use anyhow::{Result, anyhow, bail};
use coxa_case::failure::file_error;
use coxa_case::progress::Progress;
use coxa_diagnosis::cases::{Encoding, MOST_TABLE_BYTES, Truth};
use coxa_diagnosis::graphs::FILL_IN;
use coxa_diagnosis::manifest::{Input, Manifest, Module, Value, shipped, shipped_names};
use coxa_diagnosis::run::{self, ModuleRun};
use coxa_diagnosis::{Prepared, TableOptions, WorkflowError, prepare};
use coxa_geometry::quantity::nearest;
use std::path::{Path, PathBuf};

/// A module that ships, or that of a folder.
pub(super) fn named(name: &str) -> Result<Module> {
    if let Some(module) = shipped(name) {
        return Ok(module);
    }
    let folder = Path::new(name);
    let path = folder.join("module.toml");
    if !path.is_file() {
        let near = nearest(name, shipped_names());
        let near = near.first().map(|near| format!("; is it {near}?")).unwrap_or_default();
        bail!(
            "{name} is neither a module that ships (coxa diagnose list) nor a folder with a module.toml{near}"
        );
    }
    let text = read_text(&path)?;
    let law = folder.join("virtual.toml");
    let law = if law.is_file() { Some(read_text(&law)?) } else { None };
    Module::new(text, law).map_err(|error| in_file(&path, &error))
}

/// A run of `coxa diagnose train`, with its manifest.
pub(super) fn trained(folder: &Path) -> Result<(Manifest, ModuleRun)> {
    let (manifest, kept) = any_run(folder)?;
    if !kept.settings.kind.is_training() {
        bail!(
            "{} is an evaluation and contains no model; name the run or the module that was evaluated",
            folder.display()
        );
    }
    Ok((manifest, kept))
}

/// A run of `coxa diagnose train` or `evaluate`, with its manifest.
pub(super) fn any_run(folder: &Path) -> Result<(Manifest, ModuleRun)> {
    let kept = run::read(folder).map_err(|error| in_file(folder, &error))?;
    let manifest =
        Manifest::from_toml(&kept.manifest).map_err(|error| in_file(&folder.join("module.toml"), &error))?;
    Ok((manifest, kept))
}

/// Each line of an error behind the file that it is about.
pub(super) fn in_file(path: &Path, error: &impl ToString) -> anyhow::Error {
    let lines: Vec<String> =
        error.to_string().lines().map(|line| format!("{}: {line}", path.display())).collect();
    anyhow!(lines.join("\n"))
}

/// Refuses a manifest that was drafted and not filled in.
pub(super) fn filled_in(folder: &Path, text: &str) -> Result<()> {
    // The first line says what the mark means.
    let lines = text.lines().enumerate().skip(1).filter(|(_, line)| line.contains(FILL_IN));
    let open: Vec<String> = lines.map(|(line, _)| (line + 1).to_string()).collect();
    if !open.is_empty() {
        let file = folder.join("module.toml");
        bail!(
            "{}: fill in what is marked {FILL_IN} and take the mark away: lines {}",
            file.display(),
            open.join(", ")
        );
    }
    Ok(())
}

/// An error of the whole way behind what it is about: the module of this folder, or the table.
pub(super) fn in_module_or(folder: &Path, table: &Path, error: WorkflowError) -> anyhow::Error {
    match error {
        WorkflowError::Graphs(_) => in_file(folder, &error),
        WorkflowError::Explain(_) => error.into(),
        _ => in_file(table, &error),
    }
}

fn read_text(path: &Path) -> Result<String> {
    std::fs::read_to_string(path).map_err(|error| file_error("read", path, &error))
}

/// The bytes of a table that was named.
pub(super) fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    let size = std::fs::metadata(path).map_err(|error| file_error("read", path, &error))?.len();
    if size > MOST_TABLE_BYTES as u64 {
        bail!("{}: the file has more than 1 GiB, too much for a table", path.display());
    }
    std::fs::read(path).map_err(|error| file_error("read", path, &error))
}

/// The folder of the images that a table names.
pub(super) fn images_of(table: &Path, args: &TableArgs) -> PathBuf {
    args.images.clone().unwrap_or_else(|| table.parent().unwrap_or(Path::new("")).to_owned())
}

/// The cases of a table, with what must be computed from the files that it names.
pub(super) fn cases(
    manifest: &Manifest,
    table: &Path,
    args: &TableArgs,
    truth: Truth,
    progress: &dyn Progress,
) -> Result<Prepared> {
    let bytes = read_bytes(table)?;
    let encoding = match args.encoding {
        TableEncoding::Unicode => Encoding::Unicode,
        TableEncoding::ShiftJis => Encoding::ShiftJis,
        TableEncoding::Windows1252 => Encoding::Windows1252,
    };
    let images = images_of(table, args);
    // What is computed from images takes long enough to be told of.
    let computes = |input: &Input| matches!(input.value, Value::Feature(..) | Value::Muscle(..));
    let running = manifest.inputs.iter().any(computes).then(|| progress.begin("reading the cases"));
    let mut done = |case: usize| {
        if let Some(running) = &running {
            running.tell(0.0, &format!("case {}", case + 1));
        }
    };
    prepare(manifest, &bytes, TableOptions { encoding, images: &images, truth }, &mut done)
        .map_err(|error| in_file(table, &error))
}
