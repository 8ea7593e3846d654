//! Suite `hip-forces`: forces in the hip that instrumented prostheses measured, against what the same people's landmarks and weight let
//! expect.
//!
//! The folder holds `orthoload_peak_hjf_summary.csv` (subject, activity `OLS`, `LW` or `SU`, weight_N, Fx, Fy and Fz in percent of body weight
//! on the head in the femoral frame of Bergmann et al. 2016, PLoS One 11:e0155612) and, below `data/OrthoLoad/Landmarks`,
//! `SUBJECT_PelvisLandmarks.fcsv` and `SUBJECT_FemurLandmarks.fcsv` of 3D Slicer. The last letter of a subject is the side.
//!
//! Two predictions are made, neither with a number fitted to these people: the static balance on one leg, which is held against the forces
//! of standing and walking alike, as Fischer et al. 2021 (J Biomech 121:110526) do with all static models, and the muscles of the leg that
//! ships, scaled to the person, in the motions that ship. The first is what verdicts are about, and the force to go by: it is the nearer to
//! what was measured. The second is for what the first cannot do: a whole motion, each muscle, one hip before and after. It was not blind:
//! that it first came out far too great is why the leg, its walk and the criterion were looked over; each change rests on a source of its
//! own (`sim/muscle/data/leg/README.md`, `sim/activity/data/README.md`, [`coxa_muscle::hip_loads`]). Standing up is shown for the muscles alone.

mod courses;
mod frames;
mod motion_course;
mod other_legs;
mod passive;
mod people;
mod picture;
mod prediction;
mod published;
mod suite;
mod suspects;
mod tlem;
mod trials;

pub use courses::run as run_courses;
pub use suite::run;
pub use suspects::run as run_suspects;
