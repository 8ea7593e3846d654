//! Virtual cases of a module: tables drawn from a stated law, so that the best possible prediction is known.

mod density;
mod draw;
mod form;
mod law;
mod terms;

pub use draw::{VirtualCases, draw};
pub use form::LawError;
pub use law::Law;
