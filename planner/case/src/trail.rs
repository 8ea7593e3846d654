//! Who works on cases: the command, as histories and locks name it.

use std::sync::OnceLock;
use std::time::SystemTime;

/// A run of a program that writes into cases.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invocation {
    /// The command line without paths and identifiers: `coxa plan PATH --side right`.
    pub command: String,
    /// Who ran it, where they said so.
    pub user: Option<String>,
}

static INVOCATION: OnceLock<Invocation> = OnceLock::new();

/// Says once which command this process is.
pub fn set_invocation(invocation: Invocation) {
    // Who says it twice is the same process.
    let _ = INVOCATION.set(invocation);
}

/// Which command this process is; that of a library where nobody said.
pub fn invocation() -> &'static Invocation {
    INVOCATION.get_or_init(|| Invocation { command: "coxa-case".into(), user: None })
}

/// The time to a second, as histories keep it.
pub(crate) fn now() -> String {
    humantime::format_rfc3339_seconds(SystemTime::now()).to_string()
}
