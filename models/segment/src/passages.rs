//! What the sacrum encloses and is not bone: its canal and its foramina.

use super::cut;
use super::field::{Field, Lattice, OUTSIDE};
use super::lumbosacral::Disc;
use super::midplane::PelvicAxes;
use super::morphology;
use nalgebra::{Matrix3, Point3, Vector3};

/// Half the width of the part of the sacrum that has passages, in half hip distances: beside them lies the marrow of the wings, whose
/// cortex may be too thin to be seen.
const HALF_WIDTH: f64 = 0.33;
/// Half the width of the narrowest passage that is followed: cortex thinner than a voxel has smaller holes.
const RADIUS_MM: f64 = 2.7;
/// What fills passages is darker than the threshold of bone by this.
const BELOW_BONE_HU: i16 = 40;
/// A wall between marrow and passage that is thinner than a voxel is darker than bone, but brighter than both by this within so many voxels of the scan
/// to both sides. Voxels are measured along the way that is looked, for slices may be thick.
const WALL_HU: f64 = 25.0;
const WALL_REACH: f64 = 1.5;
/// Walls are not looked for in what is as dark as fat.
const FAT_BELOW_HU: i16 = 0;
/// From the disc's middle so far in front and so far behind there is no sacrum, in mm.
const BEFORE_MM: f64 = 26.0;
const BEHIND_MM: f64 = 85.0;
/// How far about that place passages are looked for: to the front, to the back, downwards and upwards, in mm.
const LOOKED_AT_MM: [f64; 4] = [36.0, 95.0, 120.0, 25.0];
/// The canal opens behind the disc: how far behind its middle and how far above, in mm.
const CANAL_BEHIND_MM: std::ops::Range<f64> = 12.0..40.0;
const CANAL_ABOVE_MM: std::ops::Range<f64> = 0.0..20.0;
/// How near to the midplane it is there, as a share of the width that has passages.
const CANAL_HALF_WIDTH: f64 = 0.3;

/// Which voxels about the sacrum are none of it though bone encloses them: its canal and its foramina, and those `above` it.
/// `voxel` has the sides of the scan's voxels as columns.
pub(super) fn hollow(
    field: &Field<i16>,
    above: Vec<bool>,
    disc: &Disc,
    axes: &PelvicAxes,
    bone_hu: i16,
    voxel: &Matrix3<f64>,
) -> Vec<bool> {
    let lattice = field.lattice;
    let mut hollow = above;
    let Some((part, first)) = around(&lattice, disc, axes) else { return hollow };
    let whole = |n: usize| {
        let cell = part.cell(n);
        lattice.index(std::array::from_fn(|a| cell[a] + first[a]))
    };
    let wide = HALF_WIDTH * axes.half_mm;
    let ways = across_walls().map(|along| along * (WALL_REACH * voxel.tr_mul(&along).norm()));
    let open = |n: usize| {
        let value = field.data[whole(n)];
        let is_beside = axes.relative(part.place(n)).x.abs() > wide;
        let is_wall = || value > FAT_BELOW_HU && cut::ridge(field, whole(n), &ways) > WALL_HU;
        value != OUTSIDE && value < bone_hu - BELOW_BONE_HU && !is_beside && !is_wall()
    };
    let open = Field { lattice: part, data: (0..part.len()).map(open).collect() };
    let passages = morphology::eroded(&open, RADIUS_MM);
    let is_start = |n: &usize| {
        let from = part.place(*n) - disc.centre;
        let along = axes.rows * from;
        let in_canal = CANAL_BEHIND_MM.contains(&along.y) && CANAL_ABOVE_MM.contains(&from.dot(&disc.up));
        !(-BEFORE_MM..BEHIND_MM).contains(&along.y) || in_canal && along.x.abs() < CANAL_HALF_WIDTH * wide
    };
    let starts: Vec<u32> = (0..part.len()).filter(is_start).map(|n| n as u32).collect();
    let mut reached = Field::filled(part, false);
    for n in morphology::flood(&part, &starts, &mut vec![false; part.len()], |n| passages.data[n]) {
        reached.data[n as usize] = true;
    }
    let reached = morphology::dilated(&reached, RADIUS_MM);
    for (n, _) in reached.data.iter().enumerate().filter(|(_, reached)| **reached) {
        hollow[whole(n)] = true;
    }
    hollow
}

