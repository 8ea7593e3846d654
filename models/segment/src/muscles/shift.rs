//! How far a muscle lies beside where a network sees it.
//!
//! Bones alone carry a slender muscle of a stout thigh centimetres beside where it is, farther than it is thick: nothing that its surface sees of
//! the scan is its own. What a network says of each voxel is coarse, but its middle is not. A muscle is cut into slabs across its length, and each
//! is shifted to the middle of what the network calls it there, and made as wide, within limits.

use super::patch::Patch;
use coxa_geometry::Mesh;
use coxa_geometry::frame::RightSide;
use nalgebra::{Matrix3, Point3, SymmetricEigen, Vector3};

/// Thickness of a slab in mm.
const SLAB_MM: f64 = 15.0;
/// The network says of this much, of 255, that it is the muscle.
const SAID: u8 = 128;
/// What lies farther from the slab's middle than this across the muscle, in mm, is something else.
const FARTHEST_MM: f64 = 70.0;
/// A slab goes no more times as wide in one round.
const MOST_SCALE: f64 = 1.25;
/// A slab of which the network sees less than this share, or fewer voxels, says nothing.
const LEAST_SHARE: f64 = 0.3;
const FEWEST: f64 = 20.0;

/// Shifts of the slabs of one label.
pub(super) struct Shifts {
    middle: Point3<f64>,
    axis: Vector3<f64>,
    /// Level of the first slab's middle along the axis.
    first: f64,
    /// Where the network sees a slab.
    slabs: Vec<Option<Slab>>,
}

/// Where the network sees a slab.
#[derive(Clone, Copy)]
struct Slab {
    /// Its middle now.
    middle: Vector3<f64>,
    /// How far that goes across the muscle, in mm.
    shift: Vector3<f64>,
    /// Width that the network sees over its own.
    scale: f64,
    /// How much of it the network sees, up to 1.
    sure: f64,
}

impl Slab {
    fn between(self, other: Slab, part: f64) -> Slab {
        let mix = |a: Vector3<f64>, b: Vector3<f64>| a * (1.0 - part) + b * part;
        Slab {
            middle: mix(self.middle, other.middle),
            shift: mix(self.shift, other.shift),
            scale: self.scale * (1.0 - part) + other.scale * part,
            sure: self.sure.min(other.sure),
        }
    }
}

/// What is summed over the voxels of a slab.
#[derive(Clone, Copy, Default)]
struct Sum {
    count: f64,
    places: Vector3<f64>,
}

impl Sum {
    fn add(&mut self, place: Point3<f64>) {
        self.count += 1.0;
        self.places += place.coords;
    }

    fn middle(&self) -> Vector3<f64> {
        self.places / self.count
    }
}

