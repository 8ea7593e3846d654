//! A template laid on a bone, vertex for vertex: how meshes of different bones come into correspondence.
//!
//! The template is fitted as a model with a smooth kernel, then draped freely: each vertex is drawn to the surface, neighbours hold
//! together by springs that soften from round to round (Amberg et al. 2007 CVPR, with a membrane in place of affine maps).

use super::fit::{Fit, FitError, FitOptions, fit};
use super::kernel::Kernel;
use super::model::{ShapeModel, coordinates};
use super::pieces::Pieces;
use super::provenance::Provenance;
use super::scoring::{SurfaceDistance, surface_distance};
use super::target::{Posed, Target};
use crate::landmarks::shape::Shape;
use coxa_geometry::frame::{Patient, RightSide, Template};
use coxa_geometry::{Mesh, Point, Side};
use nalgebra::{DMatrix, DVector, Vector3};
use rayon::prelude::*;

/// How freely a bone may differ from another: reach and standard deviation in mm, per axis.
const TEMPLATE_KERNEL_MM: [(f64, f64); 3] = [(200.0, 15.0), (80.0, 5.0), (35.0, 2.0)];

/// Modes of a template.
const TEMPLATE_MODES: usize = 400;

/// Rounds of draping, and the springs' stiffness in the first and last one against a pull of one.
const ROUNDS: usize = 16;
const STIFFEST: f64 = 30.0;
const SOFTEST: f64 = 0.3;

/// Places of the surface that pull the template, for each of its vertices.
const PLACES_PER_VERTEX: f64 = 1.0;

/// A bone in correspondence with a template.
#[derive(Debug, Clone)]
pub struct Registered {
    /// The template's vertices and faces on the bone, in the patient frame; unseen parts as the template completes them.
    pub mesh: Mesh<Patient>,
    /// Whether each vertex lies on the surface that was given.
    pub seen: Vec<bool>,
    /// From the template, where it is seen, to the bone.
    pub to_surface: SurfaceDistance,
    /// From the bone, but for cut ends, to the template.
    pub from_surface: SurfaceDistance,
    /// Part of the triangles that are seen and face away from the bone's surface.
    pub flipped_fraction: f64,
}

impl ShapeModel {
    /// A template that may take any smooth shape: one mesh, centred, with a kernel for its modes. For [`register`], not a
    /// description of bones.
    pub fn template(bone: &str, mesh: &Mesh<RightSide>) -> ShapeModel {
        let count = mesh.vertices.len().max(1) as f64;
        let centre = mesh.vertices.iter().map(|p| p.coords().coords).sum::<Vector3<f64>>() / count;
        let centred: Vec<Point<Template>> =
            mesh.vertices.iter().map(|p| Point::from_coords(p.coords() - centre)).collect();
        let mean = coordinates(&centred);
        let rigid = ShapeModel {
            bone: bone.to_owned(),
            faces: mesh.triangles.clone(),
            modes: DMatrix::zeros(mean.len(), 0),
            mean,
            variances: DVector::zeros(0),
            noise_variance: 0.0,
            kernel: Kernel::default(),
            provenance: Provenance::default(),
        };
        rigid.as_template()
    }

    /// The model with a kernel that lets it take any smooth shape.
    pub fn as_template(&self) -> ShapeModel {
        let terms: Vec<_> = TEMPLATE_KERNEL_MM.iter().map(|&(reach, sd)| (reach, sd * sd)).collect();
        self.extended_by(&Kernel::new(&terms), TEMPLATE_MODES)
    }
}

/// Lays a template, or any model, on the surface of a bone of one side, whole or in part.
///
/// # Errors
/// Any [`FitError`]. How well it lies is part of the result.
pub fn register(template: &ShapeModel, surface: &Mesh<Patient>, side: Side) -> Result<Registered, FitError> {
    let options = FitOptions { places: 4000, correlation_mm: 2.0, ..FitOptions::default() };
    let fitted: Fit<'_> = fit(template, surface, side, &options)?;
    let shape = Shape::new(&side.enter(surface.clone()), 0.0, &|_| false).ok_or(FitError::Target)?;
    let target = Target::new(0, &shape);
    let whole = template.one_piece();
    let draped = drape(side.enter(fitted.mesh()), &whole, &target).ok_or(FitError::Model)?;
    let posed = Posed::new(draped, &whole).ok_or(FitError::Model)?;
    let seen: Vec<bool> = (0..posed.mesh.vertices.len())
        .into_par_iter()
        .map(|v| target.closest(posed.mesh.vertices[v].coords(), posed.normals[v], 3.0).is_some())
        .collect();
    let to_surface = surface_distance(&posed.mesh, &target.shape().mesh, |v| seen[v]);
    let from_surface = surface_distance(&target.shape().mesh, &posed.mesh, |v| !target.shape().cut[v]);
    let flipped_fraction = flipped_fraction(&posed.mesh, &seen, &target);
    Ok(Registered { mesh: side.leave(posed.mesh), seen, to_surface, from_surface, flipped_fraction })
}

