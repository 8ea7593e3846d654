//! Predictions of one of several classes, in an order or in none.

mod ordinal;
mod unordered;

pub use ordinal::{OrdinalAgreement, concordance, ordinal_agreement, ranked_probability_score};
pub(crate) use unordered::check_classes;
pub use unordered::{ClassAreas, one_versus_rest, top_k_accuracy};
