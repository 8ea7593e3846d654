//! The ball and the socket: spheres found on a bone without knowing where it lies.
//!
//! Every surface element votes for the centres it could belong to along its normal (a Hough transform); the
//! winner is refined by least squares on the elements that agree in distance and in normal. A femoral head
//! collects several times the votes of any other part of a femur, an acetabulum of any other part of a hip bone.

use super::shape::Shape;
use coxa_geometry::Point;
use coxa_geometry::fit::{self, Method};
use coxa_geometry::frame::RightSide;
use nalgebra::{Matrix4, Point3, Vector3};

/// Radii of heads and sockets, children to large men, in mm.
const RADII_MM: std::ops::RangeInclusive<u32> = 14..=36;

/// Edge of a voting cell in mm.
const CELL_MM: f64 = 3.0;

/// Surface elements that vote; more change nothing.
const VOTERS: usize = 8000;

/// Least part of the whole sphere that the surface must cover.
const MIN_COVERAGE: f64 = 0.12;

/// Error that neighbouring parts of a surface share, per axis of a wholly seen sphere and in the surface's resolution.
const SURFACE_ERROR: f64 = 0.1;

/// A scan that ends in a head leaves at least this much of the cut in mm² within its sphere; fewer cut vertices are
/// flaws of the surface.
const CUT_AREA_MM2: f64 = 20.0;

/// Normals of the articular surface point to the centre to this angle.
const NORMAL_DEG: f64 = 25.0;

/// Whether the surface is the outside or the inside of the sphere.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Facing {
    /// A head: normals point away from the centre.
    Ball,
    /// A socket: normals point to the centre.
    Socket,
}

/// A sphere on a bone.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Sphere {
    /// Centre.
    pub centre: Point<RightSide>,
    /// Radius in mm.
    pub radius: f64,
    /// Root mean square distance of the supporting vertices.
    pub rms: f64,
    /// One standard deviation of the centre per axis: by leaving out one sector of directions at a time, and by what the
    /// error of the surface makes of a sphere of which only a part is seen.
    pub spread: f64,
    /// The same of the radius.
    pub radius_spread: f64,
    /// Supported part of the whole sphere's area.
    pub coverage: f64,
}

impl Facing {
    /// Sign of the step along the outward normal that leads to the centre.
    fn sign(self) -> f64 {
        match self {
            Facing::Ball => -1.0,
            Facing::Socket => 1.0,
        }
    }
}

/// The socket around a head that is known already.
pub fn find_socket_around(shape: &Shape, head: &Sphere) -> Option<Sphere> {
    // Two layers of cartilage lie between.
    refine(shape, Facing::Socket, head.centre.coords(), head.radius + 2.0)
        .filter(|s| s.coverage >= MIN_COVERAGE && s.centre.distance(head.centre) < 0.5 * head.radius)
}

/// Finds the sphere; `None` where no part of the bone is spherical enough.
///
/// # Examples
/// ```
/// use coxa_geometry::Point;
/// use coxa_geometry::mesh::Mesh;
/// use coxa_shape::landmarks::ball::{Facing, find_sphere};
/// use coxa_shape::landmarks::shape::Shape;
/// use coxa_shape::shape_model::shipped;
///
/// let mean = shipped::femur().unwrap().mean_mesh();
/// let vertices = mean.vertices.iter().map(|v| Point::from_coords(v.coords())).collect();
/// let femur = Shape::whole(Mesh { vertices, triangles: mean.triangles }).unwrap();
/// let head = find_sphere(&femur, Facing::Ball).unwrap();
/// assert!((20.0..28.0).contains(&head.radius));
/// ```
pub fn find_sphere(shape: &Shape, facing: Facing) -> Option<Sphere> {
    let seeds = vote(shape, facing);
    let fits = seeds
        .into_iter()
        .filter_map(|centre| refine(shape, facing, centre, mode_radius(shape, facing, centre)?));
    fits.filter(|s| s.coverage >= MIN_COVERAGE)
        .max_by(|a, b| (a.coverage * a.radius).total_cmp(&(b.coverage * b.radius)))
}

