//! One frame: a damped Gauss-Newton method within ranges.

use super::goals::Goals;
use crate::{Posture, Skeleton};
use nalgebra::{DMatrix, DVector, Point3, SymmetricEigen};

/// Damping at first, least and greatest, as a part of the diagonal.
const DAMPING: f64 = 1e-4;
const LEAST_DAMPING: f64 = 1e-12;
const MOST_DAMPING: f64 = 1e8;
/// A frame takes five; a first one from far away some tens.
const MOST_STEPS: usize = 200;
/// No step changes a coordinate by more than this, in radians and metres: from far away a longer one ends whole turns away, where curves of joints are not meant to be read.
const LONG_STEP: f64 = 0.3;
/// A step that changes no coordinate by more than this, in radians and metres, is the last.
const SMALL_STEP: f64 = 1e-10;
/// A frame is not solved where single coordinates could still take this part, and this much, off what is made least.
const LEFT_PART: f64 = 1e-4;
const LEFT: f64 = 1e-12;
/// What coordinates without any marker add to the diagonal, so that it can be divided by: nothing that others would feel.
const LEAST_DIAGONAL: f64 = 1e-12;
/// Curvature below this, of coordinates scaled to have one each, is none: markers say nothing of that direction.
const NO_CURVATURE: f64 = 1e-9;
/// Sweeps of the decomposition of the curvature.
const MOST_SWEEPS: usize = 1000;
/// A coordinate with this part of such a direction is not determined.
const PART_OF_DIRECTION: f64 = 0.1;

/// How far a frame's markers are missed.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Miss {
    /// Sum of the squared distances of all markers that were seen, m².
    pub squared: f64,
    /// Root of their mean, m.
    pub rms: f64,
    /// The greatest distance, m.
    pub most: f64,
    /// The marker that has it, by its place among those that are followed.
    pub marker: usize,
}

/// Solves one frame after another.
#[derive(Debug)]
pub struct Solver<'a> {
    skeleton: &'a Skeleton,
    goals: &'a Goals,
    /// Of each body which bodies move with it.
    beyond: Vec<Vec<bool>>,
    posture: Posture,
    /// Curvature and slope of what is made least, by the free coordinates.
    curvature: DMatrix<f64>,
    slope: DVector<f64>,
}

