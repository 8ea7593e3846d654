//! Findings about simulated range of motion.

use super::Subject::*;
use crate::Unit;

findings! {
    MotionNotSimulated { error: String } => NotSimulated, Caution, RangeOfMotion,
        "Range of motion could not be simulated: {error}.";
    BlockedAtNeutral { pair: String } => BlockedAtNeutral, Caution, RangeOfMotion,
        "The hip is in contact, {pair}, in the neutral position, before anything moves. Look at the bones in the slices: where \
         they are not separated in the labels they overlap; else move cup or stem.";
    NoMapFromNeutral { pair: String } => BlockedAtNeutral, Refusal, RangeOfMotion,
        "The hip is in contact, {pair}, in the neutral position, before anything moves: no map was made, for no position can be \
         reached. Look at the bones in the slices: where they are not separated in the labels they overlap; else move cup or stem.";
    FemurCut { seen_mm: f64 } => FemurCut, Caution, RangeOfMotion,
        "The femur ends in the scan above the tip of the stem. What is missing of it cannot meet anything here, and the stem \
         stands bare instead: motion may end earlier than said.",
        number seen_mm in Unit::Millimetre;
    MotionShort {
        motion: String, posture: &'static str, cause: String, spread: String, reached_deg: f64, required_deg: f64, source: String,
    } => MotionShort, Caution, RangeOfMotion,
        "In {motion}, pelvis {posture}, the hip meets {cause} before the motion that is commonly required, by more than the spread \
         of the limit{spread}; look at cup orientation, stem version, head size and offset.",
        number reached_deg against required_deg in Unit::Degree, source source;
    MotionUndecided {
        motion: String, posture: &'static str, cause: String, spread: String, reached_deg: f64, required_deg: f64, source: String,
    } => MotionUndecided, Note, RangeOfMotion,
        "In {motion}, pelvis {posture}, the hip meets {cause} within the spread of the limit{spread} of the motion that is \
         commonly required: whether it is reached is undecided.",
        number reached_deg against required_deg in Unit::Degree, source source;
    MotionNotJudged {
        motion: String, posture: &'static str, cause: String, reached_deg: f64, required_deg: f64, source: String,
    } => MotionNotJudged, Note, RangeOfMotion,
        "In {motion}, pelvis {posture}, the hip meets {cause} with a part of the stem that is bare only because the femur is not in \
         the scan: whether the motion that is commonly required is reached is not judged.",
        number reached_deg against required_deg in Unit::Degree, source source;
    ActivityInContact { activities: String } => ActivityInContact, Caution, RangeOfMotion,
        "These activities of daily life end in contact: {activities}. Their angles are means of groups of people.";
    ActivityNotJudged { activities: String } => ActivityNotJudged, Note, RangeOfMotion,
        "These activities of daily life first meet a part of the stem that is bare only because the femur is not in the scan: \
         {activities}. Whether they are free is not judged.";
}
