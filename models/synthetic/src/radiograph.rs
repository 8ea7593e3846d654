//! Radiographs of a virtual patient: a pelvis from the front, as a tube and a detector under the table take it.

use super::phantom::Phantom;
use super::pose::normal;
use coxa_anatomy::LandmarkKind;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Side, Vector};
use coxa_imaging::drr::{self, Camera, Exposure, Film, Source, WATER_60_KEV_PER_MM};
use rand::{RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Size of the detector.
const WIDTH_MM: f64 = 430.0;
const HEIGHT_MM: f64 = 350.0;
/// Stream of the seed that exposures are drawn from.
const STREAM: u64 = 24;

/// How a radiograph is taken.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct RadiographProtocol {
    /// Side of a pixel at the detector.
    pub pixel_mm: f64,
    /// From the focus to the detector.
    pub source_to_detector_mm: f64,
    /// From the top of the table's board to the detector.
    pub gap_mm: f64,
    /// How far the central ray passes beside the middle of the pelvis: to the patient's left, and up.
    pub off_centre_mm: [f64; 2],
    /// Photons that reach a pixel where nothing is in their way.
    pub photons: f64,
    /// Share of scattered radiation at the detector, behind its grid.
    pub scatter_fraction: f64,
    /// How far it spreads, as a standard deviation.
    pub scatter_mm: f64,
    /// Heel effect: how much weaker the field is at the foot than in the middle.
    pub heel: f64,
}

impl RadiographProtocol {
    /// A protocol as a department's pictures vary.
    pub fn draw(seed: u64) -> Self {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        rng.set_stream(STREAM);
        let aside = [6.0 * normal(&mut rng), 10.0 * normal(&mut rng)];
        RadiographProtocol {
            pixel_mm: 0.4,
            source_to_detector_mm: [1000.0, 1100.0, 1150.0, 1200.0][rng.random_range(0..4)],
            gap_mm: 45.0,
            off_centre_mm: aside,
            photons: 60_000.0 * (0.4 * normal(&mut rng)).exp(),
            scatter_fraction: rng.random_range(0.2..0.45),
            scatter_mm: rng.random_range(40.0..70.0),
            heel: rng.random_range(0.0..0.12),
        }
    }
}

/// A radiograph and where the landmarks are in it.
#[derive(Debug, Clone, PartialEq)]
pub struct VirtualRadiograph {
    /// Where focus and detector were.
    pub camera: Camera,
    /// The picture.
    pub film: Film,
    /// Where things are in it.
    pub truth: RadiographTruth,
}

/// Where things are in a radiograph: column and row, from the middle of the first pixel.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RadiographTruth {
    /// How it was taken.
    pub protocol: RadiographProtocol,
    /// Pixels in a row.
    pub columns: usize,
    /// Rows.
    pub rows: usize,
    /// The focus.
    pub focus_mm: Point<Patient>,
    /// From the focus to the plane of the hip centres, along the central ray.
    pub source_to_hips_mm: f64,
    /// Landmarks of the right hip, within the picture.
    pub right_px: BTreeMap<LandmarkKind, [f64; 2]>,
    /// Landmarks of the left hip, within the picture.
    pub left_px: BTreeMap<LandmarkKind, [f64; 2]>,
}

impl Phantom {
    /// Its radiograph from the front.
    pub fn radiograph(&self, protocol: &RadiographProtocol, seed: u64) -> VirtualRadiograph {
        take(self, protocol, seed)
    }
}

/// Takes the picture.
fn take(phantom: &Phantom, protocol: &RadiographProtocol, seed: u64) -> VirtualRadiograph {
    let truth = &phantom.truth;
    let camera = camera(phantom, protocol);
    let projection = drr::project(&phantom.hu, &camera, WATER_60_KEV_PER_MM);
    let exposure = Exposure {
        photons: protocol.photons,
        scatter_fraction: protocol.scatter_fraction,
        scatter_mm: protocol.scatter_mm,
        heel: protocol.heel,
    };
    let film = drr::expose(&projection, &exposure, seed ^ 0x00d1);
    let within = |p: Point<Patient>| {
        let (column, row) = camera.project(p)?;
        let is_in = |x: f64, n: usize| x > -0.5 && x < n as f64 - 0.5;
        (is_in(column, camera.columns) && is_in(row, camera.rows)).then_some([column, row])
    };
    let places = |side: Side| {
        let hip = truth.side(side);
        let centre = (LandmarkKind::HeadCentre, hip.head_centre_mm);
        let all = hip.landmarks_mm.iter().map(|(&kind, &p)| (kind, p)).chain([centre]);
        all.filter_map(|(kind, p)| Some((kind, within(p)?))).collect()
    };
    let hips = truth.right.head_centre_mm.midpoint(truth.left.head_centre_mm);
    let focus = match camera.source {
        Source::Focus(focus) => focus,
        Source::Parallel(_) => hips,
    };
    let places = RadiographTruth {
        protocol: *protocol,
        columns: camera.columns,
        rows: camera.rows,
        focus_mm: focus,
        source_to_hips_mm: hips.y() - focus.y(),
        right_px: places(Side::Right),
        left_px: places(Side::Left),
    };
    VirtualRadiograph { camera, film, truth: places }
}

/// The central ray goes through the middle of the pelvis, two fingers above the symphysis; the detector is below the table.
fn camera(phantom: &Phantom, protocol: &RadiographProtocol) -> Camera {
    let truth = &phantom.truth;
    let hips = truth.right.head_centre_mm.midpoint(truth.left.head_centre_mm).coords();
    let detector = truth.couch.top_y_mm + protocol.gap_mm;
    let [left, up] = protocol.off_centre_mm;
    let centre = Point::<Patient>::new(hips.x + left, detector, hips.z + 20.0 + up);
    let count = |mm: f64| (mm / protocol.pixel_mm).round().clamp(1.0, 8192.0) as usize;
    let (columns, rows) = (count(WIDTH_MM), count(HEIGHT_MM));
    let half = |n: usize| (n as f64 - 1.0) / 2.0 * protocol.pixel_mm;
    Camera {
        source: Source::Focus(centre - Vector::new(0.0, protocol.source_to_detector_mm, 0.0)),
        first_pixel: centre + Vector::new(-half(columns), 0.0, half(rows)),
        column_step: Vector::new(protocol.pixel_mm, 0.0, 0.0),
        row_step: Vector::new(0.0, 0.0, -protocol.pixel_mm),
        columns,
        rows,
    }
}
