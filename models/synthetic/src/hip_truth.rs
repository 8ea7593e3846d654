//! What is known of one hip by construction.

use super::disease::HipDisease;
use coxa_anatomy::LandmarkKind;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Angle, Point};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

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
