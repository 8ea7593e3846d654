//! Virtual patients: a hip CT whose truth is known, made from a seed.
//!
//! A seed draws a pelvis and two femora from an embedded shape model (`template`), forms congruent joints and a
//! supine pose (`shape`, `pose`), stacks lumbar vertebrae on the sacrum (`spine`), fills the bones into the voxels with their cortex and marrow (`bone`),
//! carries real muscles to them (`flesh`, with the strands of [`coxa_segment::muscles`]) of the bulk and fat of a person (`composition`, `bulk`, `marbling`), lays vessels between them (`vessels`, `courses`, `blood`), puts a body around all (`skin`, `body`) and a table
//! under it (`couch`), and fills a grid with tissue (`scan`, `phantom`), which a CT (`ct`), a radiograph
//! (`radiograph`) or an MR scanner (`mr`) looks at. What comes out is a model: organs are schematic, and nothing measured on it
//! is accuracy on patients.

mod blood;
mod body;
mod bone;
mod bulk;
mod composition;
mod couch;
mod courses;
mod ct;
mod deform;
mod disease;
mod flesh;
mod joint;
mod marbling;
mod metal;
mod mr;
mod noise;
mod outline;
mod person;
mod phantom;
mod pose;
mod radiograph;
mod scan;
mod shape;
mod skin;
mod spine;
mod tally;
mod template;
mod tissue;
mod vessels;

use coxa_anatomy::patient::{BoneSurfaces, LandmarkKind};
use coxa_geometry::{Angle, Point, Side, frame::Patient};
use coxa_imaging::{CtVolume, LabelMap};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

pub use blood::{Blood, ContrastPhase};
pub use composition::{Composition, MuscleCondition};
pub use couch::Couch;
pub use ct::CtPhysics;
pub use disease::{Cyst, Disease, HipDisease};
pub use flesh::{MuscleTruth, NoMuscles};
pub use metal::ImplantKind;
pub use mr::{Field, MrContrast, MrProtocol};
pub use person::{BmiClass, Person, Sex};
pub use phantom::Phantom;
pub use radiograph::{RadiographProtocol, RadiographTruth, VirtualRadiograph};
pub use template::{Template, TemplateError};
pub use tissue::Tissue;
pub use vessels::Vessel;

/// What patient to make and how to scan it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct VirtualPatientOptions {
    /// Seed of everything random: shape, pose, texture, noise.
    pub seed: u64,
    /// Voxel size across the body, 0.7 to 4; slices lie 1.25 times as far apart.
    pub spacing_mm: f64,
    /// Standard deviation of the image noise in soft tissue, 0 to 100.
    pub noise_hu: f64,
    /// Bone-to-bone distance in the healthy hip joint, 2 to 6.
    pub joint_space_mm: f64,
    /// What the patient suffers from.
    pub disease: Disease,
    /// Its grade, within [`Disease::grades`]; `None` draws one, 1 at least.
    pub grade: Option<u8>,
    /// The hip that it affects; `None` draws one.
    pub affected: Option<Side>,
    /// A hip whose joint space alone is worn: the head rises until only a third of the joint space is left above it.
    pub worn: Option<Side>,
    /// Body mass index, 16 to 45; `None` draws one.
    pub bmi_kg_per_m2: Option<f64>,
    /// When the scan was taken after contrast agent; `None` draws a phase, native most often.
    pub contrast: Option<ContrastPhase>,
    /// A femur that carries metal, with streaks.
    pub metal: Option<Side>,
    /// What metal that is.
    pub implant: ImplantKind,
    /// How the CT comes about.
    pub physics: CtPhysics,
    /// How far the scan reaches above the hip centres, 20 to 220; `None` goes above both iliac crests.
    pub above_hips_mm: Option<f64>,
    /// How far the scan reaches below the hip centres, 20 to 700, but never farther than just
    /// below both femora, which is what `None` gives.
    pub below_hips_mm: Option<f64>,
}

impl Default for VirtualPatientOptions {
    fn default() -> Self {
        VirtualPatientOptions {
            seed: 1,
            spacing_mm: 1.2,
            noise_hu: 12.0,
            joint_space_mm: 3.5,
            disease: Disease::None,
            grade: None,
            affected: None,
            worn: None,
            bmi_kg_per_m2: None,
            contrast: None,
            metal: None,
            implant: ImplantKind::Nail,
            physics: CtPhysics::Quick,
            above_hips_mm: None,
            below_hips_mm: None,
        }
    }
}

/// A virtual patient and the truth about it.
#[derive(Debug, Clone)]
pub struct VirtualPatient {
    /// The scan.
    pub ct: CtVolume,
    /// The bones on the grid of the scan, `hip_right`, `hip_left`, `femur_right`, `femur_left`, `sacrum`, and what else of muscles,
    /// vessels, lumbar vertebrae and metal it holds.
    pub labels: LabelMap,
    /// The bones the scan was made from; not cut at the end of the scan.
    pub surfaces: BoneSurfaces,
    /// The muscles as they lie in the scan.
    pub muscles: Vec<MuscleTruth>,
    /// What is known by construction.
    pub truth: Truth,
}

