//! Every text that a user may read, as one list: `cargo test --test messages -- --nocapture`.
//!
//! Findings and quantities come from their registries, help from the command line, all other texts from the string literals of the sources.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

mod literals;
#[path = "../common/tokens.rs"]
mod tokens;

use clap::{Command, CommandFactory};
use coxa::cli::Cli;
use coxa_geometry::{Quantity, finding};
use std::collections::BTreeMap;
use std::path::Path;

/// Wording that reads oddly or says too little, and the standard one.
const WORDING: &[(&str, &str)] = &[
    (" is sure to ", "is accurate to"),
    (" are sure to ", "are accurate to"),
    ("less sure", "less accurate"),
    ("left aside", "ignored"),
    ("set aside", "ignored"),
    ("comes from nowhere", "a residual force"),
    ("come from nowhere", "a residual force"),
    ("stands bare", "is modelled without surrounding bone"),
    ("cut off", "truncated"),
    ("known too poorly", "too uncertain to assess"),
    ("neither confirmed nor faulted", "too uncertain to assess"),
    ("os error", "the system's reason in words"),
];

/// Texts by where they come from, in a fixed order.
fn texts() -> BTreeMap<String, Vec<String>> {
    let mut texts = BTreeMap::new();
    let findings = finding::rows().map(|row| {
        let sample = row.sample();
        let source = Some(&sample.source).filter(|source| !source.is_empty());
        format!("{}: {}{}", sample.code, row.text, source.map(|s| format!(" [{s}]")).unwrap_or_default())
    });
    texts.insert("findings".to_owned(), findings.collect());
    let quantity = |q: &Quantity| format!("{}: {}. {}", q.name(), q.title(), q.definition());
    texts.insert("quantities".to_owned(), Quantity::ALL.iter().map(quantity).collect());
    for message in coxa_locale::english().into_iter().filter(|message| message.file != "findings") {
        let list: &mut Vec<String> = texts.entry(message.file.to_owned()).or_default();
        list.push(format!("{}: {}", message.id, message.text));
    }
    let mut help = Vec::new();
    add_help(&Cli::command(), "", &mut help);
    texts.insert("help".to_owned(), help);
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    for (file, literals) in literals::of_sources(root) {
        texts.insert(file, literals);
    }
    texts
}

/// Help of a command, of its arguments and of the commands below it.
fn add_help(command: &Command, above: &str, help: &mut Vec<String>) {
    let name = format!("{above} {}", command.get_name()).trim().to_owned();
    let of_command = [command.get_about(), command.get_long_about(), command.get_after_help()];
    help.extend(of_command.into_iter().flatten().map(|text| format!("{name}: {text}")));
    for argument in command.get_arguments() {
        let text = argument.get_long_help().or(argument.get_help());
        help.extend(text.map(|text| format!("{name} {}: {text}", argument.get_id())));
    }
    command.get_subcommands().for_each(|below| add_help(below, &name, help));
}

#[test]
fn messages_are_in_plain_words() {
    let texts = texts();
    let mut odd = Vec::new();
    for (place, list) in &texts {
        println!("\n== {place}");
        for text in list {
            println!("{text}");
            let lower = text.to_lowercase();
            let found = WORDING.iter().filter(|(word, _)| lower.contains(word));
            odd.extend(found.map(|(word, better)| format!("{place}: \"{word}\" in \"{text}\": {better}")));
        }
    }
    let count: usize = texts.values().map(Vec::len).sum();
    println!("\n{count} texts");
    assert!(count > 1500, "the list has lost most of its texts: {count}");
    assert!(odd.is_empty(), "{} texts read oddly:\n{}", odd.len(), odd.join("\n"));
}
