//! How a command ends when it does not end well.

use coxa_geometry::{Finding, Severity};
use std::path::Path;
use std::process::ExitCode;

/// The input cannot bear what was asked; everything that could be done was done and written.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.text())]
pub struct Refused {
    /// What was refused: `planning the left hip`.
    pub what: String,
    /// All findings; at least one refuses.
    pub findings: Vec<Finding>,
}

impl Refused {
    fn text(&self) -> String {
        let mut reasons: Vec<&str> = Vec::new();
        for finding in self.findings.iter().filter(|f| f.severity == Severity::Refusal) {
            let reason = finding.message.trim_end_matches('.');
            // Two findings may refuse with the same words: metal at the joint and in the femur.
            if !reasons.contains(&reason) {
                reasons.push(reason);
            }
        }
        format!("{} is refused: {}", self.what, reasons.join("; "))
    }
}

/// A verify suite ran and not all of its checks hold.
#[derive(Debug, thiserror::Error)]
#[error("not all checks of {0} hold")]
pub struct Unproven(pub &'static str);

/// A part of the user's own was read, and cannot be used for what is listed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UnusablePart(pub String);

/// Exit code of a failed command: 1 where a finding refuses or a check does not hold, 2 for a usage or input error.
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    let refused = error.is::<Refused>() || error.is::<Unproven>() || error.is::<UnusablePart>();
    ExitCode::from(if refused { 1 } else { 2 })
}

/// An error with its causes in one line. Many errors name their cause already; it is not said twice.
pub fn message(error: &anyhow::Error) -> String {
    let mut text = error.to_string();
    for cause in error.chain().skip(1).map(ToString::to_string) {
        if !text.contains(&cause) {
            text = format!("{text}: {cause}");
        }
    }
    text
}

/// One message for a failed file operation: which file, what is wrong, what to do.
pub fn file_error(action: &str, path: &Path, error: &std::io::Error) -> anyhow::Error {
    use std::io::ErrorKind;
    let path = path.display();
    match error.kind() {
        ErrorKind::NotFound => anyhow::anyhow!("cannot {action} {path}: there is no such file or folder"),
        ErrorKind::PermissionDenied => anyhow::anyhow!(
            "cannot {action} {path}: permission denied; change who may use it, or choose another place"
        ),
        ErrorKind::ReadOnlyFilesystem => {
            anyhow::anyhow!("cannot {action} {path}: the disk is read-only; choose another place")
        }
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            anyhow::anyhow!("cannot {action} {path}: the disk is full; make room and run the command again")
        }
        ErrorKind::InvalidData => anyhow::anyhow!(
            "cannot {action} {path}: it is damaged, or no file of its kind ({error}); take it from where it came from again"
        ),
        _ => anyhow::anyhow!("cannot {action} {path}: {error}"),
    }
}
