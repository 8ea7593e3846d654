//! Trees: gradient boosting on histograms, random forests, and exact Shapley values of both.
//!
//! ```
//! use coxa_learning::trees::{Boosting, BoostingSettings, Monotone};
//! use coxa_learning::{Outcomes, Predictions, Table};
//! use std::collections::BTreeMap;
//!
//! // Whether a patient walks at six months, by age and by a score that is missing of some.
//! let age: Vec<f64> = (0..200).map(|n| 60.0 + f64::from(n % 35)).collect();
//! let score = (0..200).map(|n| if n % 9 == 0 { f64::NAN } else { f64::from(n % 7) }).collect();
//! let walks = age.iter().map(|age| usize::from(*age < 80.0)).collect();
//! let table = Table::new(vec![("age".into(), age), ("score".into(), score)])?;
//! let outcomes = Outcomes::Classes { count: 2, of: walks };
//!
//! let monotone = BTreeMap::from([("age".to_owned(), Monotone::Decreasing)]);
//! let settings = BoostingSettings { monotone, ..BoostingSettings::default() };
//! let model = Boosting::fit(&table, &outcomes, &settings, 1)?;
//! let Predictions::Probabilities(found) = model.predict(&table)? else { unreachable!("of classes") };
//! assert!(found[0][1] > 0.9 && found[34][1] < 0.1);
//!
//! // Log-odds of the first patient: base and what each column adds.
//! let shapley = model.shapley(&table)?;
//! assert!(shapley.of(0, 0)[0] > 10.0 * shapley.of(0, 0)[1].abs());
//! # Ok::<(), coxa_learning::LearningError>(())
//! ```
//!
//! # Why not a crate
//!
//! Looked at in November 2026; each lacks something that a diagnostic module needs.
//! - `perpetual` 2.3 (Apache-2.0, alive): how far a tree may grow depends on the free memory of the machine, so the same seed gives different
//!   models; sums in single precision, much unsafe code, no ordered classes.
//! - `forust-ml` 0.8 (a licence file, none named in its manifest): squared error and two classes alone; sums in single precision.
//! - `smartcore` 0.7 (Apache-2.0, alive): forests answer with classes, not probabilities; no missing values, no histogram boosting, no Shapley values.
//! - `linfa-trees` 0.8 (MIT or Apache-2.0, alive): single trees; no probabilities, no missing values.
//! - `lightgbm3` 1.0 (MIT): binds and builds the C++ library.
//!
//! None draws forests by patient, or checks a model that it reads.

mod background_shapley;
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
