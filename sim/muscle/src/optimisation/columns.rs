//! A matrix by its columns, without what is zero: what a control of each does, mostly on a few coordinates.

/// The matrix.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns {
    /// Where each column ends.
    ends: Vec<usize>,
    /// Row and value of each element.
    elements: Vec<(usize, f64)>,
}

impl Columns {
    /// Without columns.
    pub(super) fn clear(&mut self) {
        self.ends.clear();
        self.elements.clear();
    }

    /// Adds a column by all its elements from the first row on.
    pub(super) fn push(&mut self, column: impl Iterator<Item = f64>) {
        self.elements.extend(column.enumerate().filter(|(_, value)| *value != 0.0));
        self.ends.push(self.elements.len());
    }

    /// The columns, each with rows, ascending, and values of its elements.
    pub(super) fn iter(&self) -> impl Iterator<Item = &[(usize, f64)]> {
        let mut start = 0;
        self.ends.iter().map(move |&end| {
            let column = &self.elements[start..end];
            start = end;
            column
        })
    }
}

/// A column times a vector.
pub(super) fn dot(column: &[(usize, f64)], vector: &[f64]) -> f64 {
    column.iter().map(|(row, value)| value * vector[*row]).sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_zero_is_left_out_and_columns_stay_apart() {
        let mut columns = Columns::default();
        columns.push([0.0, 2.0, 0.0, 3.0].into_iter());
        columns.push([0.0; 4].into_iter());
        columns.push([1.0, 0.0, 0.0, 0.0].into_iter());
        let all: Vec<&[(usize, f64)]> = columns.iter().collect();
        assert_eq!(all, [&[(1, 2.0), (3, 3.0)][..], &[], &[(0, 1.0)]]);
        assert_eq!(dot(all[0], &[1.0, 10.0, 100.0, 1000.0]), 3020.0);
        columns.clear();
        assert_eq!(columns.iter().count(), 0);
    }
}
