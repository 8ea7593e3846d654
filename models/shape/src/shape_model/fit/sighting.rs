//! What is known of a fitted bone besides its surface: directions between places of it.

use super::{Fit, POSE, State, posed, turned};
use nalgebra::{DVector, Matrix3, Point3, Vector3};

/// Rounds in which turns, which are not linear, settle.
const ROUNDS: usize = 4;

/// A component of the direction from one place of a bone to another that is known besides the surface; seen as of a right one.
///
/// A place is the middle of some of the model's vertices.
#[derive(Debug, Clone)]
pub struct Sighting {
    /// Vertices at the line's end.
    pub to: Vec<usize>,
    /// Vertices at its start.
    pub from: Vec<usize>,
    /// Unit vector along which the line's unit direction is known.
    pub along: Vector3<f64>,
    /// That component.
    pub component: f64,
    /// One standard deviation of it, an angle in radians where the line lies across `along`.
    pub sd: f64,
}

impl Fit<'_> {
    /// The fit when more is known of the bone than what is seen of its surface: the posterior of both, with the spread of what is
    /// completed (see [`ShapeModel::completion_factor`](super::ShapeModel::completion_factor)) against that of the sightings.
    /// `None` where a sighting is of no line.
    pub fn given(&self, sightings: &[Sighting]) -> Option<Self> {
        let widened = self.model.completion_factor().powi(2);
        let root = self.precision.l();
        let precision = &root * root.transpose();
        let mut state = State { pose: *self.pose.isometry(), coefficients: self.coefficients.clone() };
        // The step from the posterior of the surface alone, whose mode is at zero.
        let mut gone = DVector::zeros(precision.nrows());
        let mut factor = None;
        for _ in 0..ROUNDS {
            let (mut system, mut pull) = (precision.clone(), -(&precision * &gone));
            for sighting in sightings {
                let (row, gap) = self.row(&state, sighting)?;
                let weight = widened / sighting.sd.powi(2).max(1e-12);
                system.ger(weight, &row, &row, 1.0);
                pull.axpy(weight * gap, &row, 1.0);
            }
            let solved = system.cholesky()?;
            let step = solved.solve(&pull);
            state.pose = turned(&state.pose, &step, &self.pivot);
            state.coefficients += step.rows(POSE, step.len() - POSE);
            gone += step;
            factor = Some(solved);
        }
        let pose = coxa_geometry::Transform::from_isometry(state.pose);
        Some(Fit { pose, coefficients: state.coefficients, precision: factor?, ..self.clone() })
    }

    /// How a sighting's component answers to turn, shift and coefficients, and how far it is from what is known.
    fn row(&self, state: &State, sighting: &Sighting) -> Option<(DVector<f64>, f64)> {
        let mesh = posed(self.model, &state.pose, &self.model.displaced(state.coefficients.as_slice()));
        let middle = |vertices: &[usize]| -> Option<Point3<f64>> {
            let mut sum = Vector3::zeros();
            for &v in vertices {
                sum += mesh.vertices.get(v)?.coords().coords;
            }
            (!vertices.is_empty()).then(|| Point3::from(sum / vertices.len() as f64))
        };
        let (to, from) = (middle(&sighting.to)?, middle(&sighting.from)?);
        let line = to - from;
        let length = line.norm();
        let unit = line.try_normalize(1e-6)?;
        // The component of a unit vector changes by what is across it.
        let across = (Matrix3::identity() - unit * unit.transpose()) * sighting.along / length;
        let mut row = DVector::zeros(POSE + self.model.mode_count());
        let own = state.pose.rotation.inverse() * across;
        let turn = (to - self.pivot).cross(&across) - (from - self.pivot).cross(&across);
        row.rows_mut(0, 3).copy_from(&turn);
        for (j, variance) in self.model.variances.iter().enumerate() {
            let mode = self.model.modes.column(j);
            let moved = |vertices: &[usize]| {
                let sum: f64 = vertices
                    .iter()
                    .map(|&v| own.dot(&Vector3::new(mode[3 * v], mode[3 * v + 1], mode[3 * v + 2])))
                    .sum();
                sum / vertices.len() as f64
            };
            row[POSE + j] = (moved(&sighting.to) - moved(&sighting.from)) * variance.max(0.0).sqrt();
        }
        Some((row, sighting.component - unit.dot(&sighting.along)))
    }
}
