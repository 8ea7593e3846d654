//! The patient without table, cushions and cables.

use super::field::{Field, Lattice, OUTSIDE};
use super::morphology;
use super::scan::Scan;
use coxa_anatomy::thresholds::BODY_ABOVE_HU;

/// Voxel size at which the body is found.
const STEP_MM: f64 = 4.0;
/// Sheets and bars thinner than twice this are no part of the body.
const THIN_MM: f64 = 6.0;
/// Parts of the body, such as two thighs, are at least this share of the largest.
const SHARE: f64 = 0.05;

/// The body, on a coarse lattice of its own.
pub(super) fn of(ct: &Scan<'_>) -> Field<bool> {
    let lattice = Lattice::around(&ct.grid, STEP_MM, 1 << 24);
    let field = Field::sample(ct, lattice);
    let tissue =
        Field { lattice, data: field.data.iter().map(|&v| v == OUTSIDE || v > BODY_ABOVE_HU).collect() };
    let thick = morphology::eroded(&tissue, THIN_MM);
    let mut body = Field::filled(lattice, false);
    let parts = morphology::parts(&thick);
    let least = SHARE * parts.first().map_or(0, Vec::len) as f64;
    for part in parts.into_iter().take_while(|part| part.len() as f64 >= least) {
        for n in part {
            body.data[n as usize] = true;
        }
    }
    // Bone may lie right under the skin.
    morphology::dilated(&body, THIN_MM + STEP_MM)
}
