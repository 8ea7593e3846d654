//! What the user must know of loads.

use super::activities::Solved;
use super::body::BodyMass;
use super::leg::{PatientLeg, Reading};
use super::patient::Patient;
use super::results::{Abductors, StrengthSource};
use super::{LOADS, MuscleError, title};
use coxa_geometry::{Finding, Severity, Unit};
use coxa_muscle::hip_loads::HipInstant;
use coxa_muscle::stance::StanceError;

/// Fibres bear no active force beyond these shares of their optimal length.
const ACTIVE: [f64; 2] = [0.5, 1.5];
const ACTIVE_SOURCE: &str = "ends of the active force-length curve (Zajac 1989, Crit Rev Biomed Eng 17:359)";
/// A change of fibres by less, over their optimal length, is none that is told.
const CHANGE: f64 = 0.02;
/// Activation from which on a muscle has no more to give.
const FULL_ACTIVATION: f64 = 0.99;
/// A moment of the hip that muscles leave, N m, from which on it is said.
const RESERVE_N_M: f64 = 5.0;

/// Muscles are missing.
pub(super) fn no_muscles(error: &MuscleError) -> Finding {
    let message =
        format!("Muscles could not be laid on the bones, so that there are no activities: {error}.");
    Finding::new(Severity::Caution, "no_muscles", LOADS, message)
}

/// The static balance is missing.
pub(super) fn no_stance(error: &StanceError) -> Finding {
    let message =
        format!("There is no static balance of one-leg stance, and so no reserve of the abductors: {error}.");
    Finding::new(Severity::Caution, "no_static_balance", LOADS, message)
}

/// An activity is missing.
pub(super) fn not_done(title: &str, error: &impl std::fmt::Display) -> Finding {
    let message = format!("{title} could not be simulated: {error}.");
    Finding::new(Severity::Caution, "activity_not_simulated", LOADS, message)
}

/// A mass that was not given.
pub(super) fn of_mass(mass: &BodyMass) -> Option<Finding> {
    let message =
        format!("The body's mass is not known: {:.0} +- {:.0} kg, {}.", mass.kg, mass.spread_kg, mass.method);
    (mass.spread_kg > 0.0).then(|| Finding::new(Severity::Note, "body_mass_unknown", LOADS, message))
}

