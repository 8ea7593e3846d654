//! Features of the values of a region: statistics, histograms, local peaks.

mod distribution;
mod histogram;
mod peak;
mod statistics;
mod volume_histogram;

pub(crate) use distribution::Distribution;
pub(crate) use histogram::histogram;
pub(crate) use peak::peaks;
pub(crate) use statistics::{Statistics, statistics};
pub(crate) use volume_histogram::volume_histogram;
