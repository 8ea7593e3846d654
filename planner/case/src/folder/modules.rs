//! Panels that modules leave in a case.

use super::Case;
use anyhow::{Result, bail};
use coxa_panel::{FOLDER, Panel};
use coxa_planner::panels::is_own;
use std::path::PathBuf;

impl Case {
    /// Puts what a module says of the case into it, in the place of what that module said before, and gives the folder of the panel. A report
    /// that does not show it says then that it is older.
    ///
    /// # Errors
    /// A panel that no case can hold, one with the name of what Coxa measures itself, and whatever the system refuses.
    pub fn put_panel(&mut self, panel: &Panel) -> Result<PathBuf> {
        if is_own(&panel.module) {
            bail!("{} is the name of what Coxa measures itself: give the module another", panel.module);
        }
        let place = coxa_panel::write(&self.folder, panel)?;
        if self.record.older(&self.folder).iter().any(|older| older.file == "report.html") {
            self.mark_report(&format!("{FOLDER}/{}", panel.module))?;
        }
        Ok(place)
    }
}
