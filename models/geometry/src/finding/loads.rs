//! Findings about simulated loads of the hip and its muscles.

use super::Subject::*;
use crate::Unit;

const ACTIVE: &str = "ends of the active force-length curve (Zajac 1989, Crit Rev Biomed Eng 17:359)";
const BALANCE: &str = "balance of moments in one-leg stance";

findings! {
    NoLoads { error: String } => NoLoads, Caution, Loads,
        "Loads could not be simulated: {error}.";
    NoMuscles { error: String } => NoMuscles, Caution, Loads,
        "Muscles could not be laid on the bones, so that there are no activities: {error}.";
    NoStaticBalance { error: String } => NoStaticBalance, Caution, Loads,
        "There is no static balance of one-leg stance, and so no reserve of the abductors: {error}.";
    ActivityNotSimulated { activity: String, error: String } => ActivityNotSimulated, Caution, Loads,
        "{activity} could not be simulated: {error}.";
    BodyMassUnknown { mass_kg: f64, spread_kg: f64, method: String } => BodyMassUnknown, Note, Loads,
        "The body's mass is not known: {mass_kg:.0} +- {spread_kg:.0} kg, {method}.";
    PelvisMirrored { landmarks: String } => PelvisMirrored, Note, Loads,
        "Not in the scan: {landmarks}. Mirror images across the middle of the pelvis stand for them, as if it were the same on \
         both sides.";
    LandmarksContradict { error: String } => LandmarksContradict, Note, Loads,
        "Muscles are carried by the main landmarks alone, for {error}.";
    StrengthOfMuscles { measured: usize, all: usize } => StrengthOfMuscles, Note, Loads,
        "Strength is by lean volume in the scan in {measured} of {all} muscle parts that cross the hip, else that of a generic leg \
         scaled to the body.";
    MuscleTooLong { muscle: String, ratio: f64, when: String, before: f64, limit: f64 } => MuscleTooLong, Caution, Loads,
        "The plan brings the fibres of {muscle} to {ratio:.2} of their optimal length in {when} ({before:.2} with the hip as \
         scanned): it is stretched beyond where it can be active.",
        number ratio against limit in Unit::Ratio, source ACTIVE;
    MuscleSlack { muscle: String, ratio: f64, when: String, before: f64, limit: f64 } => MuscleSlack, Caution, Loads,
        "The plan brings the fibres of {muscle} to {ratio:.2} of their optimal length in {when} ({before:.2} with the hip as \
         scanned): it is too slack to be active.",
        number ratio against limit in Unit::Ratio, source ACTIVE;
    AbductorsTooWeak { moment_n_m: f64, percent: f64, before: String, reserve: f64, limit: f64 } => AbductorsTooWeak, Caution, Loads,
        "The abductors cannot hold the pelvis in standing on this leg: they have a moment of {moment_n_m:.0} N m, {percent:.0} % of \
         what is needed{before}. Their strength is that of the model's muscles: see where it comes from.",
        number reserve against limit in Unit::Ratio, source BALANCE;
    AbductorsWithoutReserve { moment_n_m: f64, percent: f64, before: String } => AbductorsTooWeak, Caution, Loads,
        "The abductors cannot hold the pelvis in standing on this leg: they have a moment of {moment_n_m:.0} N m, {percent:.0} % of \
         what is needed{before}. Their strength is that of the model's muscles: see where it comes from.",
        source BALANCE;
    EdgeLoading { activity: String, percent: f64, limit_percent: f64 } => EdgeLoading, Caution, Loads,
        "The contact of head and liner runs over the rim in {percent:.0} % of {activity}.",
        number percent against limit_percent in Unit::Percent, source "Underwood et al. 2012, Proc Inst Mech Eng H 226:217";
    EdgeLoadingUnknown { activity: String, error: String } => EdgeLoadingUnknown, Caution, Loads,
        "Whether the contact of head and liner runs over the rim in {activity} is not known: {error}.";
    HipMomentOutOfReach { activity: String, moment_n_m: f64 } => MomentOutOfReach, Caution, Loads,
        "In {activity} the muscles leave up to {moment_n_m:.0} N m of the hip's moment: the force in the joint is too small there.";
    FullActivation { muscles: String } => FullActivation, Note, Loads,
        "Muscles at full activation as planned ({muscles}). People do not use so much in daily life: strength of the model, or the \
         sharing of torques, is short there. The reserve of the abductors is that of all of them together in the static balance.";
    MusclesOverestimate {} => MusclesOverestimate, Note, Loads,
        "The force that muscles make in the hip is off by 47 % of body weight in the median of seven people with instrumented hips, \
         rather too great, most so in late stance. For the size of the force in standing on one leg the static balance is nearer; \
         for what a plan changes, go by the difference between hips, which its samples bound. No other activity was compared with \
         measurements. Samples lie higher in the middle than the plan itself, for muscles that are displaced and weakened at random \
         share the moments less evenly.",
        source "coxa verify hip-forces on instrumented prostheses (Bergmann et al. 2016)";
    SamplesLost { asked: usize, solved: usize } => SamplesLost, Caution, Loads,
        "Of {asked} samples only {solved} could be solved: percentiles are of these.";
    TimeOfOwnMotion { start_s: f64, end_s: f64, steps: usize } => TimeOfOwnMotion, Note, Loads,
        "Of the own motion {start_s:.2} to {end_s:.2} s are simulated, at {steps} time steps: the time that motion and loads have in \
         common. Results are given over that time as a whole, whatever number of steps it holds.";
    LoadsOfAnotherBody { push: f64 } => LoadsOfAnotherBody, Caution, Loads,
        "The greatest push of the recorded loads is {push:.2} times this body's weight: are they of this patient, and in newtons? \
         They are not scaled.";
}
