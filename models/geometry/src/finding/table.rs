//! The registry as a table in Markdown.

use super::{Subject, rows};
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

    #[test]
    fn the_document_in_docs_is_the_registry() {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/findings.md");
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(kept == markdown(), "docs/findings.md is old: cargo run -p coxa-geometry --example tables");
    }
}
