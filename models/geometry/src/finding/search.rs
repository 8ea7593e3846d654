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
    CriterionNotMet { criterion: String, value: f64, limit: f64, unit: Unit, source: String } => CriterionNotMet, Caution, Optimiser,
        "No plan was found that meets all criteria. The best one reaches {value:.1} in {criterion}, where {limit:.1} is asked: relax \
         that limit in the criteria, or accept the risk knowingly.",
        number value against limit in unit, source source;
}
