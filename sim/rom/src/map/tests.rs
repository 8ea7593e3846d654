//! The map against every position by itself.

use super::*;
use crate::cone::ConeHip;
use crate::cone::neck_axis;
use crate::contact::ContactModel;
use crate::contact::NamedMesh;
use crate::rim::RimHip;
use crate::rim::{self, Neck};
use coxa_geometry::cup::Radiographic;
use coxa_geometry::frame::{Cup, Femur, Gravity};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::{Angle, Mesh, Point, Transform};

/// A thigh with a crooked end, before it a wall and inside of it another.
fn models() -> [ContactModel<Gravity>; 2] {
    let rod = Mesh::<Femur>::cuboid([-10.0, -200.0, -14.0], [14.0, -50.0, 8.0]);
    let walls: [Mesh<Gravity>; 2] = [
        Mesh::cuboid([40.0, -30.0, -60.0], [300.0, 20.0, 60.0]),
        Mesh::cuboid([-90.0, -90.0, -120.0], [90.0, -10.0, -70.0]),
    ];
    walls.map(|wall| {
        ContactModel::new(
            &[NamedMesh { name: "wall", mesh: &wall }],
            &[NamedMesh { name: "rod", mesh: &rod }],
        )
        .unwrap()
    })
}

fn coarse() -> MapOptions {
    MapOptions {
        flexion: MapAxis::new(-40.0, 140.0, 6.0),
        adduction: MapAxis::new(-60.0, 60.0, 5.0),
        internal_rotation: MapAxis::new(-90.0, 90.0, 9.0),
    }
}

#[test]
fn every_cell_is_what_its_position_alone_gives() {
    let models = models();
    let both: Vec<Pair<'_, Gravity>> = models.iter().map(Pair::Surfaces).collect();
    let map = RomMap::new(&both, coarse(), &|_| {}).unwrap();
    let (mut free, mut all) = (0.0, 0.0);
    for f in 0..31 {
        for a in 0..25 {
            for r in 0..21 {
                let angles = HipAngles::from_degrees(
                    -40.0 + 6.0 * f as f64,
                    -60.0 + 5.0 * a as f64,
                    -90.0 + 9.0 * r as f64,
                );
                let expected = models.iter().position(|model| !model.is_free(&angles.rotation()));
                assert_eq!(map.contact(f, a, r), expected, "{angles}");
                all += angles.adduction.cos();
                free += if expected.is_none() { angles.adduction.cos() } else { 0.0 };
            }
        }
    }
    assert!((map.free_fraction() - free / all).abs() < 1e-12);
    let (free, stopped) = map.census(2);
    assert_eq!(free + stopped[0] + stopped[1], 31 * 25 * 21);
    assert!(free > 1000 && stopped.iter().all(|&count| count > 300), "{free} {stopped:?}");
}

#[test]
fn more_bodies_leave_less_free_and_threads_change_nothing() {
    let models = models();
    let [front, inside] = models.each_ref().map(Pair::Surfaces);
    let one = RomMap::new(&[front], coarse(), &|_| {}).unwrap();
    let both = RomMap::new(&[front, inside], coarse(), &|_| {}).unwrap();
    assert!(both.free_fraction() < one.free_fraction());
    let alone = rayon::ThreadPoolBuilder::new().num_threads(1).build().unwrap();
    assert_eq!(alone.install(|| RomMap::new(&[front, inside], coarse(), &|_| {}).unwrap()), both);
}

