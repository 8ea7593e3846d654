//! Findings about simulated loads of the hip and its muscles.

use super::Subject::*;
use crate::Unit;

const ACTIVE: &str = "ends of the active force-length curve (Zajac 1989, Crit Rev Biomed Eng 17:359)";
const BALANCE: &str = "balance of moments in single-leg stance";

findings! {
    NoLoads { error: String } => NoLoads, Caution, Loads,
        "Loads could not be simulated: {error}.";
    NoMuscles { error: String } => NoMuscles, Caution, Loads,
        "The muscles could not be fitted to the bones, so no activity was simulated: {error}.";
    NoStaticBalance { error: String } => NoStaticBalance, Caution, Loads,
        "The static balance of single-leg stance, and with it the abductor reserve, could not be computed: {error}.";
    ActivityNotSimulated { activity: String, error: String } => ActivityNotSimulated, Caution, Loads,
        "{activity} could not be simulated: {error}.";
    BodyMassUnknown { mass_kg: f64, spread_kg: f64, method: String } => BodyMassUnknown, Note, Loads,
        "Body mass is unknown: {mass_kg:.0} ± {spread_kg:.0} kg assumed, {method}.";
    PelvisMirrored { landmarks: String } => PelvisMirrored, Note, Loads,
        "Not in the scan: {landmarks}. They were mirrored from the other side, assuming a symmetrical pelvis.";
    LandmarksContradict { error: String } => LandmarksContradict, Note, Loads,
        "The muscles were fitted by the main landmarks alone, because {error}.";
    StrengthOfMuscles { measured: usize, all: usize } => StrengthOfMuscles, Note, Loads,
        "Muscle strength is scaled to the lean muscle volume in the scan for {measured} of {all} muscle parts that cross the hip; for the others \
         it is that of a generic leg model scaled to the body.";
    MuscleTooLong { muscle: String, ratio: f64, when: String, before: f64, limit: f64 } => MuscleTooLong, Caution, Loads,
        "The plan stretches the fibres of {muscle} to {ratio:.2} of their optimal length in {when} ({before:.2} in the hip as \
         scanned): too long to be active.",
        number ratio against limit in Unit::Ratio, source ACTIVE;
    MuscleSlack { muscle: String, ratio: f64, when: String, before: f64, limit: f64 } => MuscleSlack, Caution, Loads,
        "The plan shortens the fibres of {muscle} to {ratio:.2} of their optimal length in {when} ({before:.2} in the hip as \
         scanned): too short to be active.",
        number ratio against limit in Unit::Ratio, source ACTIVE;
    AbductorsTooWeak { moment_n_m: f64, percent: f64, before: String, reserve: f64, limit: f64 } => AbductorsTooWeak, Caution, Loads,
        "The abductors cannot hold the pelvis in single-leg stance on this side: their maximum moment is {moment_n_m:.0} N m, \
         {percent:.0} % of the required one{before}. Check the source of the model's muscle strength.",
        number reserve against limit in Unit::Ratio, source BALANCE;
    AbductorsWithoutReserve { moment_n_m: f64, percent: f64, before: String } => AbductorsTooWeak, Caution, Loads,
        "The abductors cannot hold the pelvis in single-leg stance on this side: their maximum moment is {moment_n_m:.0} N m, \
         {percent:.0} % of the required one{before}. Check the source of the model's muscle strength.",
        source BALANCE;
    EdgeLoading { activity: String, percent: f64, limit_percent: f64 } => EdgeLoading, Caution, Loads,
        "Edge loading: the contact patch of head and liner reaches the rim during {percent:.0} % of {activity}.",
        number percent against limit_percent in Unit::Percent, source "Underwood et al. 2012, Proc Inst Mech Eng H 226:217";
    EdgeLoadingUnknown { activity: String, error: String } => EdgeLoadingUnknown, Caution, Loads,
        "Edge loading in {activity} could not be assessed: {error}.";
    HipMomentOutOfReach { activity: String, moment_n_m: f64 } => MomentOutOfReach, Caution, Loads,
        "In {activity} the muscles fall short of the hip moment by up to {moment_n_m:.0} N m: the joint force there is \
         underestimated.";
    FullActivation { muscles: String } => FullActivation, Note, Loads,
        "Muscles at full activation in the planned hip ({muscles}). Daily activities do not need full activation: the model underestimates the strength of these muscles, or distributes the moments poorly among them. The abductor reserve is computed for all abductors together in the static balance.";
    MusclesOverestimate {} => MusclesOverestimate, Note, Loads,
        "In walking, the hip force from muscles differs from measurements by 33 % of body weight (median of seven people with instrumented hips); it is mostly too high. \
         For its magnitude in single-leg stance, the static balance is more accurate. To compare plans, use the difference in hip force between them, whose uncertainty the Monte Carlo samples give. No other activity was compared with measurements. \
         The median of the samples is above the plan's own value, because random displacement and weakening of muscles distribute \
         the moments less evenly among them.",
        source "coxa verify hip-forces on instrumented prostheses (Bergmann et al. 2016)";
    SamplesLost { asked: usize, solved: usize } => SamplesLost, Caution, Loads,
        "Only {solved} of {asked} Monte Carlo samples could be solved; the percentiles are based on these.";
    TimeOfOwnMotion { start_s: f64, end_s: f64, steps: usize } => TimeOfOwnMotion, Note, Loads,
        "The recorded motion is simulated from {start_s:.2} to {end_s:.2} s, in {steps} time steps: the time that motion and loads \
         have in common. Results refer to the whole period and do not depend on the number of steps.";
    LoadsOfAnotherBody { push: f64 } => LoadsOfAnotherBody, Caution, Loads,
        "The largest recorded ground reaction force is {push:.2} times this body weight. Check that the loads are of this patient and \
         in newtons; they are not scaled.";
}
