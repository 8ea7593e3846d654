//! Rows of the registry, and the macro that they are written with.

use super::text::Given;
use super::{Code, Finding, Subject};
use crate::{Side, Unit};

/// What is known of a row without anything having been found.
#[derive(Debug, Clone, Copy)]
pub struct FindingRow {
    /// Name of the row's struct.
    pub name: &'static str,
    /// Name of the file in which it stands.
    pub file: &'static str,
    /// Template of the text, with the names of its arguments in braces.
    pub text: &'static str,
    /// Makes the finding with names in place of its arguments.
    sample: fn() -> Finding,
}

impl FindingRow {
    pub(super) const fn new(
        name: &'static str,
        file: &'static str,
        text: &'static str,
        sample: fn() -> Finding,
    ) -> Self {
        FindingRow { name, file, text, sample }
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

    /// The argument as files keep it.
    fn given(&self) -> Given;
}

/// A type whose sample is the same for every name.
macro_rules! argument {
    ($($type:ty: $sample:expr, $this:ident => $given:expr;)*) => {$(
        impl Argument for $type {
            fn sample(_: &str) -> Self {
                $sample
            }

            fn given(&self) -> Given {
                let $this = self;
                $given
            }
        }
    )*};
}

argument! {
    &'static str: "…", it => Given::Text((*it).to_owned());
    Side: Side::Right, it => Given::Text(it.name().to_owned());
    Unit: Unit::Ratio, it => Given::Text(it.to_string());
    f64: 0.0, it => Given::of_number(*it);
    i16: 0, it => Given::of_number(f64::from(*it));
    u8: 0, it => Given::of_number(f64::from(*it));
    u32: 0, it => Given::of_number(f64::from(*it));
    // Counts are far below what a double holds exactly.
    usize: 0, it => Given::of_number(*it as f64);
}

impl Argument for String {
    fn sample(name: &str) -> Self {
        format!("{{{name}}}")
    }

    fn given(&self) -> Given {
        Given::Text(self.clone())
    }
}

impl Argument for Subject {
    fn sample(name: &str) -> Self {
        Subject::Named(format!("{{{name}}}"))
    }

    fn given(&self) -> Given {
        Given::Text(self.to_string())
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
                    let arguments = [$(
                        (stringify!($field), $crate::finding::row::Argument::given(&$field))
                    ),*];
                    $crate::finding::Finding {
                        text: $crate::finding::RowText::of(stringify!($name), $text, arguments),
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
            $crate::finding::FindingRow::new(stringify!($name), module_path!(), $text, || {
                $name { $($field: $crate::finding::row::Argument::sample(stringify!($field))),* }.finding()
            })
        ),*];
    };
}
