//! Why there is no plan.

use crate::plan::Plan;
use coxa_geometry::Side;
use coxa_geometry::finding::{self, Finding};

/// Why there is no plan: at least one finding of severity refusal.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("no plan can be made from this input: {}", .findings.iter().map(|f| f.message.as_str()).collect::<Vec<_>>().join(" "))]
pub struct Refusal {
    /// What refuses, and what else was found on the way.
    pub findings: Vec<Finding>,
}

pub(super) fn of_other_side(plan: &Plan, asked: Side) -> Refusal {
    refuse(finding::OtherSide { planned: plan.side, asked }.finding())
}

pub(super) fn not_in_catalogue(error: impl std::fmt::Display) -> Refusal {
    refuse(finding::NotInCatalogue { error: error.to_string() }.finding())
}

pub(super) fn refuse(finding: Finding) -> Refusal {
    Refusal { findings: vec![finding] }
}
