//! One bone at a time made solid: marrow and pores inside the cortex belong to the bone.
//!
//! Cortex thinner than a voxel leaks, and fatty marrow is as dark as the tissue around the bone, so neither floods nor
//! thresholds find it. What tells marrow is that bone lies in nearly every direction from it.

use super::field::{Field, Lattice, OUTSIDE};
use super::morphology;
use rayon::prelude::*;

/// How far bone is looked for: half the width of the widest marrow, that of the trochanters and the sacral wings.
const LOOK_MM: f64 = 30.0;
/// Directions that must be judged at least; the others leave the scan.
const LEAST_JUDGED: u32 = 12;
/// Pores between trabeculae and in the cortex are closed up to twice this width.
const PORE_MM: f64 = 1.5;

/// Which bones enclose marrow.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Walls {
    /// Those of the bone itself: what another bone closes is a joint.
    Own,
    /// Those of all bones, for the sacrum, whose own cortex is thinnest where it faces its neighbours.
    All,
}

impl Walls {
    /// Share of directions in which marrow is enclosed. A right-angled groove of the surface is in three quarters.
    fn enclosed(self) -> f64 {
        match self {
            Walls::Own => 0.8,
            Walls::All => 0.75,
        }
    }
}

/// Makes the bone `label` solid: voxels without a label that it encloses are added where that is `allowed`.
pub(super) fn fill(
    field: &Field<i16>,
    labels: &mut Field<u8>,
    label: u8,
    walls: Walls,
    allowed: impl Fn(usize) -> bool + Sync,
) {
    let lattice = labels.lattice;
    let Some((bone, corner)) = cropped(labels, label, PORE_MM) else { return };
    let (around, low) = widened(&lattice, &bone.lattice, corner);
    let whole = |part: &Lattice, corner: [usize; 3], n: usize| {
        let at = part.cell(n);
        lattice.index(std::array::from_fn(|a| at[a] + corner[a]))
    };
    let matter: Vec<u8> = (0..around.len())
        .into_par_iter()
        .map(|n| {
            let target = whole(&around, low, n);
            match labels.data[target] {
                _ if field.data[target] == OUTSIDE => BEYOND,
                0 => OPEN,
                other if other == label => OWN,
                _ if walls == Walls::All => OTHER,
                _ => OPEN,
            }
        })
        .collect();
    let views = views(&around, &matter);
    let encloses = |n: usize| {
        let [nothing, own, other] = [OPEN, OWN, OTHER].map(|matter| views[n].count(matter));
        let judged = own + other + nothing;
        // What mostly other bones enclose is not of this one.
        f64::from(nothing) <= (1.0 - walls.enclosed()) * f64::from(judged)
            && judged >= LEAST_JUDGED
            && own >= other
    };
    let pores = morphology::closed(&bone, PORE_MM);
    let added: Vec<usize> = (0..bone.data.len())
        .into_par_iter()
        .filter_map(|n| {
            let target = whole(&bone.lattice, corner, n);
            let free = labels.data[target] == 0 && field.data[target] != OUTSIDE && allowed(target);
            let at = bone.lattice.cell(n);
            let from = around.index(std::array::from_fn(|a| at[a] + corner[a] - low[a]));
            (free && (pores.data[n] || encloses(from))).then_some(target)
        })
        .collect();
    for target in added {
        labels.data[target] = label;
    }
}

/// A part of a lattice, wider by [`LOOK_MM`] where the lattice goes on, and where it begins.
fn widened(lattice: &Lattice, part: &Lattice, corner: [usize; 3]) -> (Lattice, [usize; 3]) {
    let reach = (LOOK_MM / lattice.step) as usize;
    let low: [usize; 3] = corner.map(|c| c.saturating_sub(reach));
    let dims = std::array::from_fn(|a| (corner[a] + part.dims[a] + reach).min(lattice.dims[a]) - low[a]);
    (Lattice { dims, origin: lattice.position(low), step: lattice.step }, low)
}

// What a voxel is to the rays that look for walls.
const OPEN: u8 = 0;
/// A wall of the bone itself.
const OWN: u8 = 1;
/// A wall of another bone.
const OTHER: u8 = 2;
const BEYOND: u8 = 3;

/// In how many of the 26 directions a voxel sees each of [`OPEN`] (no wall within [`LOOK_MM`]), [`OWN`], [`OTHER`] and
/// [`BEYOND`] (the end of the scan): one byte each, so that counts of several directions add as one number.
#[derive(Debug, Clone, Copy, Default)]
struct Views(u32);

impl Views {
    fn count(self, matter: u8) -> u32 {
        self.0 >> (8 * matter) & 0xff
    }
}

/// What every voxel sees. Beyond the lattice the scan ends.
fn views(lattice: &Lattice, matter: &[u8]) -> Vec<Views> {
    let none = || vec![Views::default(); lattice.len()];
    let add = |mut sum: Vec<Views>, views: Vec<Views>| {
        sum.iter_mut().zip(views).for_each(|(sum, views)| sum.0 += views.0);
        sum
    };
    (0..27i32)
        .into_par_iter()
        .with_min_len(7)
        .filter(|&n| n != 13)
        .map(|n| [n % 3 - 1, n / 3 % 3 - 1, n / 9 - 1].map(i64::from))
        .fold(none, |mut sum, direction| {
            look(lattice, matter, direction, &mut sum);
            sum
        })
        .reduce(none, add)
}

