//! A small symmetric matrix, added up and factorised in place.

/// The matrix, then its factor: rows of the lower triangle in a square.
#[derive(Debug, Clone, Default)]
pub(super) struct Cholesky {
    size: usize,
    elements: Vec<f64>,
}

impl Cholesky {
    /// Zero, of a size.
    pub(super) fn clear(&mut self, size: usize) {
        self.size = size;
        self.elements.clear();
        self.elements.resize(size * size, 0.0);
    }

    /// Adds a vector times itself, times a weight; the vector is given by the rows, ascending, and values that are not zero.
    pub(super) fn add(&mut self, vector: &[(usize, f64)], weight: f64) {
        for (n, (row, value)) in vector.iter().enumerate() {
            let (elements, value) = (&mut self.elements[row * self.size..], weight * value);
            for (column, other) in &vector[..=n] {
                elements[*column] += value * other;
            }
        }
    }

    /// Adds a share of the greatest element of the diagonal, and a number, to all of it.
    pub(super) fn damp(&mut self, share: f64, number: f64) {
        let diagonal = (0..self.size).map(|n| self.elements[n * (self.size + 1)]);
        let most = diagonal.fold(0.0, f64::max);
        let add = number + if most > 0.0 { share * most } else { 1.0 };
        for n in 0..self.size {
            self.elements[n * (self.size + 1)] += add;
        }
    }

    /// The factor. A pivot that rounding leaves without worth is taken as endless: the solution is zero there.
    pub(super) fn factorise(&mut self) {
        let size = self.size;
        for column in 0..size {
            for row in column..size {
                let (a, b) = (&self.elements[row * size..], &self.elements[column * size..]);
                let dot: f64 = a[..column].iter().zip(&b[..column]).map(|(a, b)| a * b).sum();
                let left = self.elements[row * size + column] - dot;
                self.elements[row * size + column] = if row == column {
                    if left > 0.0 { left.sqrt() } else { f64::INFINITY }
                } else {
                    left / self.elements[column * size + column]
                };
            }
        }
    }

    /// The solution for a right-hand side, in its place.
    pub(super) fn solve(&self, x: &mut [f64]) {
        let size = self.size;
        for row in 0..size {
            let elements = &self.elements[row * size..];
            let dot: f64 = elements[..row].iter().zip(&x[..row]).map(|(l, x)| l * x).sum();
            x[row] = (x[row] - dot) / elements[row];
        }
        for row in (0..size).rev() {
            let dot: f64 = (row + 1..size).map(|n| self.elements[n * size + row] * x[n]).sum();
            x[row] = (x[row] - dot) / self.elements[row * size + row];
        }
    }
}
