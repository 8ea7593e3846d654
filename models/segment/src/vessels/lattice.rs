//! Where two neighbours run, seen through planes one after the other: the first on a lattice of places in each plane, the second at a place of a
//! smaller lattice from it. Forward and backward sums over all ways (Rabiner 1989, Proc IEEE 77:257) give of every plane how likely each place is.
//!
//! What differs from the usual course does so by an autoregressive process, along each axis alone, so that the step from plane to plane is a
//! small matrix along each axis of the lattice. A second lattice of one place is a single vessel.

use rayon::prelude::*;

/// An autoregressive process on evenly spaced places about 0.
#[derive(Debug, Clone)]
pub(super) struct Steps {
    /// Number of places.
    pub(super) count: usize,
    /// Probability of each place at the beginning.
    start: Vec<f32>,
    /// From a place (row) to each.
    to: Vec<f32>,
    /// The transpose.
    from: Vec<f32>,
}

impl Steps {
    /// `half` places on either side of 0, `step_mm` apart; `spread_mm` is the standard deviation of where the process is, `change_mm` of a step of it.
    pub(super) fn new(half: usize, step_mm: f64, spread_mm: f64, change_mm: f64) -> Steps {
        let count = 2 * half + 1;
        let place = |n: usize| (n as f64 - half as f64) * step_mm;
        let normal = |x: f64, sd: f64| (-0.5 * (x / sd).powi(2)).exp();
        let even = |mut row: Vec<f64>| {
            let total: f64 = row.iter().sum();
            row.iter_mut().for_each(|p| *p /= total.max(f64::MIN_POSITIVE));
            row.into_iter().map(|p| p as f32).collect::<Vec<f32>>()
        };
        let start = even((0..count).map(|n| normal(place(n), spread_mm)).collect());
        let kept = (1.0 - (change_mm / spread_mm).powi(2)).max(0.0).sqrt();
        let rows = (0..count)
            .map(|a| even((0..count).map(|b| normal(place(b) - kept * place(a), change_mm)).collect()));
        let to: Vec<f32> = rows.flatten().collect();
        let from = (0..count * count).map(|n| to[n % count * count + n / count]).collect();
        Steps { count, start, to, from }
    }

    /// A process that stays at 0.
    pub(super) fn none() -> Steps {
        Steps { count: 1, start: vec![1.0], to: vec![1.0], from: vec![1.0] }
    }
}

/// Logarithms of how well each place of a plane looks, of both lattices.
#[derive(Debug, Clone)]
pub(super) struct Looks {
    /// Of the first, by row (second axis) and column.
    pub(super) first: Vec<f32>,
    /// Of the second, on the sum of both lattices.
    pub(super) second: Vec<f32>,
    /// Of the second's place from the first.
    pub(super) apart: Vec<f32>,
}

/// How likely each place of a plane is, given all planes.
#[derive(Debug, Clone)]
pub(super) struct Likely {
    /// Of the first.
    pub(super) first: Vec<f32>,
    /// Of the second, on the sum of both lattices.
    pub(super) second: Vec<f32>,
}

/// Probabilities by plane, and the logarithm of how well all planes together look.
pub(super) fn probabilities(first: &Steps, second: &Steps, planes: &[Looks]) -> (Vec<Likely>, f64) {
    let (n, m) = (first.count, second.count);
    let looks: Vec<Vec<f32>> = planes.par_iter().map(|plane| joint(plane, n, m)).collect();
    let mut now: Vec<f32> = Vec::with_capacity(n * n * m * m);
    for (a, b) in (0..n * n).map(|s| (s / n, s % n)) {
        for (c, d) in (0..m * m).map(|s| (s / m, s % m)) {
            now.push(first.start[a] * first.start[b] * second.start[c] * second.start[d]);
        }
    }
    let mut log_evidence = 0.0;
    let mut forward: Vec<Vec<f32>> = Vec::with_capacity(planes.len());
    for (plane, look) in looks.iter().enumerate() {
        if plane > 0 {
            now = stepped(&now, [n, n, m, m], [&first.to, &second.to]);
        }
        now.iter_mut().zip(look).for_each(|(p, look)| *p *= look);
        log_evidence += normalise(&mut now);
        forward.push(now.clone());
    }
    let mut later = vec![1.0f32; n * n * m * m];
    let mut likely: Vec<Likely> = Vec::with_capacity(planes.len());
    for (mut here, look) in forward.into_iter().zip(&looks).rev() {
        here.iter_mut().zip(&later).for_each(|(p, later)| *p *= later);
        normalise(&mut here);
        likely.push(marginal(&here, n, m));
        later.iter_mut().zip(look).for_each(|(p, look)| *p *= look);
        later = stepped(&later, [n, n, m, m], [&first.from, &second.from]);
        normalise(&mut later);
    }
    likely.reverse();
    (likely, log_evidence)
}

/// Divides by the sum, and returns its logarithm.
fn normalise(values: &mut [f32]) -> f64 {
    let total: f64 = values.iter().map(|&v| f64::from(v)).sum();
    if total > 0.0 {
        values.iter_mut().for_each(|v| *v = (f64::from(*v) / total) as f32);
    } else {
        values.fill(1.0 / values.len().max(1) as f32);
    }
    total.max(f64::MIN_POSITIVE).ln()
}