/// Adds what every voxel sees in one direction. What a voxel sees is what its neighbour in that direction is, or else
/// what that one sees, so a single pass against the direction settles all of them.
fn look(lattice: &Lattice, matter: &[u8], direction: [i64; 3], views: &mut [Views]) {
    // Diagonal steps are longer.
    let length = (direction.iter().map(|d| d * d).sum::<i64>() as f64).sqrt() * lattice.step;
    let most = (LOOK_MM / length) as u8;
    let [nx, ny, nz] = lattice.dims.map(|n| n as i64);
    // What is seen, and in the lower bits after how many steps.
    const STEPS: u8 = 6;
    let mut seen = vec![0u8; matter.len()];
    let offset = direction[0] + nx * (direction[1] + ny * direction[2]);
    let against = |n: i64, d: i64, count: i64| if d > 0 { count - 1 - n } else { n };
    for row in 0..ny * nz {
        let (y, z) = (against(row % ny, direction[1], ny), against(row / ny, direction[2], nz));
        let inside = (0..ny).contains(&(y + direction[1])) && (0..nz).contains(&(z + direction[2]));
        for x in 0..nx {
            let x = against(x, direction[0], nx);
            let n = x + nx * (y + ny * z);
            let sight = if inside && (0..nx).contains(&(x + direction[0])) {
                let next = (n + offset) as usize;
                match (matter[next], seen[next]) {
                    (OPEN, sight) if sight >> STEPS == OPEN || sight % (1 << STEPS) >= most => 0,
                    (OPEN, sight) => sight + 1,
                    (wall, _) => wall << STEPS | 1,
                }
            } else {
                BEYOND << STEPS | 1
            };
            seen[n as usize] = sight;
            views[n as usize].0 += 1 << (8 * (sight >> STEPS));
        }
    }
}

/// The voxels of a label in a lattice of their own with a margin, and where that lattice begins in the large one.
pub(super) fn cropped(labels: &Field<u8>, label: u8, margin_mm: f64) -> Option<(Field<bool>, [usize; 3])> {
    let lattice = labels.lattice;
    let mut low = [usize::MAX; 3];
    let mut high = [0; 3];
    for (n, _) in labels.data.iter().enumerate().filter(|(_, l)| **l == label) {
        let cell = lattice.cell(n);
        for a in 0..3 {
            low[a] = low[a].min(cell[a]);
            high[a] = high[a].max(cell[a]);
        }
    }
    if low[0] == usize::MAX {
        return None;
    }
    let margin = (margin_mm / lattice.step).ceil() as usize + 2;
    let corner: [usize; 3] = std::array::from_fn(|a| low[a].saturating_sub(margin));
    let dims = std::array::from_fn(|a| (high[a] + margin).min(lattice.dims[a] - 1) - corner[a] + 1);
    let part = Lattice { dims, origin: lattice.position(corner), step: lattice.step };
    let data = (0..part.len())
        .map(|n| {
            let at = part.cell(n);
            labels.data[lattice.index(std::array::from_fn(|a| at[a] + corner[a]))] == label
        })
        .collect();
    Some((Field { lattice: part, data }, corner))
}

#[cfg(test)]
mod tests {
    use super::*;
    use nalgebra::Point3;

    /// A tube along z with a leak in its wall, that the end of the scan cuts on both sides.
    fn tube(inner: f64, outer: f64) -> Field<u8> {
        let lattice = Lattice { dims: [61, 61, 50], origin: Point3::new(-45.0, -45.0, 0.0), step: 1.5 };
        let data = (0..lattice.len())
            .map(|n| {
                let at = lattice.place(n);
                let leak = at.x > 0.0 && at.y.abs() < 1.0 && (6.0..12.0).contains(&at.z);
                u8::from((inner..=outer).contains(&at.x.hypot(at.y)) && !leak)
            })
            .collect();
        Field { lattice, data }
    }

    #[test]
    fn the_marrow_of_a_cut_and_leaking_tube_is_bone_and_its_surroundings_are_not() {
        let mut labels = tube(8.0, 13.0);
        let field = Field::filled(labels.lattice, 20i16);
        fill(&field, &mut labels, 1, Walls::Own, |_| true);
        for (n, &label) in labels.data.iter().enumerate() {
            let at = labels.lattice.place(n);
            let radius = at.x.hypot(at.y);
            if radius < 8.0 {
                assert_eq!(label, 1, "marrow at {at}");
            } else if radius > 16.0 {
                assert_eq!(label, 0, "outside at {at}");
            }
        }
    }

    #[test]
    fn what_another_bone_encloses_is_a_joint() {
        // Half the tube is another bone: the gap between the two is of neither, at least away from the ends of the
        // scan, beyond which nothing is known.
        let mut labels = tube(8.0, 13.0);
        for n in 0..labels.data.len() {
            if labels.lattice.place(n).x < 0.0 && labels.data[n] == 1 {
                labels.data[n] = 2;
            }
        }
        let before = labels.data.clone();
        let field = Field::filled(labels.lattice, 20i16);
        fill(&field, &mut labels, 1, Walls::Own, |_| true);
        let axis = labels.lattice.index([30, 30, 25]);
        assert_eq!(labels.data[axis], before[axis]);
    }
}
