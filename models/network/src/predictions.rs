//! What each member of a network says of structures, for what weighs it against other evidence.

use super::error::NetworkError;
use super::network::{Network, Prepared};
use coxa_geometry::{Point, frame};
use coxa_imaging::{CtVolume, Grid, Volume};
use nalgebra::Vector3;
use ndarray::Array3;

/// Probabilities of structures, by member of a network: a graph of an ensemble with a mask of Monte-Carlo dropout.
#[derive(Debug)]
pub struct Predictions {
    ids: Vec<u8>,
    /// Of each member, of each structure, 0 to 255.
    members: Vec<Vec<Volume<u8>>>,
}

impl Predictions {
    /// How many members spoke.
    pub fn members(&self) -> usize {
        self.members.len()
    }

    /// What a member says of a structure: 255 times its probability on the network's grid. `None` of what it does not know.
    pub fn of(&self, member: usize, id: u8) -> Option<&Volume<u8>> {
        let place = self.ids.iter().position(|&own| own == id)?;
        self.members.get(member)?.get(place)
    }
}

impl Network {
    /// What each member says of the structures that `wanted` holds for, in a part of the CT between two corners, widened to a whole
    /// window where the scan allows.
    ///
    /// # Errors
    /// Where a graph cannot be run, or the part is too large.
    pub fn predictions(
        &self,
        ct: &CtVolume,
        [low, high]: [Point<frame::Patient>; 2],
        wanted: impl Fn(u8) -> bool,
        progress: &(dyn Fn(usize, usize) + Sync),
    ) -> Result<Predictions, NetworkError> {
        let (ids, keep): (Vec<u8>, Vec<usize>) = self
            .classes
            .iter()
            .enumerate()
            .filter_map(|(class, id)| id.filter(|&id| wanted(id)).map(|id| (id, class)))
            .unzip();
        let Prepared { grid, tensor } = self.prepared(ct, self.part(&ct.grid, low, high));
        let members = self.members();
        let count = members.len();
        let members = members
            .iter()
            .enumerate()
            .map(|(n, member)| {
                let tell = |done: usize, total: usize| progress(n * total + done, count * total);
                let decision = self.decide(&tensor.view(), std::slice::from_ref(member), &keep, &tell)?;
                Ok(decision
                    .kept
                    .into_iter()
                    .map(|kept| Volume::new(grid.clone(), self.along_patient(kept)))
                    .collect())
            })
            .collect::<Result<_, NetworkError>>()?;
        Ok(Predictions { ids, members })
    }

    /// Grid of the network along the patient's axes between two corners, no shorter than a window and no longer than the scan.
    fn part(&self, scan: &Grid, low: Point<frame::Patient>, high: Point<frame::Patient>) -> Grid {
        let spacing = self.spacing_mm();
        let [first, last] = scan.bounds(0.5).map(Point::coords);
        let mut dims = [1; 3];
        let mut origin = Vector3::zeros();
        for (axis, &patch) in self.axes.iter().zip(&self.manifest.input.patch) {
            let a = axis.patient;
            let window = patch as f64 * spacing[a];
            let wider = ((window - (high.coords()[a] - low.coords()[a])) / 2.0).max(0.0);
            // Whole voxels of the scan's extent, so that a window that would leave it at one end is moved, not cut.
            let steps = |mm: f64| (mm / spacing[a]).round().max(0.0) as usize;
            let all = steps(last[a] - first[a]).max(1);
            dims[a] = steps(high.coords()[a] - low.coords()[a] + 2.0 * wider).clamp(1, all);
            let begin = steps(low.coords()[a] - wider - first[a]).min(all - dims[a]);
            origin[a] = first[a] + (begin as f64 + 0.5) * spacing[a];
        }
        Grid::axis_aligned(dims, Point::from_coords(origin.into()), spacing)
    }

    /// An array along the tensor's axes as a volume holds it.
    fn along_patient(&self, array: Array3<u8>) -> Array3<u8> {
        let mut view = array.view();
        for (n, _) in self.axes.iter().enumerate().filter(|(_, axis)| axis.reversed) {
            view.invert_axis(ndarray::Axis(n));
        }
        // Array axis 2 - p is the patient's axis p.
        let mut order = [0; 3];
        for (n, axis) in self.axes.iter().enumerate() {
            order[2 - axis.patient] = n;
        }
        view.permuted_axes(order).as_standard_layout().into_owned()
    }
}
