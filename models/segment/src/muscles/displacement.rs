//! How all muscles of a hip move together from where bones carry a usual person's.
//!
//! The displacement is a Gaussian process that observations along the normals condition (Luthi et al. 2018, IEEE Trans Pattern Anal Mach Intell
//! 40:1860): a smooth one of all tissue, a smooth one of each muscle, how the two people of the atlas differ, and how much bulk a person has; the
//! last two by one number for all muscles and one of each.

use coxa_geometry::{Point, Vector};
use coxa_shape::muscle_atlas::CarriedMuscle;
use nalgebra::{DMatrix, DVector, Point3, Vector3};
use rayon::prelude::*;

/// How muscles differ from where bones carry them: reach and standard deviation in mm, of all tissue and of one muscle in it.
const TISSUE_MM: [(f64, f64); 2] = [(70.0, 8.0), (25.0, 3.0)];
const MUSCLE_MM: [(f64, f64); 1] = [(40.0, 6.0)];
/// Standard deviation of how far a person lies from a usual one towards either of the two of the atlas (-1 and 1): of all muscles together, and of one
/// beside the others. An assumption: two people say nothing of a spread.
const MEMBER_SD: [f64; 2] = [0.8, 0.35];
/// Standard deviation of how much thicker muscles are than those of that person, in the mean thickness of each on either side: of all muscles
/// together, and of one beside the others. Muscle volumes of people of one size differ by a quarter to a half (Handsfield 2014, J Biomech 47:631).
const BULK_SD: [f64; 2] = [0.3, 0.2];
/// Places that the displacement is spanned by, and vertices that look for where they belong.
const CONTROLS: usize = 240;
const LOOKING: usize = 3500;

/// A vertex of the carried muscles.
pub(super) struct Vertex {
    /// From where it is displaced: a usual person's where the bones carry it, or where the network has led.
    pub(super) carried: Point3<f64>,
    /// Half of the way from the first person's to the second's.
    difference: Vector3<f64>,
    /// Where it goes, in mm, when the muscle grows by its mean thickness on either side.
    bulk: Vector3<f64>,
    /// Which muscle it is of.
    pub(super) muscle: usize,
}

/// Where a vertex that looks belongs.
pub(super) struct Seen {
    /// Which of those that look.
    pub(super) row: usize,
    /// Its normal now.
    pub(super) normal: Vector3<f64>,
    /// From where the bones carried it, along the normal, in mm.
    pub(super) gap: f64,
    /// Standard deviation of that, in mm.
    pub(super) sd_mm: f64,
    /// How sure it is, up to 1.
    pub(super) weight: f64,
}

/// What displaces the vertices.
struct Solution {
    /// Weights of the kernels at the controls, a column for each axis.
    kernels: DMatrix<f64>,
    /// Where the person lies between those of the atlas: of all muscles, then of each beside these.
    members: Vec<f64>,
    /// How much thicker the muscles are, likewise.
    bulks: Vec<f64>,
}

/// The vertices, and what can displace them.
pub(super) struct Displacement {
    pub(super) vertices: Vec<Vertex>,
    /// Vertices that look.
    pub(super) looking: Vec<usize>,
    covariance: DMatrix<f64>,
    /// Kernels of each vertex with the controls.
    basis: Vec<DVector<f64>>,
    muscles: usize,
    worth: f64,
}

impl Displacement {
    /// Of these muscles from where they are, where `is_near` says of a place that the scan may show it; `None` where it shows none. `worth` is what one
    /// of the vertices that look counts for: a whole face of a muscle may be taken for its neighbour's, so that errors of a region of
    /// several centimetres go together.
    pub(super) fn of(
        muscles: &[CarriedMuscle],
        worth: f64,
        is_near: impl Fn(Point3<f64>) -> bool,
    ) -> Option<Displacement> {
        let of_muscle = |(muscle, m): (usize, &CarriedMuscle)| {
            let thickness = m.mesh.signed_volume().max(0.0) / m.mesh.area().max(1.0);
            let vertices = m.mesh.vertices.iter().zip(&m.difference).zip(m.mesh.vertex_normals());
            let vertex = |((v, d), n): ((&Point<_>, &Vector<_>), Vector<_>)| Vertex {
                carried: v.coords(),
                difference: d.coords(),
                bulk: n.coords() * thickness,
                muscle,
            };
            vertices.map(vertex).collect::<Vec<_>>()
        };
        let vertices: Vec<Vertex> = muscles.iter().enumerate().flat_map(of_muscle).collect();
        let near: Vec<usize> = (0..vertices.len()).filter(|&v| is_near(vertices[v].carried)).collect();
        let controls = spread(&vertices, &near, CONTROLS);
        let step = near.len().div_ceil(LOOKING).max(1);
        let looking: Vec<usize> = near.into_iter().step_by(step).collect();
        let covariance = DMatrix::from_fn(controls.len(), controls.len(), |i, j| {
            kernel(&vertices[controls[i]], &vertices[controls[j]]) + if i == j { 1e-4 } else { 0.0 }
        });
        let basis = vertices.par_iter().map(|vertex| row(vertex, &controls, &vertices)).collect();
        let found = Displacement { vertices, looking, covariance, basis, muscles: muscles.len(), worth };
        (!found.looking.is_empty()).then_some(found)
    }

