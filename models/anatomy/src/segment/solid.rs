//! One bone at a time made solid: marrow and pores inside the cortex belong to the bone.

use super::field::{Field, Lattice};
use super::morphology;

/// Width of the gaps in the cortex that are closed, half.
const CLOSING_MM: f64 = 4.5;
/// Largest hole in an axial slice that is taken for marrow.
const LARGEST_MARROW_MM2: f64 = 2500.0;

/// Makes the bone `label` solid: voxels without a label that its cortex encloses are added. `tube` closes what is
/// enclosed in axial slices, for bones that the end of the scan cuts; a ring such as the sacral canal stays open
/// without it.
pub(super) fn fill(labels: &mut Field<u8>, label: u8, tube: bool) {
    let Some((mut bone, corner)) = cropped(labels, label, CLOSING_MM) else { return };
    let cortex = morphology::closed(&bone, CLOSING_MM);
    let mut filled = cortex.clone();
    morphology::fill_cavities(&mut filled);
    if tube {
        morphology::fill_axial_holes(&mut filled, LARGEST_MARROW_MM2);
    }
    // What closing alone adds also rounds off grooves of the outer surface. It counts next to a cavity; elsewhere
    // only pores of one voxel do.
    let cavities = Field {
        lattice: bone.lattice,
        data: filled.data.iter().zip(&cortex.data).map(|(&filled, &cortex)| filled && !cortex).collect(),
    };
    let around = morphology::dilated(&cavities, CLOSING_MM + bone.lattice.step);
    let pores = morphology::closed(&bone, bone.lattice.step);
    for (n, bone) in bone.data.iter_mut().enumerate() {
        *bone |= cavities.data[n] || (filled.data[n] && around.data[n]) || pores.data[n];
    }
    for n in 0..bone.data.len() {
        if bone.data[n] {
            let at = bone.lattice.cell(n);
            let target = labels.lattice.index(std::array::from_fn(|a| at[a] + corner[a]));
            if labels.data[target] == 0 {
                labels.data[target] = label;
            }
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
