//! A model whose hip turns elsewhere: what an arthroplasty does to it.

use super::kinematics::Skeleton;
use super::model::Model;
use nalgebra::Vector3;

/// Why a hip cannot be moved.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MovedHipError {
    /// No joint moves such a body.
    #[error("the model has no joint that moves `{0}`")]
    NoJoint(String),
    /// A joint that cannot be opened because it slides.
    #[error(
        "the joint that moves `{0}` also translates along its axes: only joints that rotate alone are supported"
    )]
    Slides(String),
    /// A step that is not a number.
    #[error("the displacement of the hip is not a finite number")]
    NotFinite,
}

impl Model {
    /// The model with the centre of the hip moved by `in_pelvis` in the joint's parent, and by `in_femur` in `femur`, the body that it
    /// moves; m, along the axes of these bodies. With the hip at zero and both frames parallel the femur as a whole moves against the
    /// pelvis by the first less the second. Muscles, masses and all other joints stay where they are in their bodies.
    ///
    /// # Errors
    /// A model without such a joint, a step that is not finite.
    pub fn with_moved_hip(
        &self,
        femur: &str,
        in_pelvis: Vector3<f64>,
        in_femur: Vector3<f64>,
    ) -> Result<Model, MovedHipError> {
        if !in_pelvis.iter().chain(in_femur.iter()).all(|x| x.is_finite()) {
            return Err(MovedHipError::NotFinite);
        }
        let mut moved = self.clone();
        let joint = moved.joints.iter_mut().find(|joint| joint.child == femur);
        let joint = joint.ok_or_else(|| MovedHipError::NoJoint(femur.into()))?;
        joint.in_parent.translation.vector += in_pelvis;
        joint.in_child.translation.vector += in_femur;
        Ok(moved)
    }
}

