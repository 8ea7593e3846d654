//! Why points make no curve.

/// Why points make no curve.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SplineError {
    /// Too few.
    #[error("a curve needs {needed} points but has {found}")]
    TooFew {
        /// How many there must be.
        needed: usize,
        /// How many there are.
        found: usize,
    },
    /// Abscissae and ordinates differ in number.
    #[error("the curve has {x} abscissae but {y} ordinates")]
    Uneven {
        /// Abscissae.
        x: usize,
        /// Ordinates.
        y: usize,
    },
    /// Abscissae do not rise, or a number is not finite.
    #[error("abscissa {0} is not greater than the one before it, or a number is not finite")]
    NotRising(usize),
    /// The system has no solution.
    #[error("no curve of degree {0} fits the points")]
    Singular(usize),
}
