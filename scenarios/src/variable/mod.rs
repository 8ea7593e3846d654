//! What a study may vary: the one table of variables, each with its name, unit, range and meaning, and what their values set.

mod setting;
mod table;

pub use setting::{Patient, Placement, Settings, Value, WrongValue};
pub use table::{Domain, Part, Planning, Stage, UnknownVariable, Variable};
