//! What a module says of one case, as the panel that viewer, report and program show.

mod panel;

pub use coxa_panel::write;
pub use panel::{CaseResult, Predicted, panel};
