//! What is wrong with an entry of a criteria file.

/// A field, and what is wrong with it.
pub(super) struct Problem {
    /// The field to look at.
    pub(super) field: &'static str,
    /// What is wrong, and what to do.
    pub(super) problem: String,
}

/// Says so.
pub(super) fn wrong<T>(field: &'static str, problem: String) -> Result<T, Problem> {
    Err(Problem { field, problem })
}
