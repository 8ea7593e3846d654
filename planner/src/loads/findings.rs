//! What the user must know of loads.

use super::activities::Solved;
use super::body::BodyMass;
use super::error::MuscleError;
use super::leg::{PatientLeg, Reading};
use super::names::title;
use super::patient::Patient;
use super::results::{Abductors, StrengthSource};
use coxa_geometry::{Finding, finding};
use coxa_muscle::hip_loads::HipInstant;
use coxa_muscle::stance::StanceError;

/// Fibres bear no active force beyond these shares of their optimal length.
const ACTIVE: [f64; 2] = [0.5, 1.5];
/// A change of fibres by less, over their optimal length, is none that is told.
const CHANGE: f64 = 0.02;
/// Activation from which on a muscle has no more to give.
const FULL_ACTIVATION: f64 = 0.99;
/// A moment of the hip that muscles leave, N m, from which on it is said.
const RESERVE_N_M: f64 = 5.0;

/// Muscles are missing.
pub(super) fn no_muscles(error: &MuscleError) -> Finding {
    finding::NoMuscles { error: error.to_string() }.finding()
}

/// The static balance is missing.
pub(super) fn no_stance(error: &StanceError) -> Finding {
    finding::NoStaticBalance { error: error.to_string() }.finding()
}

/// An activity is missing.
pub(super) fn not_done(title: &str, error: &impl std::fmt::Display) -> Finding {
    finding::ActivityNotSimulated { activity: title.to_owned(), error: error.to_string() }.finding()
}

/// A mass that was not given.
pub(super) fn of_mass(mass: &BodyMass) -> Option<Finding> {
    let BodyMass { kg: mass_kg, spread_kg, ref method } = *mass;
    (spread_kg > 0.0)
        .then(|| finding::BodyMassUnknown { mass_kg, spread_kg, method: method.clone() }.finding())
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
        let activity = one.load.title.to_lowercase();
        if let Some(error) = &one.no_patch {
            let (activity, error) = (activity.clone(), error.to_string());
            all.push(finding::EdgeLoadingUnknown { activity, error }.finding());
        }
        if let Some(share) = one.load.edge_loading_fraction.filter(|share| *share > 0.0) {
            let (activity, percent) = (activity.clone(), 100.0 * share);
            all.push(finding::EdgeLoading { activity, percent, limit_percent: 0.0 }.finding());
        }
        let left = one.after.iter().filter(|i| !i.is_seated).flat_map(|i| i.reserves);
        let left = left.fold(0.0, |most: f64, moment| most.max(moment.abs()));
        if left > RESERVE_N_M {
            all.push(finding::HipMomentOutOfReach { activity, moment_n_m: left }.finding());
        }
    }
    all.extend(at_full_activation(solved));
    if !solved.is_empty() {
        all.push(finding::MusclesOverestimate {}.finding());
    }
    if let Some(solved) = solved.iter().map(|one| one.load.samples).min().filter(|kept| *kept < asked) {
        all.push(finding::SamplesLost { asked, solved }.finding());
    }
    let crosses = legs[1].crosses_hip();
    let own = patient.strengths.iter().zip(&crosses).filter(|(_, crosses)| **crosses);
    let measured = own.clone().filter(|(s, _)| s.from == StrengthSource::LeanVolume).count();
    all.push(finding::StrengthOfMuscles { measured, all: own.count() }.finding());
    all
}

/// Abductors that cannot hold the pelvis.
fn weakness(was: &Abductors, is: &Abductors) -> Option<Finding> {
    let needed = is.needed_n_m?;
    let share = |abductors: &Abductors, needed: f64| 100.0 * abductors.moment_n_m / needed;
    let before =
        was.needed_n_m.map(|needed| format!(" (with the hip as scanned {:.0} %)", share(was, needed)));
    let (moment_n_m, percent, before) = (is.moment_n_m, share(is, needed), before.unwrap_or_default());
    (moment_n_m < needed).then(|| match is.reserve {
        Some(reserve) => {
            finding::AbductorsTooWeak { moment_n_m, percent, before, reserve, limit: 0.0 }.finding()
        }
        None => finding::AbductorsWithoutReserve { moment_n_m, percent, before }.finding(),
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
        let muscle = title(&muscle.name).to_lowercase();
        // What the plan hardly changes is no matter of the plan.
        if most.ratio > ACTIVE[1] && was_most.ratio <= ACTIVE[1] && most.ratio - was_most.ratio > CHANGE {
            let Extreme { ratio, when } = most;
            let (muscle, before, limit) = (muscle.clone(), was_most.ratio, ACTIVE[1]);
            found.push(finding::MuscleTooLong { muscle, ratio, when, before, limit }.finding());
        }
        if least.ratio < ACTIVE[0] && was_least.ratio >= ACTIVE[0] && was_least.ratio - least.ratio > CHANGE {
            let Extreme { ratio, when } = least;
            let (before, limit) = (was_least.ratio, ACTIVE[0]);
            found.push(finding::MuscleSlack { muscle, ratio, when, before, limit }.finding());
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
            let (ratio, when) = (leg.fibre_ratio(n, *length), Some((&one.load.title, instant.fraction)));
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
    (!all.is_empty()).then(|| finding::FullActivation { muscles: all.join("; ") }.finding())
}
