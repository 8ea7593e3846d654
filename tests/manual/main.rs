//! The manual: every link leads somewhere, every page is in the book, and every command does what its page shows.

#![allow(clippy::unwrap_used)] // Helpers of tests may fail as tests do.

#[cfg(unix)]
mod commands;
mod links;
mod page;

use page::Page;
use std::path::Path;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Pages of the manual with the README, by their paths in the repository.
fn pages() -> Vec<Page> {
    let mut files = vec![root().join("README.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ending| ending == "md") {
                files.push(path);
            }
        }
    }
    files.sort();
    files.iter().map(|file| Page::read(file)).collect()
}
