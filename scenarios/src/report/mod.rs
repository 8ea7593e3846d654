//! The report of a study: one page that stands alone, with its plots as SVG.

mod forest;
mod page;
mod rows;
mod strip;
mod subgroups;

use crate::analysis::{Analysis, Data};
use crate::store::{Merged, Store};
use anyhow::Result;
use std::path::PathBuf;

/// What a report consists of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// `report.html`.
    pub page: PathBuf,
    /// Plots beside it.
    pub plots: Vec<PathBuf>,
}

/// What merged results answer, with the values that it rests on.
///
/// # Errors
/// Results that are damaged.
pub fn analysed(store: &Store, merged: &Merged) -> Result<(Data, Analysis)> {
    let data = Data::read(store, merged)?;
    let analysis = Analysis::of(&store.study, &data)?;
    Ok((data, analysis))
}

/// Writes the report of merged results into the folder of the study.
///
/// # Errors
/// Results that are damaged, and whatever the system refuses.
pub fn write(store: &Store, merged: &Merged, data: &Data, analysis: &Analysis) -> Result<Report> {
    let status = store.status_of(merged)?;
    let mut plots = Vec::new();
    let mut inline = Vec::new();
    for (place, distribution) in analysis.distributions.iter().enumerate() {
        let Some(svg) = strip::draw(&store.study, data, place, distribution) else { continue };
        inline.push((format!("levels_{}", distribution.output.column()), svg));
    }
    if let Some(svg) = forest::draw(&analysis.comparisons) {
        inline.push(("differences".to_owned(), svg));
    }
    for distribution in &analysis.distributions {
        let of: Vec<_> =
            analysis.comparisons.iter().filter(|one| one.output == distribution.output).collect();
        if let Some(svg) = subgroups::draw(&of) {
            inline.push((format!("subgroups_{}", distribution.output.column()), svg));
        }
    }
    for (name, svg) in &inline {
        let path = store.folder().join("plots").join(format!("{name}.svg"));
        crate::store::put(&path, svg.as_bytes())?;
        plots.push(path);
    }
    let html = page::html(store, data, analysis, &status, &inline)?;
    let page = store.folder().join("report.html");
    crate::store::put(&page, html.as_bytes())?;
    Ok(Report { page, plots })
}
