//! What commands print on standard output. A reader that has gone away, as after `| head`, is no error.

use std::fmt::Arguments;
use std::io::{ErrorKind, Write};

/// Prints a line as `println!` does, but does not panic where nobody reads it any more.
macro_rules! say {
    () => { $crate::output::line(format_args!("")) };
    ($($text:tt)*) => { $crate::output::line(format_args!($($text)*)) };
}

/// Prints a line.
pub fn line(text: Arguments<'_>) {
    match writeln!(std::io::stdout().lock(), "{text}") {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            // A result that is not all there must not look like one; files of a case are whole by now.
            eprintln!("coxa: cannot write the result to standard output: {error}");
            std::process::exit(2);
        }
        _ => {}
    }
}
