//! Trees: gradient boosting on histograms, random forests, and exact Shapley values of both.

mod bins;
mod boosting;
mod draw;
mod forest;
mod forest_tree;
mod grow;
mod histogram;
mod objective;
mod ordered;
mod quadrature;
mod rows;
mod settings;
mod split;
mod tree;
mod tree_shapley;

pub use boosting::Boosting;
pub use forest::{Forest, OutOfBag};
pub use settings::{BoostingSettings, ForestSettings, Monotone, Objective};
