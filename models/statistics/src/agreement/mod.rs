//! Agreement of readers: kappa of classes, the intraclass correlation and the limits of agreement of numbers.

mod few;
mod intraclass;
mod kappa;
mod limits;

pub use few::{kappa_of_few, prevalence_adjusted_kappa};
pub use intraclass::{IntraclassKind, intraclass, intraclass_of};
pub use kappa::{KappaWeights, kappa};
pub use limits::{Agreement, agreement, exact_agreement};
