//! Pieces of metal, found before any bone is.

use super::body;
use super::field::Field;
use super::morphology;
use super::native::Walker;
use super::scan::Scan;
use coxa_anatomy::thresholds::METAL_HU;

/// Smaller pieces are clips and markers, which make no haze and few streaks.
const LEAST_PIECE_MM3: f64 = 300.0;

/// Pieces of metal large enough to matter.
pub(super) fn pieces(field: &Field<i16>) -> Field<bool> {
    let lattice = field.lattice;
    let bright = Field { lattice, data: field.data.iter().map(|&v| v >= METAL_HU).collect() };
    let mut metal = Field::filled(lattice, false);
    let least = LEAST_PIECE_MM3 / lattice.step.powi(3);
    for part in morphology::parts(&bright).into_iter().take_while(|part| part.len() as f64 >= least) {
        for n in part {
            metal.data[n as usize] = true;
        }
    }
    metal
}

/// Which voxels of the scan are metal, in the slices along its third axis that hold a piece of metal in the patient;
/// `None` where there is none.
pub(super) fn in_slices(ct: &Scan<'_>, field: &Field<i16>) -> Option<Vec<bool>> {
    let pieces = pieces(field);
    if !pieces.data.contains(&true) {
        return None;
    }
    let body = body::of(ct);
    let [ni, nj, _] = ct.grid.dims;
    let plane = (ni * nj).max(1);
    let walker = Walker::new(ct, field.lattice);
    let mut metal: Vec<bool> = ct.voxels.iter().map(|&v| v >= METAL_HU).collect();
    let mut is_any = false;
    for (k, metal) in metal.chunks_mut(plane).enumerate() {
        let in_patient = |n: usize| {
            walker
                .index(n % ni, n / ni, k)
                .is_some_and(|at| pieces.data[at] && body.at(pieces.lattice.place(at)) == Some(true))
        };
        match (0..metal.len()).any(|n| metal[n] && in_patient(n)) {
            true => is_any = true,
            false => metal.fill(false),
        }
    }
    is_any.then_some(metal)
}
