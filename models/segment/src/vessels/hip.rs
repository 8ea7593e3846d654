//! The frame of one hip that courses are told in: the middle of its socket, and the directions of the pelvis.

use coxa_anatomy::HipAnatomy;
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Side, Vector};

/// Sockets of adults lie between so far apart, in mm of half the distance.
const HALF_RANGE_MM: std::ops::RangeInclusive<f64> = 60.0..=115.0;

/// One hip, seen as a right one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hip {
    /// The middle of its socket.
    pub(super) socket: Point<RightSide>,
    /// Towards the other socket.
    pub(super) medial: Vector<RightSide>,
    /// Backwards.
    pub(super) posterior: Vector<RightSide>,
    /// Half the distance of the sockets.
    pub(super) half_mm: f64,
}

impl Hip {
    /// The hip of a side.
    ///
    /// # Errors
    /// What the scan does not show of it.
    pub(super) fn of(anatomy: &HipAnatomy, side: Side) -> Result<Hip, &'static str> {
        // Vessels stay where they are when a head leaves its socket.
        let middle = |of: Side| {
            let hip = anatomy.side(of);
            let socket = hip.acetabulum.as_ref().map(|socket| socket.centre_mm);
            socket.or(hip.head.as_ref().map(|head| head.centre_mm)).filter(|place| place.is_finite())
        };
        let own = side.enter(middle(side).ok_or("neither socket nor head is seen")?);
        let other = side
            .enter(middle(side.other()).ok_or("the other hip, which gives size and direction, is not seen")?);
        let half_mm = own.distance(other) / 2.0;
        if !HALF_RANGE_MM.contains(&half_mm) {
            return Err("the distance of the two hips is not that of an adult");
        }
        let medial = (other - own).normalised().ok_or("both hips lie at one place")?;
        let up = Vector::new(0.0, 0.0, 1.0);
        let posterior = up.cross(medial).normalised().ok_or("the hips lie one above the other")?;
        Ok(Hip { socket: own, medial, posterior, half_mm })
    }

    /// A place so far medially, backwards and upwards of the middle of the socket.
    pub(super) fn place(&self, [medial, posterior, up]: [f64; 3]) -> Point<RightSide> {
        let upwards = self.medial.cross(self.posterior);
        self.socket + self.medial * medial + self.posterior * posterior + upwards * up
    }

    #[cfg(test)]
    pub(super) fn upright(socket: Point<RightSide>, half_mm: f64) -> Hip {
        let (medial, posterior) = (Vector::new(1.0, 0.0, 0.0), Vector::new(0.0, 1.0, 0.0));
        Hip { socket, medial, posterior, half_mm }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_anatomy::FemoralHead;

    fn anatomy(right: [f64; 3], left: [f64; 3]) -> HipAnatomy {
        let head = |[x, y, z]: [f64; 3]| {
            Some(FemoralHead {
                centre_mm: Point::new(x, y, z),
                radius_mm: 24.0,
                residual_mm: 0.2,
                spread_mm: 0.3,
            })
        };
        let mut anatomy = HipAnatomy::default();
        (anatomy.right.head, anatomy.left.head) = (head(right), head(left));
        anatomy
    }

    #[test]
    fn both_hips_see_themselves_as_right_ones() {
        let anatomy = anatomy([-85.0, 4.0, 10.0], [85.0, 4.0, 10.0]);
        for side in Side::BOTH {
            let hip = Hip::of(&anatomy, side).unwrap();
            assert!(hip.place([10.0, -40.0, 60.0]).distance(Point::new(-75.0, -36.0, 70.0)) < 1e-9);
            assert!((hip.half_mm - 85.0).abs() < 1e-12);
        }
    }

    #[test]
    fn what_is_no_pelvis_is_refused() {
        for (right, left) in [
            ([0.0; 3], [0.0; 3]),
            ([0.0; 3], [0.0, 0.0, 170.0]),
            ([f64::NAN, 0.0, 0.0], [85.0, 0.0, 0.0]),
            ([-400.0, 0.0, 0.0], [85.0, 0.0, 0.0]),
        ] {
            assert!(Hip::of(&anatomy(right, left), Side::Right).is_err());
        }
        assert!(Hip::of(&HipAnatomy::default(), Side::Left).is_err());
    }
}