/// The three strongest centres.
fn vote(shape: &Shape, facing: Facing) -> Vec<Point3<f64>> {
    let Some((low, high)) = shape.mesh.bounds() else { return Vec::new() };
    let margin = f64::from(*RADII_MM.end());
    let low = low.coords() - Vector3::repeat(margin);
    let size = high.coords() + Vector3::repeat(margin) - low;
    let dims = size.map(|s| (s / CELL_MM).ceil().clamp(1.0, 1e4) as usize);
    // A surface metres wide is no bone.
    if dims.iter().product::<usize>() > 40_000_000 {
        return Vec::new();
    }
    let mut votes = vec![0.0_f32; dims.iter().product()];
    let index = |cell: [usize; 3]| (cell[2] * dims.y + cell[1]) * dims.x + cell[0];
    let stride = (shape.points.len() / VOTERS).max(1);
    for i in (0..shape.points.len()).step_by(stride) {
        if shape.cut[i] {
            continue;
        }
        let step = shape.normals[i] * facing.sign();
        for radius in RADII_MM {
            let at = (shape.points[i] + step * f64::from(radius) - low) / CELL_MM;
            let cell = [at.x as usize, at.y as usize, at.z as usize];
            if (0..3).all(|a| at[a] >= 0.0 && cell[a] < dims[a]) {
                votes[index(cell)] += shape.areas[i] as f32;
            }
        }
    }
    let blurred = blur(&votes, [dims.x, dims.y, dims.z]);
    let mut seeds: Vec<Point3<f64>> = Vec::new();
    let mut order: Vec<usize> = (0..blurred.len()).filter(|&i| blurred[i] > 0.0).collect();
    order.sort_by(|&a, &b| blurred[b].total_cmp(&blurred[a]).then(a.cmp(&b)));
    for i in order.into_iter().take(2000) {
        let cell = Vector3::new(i % dims.x, i / dims.x % dims.y, i / (dims.x * dims.y));
        let centre = low + cell.map(|c| (c as f64 + 0.5) * CELL_MM);
        if seeds.iter().all(|s| (s - centre).norm() > 12.0) {
            seeds.push(centre);
        }
        if seeds.len() == 3 {
            break;
        }
    }
    seeds
}

/// Sum over the 3x3x3 neighbourhood.
fn blur(votes: &[f32], dims: [usize; 3]) -> Vec<f32> {
    let mut out = votes.to_vec();
    let strides = [1, dims[0], dims[0] * dims[1]];
    for axis in 0..3 {
        let source = out.clone();
        for (i, sum) in out.iter_mut().enumerate() {
            let along = i / strides[axis] % dims[axis];
            if along > 0 {
                *sum += source[i - strides[axis]];
            }
            if along + 1 < dims[axis] {
                *sum += source[i + strides[axis]];
            }
        }
    }
    out
}

/// The radius at which most surface faces a centre.
fn mode_radius(shape: &Shape, facing: Facing, centre: Point3<f64>) -> Option<f64> {
    let (first, last) = (*RADII_MM.start() as usize, *RADII_MM.end() as usize);
    let mut histogram = vec![0.0; last + 2];
    for (radius, area) in facing_vertices(shape, facing, centre, f64::from(*RADII_MM.end()) + 1.0)
        .map(|(i, r)| (r, shape.areas[i]))
    {
        // Divided by the sphere's own area, or large spheres would always win.
        histogram[radius as usize] += area / (radius * radius).max(1.0);
    }
    let score = |r: usize| histogram[r - 1] + 2.0 * histogram[r] + histogram[r + 1];
    let best = (first..=last).max_by(|&a, &b| score(a).total_cmp(&score(b)))?;
    (score(best) > 0.0).then_some(best as f64 + 0.5)
}

/// Vertices within `reach` whose normals point to or from the centre, with their distance.
fn facing_vertices(
    shape: &Shape,
    facing: Facing,
    centre: Point3<f64>,
    reach: f64,
) -> impl Iterator<Item = (usize, f64)> + '_ {
    let agree = NORMAL_DEG.to_radians().cos();
    shape.points.iter().enumerate().filter_map(move |(i, p)| {
        let arm = p - centre;
        let distance = arm.norm();
        let aligned = -facing.sign() * arm.dot(&shape.normals[i]) > agree * distance;
        (distance < reach && aligned && !shape.cut[i]).then_some((i, distance))
    })
}

