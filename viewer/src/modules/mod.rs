//! What diagnostic modules say of a case, all in one form: a table, and pictures with what lies over them.
//!
//! A module makes a [`ModulePanel`] of what it left in the case; who shows panels knows no module. A further module is one more
//! function in [`panels`].

mod muscles;
mod osteoarthritis;
mod overlay;
mod panel;

pub use overlay::{Overlay, ramp};
pub use panel::{ModuleInput, ModulePanel, ModulePicture, Table, TableRow};

/// The panels of all modules that have something to say of a case.
pub fn panels(input: &ModuleInput<'_>) -> Vec<ModulePanel> {
    [osteoarthritis::panel(input), muscles::panel(input)].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
