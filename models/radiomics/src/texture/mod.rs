//! Texture: matrices of grey levels and their neighbourhood, and the features of them.

mod aggregate;
mod cooccurrence;
mod cooccurrence_features;
mod correlation;
mod counter;
mod directions;
mod grey_tone;
mod matrix;
mod neighbourhood;
mod run_length;
mod zone_features;
mod zones;

pub(crate) use aggregate::{directional, mean, undirected};
pub(crate) use cooccurrence::cooccurrence;
pub(crate) use cooccurrence_features::cooccurrence_features;
pub(crate) use correlation::maximal_correlation;
pub(crate) use directions::IN_SPACE;
pub(crate) use grey_tone::{GreyTones, Isolated, grey_tone_features};
pub(crate) use matrix::Matrix;
pub(crate) use neighbourhood::neighbours;
pub(crate) use run_length::run_lengths;
pub(crate) use zone_features::zone_features;
pub(crate) use zones::{Zones, border_distances, zones};
