//! Findings: what a user must know, each made from a row of one registry.
//!
//! A row gives a finding its code, severity, subject, text and the source of its limit; the fields of the row's struct are the
//! arguments of the text, so that one that is missing or has no place in it does not compile:
//!
//! ```
//! use coxa_geometry::Side;
//! use coxa_geometry::finding::{self, Code};
//! let finding = finding::HipMissing { side: Side::Left }.finding();
//! assert_eq!((finding.code, finding.about.to_string().as_str()), (Code::HipMissing, "hip_left"));
//! assert_eq!(finding.message, "The left hip joint is not in the scan.");
//! ```
//!
//! To add a finding, name its code in `code.rs` and write its row beside those of its subject: `input.rs`, `scan.rs`, `anatomy.rs`,
//! `placement.rs`, `limits.rs`, `motion.rs`, `loads.rs`, `model.rs` or `search.rs`. A code may have several rows, where its text
//! depends on what was found. `docs/findings.md` lists them all.

#[macro_use]
mod row;
mod anatomy;
mod code;
mod fluent;
mod input;
mod language;
mod limits;
mod loads;
mod model;
mod motion;
mod placement;
mod record;
mod scan;
mod search;
mod severity;
mod subject;
mod table;
mod text;

pub use anatomy::*;
pub use code::{Code, UnknownCode};
pub use fluent::fluent;
pub use input::*;
pub use limits::*;
pub use loads::*;
pub use model::*;
pub use motion::*;
pub use placement::*;
pub use record::Finding;
pub use row::FindingRow;
pub use scan::*;
pub use search::*;
pub use severity::Severity;
pub use subject::Subject;
pub use table::{markdown, rows};
pub use text::{Given, RowText};
