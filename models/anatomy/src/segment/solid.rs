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
const LEAST_JUDGED: usize = 12;
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
    let part = bone.lattice;
    let directions = directions();
    let is_wall = |n: usize| match walls {
        Walls::Own => labels.data[n] == label,
        Walls::All => labels.data[n] != 0,
    };
    let encloses = |cell: [i64; 3]| {
        let (mut hits, mut own, mut misses, mut lost) = (0usize, 0usize, 0usize, 0usize);
        for direction in &directions {
            match look(field, lattice, cell, *direction, &is_wall) {
                Sight::Wall(n) => {
                    hits += 1;
                    own += usize::from(labels.data[n] == label);
                }
                Sight::Nothing => misses += 1,
                Sight::End => lost += 1,
            }
            // Most voxels are outside, and soon seen to be.
            if misses as f64 > (1.0 - walls.enclosed()) * (directions.len() - lost) as f64 {
                return false;
            }
        }
        // What mostly other bones enclose is not of this one.
        hits + misses >= LEAST_JUDGED && 2 * own >= hits
    };
    let pores = morphology::closed(&bone, PORE_MM);
    let added: Vec<usize> = (0..part.len())
        .into_par_iter()
        .filter_map(|n| {
            let at = part.cell(n);
            let cell: [usize; 3] = std::array::from_fn(|a| at[a] + corner[a]);
            let target = lattice.index(cell);
            let free = labels.data[target] == 0 && field.data[target] != OUTSIDE && allowed(target);
            (free && (pores.data[n] || encloses(cell.map(|c| c as i64)))).then_some(target)
        })
        .collect();
    for target in added {
        labels.data[target] = label;
    }
}

/// What lies in a direction.
enum Sight {
    /// A wall, at this voxel.
    Wall(usize),
    /// No wall within [`LOOK_MM`].
    Nothing,
    /// The end of the scan.
    End,
}

fn look(
    field: &Field<i16>,
    lattice: Lattice,
    from: [i64; 3],
    direction: [i64; 3],
    is_wall: &impl Fn(usize) -> bool,
) -> Sight {
    // Diagonal steps are longer.
    let length = (direction.iter().map(|d| d * d).sum::<i64>() as f64).sqrt() * lattice.step;
    for s in 1..=(LOOK_MM / length) as i64 {
        let at: [i64; 3] = std::array::from_fn(|a| from[a] + s * direction[a]);
        if (0..3).any(|a| at[a] < 0 || at[a] >= lattice.dims[a] as i64) {
            return Sight::End;
        }
        let n = lattice.index(at.map(|c| c as usize));
        if field.data[n] == OUTSIDE {
            return Sight::End;
        }
        if is_wall(n) {
            return Sight::Wall(n);
        }
    }
    Sight::Nothing
}

/// The 26 directions to the neighbours of a voxel, opposite ones far apart in the list.
fn directions() -> Vec<[i64; 3]> {
    (0..27).map(|n| n * 5 % 27).filter(|&n| n != 13).map(to_direction).collect()
}

fn to_direction(n: i64) -> [i64; 3] {
    [n % 3 - 1, n / 3 % 3 - 1, n / 9 - 1]
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
