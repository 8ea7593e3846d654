//! Writes the tables of `docs/` that are made from code: `cargo run -p coxa-geometry --example tables`.

use std::fs;
use std::path::Path;

fn main() -> std::io::Result<()> {
    let docs = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs");
    fs::create_dir_all(&docs)?;
    fs::write(docs.join("findings.md"), coxa_geometry::finding::markdown())?;
    fs::write(docs.join("limits.md"), coxa_geometry::quantity::limits_markdown())?;
    fs::write(docs.join("quantities.md"), coxa_geometry::quantity::markdown())
}
