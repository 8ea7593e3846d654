//! Findings as the commands print them, and the refusals that end a command.

use crate::failure::Refused;
use anyhow::Result;
use coxa_case::stages::Outcome;
use coxa_geometry::Side;
use coxa_geometry::finding::{Finding, Severity, Subject};

/// The error of a plan that was refused, or of a simulation that it cannot bear.
pub(super) fn refused(outcome: &Outcome) -> Result<()> {
    refused_by(outcome.side, outcome.planned.is_some(), &outcome.findings)
}

/// The same of what was found so far.
pub(super) fn refused_by(side: Side, is_planned: bool, findings: &[Finding]) -> Result<()> {
    let of_motion = |f: &Finding| f.about == Subject::RangeOfMotion && f.severity == Severity::Refusal;
    let what = match is_planned {
        false => format!("planning the {side} hip"),
        true if findings.iter().any(of_motion) => format!("mapping the motion of the {side} hip"),
        true => return Ok(()),
    };
    Err(Refused { what, findings: findings.to_vec() }.into())
}

/// Findings in the order in which they are told.
pub(super) fn worst_first(findings: &[Finding]) -> Vec<Finding> {
    let mut sorted = findings.to_vec();
    sorted.sort_by_key(|f| std::cmp::Reverse(f.severity));
    sorted.dedup();
    sorted
}

/// Findings, worst first, a line each.
pub(super) fn print_findings(findings: &[Finding]) {
    for finding in findings {
        let severity = match finding.severity {
            Severity::Refusal => "refusal",
            Severity::Caution => "caution",
            Severity::Note => "note",
        };
        match finding.side() {
            Some(side) => say!("{severity} ({side}): {}", finding.message),
            None => say!("{severity}: {}", finding.message),
        }
    }
}
