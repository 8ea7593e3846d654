//! Rows of the registry, and the macro that they are written with.

use super::{Code, Finding, Subject};
use crate::{Side, Unit};

/// What is known of a row without anything having been found.
#[derive(Debug, Clone, Copy)]
pub struct FindingRow {
    /// Name of the row's struct.
    pub name: &'static str,
    /// Template of the text, with the names of its arguments in braces.
    pub text: &'static str,
    /// Makes the finding with names in place of its arguments.
    sample: fn() -> Finding,
}

impl FindingRow {
    pub(super) const fn new(name: &'static str, text: &'static str, sample: fn() -> Finding) -> Self {
        FindingRow { name, text, sample }
    }

    /// The row's finding with `{name}` for each argument that is a word, right for each side and zero for each number.
    pub fn sample(&self) -> Finding {
        (self.sample)()
    }

    /// Code of the row's findings.
    pub fn code(&self) -> Code {
        self.sample().code
    }
}

/// What stands for an argument in a [`FindingRow::sample`].
pub(super) trait Argument {
    fn sample(name: &str) -> Self;
}

impl Argument for String {
    fn sample(name: &str) -> Self {
        format!("{{{name}}}")
    }
}

impl Argument for &'static str {
    fn sample(_: &str) -> Self {
        "…"
    }
}

impl Argument for Side {
    fn sample(_: &str) -> Self {
        Side::Right
    }
}

impl Argument for f64 {
    fn sample(_: &str) -> Self {
        0.0
    }
}

impl Argument for i16 {
    fn sample(_: &str) -> Self {
        0
    }
}

impl Argument for u8 {
    fn sample(_: &str) -> Self {
        0
    }
}

impl Argument for u32 {
    fn sample(_: &str) -> Self {
        0
    }
}

impl Argument for usize {
    fn sample(_: &str) -> Self {
        0
    }
}

impl Argument for Subject {
    fn sample(name: &str) -> Self {
        Subject::Named(format!("{{{name}}}"))
    }
}

impl Argument for Unit {
    fn sample(_: &str) -> Self {
        Unit::Ratio
    }
}

/// Writes rows of the registry:
///
/// ```text
/// Name { argument: Type, .. } => Code, Severity, Subject,
///     "Text with {argument}s, formatted as by `format!`.",
///     number ARGUMENT against ARGUMENT in UNIT, source SOURCE;
/// ```
///
/// The last line is left out where a finding has no number; `against`, `in` and `source` each where there is none. Subject, unit and
/// source may be arguments, too.
macro_rules! findings {
    (@option) => { None };
    (@option $given:expr) => { Some($given) };
    (@text) => { String::new() };
    (@text $given:expr) => { String::from($given) };
    ($(
        $name:ident { $($field:ident: $type:ty),* $(,)? } => $code:ident, $severity:ident, $about:expr,
        $text:literal
        $(, number $value:ident $(against $limit:ident)? $(in $unit:expr)?)?
        $(, source $source:expr)?;
    )*) => {
        $(
            #[doc = concat!("> ", $text)]
            #[derive(Debug, Clone)]
            pub struct $name {
                $(
                    #[doc = concat!("`{", stringify!($field), "}` of the text, or the number, limit, unit, source or subject.")]
                    pub $field: $type,
                )*
            }

            impl $name {
                /// The finding.
                pub fn finding(self) -> $crate::finding::Finding {
                    let Self { $($field),* } = self;
                    $crate::finding::Finding {
                        severity: $crate::finding::Severity::$severity,
                        code: $crate::finding::Code::$code,
                        message: format!($text),
                        about: $about,
                        value: findings!(@option $($value)?),
                        limit: findings!(@option $($($limit)?)?),
                        unit: findings!(@option $($($unit)?)?),
                        source: findings!(@text $($source)?),
                    }
                }
            }
        )*

        pub(super) const ROWS: &[$crate::finding::FindingRow] = &[$(
            $crate::finding::FindingRow::new(stringify!($name), $text, || {
                $name { $($field: $crate::finding::row::Argument::sample(stringify!($field))),* }.finding()
            })
        ),*];
    };
}
