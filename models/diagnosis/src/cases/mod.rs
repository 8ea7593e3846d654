//! Tables of cases: read, checked against a manifest, and turned into what models take.

mod cell;
mod content;
mod encode;
mod problem;
mod read;
mod repeats;
mod sheet;

pub use content::{Cases, Column};
pub(crate) use encode::columns_of;
pub use encode::{encode, outcomes};
pub use problem::{Problem, Problems};
pub(crate) use read::MISSING_NOTE;
pub use read::Truth;
pub use sheet::{Encoding, MOST_TABLE_BYTES, Sheet};
