//! Hip forces that were measured in people and published, for the courses to be shown beside.

use serde::Serialize;

/// A published force.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct PublishedForce {
    /// What was averaged.
    pub what: &'static str,
    /// Percent of body weight.
    pub force_pct_bw: f64,
    /// One standard deviation between people, where it is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spread_pct_bw: Option<f64>,
    /// People with instrumented prostheses.
    pub people: usize,
    /// Where it was read.
    pub source: &'static str,
}

const HIP98: &str = "Bergmann et al. 2001, J Biomech 34:859";
const BY_SUBJECT: &str =
    "Bergmann et al. 2016, PLoS ONE 11:e0155612, means of subjects as Fischer et al. 2021 have them";

const fn greatest(force_pct_bw: f64) -> PublishedForce {
    PublishedForce {
        what: "greatest, average patient",
        force_pct_bw,
        spread_pct_bw: None,
        people: 4,
        source: HIP98,
    }
}

const fn by_subject(what: &'static str, force: [f64; 2], people: usize) -> PublishedForce {
    PublishedForce { what, force_pct_bw: force[0], spread_pct_bw: Some(force[1]), people, source: BY_SUBJECT }
}

/// Walking on the level, at about 4 km/h.
pub(super) const WALKING: &[PublishedForce] =
    &[greatest(238.0), by_subject("mean of both peaks", [247.0, 20.0], 10)];
/// Climbing stairs.
pub(super) const STAIRS_UP: &[PublishedForce] = &[greatest(251.0)];
/// Going down stairs.
pub(super) const STAIRS_DOWN: &[PublishedForce] = &[greatest(260.0)];
/// Rising from a chair; one of the nine had 390.
pub(super) const STANDING_UP: &[PublishedForce] =
    &[by_subject("greatest once the seat is left", [215.0, 69.0], 9)];
