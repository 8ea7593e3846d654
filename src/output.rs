//! What commands print on standard output. A reader that has gone away, as after `| head`, is no error.

use std::fmt::Arguments;
use std::io::Write;

/// Prints a line as `println!` does, but does not panic where nobody reads it any more.
macro_rules! say {
    () => { $crate::output::line(format_args!("")) };
    ($($text:tt)*) => { $crate::output::line(format_args!($($text)*)) };
}

/// Prints a line.
pub fn line(text: Arguments<'_>) {
    // Nothing can be said of an output that cannot be written to; what was done is done.
    writeln!(std::io::stdout().lock(), "{text}").ok();
}
