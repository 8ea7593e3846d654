//! Findings of the optimiser and of the postures that it plans for.

use super::Subject::*;
use crate::Unit;

findings! {
    StiffBySitting { change_deg: f64, limit_deg: f64 } => StiffBySitting, Note, Postures,
        "The spine is rated stiff from the change between standing and relaxed sitting, a criterion with many false positives: obtain a \
         flexed-seated view before changing a plan because of it.",
        number change_deg against limit_deg in Unit::Degree, source "Sharma et al. 2023, J Arthroplasty 38:713 (312 patients)";
    SearchStopped {} => SearchStopped, Note, Optimiser,
        "The search was stopped early: this is the best plan found so far, not necessarily the best possible.";
    CriterionNotJudged { criterion: String } => CriterionNotJudged, Note, Optimiser,
        "The criterion {criterion} was not assessed: its value is not measurable in this patient.";
    NoPlanMeetsCriteria { most_percent: f64, together_percent: f64 } => NoPlanMeetsCriteria, Caution, Optimiser,
        "No plan meets these criteria: even the best one succeeds with a probability of at most {most_percent:.1} %, so the plan by rule is kept. Without \
         the limiting criteria the probability would be {together_percent:.0} %.";
    CriterionInTheWay { criterion: String, without_percent: f64 } => CriterionNotMet, Caution, Optimiser,
        "Limiting criterion: {criterion}. Without it the probability of success would be {without_percent:.0} %. Relax its limit in the criteria, or \
         accept the risk knowingly.";
}
