//! Bodies that were prepared in one place and stand in another: the same model for a cup that is a little higher or turned, a
//! stem that is deeper, a longer head.

use super::{
    Clearance, ContactError, ContactLimit, ContactModel, PathContact, Pose, Touch, centred, pose_of,
};
use crate::Motion;
use crate::motion::FixedAxisTurn;
use crate::path::Path;
use coxa_geometry::frame::{Femur, Frame};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Point, Transform};
use nalgebra::{Isometry3, Point3, Rotation3, Translation3, UnitQuaternion, Vector3};
use rayon::prelude::*;
use std::sync::Arc;

/// How both sides of a model stand about a joint.
///
/// The joint turns about the origin of its own frames. A point x of the model's femur lies at `femur` x in the joint's
/// femur, and what lies at y in the joint's pelvis lies at `pelvis` y in the model's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Mount<P: Frame> {
    pelvis: Transform<P, P>,
    femur: Transform<Femur, Femur>,
}

impl<P: Frame> Mount<P> {
    /// Both sides as the model has them.
    pub fn centred() -> Self {
        Mount { pelvis: Transform::identity(), femur: Transform::identity() }
    }

    /// From the joint's pelvis to the model's, and from the model's femur to the joint's.
    pub const fn new(pelvis: Transform<P, P>, femur: Transform<Femur, Femur>) -> Self {
        Mount { pelvis, femur }
    }

    /// How far the femur's origin may come to lie off the pelvis', in whatever position.
    pub fn off_mm(&self) -> f64 {
        self.pelvis.isometry().translation.vector.norm() + self.femur.isometry().translation.vector.norm()
    }

    fn is_centred(&self) -> bool {
        *self.pelvis.isometry() == Isometry3::identity() && *self.femur.isometry() == Isometry3::identity()
    }

    /// The femur in the model's pelvis after a rotation of the joint.
    pub(super) fn pose(&self, rotation: &UnitQuaternion<f64>) -> Pose {
        // What stands as it was prepared is answered to the last bit as without a mount.
        match self.is_centred() {
            true => centred(rotation.to_rotation_matrix()),
            false => pose_of(&self.transform(rotation)),
        }
    }

    /// The axis of a turn in the model's pelvis.
    pub(super) fn axis(&self, turn: &FixedAxisTurn) -> Vector3<f64> {
        self.pelvis.isometry().rotation * turn.axis.into_inner()
    }

    /// The joint's centre in the model's pelvis and in the model's femur.
    pub(super) fn centres(&self) -> [Point3<f64>; 2] {
        [
            self.pelvis.isometry() * Point3::origin(),
            self.femur.isometry().inverse_transform_point(&Point3::origin()),
        ]
    }

    fn transform(&self, rotation: &UnitQuaternion<f64>) -> Transform<Femur, P> {
        let turn = Isometry3::from_parts(Translation3::identity(), *rotation);
        self.femur.then(&Transform::<Femur, P>::from_isometry(turn)).then(&self.pelvis)
    }
}

/// A model at a joint; places are given in the joint's pelvis.
pub struct Mounted<P: Frame> {
    model: Arc<ContactModel<P>>,
    mount: Mount<P>,
}

impl<P: Frame> Mounted<P> {
    /// A model whose frames are the joint's.
    pub fn centred(model: ContactModel<P>) -> Self {
        Mounted { model: Arc::new(model), mount: Mount::centred() }
    }

    /// A model that was prepared elsewhere.
    ///
    /// # Errors
    /// A mount that takes the femur further off than the model's play.
    pub fn new(model: Arc<ContactModel<P>>, mount: Mount<P>) -> Result<Self, ContactError> {
        let off_mm = mount.off_mm();
        if off_mm <= model.play_mm {
            Ok(Mounted { model, mount })
        } else {
            Err(ContactError::Off { off_mm, play_mm: model.play_mm })
        }
    }

    /// The model, where it stands as it was prepared.
    pub fn model_if_centred(&self) -> Option<&ContactModel<P>> {
        self.mount.is_centred().then_some(&*self.model)
    }

    /// As [`ContactModel::limits`].
    pub fn limits(&self, motions: &[Motion]) -> Vec<ContactLimit<P>> {
        let limit = |motion: &Motion| match self.model.limit_on(motion, &self.mount) {
            ContactLimit::At { angle, touch } => ContactLimit::At { angle, touch: self.in_joint(touch) },
            ContactLimit::BlockedAtStart(touch) => ContactLimit::BlockedAtStart(self.in_joint(touch)),
            ContactLimit::Free => ContactLimit::Free,
        };
        motions.par_iter().map(limit).collect()
    }

    /// As [`ContactModel::first_contact`].
    pub fn first_contact(&self, path: &Path) -> Option<PathContact<P>> {
        let met = self.model.first_contact_on(path, &self.mount)?;
        Some(PathContact { touch: self.in_joint(met.touch), ..met })
    }

    /// As [`ContactModel::is_free`].
    pub fn is_free(&self, rotation: &Rotation3<f64>) -> bool {
        match self.model_if_centred() {
            Some(model) => model.is_free(rotation),
            None => {
                let rotation = UnitQuaternion::from_rotation_matrix(rotation);
                self.model.is_free_at(&self.mount.transform(&rotation))
            }
        }
    }

    /// As [`ContactModel::clearances`].
    pub fn clearances(&self, positions: &[HipAngles]) -> Vec<Option<Clearance<P>>> {
        if let Some(model) = self.model_if_centred() {
            return model.clearances(positions);
        }
        let femurs: Vec<_> = positions
            .iter()
            .map(|p| self.mount.transform(&UnitQuaternion::from_rotation_matrix(&p.rotation())))
            .collect();
        let back = self.mount.pelvis.inverse();
        let in_joint = |c: Clearance<P>| Clearance {
            on_fixed: back.apply(c.on_fixed),
            on_moving: back.apply(c.on_moving),
            ..c
        };
        self.model.clearances_at(&femurs).into_iter().map(|found| found.map(in_joint)).collect()
    }

    fn in_joint(&self, touch: Touch<P>) -> Touch<P> {
        let at = |at: Point<P>| match self.model_if_centred() {
            Some(_) => at,
            None => self.mount.pelvis.inverse().apply(at),
        };
        Touch { at: at(touch.at), ..touch }
    }
}
