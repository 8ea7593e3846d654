//! Any text as `case.toml`, findings, history and plan of a folder, parted by lines of `%%%%`: it is read or refused, and so is each of its
//! files.

#![no_main]

use coxa_case::check::check;
use coxa_case::folder::{Case, read_history, read_record};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let folder = tempfile::tempdir().expect("a folder");
    let names = ["case.toml", "findings.json", "history.jsonl", "plan.toml"];
    for (name, part) in names.iter().zip(text.split("\n%%%%\n")) {
        std::fs::write(folder.path().join(name), part).expect("a file");
    }
    if let Err(error) = read_record(folder.path()) {
        assert!(!error.to_string().is_empty());
    }
    let _ = read_history(folder.path());
    let _ = check(folder.path());
    if let Ok(mut case) = Case::open(folder.path()) {
        let _ = case.undo_plan();
        let _ = case.save_record();
    }
});