impl Skeleton {
    /// The same as [`Model::with_moved_hip`] of a compiled model, whose paths stay as they are: for many places of one hip.
    ///
    /// # Errors
    /// As there.
    pub fn with_moved_hip(
        &self,
        femur: &str,
        in_pelvis: Vector3<f64>,
        in_femur: Vector3<f64>,
    ) -> Result<Skeleton, MovedHipError> {
        if !in_pelvis.iter().chain(in_femur.iter()).all(|x| x.is_finite()) {
            return Err(MovedHipError::NotFinite);
        }
        let mut moved = self.clone();
        let link = moved.link_mut(femur).ok_or_else(|| MovedHipError::NoJoint(femur.into()))?;
        link.in_parent.origin += in_pelvis;
        link.from_child.origin -= link.from_child.turn * in_femur;
        Ok(moved)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::super::function::Function;
    use super::super::model::*;
    use super::super::{Paths, Posture, Skeleton};
    use super::*;
    use nalgebra::{Isometry3, Matrix3, Point3};
    use proptest::prelude::*;

    /// A pelvis and a femur with one muscle between them, by its places in both from the native head centre.
    pub(in super::super) fn hip(origin: [f64; 3], insertion: [f64; 3]) -> Model {
        let body = |name: &str| Body {
            name: name.into(),
            mass: 1.0,
            mass_centre: Point3::origin(),
            inertia: Matrix3::identity(),
        };
        let axis = |n: usize, coordinates: Vec<usize>| JointAxis {
            axis: [Vector3::z(), Vector3::x(), Vector3::y()][n % 3],
            function: if coordinates.is_empty() {
                Function::Constant(0.0)
            } else {
                Function::Linear(vec![1.0, 0.0])
            },
            coordinates,
        };
        let joint = |parent: &str, child: &str, names: &[&str]| Joint {
            name: child.into(),
            parent: parent.into(),
            child: child.into(),
            in_parent: Isometry3::identity(),
            in_child: Isometry3::identity(),
            coordinates: names
                .iter()
                .map(|name| Coordinate {
                    name: (*name).into(),
                    motion: Motion::Rotation,
                    default_value: 0.0,
                    range: [-2.0, 2.0],
                    is_locked: false,
                    is_clamped: false,
                })
                .collect(),
            axes: std::array::from_fn(|n| {
                axis(n, if n < 3 && !names.is_empty() { vec![n] } else { Vec::new() })
            }),
        };
        let point = |body: &str, at: [f64; 3]| PathPoint {
            name: body.into(),
            body: body.into(),
            place: PathPlace::Fixed(Point3::from(at)),
        };
        let muscle = Muscle {
            name: "abductor".into(),
            path: MusclePath {
                points: vec![point("pelvis", origin), point("femur", insertion)],
                wraps: Vec::new(),
            },
            max_isometric_force: 1000.0,
            optimal_fibre_length: 0.08,
            tendon_slack_length: 0.05,
            pennation: 0.0,
            max_contraction_velocity: 10.0,
            min_activation: 0.0,
            applies_force: true,
            curves: MuscleCurves::Millard2012(Box::default()),
        };
        Model {
            bodies: vec![body("pelvis"), body("femur")],
            joints: vec![
                joint(GROUND, "pelvis", &[]),
                joint("pelvis", "femur", &["hip_flexion", "hip_adduction", "hip_rotation"]),
            ],
            muscles: vec![muscle],
            ..Model::default()
        }
    }

    /// Length and lever arms with the hip at zero.
    fn reading(model: &Model) -> (f64, [f64; 3]) {
        let skeleton = Skeleton::new(model).unwrap();
        let paths = Paths::new(model, &skeleton).unwrap();
        let (q, mut posture, mut arms) = ([0.0; 3], Posture::default(), [0.0; 3]);
        skeleton.place(&q, &mut posture);
        (paths.length(0, &skeleton, &q, &posture, Some(&mut arms)), arms)
    }

    const ORIGIN: [f64; 3] = [0.0, 0.09, 0.03];
    const TROCHANTER: [f64; 3] = [-0.01, -0.005, 0.06];

    #[test]
    fn the_femur_moves_by_the_step_in_the_pelvis_less_that_in_the_femur() {
        let model = hip(ORIGIN, TROCHANTER);
        let up = model.with_moved_hip("femur", Vector3::new(0.0, 0.01, 0.0), Vector3::zeros()).unwrap();
        let raised = [TROCHANTER[0], TROCHANTER[1] + 0.01, TROCHANTER[2]];
        assert!((reading(&up).0 - reading(&hip(ORIGIN, raised)).0).abs() < 1e-12);
        let same = Vector3::new(0.004, -0.003, 0.006);
        let both = model.with_moved_hip("femur", same, same).unwrap();
        assert!((reading(&both).0 - reading(&model).0).abs() < 1e-12);
        assert_ne!(reading(&both).1, reading(&model).1);
    }

    #[test]
    fn what_cannot_be_moved_is_refused() {
        let model = hip(ORIGIN, TROCHANTER);
        let none = Vector3::zeros();
        assert!(model.with_moved_hip("tibia", none, none).is_err());
        let error = model.with_moved_hip("femur", Vector3::new(f64::NAN, 0.0, 0.0), none);
        assert_eq!(error.unwrap_err(), MovedHipError::NotFinite);
    }

    proptest! {
        /// Offset of the stem moves the head medially in its femur, and so the femur laterally.
        #[test]
        fn a_longer_offset_never_shortens_the_lever_arm_of_abduction(
            x in -0.03..0.03f64, y in 0.05..0.12f64, z in 0.0..0.06f64, more in 0.0..0.02f64,
        ) {
            let model = hip([x, y, z], TROCHANTER);
            let arm = |offset: f64| {
                let step = Vector3::new(0.0, 0.0, -offset);
                -reading(&model.with_moved_hip("femur", Vector3::zeros(), step).unwrap()).1[1]
            };
            prop_assert!(arm(0.0) > 0.0 && arm(more) >= arm(0.0) - 1e-12);
        }
    }

    #[test]
    fn a_compiled_hip_moves_as_its_model_does() {
        let mut model = hip([0.0, 0.08, 0.05], [-0.01, -0.03, 0.07]);
        // Frames of the joint that are turned in both bodies.
        let turn = nalgebra::UnitQuaternion::from_euler_angles(0.3, -0.2, 0.5);
        for joint in model.joints.iter_mut().filter(|joint| joint.child == "femur") {
            joint.in_parent = Isometry3::from_parts([0.01, 0.02, -0.03].into(), turn);
            joint.in_child = Isometry3::from_parts([-0.02, 0.01, 0.02].into(), turn);
        }
        let (a, b) = (Vector3::new(0.004, -0.002, 0.006), Vector3::new(-0.003, 0.005, 0.002));
        let by_model = reading(&model.with_moved_hip("femur", a, b).unwrap());
        let skeleton = Skeleton::new(&model).unwrap();
        let paths = Paths::new(&model, &skeleton).unwrap();
        let moved = skeleton.with_moved_hip("femur", a, b).unwrap();
        let (q, mut posture, mut arms) = ([0.0; 3], Posture::default(), [0.0; 3]);
        moved.place(&q, &mut posture);
        let length = paths.length(0, &moved, &q, &posture, Some(&mut arms));
        assert!((length - by_model.0).abs() < 1e-12);
        assert!(arms.iter().zip(by_model.1).all(|(a, b)| (a - b).abs() < 1e-12));
        let lost = skeleton.with_moved_hip("tibia", a, b);
        assert_eq!(lost.err(), Some(MovedHipError::NoJoint("tibia".into())));
        assert!(skeleton.with_moved_hip("femur", a * f64::NAN, b).is_err());
    }
}
