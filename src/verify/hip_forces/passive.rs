//! What bears the hip beside muscles: the iliofemoral ligament as lines over the head, or all passive tissues as a moment.
//!
//! The ligament: attachments of one specimen (TLEM 2.0, read from the folder), scaled by the length of the thigh, the same strain in all its lines. Its slack is such
//! that it flexes the hip with 5 N m where the capsule of nine specimens does so, at 12 (SD 7) degrees of extension (van Arkel et al. 2015, J Biomech 48:3803, as passed
//! on in the comments of a public model). Which position counts as zero there could not be read: two are tried. How stiff it is, is either what those specimens'
//! capsules were, 0.8 (SD 0.3) N m for each degree (the same, of rotation), or what 18 excised ligaments were, 48.8 N/mm2 on 53.5 mm2 (Pieroh et al. 2016, PLoS ONE
//! 11:e0163306), many times less on these lines.
//!
//! All tissues: the moment of the hip of ten relaxed people (Riener and Edrich 1999, J Biomech 32:539, formula as passed on in a public model), taken off the muscles as if
//! it pressed nothing on the joint: the most that passive tissues can spare it.

use super::frames::{find, isb_axes, spines_axes};
use super::tlem::Attachment;
use anyhow::{Result, anyhow};
use coxa_muscle::dynamics::Wrench;
use coxa_muscle::hip_loads::{FEMUR, MotionFrame};
use coxa_muscle::leg::{Landmark, Landmarks};
use coxa_muscle::model::GROUND;
use coxa_muscle::{Posture, Skeleton};
use nalgebra::{Matrix3, Point3, Rotation3, Vector3};

/// Of the whole ligament, N at a strain of one.
const TISSUE_N: f64 = 48.8 * 53.5;
/// Of the hip, N m for each degree.
const HIP_N_M_PER_DEG: f64 = 0.8;
/// Half of the step over which the change of arms is taken, rad.
const STEP_RAD: f64 = 0.01;
/// The moment by which the slack is set, N m.
const MOMENT_N_M: f64 = 5.0;
/// The head that lines run over, mm: half of a common diameter of men and women. Lines that begin or end inside run as if it were smaller.
const HEAD_MM: f64 = 24.0;
/// By how much the plane of the iliac spines is tilted forwards in upright standing, degrees (`sim/activity/data/README.md`).
const UPRIGHT_DEG: f64 = 10.0;
/// A line inside the head is laid over a smaller one.
const INSIDE: f64 = 0.999;

/// What bears the hip beside muscles.
pub(super) enum Passive {
    Nothing,
    /// Lines of the iliofemoral ligament.
    Iliofemoral(Iliofemoral),
    /// All tissues, pressing nothing on the joint.
    Tissues,
}

/// The ligament.
pub(super) struct Iliofemoral {
    pub(super) lines: Vec<Attachment>,
    /// Extension against the plane of the iliac spines at which they flex with 5 N m, degrees.
    pub(super) extension_deg: f64,
    pub(super) stiffness: Stiffness,
}

/// What says how stiff it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stiffness {
    /// Hips that were turned.
    OfHip,
    /// Ligaments that were pulled.
    OfTissue,
}

/// The same on a person's bones.
pub(super) struct Prepared {
    lines: Vec<Line>,
    has_tissues: bool,
    /// From the bodies of the model to anatomical axes.
    pelvis: Matrix3<f64>,
    femur: Matrix3<f64>,
    /// Centre of the head in the femur of the model, m.
    centre: Point3<f64>,
    /// Places of ground, pelvis, femur and knee in the skeleton.
    places: [usize; 4],
}

/// A line with its ends about the centre of the head, m, along anatomical axes of pelvis and femur.
struct Line {
    origin: Vector3<f64>,
    insertion: Vector3<f64>,
    slack_m: f64,
    stiffness_n: f64,
}

impl Prepared {
    pub(super) fn new(passive: &Passive, person: &Landmarks, skeleton: &Skeleton) -> Result<Prepared> {
        let body = |name: &str| skeleton.body(name).ok_or_else(|| anyhow!("the leg has no body `{name}`"));
        let knee = skeleton.coordinate("knee_angle_r").ok_or_else(|| anyhow!("the leg has no knee"))?;
        let place = |name: Landmark| find(&person.femur, name);
        let centre = place(Landmark::HipCentre)?;
        let knees =
            nalgebra::center(&place(Landmark::LateralEpicondyle)?, &place(Landmark::MedialEpicondyle)?);
        let lines = match passive {
            Passive::Iliofemoral(ligament) => scaled(ligament, (centre - knees).norm() / 1000.0),
            Passive::Nothing | Passive::Tissues => Vec::new(),
        };
        Ok(Prepared {
            lines,
            has_tissues: matches!(passive, Passive::Tissues),
            pelvis: spines_axes(&person.pelvis)?,
            femur: isb_axes(&person.femur)?,
            centre: centre / 1000.0,
            places: [body(GROUND)?, body("pelvis")?, body(FEMUR)?, knee],
        })
    }

