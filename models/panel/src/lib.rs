#![doc = include_str!("../README.md")]

mod check;
mod document;
mod folder;
mod overlay;
mod panel;
mod picture;
mod pixels;
mod problem;
mod store;

pub use check::is_name;
pub use folder::{FOLDER, Found, Stored, read, read_all, sha256};
pub use overlay::{Colour, Overlay, Ramp};
pub use panel::{Card, Panel, Table, TableRow};
pub use picture::{OPACITY, Picture};
pub use problem::PanelError;
pub use store::write;
