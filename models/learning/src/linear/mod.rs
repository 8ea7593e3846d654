//! Regression with an elastic-net penalty: linear, logistic, multinomial, proportional odds.

mod binomial;
mod cumulative;
mod fit;
mod gram;
mod loss;
mod multinomial;
mod quadratic;
mod regression;
mod settings;
mod sigmoid;
mod solver;
mod squares;

pub(crate) use fit::regressions;
pub use fit::{Target, regression};
pub use loss::Ending;
pub use regression::{Coefficients, Family, Regression};
pub use settings::RegressionSettings;
