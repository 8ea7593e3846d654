//! Voxels of muscle shared out between the muscles, by a random walk that fat stops.
//!
//! A walker starts in a voxel and goes to neighbours of similar CT number; at every step it ends, with a small chance, in one of
//! the muscles or outside them, by how deep the voxel lies in their surfaces (random walks with priors, Grady 2005 CVPR). The voxel
//! goes to where most walkers end.

use super::patch::Patch;
use super::prediction::Prediction;
use rayon::prelude::*;

/// Beyond this distance from its surface, in mm, a voxel is of no muscle.
pub(super) const REACH_MM: f64 = 10.0;
/// Depth in mm by which a prior grows e-fold.
const DEPTH_MM: f64 = 2.5;
/// Chance that a walk ends, against one of going to a neighbour of the same CT number.
const ENDS: f32 = 0.12;
/// Difference of the share of muscle that makes a step half as likely.
const EDGE: f32 = 0.15;
/// Muscles whose walks are solved for together, as what is read of a step then lies together.
const TOGETHER: usize = 8;
/// Rounds of relaxation; walks are shorter than this.
const ROUNDS: usize = 40;
/// A piece smaller than this part of the largest of its muscle is none.
const LEAST_PIECE: f64 = 0.1;
/// Fat so deep in a muscle, in mm, with so many of its 26 neighbours in it, is fat of the muscle.
const FATTY_DEPTH_MM: f64 = 1.5;
const FATTY_NEIGHBOURS: usize = 13;
/// Rounds in which such fat is taken in, streak by streak from its rim.
const FATTY_ROUNDS: usize = 2;

/// Voxels shared out.
pub(super) struct Shared {
    /// For each voxel of the patch, 1 for the first muscle and so on, 0 for none.
    pub(super) labels: Vec<u8>,
    /// Voxels that were walked from: muscle, or what may be, near the surfaces.
    pub(super) near: Vec<usize>,
    /// Of each of these, the chance to end outside all muscles (first), or in each of them.
    pub(super) ends: Vec<Vec<f32>>,
    /// Label of each of these before the walk, by the surfaces alone.
    pub(super) by_surfaces: Vec<u8>,
    /// The chances by the network, where there is one: mean of its members.
    pub(super) network: Option<Vec<Vec<f32>>>,
}

/// Voxels that are muscle, or may be, near the surfaces, by how deep they lie in each muscle, in mm.
pub(super) fn near(depths: &[Vec<f32>], patch: &Patch) -> Vec<usize> {
    (0..patch.hu.len()).into_par_iter().filter(|&n| patch.candidate[n] && is_near(n, depths)).collect()
}

/// Shares out these voxels of a patch; what a network says of them counts beside the surfaces.
pub(super) fn label(
    depths: &[Vec<f32>],
    near: Vec<usize>,
    patch: &Patch,
    prediction: Option<&Prediction>,
) -> Shared {
    let count = patch.hu.len();
    let mut place = vec![u32::MAX; count];
    near.iter().enumerate().for_each(|(own, &n)| place[n] = own as u32);
    let steps = steps(&near, &place, patch);
    let network = prediction.map(Prediction::mean);
    let mut priors = priors(&near, depths);
    let by_surfaces = decided(&priors);
    if let Some((prediction, said)) = prediction.zip(network.as_ref()) {
        priors = prediction.weighed(priors, said);
    }
    let ends: Vec<Vec<f32>> = priors.chunks(TOGETHER).flat_map(|priors| walk(priors, &steps)).collect();
    drop((priors, steps));
    let mut labels = vec![0u8; count];
    for (own, &n) in near.iter().enumerate() {
        let mut best = (ends[0][own], 0);
        for (muscle, end) in ends.iter().enumerate().skip(1) {
            if end[own] > best.0 && f64::from(depths[muscle - 1][n]) > -REACH_MM {
                best = (end[own], muscle);
            }
        }
        labels[n] = best.1 as u8;
    }
    for muscle in 1..=depths.len() {
        keep_large_pieces(&mut labels, muscle as u8, patch.grid.dims);
    }
    for _ in 0..FATTY_ROUNDS {
        take_in_fat(&mut labels, depths, patch);
    }
    Shared { labels, near, ends, by_surfaces, network }
}

