//! String literals of the sources that a person may read: words in a row, outside tests, documentation, the names of figures of `coxa verify` and
//! `coxa bench`, and what only a programmer sees.

use crate::tokens::{behind_item, is_mark};
use proc_macro2::{TokenStream, TokenTree};
use std::path::{Path, PathBuf};

/// Folders of crates whose texts a user sees.
const CRATES: [&str; 4] = ["src", "models", "sim", "planner"];
const VIEWER: &str = "viewer/src";
/// Macros and functions whose words only a programmer sees.
const INTERNAL: [&str; 9] = [
    "expect",
    "assert",
    "assert_eq",
    "assert_ne",
    "debug_assert",
    "debug_assert_eq",
    "unreachable",
    "panic",
    "include_str",
];

/// Texts of each file that has any, by its path in the repository.
pub(crate) fn of_sources(root: &Path) -> Vec<(String, Vec<String>)> {
    let mut files = Vec::new();
    for folder in CRATES.iter().chain([&VIEWER]) {
        add_files(&root.join(folder), &mut files);
    }
    files.sort();
    let texts = files.iter().map(|path| {
        let name = path.strip_prefix(root).unwrap().display().to_string();
        let tokens: TokenStream = std::fs::read_to_string(path).unwrap().parse().expect("a source is Rust");
        let mut texts = Vec::new();
        add_texts(tokens, &mut texts);
        (name, texts)
    });
    texts.filter(|(_, texts)| !texts.is_empty()).collect()
}

fn add_files(folder: &Path, files: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap().map(Result::unwrap) {
        let path = entry.path();
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_for_users = !["tests", "tests.rs", "benches", "examples", "verify", "bench", "finding"]
            .contains(&name.as_str())
            && !name.ends_with("_tests.rs");
        if path.is_dir() && is_for_users {
            add_files(&path, files);
        } else if is_for_users && path.extension().is_some_and(|e| e == "rs") {
            files.push(path);
        }
    }
}

fn add_texts(tokens: TokenStream, texts: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at] {
            hash if is_mark(hash, '#') => {
                // Of the whole file, as `#![allow]` and documentation are, or of what follows.
                let is_inner = tokens.get(at + 1).is_some_and(|mark| is_mark(mark, '!'));
                at += 2 + usize::from(is_inner);
                let attribute = tokens.get(at - 1).map(ToString::to_string).unwrap_or_default();
                if attribute.replace(' ', "") == "[cfg(test)]" {
                    at = behind_item(&tokens, at);
                } else if let Some(TokenTree::Group(group)) = tokens.get(at - 1)
                    && attribute.replace(' ', "").starts_with("[error(")
                {
                    add_texts(group.stream(), texts);
                }
                continue;
            }
            TokenTree::Ident(name) if INTERNAL.contains(&name.to_string().as_str()) => {
                // Its arguments, behind the mark of a macro.
                at += 1 + usize::from(tokens.get(at + 1).is_some_and(|mark| is_mark(mark, '!')));
            }
            TokenTree::Group(group) => add_texts(group.stream(), texts),
            TokenTree::Literal(literal) => texts.extend(text_of(&literal.to_string())),
            _ => {}
        }
        at += 1;
    }
}

/// The text of a string literal, if it is words in a row.
fn text_of(literal: &str) -> Option<String> {
    let inner = literal.strip_prefix('r').unwrap_or(literal).trim_matches('#');
    let inner = inner.strip_prefix('"')?.strip_suffix('"')?;
    let mut text = String::new();
    // A line that goes on is one line.
    for line in inner.split("\\\n") {
        text += if text.is_empty() { line } else { line.trim_start() };
    }
    let words = text.split_whitespace().filter(|word| word.chars().filter(|c| c.is_alphabetic()).count() > 1);
    let is_code =
        text.contains("</") || text.contains("{{") || text.starts_with(['<', '{', '[']) && text.contains('=');
    (words.count() >= 3 && !is_code).then_some(text)
}
