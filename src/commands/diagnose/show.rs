//! `coxa diagnose show`: what a module takes and gives.

use super::module;
use crate::cli::diagnose::ShowArgs;
use crate::new_file;
use crate::table::Table;
use anyhow::Result;
use coxa_case::failure::file_error;
use coxa_diagnosis::graphs::{Graphs, draft};
use coxa_diagnosis::manifest::{Baseline, Input, Manifest, Missing, Module, Output, Scale, Value};
use std::path::Path;

/// Runs the command.
pub(super) fn run(args: &ShowArgs) -> Result<()> {
    let path = Path::new(&args.module);
    if path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("onnx")) {
        return drafted(path, args.write.as_deref());
    }
    let module = module::named(&args.module)?;
    if let Some(folder) = &args.write {
        std::fs::create_dir_all(folder).map_err(|error| file_error("make", folder, &error))?;
        new_file::write(&folder.join("module.toml"), &module.text)?;
        if let Some(law) = &module.law {
            new_file::write(&folder.join("virtual.toml"), law)?;
        }
        return Ok(());
    }
    if args.header {
        say!("{}", header(&module.manifest).join(","));
        return Ok(());
    }
    show(&module);
    if !module.manifest.graphs.is_empty() {
        Graphs::load(path, &module.manifest).map_err(|error| module::in_file(path, &error))?;
        module::filled_in(path, &module.text)?;
    }
    Ok(())
}

/// A manifest around a network: printed, or written into a folder together with the network.
fn drafted(graph: &Path, folder: Option<&Path>) -> Result<()> {
    let text = draft(graph)?;
    let Some(folder) = folder else {
        say!("{}", text.trim_end());
        return Ok(());
    };
    std::fs::create_dir_all(folder).map_err(|error| file_error("make", folder, &error))?;
    new_file::write(&folder.join("module.toml"), &text)?;
    let copy = folder.join(graph.file_name().unwrap_or_default());
    if !copy.exists() {
        std::fs::copy(graph, &copy).map_err(|error| file_error("write", &copy, &error))?;
    }
    say!("{}: fill in what is marked FILL IN", folder.join("module.toml").display());
    Ok(())
}

/// Columns of a table of cases with the truth.
fn header(manifest: &Manifest) -> Vec<&str> {
    let mut columns = vec![manifest.evaluation.group.as_str(), "study"];
    for input in &manifest.inputs {
        columns.push(&input.column);
        columns.extend(input.dated.iter().flat_map(|dated| [dated.column.as_str(), dated.truth.as_str()]));
    }
    columns.extend(manifest.outputs.iter().map(|output| output.column.as_str()));
    let scores = manifest.association.iter().flat_map(|association| &association.scores);
    columns.extend(scores.map(|score| score.column.as_str()));
    let mut seen = Vec::new();
    columns.retain(|column| {
        let is_new = !seen.contains(column);
        seen.push(*column);
        is_new
    });
    columns
}

fn show(module: &Module) {
    let manifest = &module.manifest;
    say!("{}", manifest.title);
    say!("  {}", manifest.question);
    say!(
        "  {}; evidence: {}; weights: {}",
        manifest.intended_use,
        manifest.evidence.tag(),
        manifest.licence.weights
    );
    let mut inputs = Table::new().left("column").left("takes").left("missing").left("what");
    let group = &manifest.evaluation.group;
    inputs.row(&[group, &"any text", &"refused", &"cases of one stay together"]);
    inputs.row(&[&"study", &"any text", &"allowed", &"tells cases of a patient apart"]);
    for input in &manifest.inputs {
        inputs.row(&[&input.column, &takes(input), &missing(manifest, input), &input.title]);
    }
    say!("\n{inputs}\n");
    let mut outputs = Table::new().left("output").left("truth in column").left("is").left("what");
    for output in &manifest.outputs {
        outputs.row(&[&output.id, &output.column, &is(output), &output.title]);
    }
    for score in manifest.association.iter().flat_map(|association| &association.scores) {
        let range = format!("{} to {}", score.range[0], score.range[1]);
        outputs.row(&[&"", &score.column, &range, &score.title]);
    }
    say!("{outputs}\n");
    if manifest.association.is_none() {
        judged(manifest);
    }
    say!("{}", manifest.card.method);
    say!("Fails on: {}.", manifest.card.fails_on.join("; "));
}

