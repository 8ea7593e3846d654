//! Links and the table of contents.

use crate::page::Page;
use crate::{pages, root};
use std::path::{Component, Path, PathBuf};

/// A path without `.` and `..`.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(plain.pop()),
            Component::CurDir => {}
            part => plain.push(part),
        }
    }
    plain
}

/// What is wrong with a link of a page.
fn defect(page: &Page, link: &str, pages: &[Page]) -> Option<String> {
    if link.starts_with("https://") {
        return None;
    }
    let (file, anchor) = link.split_once('#').map_or((link, None), |(file, anchor)| (file, Some(anchor)));
    let folder = page.path.parent().unwrap();
    let to = if file.is_empty() { page.path.clone() } else { plain(&folder.join(file)) };
    let docs = root().join("docs");
    if page.path.starts_with(&docs) && !to.starts_with(&docs) {
        return Some("leads out of the book".into());
    }
    if !to.exists() {
        return Some("leads nowhere".into());
    }
    let target = pages.iter().find(|page| page.path == to)?;
    let is_there = |anchor: &str| target.anchors.iter().any(|own| own == anchor);
    anchor.filter(|anchor| !is_there(anchor)).map(|_| "leads to no heading".into())
}

#[test]
fn every_link_of_the_manual_leads_somewhere() {
    let pages = pages();
    let wrong: Vec<String> = pages
        .iter()
        .flat_map(|page| page.links.iter().map(move |link| (page, link)))
        .filter_map(|(page, link)| {
            let shown = page.path.strip_prefix(root()).unwrap().display();
            defect(page, link, &pages).map(|defect| format!("{shown}: {link} {defect}"))
        })
        .collect();
    assert!(pages.len() > 20, "only {} pages", pages.len());
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn every_page_is_in_the_book() {
    let contents = Page::read(&root().join("docs/SUMMARY.md"));
    let listed: Vec<PathBuf> = contents.links.iter().map(|link| root().join("docs").join(link)).collect();
    let of_book = |page: &Page| page.path.starts_with(root().join("docs"));
    let missing: Vec<PathBuf> = pages()
        .into_iter()
        .filter(|page| of_book(page) && !page.path.ends_with("SUMMARY.md") && !listed.contains(&page.path))
        .map(|page| page.path)
        .collect();
    assert!(missing.is_empty(), "not in docs/SUMMARY.md: {missing:#?}");
}
