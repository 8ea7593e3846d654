//! The bounds of a criterion that names none: those that findings rest on (`docs/limits.md`).

use super::Subject;
use coxa_geometry::quantity::{Ideal, Limit, MotionNeed};
use coxa_geometry::{Quantity, Severity};

/// Bounds and where they come from.
pub(super) struct Standard {
    /// Least, most, ideal from and ideal up to.
    pub(super) bounds: [Option<f64>; 4],
    pub(super) source: String,
}

impl Standard {
    /// Those of a number; `None` of one of which nothing is asked by itself.
    pub(super) fn of(subject: &Subject) -> Option<Self> {
        let of_quantity = |quantity: Quantity| {
            let limit = quantity.limit(Severity::Caution).or_else(|| quantity.limit(Severity::Note))?;
            Some((limit, quantity.ideal()?))
        };
        let (limit, ideal) = match subject {
            Subject::Plan(quantity) => of_quantity(*quantity)?,
            Subject::Motion { motion, .. } => {
                MotionNeed::of(motion).map(|need| (&need.limit, &need.ideal))?
            }
            Subject::Activity(_) => of_quantity(Quantity::ActivityClearance)?,
        };
        Some(Standard::new(limit, ideal))
    }

    fn new(limit: &Limit, ideal: &Ideal) -> Self {
        let bound = |value: f64| value.is_finite().then_some(value);
        let source = if limit.source == ideal.source {
            limit.source.to_owned()
        } else {
            format!("{}; ideal: {}", limit.source, ideal.source)
        };
        Standard { bounds: [limit.least, limit.most, ideal.least, ideal.most].map(bound), source }
    }
}
