//! Collects results in one place: a value with its method, or the reason why there is none.

use coxa_anatomy::{HipAnatomy, Landmark, LandmarkKind, Missing};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Key, Point, Side};
use coxa_shape::landmarks::rocking::{Found, NotFound};
use std::fmt::Display;

/// The anatomy being filled.
#[derive(Default)]
pub(super) struct Record {
    pub(super) anatomy: HipAnatomy,
}

/// A landmark in the patient.
#[derive(Debug, Clone, Copy)]
pub(super) struct InPatient {
    pub(super) point: Point<Patient>,
    /// One standard deviation per axis.
    pub(super) spread: f64,
}

impl Record {
    /// Keeps a landmark that was found as on a right hip, or why there is none.
    pub(super) fn landmark(
        &mut self,
        kind: LandmarkKind,
        side: Side,
        found: Result<Found, NotFound>,
        method: &str,
    ) -> Option<Found> {
        match found {
            Ok(f) => {
                self.anatomy.landmarks.push(Landmark {
                    kind,
                    side,
                    position_mm: side.leave(f.point),
                    spread_mm: f.spread,
                    method: method.into(),
                });
                Some(f)
            }
            Err(reason) => {
                self.missing(format!("{}_{side}", kind.name()), reason.why());
                None
            }
        }
    }

    /// Notes that something cannot be had.
    pub(super) fn missing(&mut self, what: impl Display, why: impl Into<String>) {
        self.anatomy.missing.push(Missing { what: what.to_string(), why: why.into() });
    }

    /// Keeps a value in the unit of its quantity. One that is not a number is a defect of the input that no check foresaw; it is
    /// missing, not kept.
    pub(super) fn value(&mut self, key: impl Into<Key>, value: f64, spread: f64, method: impl Into<String>) {
        let key = key.into();
        if value.is_finite() && spread.is_finite() {
            self.anatomy.measurements.insert(key, value, spread, method);
        } else {
            self.missing(key, "the bone surfaces do not define it");
        }
    }

    /// Keeps an angle given in radians.
    pub(super) fn angle(
        &mut self,
        key: impl Into<Key>,
        radians: f64,
        spread: f64,
        method: impl Into<String>,
    ) {
        self.value(key, radians.to_degrees(), spread.to_degrees(), method);
    }

    /// A landmark kept before, seen as on a right hip.
    pub(super) fn get(&self, kind: LandmarkKind, side: Side) -> Option<Found> {
        let landmark = self.anatomy.landmark(kind, side)?;
        Some(Found { point: side.enter(landmark.position_mm), spread: landmark.spread_mm })
    }

    /// A landmark of both sides, right first.
    pub(super) fn pair(&self, kind: LandmarkKind) -> Option<[InPatient; 2]> {
        let one = |side| {
            let l = self.anatomy.landmark(kind, side)?;
            Some(InPatient { point: l.position_mm, spread: l.spread_mm })
        };
        Some([one(Side::Right)?, one(Side::Left)?])
    }
}