/// The part of a lattice about the sacrum, and where it begins.
fn around(lattice: &Lattice, disc: &Disc, axes: &PelvicAxes) -> Option<(Lattice, [usize; 3])> {
    let wide = HALF_WIDTH * axes.half_mm;
    let [front, back, below, above] = LOOKED_AT_MM;
    let corners = [-wide, wide].into_iter().flat_map(|x| {
        [-front, back].into_iter().flat_map(move |y| [-below, above].map(|z| Vector3::new(x, y, z)))
    });
    let corners: Vec<Point3<f64>> = corners.map(|c| disc.centre + axes.direction(c)).collect();
    let of = |pick: fn(f64, f64) -> f64| {
        corners.iter().copied().reduce(|a, b| a.coords.zip_map(&b.coords, pick).into()).unwrap_or(disc.centre)
    };
    let (first, last) = lattice.window(of(f64::min), of(f64::max));
    if (0..3).any(|a| first[a] > last[a]) {
        return None;
    }
    let dims = std::array::from_fn(|a| last[a] - first[a] + 1);
    Some((Lattice { dims, origin: lattice.position(first), step: lattice.step }, first))
}

/// The directions in which walls are looked through.
fn across_walls() -> [Vector3<f64>; 7] {
    let half = std::f64::consts::FRAC_1_SQRT_2;
    [
        Vector3::x(),
        Vector3::y(),
        Vector3::z(),
        Vector3::new(half, half, 0.0),
        Vector3::new(half, -half, 0.0),
        Vector3::new(0.0, half, half),
        Vector3::new(0.0, half, -half),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A block of bone behind the middle of the hips with marrow in it that thin cortex encloses, and a foramen through it.
    #[test]
    fn a_foramen_is_hollow_and_marrow_behind_thin_cortex_is_not() {
        let lattice = Lattice { dims: [61, 101, 101], origin: Point3::new(-45.0, -50.0, -120.0), step: 1.5 };
        let axes = PelvicAxes { hips: Point3::origin(), rows: Matrix3::identity(), half_mm: 88.0 };
        let disc = Disc { centre: Point3::new(0.0, 0.0, 0.0), up: Vector3::z() };
        let (bone, wall, marrow, fat) = (400i16, 90, 40, -60);
        let off_foramen = |at: Point3<f64>| (at.x - 14.0).hypot(at.z + 30.0);
        let marrow_half =
            |at: Point3<f64>| (at.x + 10.0).abs().max((at.y - 10.0).abs()).max((at.z + 30.0).abs());
        let data = (0..lattice.len()).map(|n| {
            let at = lattice.place(n);
            let in_block =
                at.x.abs() < 30.0 && (-15.0..40.0).contains(&at.y) && (-60.0..-3.0).contains(&at.z);
            match at {
                _ if !in_block || off_foramen(at) < 5.0 => fat,
                _ if marrow_half(at) < 9.0 => marrow,
                // In front the cortex of the marrow is blurred until it is no brighter than soft tissue may be.
                _ if (at.x + 10.0).abs() < 9.0 && (at.z + 30.0).abs() < 9.0 && at.y < 1.0 && at.y > -2.0 => {
                    wall
                }
                _ if (at.x + 10.0).abs() < 9.0 && (at.z + 30.0).abs() < 9.0 && at.y <= -2.0 => fat,
                _ => bone,
            }
        });
        let field = Field { lattice, data: data.collect() };
        let none_above = vec![false; lattice.len()];
        let hollow = hollow(&field, none_above, &disc, &axes, 150, &Matrix3::from_diagonal_element(1.5));
        let at =
            |x: f64, y: f64, z: f64| hollow[lattice.index(lattice.nearest(Point3::new(x, y, z)).unwrap())];
        assert!(at(14.0, 10.0, -30.0), "the foramen is a passage");
        assert!(!at(-10.0, 10.0, -30.0), "marrow is none");
    }
}