/// What must be known of muscles and of the activities that they do.
pub(super) fn of_muscles(
    patient: &Patient,
    legs: &[PatientLeg; 2],
    [was, is]: [&Abductors; 2],
    solved: &[Solved],
    asked: usize,
) -> Vec<Finding> {
    let mut all = patient.findings.clone();
    all.extend(lengths(legs, solved));
    all.extend(weakness(was, is));
    for one in solved {
        let title = one.load.title.to_lowercase();
        if let Some(error) = &one.no_patch {
            let message = format!(
                "Whether the contact of head and liner runs over the rim in {title} is not known: {error}."
            );
            all.push(Finding::new(Severity::Caution, "edge_loading_unknown", LOADS, message));
        }
        if let Some(share) = one.load.edge_loading_share.filter(|share| *share > 0.0) {
            let message = format!(
                "The contact of head and liner runs over the rim in {:.0} % of {title}.",
                100.0 * share
            );
            let finding = Finding::new(Severity::Caution, "edge_loading", LOADS, message);
            all.push(finding.with_limit(
                100.0 * share,
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
    all.extend(at_full_activation(solved));
    if !solved.is_empty() {
        let message = "The force that muscles make in the hip is off by 47 % of body weight in the median of seven people with instrumented \
                       hips, rather too great, most so in late stance. For the size of the force in standing on one leg the static \
                       balance is nearer; for what a plan changes, go by the difference between hips, which its samples bound. No other activity was \
                       compared with measurements. Samples lie higher in the middle than the plan itself, for muscles that are displaced and \
                       weakened at random share the moments less evenly.";
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

/// Abductors that cannot hold the pelvis.
fn weakness(was: &Abductors, is: &Abductors) -> Option<Finding> {
    let needed = is.needed_n_m?;
    let share = |abductors: &Abductors, needed: f64| 100.0 * abductors.moment_n_m / needed;
    let before =
        was.needed_n_m.map(|needed| format!(" (with the hip as scanned {:.0} %)", share(was, needed)));
    let message = format!(
        "The abductors cannot hold the pelvis in standing on this leg: they have a moment of {:.0} N m, {:.0} % of what is needed{}. \
         Their strength is that of the model's muscles: see where it comes from.",
        is.moment_n_m,
        share(is, needed),
        before.unwrap_or_default(),
    );
    let finding = Finding::new(Severity::Caution, "abductors_too_weak", LOADS, message);
    let least = "balance of moments in one-leg stance";
    (is.moment_n_m < needed).then(|| match is.reserve {
        Some(reserve) => finding.with_limit(reserve, 0.0, Unit::Ratio, least),
        None => Finding { source: least.into(), ..finding },
    })
}

/// Muscles whose fibres the plan brings beyond what they can be active at, in an activity or standing, where they were not before.
fn lengths([before, after]: &[PatientLeg; 2], solved: &[Solved]) -> Vec<Finding> {
    let [upright_before, upright_after] = [before, after].map(|leg| leg.readings([0.0; 3]));
    let crosses = after.crosses_hip();
    let mut found = Vec::new();
    for (_, muscle) in after.model.muscles.iter().enumerate().filter(|(n, _)| crosses[*n]) {
        let was = range(before, &upright_before, &muscle.name, solved, |one| &one.before);
        let is = range(after, &upright_after, &muscle.name, solved, |one| &one.after);
        let Some(([was_least, was_most], [least, most])) = was.zip(is) else { continue };
        let mut say = |code, words, is: &Extreme, was: &Extreme, limit| {
            let message = format!(
                "The plan brings the fibres of {} to {:.2} of their optimal length in {} ({:.2} with the hip as scanned): {words}.",
                title(&muscle.name).to_lowercase(),
                is.ratio,
                is.when,
                was.ratio,
            );
            let finding = Finding::new(Severity::Caution, code, LOADS, message);
            found.push(finding.with_limit(is.ratio, limit, Unit::Ratio, ACTIVE_SOURCE));
        };
        // What the plan hardly changes is no matter of the plan.
        if most.ratio > ACTIVE[1] && was_most.ratio <= ACTIVE[1] && most.ratio - was_most.ratio > CHANGE {
            let words = "it is stretched beyond where it can be active";
            say("muscle_too_long", words, &most, &was_most, ACTIVE[1]);
        }
        if least.ratio < ACTIVE[0] && was_least.ratio >= ACTIVE[0] && was_least.ratio - least.ratio > CHANGE {
            say("muscle_slack", "it is too slack to be active", &least, &was_least, ACTIVE[0]);
        }
    }
    found
}

/// The shortest or the longest that fibres are, over their optimal length, and when.
struct Extreme {
    ratio: f64,
    when: String,
}

/// Both of a muscle, standing upright and in all moments of activities.
fn range(
    leg: &PatientLeg,
    upright: &[Reading],
    name: &str,
    solved: &[Solved],
    instants: fn(&Solved) -> &[HipInstant],
) -> Option<[Extreme; 2]> {
    let n = leg.model.muscles.iter().position(|muscle| muscle.name == name)?;
    let mut ends = [0; 2].map(|_| (leg.fibre_ratio(n, upright[n].length), None));
    for one in solved {
        let Some(place) = one.muscles.iter().position(|muscle| muscle == name) else { continue };
        for instant in instants(one).iter().filter(|instant| !instant.is_seated) {
            let Some(length) = instant.lengths.get(place) else { continue };
            let (ratio, when) = (leg.fibre_ratio(n, *length), Some((&one.load.title, instant.share)));
            if ratio < ends[0].0 {
                ends[0] = (ratio, when);
            }
            if ratio > ends[1].0 {
                ends[1] = (ratio, when);
            }
        }
    }
    Some(ends.map(|(ratio, when)| Extreme {
        ratio,
        when: when.map_or_else(
            || "standing upright".to_owned(),
            |(title, share)| format!("{} at {:.0} % of it", title.to_lowercase(), 100.0 * share),
        ),
    }))
}

/// Muscles that are asked for all that they have.
fn at_full_activation(solved: &[Solved]) -> Option<Finding> {
    let of = |one: &Solved| {
        let full = one.load.muscles.iter().filter(|peak| peak.activation.after > FULL_ACTIVATION);
        let names: Vec<String> = full.map(|peak| title(&format!("{}_r", peak.name)).to_lowercase()).collect();
        (!names.is_empty()).then(|| format!("{}: {}", one.load.title, names.join(", ")))
    };
    let all: Vec<String> = solved.iter().filter_map(of).collect();
    let message = format!(
        "Muscles at full activation as planned ({}). People do not use so much in daily life: strength of the model, or the sharing of \
         moments, is short there. The reserve of the abductors is that of all of them together in the static balance.",
        all.join("; ")
    );
    (!all.is_empty()).then(|| Finding::new(Severity::Note, "full_activation", LOADS, message))
}
