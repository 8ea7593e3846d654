//! Uneven bodies and random positions, for laws that hold for any of them.
#![allow(dead_code, reason = "no file of laws uses all of this")]

use coxa_geometry::frame::{Femur, Frame, Gravity};
use coxa_geometry::{Mesh, Point};
use coxa_rom::contact::{ContactModel, NamedMesh};
use nalgebra::{Matrix3, Rotation3};
use proptest::prelude::*;

/// A ball with bumps, away from the hip centre.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Blob {
    pub(crate) centre: [f64; 3],
    pub(crate) radius: f64,
    pub(crate) bumps: [f64; 3],
}

const RINGS: u32 = 9;

impl Blob {
    pub(crate) fn mesh<F: Frame>(&self) -> Mesh<F> {
        let around = 2 * RINGS;
        let point = |polar: f64, azimuth: f64| {
            let [a, b, c] = self.bumps;
            let waves =
                a * (3.0 * polar).sin() * azimuth.cos() + b * (2.0 * azimuth).sin() * polar.sin().powi(2);
            let r = self.radius * (1.0 + 0.25 * waves + 0.2 * c * (4.0 * polar).cos());
            let [x, y, z] = self.centre;
            Point::new(
                x + r * polar.sin() * azimuth.cos(),
                y + r * polar.cos(),
                z + r * polar.sin() * azimuth.sin(),
            )
        };
        let mut vertices = vec![point(0.0, 0.0)];
        for i in 1..RINGS {
            for j in 0..around {
                let polar = std::f64::consts::PI * f64::from(i) / f64::from(RINGS);
                vertices.push(point(polar, std::f64::consts::TAU * f64::from(j) / f64::from(around)));
            }
        }
        let last = vertices.len() as u32;
        vertices.push(point(std::f64::consts::PI, 0.0));
        let at = |ring: u32, j: u32| 1 + (ring - 1) * around + j % around;
        let mut triangles = Vec::new();
        for j in 0..around {
            triangles.push([0, at(1, j + 1), at(1, j)]);
            for i in 1..RINGS - 1 {
                triangles.push([at(i, j), at(i + 1, j + 1), at(i + 1, j)]);
                triangles.push([at(i, j), at(i, j + 1), at(i + 1, j + 1)]);
            }
            triangles.push([last, at(RINGS - 1, j), at(RINGS - 1, j + 1)]);
        }
        Mesh { vertices, triangles }
    }
}

pub(crate) fn blob() -> impl Strategy<Value = Blob> {
    let centre = prop::array::uniform3(-60.0..60.0f64);
    (centre, 4.0..35.0f64, prop::array::uniform3(-1.0..1.0f64)).prop_map(|(centre, radius, bumps)| Blob {
        centre,
        radius,
        bumps,
    })
}

pub(crate) fn rotation() -> impl Strategy<Value = Rotation3<f64>> {
    prop::array::uniform3(-3.1..3.1f64).prop_map(|[x, y, z]| Rotation3::from_euler_angles(x, y / 2.0, z))
}

pub(crate) fn moved<F: Frame>(mesh: &Mesh<F>, matrix: &Matrix3<f64>) -> Mesh<F> {
    let vertices = mesh.vertices.iter().map(|v| Point::from_coords((matrix * v.coords().coords).into()));
    Mesh { vertices: vertices.collect(), triangles: mesh.triangles.clone() }
}

pub(crate) fn model(fixed: &[Mesh<Gravity>], moving: &Mesh<Femur>) -> ContactModel<Gravity> {
    model_with_play(fixed, moving, 0.0)
}

pub(crate) fn model_with_play(
    fixed: &[Mesh<Gravity>],
    moving: &Mesh<Femur>,
    play_mm: f64,
) -> ContactModel<Gravity> {
    let fixed: Vec<_> = fixed.iter().map(|mesh| NamedMesh { name: "fixed", mesh }).collect();
    ContactModel::with_play(&fixed, &[NamedMesh { name: "moving", mesh: moving }], play_mm).unwrap()
}
