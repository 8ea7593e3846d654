//! Virtual patients: a hip CT whose truth is known, made from a seed.
//!
//! A seed draws a pelvis and two femora from an embedded shape model (`template`), forms congruent joints and a
//! supine pose (`shape`, `pose`), stacks lumbar vertebrae on the sacrum (`spine`), fills the bones into the voxels with their cortex and marrow (`bone`),
//! carries real muscles to them (`flesh`, with the strands of [`coxa_shape::muscle_atlas`]) of the bulk and fat of a person (`composition`, `bulk`, `marbling`), lays vessels between them (`vessels`, `courses`, `blood`), puts a body around all (`skin`, `body`) and a table
//! under it (`couch`), and fills a grid with tissue (`scan`, `phantom`), which a CT (`ct`), a radiograph
//! (`radiograph`) or an MR scanner (`mr`) looks at. What comes out is a model: organs are schematic, and nothing measured on it
//! is accuracy on patients.

mod blood;
mod body;
mod bone;
mod bulk;
mod choices;
mod composition;
mod couch;
mod courses;
mod ct;
mod deform;
mod disease;
mod error;
mod flesh;
mod hip_truth;
mod joint;
mod marbling;
mod materials;
mod metal;
mod mr;
mod noise;
mod options;
mod outline;
mod patient;
mod person;
mod phantom;
mod pose;
mod radiograph;
mod scan;
mod shape;
mod skin;
mod smooth;
mod spine;
mod tally;
mod template;
mod tissue;
mod truth;
mod tube;
mod vessels;

pub use blood::{Blood, ContrastPhase};
pub use choices::{CtPhysics, Disease, ImplantKind};
pub use composition::{Composition, MuscleCondition};
pub use couch::Couch;
pub use disease::{Cyst, HipDisease};
pub use error::VirtualPatientError;
pub use flesh::{MuscleTruth, NoMuscles};
pub use hip_truth::HipTruth;
pub use mr::{Field, MrContrast, MrProtocol};
pub use options::VirtualPatientOptions;
pub use patient::{VirtualPatient, generate};
pub use person::{BmiClass, Person, Sex};
pub use phantom::Phantom;
pub use radiograph::{RadiographProtocol, RadiographTruth, VirtualRadiograph};
pub use template::{Template, TemplateError};
pub use tissue::Tissue;
pub use truth::Truth;
pub use vessels::Vessel;