impl Shifts {
    /// Of the surfaces of one label, by how deep each voxel lies in them, and what the network says of it.
    pub(super) fn of(
        meshes: &[&Mesh<RightSide>],
        depth: &[f32],
        said: &[u8],
        patch: &Patch,
    ) -> Option<Shifts> {
        let places = || meshes.iter().flat_map(|mesh| mesh.vertices.iter().map(|v| v.coords()));
        let count = places().count();
        let middle = Point3::from(places().map(|p| p.coords).sum::<Vector3<f64>>() / (count as f64));
        let spread: Matrix3<f64> = places().map(|p| (p - middle) * (p - middle).transpose()).sum();
        if count == 0 || !spread.iter().all(|v| v.is_finite()) {
            return None;
        }
        let SymmetricEigen { eigenvectors, eigenvalues } = SymmetricEigen::new(spread);
        let axis: Vector3<f64> = eigenvectors.column(eigenvalues.imax()).into_owned();
        let level = |place: Point3<f64>| (place - middle).dot(&axis);
        let (low, high) = places().map(level).fold((f64::MAX, f64::MIN), |(a, b), l| (a.min(l), b.max(l)));
        let slabs = ((high - low) / SLAB_MM).ceil().max(1.0) as usize;
        let slab_of = |place: Point3<f64>| {
            let slab = ((level(place) - low) / SLAB_MM).floor();
            (slab >= 0.0 && slab < slabs as f64).then_some(slab as usize)
        };
        let mut own = vec![Sum::default(); slabs];
        for n in (0..depth.len()).filter(|&n| depth[n] > 0.0) {
            let place = patch.point(n);
            slab_of(place).into_iter().for_each(|slab| own[slab].add(place));
        }
        let mut seen = vec![Sum::default(); slabs];
        for n in (0..said.len()).filter(|&n| said[n] >= SAID) {
            let place = patch.point(n);
            let Some(slab) = slab_of(place).filter(|&slab| own[slab].count > 0.0) else { continue };
            if (place.coords - own[slab].middle()).norm() < FARTHEST_MM {
                seen[slab].add(place);
            }
        }
        let shift = |(own, seen): (&Sum, &Sum)| {
            let share = seen.count / own.count.max(1.0);
            if own.count < 1.0 || seen.count < FEWEST || share < LEAST_SHARE {
                return None;
            }
            let by = seen.middle() - own.middle();
            let scale = share.sqrt().clamp(1.0 / MOST_SCALE, MOST_SCALE);
            let shift = by - axis * by.dot(&axis);
            Some(Slab { middle: own.middle(), shift, scale, sure: share.min(1.0) })
        };
        let slabs = own.iter().zip(&seen).map(shift).collect();
        Some(Shifts { middle, axis, first: low + SLAB_MM / 2.0, slabs })
    }

    /// How far a place of the muscle goes, in mm, and how sure that is, up to 1.
    pub(super) fn at(&self, place: Point3<f64>) -> Option<(Vector3<f64>, f64)> {
        let slab = self.slab_at(place)?;
        let across = place.coords - slab.middle;
        let across = across - self.axis * across.dot(&self.axis);
        Some((slab.shift + across * (slab.scale - 1.0), slab.sure))
    }

    /// The slab at a place, between two.
    fn slab_at(&self, place: Point3<f64>) -> Option<Slab> {
        let level = ((place - self.middle).dot(&self.axis) - self.first) / SLAB_MM;
        let slab = |n: f64| {
            let n = n.clamp(0.0, self.slabs.len() as f64 - 1.0);
            self.slabs.get(n as usize).copied().flatten()
        };
        match (slab(level.floor()), slab(level.floor() + 1.0)) {
            (Some(one), Some(other)) => Some(one.between(other, level - level.floor())),
            (one, other) => one.or(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A bar along z.
    fn bar() -> Mesh<RightSide> {
        Mesh::cuboid([-8.0, -8.0, -50.0], [8.0, 8.0, 50.0])
    }

    #[test]
    fn a_muscle_goes_across_its_length_to_what_the_network_calls_it() {
        let patch = Patch::of_places(50, |_| false);
        let depth = patch.depth(&bar(), 0.0);
        // 20 mm beside it and 30 mm farther up, where no slab follows; nothing is seen of its lower end.
        let seen =
            |p: Point3<f64>| (p.x - 20.0).abs() < 8.0 && p.y.abs() < 8.0 && (-20.0..80.0).contains(&p.z);
        let said: Vec<u8> = (0..depth.len()).map(|n| if seen(patch.point(n)) { 200 } else { 60 }).collect();
        let shifts = Shifts::of(&[&bar()], &depth, &said, &patch).unwrap();
        let (shift, sure) = shifts.at(Point3::new(8.0, 0.0, 20.0)).unwrap();
        assert!((shift - Vector3::new(20.0, 0.0, 0.0)).norm() < 1.5 && sure > 0.8, "{shift} {sure}");
        assert!(shifts.at(Point3::new(0.0, 0.0, -48.0)).is_none());
        assert!(Shifts::of(&[], &depth, &said, &patch).is_none());
    }
}
