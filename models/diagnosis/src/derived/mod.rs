//! Values that the table does not have and images or case folders do.

mod derive;
mod features;
mod muscles;

pub use derive::derive;
