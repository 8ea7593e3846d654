//! Findings about simulated range of motion.

use super::Subject::*;
use crate::Unit;

findings! {
    MotionNotSimulated { error: String } => NotSimulated, Caution, RangeOfMotion,
        "Range of motion could not be simulated: {error}.";
    BlockedAtNeutral { pair: String } => BlockedAtNeutral, Caution, RangeOfMotion,
        "The joint is in contact ({pair}) in the neutral position. Check the bones in the slices: bones that are not separated in the \
         labels overlap. Otherwise move the cup or the stem.";
    NoMapFromNeutral { pair: String } => BlockedAtNeutral, Refusal, RangeOfMotion,
        "The joint is in contact ({pair}) in the neutral position: no position can be reached, so no map was made. Check the bones in \
         the slices: bones that are not separated in the labels overlap. Otherwise move the cup or the stem.";
    FemurCut { seen_mm: f64 } => FemurCut, Caution, RangeOfMotion,
        "The femur in the scan ends above the tip of the stem, so the stem is modelled without surrounding bone below: impingement \
         may occur earlier than computed.",
        number seen_mm in Unit::Millimetre;
    MotionShort {
        motion: String, posture: &'static str, cause: String, spread: String, reached_deg: f64, required_deg: f64, source: String,
    } => MotionShort, Caution, RangeOfMotion,
        "In {motion} ({posture}), {cause} impingement occurs before the required range is reached, by more than the measurement uncertainty{spread}. \
         Review cup orientation, stem version, head size and offset.",
        number reached_deg against required_deg in Unit::Degree, source source;
    MotionUndecided {
        motion: String, posture: &'static str, cause: String, spread: String, reached_deg: f64, required_deg: f64, source: String,
    } => MotionUndecided, Note, RangeOfMotion,
        "In {motion} ({posture}), {cause} impingement occurs near the limit of the required range, within measurement uncertainty{spread}: \
         it cannot be decided whether the range is reached.",
        number reached_deg against required_deg in Unit::Degree, source source;
    MotionNotJudged {
        motion: String, posture: &'static str, cause: String, reached_deg: f64, required_deg: f64, source: String,
    } => MotionNotJudged, Note, RangeOfMotion,
        "In {motion} ({posture}), impingement ({cause}) involves a part of the stem whose surrounding bone is not in the scan: \
         the required range cannot be assessed.",
        number reached_deg against required_deg in Unit::Degree, source source;
    ActivityInContact { activities: String } => ActivityInContact, Caution, RangeOfMotion,
        "Impingement in these activities of daily living: {activities}. The joint angles are group means.";
    ActivityNotJudged { activities: String } => ActivityNotJudged, Note, RangeOfMotion,
        "In these activities of daily living, impingement first involves a part of the stem whose surrounding bone is not in the scan: \
         {activities}. They cannot be assessed.";
}
