//! The body around the bones: skin, fat, muscle, what fills the pelvis, and the two lowest lumbar vertebrae.
//!
//! All of it is schematic, made of ellipses in the axial plane that follow the bones.

use super::noise::texture;
use super::person::Person;
use super::shape::{Anatomy, smoothstep};
use super::tissue::Tissue;
use crate::patient::LandmarkKind;
use coxa_geometry::Side;
use nalgebra::{Isometry3, Point3, Vector3};

const AIR_HU: f64 = -1000.0;
const SKIN_HU: f64 = 20.0;
const FAT_HU: f64 = -100.0;
const MUSCLE_HU: f64 = 55.0;
const BOWEL_HU: f64 = 35.0;
const BLADDER_HU: f64 = 8.0;
const CARTILAGE_HU: f64 = 85.0;
const SKIN_MM: f64 = 1.8;

/// Half width, half depth, centre and fat thickness of the trunk by height above the hip centres.
const TRUNK: [[f64; 5]; 7] = [
    // height, half width beyond the bones' measure, half depth, centre y, fat
    [-130.0, 168.0, 92.0, 4.0, 14.0],
    [-70.0, 178.0, 106.0, 10.0, 17.0],
    [0.0, 184.0, 113.0, 12.0, 20.0],
    [50.0, 178.0, 112.0, 8.0, 22.0],
    [100.0, 168.0, 106.0, 2.0, 20.0],
    [150.0, 158.0, 100.0, -4.0, 18.0],
    [220.0, 150.0, 98.0, -8.0, 17.0],
];

/// Radius of the thigh by height above the hip centres.
const THIGH: [[f64; 2]; 6] =
    [[-480.0, 52.0], [-400.0, 55.0], [-330.0, 60.0], [-180.0, 72.0], [-90.0, 79.0], [-40.0, 86.0]];

/// The soft tissue of one patient.
pub(super) struct Body {
    seed: u64,
    hips: Point3<f64>,
    /// Head centre and knee centre by side.
    thighs: [(Point3<f64>, Point3<f64>); 2],
    /// Sockets: centre and radius.
    sockets: [(Point3<f64>, f64, Point3<f64>); 2],
    /// Width of the pelvis against the template's.
    scale: f64,
    to_pelvis: Isometry3<f64>,
}

/// One axial slice of the body.
pub(super) struct BodySlice<'a> {
    body: &'a Body,
    z: f64,
    height: f64,
    trunk: Option<Trunk>,
    thighs: [Option<Thigh>; 2],
}

struct Trunk {
    half: [f64; 2],
    y: f64,
    fat: f64,
    /// How far the edge is drawn inwards.
    shrink: f64,
}

struct Thigh {
    centre: Point3<f64>,
    radius: f64,
    /// How far the edge is drawn inwards.
    shrink: f64,
}

impl Body {
    /// A body around posed bones.
    pub(super) fn around(anatomy: &Anatomy, _person: &Person, seed: u64) -> Body {
        let thighs = Side::BOTH.map(|side| {
            let truth = anatomy.side(side);
            let at = |kind| truth.landmarks_mm.get(&kind).copied().unwrap_or(truth.head_centre_mm);
            let knee = at(LandmarkKind::MedialEpicondyle).midpoint(at(LandmarkKind::LateralEpicondyle));
            (truth.head_centre_mm.coords(), knee.coords())
        });
        let sockets = Side::BOTH.map(|side| {
            let truth = anatomy.side(side);
            (truth.socket_centre_mm.coords(), truth.socket_radius_mm, truth.head_centre_mm.coords())
        });
        let spread = |kind| {
            let at = |side| anatomy.side(side).landmarks_mm.get(&kind).map_or(0.0, |p| p.x());
            (at(Side::Left) - at(Side::Right)).abs()
        };
        Body {
            seed,
            hips: anatomy.hip_midpoint(),
            thighs,
            sockets,
            scale: (spread(LandmarkKind::GreaterTrochanter) / 254.0).clamp(0.8, 1.25),
            to_pelvis: anatomy.pelvis.inverse(),
        }
    }

    /// Half widths of the grid that hold the body.
    pub(super) fn half_extent(&self) -> [f64; 2] {
        [184.0 * self.scale + 14.0, 113.0 + 14.0]
    }

    /// Centre of the grid across the body.
    pub(super) fn centre(&self) -> [f64; 2] {
        [self.hips.x, self.hips.y + 8.0]
    }

