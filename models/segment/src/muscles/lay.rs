//! Carried muscles moved to where they are in the scan, all together and smoothly ([`Displacement`]).
//!
//! Bones say where a muscle begins and ends, not how thick it is between nor how far from the bone: a network and fat do. First each muscle goes to
//! where a network sees its middle, then its surface to where the network says that it ends, then to where muscle changes to fat or bone along the
//! normal of every vertex. Without a network the last is all, and looked for farther. Where two muscles touch without fat between them there is no
//! change, and the neighbourhood decides.

use super::displacement::{Displacement, Seen};
use super::edges::{NEIGHBOUR_REACH_MM, beside, change};
use super::patch::Patch;
use super::shift::Shifts;
use coxa_shape::muscle_atlas::CarriedMuscle;
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// How far a change of the scan is looked for in each round, in mm: without a network, and where one has been followed.
const REACHES_MM: [f64; 8] = [22.0, 20.0, 18.0, 16.0, 14.0, 12.0, 10.0, 8.0];
const REACHES_AFTER_NETWORK_MM: [f64; 5] = [14.0, 12.0, 10.0, 9.0, 8.0];
/// How often muscles go to where the network sees their middles, and how far its borders are looked for in each round, in mm.
const SHIFTS: usize = 3;
const BORDERS_MM: [f64; 4] = [22.0, 18.0, 14.0, 10.0];
/// Standard deviation in mm of where a change of the scan, a border of the network and the middle of what it sees are.
const CHANGE_SD_MM: f64 = 2.5;
const BORDER_SD_MM: f64 = 4.0;
const MIDDLE_SD_MM: f64 = 4.0;
/// What one of the vertices that look counts for, see [`Displacement::of`]: what a network says of a muscle is its own, a change of the scan may be
/// another's.
const NETWORK_WORTH: f64 = 0.05;
const CHANGE_WORTH: f64 = 0.02;
/// Vertices farther outside the patch than this, in mm, neither look for anything nor span the displacement.
const OUTSIDE_MM: f64 = 30.0;

/// What a network says of the labels of the muscles on a patch.
pub(super) struct Said {
    /// Place of each muscle's label.
    pub(super) label_of: Vec<usize>,
    /// By label, 255 times its probability in each voxel; `None` where the network does not know it.
    pub(super) shares: Vec<Option<Vec<u8>>>,
}

/// Moves the surfaces; they keep their triangles.
pub(super) fn lay(muscles: &mut [CarriedMuscle], patch: &Patch, said: Option<&Said>) {
    // What cannot be solved leaves the muscles where they are.
    let reaches: &[f64] = match said {
        None => &REACHES_MM,
        Some(said) => {
            if let Some(mut rounds) = Rounds::of(muscles, patch, NETWORK_WORTH) {
                let _ = rounds.follow_middles(said).and_then(|()| rounds.follow_borders(said));
            }
            &REACHES_AFTER_NETWORK_MM
        }
    };
    // From where the network has them, as far as there was one.
    if let Some(mut rounds) = Rounds::of(muscles, patch, CHANGE_WORTH) {
        let _ = rounds.follow_changes(reaches);
    }
}

struct Rounds<'a> {
    displacement: Displacement,
    muscles: &'a mut [CarriedMuscle],
    patch: &'a Patch,
}

impl<'a> Rounds<'a> {
    /// From where the muscles are; `None` where the scan shows none of them.
    fn of(muscles: &'a mut [CarriedMuscle], patch: &'a Patch, worth: f64) -> Option<Rounds<'a>> {
        let displacement = Displacement::of(muscles, worth, |place| patch.is_near(place, OUTSIDE_MM))?;
        Some(Rounds { displacement, muscles, patch })
    }

    /// Each muscle to the middle of what the network calls it.
    fn follow_middles(&mut self, said: &Said) -> Option<()> {
        for _ in 0..SHIFTS {
            let shifts: Vec<Option<Shifts>> = (0..said.shares.len())
                .into_par_iter()
                .map(|label| {
                    let shares = said.shares[label].as_ref()?;
                    let own = self.muscles.iter().zip(&said.label_of).filter(|(_, of)| **of == label);
                    let meshes: Vec<_> = own.map(|(muscle, _)| &muscle.mesh).collect();
                    let depth = self.patch.deepest(&meshes, 0.0);
                    Shifts::of(&meshes, &depth, shares, self.patch)
                })
                .collect();
            self.round(MIDDLE_SD_MM, |vertex, muscle, normal| {
                let (shift, sure) = shifts[said.label_of[muscle]].as_ref()?.at(vertex)?;
                Some((shift.dot(&normal), sure))
            })?;
        }
        Some(())
    }

    /// Each surface to where the network says that its label ends.
    fn follow_borders(&mut self, said: &Said) -> Option<()> {
        let patch = self.patch;
        for reach in BORDERS_MM {
            self.round(BORDER_SD_MM, |vertex, muscle, normal| {
                let share = said.shares[said.label_of[muscle]].as_ref()?;
                let inside = |place| Some(f64::from(share[patch.nearest(place)?]) / 255.0);
                change(inside, vertex, normal, reach)
            })?;
        }
        Some(())
    }

    /// Each surface to where muscle changes to none.
    fn follow_changes(&mut self, reaches: &[f64]) -> Option<()> {
        let beside = beside(self.muscles, self.patch);
        let patch = self.patch;
        for reach in reaches {
            let looking = self.displacement.looking.clone();
            self.round_of(CHANGE_SD_MM, |row, vertex, _, normal| {
                let reach = if beside[looking[row]] { NEIGHBOUR_REACH_MM } else { *reach };
                change(|place| patch.muscle_at(place), vertex, normal, reach)
            })?;
        }
        Some(())
    }

    /// One round: how far each vertex that looks belongs along its normal, in mm, and how sure that is, by its place, muscle and normal.
    fn round(
        &mut self,
        sd_mm: f64,
        belongs: impl Fn(Point3<f64>, usize, Vector3<f64>) -> Option<(f64, f64)> + Sync,
    ) -> Option<()> {
        self.round_of(sd_mm, |_, vertex, muscle, normal| belongs(vertex, muscle, normal))
    }

    /// The same by its place among those that look, too.
    fn round_of(
        &mut self,
        sd_mm: f64,
        belongs: impl Fn(usize, Point3<f64>, usize, Vector3<f64>) -> Option<(f64, f64)> + Sync,
    ) -> Option<()> {
        let (points, normals) = flat(self.muscles);
        let Displacement { vertices, looking, .. } = &self.displacement;
        let seen: Vec<Seen> = (0..looking.len())
            .into_par_iter()
            .filter_map(|row| {
                let v = looking[row];
                let (point, normal, vertex) = (points[v], normals[v], &vertices[v]);
                let (gap, weight) = belongs(row, point, vertex.muscle, normal)?;
                // From where the bones carried it.
                let gap = (point - vertex.carried).dot(&normal) + gap;
                Some(Seen { row, normal, gap, sd_mm, weight })
            })
            .collect();
        self.displacement.apply(&seen, self.muscles)
    }
}

fn flat(muscles: &[CarriedMuscle]) -> (Vec<Point3<f64>>, Vec<Vector3<f64>>) {
    let points = muscles.iter().flat_map(|m| m.mesh.vertices.iter().map(|v| v.coords())).collect();
    let normals = muscles.iter().flat_map(|m| m.mesh.vertex_normals().into_iter().map(|n| n.coords()));
    (points, normals.collect())
}
