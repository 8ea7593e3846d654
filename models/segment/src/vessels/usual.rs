//! The usual course of the great vessels about the hip joint, by bones alone.
//!
//! Seen as of a right hip, from the middle of the socket: medially, posteriorly and upwards, in a pelvis whose sockets lie 172 mm apart; other
//! pelves are larger or smaller in proportion. The artery comes down along the inner edge of psoas, passes beneath the middle of the inguinal
//! ligament and in front of the inner half of the head; its vein lies medially and behind (textbooks of anatomy). The numbers are means of
//! virtual patients, rounded; [`SPREAD_MM`] is wider than theirs, which are drawn by one rule.

use super::hip::Hip;
use coxa_geometry::frame::RightSide;
use coxa_geometry::{Point, Vector};
use coxa_shape::interpolate::interpolate;

/// Half the distance of the sockets of the pelvis that the tables are of.
const HALF_MM: f64 = 86.0;
/// Distance of neighbouring stations.
pub(super) const STEP_MM: f64 = 3.0;
/// One standard deviation of the artery about its usual course, in either direction across it; of the vein about the artery.
pub(super) const SPREAD_MM: f64 = 8.0;
pub(super) const APART_SPREAD_MM: f64 = 3.5;

/// Height above the middle of the socket; artery medially and posteriorly of it.
const ARTERY: [[f64; 3]; 9] = [
    [-70.0, 8.0, -35.0],
    [-60.0, 10.0, -37.0],
    [-40.0, 14.0, -41.0],
    [-20.0, 19.0, -43.0],
    [0.0, 23.0, -42.0],
    [20.0, 25.0, -40.0],
    [40.0, 27.0, -35.0],
    [60.0, 33.0, -27.0],
    [85.0, 52.0, -9.0],
];
/// Height; vein medially and posteriorly of the artery.
const TO_VEIN: [[f64; 3]; 6] = [
    [-60.0, 7.0, 3.0],
    [-20.0, 9.0, -2.0],
    [0.0, 11.0, 0.0],
    [20.0, 7.0, 8.0],
    [60.0, 8.0, 11.0],
    [85.0, 8.0, 12.0],
];
/// The artery is followed from this height to that one.
const HEIGHTS: [f64; 2] = [82.0, -66.0];

/// A plane across the usual course, with the directions in it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Station {
    /// Where the artery usually passes.
    pub(super) artery: Point<RightSide>,
    /// From there to the vein, along the two directions.
    pub(super) to_vein: [f64; 2],
    /// Medially and backwards in the plane.
    pub(super) across: [Vector<RightSide>; 2],
    /// Height above the middle of the socket, in the pelvis of the tables.
    pub(super) height: f64,
}

impl Station {
    /// A place of the plane, so far medially and backwards of where the artery usually passes.
    pub(super) fn place(&self, [x, y]: [f64; 2]) -> Point<RightSide> {
        self.artery + self.across[0] * x + self.across[1] * y
    }
}

/// Stations along the usual course, from the trunk outwards.
pub(super) fn stations(hip: &Hip) -> Vec<Station> {
    let scale = hip.half_mm / HALF_MM;
    let at = |height: f64| {
        let [medial, posterior] = interpolate::<3, 2>(&ARTERY, height);
        hip.place([medial, posterior, height].map(|mm| mm * scale))
    };
    let mut stations = Vec::new();
    let mut height = HEIGHTS[0];
    while height > HEIGHTS[1] {
        // Over a longer way than a step: the table has corners.
        let down = at(height - 9.0) - at(height + 9.0);
        let Some(along) = down.normalised() else { break };
        let Some(medially) = (hip.medial - along * along.dot(hip.medial)).normalised() else { break };
        let across = [medially, medially.cross(along)];
        let [medial, posterior] = interpolate::<3, 2>(&TO_VEIN, height);
        let to_vein = (hip.medial * medial + hip.posterior * posterior) * scale;
        stations.push(Station {
            artery: at(height),
            to_vein: across.map(|direction| to_vein.dot(direction)),
            across,
            height,
        });
        let way = (at(height - 1.0) - at(height)).norm();
        height -= STEP_MM / way.max(1e-3);
    }
    stations
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stations_run_down_the_course_in_even_steps() {
        for half_mm in [70.0, 86.0, 100.0] {
            let hip = Hip::upright(Point::new(-half_mm, 3.0, -7.0), half_mm);
            let stations = stations(&hip);
            assert!(stations.len() > 40);
            for pair in stations.windows(2) {
                let step = (pair[1].artery - pair[0].artery).norm();
                assert!((step - STEP_MM).abs() < 0.7, "{step}");
                assert!(pair[1].artery.z() < pair[0].artery.z());
            }
            for station in &stations {
                let [x, y] = station.across;
                assert!(x.dot(y).abs() < 1e-9 && (x.norm() - 1.0).abs() < 1e-9 && y.y() > 0.3);
                let apart = station.to_vein[0].hypot(station.to_vein[1]);
                assert!((4.0..16.0).contains(&apart), "{apart} at {}", station.height);
            }
        }
    }
}
