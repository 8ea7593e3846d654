//! Marks on pictures, and how those of other programs are read.

mod import;
mod outline;
mod shape;

pub use import::{MarkRow, import, mark_rows};
pub use shape::{MAX_MARKS, MAX_POINTS, Mark, MarkKind, MarksWanted};
