//! Arguments of a message.

use fluent_bundle::FluentArgs;
use fluent_bundle::types::{FluentNumber, FluentNumberOptions, FluentValue};

/// One argument of a message: a number, which each language writes in its own way, or words.
#[derive(Debug, Clone, PartialEq)]
pub enum Argument {
    /// A number with a fixed number of decimals, or as many as it needs.
    Number {
        /// The number.
        value: f64,
        /// Decimals to be shown; `None` for as many as the number has.
        decimals: Option<usize>,
    },
    /// Words, as they stand.
    Text(String),
}

impl Argument {
    /// A number with so many decimals.
    pub fn fixed(value: f64, decimals: usize) -> Self {
        Argument::Number { value, decimals: Some(decimals) }
    }

    fn into_fluent(self) -> FluentValue<'static> {
        match self {
            Argument::Text(text) => FluentValue::String(text.into()),
            Argument::Number { value, decimals } => {
                let options = FluentNumberOptions {
                    minimum_fraction_digits: decimals,
                    maximum_fraction_digits: decimals,
                    ..FluentNumberOptions::default()
                };
                FluentValue::Number(FluentNumber::new(value, options))
            }
        }
    }
}

impl From<&str> for Argument {
    fn from(text: &str) -> Self {
        Argument::Text(text.to_owned())
    }
}

impl From<String> for Argument {
    fn from(text: String) -> Self {
        Argument::Text(text)
    }
}

impl From<f64> for Argument {
    fn from(value: f64) -> Self {
        Argument::Number { value, decimals: None }
    }
}

impl From<usize> for Argument {
    fn from(count: usize) -> Self {
        // Counts are far below what a double holds exactly.
        Argument::Number { value: count as f64, decimals: Some(0) }
    }
}

/// Arguments of a message, by name.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Arguments(Vec<(String, Argument)>);

impl Arguments {
    /// None.
    pub fn new() -> Self {
        Arguments::default()
    }

    /// The same with one more.
    #[must_use]
    pub fn with(mut self, name: &str, argument: impl Into<Argument>) -> Self {
        self.0.push((name.to_owned(), argument.into()));
        self
    }

    pub(crate) fn into_fluent(self) -> FluentArgs<'static> {
        self.0.into_iter().map(|(name, argument)| (name, argument.into_fluent())).collect()
    }
}

impl<A: Into<Argument>> FromIterator<(String, A)> for Arguments {
    fn from_iter<T: IntoIterator<Item = (String, A)>>(arguments: T) -> Self {
        Arguments(arguments.into_iter().map(|(name, argument)| (name, argument.into())).collect())
    }
}