    /// The slice at a height of the patient frame.
    pub(super) fn slice(&self, z: f64) -> BodySlice<'_> {
        let height = z - self.hips.z;
        let trunk = (height > -120.0).then(|| {
            let [half_width, half_depth, y, fat] = interpolate(&TRUNK, height);
            // Towards the crotch the trunk shrinks away and the thighs go on alone.
            let shrink = 100.0 * (1.0 - smoothstep((height + 120.0) / 80.0));
            Trunk { half: [half_width * self.scale, half_depth], y: y + self.hips.y, fat, shrink }
        });
        let thighs = self.thighs.map(|(head, knee)| {
            (height < 40.0).then(|| {
                let [radius] = interpolate(&THIGH, height);
                let t = ((z - head.z) / (knee.z - head.z)).clamp(0.0, 1.2);
                // The femur lies in front and outside of the middle of the thigh.
                let inwards = if head.x < self.hips.x { 5.0 } else { -5.0 };
                let centre = head + (knee - head) * t;
                let centre = Point3::new(centre.x + inwards * (1.0 - t), centre.y + 8.0, z);
                let shrink = 80.0 * smoothstep((height + 20.0) / 60.0);
                Thigh { centre, radius: radius * (0.5 + 0.5 * self.scale), shrink }
            })
        });
        BodySlice { body: self, z, height, trunk, thighs }
    }
}

impl BodySlice<'_> {
    /// CT number and tissue at a place in the slice, as if there were no bone.
    pub(super) fn at(&self, x: f64, y: f64) -> (f64, Tissue) {
        let (depth, fat) = self.depth(x, y);
        if depth <= -1.5 {
            return (AIR_HU, Tissue::Air);
        }
        let (soft, kind) = self.tissue(x, y, depth, fat);
        // Skin and its edge, a millimetre wide.
        let under = smoothstep((depth - SKIN_MM) / 1.0 + 0.5);
        let tissue = SKIN_HU + (soft - SKIN_HU) * under;
        (AIR_HU + (tissue - AIR_HU) * (depth / 1.2 + 0.5).clamp(0.0, 1.0), kind)
    }

    /// Depth under the skin and thickness of the fat there.
    fn depth(&self, x: f64, y: f64) -> (f64, f64) {
        let ellipse = |u: f64, v: f64, a: f64, b: f64| {
            let s = ((u / a).powi(2) + (v / b).powi(2)).sqrt();
            // Exact on the axes of the ellipse and to first order near its edge.
            let slope = ((u / (a * a)).powi(2) + (v / (b * b)).powi(2)).sqrt();
            if s < 1e-6 { a.min(b) } else { (s - s * s) / slope.max(1e-9) }
        };
        let mut depth = f64::NEG_INFINITY;
        let mut fat = 13.0;
        if let Some(trunk) = &self.trunk {
            let [a, b] = trunk.half;
            depth = ellipse(x - self.body.hips.x, y - trunk.y, a, b) - trunk.shrink;
            fat += (trunk.fat - fat) * smoothstep((self.height + 120.0) / 60.0);
        }
        for thigh in self.thighs.iter().flatten() {
            let (u, v) = (x - thigh.centre.x, y - thigh.centre.y);
            let own = ellipse(u, v, thigh.radius, thigh.radius * 1.06) - thigh.shrink;
            // Smooth union.
            let reach = 3.0 + 9.0 * smoothstep((self.height + 120.0) / 60.0);
            let h = (0.5 + 0.5 * (own - depth) / reach).clamp(0.0, 1.0);
            depth = if depth.is_finite() { depth + (own - depth) * h + reach * h * (1.0 - h) } else { own };
        }
        if self.trunk.is_none() {
            // Fat thins towards the knee.
            fat -= 6.0 * smoothstep((-150.0 - self.height) / 200.0);
        }
        (depth, fat)
    }

    fn tissue(&self, x: f64, y: f64, depth: f64, fat: f64) -> (f64, Tissue) {
        let (seed, z) = (self.body.seed, self.z);
        for (centre, radius, head) in self.body.sockets {
            let p = Point3::new(x, y, z);
            if (p - centre).norm() < radius + 0.5 && (p - head).norm() < radius {
                return (CARTILAGE_HU, Tissue::Cartilage);
            }
        }
        // The border of fat and muscle wanders.
        let wander = texture(seed ^ 0xb0d1, x / 28.0, y / 28.0, z / 40.0);
        let muscle = smoothstep((depth - fat * (1.0 + 0.25 * wander)) / 2.0 + 0.5);
        let (inner, kind) = self.cavity(x, y).unwrap_or_else(|| (self.muscle(x, y), Tissue::Soft));
        (FAT_HU + 12.0 * wander + (inner - FAT_HU) * muscle, kind)
    }

    /// Muscle with fat in the septa.
    fn muscle(&self, x: f64, y: f64) -> f64 {
        let (seed, z) = (self.body.seed, self.z);
        // Septa follow the zero surface of a smooth field, drawn out along the limb and turned off the lattice's axes.
        let (u, v) = (0.82 * x + 0.57 * y, 0.82 * y - 0.57 * x);
        let sheet = texture(seed ^ 0x5e9a, u / 31.0, v / 31.0, z / 110.0)
            + 0.45 * texture(seed ^ 0x5e9b, (u - v) / 19.0, (u + v) / 19.0, z / 80.0);
        let septum = 1.0 - smoothstep(sheet.abs() / 0.06);
        let grain = texture(seed ^ 0x37, u / 5.0, v / 5.0, z / 9.0);
        MUSCLE_HU + 7.0 * grain - 105.0 * septum
    }

    /// What fills the pelvis in front of the sacrum: fat, bowel, bladder. `None` outside the cavity.
    fn cavity(&self, x: f64, y: f64) -> Option<(f64, Tissue)> {
        if self.height < -45.0 {
            return None;
        }
        let (u, v) = (x - self.body.hips.x, y - self.body.hips.y);
        let [half_width, half_depth, centre] = interpolate(
            &[
                [-45.0, 22.0, 28.0, 12.0],
                [0.0, 44.0, 46.0, 8.0],
                [60.0, 62.0, 58.0, -8.0],
                [110.0, 96.0, 58.0, -32.0],
                [220.0, 104.0, 62.0, -34.0],
            ],
            self.height,
        );
        let s = (u / (half_width * self.body.scale)).powi(2) + ((v - centre) / half_depth).powi(2);
        if s > 1.0 {
            return None;
        }
        let bladder = (u / 32.0).powi(2) + ((v + 12.0) / 24.0).powi(2) + ((self.height - 8.0) / 30.0).powi(2);
        if bladder < 1.0 {
            return Some((BLADDER_HU, Tissue::Fluid));
        }
        let loops = texture(self.body.seed ^ 0xb0e1, x / 17.0, y / 17.0, self.z / 17.0);
        let kind = if loops > 0.0 { Tissue::Bowel } else { Tissue::Soft };
        Some((FAT_HU + (BOWEL_HU - FAT_HU) * smoothstep((loops + 0.1) / 0.2), kind))
    }

    /// Signed distance to the lumbar vertebrae, roughly; negative inside.
    pub(super) fn vertebra_distance(&self, x: f64, y: f64) -> f64 {
        if self.height < 90.0 {
            return f64::INFINITY;
        }
        let p = self.body.to_pelvis * Point3::new(x, y, self.z);
        // Centre in the template's pelvis and direction of the vertebra's own axis, L5 then L4.
        [(Point3::new(0.0, 59.0, 45.0), -0.45), (Point3::new(0.0, 47.0, 81.0), -0.12)]
            .into_iter()
            .map(|(centre, lean)| vertebra(p - centre, lean))
            .fold(f64::INFINITY, f64::min)
    }
}

