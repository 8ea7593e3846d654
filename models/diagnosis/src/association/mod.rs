//! Every measure against every score, corrected for how many are compared.

mod associate;

pub use associate::{Associated, AssociationError, CorrelationTest, Pair, associate};
