//! The planned joint.

use super::contact::Liner;
use super::{DynamicsError, within};
use crate::stability::{Bearing, Rim};
use coxa_geometry::Vector;
use coxa_geometry::frame::{Femur, Pelvis};

/// Cup, liner, head and neck.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct HipJoint {
    /// The cup's axis out of its opening; need not have unit length.
    pub cup_axis: Vector<Pelvis>,
    /// The neck's axis from the head centre along the neck; need not have unit length.
    pub neck_axis: Vector<Femur>,
    /// Sizes of head, neck and rim. A bevelled rim is joined to the bearing's equator by a straight bevel.
    pub bearing: Bearing,
    /// Radius of the liner's bearing surface less that of the head.
    pub radial_clearance_mm: f64,
    /// Coulomb's coefficient of friction, of head and of neck against the liner.
    pub friction: f64,
}

/// The head counts as out when its centre is so many head radii from the bearing's centre. Over the top of a flush
/// rim it is at 1.41; a force that leans by 30° against the direction of the dislocation holds it up to 1.73.
const OUT_IN_RADII: f64 = 1.75;

/// The joint as the simulation uses it: checked, axes of unit length.
pub(super) struct CheckedJoint {
    pub(super) liner: Liner,
    pub(super) cup_axis: Vector<Pelvis>,
    pub(super) neck_axis: Vector<Femur>,
    /// Distance of the head centre from the bearing's at which the head is out.
    pub(super) out_mm: f64,
}

impl HipJoint {
    pub(super) fn checked(&self) -> Result<CheckedJoint, DynamicsError> {
        // The oscillation angle exists only where head, neck and rim go together.
        self.bearing.oscillation_angle()?;
        let head_radius = self.bearing.head_diameter_mm / 2.0;
        within("head diameter in mm", self.bearing.head_diameter_mm, 1.0, 200.0)?;
        let clearance = within("radial clearance in mm", self.radial_clearance_mm, 0.0, head_radius / 2.0)?;
        within("coefficient of friction", self.friction, 0.0, 2.0)?;
        if let Rim::Bevelled { radius_mm, depth_mm } = self.bearing.rim {
            let distance_mm = radius_mm.hypot(depth_mm);
            within("distance of the rim from the head centre in mm", distance_mm, 0.0, 1e3)?;
            if distance_mm < head_radius {
                return Err(DynamicsError::RimInsideHead { distance_mm, head_radius_mm: head_radius });
            }
        }
        Ok(CheckedJoint {
            liner: Liner::new(&self.bearing, clearance, self.friction),
            cup_axis: self.cup_axis.normalised().ok_or(DynamicsError::Direction("cup axis"))?,
            neck_axis: self.neck_axis.normalised().ok_or(DynamicsError::Direction("neck axis"))?,
            out_mm: OUT_IN_RADII * head_radius,
        })
    }
}
