//! Joints that were replaced: a ball of metal shell, plastic and metal head, where no edge of bone shows a femoral head.

use super::field::{Field, Lattice};
use super::heads::Head;
use super::probe::{RADIUS_MM, directions};
use coxa_geometry::Point;
use coxa_geometry::fit::{Method, sphere};
use coxa_geometry::frame::Patient;
use nalgebra::{Point3, Vector3};
use rayon::prelude::*;

/// Ball that is looked for: outer shells of sockets are 44 to 64 mm wide.
const BALL_MM: f64 = 24.0;
/// Share of it that must be metal. Replaced hips have 0.7 in virtual patients, a nail's screw in a head less than 0.2.
const LEAST_FILL: f64 = 0.4;
/// How far from where the head was thought to be it is looked for, and in what steps.
const REACH_MM: f64 = 27.0;
const STEP_MM: f64 = 3.0;
/// Places that hold almost as much metal as the best one are averaged.
const ALMOST: f64 = 0.97;
/// The shell is looked at in these directions, no further from their axis than the cosine says, nor further out.
const DIRECTIONS: usize = 400;
const CONE: f64 = 0.3;
const FURTHEST_MM: f64 = 45.0;

/// The head with centre and outer radius of the shell in its place, if the joint was replaced; `covered` points to the pole of
/// the socket.
pub(super) fn find(metal: &Field<bool>, head: &Head, covered: Vector3<f64>) -> Option<Head> {
    let cells = around(metal, head.centre, REACH_MM + FURTHEST_MM);
    let lattice = metal.lattice;
    let ball = 4.0 / 3.0 * std::f64::consts::PI * (BALL_MM / lattice.step).powi(3);
    let within = |centre: Point3<f64>, radius: f64| {
        cells.iter().filter(|at| (*at - centre).norm_squared() <= radius * radius).count() as f64
    };
    if within(head.centre, REACH_MM + BALL_MM) < LEAST_FILL * ball {
        return None;
    }
    let count = (2.0 * REACH_MM / STEP_MM) as usize + 1;
    let places = Lattice { dims: [count; 3], origin: head.centre - Vector3::repeat(REACH_MM), step: STEP_MM };
    let fills: Vec<f64> =
        (0..places.len()).into_par_iter().map(|n| within(places.place(n), BALL_MM) / ball).collect();
    let best = fills.iter().copied().fold(0.0, f64::max);
    if best < LEAST_FILL {
        return None;
    }
    let (sum, number) = fills
        .iter()
        .enumerate()
        .filter(|(_, fill)| **fill >= ALMOST * best)
        .fold((Vector3::zeros(), 0.0), |(sum, number), (n, _)| (sum + places.place(n).coords, number + 1.0));
    let centre = Point3::from(sum / number);
    let (centre, radius) = shell(metal, centre, covered)?;
    Some(Head { centre, radius: radius.clamp(RADIUS_MM.0, RADIUS_MM.1), is_replaced: true, ..*head })
}

/// Sphere through the outer surface of the metal, seen from within in the directions in which the socket lies; what lies off it
/// is screws, or no shell. The ball that holds most metal lies towards its pole.
fn shell(metal: &Field<bool>, within: Point3<f64>, covered: Vector3<f64>) -> Option<(Point3<f64>, f64)> {
    let seen: Vec<Point<Patient>> = directions(DIRECTIONS)
        .iter()
        .filter(|u| u.dot(&covered) > CONE)
        .filter_map(|u| {
            let steps = (FURTHEST_MM / metal.lattice.step) as usize * 2;
            let mut places = (0..=steps).rev().map(|n| within + u * (0.5 * metal.lattice.step * n as f64));
            places.find(|&at| metal.at(at) == Some(true)).map(Point::from_coords)
        })
        .collect();
    let shell = sphere(&seen, Method::Robust).ok()?.shape;
    let centre = shell.centre.coords();
    ((centre - within).norm() < BALL_MM).then_some((centre, shell.radius))
}

/// Places of metal in a cube around a place.
fn around(metal: &Field<bool>, centre: Point3<f64>, reach: f64) -> Vec<Point3<f64>> {
    let (first, last) =
        metal.lattice.window(centre - Vector3::repeat(reach), centre + Vector3::repeat(reach));
    let mut cells = Vec::new();
    for z in first[2]..=last[2] {
        for y in first[1]..=last[1] {
            for x in first[0]..=last[0] {
                if metal.data[metal.lattice.index([x, y, z])] {
                    cells.push(metal.lattice.position([x, y, z]));
                }
            }
        }
    }
    cells
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Side;

    #[test]
    fn a_shell_with_a_head_is_a_replaced_joint_and_a_screw_is_none() {
        let lattice = Lattice { dims: [90; 3], origin: Point3::new(-67.0, -67.0, -67.0), step: 1.5 };
        let head = Head {
            side: Side::Right,
            centre: Point3::new(8.0, -6.0, 9.0),
            radius: 24.0,
            score: 0.1,
            is_replaced: false,
        };
        let covered = Vector3::new(0.6, 0.1, 0.8).normalize();
        let is_shell = |at: Point3<f64>| {
            let (d, pole) = (at.coords.norm(), at.coords.dot(&covered));
            d < 16.0 || (20.0..26.0).contains(&d) && pole > 0.0
        };
        let is_screw = |at: Point3<f64>| at.y.hypot(at.z) < 5.0;
        let field = |is: &dyn Fn(Point3<f64>) -> bool| {
            let data = (0..lattice.len()).map(|n| is(lattice.place(n))).collect();
            Field { lattice, data }
        };
        let found = find(&field(&is_shell), &head, covered).unwrap();
        assert!(found.is_replaced && found.centre.coords.norm() < 4.0, "{found:?}");
        assert!((found.radius - 26.0).abs() < 3.0, "{found:?}");
        assert!(find(&field(&is_screw), &head, covered).is_none());
        assert!(find(&field(&|_| false), &head, covered).is_none());
    }
}
