//! Diseases of the hip that a virtual patient may have, and what each has made of a hip.

use super::choices::Disease;
use super::options::VirtualPatientOptions;
use super::pose::normal;
use coxa_geometry::{Point, Side, frame::Patient};
use nalgebra::Vector3;
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};

/// First of the streams of the seed that diseases are drawn from, so that they change no healthy bone.
const STREAM: u64 = 16;

/// Joint space, as a share of the healthy one, that the head is left with where least is left: bones of the usual joint then stay 0.3 mm apart. Most
/// hips of grade 4 have just this.
const LEAST_SPACE: f64 = 0.18;

/// A hole in the bone beside a worn joint, filled with fluid.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Cyst {
    /// Its middle.
    pub centre_mm: Point<Patient>,
    /// Its radius.
    pub radius_mm: f64,
}

/// What disease has made of one hip; all zero and empty where it is healthy.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct HipDisease {
    /// Grade of osteoarthritis after Kellgren and Lawrence, 0 to 4.
    pub kellgren_lawrence: u8,
    /// Grade of dysplasia after Crowe, 1 to 3, or 0.
    pub crowe: u8,
    /// Grade of protrusio, 1 to 3, or 0.
    #[serde(default, skip_serializing_if = "is_ungraded")]
    pub protrusio: u8,
    /// Part of the joint space that is lost where most is lost.
    #[serde(rename = "joint_space_lost_share")]
    pub joint_space_lost_fraction: f64,
    /// How far the highest osteophytes of the head rise over its neck; those of the rim are two thirds as long.
    pub osteophyte_mm: f64,
    /// How far the head is flattened under the roof. Centre and radius of the truth are those of what is left round.
    pub head_flattening_mm: f64,
    /// By how much the CT number of the bone at the roof is raised.
    pub sclerosis_hu: f64,
    /// How far the socket has moved to the side; inwards negative.
    pub socket_lateral_mm: f64,
    /// How far the socket has moved up; by this the head has risen.
    pub socket_superior_mm: f64,
    /// Angle to the side of the vertical through the centre of the socket from which its roof slopes away; `None` in a socket
    /// that covers the head.
    pub roof_open_from_deg: Option<f64>,
    /// By how much the acetabulum opens further back than it would.
    #[serde(default, skip_serializing_if = "is_straight")]
    pub turned_back_deg: f64,
    /// Cysts of head and roof.
    pub cysts: Vec<Cyst>,
}

impl HipDisease {
    /// The grade of what the hip suffers from; `None` of a hip without a graded disease.
    pub fn grade(&self) -> Option<u8> {
        [self.kellgren_lawrence, self.crowe, self.protrusio].into_iter().max().filter(|grade| *grade > 0)
    }
}

#[allow(clippy::trivially_copy_pass_by_ref)] // As serde calls it.
fn is_ungraded(grade: &u8) -> bool {
    *grade == 0
}

#[allow(clippy::trivially_copy_pass_by_ref)] // As serde calls it.
fn is_straight(turned_deg: &f64) -> bool {
    *turned_deg == 0.0
}

impl HipDisease {
    /// How far the socket has moved from where it would lie, as of a right hip.
    pub(super) fn socket_shift(&self) -> Vector3<f64> {
        Vector3::new(-self.socket_lateral_mm, 0.0, self.socket_superior_mm)
    }

    /// What the disease asked for has made of one hip.
    pub(super) fn draw(options: &VirtualPatientOptions, side: Side) -> HipDisease {
        let mut rng = ChaCha8Rng::seed_from_u64(options.seed);
        rng.set_stream(STREAM);
        let affected = options.affected.unwrap_or(if rng.random() { Side::Right } else { Side::Left });
        let grade = options.grade.or_else(|| {
            let (low, high) = options.disease.grades()?;
            Some(rng.random_range(low.max(1)..=high))
        });
        let mut hip = HipDisease::default();
        if options.worn == Some(side) {
            hip.joint_space_lost_fraction = 2.0 / 3.0;
        }
        if affected != side {
            return hip;
        }
        let mut draw = |mean: f64, spread: f64| mean + spread * normal(&mut rng);
        match (options.disease, grade) {
            (Disease::Osteoarthritis, Some(grade)) => {
                let by_grade = |values: [f64; 5]| values[usize::from(grade.min(4))];
                hip.kellgren_lawrence = grade;
                hip.joint_space_lost_fraction =
                    draw(by_grade([0.0, 0.08, 0.28, 0.58, 0.85]), by_grade([0.0, 0.03, 0.05, 0.06, 0.02]))
                        .clamp(0.0, 1.0 - LEAST_SPACE);
                hip.osteophyte_mm = by_grade([0.0, 0.6, 2.0, 3.5, 5.5]) * draw(1.0, 0.12);
                hip.head_flattening_mm = by_grade([0.0, 0.0, 0.0, 0.6, 2.4]) * draw(1.0, 0.15);
                hip.sclerosis_hu = by_grade([0.0, 0.0, 120.0, 260.0, 400.0]) * draw(1.0, 0.12);
            }
            (Disease::Dysplasia, Some(grade)) => {
                hip.crowe = grade;
                // Crowe's grades are shares of the height of the head by which it has risen: below a half, up to three
                // quarters, up to all of it. From the second on the head lies beside the wing, in a false socket that it
                // has worn there.
                let (rise, aside) =
                    [(0.15, 8.5), (0.62, 23.0), (0.85, 29.0)][usize::from(grade.clamp(1, 3)) - 1];
                hip.socket_superior_mm = 48.0 * rise * draw(1.0, 0.04);
                hip.socket_lateral_mm = aside * draw(1.0, 0.05);
                hip.roof_open_from_deg = Some(draw(12.0, 3.0));
            }
            (Disease::Protrusio, Some(grade)) => {
                hip.protrusio = grade;
                // The floor of a healthy socket ends some 3 mm outside of the ilioischial line.
                let inwards = [6.0, 12.0, 19.0][usize::from(grade.clamp(1, 3)) - 1];
                hip.socket_lateral_mm = -inwards * draw(1.0, 0.05);
            }
            (Disease::Retroversion, _) => hip.turned_back_deg = draw(22.0, 2.0),
            _ => {}
        }
        hip
    }

    /// Share of cysts by grade: how many there are in the roof and in the head.
    pub(super) fn cyst_counts(&self) -> [usize; 2] {
        [[0, 0], [0, 0], [1, 0], [2, 1], [3, 2]][usize::from(self.kellgren_lawrence.min(4))]
    }
}
