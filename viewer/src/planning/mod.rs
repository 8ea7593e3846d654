//! Planning by hand, without a window: what of a component can be changed by how much ([`Control`]), where in space one takes hold of
//! it ([`Handle`]), which parts there are to choose from ([`Choices`]), and the hand that does all that
//! ([`Workbench`]).

mod choices;
mod control;
mod handle;
mod workbench;

pub use choices::{Choice, Choices};
pub use control::{Component, Control, CupAngles};
pub use handle::{Grab, Handle, handles};
pub use workbench::{Said, Workbench};
