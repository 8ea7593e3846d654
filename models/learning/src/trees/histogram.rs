//! Sums of rows by bin.

use std::ops::{Add, AddAssign, Sub};

/// Sums over rows: first and second derivatives of the loss, and how many there are.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub(super) struct Sums {
    /// Of first derivatives.
    pub(super) gradient: f64,
    /// Of second derivatives.
    pub(super) curvature: f64,
    /// Number of rows.
    pub(super) rows: u64,
}

impl Sums {
    /// Of one row.
    pub(super) fn row([gradient, curvature]: [f64; 2]) -> Sums {
        Sums { gradient, curvature, rows: 1 }
    }

    /// What remains of a parent's bin; without rows nothing, lest rounding remain.
    pub(super) fn without(self, other: Sums) -> Sums {
        if self.rows == other.rows { Sums::default() } else { self - other }
    }
}

impl Add for Sums {
    type Output = Sums;

    fn add(self, other: Sums) -> Sums {
        Sums {
            gradient: self.gradient + other.gradient,
            curvature: self.curvature + other.curvature,
            rows: self.rows + other.rows,
        }
    }
}

impl AddAssign for Sums {
    fn add_assign(&mut self, other: Sums) {
        *self = *self + other;
    }
}

impl Sub for Sums {
    type Output = Sums;

    fn sub(self, other: Sums) -> Sums {
        Sums {
            gradient: self.gradient - other.gradient,
            curvature: self.curvature - other.curvature,
            rows: self.rows - other.rows,
        }
    }
}

/// Sums by bin of the rows named, whose derivatives stand in their order; `into` is as long as there are bins.
///
/// One thread adds the rows of a column in their order, so that sums are the same on any number of threads.
pub(super) fn fill(codes: &[u8], rows: &[u32], derivatives: &[[f64; 2]], into: &mut [Sums]) {
    let mut bins = [Sums::default(); 256];
    if rows.len() == codes.len() {
        // All rows, which stand in order.
        for (&code, &derivative) in codes.iter().zip(derivatives) {
            bins[usize::from(code)] += Sums::row(derivative);
        }
    } else {
        for (&row, &derivative) in rows.iter().zip(derivatives) {
            bins[usize::from(codes[row as usize])] += Sums::row(derivative);
        }
    }
    let count = into.len();
    into.copy_from_slice(&bins[..count]);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_summed_by_their_bin() {
        let codes = [1, 2, 0, 1];
        let mut found = [Sums::default(); 3];
        fill(&codes, &[0, 2, 3], &[[1.0, 0.5], [2.0, 0.25], [4.0, 0.125]], &mut found);
        let sums = |gradient, curvature, rows| Sums { gradient, curvature, rows };
        assert_eq!(found, [sums(2.0, 0.25, 1), sums(5.0, 0.625, 2), Sums::default()]);
        let mut all = [Sums::default(); 3];
        fill(&codes, &[0, 1, 2, 3], &[[1.0, 1.0]; 4], &mut all);
        assert_eq!(all.map(|sums| sums.rows), [1, 2, 1]);
        assert_eq!(all[1].without(found[1]), Sums::default());
        assert_eq!(all[2].without(found[2]).rows, 1);
    }
}
