//! Weight.

/// Standard gravity in m/s².
pub const STANDARD_GRAVITY: f64 = 9.80665;