impl<'a> Solver<'a> {
    /// For a model and what is followed of it.
    pub fn new(skeleton: &'a Skeleton, goals: &'a Goals) -> Solver<'a> {
        let count = goals.free.len();
        Solver {
            skeleton,
            goals,
            beyond: skeleton.beyond(),
            posture: Posture::default(),
            curvature: DMatrix::zeros(count, count),
            slope: DVector::zeros(count),
        }
    }

    /// What is followed.
    pub(super) fn goals(&self) -> &'a Goals {
        self.goals
    }

    /// Moves coordinates, from where they are, to where what is followed is missed least; gives that. `seen` has the places of markers in the order in which they are followed, `near` the
    /// values of coordinates.
    pub(super) fn solve(&mut self, q: &mut [f64], seen: &[Option<Point3<f64>>], near: &[f64]) -> f64 {
        for (&place, range) in self.goals.free.iter().zip(&self.goals.ranges) {
            q[place] = q[place].clamp(range[0], range[1]);
        }
        self.skeleton.couple(q);
        let mut damping = DAMPING;
        let mut cost = self.derive(q, seen, near);
        for _ in 0..MOST_STEPS {
            let Some(step) = self.step(q, damping) else {
                damping *= 10.0;
                if damping > MOST_DAMPING {
                    break;
                }
                continue;
            };
            let step = &step * (LONG_STEP / step.amax().max(LONG_STEP));
            let mut next = q.to_vec();
            for ((&place, range), change) in self.goals.free.iter().zip(&self.goals.ranges).zip(step.iter()) {
                next[place] = (q[place] + change).clamp(range[0], range[1]);
            }
            self.skeleton.couple(&mut next);
            let new_cost = self.cost(&next, seen, near);
            if new_cost > cost || !new_cost.is_finite() {
                damping *= 10.0;
                if damping > MOST_DAMPING {
                    break;
                }
                continue;
            }
            let moved = q.iter().zip(&next).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
            q.copy_from_slice(&next);
            damping = (damping / 10.0).max(LEAST_DAMPING);
            if moved < SMALL_STEP {
                break;
            }
            cost = self.derive(q, seen, near);
        }
        cost
    }

    /// How far markers are missed.
    pub(super) fn miss(&mut self, q: &[f64], seen: &[Option<Point3<f64>>]) -> Miss {
        self.skeleton.place(q, &mut self.posture);
        let mut miss = Miss::default();
        let mut count = 0;
        for (n, (marker, place)) in self.goals.markers.iter().zip(seen).enumerate() {
            let Some(place) = place else { continue };
            let distance = (self.posture.frames[marker.body].point(&marker.at) - place).norm();
            miss.squared += distance * distance;
            count += 1;
            if distance > miss.most {
                (miss.most, miss.marker) = (distance, n);
            }
        }
        miss.rms = (miss.squared / f64::from(count.max(1))).sqrt();
        miss
    }

    /// Whether the last frame that was solved is at a minimum: no single coordinate could take much off by itself.
    pub(super) fn is_solved(&self, q: &[f64], cost: f64) -> bool {
        let left = |n: usize| match self.is_held(n, q) || self.curvature[(n, n)] <= 0.0 {
            true => 0.0,
            false => 0.5 * self.slope[n] * self.slope[n] / self.curvature[(n, n)],
        };
        (0..self.slope.len()).map(left).all(|left| left <= LEFT_PART * cost + LEFT)
    }

    /// Whether a free coordinate is at an end of its range that it would leave.
    fn is_held(&self, n: usize, q: &[f64]) -> bool {
        let (value, [low, high]) = (q[self.goals.free[n]], self.goals.ranges[n]);
        (value <= low && self.slope[n] > 0.0) || (value >= high && self.slope[n] < 0.0)
    }

    /// Free coordinates, by their places, of which the markers of the last frame that was solved and the tasks say nothing.
    pub(super) fn undetermined(&self) -> Vec<usize> {
        let free = &self.goals.free;
        let own = self.curvature.diagonal();
        let mut found: Vec<usize> = (0..free.len()).filter(|&n| own[n] <= 0.0).map(|n| free[n]).collect();
        // Radians and metres, and tasks of any weight, compare only where each has a curvature of one.
        let scaled = DMatrix::from_fn(free.len(), free.len(), |row, column| {
            let scale = (own[row] * own[column]).sqrt();
            if scale > 0.0 {
                self.curvature[(row, column)] / scale
            } else {
                f64::from(u8::from(row == column))
            }
        });
        let is_known = !free.is_empty() && scaled.iter().all(|value| value.is_finite());
        let parts = is_known.then(|| SymmetricEigen::try_new(scaled, f64::EPSILON, MOST_SWEEPS)).flatten();
        let Some(parts) = parts else { return found };
        for (value, direction) in parts.eigenvalues.iter().zip(parts.eigenvectors.column_iter()) {
            if *value > NO_CURVATURE {
                continue;
            }
            let own = self.goals.free.iter().zip(direction.iter());
            found.extend(own.filter(|(_, part)| part.abs() > PART_OF_DIRECTION).map(|(place, _)| *place));
        }
        found.sort_unstable();
        found.dedup();
        found
    }

    /// Half of the weighted mean square of markers, and of the weighted squares of coordinates.
    pub(super) fn cost(&mut self, q: &[f64], seen: &[Option<Point3<f64>>], near: &[f64]) -> f64 {
        self.skeleton.place(q, &mut self.posture);
        let (mut sum, mut whole) = (0.0, 0.0);
        for (marker, place) in self.goals.markers.iter().zip(seen) {
            if let Some(place) = place {
                let at = self.posture.frames[marker.body].point(&marker.at);
                sum += marker.weight * (at - place).norm_squared();
                whole += marker.weight;
            }
        }
        let markers = if whole > 0.0 { sum / whole } else { 0.0 };
        let coordinates = self.goals.coordinates.iter().zip(near);
        let squares = coordinates.map(|(goal, value)| goal.weight * (q[goal.place] - value).powi(2));
        0.5 * (markers + squares.sum::<f64>())
    }

    /// The same, with its slope and curvature.
    fn derive(&mut self, q: &[f64], seen: &[Option<Point3<f64>>], near: &[f64]) -> f64 {
        let cost = self.cost(q, seen, near);
        self.curvature.fill(0.0);
        self.slope.fill(0.0);
        let markers = self.goals.markers.iter().zip(seen);
        let whole: f64 = markers.filter(|(_, place)| place.is_some()).map(|(marker, _)| marker.weight).sum();
        let mut rows = [(); 3].map(|()| vec![0.0; q.len()]);
        for (marker, place) in self.goals.markers.iter().zip(seen) {
            let Some(place) = place else { continue };
            let at = self.posture.frames[marker.body].point(&marker.at);
            rows.iter_mut().for_each(|row| row.fill(0.0));
            for (coordinate, motions) in self.posture.motions.iter().enumerate() {
                for (first, twist) in motions.iter().filter(|(first, _)| self.beyond[*first][marker.body]) {
                    debug_assert!(*first > 0, "ground does not move");
                    let velocity = twist.linear + twist.angular.cross(&at.coords);
                    (0..3).for_each(|axis| rows[axis][coordinate] += velocity[axis]);
                }
            }
            for (axis, row) in rows.iter_mut().enumerate() {
                self.skeleton.pull_back(q, row);
                add(
                    &mut self.curvature,
                    &mut self.slope,
                    &self.goals.free,
                    row,
                    at[axis] - place[axis],
                    marker.weight / whole,
                );
            }
        }
        for (goal, value) in self.goals.coordinates.iter().zip(near) {
            let row = &mut rows[0];
            row.fill(0.0);
            row[goal.place] = 1.0;
            self.skeleton.pull_back(q, row);
            add(
                &mut self.curvature,
                &mut self.slope,
                &self.goals.free,
                row,
                q[goal.place] - value,
                goal.weight,
            );
        }
        cost
    }

    /// The change of the free coordinates; those that would leave their range stay. None where rounding leaves no direction downwards.
    fn step(&self, q: &[f64], damping: f64) -> Option<DVector<f64>> {
        let mut matrix = self.curvature.clone();
        let mut slope = -&self.slope;
        let scale = LEAST_DIAGONAL * matrix.diagonal().amax().max(LEAST_DIAGONAL);
        for n in 0..slope.len() {
            if self.is_held(n, q) {
                matrix.row_mut(n).fill(0.0);
                matrix.column_mut(n).fill(0.0);
                matrix[(n, n)] = 1.0;
                slope[n] = 0.0;
            } else {
                matrix[(n, n)] += damping * matrix[(n, n)] + scale;
            }
        }
        Some(matrix.cholesky()?.solve(&slope))
    }
}

/// Adds a residual, with its derivatives by all coordinates, to slope and curvature by the free ones.
fn add(
    curvature: &mut DMatrix<f64>,
    slope: &mut DVector<f64>,
    free: &[usize],
    row: &[f64],
    residual: f64,
    weight: f64,
) {
    for (n, &place) in free.iter().enumerate() {
        if row[place] == 0.0 {
            continue;
        }
        slope[n] += weight * row[place] * residual;
        for (m, &other) in free.iter().enumerate() {
            curvature[(m, n)] += weight * row[place] * row[other];
        }
    }
}
