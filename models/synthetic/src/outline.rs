//! The flesh of trunk and thighs where muscles of hip and thigh do not make it: ellipses in the axial plane.

use super::shape::Anatomy;
use super::smooth::smoothstep;
use coxa_anatomy::LandmarkKind;
use coxa_geometry::Side;
use coxa_shape::interpolate::interpolate;
use nalgebra::Point3;

/// Half width, half depth and centre of the trunk's flesh by height above the hip centres, where muscles of the hip do not reach
/// farther out; and the fat over it in someone of a body mass index of 26.
const TRUNK: [[f64; 5]; 7] = [
    // height, half width, half depth, centre y, fat
    [-110.0, 60.0, 40.0, 10.0, 11.0],
    [-60.0, 90.0, 55.0, 8.0, 13.0],
    [0.0, 118.0, 66.0, 6.0, 15.0],
    [50.0, 128.0, 80.0, 2.0, 17.0],
    [100.0, 134.0, 88.0, -2.0, 17.0],
    [150.0, 136.0, 84.0, -6.0, 16.0],
    [220.0, 132.0, 80.0, -8.0, 15.0],
];

/// Radius of what there is at least of a thigh by height above the hip centres, which its muscles go beyond but at the knee; and the fat over it.
const THIGH: [[f64; 3]; 6] = [
    [-480.0, 42.0, 7.0],
    [-400.0, 42.0, 8.0],
    [-330.0, 36.0, 10.0],
    [-180.0, 34.0, 12.0],
    [-90.0, 34.0, 14.0],
    [-40.0, 34.0, 15.0],
];

/// Below this height over the hip centres the thighs have their own fat, above by [`FAT_MEETS_MM`] the trunk's.
const THIGH_FAT_BELOW_MM: f64 = -120.0;
const FAT_MEETS_MM: f64 = 60.0;

/// Ellipses that follow the bones.
pub(super) struct Outline {
    /// Halfway between the sockets.
    pub(super) hips: Point3<f64>,
    /// Width of the pelvis against the template's.
    pub(super) scale: f64,
    /// Head centre and knee centre by side.
    thighs: [(Point3<f64>, Point3<f64>); 2],
}

impl Outline {
    /// About posed bones.
    pub(super) fn of(anatomy: &Anatomy) -> Outline {
        let thighs = Side::BOTH.map(|side| {
            let truth = anatomy.side(side);
            let at = |kind| truth.landmarks_mm.get(&kind).copied().unwrap_or(truth.head_centre_mm);
            let knee = at(LandmarkKind::MedialEpicondyle).midpoint(at(LandmarkKind::LateralEpicondyle));
            (truth.head_centre_mm.coords(), knee.coords())
        });
        let spread = |kind| {
            let at = |side| anatomy.side(side).landmarks_mm.get(&kind).map_or(0.0, |p| p.x());
            (at(Side::Left) - at(Side::Right)).abs()
        };
        let scale = (spread(LandmarkKind::GreaterTrochanter) / 254.0).clamp(0.8, 1.25);
        Outline { hips: anatomy.hip_midpoint(), scale, thighs }
    }

    /// Corners of a box about body and skin.
    pub(super) fn bounds(&self) -> [Point3<f64>; 2] {
        let knees = self.thighs.iter().map(|(_, knee)| knee.z).fold(f64::INFINITY, f64::min);
        let (x, y) = (260.0 * self.scale, 200.0);
        let Point3 { coords: hips } = self.hips;
        [
            Point3::new(hips.x - x, hips.y - y, knees - 60.0),
            Point3::new(hips.x + x, hips.y + y, hips.z + 260.0),
        ]
    }

    /// Whether a place is flesh.
    pub(super) fn holds(&self, place: Point3<f64>) -> bool {
        let height = place.z - self.hips.z;
        self.in_trunk(place, height) || (0..2).any(|side| self.in_thigh(place, height, side))
    }

    fn in_trunk(&self, place: Point3<f64>, height: f64) -> bool {
        if height < TRUNK[0][0] {
            return false;
        }
        let [half_width, half_depth, y, _] = interpolate(&TRUNK, height);
        let (u, v) = (place.x - self.hips.x, place.y - self.hips.y - y);
        (u / (half_width * self.scale)).powi(2) + (v / half_depth).powi(2) < 1.0
    }

    fn in_thigh(&self, place: Point3<f64>, height: f64, side: usize) -> bool {
        let (head, knee) = self.thighs[side];
        if height > 0.0 || place.z < knee.z - 40.0 {
            return false;
        }
        let [radius, _] = interpolate(&THIGH, height);
        let radius = radius * (0.5 + 0.5 * self.scale);
        let t = ((place.z - head.z) / (knee.z - head.z)).clamp(0.0, 1.2);
        // The femur lies in front and outside of the middle of the thigh.
        let inwards = if head.x < self.hips.x { 8.0 } else { -8.0 };
        let centre = head + (knee - head) * t;
        let (u, v) = (place.x - centre.x - inwards * (1.0 - t), place.y - centre.y - 8.0);
        u.hypot(v / 1.06) < radius
    }

    /// Thickness of the fat at a height above the hip centres.
    pub(super) fn fat(&self, height: f64) -> f64 {
        let [.., trunk]: [f64; 4] = interpolate(&TRUNK, height);
        let [_, thigh]: [f64; 2] = interpolate(&THIGH, height);
        thigh + (trunk - thigh) * smoothstep((height - THIGH_FAT_BELOW_MM) / FAT_MEETS_MM)
    }
}