    /// Adds what it does on both bones to each frame.
    pub(super) fn add_to(&self, frames: &mut [MotionFrame], skeleton: &Skeleton) {
        if self.lines.is_empty() && !self.has_tissues {
            return;
        }
        let [ground, pelvis, femur, knee] = self.places;
        let mut posture = Posture::default();
        for frame in frames {
            skeleton.place(&frame.q, &mut posture);
            let to_ground = posture.turn(pelvis, ground).matrix() * self.pelvis.transpose();
            let turn = self.pelvis * posture.turn(femur, pelvis).matrix() * self.femur.transpose();
            let centre = posture.point(femur, &self.centre);
            let mut add = |wrench: Wrench| {
                frame.pushes.push((femur, wrench));
                frame.pushes.push((pelvis, Wrench { force: -wrench.force, moment: -wrench.moment }));
            };
            for line in &self.lines {
                let (length, way) = over_the_head(&line.origin, &(turn * line.insertion));
                let pull = line.stiffness_n * (length / line.slack_m - 1.0).max(0.0);
                // It pulls the femur back along the line by which it leaves the pelvis.
                add(Wrench::at(centre + to_ground * line.origin, to_ground * way * -pull));
            }
            if self.has_tissues {
                let flexion_deg = flexion_rad(&turn).to_degrees() - UPRIGHT_DEG;
                let moment = tissues_n_m(flexion_deg, -frame.q[knee].to_degrees());
                add(Wrench::moment(to_ground * Vector3::z() * moment));
            }
        }
    }
}

/// Flexion of a femur that is turned so in the pelvis: about z, then adduction about x, then rotation about y.
fn flexion_rad(turn: &Matrix3<f64>) -> f64 {
    (-turn[(0, 1)]).atan2(turn[(1, 1)])
}

/// Flexing moment of relaxed people at angles of hip and knee, N m.
fn tissues_n_m(hip_deg: f64, knee_deg: f64) -> f64 {
    (1.4655 - 0.0034 * knee_deg - 0.0750 * hip_deg).exp()
        - (1.3403 - 0.0226 * knee_deg + 0.0305 * hip_deg).exp()
        + 8.072
}

/// Lines on a thigh of this length, m, with slack and stiffness.
fn scaled(ligament: &Iliofemoral, thigh_m: f64) -> Vec<Line> {
    let ends: Vec<_> =
        ligament.lines.iter().map(|at| (at.origin * thigh_m, at.insertion * thigh_m)).collect();
    // Length, and the flexing moment on the femur of a pull of one.
    let at = |extension: f64| -> Vec<[f64; 2]> {
        let turn = Rotation3::from_axis_angle(&Vector3::z_axis(), -extension);
        let of = |(origin, insertion): &(Vector3<f64>, Vector3<f64>)| {
            let (length, way) = over_the_head(origin, &(turn * insertion));
            [length, -origin.cross(&way).z]
        };
        ends.iter().map(of).collect()
    };
    let extension = ligament.extension_deg.to_radians();
    let arms = |extension: f64| -> f64 { at(extension).iter().map(|[_, arm]| arm).sum() };
    let set = at(extension);
    // Of each line; where the lines do not flex no strain gives the moment, and they stay slack.
    let pull = MOMENT_N_M / arms(extension);
    let stiffness_n = match ligament.stiffness {
        Stiffness::OfTissue => TISSUE_N / ends.len().max(1) as f64,
        Stiffness::OfHip => {
            // The moment rises by stretch and by the change of arms.
            let squares: f64 = set.iter().map(|[length, arm]| arm * arm / length).sum();
            let change = (arms(extension + STEP_RAD) - arms(extension - STEP_RAD)) / (2.0 * STEP_RAD);
            (HIP_N_M_PER_DEG.to_degrees() - pull * change) / squares - pull
        }
    };
    let is_taut = pull > 0.0 && stiffness_n > 0.0;
    ends.into_iter()
        .zip(set)
        .map(|((origin, insertion), [length, _])| Line {
            origin,
            insertion,
            slack_m: if is_taut { length / (1.0 + pull / stiffness_n) } else { f64::INFINITY },
            stiffness_n,
        })
        .collect()
}