    /// Moves the muscles to where most of what is seen is met, from where bones carried them; `None` where that cannot be solved.
    pub(super) fn apply(&self, seen: &[Seen], muscles: &mut [CarriedMuscle]) -> Option<()> {
        let Solution { kernels, members, bulks } = self.solve(seen)?;
        let place = |(vertex, row): (&Vertex, &DVector<f64>)| {
            let smooth = Vector3::from_fn(|axis, _| row.dot(&kernels.column(axis)));
            let of = |numbers: &[f64]| numbers[0] + numbers[1 + vertex.muscle];
            vertex.carried + smooth + vertex.difference * of(&members) + vertex.bulk * of(&bulks)
        };
        let moved: Vec<Point3<f64>> = self.vertices.par_iter().zip(&self.basis).map(place).collect();
        let mut next = moved.into_iter();
        for muscle in muscles.iter_mut() {
            for (vertex, place) in muscle.mesh.vertices.iter_mut().zip(&mut next) {
                *vertex = Point::from_coords(place);
            }
        }
        Some(())
    }

    /// What minimises `sum w (n·u - gap)² / sd² + sum over axes aᵀ K a + sum (c / sd)²`.
    fn solve(&self, seen: &[Seen]) -> Option<Solution> {
        let count = self.covariance.nrows();
        let numbers = 1 + self.muscles;
        let size = 3 * count + 2 * numbers;
        let mut rows = DMatrix::zeros(size, seen.len());
        let mut pull = DVector::zeros(size);
        for (Seen { row, normal, gap, sd_mm, weight }, mut column) in seen.iter().zip(rows.column_iter_mut())
        {
            let root = (self.worth * weight).sqrt() / sd_mm;
            let vertex = self.looking[*row];
            for axis in 0..3 {
                column.rows_mut(axis * count, count).axpy(root * normal[axis], &self.basis[vertex], 0.0);
            }
            let Vertex { difference, bulk, muscle, .. } = &self.vertices[vertex];
            for (first, mode) in [(3 * count, difference), (3 * count + numbers, bulk)] {
                let along = root * normal.dot(mode);
                column[first] = along;
                column[first + 1 + muscle] = along;
            }
            pull.axpy(root * gap, &column, 1.0);
        }
        let mut system = &rows * rows.transpose();
        for axis in 0..3 {
            let mut own = system.view_mut((axis * count, axis * count), (count, count));
            own += &self.covariance;
        }
        for (first, sds) in [(3 * count, MEMBER_SD), (3 * count + numbers, BULK_SD)] {
            for n in 0..numbers {
                system[(first + n, first + n)] += sds[usize::from(n > 0)].powi(-2);
            }
        }
        let solution = system.cholesky()?.solve(&pull);
        let kernels = DMatrix::from_fn(count, 3, |row, axis| solution[axis * count + row]);
        let of = |first: usize| solution.rows(first, numbers).iter().copied().collect();
        Some(Solution { kernels, members: of(3 * count), bulks: of(3 * count + numbers) })
    }
}

fn kernel(a: &Vertex, b: &Vertex) -> f64 {
    let squared = (a.carried - b.carried).norm_squared();
    let sum = |terms: &[(f64, f64)]| -> f64 {
        terms.iter().map(|(reach, sd)| sd * sd * (-0.5 * squared / (reach * reach)).exp()).sum()
    };
    sum(&TISSUE_MM) + if a.muscle == b.muscle { sum(&MUSCLE_MM) } else { 0.0 }
}

fn row(vertex: &Vertex, controls: &[usize], vertices: &[Vertex]) -> DVector<f64> {
    DVector::from_iterator(controls.len(), controls.iter().map(|&c| kernel(vertex, &vertices[c])))
}

/// Vertices far from one another: the farthest from those taken is taken next.
fn spread(vertices: &[Vertex], among: &[usize], count: usize) -> Vec<usize> {
    let Some(&first) = among.first() else { return Vec::new() };
    let mut taken = vec![first];
    let mut distances = vec![f64::INFINITY; among.len()];
    while taken.len() < count.min(among.len()) {
        let last = vertices[taken[taken.len() - 1]].carried;
        let mut farthest = 0;
        for (n, &v) in among.iter().enumerate() {
            distances[n] = distances[n].min((vertices[v].carried - last).norm_squared());
            if distances[n] > distances[farthest] {
                farthest = n;
            }
        }
        if distances[farthest] <= 0.0 {
            break;
        }
        taken.push(among[farthest]);
    }
    taken
}
