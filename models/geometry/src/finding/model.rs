//! Findings about musculoskeletal models, recorded motions and what is computed of them.

use super::{Subject, Subject::*};

findings! {
    UnitOfAnglesAssumed {} => UnitOfAnglesAssumed, Note, Motion,
        "The file does not say inDegrees: its angles are taken for degrees.";
    AnglesTooSmall { largest: f64 } => AnglesTooSmall, Caution, Motion,
        "Angles are said to be in degrees, and none is greater than {largest:.2}: they may be radians. If so, write inDegrees=no.";
    AnglesTooGreat { largest: f64 } => AnglesTooGreat, Caution, Motion,
        "Angles are said to be in radians, and one is {largest:.1}: they may be degrees. If so, write inDegrees=yes.";
    BeyondRange { coordinate: String, low_deg: f64, high_deg: f64, least_deg: f64, most_deg: f64 } => BeyondRange, Caution, Motion,
        "The motion takes {coordinate} to {low_deg:.0} and {high_deg:.0} degrees; in this leg it goes from {least_deg:.0} to \
         {most_deg:.0}. Is it that of a model with other signs?";
    MotionLeftAside { what: String } => MotionLeftAside, Note, Motion,
        "Of the recorded motion: {what}.";
    ResidualForce {
        body: String, beyond: usize, instants: usize, force_n: f64, percent: f64, time_s: f64, share: f64, limit: f64,
    } => ResidualForce, Caution, Subject::of(&body),
        "The loads do not balance the motion in {beyond} of {instants} instants: up to {force_n:.1} N on {body} ({percent:.1} % of \
         body weight, at {time_s:.3} s) come from nowhere. Force plates, their place and feet, and the masses of the model need a \
         look; forces in joints are off by as much.",
        number share against limit;
    ResidualMoment {
        body: String, beyond: usize, instants: usize, moment_n_m: f64, percent: f64, time_s: f64, share: f64, limit: f64,
    } => ResidualMoment, Caution, Subject::of(&body),
        "The loads do not balance the motion in {beyond} of {instants} instants: up to {moment_n_m:.1} N m on {body} ({percent:.1} % \
         of body weight times the height of the mass centre, at {time_s:.3} s) come from nowhere. Force plates, their place and \
         feet, and the masses of the model need a look; forces in joints are off by as much.",
        number share against limit;
    MomentOutOfReach { coordinate: String, beyond: usize, instants: usize, most: f64, missing: f64 }
        => MomentOutOfReach, Caution, Subject::of(&coordinate),
        "In {beyond} of {instants} instants the muscles cannot bear the moment of the motion: on the coordinate {coordinate} up to \
         {most:.1} N m (or N) are missing. The forces of these instants are those that miss it by the least; loads, strength or \
         reserve actuators need a look.",
        number missing;
    ForcesDoNotBearTheMotion { coordinate: String, force_n: f64, time_s: f64 }
        => ForcesDoNotBearTheMotion, Caution, Subject::of(&coordinate),
        "The forces of the file do not bear the motion: {force_n:.0} N are missing on the coordinate {coordinate} at {time_s:.2} s. \
         Reactions are those of the motion all the same; OpenSim lets such forces move the model otherwise and comes to other \
         reactions. Give forces of residual and reserve actuators too.",
        number force_n, source "residual forces of Hicks et al. 2015, J Biomech Eng 137:020905";
    MomentsDoNotBearTheMotion { coordinate: String, moment_n_m: f64, time_s: f64 }
        => ForcesDoNotBearTheMotion, Caution, Subject::of(&coordinate),
        "The forces of the file do not bear the motion: {moment_n_m:.0} N m are missing on the coordinate {coordinate} at \
         {time_s:.2} s. Reactions are those of the motion all the same; OpenSim lets such forces move the model otherwise and comes \
         to other reactions. Give forces of residual and reserve actuators too.",
        number moment_n_m, source "5 % of the model's weight at a metre, an assumption of this program";
}
