//! Findings come from their registry: nobody spells a code, and no row is idle.

use coxa_geometry::Quantity;
use coxa_geometry::finding::{self, Code};
use std::path::Path;

const REGISTRY: &str = "models/geometry/src/finding/";

/// Rust outside tests and outside the registry: the file below the repository, and its text.
fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = crate::tracked("rs");
    let tests = crate::test_modules(&files);
    let mut found = Vec::new();
    for file in files {
        let name = file.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
        let is_of_tests = name.split('/').any(|part| part == "tests" || part == "benches")
            || file.ancestors().any(|part| tests.contains(&part.with_extension("")));
        if !is_of_tests && !name.starts_with(REGISTRY) {
            let text = std::fs::read_to_string(&file).unwrap();
            found.push((name, text.split("#[cfg(test)]\nmod tests {").next().unwrap_or_default().to_owned()));
        }
    }
    assert!(found.len() > 300, "only {} files", found.len());
    found
}

#[test]
fn no_code_of_a_finding_is_spelt_outside_the_registry_and_tests() {
    let names = Quantity::ALL.iter().flat_map(|quantity| [quantity.name(), quantity.criterion_name()]);
    // Names that mean something else as well: numbers of a plan, and a disease that virtual patients have.
    let also: Vec<&str> = names.chain(["osteoarthritis"]).collect();
    let codes = Code::ALL.iter().map(|code| code.name()).filter(|name| !also.contains(name));
    let spelt: Vec<String> = codes.map(|name| format!("\"{name}\"")).collect();
    let is_spelt = |text: &str| spelt.iter().any(|code| text.contains(code));
    let wrong: Vec<String> =
        sources().into_iter().filter(|(_, text)| is_spelt(text)).map(|(name, _)| name).collect();
    assert!(wrong.is_empty(), "write Code::... instead of its name: {wrong:#?}");
}

#[test]
fn every_finding_of_the_registry_is_made_somewhere() {
    let sources = sources();
    let is_made = |name: &str| {
        let is_whole = |text: &str, at: usize| {
            let after = text[at + name.len()..].chars().next();
            text[..at].ends_with([':', '(']) && !after.is_some_and(|c| c.is_alphanumeric() || c == '_')
        };
        sources.iter().any(|(_, text)| text.match_indices(name).any(|(at, _)| is_whole(text, at)))
    };
    let idle: Vec<&str> = finding::rows().map(|row| row.name).filter(|name| !is_made(name)).collect();
    assert!(idle.is_empty(), "nothing makes {idle:?}");
}