fn drape(mut mesh: Mesh<RightSide>, whole: &Pieces, target: &Target<'_>) -> Option<Mesh<RightSide>> {
    let neighbours = neighbours(&mesh);
    let places = target.places((PLACES_PER_VERTEX * mesh.vertices.len() as f64) as usize);
    for round in 0..ROUNDS {
        let part = round as f64 / (ROUNDS - 1) as f64;
        let stiffness = STIFFEST * (SOFTEST / STIFFEST).powf(part);
        let reach = 8.0 - 5.0 * part;
        let surface = Posed::new(mesh, whole)?;
        let mut pulls: Vec<(f64, Vector3<f64>)> = (0..surface.mesh.vertices.len())
            .into_par_iter()
            .map(|v| {
                let point = surface.mesh.vertices[v].coords();
                target
                    .closest(point, surface.normals[v], reach)
                    .map_or((0.0, Vector3::zeros()), |place| (1.0, place.point - point))
            })
            .collect();
        let met: Vec<_> = places
            .par_iter()
            .filter_map(|p| surface.closest(0, p.point, p.normal, reach).map(|on| (on, p.point - on.point)))
            .collect();
        for (on, gap) in met {
            for (&v, &share) in on.vertices.iter().zip(&on.shares) {
                pulls[v].0 += share;
                pulls[v].1 += gap * share;
            }
        }
        mesh = surface.mesh;
        for (vertex, step) in mesh.vertices.iter_mut().zip(relax(&neighbours, &pulls, stiffness)) {
            *vertex = Point::from_coords(vertex.coords() + step);
        }
    }
    Some(mesh)
}

fn neighbours(mesh: &Mesh<RightSide>) -> Vec<Vec<u32>> {
    let mut neighbours = vec![Vec::new(); mesh.vertices.len()];
    for t in &mesh.triangles {
        for (a, b) in [(t[0], t[1]), (t[1], t[2]), (t[2], t[0])] {
            neighbours[a as usize].push(b);
            neighbours[b as usize].push(a);
        }
    }
    for list in &mut neighbours {
        list.sort_unstable();
        list.dedup();
    }
    neighbours
}

/// Displacements u that minimise `sum w |u|² - 2 u·p + stiffness sum over edges |u_a - u_b|²`, by conjugate gradients with the
/// diagonal as preconditioner; `pulls` are w and p.
fn relax(neighbours: &[Vec<u32>], pulls: &[(f64, Vector3<f64>)], stiffness: f64) -> Vec<Vector3<f64>> {
    // Keeps vertices that nothing pulls solvable.
    let diagonal: Vec<f64> =
        neighbours.iter().zip(pulls).map(|(n, p)| p.0 + stiffness * n.len() as f64 + 1e-6).collect();
    let apply = |u: &[Vector3<f64>]| -> Vec<Vector3<f64>> {
        (0..u.len())
            .into_par_iter()
            .map(|i| {
                let around: Vector3<f64> = neighbours[i].iter().map(|&j| u[j as usize]).sum();
                u[i] * diagonal[i] - around * stiffness
            })
            .collect()
    };
    let dot = |a: &[Vector3<f64>], b: &[Vector3<f64>]| a.iter().zip(b).map(|(x, y)| x.dot(y)).sum::<f64>();
    let divided = |r: &[Vector3<f64>]| -> Vec<_> { r.iter().zip(&diagonal).map(|(x, d)| x / *d).collect() };
    let mut u = vec![Vector3::zeros(); pulls.len()];
    let mut r: Vec<Vector3<f64>> = pulls.iter().map(|p| p.1).collect();
    let mut z = divided(&r);
    let mut direction = z.clone();
    let mut rz = dot(&r, &z);
    let enough = 1e-8 * rz;
    for _ in 0..200 {
        if rz <= enough || rz == 0.0 {
            break;
        }
        let moved = apply(&direction);
        let alpha = rz / dot(&direction, &moved);
        for i in 0..u.len() {
            u[i] += direction[i] * alpha;
            r[i] -= moved[i] * alpha;
        }
        z = divided(&r);
        let next = dot(&r, &z);
        for (d, z) in direction.iter_mut().zip(&z) {
            *d = z + *d * (next / rz);
        }
        rz = next;
    }
    u
}

/// Share of the triangles seen whose normal is turned from the surface's by more than a right angle.
fn flipped_fraction(mesh: &Mesh<RightSide>, seen: &[bool], target: &Target<'_>) -> f64 {
    let (looked, flipped) = (0..mesh.triangles.len())
        .into_par_iter()
        .filter(|&t| mesh.triangles[t].iter().all(|&v| seen[v as usize]))
        .map(|t| {
            let [a, b, c] = mesh.corners(t);
            let centre = a + ((b - a) + (c - a)) * (1.0 / 3.0);
            let normal = (b - a).cross(c - a).coords();
            (1usize, usize::from(target.normal_at(centre.coords()).dot(&normal) < 0.0))
        })
        .reduce(|| (0, 0), |x, y| (x.0 + y.0, x.1 + y.1));
    flipped as f64 / looked.max(1) as f64
}
