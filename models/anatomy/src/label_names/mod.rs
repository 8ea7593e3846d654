//! Names of structures: ours, TotalSegmentator's, and label files of other programs read into ours.

mod import;
mod mapping;
mod own;
mod totalsegmentator;

pub use import::{LabelImportError, import_file, import_on, read_file};
pub use mapping::{Mapping, MappingError};
pub use own::{METAL, our_table, structure_id, structures};
