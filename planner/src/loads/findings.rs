//! What the user must know of loads.

use super::activities::Solved;
use super::leg::PatientLeg;
use super::patient::Patient;
use super::results::{Abductors, StrengthSource};
use super::{LOADS, short_name};
use coxa_geometry::{Finding, Severity, Unit};

/// Fibres bear no active force beyond these shares of their optimal length.
const ACTIVE: [f64; 2] = [0.5, 1.5];
const ACTIVE_SOURCE: &str = "ends of the active force-length curve (Zajac 1989, Crit Rev Biomed Eng 17:359)";
/// A moment of the hip that muscles leave, N m, from which on it is said.
const RESERVE_N_M: f64 = 5.0;

pub(super) fn findings(
    patient: &Patient,
    legs: [&PatientLeg; 2],
    [was, is]: [&Abductors; 2],
    solved: &[Solved],
    asked: usize,
) -> Vec<Finding> {
    let mut all = patient.findings.clone();
    all.extend(lengths(legs, solved));
    if is.reserve < 0.0 {
        let message = format!(
            "The abductors cannot hold the pelvis in standing on this leg: they have a moment of {:.0} N m, {:.0} % of what is needed \
             (with the hip as scanned {:.0} %). Their strength is that of the model's muscles: see where it comes from.",
            is.moment_n_m,
            100.0 / (1.0 - is.reserve),
            100.0 / (1.0 - was.reserve),
        );
        let finding = Finding::new(Severity::Caution, "abductors_too_weak", LOADS, message);
        all.push(finding.with_limit(is.reserve, 0.0, Unit::Ratio, "balance of moments in one-leg stance"));
    }
    for one in solved {
        let title = one.load.title.to_lowercase();
        if one.load.edge_loading_share > 0.0 {
            let message = format!(
                "The contact of head and liner runs over the rim in {:.0} % of {title}.",
                100.0 * one.load.edge_loading_share
            );
            let finding = Finding::new(Severity::Caution, "edge_loading", LOADS, message);
            all.push(finding.with_limit(
                100.0 * one.load.edge_loading_share,
                0.0,
                Unit::Percent,
                "Underwood et al. 2012, Proc Inst Mech Eng H 226:217",
            ));
        }
        let left = one.after.iter().filter(|i| !i.is_seated).flat_map(|i| i.reserves);
        let left = left.fold(0.0, |most: f64, moment| most.max(moment.abs()));
        if left > RESERVE_N_M {
            let message = format!(
                "In {title} the muscles leave up to {left:.0} N m of the hip's moment: the force in the joint is too small there."
            );
            all.push(Finding::new(Severity::Caution, "moment_out_of_reach", LOADS, message));
        }
    }
    if !solved.is_empty() {
        let message = "The muscles of this leg press the hip more than muscles of people do: by 109 % of body weight in the median of seven \
                       people standing on one leg and in early stance of walking; late stance, where ligaments in front of an extended hip \
                       bear a part, is not held against anything. Go by the difference between hips, and for standing on one leg by the \
                       static balance.";
        let finding = Finding::new(Severity::Note, "muscles_overestimate", LOADS, message);
        all.push(Finding {
            source: "coxa verify hip-forces on instrumented prostheses (Bergmann et al. 2016)".into(),
            ..finding
        });
    }
    if let Some(fewest) = solved.iter().map(|one| one.load.samples).min().filter(|kept| *kept < asked) {
        let message = format!("Of {asked} samples only {fewest} could be solved: percentiles are of these.");
        all.push(Finding::new(Severity::Caution, "samples_lost", LOADS, message));
    }
    if patient.mass.spread_kg > 0.0 {
        let message = format!(
            "The body's mass is not known: {:.0} +- {:.0} kg, {}.",
            patient.mass.kg, patient.mass.spread_kg, patient.mass.method
        );
        all.push(Finding::new(Severity::Note, "body_mass_unknown", LOADS, message));
    }
    let crosses = legs[1].crosses_hip();
    let own = patient.strengths.iter().zip(&crosses).filter(|(_, crosses)| **crosses);
    let measured = own.clone().filter(|(s, _)| s.from == StrengthSource::LeanVolume).count();
    let message = format!(
        "Strength is by lean volume in the scan in {measured} of {} muscle parts that cross the hip, else that of a generic leg scaled to \
         the body.",
        own.count()
    );
    all.push(Finding::new(Severity::Note, "strength_of_muscles", LOADS, message));
    all
}

/// Muscles whose fibres the plan brings beyond what they can be active at, in an activity or standing, where they were not before.
fn lengths([before, after]: [&PatientLeg; 2], solved: &[Solved]) -> Vec<Finding> {
    let ranges = |leg: &PatientLeg, instants: fn(&Solved) -> &[coxa_sim::muscle::hip_loads::HipInstant]| {
        let upright = leg.readings([0.0; 3]);
        let of = |n: usize| {
            let moving = solved.iter().flat_map(|one| instants(one).iter().map(|i| i.lengths[n]));
            let ratios =
                std::iter::once(upright[n].length).chain(moving).map(|length| leg.fibre_ratio(n, length));
            ratios.fold([f64::INFINITY, 0.0], |[low, high], x| [low.min(x), high.max(x)])
        };
        (0..upright.len()).map(of).collect::<Vec<_>>()
    };
    let (was, is) = (ranges(before, |one| &one.before), ranges(after, |one| &one.after));
    let crosses = after.crosses_hip();
    let mut found = Vec::new();
    for (n, muscle) in after.model.muscles.iter().enumerate().filter(|(n, _)| crosses[*n]) {
        let name = short_name(&muscle.name);
        let mut say = |code, words, value: f64, before: f64, limit| {
            let message = format!(
                "The plan brings the fibres of {name} to {value:.2} of their optimal length ({before:.2} as scanned): {words}."
            );
            let finding = Finding::new(Severity::Caution, code, LOADS, message);
            found.push(finding.with_limit(value, limit, Unit::Ratio, ACTIVE_SOURCE));
        };
        if is[n][1] > ACTIVE[1] && was[n][1] <= ACTIVE[1] {
            say(
                "muscle_too_long",
                "it is stretched beyond where it can be active",
                is[n][1],
                was[n][1],
                ACTIVE[1],
            );
        }
        if is[n][0] < ACTIVE[0] && was[n][0] >= ACTIVE[0] {
            say("muscle_slack", "it is too slack to be active", is[n][0], was[n][0], ACTIVE[0]);
        }
    }
    found
}
