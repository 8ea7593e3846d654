#![doc = include_str!("../README.md")]

mod argument;
mod language;
mod list;
mod number;
mod pseudo;
mod source;

pub use argument::{Argument, Arguments};
pub use language::{Language, UnknownLanguage};
pub use list::{english, ids, messages};
pub use source::{Message, slug};
