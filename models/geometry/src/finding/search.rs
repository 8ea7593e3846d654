//! Findings of the optimiser and of the postures that it plans for.

use super::Subject::*;
use crate::Unit;

findings! {
    StiffBySitting { change_deg: f64, limit_deg: f64 } => StiffBySitting, Note, Postures,
        "The spine counts as stiff by the change from standing to relaxed sitting, a rule that calls far too many spines stiff: \
         take a view of the flexed seat before a plan is changed for it.",
        number change_deg against limit_deg in Unit::Degree, source "Sharma et al. 2023, J Arthroplasty 38:713 (312 patients)";
    SearchStopped {} => SearchStopped, Note, Optimiser,
        "The search was stopped before its end: the plan is the best found so far, not the best there is.";
    CriterionNotJudged { criterion: String } => CriterionNotJudged, Note, Optimiser,
        "The criterion {criterion} is not judged: its number is not known of this patient.";
    NoPlanMeetsCriteria { most_percent: f64, together_percent: f64 } => NoPlanMeetsCriteria, Caution, Optimiser,
        "No plan meets these criteria: the best that was found has a chance of at most {most_percent:.1} %, so that the plan by rule is \
         kept. Without all the criteria that stand in the way it would be {together_percent:.0} %.";
    CriterionInTheWay { criterion: String, without_percent: f64 } => CriterionNotMet, Caution, Optimiser,
        "The criterion {criterion} stands in the way: without it the chance would be {without_percent:.0} %. Relax its limit in the \
         criteria, or accept the risk knowingly.";
}
