//! What Coxa itself says of a hip in the form of modules: a table, and pictures with what lies over them.
//!
//! Who shows panels knows none by name. A further one is one more function in [`panels`]; those of other modules lie in the case
//! ([`coxa_panel`]).

mod input;
mod muscles;
mod osteoarthritis;
mod own;
mod stored;

pub use input::PanelInput;
pub use own::is_own;
pub use stored::{CasePanel, CasePanels, stored};

use coxa_panel::Panel;

/// The panels that there are of a hip.
pub fn panels(input: &PanelInput<'_>) -> Vec<Panel> {
    [osteoarthritis::panel(input), muscles::panel(input)].into_iter().flatten().collect()
}

#[cfg(test)]
mod tests;
