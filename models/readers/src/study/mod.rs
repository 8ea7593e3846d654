//! The study folder: settings, cases, worklists, and how it is made and opened.

mod cases;
mod create;
mod folder;
mod hidden;
mod settings;
mod worklist;

pub use cases::{CaseRow, CaseTable};
pub use create::{Created, NewStudy, create};
pub use folder::{Help, Link, Study, StudyCase, StudyPicture};
pub use hidden::HiddenCase;
pub use settings::{Method, NamedWindow, Scale, StudySettings, WindowSetting};
pub use worklist::{Item, Worklist};