/// Length of the shortest way from one place to another around a head at zero, m, and the direction in which it leaves the first.
fn over_the_head(from: &Vector3<f64>, to: &Vector3<f64>) -> (f64, Vector3<f64>) {
    let (near, far) = (from.norm(), to.norm());
    let radius = (HEAD_MM / 1000.0).min(INSIDE * near).min(INSIDE * far);
    let straight = to - from;
    let along = (-from.dot(&straight) / straight.norm_squared()).clamp(0.0, 1.0);
    if (from + straight * along).norm() >= radius {
        return (straight.norm(), straight.normalize());
    }
    let out = from / near;
    let across = (to - out * to.dot(&out)).try_normalize(1e-12).unwrap_or_default();
    let over = from.angle(to) - (radius / near).acos() - (radius / far).acos();
    let length =
        (near * near - radius * radius).sqrt() + (far * far - radius * radius).sqrt() + radius * over;
    let sine = radius / near;
    (length, across * sine - out * (1.0 - sine * sine).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ligament(stiffness: Stiffness) -> Iliofemoral {
        let at = |origin: [f64; 3], insertion: [f64; 3]| Attachment {
            origin: origin.into(),
            insertion: insertion.into(),
        };
        let lines = vec![
            at([0.035, 0.095, 0.035], [0.025, -0.075, 0.06]),
            at([0.035, 0.095, 0.035], [0.04, -0.04, 0.09]),
        ];
        Iliofemoral { lines, extension_deg: 12.0, stiffness }
    }

    fn moment(lines: &[Line], extension_deg: f64) -> f64 {
        let turn = Rotation3::from_axis_angle(&Vector3::z_axis(), -extension_deg.to_radians());
        let of = |line: &Line| {
            let (length, way) = over_the_head(&line.origin, &(turn * line.insertion));
            line.stiffness_n * (length / line.slack_m - 1.0).max(0.0) * -line.origin.cross(&way).z
        };
        lines.iter().map(of).sum()
    }

    #[test]
    fn the_ligament_flexes_with_5_n_m_where_its_slack_is_set_whatever_its_stiffness() {
        for stiffness in [Stiffness::OfHip, Stiffness::OfTissue] {
            let lines = scaled(&ligament(stiffness), 0.4);
            assert!((moment(&lines, 12.0) - MOMENT_N_M).abs() < 1e-9, "{stiffness:?}");
        }
    }

    #[test]
    fn the_hip_is_as_stiff_as_measured_and_free_where_the_ligament_is_slack() {
        let lines = scaled(&ligament(Stiffness::OfHip), 0.4);
        let slope = (moment(&lines, 12.1) - moment(&lines, 11.9)) / 0.2;
        assert!((slope - HIP_N_M_PER_DEG).abs() < 0.01, "{slope}");
        assert_eq!(moment(&lines, 0.0), 0.0);
        assert!(moment(&lines, 8.0) > 0.0);
    }

    #[test]
    fn relaxed_people_flex_an_extended_hip_and_extend_a_flexed_one() {
        assert!((10.0..30.0).contains(&tissues_n_m(-15.0, 10.0)));
        assert!(tissues_n_m(90.0, 30.0) < -10.0);
        let turn = Rotation3::from_axis_angle(&Vector3::z_axis(), 0.3)
            * Rotation3::from_axis_angle(&Vector3::x_axis(), -0.2);
        assert!((flexion_rad(turn.matrix()) - 0.3).abs() < 1e-12);
    }

    proptest! {
        /// Where the far end moves, the length goes by the pull along the way: what is true of any shortest way.
        #[test]
        fn the_way_over_the_head_is_shortest(a in prop::array::uniform3(-1.0..1.0f64), b in prop::array::uniform3(-1.0..1.0f64), step in prop::array::uniform3(-1.0..1.0f64)) {
            let (a, b, step) = (Vector3::from(a), Vector3::from(b), Vector3::from(step) * 1e-7);
            prop_assume!(a.norm() > 0.3 && b.norm() > 0.3 && a.angle(&b) < 3.0);
            let (from, to) = (a.normalize() * 0.04, b.normalize() * 0.05);
            let (length, way) = over_the_head(&from, &to);
            prop_assert!(length >= (to - from).norm() - 1e-12);
            prop_assert!((way.norm() - 1.0).abs() < 1e-9);
            let change = over_the_head(&(from + step), &to).0 - length;
            prop_assert!((change + way.dot(&step)).abs() < 1e-10, "{} {}", change, -way.dot(&step));
        }
    }
}
