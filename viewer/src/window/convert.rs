//! From our values to bevy's, and nowhere else. The world of bevy is the patient frame in millimetres.

use crate::view::Camera;
use bevy::asset::RenderAssetUsages;
use bevy::color::ColorToComponents;
use bevy::math::{Quat, Vec3};
use bevy::mesh::{Indices, Mesh, PrimitiveTopology};
use bevy::transform::components::Transform;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Vector};
use coxa_planner::pictures::{Colour, View};

/// Faces that meet at a larger angle have an edge between them: the cosine of 35 degrees.
const EDGE: f64 = 0.819;

fn direction(v: Vector<Patient>) -> Vec3 {
    Vec3::new(v.x() as f32, v.y() as f32, v.z() as f32)
}

fn place(p: Point<Patient>) -> Vec3 {
    Vec3::new(p.x() as f32, p.y() as f32, p.z() as f32)
}

/// A colour of ours, seen through as much.
pub(super) fn colour([r, g, b]: Colour, opacity: f32) -> bevy::color::Color {
    bevy::color::Color::srgba_u8(r, g, b, (opacity.clamp(0.0, 1.0) * 255.0) as u8)
}

/// Where a camera stands that is so far in front of what is in its middle.
pub(super) fn transform(camera: &Camera, distance_mm: f32) -> Transform {
    let into = direction(camera.into);
    let stand = place(camera.target) - into * distance_mm;
    Transform::from_translation(stand).looking_to(into, direction(camera.up))
}

/// Where a motion of the patient frame brings a surface.
pub(super) fn pose(motion: &coxa_geometry::Transform<Patient, Patient>) -> Transform {
    let (moved, turned) = (&motion.isometry().translation, motion.isometry().rotation.coords);
    Transform {
        translation: Vec3::new(moved.x as f32, moved.y as f32, moved.z as f32),
        rotation: Quat::from_xyzw(turned.x as f32, turned.y as f32, turned.z as f32, turned.w as f32),
        scale: Vec3::ONE,
    }
}

/// Colours of the vertices of a surface, as the renderer wants them.
fn vertex_colours(colours: &[Colour]) -> Vec<[f32; 4]> {
    colours.iter().map(|&c| colour(c, 1.0).to_linear().to_f32_array()).collect()
}

/// A surface that is smooth all over, as bones are; with a colour for each of its vertices where it is coloured.
pub(super) fn smooth(mesh: &coxa_geometry::Mesh<Patient>, colours: Option<&[Colour]>) -> Mesh {
    moved(mesh, &mesh.vertices, &mesh.vertex_normals(), colours)
}

/// A smooth surface whose vertices have gone elsewhere.
pub(super) fn moved(
    mesh: &coxa_geometry::Mesh<Patient>,
    places: &[Point<Patient>],
    normals: &[Vector<Patient>],
    colours: Option<&[Colour]>,
) -> Mesh {
    let positions: Vec<[f32; 3]> = places.iter().map(|&v| place(v).to_array()).collect();
    let normals: Vec<[f32; 3]> = normals.iter().map(|&n| direction(n).to_array()).collect();
    let indices: Vec<u32> = mesh.triangles.iter().flatten().copied().collect();
    let made = of(positions, normals).with_inserted_indices(Indices::U32(indices));
    match colours {
        Some(colours) => made.with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, vertex_colours(colours)),
        None => made,
    }
}

/// A surface with edges, as made parts are: faces share a normal where they meet at a small angle only.
pub(super) fn edged(mesh: &coxa_geometry::Mesh<Patient>, colours: Option<&[Colour]>) -> Mesh {
    let faces: Vec<Vector<Patient>> = (0..mesh.triangles.len())
        .map(|t| {
            let [a, b, c] = mesh.corners(t);
            (b - a).cross(c - a)
        })
        .collect();
    let mut around: Vec<Vec<usize>> = vec![Vec::new(); mesh.vertices.len()];
    for (t, triangle) in mesh.triangles.iter().enumerate() {
        triangle.iter().for_each(|&v| around[v as usize].push(t));
    }
    let (mut positions, mut normals) = (Vec::new(), Vec::new());
    for (triangle, &own) in mesh.triangles.iter().zip(&faces) {
        for &v in triangle {
            let near = around[v as usize].iter().map(|&t| faces[t]);
            let near = near.filter(|face| face.dot(own) >= EDGE * face.norm() * own.norm());
            let normal = near.fold(Vector::new(0.0, 0.0, 0.0), |sum, face| sum + face);
            positions.push(place(mesh.vertices[v as usize]).to_array());
            normals.push(direction(normal.normalised().unwrap_or(normal)).to_array());
        }
    }
    let made = of(positions, normals);
    match colours {
        Some(colours) => {
            let each: Vec<Colour> =
                mesh.triangles.iter().flatten().filter_map(|&v| colours.get(v as usize)).copied().collect();
            made.with_inserted_attribute(Mesh::ATTRIBUTE_COLOR, vertex_colours(&each))
        }
        None => made,
    }
}

/// The rectangle of a view, for a picture to be drawn on.
pub(super) fn picture(view: &View) -> Mesh {
    let corner = |right: f64, down: f64| {
        let off = view.right * (right * view.width_mm) + view.down * (down * view.height_mm);
        place(view.centre + off).to_array()
    };
    let positions = vec![corner(-0.5, -0.5), corner(0.5, -0.5), corner(0.5, 0.5), corner(-0.5, 0.5)];
    let normal = direction(-view.into_picture()).to_array();
    of(positions, vec![normal; 4])
        .with_inserted_attribute(Mesh::ATTRIBUTE_UV_0, vec![[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
        .with_inserted_indices(Indices::U32(vec![0, 3, 2, 0, 2, 1]))
}

fn of(positions: Vec<[f32; 3]>, normals: Vec<[f32; 3]>) -> Mesh {
    Mesh::new(PrimitiveTopology::TriangleList, RenderAssetUsages::RENDER_WORLD)
        .with_inserted_attribute(Mesh::ATTRIBUTE_POSITION, positions)
        .with_inserted_attribute(Mesh::ATTRIBUTE_NORMAL, normals)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::Standard;
    use coxa_geometry::Side;

    #[test]
    fn a_cube_keeps_its_edges() {
        let cube = coxa_geometry::Mesh::cuboid([0.0; 3], [1.0; 3]);
        let edged = edged(&cube, None);
        let normals = edged.attribute(Mesh::ATTRIBUTE_NORMAL).unwrap().as_float3().unwrap();
        assert_eq!(normals.len(), 36);
        assert!(normals.iter().all(|n| n.iter().filter(|c| c.abs() > 1e-6).count() == 1));
        assert_eq!(smooth(&cube, None).count_vertices(), 8);
    }

    #[test]
    fn the_camera_of_bevy_sees_what_ours_does() {
        let target = Point::new(3.0, -7.0, 11.0);
        for side in Side::BOTH {
            for view in Standard::ALL {
                let camera = Camera::standard(view, side, target, 80.0);
                let theirs = transform(&camera, 500.0);
                let at = Point::new(10.0, 4.0, -6.0);
                let ours = camera.project(at);
                let seen = theirs.to_matrix().inverse().transform_point3(place(at));
                let expected = Vec3::new(ours[0] as f32, -ours[1] as f32, -(ours[2] as f32 + 500.0));
                assert!((seen - expected).length() < 1e-3, "{view:?} {side}: {seen} {expected}");
            }
        }
    }
}
