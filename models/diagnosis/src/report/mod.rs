//! The report of a run: one self-contained page with tables and plots.

mod checklist;
mod figures;
mod known;
mod page;
mod plots;
mod rows;

pub use checklist::{Checklist, Item, KnownAnswers, checklist};
pub use page::{ReportError, html};