#[test]
fn closed_forms_answer_every_cell_as_its_position_alone_does() {
    let axis = Radiographic::<Gravity>::from_degrees(40.0, 15.0).axis();
    let neck = neck_axis(Angle::from_degrees(135.0), Angle::from_degrees(12.0));
    let cone = ConeHip::new(axis, neck, Angle::from_degrees(150.0)).unwrap();
    // A narrower rim with a lip on a side.
    let out = axis.coords();
    let up = coxa_geometry::Vector::from_coords(out.cross(&nalgebra::Vector3::z()));
    let across = coxa_geometry::Vector::from_coords(up.coords().cross(&out));
    let cup = Transform::<Cup, Gravity>::from_axes(Point::origin(), across, up).unwrap();
    let points = rim::profile(|azimuth| (18.0, 3.0 * azimuth.cos().max(0.0)));
    let neck = Neck { axis: neck, diameter_mm: 12.0, half_taper: Angle::ZERO };
    let lipped = RimHip::new(&points, &cup, &neck).unwrap();
    let [wall, _] = models();
    let pairs = [Pair::Surfaces(&wall), Pair::Cone(&cone), Pair::Rim(&lipped)];
    let map = RomMap::new(&pairs, coarse(), &|_| {}).unwrap();
    let mut seen = [0; 4];
    for f in 0..31 {
        for a in 0..25 {
            for r in 0..21 {
                let [f_deg, a_deg, r_deg] =
                    [6.0 * f as f64 - 40.0, 5.0 * a as f64 - 60.0, 9.0 * r as f64 - 90.0];
                let angles = HipAngles::from_degrees(f_deg, a_deg, r_deg);
                let met = [
                    !wall.is_free(&angles.rotation()),
                    cone.margin(angles) < Angle::ZERO,
                    lipped.margin(angles) < Angle::ZERO,
                ];
                let expected = met.iter().position(|&met| met);
                assert_eq!(map.contact(f, a, r), expected, "{angles}");
                seen[expected.map_or(3, |n| n)] += 1;
            }
        }
    }
    assert!(seen.iter().all(|&n| n > 50), "{seen:?}");
}

#[test]
fn a_box_of_cells_lies_within_its_radius() {
    let [front, _] = models();
    let options = MapOptions { adduction: MapAxis::new(-90.0, 90.0, 5.0), ..coarse() };
    let pairs = [Pair::Surfaces(&front)];
    let work = Work {
        pairs: &pairs,
        options: &options,
        origin: [0; 3],
        answers: vec![],
        memories: vec![],
        open: vec![],
    };
    for (f, a, r) in [(0, 0, 0), (4, 20, 7), (9, 33, 3)] {
        let cells = Cells([f..f + 8, a..a + 3, r..r + 9]);
        let (middle, radius) = work.middle(&cells);
        for f in cells.0[0].clone() {
            for a in cells.0[1].clone() {
                for r in cells.0[2].clone() {
                    let [f, a, r] = [f, a, r].map(|i| i as f64);
                    let axes = [options.flexion, options.adduction, options.internal_rotation];
                    let angles = HipAngles::from_degrees(axes[0].at(f), axes[1].at(a), axes[2].at(r));
                    assert!(middle.angle_to(angles).radians() <= radius + 1e-12, "{angles}");
                }
            }
        }
    }
}

#[test]
fn maps_without_sense_are_refused() {
    let [front, _] = models();
    let refused = |options| RomMap::new(&[Pair::Surfaces(&front)], options, &|_| {}).err();
    for axis in [MapAxis::new(0.0, 10.0, 0.0), MapAxis::new(10.0, 0.0, 1.0), MapAxis::new(f64::NAN, 1.0, 1.0)]
    {
        assert_eq!(refused(MapOptions { flexion: axis, ..coarse() }), Some(MapError::Axis("flexion")));
    }
    let adduction = MapAxis::new(-100.0, 0.0, 1.0);
    assert_eq!(refused(MapOptions { adduction, ..coarse() }), Some(MapError::Axis("adduction")));
    let fine = MapAxis::new(-90.0, 90.0, 1e-3);
    let options = MapOptions { flexion: fine, adduction: fine, internal_rotation: fine };
    assert!(matches!(refused(options), Some(MapError::TooLarge(_))));
    assert_eq!(RomMap::new::<Gravity>(&[], coarse(), &|_| {}).err(), Some(MapError::Pairs(0)));
}
