//! Fat within a muscle: some of it everywhere, the rest in streaks along the fibres.

use super::noise::texture;
use super::smooth::smoothstep;
use coxa_geometry::{Mesh, frame::Patient};
use nalgebra::{Matrix3, Point3, SymmetricEigen, Vector3};

/// Width of a streak and its length along the fibres, in mm: lattice of the texture whose crests they are.
const STREAK_MM: [f64; 2] = [4.0, 26.0];
/// Share of fat in the middle of a streak.
const STREAK_FAT: f64 = 0.85;
/// Range of the texture over which a streak begins.
const EDGE: f64 = 0.16;
/// Places at which the texture's distribution is taken.
const SAMPLES: usize = 4096;

/// How fat lies in one muscle.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Marbling {
    seed: u64,
    /// Across the fibres, twice, and along them; divided by the size of a streak.
    axes: [Vector3<f64>; 3],
    /// Share of fat where there is no streak.
    diffuse: f64,
    /// A streak begins where the texture exceeds this.
    threshold: f64,
}

impl Marbling {
    /// So much fat in a muscle whose fibres run along a direction.
    pub(super) fn new(seed: u64, fat_fraction: f64, fibres: Vector3<f64>) -> Marbling {
        let along = fibres.try_normalize(1e-9).unwrap_or_else(Vector3::z);
        let beside = if along.x.abs() < 0.8 { Vector3::x() } else { Vector3::y() };
        let across = along.cross(&beside).normalize();
        let [width, length] = STREAK_MM;
        let axes = [across / width, along.cross(&across) / width, along / length];
        // Little fat is too fine to be seen; most of much fat is in streaks.
        let diffuse = fat_fraction * (0.25 + 0.5 * (-fat_fraction / 0.1).exp());
        // Streaks take a place of what is diffuse.
        let streaks = (fat_fraction - diffuse) / (STREAK_FAT - diffuse);
        Marbling { seed: seed ^ 0x3a7b, axes, diffuse, threshold: threshold(streaks) }
    }

    /// Share of fat at a place.
    pub(super) fn fat_at(&self, place: Point3<f64>) -> f64 {
        let [u, v, w] = self.axes.map(|axis| axis.dot(&place.coords));
        let streak = smoothstep((texture(self.seed, u, v, w) - self.threshold) / EDGE + 0.5);
        self.diffuse + (STREAK_FAT - self.diffuse) * streak
    }
}

/// What the texture exceeds in this share of places.
fn threshold(share: f64) -> f64 {
    let mut values: Vec<f64> = (0..SAMPLES)
        .map(|n| {
            // Places of a lattice whose steps have no common measure with the texture's.
            let n = n as f64;
            texture(1, 0.618_034 * n, 0.414_214 * n + 0.3, 0.732_051 * n + 0.7)
        })
        .collect();
    values.sort_by(|a, b| b.total_cmp(a));
    let place = (share.clamp(0.0, 1.0) * SAMPLES as f64) as usize;
    // Beyond the largest value there is no streak.
    if place == 0 { 1.0 + EDGE } else { values[place.min(SAMPLES - 1)] }
}

/// The direction in which a muscle is longest, which stands for that of its fibres.
pub(super) fn long_axis(mesh: &Mesh<Patient>) -> Vector3<f64> {
    let count = mesh.vertices.len().max(1) as f64;
    let middle = mesh.vertices.iter().map(|v| v.coords().coords).sum::<Vector3<f64>>() / count;
    let spread: Matrix3<f64> =
        mesh.vertices.iter().map(|v| v.coords().coords - middle).map(|from| from * from.transpose()).sum();
    let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(spread);
    eigenvectors.column(eigenvalues.imax()).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_muscle_has_as_much_fat_as_was_asked_for() {
        for fat in [0.01, 0.05, 0.12, 0.25, 0.45, 0.6] {
            let marbling = Marbling::new(7, fat, Vector3::new(0.3, -0.2, 0.9));
            let mut sum = 0.0;
            for n in 0..64_000 {
                let [i, j, k] = [n % 40, n / 40 % 40, n / 1600].map(|n| f64::from(n) * 2.3);
                sum += marbling.fat_at(Point3::new(i, j, k));
            }
            let found = sum / 64_000.0;
            assert!((found - fat).abs() < 0.01 + 0.07 * fat, "{fat}: {found}");
        }
    }

    #[test]
    fn streaks_run_along_the_fibres() {
        let fibres = Vector3::new(1.0, 1.0, 0.0).normalize();
        let marbling = Marbling::new(3, 0.3, fibres);
        let change = |step: Vector3<f64>| {
            let places = (0..8000).map(|n| {
                let n = f64::from(n);
                Point3::new(3.7 * n % 97.0, 5.3 * n % 89.0, 7.1 * n % 83.0)
            });
            places.map(|p| (marbling.fat_at(p + step) - marbling.fat_at(p)).abs()).sum::<f64>()
        };
        assert!(change(2.0 * Vector3::z()) > 3.0 * change(2.0 * fibres));
        let rod = Mesh::cuboid([0.0, 0.0, 0.0], [2.0, 50.0, 3.0]);
        assert!(long_axis(&rod).y.abs() > 0.99);
    }
}
