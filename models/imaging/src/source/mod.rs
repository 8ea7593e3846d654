//! One door for everything a CT comes in: folder, zip, single DICOM file or NIfTI.

mod blob;
mod contents;
mod damage;
mod error;
pub(crate) mod hounsfield;
mod joint_hash;
mod open;
mod opened;
#[cfg(test)]
mod tests;

pub(crate) use blob::Blob;
pub use contents::{Contents, contents};
pub(crate) use damage::{Damaged, SetAside};
pub use error::ReadError;
pub(crate) use joint_hash::joint_hash;
pub use open::{open, open_bytes};
pub use opened::{Identity, Opened, ReadOptions, SourceKind};