/// The most probable, 0 for none, of each place.
pub(super) fn decided(shares: &[Vec<f32>]) -> Vec<u8> {
    let places = shares.first().map_or(0, Vec::len);
    (0..places)
        .map(|place| {
            (0..shares.len()).fold(0, |best, n| if shares[n][place] > shares[best][place] { n } else { best })
                as u8
        })
        .collect()
}

/// Neighbours of each voxel by their places among those that are near, with the chance of a step relative to that between like
/// voxels.
fn steps(near: &[usize], place: &[u32], patch: &Patch) -> Vec<[(u32, f32); 6]> {
    let [ni, nj, nk] = patch.grid.dims;
    near.par_iter()
        .map(|&n| {
            let (i, j, k) = (n % ni, n / ni % nj, n / (ni * nj));
            let to = |possible: bool, next: usize| {
                let own = if possible { place[next] } else { u32::MAX };
                if own == u32::MAX {
                    return (0, 0.0);
                }
                let difference = (patch.muscle[n] - patch.muscle[next]) / EDGE;
                // The thinner fat between two muscles, the less of it is in either voxel: both count.
                let fat = (1.0 - patch.muscle[n]).max(1.0 - patch.muscle[next]) / (2.0 * EDGE);
                (own, (-0.7 * (difference * difference + fat * fat)).exp() + 1e-4)
            };
            [
                to(i > 0, n.wrapping_sub(1)),
                to(i + 1 < ni, n + 1),
                to(j > 0, n.wrapping_sub(ni)),
                to(j + 1 < nj, n + ni),
                to(k > 0, n.wrapping_sub(ni * nj)),
                to(k + 1 < nk, n + ni * nj),
            ]
        })
        .collect()
}

/// Voxels near the surfaces that are not among those that were walked from, which are in their order.
pub(super) fn beside(near: &[usize], depths: &[Vec<f32>]) -> Vec<usize> {
    let count = depths.first().map_or(0, Vec::len);
    (0..count).into_par_iter().filter(|n| near.binary_search(n).is_err() && is_near(*n, depths)).collect()
}

/// Whether a voxel may be of a muscle by where it lies.
fn is_near(n: usize, depths: &[Vec<f32>]) -> bool {
    depths.iter().any(|d| f64::from(d[n]) > -REACH_MM)
}

/// Chance that a walk which ends here ends outside all muscles (first), or in each of them.
fn priors(near: &[usize], depths: &[Vec<f32>]) -> Vec<Vec<f32>> {
    let mut priors = vec![vec![0.0f32; near.len()]; depths.len() + 1];
    for (own, &n) in near.iter().enumerate() {
        let (outside, total) = odds_outside(n, depths);
        priors[0][own] = (outside / total) as f32;
        for (prior, depth) in priors[1..].iter_mut().zip(depths) {
            prior[own] = (odds(depth[n]) / total) as f32;
        }
    }
    priors
}

/// By the surfaces alone, the chance that a voxel lies outside all muscles.
pub(super) fn outside(n: usize, depths: &[Vec<f32>]) -> f32 {
    let (outside, total) = odds_outside(n, depths);
    (outside / total) as f32
}

/// Odds of a voxel to lie outside all muscles, and the sum of these and those of all muscles.
fn odds_outside(n: usize, depths: &[Vec<f32>]) -> (f64, f64) {
    let deepest = depths.iter().map(|d| d[n]).fold(f32::NEG_INFINITY, f32::max);
    let outside = odds(-deepest);
    (outside, outside + depths.iter().map(|d| odds(d[n])).sum::<f64>())
}

/// Odds of a voxel of this depth in mm to be of a muscle.
fn odds(depth: f32) -> f64 {
    f64::from(depth.clamp(-50.0, 15.0) / DEPTH_MM as f32).exp()
}

