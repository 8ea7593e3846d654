//! How two measures go together, and many pairs of them.

mod many;
mod pair;
mod partial;
mod ranks;

pub use many::{CorrelationOfMany, ManyCorrelations, Permutations, many_correlations};
pub use pair::{Correlation, pearson, spearman};
pub use partial::partial_spearman;
