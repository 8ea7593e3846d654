//! Whole cases.

/// A number of cases from one that need not be whole: the next above.
pub(crate) fn whole(cases: f64) -> usize {
    cases.ceil().max(1.0) as usize
}