/// How well each pair of places looks.
fn joint(plane: &Looks, n: usize, m: usize) -> Vec<f32> {
    let wide = n + m - 1;
    let [first, second, apart] = [&plane.first, &plane.second, &plane.apart]
        .map(|logs| logs.iter().map(|log| log.exp()).collect::<Vec<f32>>());
    let mut all = Vec::with_capacity(n * n * m * m);
    for (row, column) in (0..n * n).map(|s| (s / n, s % n)) {
        let own = first[row * n + column];
        for down in 0..m {
            let start = (row + down) * wide + column;
            let beside = second[start..start + m].iter().zip(&apart[down * m..(down + 1) * m]);
            all.extend(beside.map(|(second, apart)| own * second * apart));
        }
    }
    all
}

/// Sums over what is not asked for.
fn marginal(pairs: &[f32], n: usize, m: usize) -> Likely {
    let wide = n + m - 1;
    let mut likely = Likely { first: vec![0.0; n * n], second: vec![0.0; wide * wide] };
    for (own, pairs) in pairs.chunks_exact(m * m).enumerate() {
        let (row, column) = (own / n, own % n);
        likely.first[own] = pairs.iter().sum();
        for (down, pairs) in pairs.chunks_exact(m).enumerate() {
            let start = (row + down) * wide + column;
            likely.second[start..start + m].iter_mut().zip(pairs).for_each(|(sum, p)| *sum += p);
        }
    }
    likely
}

/// One step of the process along all four axes.
fn stepped(values: &[f32], dims: [usize; 4], [first, second]: [&[f32]; 2]) -> Vec<f32> {
    let mut values = values.to_vec();
    for (axis, &count) in dims.iter().enumerate().filter(|(_, count)| **count > 1) {
        let matrix = if axis < 2 { first } else { second };
        let inner: usize = dims[axis + 1..].iter().product();
        let mut next = vec![0.0f32; values.len()];
        let blocks = next.par_chunks_mut(count * inner).zip(values.par_chunks(count * inner));
        blocks.for_each(|(next, values)| {
            for (from, values) in values.chunks_exact(inner).enumerate() {
                let row = &matrix[from * count..(from + 1) * count];
                for (next, &weight) in next.chunks_exact_mut(inner).zip(row) {
                    if weight > 1e-7 {
                        next.iter_mut().zip(values).for_each(|(next, value)| *next += weight * value);
                    }
                }
            }
        });
        values = next;
    }
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(n: usize, m: usize) -> Looks {
        let wide = n + m - 1;
        Looks { first: vec![0.0; n * n], second: vec![0.0; wide * wide], apart: vec![0.0; m * m] }
    }

    fn spread(likely: &[f32], count: usize, step_mm: f64) -> [f64; 2] {
        let half = (count - 1) as f64 / 2.0;
        let total: f64 = likely.iter().map(|&p| f64::from(p)).sum();
        let x = |n: usize| ((n % count) as f64 - half) * step_mm;
        let mean: f64 = likely.iter().enumerate().map(|(n, &p)| f64::from(p) * x(n)).sum::<f64>() / total;
        let square: f64 =
            likely.iter().enumerate().map(|(n, &p)| f64::from(p) * (x(n) - mean).powi(2)).sum::<f64>()
                / total;
        [mean, square.sqrt()]
    }

    #[test]
    fn planes_that_say_nothing_leave_the_usual_spread() {
        let (first, second) = (Steps::new(10, 2.0, 6.0, 1.5), Steps::new(3, 2.0, 2.5, 1.0));
        let planes = vec![flat(21, 7); 12];
        let (likely, log_evidence) = probabilities(&first, &second, &planes);
        assert!(log_evidence.abs() < 1e-3, "{log_evidence}");
        for plane in &likely {
            let [mean, sd] = spread(&plane.first, 21, 2.0);
            assert!(mean.abs() < 1e-2 && (sd - 6.0).abs() < 0.6, "{mean} {sd}");
            let [mean, sd] = spread(&plane.second, 27, 2.0);
            assert!(mean.abs() < 1e-2 && (sd - 6.0f64.hypot(2.5)).abs() < 0.7, "{mean} {sd}");
        }
    }

    #[test]
    fn a_plane_that_shows_the_vessel_draws_its_neighbours() {
        let steps = Steps::new(10, 2.0, 6.0, 1.2);
        let mut planes = vec![flat(21, 1); 15];
        // Seen 8 mm along the first axis in the middle alone.
        let clear = &mut planes[7].first;
        clear.fill(-20.0);
        clear[10 * 21 + 14] = 0.0;
        let (likely, _) = probabilities(&steps, &Steps::none(), &planes);
        let of = |plane: usize| spread(&likely[plane].first, 21, 2.0);
        let ([at, sure], [near, less], [far, least]) = (of(7), of(8), of(14));
        assert!((at - 8.0).abs() < 1e-3 && near < 8.0 && far < near && far > 3.0, "{at} {near} {far}");
        assert!(sure < less && less < least, "{sure} {less} {least}");
        // The same backwards.
        assert!((of(6)[0] - near).abs() < 1e-2 && (of(0)[0] - far).abs() < 0.2);
    }
}
