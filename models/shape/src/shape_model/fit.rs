//! A model fitted to what is seen of a bone: pose and shape together, with what is sure of them and what is not.
//!
//! Closest points in both directions give observations along the normals; they are weighted by Student's t distribution with four
//! degrees of freedom, whose scale is estimated along the way (Lange et al. 1989 J Am Stat Assoc 84:881), and the prior is the
//! model's own. Cut ends observe nothing. What was found is the mode of the posterior, and its curvature there the spread: a normal
//! distribution of pose and shape together.

mod sighting;

use super::model::{ShapeModel, standard_normal};
use super::pieces::Pieces;
use super::start;
use super::target::{Place, Posed, Target, places};
use crate::landmarks::shape::Shape;
use coxa_geometry::frame::{Patient, RightSide, Template};
use coxa_geometry::mesh::components;
use coxa_geometry::{Mesh, Point, Side, Transform};
use nalgebra::{Cholesky, DMatrix, DVector, Dyn, Isometry3, Point3, Translation3, UnitQuaternion, Vector3};
use rand::SeedableRng;
use rand_chacha::ChaCha8Rng;
use rayon::prelude::*;
pub use sighting::Sighting;

/// Degrees of freedom of the residuals' distribution.
const FREEDOM: f64 = 4.0;

/// Residuals that the first round takes for granted, in mm; each round takes a part of the last one's.
const FIRST_SCALE_MM: f64 = 8.0;
const COOLING: f64 = 0.75;

/// No surface from a scan is known better than this, in mm.
const LEAST_SCALE_MM: f64 = 0.1;

/// The fit has settled when the vertices move less than this, root mean square in mm.
const SETTLED_MM: f64 = 0.02;

/// Numbers that a pose adds to the coefficients.
const POSE: usize = 6;

/// How to fit.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FitOptions {
    /// Observations in each direction.
    pub places: usize,
    /// Most rounds of closest points.
    pub rounds: usize,
    /// Distance in mm over which errors of the surface go together: observations closer to one another count as one. It has
    /// no bearing on the fit where everything is seen, and widens its spread.
    pub correlation_mm: f64,
}

impl Default for FitOptions {
    fn default() -> Self {
        FitOptions { places: 2000, rounds: 60, correlation_mm: 8.0 }
    }
}

/// Why a model was not fitted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum FitError {
    /// The surface shows no bone.
    #[error("the surface is too small or too defective to fit a model to")]
    Target,
    /// The model's mean is no usable surface.
    #[error("the mean shape of the model is not a usable surface")]
    Model,
    /// Model and surface do not come together.
    #[error("the model of a {bone} does not fit the surface: of {places} points only {met} match")]
    NoOverlap {
        /// What the model is of.
        bone: String,
        /// Places compared.
        places: usize,
        /// Places that found a counterpart.
        met: usize,
    },
}

/// A model in the pose and shape of a patient's bone.
#[derive(Debug, Clone)]
pub struct Fit<'m> {
    model: &'m ShapeModel,
    /// Side of the bone.
    pub side: Side,
    /// Takes the model to the bone, seen as a right one.
    pub pose: Transform<Template, RightSide>,
    /// In standard deviations of the modes.
    pub coefficients: DVector<f64>,
    /// Scale of the residuals in mm.
    pub scale_mm: f64,
    /// Mean distance in mm of the places seen from the fitted surface.
    pub residual_mm: f64,
    /// Whether each vertex has a counterpart on the surface that was given.
    pub seen: Vec<bool>,
    /// Turns of a posterior sample are about this point of the bone seen as a right one.
    pivot: Point3<f64>,
    /// Of the precision of turn (rad), shift (mm) and coefficients.
    precision: Cholesky<f64, Dyn>,
}

/// Surfaces of more pieces than this are taken as one.
const MOST_PIECES: usize = 4;