/// What is known of a virtual patient by construction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Truth {
    /// People whose bones the shapes were drawn from, by their places in the template's source.
    #[serde(default)]
    pub people: Vec<u32>,
    /// Right hip.
    pub right: HipTruth,
    /// Left hip.
    pub left: HipTruth,
    /// Posterior tilt of the anterior pelvic plane against the coronal plane of the scan.
    pub posterior_tilt_deg: Angle,
    /// Who the patient is.
    pub person: Person,
    /// How much muscle and fat the patient has.
    pub composition: Composition,
    /// Sides on which the muscles of the hip are missing, and why.
    pub no_muscles: Vec<NoMuscles>,
    /// What contrast agent has made of the blood.
    pub blood: Blood,
    /// The great vessels; none on a side without muscles, by which their courses go.
    pub vessels: Vec<Vessel>,
    /// The table of the CT scanner.
    pub couch: Couch,
}

impl Truth {
    /// One side.
    pub fn side(&self, side: Side) -> &HipTruth {
        match side {
            Side::Right => &self.right,
            Side::Left => &self.left,
        }
    }
}

/// What is known of one hip by construction.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HipTruth {
    /// Centre of the sphere of the femoral head.
    pub head_centre_mm: Point<Patient>,
    /// Radius of the bony femoral head.
    pub head_radius_mm: f64,
    /// Centre of the socket.
    pub socket_centre_mm: Point<Patient>,
    /// Radius of the socket's bone.
    pub socket_radius_mm: f64,
    /// Landmarks of hip bone and femur.
    pub landmarks_mm: BTreeMap<LandmarkKind, Point<Patient>>,
    /// Lateral centre-edge angle of the bone as it is, in the coronal plane of the scan.
    pub lateral_centre_edge_deg: Angle,
    /// What disease has made of it.
    pub disease: HipDisease,
}

/// Why no virtual patient was made.
#[derive(Debug, thiserror::Error)]
pub enum VirtualPatientError {
    /// An option outside its range.
    #[error("{option} is {value}, but must lie between {low} and {high}")]
    OutOfRange {
        /// The option's name.
        option: &'static str,
        /// What was given.
        value: f64,
        /// Smallest value.
        low: f64,
        /// Largest value.
        high: f64,
    },
    /// A disease that is not known.
    #[error("there is no disease named {name}; known are none, osteoarthritis, dysplasia and osteoporosis")]
    UnknownDisease {
        /// What was given.
        name: String,
    },
    /// A grade for a disease that has none.
    #[error("{disease} has no grades; leave the grade out")]
    NoGrades {
        /// The disease.
        disease: Disease,
    },
    /// The template could not be read.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The drawn bones do not form a pelvis with two hips.
    #[error("the bones drawn from this seed do not fit together: try another seed")]
    Unfit,
}

impl VirtualPatientOptions {
    /// Whether every option is within its range.
    ///
    /// # Errors
    /// The first that is not, with its range.
    pub fn check(&self) -> Result<(), VirtualPatientError> {
        let limits = [
            ("spacing_mm", self.spacing_mm, 0.7, 4.0),
            ("noise_hu", self.noise_hu, 0.0, 100.0),
            ("joint_space_mm", self.joint_space_mm, 2.0, 6.0),
            ("above_hips_mm", self.above_hips_mm.unwrap_or(180.0), 20.0, 220.0),
            ("below_hips_mm", self.below_hips_mm.unwrap_or(400.0), 20.0, 700.0),
            ("bmi_kg_per_m2", self.bmi_kg_per_m2.unwrap_or(25.0), 16.0, 45.0),
        ];
        for (option, value, low, high) in limits {
            // Written so that NaN is refused.
            if !(value >= low && value <= high) {
                return Err(VirtualPatientError::OutOfRange { option, value, low, high });
            }
        }
        match (self.grade, self.disease.grades()) {
            (Some(grade), Some((low, high))) if !(low..=high).contains(&grade) => {
                let [value, low, high] = [grade, low, high].map(f64::from);
                Err(VirtualPatientError::OutOfRange { option: "grade", value, low, high })
            }
            (Some(_), None) => Err(VirtualPatientError::NoGrades { disease: self.disease }),
            _ => Ok(()),
        }
    }
}

/// Makes a virtual patient. The same options give the same bytes on any number of threads.
pub fn generate(options: &VirtualPatientOptions) -> Result<VirtualPatient, VirtualPatientError> {
    let phantom = Phantom::new(options)?;
    let ct = phantom.ct(options.physics, options.noise_hu, options.seed);
    let Phantom { labels, surfaces, muscles, truth, .. } = phantom;
    Ok(VirtualPatient { ct, labels, surfaces, muscles, truth })
}
