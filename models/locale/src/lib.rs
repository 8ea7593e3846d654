#![doc = include_str!("../README.md")]

mod argument;
mod language;
mod number;
mod pseudo;
mod source;

pub use argument::{Argument, Arguments};
pub use language::{Language, UnknownLanguage};
pub use source::{Message, english, ids, messages, slug};