/// Least squares on agreeing vertices, the tolerance closing in on the surface's own roughness.
fn refine(shape: &Shape, facing: Facing, seed: Point3<f64>, radius: f64) -> Option<Sphere> {
    let roughness = match facing {
        Facing::Ball => 0.6,
        // The lunate surface is less round than the head.
        Facing::Socket => 1.5,
    };
    let floor = (0.4 * shape.resolution_mm).max(roughness);
    let (mut centre, mut radius) = (seed, radius);
    let mut inliers = Vec::new();
    for round in 0..40 {
        let tolerance = (4.0 * 0.85_f64.powi(round)).max(floor);
        inliers = facing_vertices(shape, facing, centre, radius + tolerance)
            .filter(|(_, distance)| (distance - radius).abs() < tolerance)
            .map(|(i, _)| i)
            .collect();
        let (c, r) = fit(shape, &inliers)?;
        let moved = (c - centre).norm() + (r - radius).abs();
        (centre, radius) = (c, r);
        if tolerance <= floor && moved < 1e-9 {
            break;
        }
    }
    if !(f64::from(*RADII_MM.start())..=f64::from(*RADII_MM.end())).contains(&radius) {
        return None;
    }
    let area: f64 = inliers.iter().map(|&i| shape.areas[i]).sum();
    let square: f64 =
        inliers.iter().map(|&i| shape.areas[i] * ((shape.points[i] - centre).norm() - radius).powi(2)).sum();
    let (centre_spread, radius_spread) = jackknife(shape, &inliers, centre);
    let (of_centre, of_radius) = dilution(shape, &inliers, centre, radius)?;
    let error = SURFACE_ERROR * shape.resolution_mm;
    Some(Sphere {
        centre: Point::from_coords(centre),
        radius,
        rms: (square / area).sqrt(),
        spread: centre_spread.hypot(error * of_centre),
        radius_spread: radius_spread.hypot(error * of_radius),
        coverage: area / (4.0 * std::f64::consts::PI * radius * radius),
    })
}

/// Least squares through vertices.
fn fit(shape: &Shape, vertices: &[usize]) -> Option<(Point3<f64>, f64)> {
    if vertices.len() < 12 {
        return None;
    }
    let points: Vec<_> = vertices.iter().map(|&i| shape.mesh.vertices[i]).collect();
    let sphere = fit::sphere(&points, Method::LeastSquares).ok()?.shape;
    Some((sphere.centre.coords(), sphere.radius))
}

/// How much more the error of a surface moves the centre (per axis) and the radius of a sphere through the vertices than
/// it moves the centre of a sphere that is seen from all sides: along the axis of a cap, centre and radius can hardly be
/// told apart.
fn dilution(shape: &Shape, vertices: &[usize], centre: Point3<f64>, radius: f64) -> Option<(f64, f64)> {
    let mut normal_matrix = Matrix4::zeros();
    for &i in vertices {
        let row = (shape.points[i] - centre).try_normalize(1e-9)?.push(1.0);
        normal_matrix += row * row.transpose() * shape.areas[i];
    }
    let covariance = (normal_matrix / (4.0 * std::f64::consts::PI * radius * radius)).try_inverse()?;
    // Of a whole sphere, the inverse has 3, 3, 3, 1 on its diagonal.
    let of_centre = (covariance[(0, 0)] + covariance[(1, 1)] + covariance[(2, 2)]) / 9.0;
    Some((of_centre.max(0.0).sqrt(), (covariance[(3, 3)] / 3.0).max(0.0).sqrt()))
}

/// Whether the end of the scan cuts through a sphere.
pub fn is_cut(shape: &Shape, sphere: &Sphere) -> bool {
    let reach = sphere.radius + shape.resolution_mm;
    let within = |i: &usize| shape.cut[*i] && (shape.points[*i] - sphere.centre.coords()).norm() < reach;
    (0..shape.points.len()).filter(within).map(|i| shape.areas[i]).sum::<f64>() > CUT_AREA_MM2
}

/// Standard deviations of the centre (per axis) and of the radius when one of eight sectors of directions is left out at
/// a time.
fn jackknife(shape: &Shape, inliers: &[usize], centre: Point3<f64>) -> (f64, f64) {
    let sector = |i: usize| {
        let d = shape.points[i] - centre;
        usize::from(d.x > 0.0) | usize::from(d.y > 0.0) << 1 | usize::from(d.z > 0.0) << 2
    };
    let fits: Vec<(Point3<f64>, f64)> = (0..8)
        .filter_map(|left_out| {
            let kept: Vec<usize> = inliers.iter().copied().filter(|&i| sector(i) != left_out).collect();
            (kept.len() < inliers.len()).then(|| fit(shape, &kept)).flatten()
        })
        .collect();
    let n = fits.len() as f64;
    if fits.len() < 2 {
        return (1.0, 1.0);
    }
    let middle = fits.iter().map(|(c, _)| c.coords).sum::<Vector3<f64>>() / n;
    let mean = fits.iter().map(|(_, r)| r).sum::<f64>() / n;
    let square: f64 = fits.iter().map(|(c, _)| (c.coords - middle).norm_squared()).sum();
    let radial: f64 = fits.iter().map(|(_, r)| (r - mean).powi(2)).sum();
    ((square * (n - 1.0) / n / 3.0).sqrt(), (radial * (n - 1.0) / n).sqrt())
}