/// Fits a model to the surface of a bone of one side, whole or in part, in the patient frame. Where the model has several
/// pieces, which connected part of the surface shows which piece is found by how well they come together.
///
/// # Errors
/// Any [`FitError`]. A poor fit is none: see [`Fit::residual_mm`].
///
/// # Examples
/// The [crate's page](crate) fits the femur that ships to the upper part of one.
pub fn fit<'m>(
    model: &'m ShapeModel,
    surface: &Mesh<Patient>,
    side: Side,
    options: &FitOptions,
) -> Result<Fit<'m>, FitError> {
    let right = side.enter(surface.clone());
    let pieces = model.pieces();
    if pieces.count() < 2 || pieces.count() > MOST_PIECES {
        let shape = Shape::new(&right, 0.0, &|_| false).ok_or(FitError::Target)?;
        return fit_prepared(model, &shape, side, options);
    }
    let mut parts = components(&right);
    parts.sort_by(|a, b| b.area().total_cmp(&a.area()));
    parts.truncate(pieces.count());
    let shapes: Vec<Shape> = parts.iter().filter_map(|p| Shape::new(p, 0.0, &|_| false)).collect();
    let mean = posed(model, &Isometry3::identity(), &model.mean);
    let best = arrangements(shapes.len(), pieces.count())
        .into_iter()
        .filter_map(|order| {
            let targets: Vec<_> = order.iter().zip(&shapes).map(|(&p, s)| Target::new(p, s)).collect();
            let (_, score) = start::find(&mean, &pieces, &targets)?;
            Some((score, targets))
        })
        .min_by(|a, b| a.0.total_cmp(&b.0));
    let (_, targets) = best.ok_or(FitError::Target)?;
    fit_targets(model, &pieces, &targets, side, options)
}

/// Fits a model of one piece to a surface that has been prepared.
pub fn fit_prepared<'m>(
    model: &'m ShapeModel,
    shape: &Shape,
    side: Side,
    options: &FitOptions,
) -> Result<Fit<'m>, FitError> {
    fit_targets(model, &model.one_piece(), &[Target::new(0, shape)], side, options)
}

/// Fits a model of several pieces, such as a pelvis, to a surface of each of them, whole or in part, in the patient frame; `None`
/// where nothing is seen of a piece. The order is that of the model's pieces as of a right side: of a left side,
/// the left hip bone comes first.
///
/// # Errors
/// Any [`FitError`].
pub fn fit_pieces<'m>(
    model: &'m ShapeModel,
    surfaces: &[Option<&Mesh<Patient>>],
    side: Side,
    options: &FitOptions,
) -> Result<Fit<'m>, FitError> {
    let pieces = model.pieces();
    let shapes: Vec<(usize, Shape)> = surfaces
        .iter()
        .take(pieces.count())
        .enumerate()
        .filter_map(|(piece, surface)| {
            Some((piece, Shape::new(&side.enter((*surface)?.clone()), 0.0, &|_| false)?))
        })
        .collect();
    fit_pieces_prepared(model, &shapes, side, options)
}

/// Fits a model of several pieces to surfaces that have been prepared, each with the number of its piece.
pub fn fit_pieces_prepared<'m>(
    model: &'m ShapeModel,
    shapes: &[(usize, Shape)],
    side: Side,
    options: &FitOptions,
) -> Result<Fit<'m>, FitError> {
    let targets: Vec<_> = shapes.iter().map(|(piece, shape)| Target::new(*piece, shape)).collect();
    fit_targets(model, &model.pieces(), &targets, side, options)
}

/// All ways to give `count` things different numbers below `of`.
fn arrangements(count: usize, of: usize) -> Vec<Vec<usize>> {
    if count == 0 {
        return vec![Vec::new()];
    }
    arrangements(count - 1, of)
        .into_iter()
        .flat_map(|first| {
            let free: Vec<usize> = (0..of).filter(|n| !first.contains(n)).collect();
            free.into_iter().map(move |n| first.iter().copied().chain([n]).collect())
        })
        .collect()
}