/// A lumbar vertebra: oval body with a waist, pedicles, transverse and spinous processes. Signed distance.
fn vertebra(p: Vector3<f64>, lean: f64) -> f64 {
    let axis = Vector3::new(0.0, lean, 1.0).normalize();
    let back = Vector3::new(0.0, axis.z, -axis.y);
    let (x, y, z) = (p.x, p.dot(&back), p.dot(&axis));
    let waist = 1.0 - 0.08 * (1.0 - (z / 13.0).powi(2)).max(0.0);
    let round = ((x / 24.0).powi(2) + (y / 17.0).powi(2)).sqrt();
    let body = ((round - waist) * 17.0).max(z.abs() - 13.0);
    let capsule = |a: Vector3<f64>, b: Vector3<f64>, r: f64| {
        let q = Vector3::new(x.abs(), y, z);
        let t = ((q - a).dot(&(b - a)) / (b - a).norm_squared()).clamp(0.0, 1.0);
        (q - a - (b - a) * t).norm() - r
    };
    let pedicle = capsule(Vector3::new(12.0, 13.0, 4.0), Vector3::new(16.0, 28.0, 2.0), 5.0);
    let lamina = capsule(Vector3::new(16.0, 28.0, 0.0), Vector3::new(2.0, 42.0, -4.0), 4.0);
    let transverse = capsule(Vector3::new(15.0, 24.0, 2.0), Vector3::new(42.0, 28.0, 4.0), 4.5);
    let spine = capsule(Vector3::new(0.0, 42.0, -4.0), Vector3::new(0.0, 64.0, -8.0), 4.0);
    [body, pedicle, lamina, transverse, spine].into_iter().fold(f64::INFINITY, f64::min)
}

/// Rows of (position, values...), ascending; linear between, constant outside.
fn interpolate<const N: usize, const M: usize>(rows: &[[f64; N]], at: f64) -> [f64; M] {
    let upper = rows.partition_point(|row| row[0] <= at);
    let (a, b) = (&rows[upper.saturating_sub(1)], &rows[upper.min(rows.len() - 1)]);
    let t = if b[0] > a[0] { ((at - a[0]) / (b[0] - a[0])).clamp(0.0, 1.0) } else { 0.0 };
    std::array::from_fn(|m| a[m + 1] + (b[m + 1] - a[m + 1]) * t)
}