/// What predicts, and how it is judged.
fn judged(manifest: &Manifest) {
    let evaluation = &manifest.evaluation;
    let folds = format!("{} folds grouped by {}", evaluation.folds, evaluation.group);
    let names: Vec<&str> = manifest.candidates.iter().map(|one| one.name.as_str()).collect();
    match (&manifest.graphs[..], &names[..]) {
        ([], []) => say!("A network is trained in each of {folds}; their mean predicts."),
        ([], names) => say!(
            "Selected from {} in {} inner folds, evaluated in {} outer folds grouped by {}.",
            names.join(", "),
            evaluation.inner_folds,
            evaluation.folds,
            evaluation.group
        ),
        ([_], _) => say!("A network predicts."),
        (graphs, _) => say!("The mean of {} networks predicts.", graphs.len()),
    }
    let baselines: Vec<String> = evaluation.baselines.iter().map(|one| baseline(manifest, one)).collect();
    if !baselines.is_empty() {
        say!("Compared with: {}.", baselines.join("; "));
    }
}

fn takes(input: &Input) -> String {
    match &input.value {
        Value::Number(numeric) => format!("{} to {} {}", numeric.range[0], numeric.range[1], numeric.unit),
        Value::Flag => "yes or no".into(),
        Value::Classes(classes) => classes.join(", "),
        Value::Ordered(classes) => classes.join(" < "),
        Value::Feature(of, _) => {
            format!("a number, or computed: {} of {} in {}", of.feature, of.image, of.mask)
        }
        Value::Muscle(of, _) => format!("a number, or computed from {}", of.case),
        Value::Image { modality, view } => {
            let view = view.as_ref().map(|view| format!(", {view}")).unwrap_or_default();
            format!("path of an image ({}{view})", modality.join(" or "))
        }
        Value::Mask { of } => format!("path of a mask of {of}"),
        Value::Case => "path of a case folder".into(),
    }
    .trim_end()
    .to_owned()
}

fn missing(manifest: &Manifest, input: &Input) -> &'static str {
    let looks = manifest.candidates.is_empty() && manifest.association.is_none();
    match (&input.value, input.missing) {
        (Value::Image { .. }, _) if looks => "refused",
        (Value::Image { .. } | Value::Mask { .. } | Value::Case, _) => "where nothing is computed",
        (_, Missing::Indicator) => "allowed",
        (_, Missing::Refuse) => "refused",
    }
}

fn is(output: &Output) -> String {
    match &output.scale {
        Scale::Number(numeric) => format!("{} to {} {}", numeric.range[0], numeric.range[1], numeric.unit),
        Scale::Flag => "yes or no".into(),
        Scale::AtLeast(limit, numeric) => format!("a number; yes from {limit} {}", numeric.unit),
        Scale::Classes(classes) => classes.join(", "),
        Scale::Ordered(classes) => classes.join(" < "),
    }
    .trim_end()
    .to_owned()
}

fn baseline(manifest: &Manifest, baseline: &Baseline) -> String {
    let title = |id: &String| manifest.input(id).map_or(id.as_str(), |input| &input.title).to_owned();
    match baseline {
        Baseline::Constant => "the same for all".into(),
        Baseline::CarryForward(id) => format!("{} carried forward", title(id)),
        Baseline::Inputs(ids) => format!("{} alone", ids.iter().map(title).collect::<Vec<_>>().join(", ")),
        Baseline::Shuffled => "the same models on shuffled outcomes".into(),
    }
}
