//! A number that follows its key values without going beyond them.

/// A piecewise cubic through key values: Fritsch and Butland 1984 (SIAM J Sci Stat Comput 5:300), whose slope at a key is the
/// weighted harmonic mean of the slopes on both sides, and zero where these differ in sign. Monotone between any two keys,
/// with a continuous slope. The ends of a cycle are joined; other ends are at rest.
#[derive(Debug, Clone)]
pub(crate) struct MonotoneTrack {
    keys: Vec<(f64, f64)>,
    slopes: Vec<f64>,
}

impl MonotoneTrack {
    /// From (place, value) in rising order of place; for a cycle the last value is the first again.
    pub(crate) fn new(keys: Vec<(f64, f64)>, is_cycle: bool) -> Self {
        let pieces: Vec<(f64, f64)> =
            keys.windows(2).map(|pair| (pair[1].0 - pair[0].0, pair[1].1 - pair[0].1)).collect();
        let mut slopes = vec![0.0; keys.len()];
        for i in 1..pieces.len() {
            slopes[i] = slope(pieces[i - 1], pieces[i]);
        }
        if let (true, Some(&first), Some(&last)) = (is_cycle, pieces.first(), pieces.last()) {
            let joined = slope(last, first);
            slopes[0] = joined;
            slopes[pieces.len()] = joined;
        }
        MonotoneTrack { keys, slopes }
    }

    /// The value at a place; beyond the ends, that of the end.
    pub(crate) fn at(&self, place: f64) -> f64 {
        let next = self.keys.partition_point(|key| key.0 <= place);
        let (Some(&(x0, y0)), Some(&(x1, y1))) = (self.keys.get(next.wrapping_sub(1)), self.keys.get(next))
        else {
            let end = if next == 0 { self.keys.first() } else { self.keys.last() };
            return end.map_or(0.0, |key| key.1);
        };
        let width = x1 - x0;
        let t = (place - x0) / width;
        // Cubic Hermite form.
        let (m0, m1) = (self.slopes[next - 1] * width, self.slopes[next] * width);
        let (t2, t3) = (t * t, t * t * t);
        (2.0 * t3 - 3.0 * t2 + 1.0) * y0
            + (t3 - 2.0 * t2 + t) * m0
            + (3.0 * t2 - 2.0 * t3) * y1
            + (t3 - t2) * m1
    }
}

/// Slope at the key between two pieces of some width and rise.
fn slope((w0, rise0): (f64, f64), (w1, rise1): (f64, f64)) -> f64 {
    let (d0, d1) = (rise0 / w0, rise1 / w1);
    if d0 * d1 <= 0.0 {
        return 0.0;
    }
    let (a, b) = (w0 + 2.0 * w1, 2.0 * w0 + w1);
    (a + b) / (b / d0 + a / d1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_through_its_keys_and_never_beyond_them() {
        let keys = vec![(0.0, 25.0), (0.21, 9.0), (0.5, -18.0), (0.62, -12.0), (1.0, 25.0)];
        let track = MonotoneTrack::new(keys.clone(), true);
        for &(place, value) in &keys {
            assert!((track.at(place) - value).abs() < 1e-12);
        }
        for pair in keys.windows(2) {
            let (mut last, sign) = (pair[0].1, (pair[1].1 - pair[0].1).signum());
            for i in 1..=100 {
                let value = track.at(pair[0].0 + (pair[1].0 - pair[0].0) * f64::from(i) / 100.0);
                assert!((value - last) * sign >= -1e-12, "{pair:?} {i}");
                last = value;
            }
        }
    }

    #[test]
    fn its_slope_has_no_jump_also_where_a_cycle_closes() {
        let track =
            MonotoneTrack::new(vec![(0.0, 0.0), (0.3, 4.0), (0.4, 9.0), (0.8, 3.0), (1.0, 0.0)], true);
        let slope = |place: f64, h: f64| (track.at(place + h) - track.at(place)) / h;
        for key in [0.3, 0.4, 0.8] {
            assert!((slope(key, 1e-7) - slope(key, -1e-7)).abs() < 1e-3, "{key}");
        }
        assert!((slope(0.0, 1e-7) - slope(1.0, -1e-7)).abs() < 1e-3);
    }

    #[test]
    fn a_straight_line_stays_one_and_the_ends_hold() {
        let line = MonotoneTrack::new(vec![(0.0, 1.0), (1.0, 2.0), (3.0, 4.0), (4.0, 5.0)], false);
        assert!((line.at(2.0) - 3.0).abs() < 1e-12);
        assert_eq!((line.at(-1.0), line.at(9.0)), (1.0, 5.0));
        assert_eq!(MonotoneTrack::new(vec![(0.0, 7.0)], false).at(0.5), 7.0);
        assert_eq!(MonotoneTrack::new(Vec::new(), true).at(0.5), 0.0);
    }
}