/// Solves for where walks of up to [`TOGETHER`] muscles end by Jacobi's method.
fn walk(priors: &[Vec<f32>], steps: &[[(u32, f32); 6]]) -> Vec<Vec<f32>> {
    let of = |place: usize| std::array::from_fn(|n| priors.get(n).map_or(0.0, |prior| prior[place]));
    let prior: Vec<[f32; TOGETHER]> = (0..steps.len()).into_par_iter().map(of).collect();
    let mut now = prior.clone();
    let mut next = now.clone();
    for _ in 0..ROUNDS {
        next.par_iter_mut().zip(steps).zip(&prior).for_each(|((values, steps), prior)| {
            let (mut sums, mut total) = (prior.map(|prior| ENDS * prior), ENDS);
            for &(to, chance) in steps {
                sums.iter_mut().zip(&now[to as usize]).for_each(|(sum, there)| *sum += chance * there);
                total += chance;
            }
            *values = sums.map(|sum| sum / total);
        });
        std::mem::swap(&mut now, &mut next);
    }
    (0..priors.len()).into_par_iter().map(|n| now.iter().map(|values| values[n]).collect()).collect()
}

/// Takes away pieces of a muscle that are much smaller than its largest one.
fn keep_large_pieces(labels: &mut [u8], muscle: u8, [ni, nj, nk]: [usize; 3]) {
    let mut piece_of = vec![0u32; labels.len()];
    let mut sizes = vec![0usize];
    for start in 0..labels.len() {
        if labels[start] != muscle || piece_of[start] != 0 {
            continue;
        }
        let piece = sizes.len() as u32;
        let mut open = vec![start];
        piece_of[start] = piece;
        let mut size = 0;
        while let Some(n) = open.pop() {
            size += 1;
            let (i, j, k) = (n % ni, n / ni % nj, n / (ni * nj));
            let mut visit = |possible: bool, next: usize| {
                if possible && labels[next] == muscle && piece_of[next] == 0 {
                    piece_of[next] = piece;
                    open.push(next);
                }
            };
            visit(i > 0, n.wrapping_sub(1));
            visit(i + 1 < ni, n + 1);
            visit(j > 0, n.wrapping_sub(ni));
            visit(j + 1 < nj, n + ni);
            visit(k > 0, n.wrapping_sub(ni * nj));
            visit(k + 1 < nk, n + ni * nj);
        }
        sizes.push(size);
    }
    let least = LEAST_PIECE * sizes.iter().copied().max().unwrap_or(0) as f64;
    for (label, &piece) in labels.iter_mut().zip(&piece_of) {
        if piece != 0 && (sizes[piece as usize] as f64) < least {
            *label = 0;
        }
    }
}

/// Gives fat within a muscle to it.
fn take_in_fat(labels: &mut [u8], depths: &[Vec<f32>], patch: &Patch) {
    let [ni, nj, nk] = patch.grid.dims;
    let taken: Vec<(usize, u8)> = (0..labels.len())
        .into_par_iter()
        .filter_map(|n| {
            if labels[n] != 0 || !patch.soft[n] {
                return None;
            }
            let deepest = (0..depths.len()).max_by(|&a, &b| depths[a][n].total_cmp(&depths[b][n]))?;
            if f64::from(depths[deepest][n]) < FATTY_DEPTH_MM {
                return None;
            }
            let muscle = deepest as u8 + 1;
            let (i, j, k) = (n % ni, n / ni % nj, n / (ni * nj));
            let mut around = 0;
            for c in k.saturating_sub(1)..(k + 2).min(nk) {
                for b in j.saturating_sub(1)..(j + 2).min(nj) {
                    for a in i.saturating_sub(1)..(i + 2).min(ni) {
                        around += usize::from(labels[a + ni * (b + nj * c)] == muscle);
                    }
                }
            }
            (around >= FATTY_NEIGHBOURS).then_some((n, muscle))
        })
        .collect();
    for (n, muscle) in taken {
        labels[n] = muscle;
    }
}
