//! Findings about musculoskeletal models, recorded motions and what is computed of them.

use super::{Subject, Subject::*};

findings! {
    UnitOfAnglesAssumed {} => UnitOfAnglesAssumed, Note, Motion,
        "The file does not state inDegrees; degrees were assumed.";
    AnglesTooSmall { largest: f64 } => AnglesTooSmall, Caution, Motion,
        "The file states degrees, but no angle exceeds {largest:.2}: they may be radians. If so, write inDegrees=no.";
    AnglesTooGreat { largest: f64 } => AnglesTooGreat, Caution, Motion,
        "The file states radians, but one angle is {largest:.1}: they may be degrees. If so, write inDegrees=yes.";
    BeyondRange { coordinate: String, low_deg: f64, high_deg: f64, least_deg: f64, most_deg: f64 } => BeyondRange, Caution, Motion,
        "The motion takes {coordinate} from {low_deg:.0}° to {high_deg:.0}°; the range of this leg is {least_deg:.0}° to \
         {most_deg:.0}°. Check whether the motion was made for a model with another sign convention.";
    MarkersMissed { rms_mm: f64, most_mm: f64, marker: String, time_s: f64 } => MarkersMissed, Caution, Motion,
        "The model misses the markers by {rms_mm:.0} mm (root mean square), and `{marker}` by {most_mm:.0} mm at {time_s:.2} s; less than 20 and 40 mm are usual. Check whether the \
         model is scaled to the person, names and places of markers, and the axes of the file.",
        number rms_mm, source "OpenSim's guide to inverse kinematics; Hicks et al. 2015, J Biomech Eng 137:020905";
    CoordinatesNotDetermined { coordinates: String, of: usize } => CoordinatesNotDetermined, Caution, Motion,
        "Markers and tasks do not determine these coordinates in the number of {of} time steps given; they stay where they were before: {coordinates}. Add markers beyond these joints, or lock \
         them in the model.";
    TrackingNotConverged { frames: usize, of: usize } => TrackingNotConverged, Caution, Motion,
        "In {frames} of {of} time steps the coordinates nearest to the markers were not reached. Check the ranges of clamped coordinates and the places of markers in the model.";
    NotUpright { angle_deg: f64, axis: String } => NotUpright, Caution, Motion,
        "In the first time step the model lies, {angle_deg:.0}° from upright, along the {axis} axis of the file. If the person stood, the vertical axis of the file is not y, as OpenSim has it: \
         turn its axes, or gravity acts along the wrong one.";
    MotionLeftAside { what: String } => MotionLeftAside, Note, Motion,
        "Ignored in the recorded motion: {what}.";
    ResidualForce {
        body: String, beyond: usize, instants: usize, force_n: f64, percent: f64, time_s: f64, share: f64, limit: f64,
    } => ResidualForce, Caution, Subject::of(&body),
        "The loads do not balance the motion in {beyond} of {instants} time steps: the residual force on {body} is up to {force_n:.1} \
         N ({percent:.1} % of body weight, at {time_s:.3} s). Check the force plates, their position and assignment to the feet, and \
         the masses of the model; joint forces are wrong by as much.",
        number share against limit;
    ResidualMoment {
        body: String, beyond: usize, instants: usize, moment_n_m: f64, percent: f64, time_s: f64, share: f64, limit: f64,
    } => ResidualMoment, Caution, Subject::of(&body),
        "The loads do not balance the motion in {beyond} of {instants} time steps: the residual moment on {body} is up to \
         {moment_n_m:.1} N m ({percent:.1} % of body weight times the height of the centre of mass, at {time_s:.3} s). Check the \
         force plates, their position and assignment to the feet, and the masses of the model; joint forces are wrong by as much.",
        number share against limit;
    MomentOutOfReach { coordinate: String, beyond: usize, instants: usize, most: f64, missing: f64 }
        => MomentOutOfReach, Caution, Subject::of(&coordinate),
        "In {beyond} of {instants} time steps the muscles cannot produce the moment of the motion: up to {most:.1} N m (or N) are \
         missing at the coordinate {coordinate}. The muscle forces given for these time steps are the closest possible. Check loads, muscle \
         strength and reserve actuators.",
        number missing;
    ForcesDoNotBearTheMotion { coordinate: String, force_n: f64, time_s: f64 }
        => ForcesDoNotBearTheMotion, Caution, Subject::of(&coordinate),
        "The forces in the file do not produce the motion: {force_n:.0} N are missing at the coordinate {coordinate} at {time_s:.2} \
         s. The reactions are computed for the motion as given; OpenSim lets such forces change the motion and obtains other \
         reactions. Include the forces of residual and reserve actuators.",
        number force_n, source "residual forces of Hicks et al. 2015, J Biomech Eng 137:020905";
    MomentsDoNotBearTheMotion { coordinate: String, moment_n_m: f64, time_s: f64 }
        => ForcesDoNotBearTheMotion, Caution, Subject::of(&coordinate),
        "The forces in the file do not produce the motion: {moment_n_m:.0} N m are missing at the coordinate {coordinate} at \
         {time_s:.2} s. The reactions are computed for the motion as given; OpenSim lets such forces change the motion and obtains \
         other reactions. Include the forces of residual and reserve actuators.",
        number moment_n_m, source "5 % of the model's weight at a lever arm of 1 m, an assumption of this program";
}
