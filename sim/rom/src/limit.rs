//! How far a motion goes.

use super::motion::Direction;
use coxa_geometry::Angle;

/// How far a motion goes in its direction, measured from its start.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Limit {
    /// To here. Negative where the start itself is blocked and the free poses lie in the other direction.
    At(Angle),
    /// A full turn meets nothing.
    Unlimited,
    /// No pose of this motion is free.
    Blocked,
}

impl Limit {
    /// The angle, where there is one.
    pub fn angle(self) -> Option<Angle> {
        match self {
            Limit::At(angle) => Some(angle),
            Limit::Unlimited | Limit::Blocked => None,
        }
    }
}

/// The free poses of a turn about one joint axis, measured from its start and positive in the axis' sense.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum FreeInterval {
    /// From `from` to `to`. The start itself is free where `from` is not above zero and `to` not below.
    Between {
        /// Lower end.
        from: Angle,
        /// Upper end.
        to: Angle,
    },
    /// A full turn meets nothing.
    Everywhere,
    /// Every pose is blocked.
    Nowhere,
}

impl FreeInterval {
    /// How far one goes in a direction.
    pub fn limit(self, direction: Direction) -> Limit {
        match (self, direction) {
            (FreeInterval::Between { to, .. }, Direction::Positive) => Limit::At(to),
            (FreeInterval::Between { from, .. }, Direction::Negative) => Limit::At(-from),
            (FreeInterval::Everywhere, _) => Limit::Unlimited,
            (FreeInterval::Nowhere, _) => Limit::Blocked,
        }
    }
}
