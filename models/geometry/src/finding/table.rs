//! The registry as a table in Markdown.

use super::row::FindingRow;
use super::subject::Subject;
use crate::Side;
use std::fmt::Write as _;

const HEAD: &str = "\
# Findings

What Coxa says of a scan, a plan and a simulation, in `findings.json` and in reports. Written by
`cargo run -p coxa-geometry --example tables` from the rows in `models/geometry/src/finding/`. Codes are stable. Braces hold what depends
on the case; `:.1` behind a name is the number of decimals. A *note* is worth knowing, a *caution* is to be looked at before the plan is
used, for a *refusal* there is no plan (exit code 1). A code has several rows where its text depends on what was found.

| Code | Severity | About | Text | Source of the limit |
|---|---|---|---|---|
";

/// All rows, in the order of the way from the scan to the plan and its simulation.
pub fn rows() -> impl Iterator<Item = &'static FindingRow> {
    [
        super::input::ROWS,
        super::scan::ROWS,
        super::anatomy::ROWS,
        super::placement::ROWS,
        super::limits::ROWS,
        super::motion::ROWS,
        super::loads::ROWS,
        super::model::ROWS,
        super::search::ROWS,
    ]
    .into_iter()
    .flatten()
}

/// The table in Markdown: `docs/findings.md`.
pub fn markdown() -> String {
    let mut text = String::from(HEAD);
    for row in rows() {
        let sample = row.sample();
        let severity = format!("{:?}", sample.severity).to_lowercase();
        // Writing to a string does not fail.
        let _ = writeln!(
            text,
            "| `{}` | {severity} | {} | {} | {} |",
            sample.code,
            about(&sample.about),
            cell(row.text),
            cell(&sample.source)
        );
    }
    text
}

fn about(subject: &Subject) -> String {
    let both = |of: fn(Side) -> Subject| format!("`{}`, `{}`", of(Side::Right), of(Side::Left));
    match subject {
        Subject::Hip(_) => both(Subject::Hip),
        Subject::Femur(_) => both(Subject::Femur),
        Subject::MusclesOf(_) => both(Subject::MusclesOf),
        Subject::Screw(_) => "`screw_` and the number of its hole".to_owned(),
        Subject::Named(name) => format!("the name of {name}"),
        plain => format!("`{plain}`"),
    }
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::Code;
    use std::collections::BTreeSet;

    #[test]
    fn every_code_has_a_row_and_every_row_a_name_of_its_own() {
        let codes: BTreeSet<&str> = rows().map(|row| row.code().name()).collect();
        let without: Vec<&str> =
            Code::ALL.iter().map(|code| code.name()).filter(|name| !codes.contains(name)).collect();
        assert!(without.is_empty(), "codes without a row: {without:?}");
        let names: BTreeSet<&str> = rows().map(|row| row.name).collect();
        assert_eq!(names.len(), rows().count());
    }

    #[test]
    fn texts_are_sentences_of_one_line() {
        for row in rows() {
            let text = row.sample().message;
            assert!(!text.contains(['\n', '\t']) && !text.contains("  "), "{}: {text}", row.name);
            assert!(text.ends_with(['.', '}', '?', ' ']), "{}: {text}", row.name);
        }
    }

    #[test]
    fn the_document_in_docs_is_the_registry() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/findings.md");
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == markdown(), "docs/findings.md is old: cargo run -p coxa-geometry --example tables");
    }
}
