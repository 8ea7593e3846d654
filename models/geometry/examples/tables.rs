//! Writes what is made from code, tables of `docs/` and the findings in the form of Fluent: `cargo run -p coxa-geometry --example tables`.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    fs::create_dir_all(&docs)?;
    fs::write(docs.join("findings.md"), coxa_geometry::finding::markdown())?;
    let words = Path::new(env!("CARGO_MANIFEST_DIR")).join("../locale/text/en/findings.ftl");
    fs::write(words, coxa_geometry::finding::fluent())?;
    fs::write(docs.join("limits.md"), coxa_geometry::quantity::limits_markdown())?;
    fs::write(docs.join("quantities.md"), coxa_geometry::quantity::markdown())
}