fn fit_targets<'m>(
    model: &'m ShapeModel,
    pieces: &Pieces,
    targets: &[Target<'_>],
    side: Side,
    options: &FitOptions,
) -> Result<Fit<'m>, FitError> {
    if targets.is_empty() {
        return Err(FitError::Target);
    }
    let mean = posed(model, &Isometry3::identity(), &model.mean);
    let (pose, _) = start::find(&mean, pieces, targets).ok_or(FitError::Model)?;
    let places = places(targets, options.places);
    let of_vertex: Vec<Option<&Target<'_>>> = (0..model.vertex_count())
        .map(|v| targets.iter().find(|t| Some(t.piece) == pieces.of_vertex(v)))
        .collect();
    let area: f64 = targets.iter().map(Target::area).sum();
    let pivot = Point3::from(
        places.iter().map(|p| p.point.coords).sum::<Vector3<f64>>() / places.len().max(1) as f64,
    );
    // A column for each coordinate, so that what a vertex does is in one piece.
    let basis = model.scaled_modes().transpose();
    let mut areas = super::scoring::vertex_areas(&model.mean_mesh());
    areas.iter_mut().zip(&of_vertex).filter(|(_, t)| t.is_none()).for_each(|(area, _)| *area = 0.0);
    let vertices = super::scoring::spread_evenly(&areas, options.places);
    let patches = area / options.correlation_mm.max(0.1).powi(2);
    let modes = model.mode_count();

    let mut state = State { pose, coefficients: DVector::zeros(modes) };
    let mut scale = FIRST_SCALE_MM;
    let mut floor = FIRST_SCALE_MM;
    let mut precision = DMatrix::identity(POSE + modes, POSE + modes).cholesky().ok_or(FitError::Model)?;
    let mut residual_mm = f64::INFINITY;
    for round in 0..options.rounds.max(1) {
        let surface = Posed::new(state.mesh(model), pieces).ok_or(FitError::Model)?;
        let reach = 5.0 + 4.0 * scale;
        let met = observe(&surface, &places, &vertices, &of_vertex, reach);
        if met.len() < 50 {
            return Err(FitError::NoOverlap {
                bone: model.bone.clone(),
                places: places.len() + vertices.len(),
                met: met.len(),
            });
        }
        let weight = |gap: f64| (FREEDOM + 1.0) / (FREEDOM + (gap / scale).powi(2));
        let deviation = scale.hypot(model.noise_variance.sqrt());
        let count = met.len() as f64;
        residual_mm = met.iter().map(|o| o.gap.abs()).sum::<f64>() / count;
        let counted = (patches / count).min(1.0);
        let root = |gap: f64| (counted * weight(gap)).sqrt() / deviation;
        let (system, pull) = normal_equations(&met, &root, &basis, &state, &pivot);
        precision = system.cholesky().ok_or(FitError::Model)?;
        let step = precision.solve(&pull);
        let moved = state.step(&step, &pivot, area, model);
        floor = (floor * COOLING).max(LEAST_SCALE_MM);
        let estimated = (met.iter().map(|o| weight(o.gap) * o.gap * o.gap).sum::<f64>() / count).sqrt();
        let is_cool = floor <= estimated;
        scale = estimated.max(floor);
        if is_cool && moved < SETTLED_MM && round > 5 {
            break;
        }
    }
    let surface = Posed::new(state.mesh(model), pieces).ok_or(FitError::Model)?;
    let seen = (0..surface.mesh.vertices.len())
        .into_par_iter()
        .map(|v| {
            let point = surface.mesh.vertices[v].coords();
            let near = |t: &Target<'_>| t.closest(point, surface.normals[v], 3.0 + 3.0 * scale);
            of_vertex[v].and_then(near).is_some()
        })
        .collect();
    Ok(Fit {
        model,
        side,
        pose: Transform::from_isometry(state.pose),
        coefficients: state.coefficients,
        scale_mm: scale,
        residual_mm,
        seen,
        pivot,
        precision,
    })
}

