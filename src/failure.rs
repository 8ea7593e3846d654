//! How a command ends when it does not end well.

use coxa_geometry::{Finding, Severity};
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
#[error("some checks of {0} failed")]
pub struct Unproven(pub &'static str);

/// A case does not hold what it says.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct DoesNotHold(pub String);

/// A part of the user's own was read, and cannot be used for what is listed.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct UnusablePart(pub String);

/// Exit code of a failed command: 1 where a finding refuses or a check does not hold, 2 for a usage or input error.
pub fn exit_code(error: &anyhow::Error) -> ExitCode {
    let refused = error.is::<Refused>()
        || error.is::<Unproven>()
        || error.is::<DoesNotHold>()
        || error.is::<UnusablePart>();
    ExitCode::from(if refused { 1 } else { 2 })
}
