//! Tables of what changes with a position.

/// The values of a table at a position: rows of (position, values...), ascending; linear between rows, constant outside.
pub fn interpolate<const N: usize, const M: usize>(rows: &[[f64; N]], at: f64) -> [f64; M] {
    let upper = rows.partition_point(|row| row[0] <= at);
    let (a, b) = (&rows[upper.saturating_sub(1)], &rows[upper.min(rows.len() - 1)]);
    let t = if b[0] > a[0] { ((at - a[0]) / (b[0] - a[0])).clamp(0.0, 1.0) } else { 0.0 };
    std::array::from_fn(|m| a[m + 1] + (b[m + 1] - a[m + 1]) * t)
}

#[cfg(test)]
mod tests {
    use super::interpolate;

    #[test]
    fn values_are_linear_between_rows_and_constant_outside() {
        let rows = [[-1.0, 4.0, 0.0], [1.0, 8.0, 1.0], [2.0, 8.0, 3.0]];
        let at = |position| interpolate::<3, 2>(&rows, position);
        assert_eq!((at(-5.0), at(-1.0), at(0.0)), ([4.0, 0.0], [4.0, 0.0], [6.0, 0.5]));
        assert_eq!((at(1.5), at(2.0), at(9.0)), ([8.0, 2.0], [8.0, 3.0], [8.0, 3.0]));
    }
}