/// Where the surface of the model and the targets meet: places of the targets on the model, then vertices of the model on the targets.
fn observe(
    surface: &Posed<'_>,
    places: &[Place],
    vertices: &[usize],
    of_vertex: &[Option<&Target<'_>>],
    reach: f64,
) -> Vec<Observation> {
    let from_target = places.par_iter().map(|place| {
        let on = surface.closest(place.piece, place.point, place.normal, reach)?;
        let normal = (on.normal + place.normal).try_normalize(0.1)?;
        let gap = (place.point - on.point).dot(&normal);
        Some(Observation { vertices: on.vertices, shares: on.shares, point: on.point, normal, gap })
    });
    let from_model = vertices.par_iter().map(|&v| {
        let point = surface.mesh.vertices[v].coords();
        let place = of_vertex[v]?.closest(point, surface.normals[v], reach)?;
        let normal = (surface.normals[v] + place.normal).try_normalize(0.1)?;
        let gap = (place.point - point).dot(&normal);
        Some(Observation { vertices: [v; 3], shares: [1.0, 0.0, 0.0], point, normal, gap })
    });
    from_target.chain(from_model).flatten_iter().collect()
}

/// The system of least squares for the next step, and its right side; `root` is the root of the weight of a gap.
fn normal_equations(
    met: &[Observation],
    root: &dyn Fn(f64) -> f64,
    basis: &DMatrix<f64>,
    state: &State,
    pivot: &Point3<f64>,
) -> (DMatrix<f64>, DVector<f64>) {
    let modes = state.coefficients.len();
    let mut rows = DMatrix::zeros(POSE + modes, met.len());
    let mut pull = DVector::zeros(POSE + modes);
    for (observation, mut row) in met.iter().zip(rows.column_iter_mut()) {
        observation.fill(&mut row.as_view_mut(), basis, &state.pose, pivot);
        let root = root(observation.gap);
        row *= root;
        pull.axpy(root * observation.gap, &row, 1.0);
    }
    let mut system = &rows * rows.transpose();
    for j in 0..modes {
        system[(POSE + j, POSE + j)] += 1.0;
        pull[POSE + j] -= state.coefficients[j];
    }
    for j in 0..POSE {
        // Keeps the system solvable where a surface does not hold the pose, as a ball does not.
        system[(j, j)] += 1e-6;
    }
    (system, pull)
}

/// Pose and shape.
#[derive(Debug, Clone)]
struct State {
    pose: Isometry3<f64>,
    coefficients: DVector<f64>,
}

impl State {
    fn mesh(&self, model: &ShapeModel) -> Mesh<RightSide> {
        posed(model, &self.pose, &model.displaced(self.coefficients.as_slice()))
    }

    /// Adds a step and returns about how far it moves the surface, in mm.
    fn step(&mut self, step: &DVector<f64>, pivot: &Point3<f64>, area: f64, model: &ShapeModel) -> f64 {
        self.pose = turned(&self.pose, step, pivot);
        let coefficients = step.rows(POSE, step.len() - POSE);
        self.coefficients += coefficients;
        let turn = Vector3::new(step[0], step[1], step[2]).norm();
        let shift = Vector3::new(step[3], step[4], step[5]).norm();
        let size = area.sqrt() / 2.0;
        // The modes are orthonormal, so the sum of squares over them is that over the vertices.
        let squares: f64 = coefficients.iter().zip(&model.variances).map(|(c, v)| c * c * v).sum();
        let change = (squares / model.vertex_count().max(1) as f64).sqrt();
        turn * size + shift + change
    }
}

/// One gap between model and surface.
struct Observation {
    vertices: [usize; 3],
    shares: [f64; 3],
    point: Point3<f64>,
    normal: Vector3<f64>,
    /// Along the normal, from the model to the surface, in mm.
    gap: f64,
}

impl Observation {
    /// How the place moves along the normal with turn, shift and coefficients.
    fn fill(
        &self,
        row: &mut nalgebra::DVectorViewMut<'_, f64>,
        basis: &DMatrix<f64>,
        pose: &Isometry3<f64>,
        pivot: &Point3<f64>,
    ) {
        let turn = (self.point - pivot).cross(&self.normal);
        for k in 0..3 {
            row[k] = turn[k];
            row[3 + k] = self.normal[k];
        }
        let normal = pose.rotation.inverse() * self.normal;
        let mut coefficients = row.rows_mut(POSE, basis.nrows());
        for (&vertex, &share) in self.vertices.iter().zip(&self.shares) {
            for k in 0..3 {
                if share != 0.0 {
                    coefficients.axpy(share * normal[k], &basis.column(3 * vertex + k), 1.0);
                }
            }
        }
    }
}

impl<'m> Fit<'m> {
    /// The model that was fitted.
    pub fn model(&self) -> &'m ShapeModel {
        self.model
    }

    /// The whole bone in the patient frame: what was seen, and the likeliest completion.
    pub fn mesh(&self) -> Mesh<Patient> {
        let state = State { pose: *self.pose.isometry(), coefficients: self.coefficients.clone() };
        self.side.leave(state.mesh(self.model))
    }

    /// The whole bone as it might also be: a seeded sample of the posterior, its spread widened by the model's
    /// [`ShapeModel::completion_factor`].
    pub fn sample(&self, seed: u64) -> Mesh<Patient> {
        let mut rng = ChaCha8Rng::seed_from_u64(seed);
        let draw = DVector::from_fn(self.precision.l_dirty().nrows(), |_, _| standard_normal(&mut rng));
        // With P = L L^T, L^-T times standard normal numbers has the covariance P^-1.
        let step = self.precision.l().tr_solve_lower_triangular(&draw).unwrap_or(draw * 0.0);
        let step = step * self.model.completion_factor();
        let state = State {
            pose: turned(self.pose.isometry(), &step, &self.pivot),
            coefficients: &self.coefficients + step.rows(POSE, step.len() - POSE),
        };
        self.side.leave(state.mesh(self.model))
    }

    /// One standard deviation of each vertex along its normal, in mm: pose, shape and the model's noise. Along the
    /// surface nothing is observed, and a vertex may slide. Widened as samples are.
    pub fn vertex_sd(&self) -> Vec<f64> {
        let basis = self.model.scaled_modes().transpose();
        let pose = self.pose.isometry();
        let state = State { pose: *pose, coefficients: self.coefficients.clone() };
        let mesh = state.mesh(self.model);
        let normals = mesh.vertex_normals();
        let (root, factor) = (self.precision.l(), self.model.completion_factor());
        (0..mesh.vertices.len())
            .into_par_iter()
            .map(|v| {
                let (point, normal) = (mesh.vertices[v].coords(), normals[v].coords());
                let observation =
                    Observation { vertices: [v; 3], shares: [1.0, 0.0, 0.0], point, normal, gap: 0.0 };
                let mut row = DVector::zeros(root.nrows());
                observation.fill(&mut row.as_view_mut(), &basis, pose, &self.pivot);
                let scaled = root.solve_lower_triangular(&row).map_or(0.0, |x| x.norm_squared());
                (factor * factor * scaled + self.model.noise_variance).sqrt()
            })
            .collect()
    }
}

/// A pose turned about the pivot and shifted by the first six numbers of a step.
fn turned(pose: &Isometry3<f64>, step: &DVector<f64>, pivot: &Point3<f64>) -> Isometry3<f64> {
    let turn = UnitQuaternion::from_scaled_axis(Vector3::new(step[0], step[1], step[2]));
    let shift = Vector3::new(step[3], step[4], step[5]);
    Translation3::from(pivot.coords + shift) * turn * Translation3::from(-pivot.coords) * pose
}

fn posed(model: &ShapeModel, pose: &Isometry3<f64>, coordinates: &DVector<f64>) -> Mesh<RightSide> {
    let place = |c: &[f64]| Point::from_coords(pose * Point3::new(c[0], c[1], c[2]));
    Mesh {
        vertices: coordinates.as_slice().chunks_exact(3).map(place).collect(),
        triangles: model.faces.clone(),
    }
}
