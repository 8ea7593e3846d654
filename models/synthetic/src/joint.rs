//! Congruent joints: a round head, a socket around it, and gaps where bones meet.

use super::error::VirtualPatientError;
use super::smooth::smoothstep;
use coxa_geometry::fit::{self, Method};
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{
    Mesh, Point,
    frame::{Patient, RightSide},
};
use coxa_imaging::surface_distance::distance_to_triangle;
use nalgebra::{Matrix3, Point3, Vector3};

/// How far the bone of the acetabular fossa lies behind the lunate surface.
const FOSSA_MM: f64 = 4.0;

/// Thinnest bone left between the socket and the surface behind it.
const WALL_MM: f64 = 2.5;

/// The femoral head; its centre is the femur's origin.
pub(super) struct Head {
    pub(super) radius: f64,
    /// Direction from its centre to the middle of its articular surface.
    pub(super) pole: Vector3<f64>,
}

/// The socket, in the frame of the vertices it was formed in.
pub(super) struct Socket {
    pub(super) centre: Point3<f64>,
    pub(super) radius: f64,
    /// Direction from its centre to the middle of its articular surface.
    pub(super) floor: Vector3<f64>,
}

/// Moves the femur so that its head centre is the origin and rounds the head to a sphere; fovea and unevenness
/// of the model's surface, some tenths of a millimetre, are lost.
pub(super) fn form_head(
    vertices: &mut [Point3<f64>],
    articular: &[usize],
) -> Result<Head, VirtualPatientError> {
    let points: Vec<_> = articular.iter().map(|&v| Point::<RightSide>::from_coords(vertices[v])).collect();
    let sphere = fit::sphere(&points, Method::LeastSquares).map_err(|_| VirtualPatientError::Unfit)?.shape;
    let (centre, radius) = (sphere.centre.coords(), sphere.radius);
    let pole = articular.iter().map(|&v| vertices[v] - centre).sum::<Vector3<f64>>().normalize();
    for v in vertices {
        let from = *v - centre;
        let distance = from.norm();
        let outside = distance - radius;
        // Whole weight on the head's surface, none where the neck leaves the sphere.
        let on_head = smoothstep((pole.dot(&from) / distance + 0.45) / 0.3);
        let weight = on_head * (1.0 - smoothstep((outside.abs() - 1.0) / 2.0));
        *v = Point3::from(from * (1.0 - weight * outside / distance));
    }
    Ok(Head { radius, pole })
}

/// Shapes the socket of a right hip bone to a sphere of the given radius, wherever that sphere lies best.
///
/// The mean of many sockets is shallow and not round. Surface that looks into the socket is drawn radially onto the
/// sphere where it lies near, left where it is deeper (fossa) and at the rim; nothing stays inside the sphere; and the
/// wall behind keeps its thickness. A dysplastic socket lies by `shift` beside where it lies best.
pub(super) fn form_socket(
    mesh: &Mesh<RightSide>,
    vertices: &mut [Point3<f64>],
    articular: &[usize],
    radius: f64,
    shift: Vector3<f64>,
) -> Result<Socket, VirtualPatientError> {
    let points: Vec<_> = articular.iter().map(|&v| Point::<RightSide>::from_coords(vertices[v])).collect();
    let centre = sphere_of_radius(&points, radius)? + shift;
    let floor = articular.iter().map(|&v| vertices[v] - centre).sum::<Vector3<f64>>().normalize();
    for (v, normal) in vertices.iter_mut().zip(mesh.vertex_normals()) {
        let from = *v - centre;
        let distance = from.norm();
        let depth = distance - radius;
        if depth > 12.0 || distance < 1.0 {
            continue;
        }
        let facing = -normal.coords().dot(&from) / distance;
        let inner = smoothstep((facing - 0.1) / 0.3);
        // The fossa lies medially and below; there the bone stays behind the sphere.
        let medial_below = Vector3::new(0.8, 0.1, -0.6).dot(&from) / distance;
        let fossa = FOSSA_MM * smoothstep((medial_below - 0.72) / 0.2);
        let snapped = fossa + (depth - fossa).max(0.0) * smoothstep((depth - fossa - 2.0) / 4.0);
        let behind = (WALL_MM + fossa) * smoothstep(-facing / 0.3);
        let wanted = (inner * snapped + (1.0 - inner) * depth).max(behind);
        *v = centre + from * ((radius + wanted.max(0.0)) / distance);
    }
    // Flat triangles between vertices on a sphere cut into it: push out the vertices of those that do.
    for _ in 0..3 {
        for triangle in &mesh.triangles {
            let ids = triangle.map(|v| v as usize);
            let inside = radius - distance_to_triangle(centre, ids.map(|v| vertices[v]));
            if inside > 0.0 {
                for v in ids {
                    let from = vertices[v] - centre;
                    vertices[v] += from * (inside / from.norm());
                }
            }
        }
    }
    Ok(Socket { centre, radius, floor })
}

/// Pushes the vertices that may move out of another bone and its neighbourhood, until the gap is open.
pub(super) fn keep_clear(
    mesh: &mut Mesh<Patient>,
    other: &Mesh<Patient>,
    gap: f64,
    may_move: impl Fn(Point<Patient>) -> bool,
) -> Result<(), VirtualPatientError> {
    let query = MeshQuery::new(other).map_err(|_| VirtualPatientError::Unfit)?;
    let Some((low, high)) = other.bounds() else { return Ok(()) };
    for v in &mut mesh.vertices {
        let p = v.coords();
        if (0..3).any(|a| p[a] < low.coords()[a] - gap || p[a] > high.coords()[a] + gap) || !may_move(*v) {
            continue;
        }
        let (nearest, _, distance) = query.closest(*v);
        let inside = query.contains(*v);
        if (distance >= gap && !inside) || distance < 1e-9 {
            continue;
        }
        let outward = (p - nearest.coords()) / distance * if inside { -1.0 } else { 1.0 };
        *v = Point::from_coords(nearest.coords() + outward * gap);
    }
    Ok(())
}

/// Centre of the sphere of known radius with the least squared distances to the points, by Gauss and Newton.
fn sphere_of_radius(points: &[Point<RightSide>], radius: f64) -> Result<Point3<f64>, VirtualPatientError> {
    let start = fit::sphere(points, Method::LeastSquares).map_err(|_| VirtualPatientError::Unfit)?;
    let mut centre = start.shape.centre.coords();
    for _ in 0..30 {
        let (mut normal, mut right) = (Matrix3::zeros(), Vector3::zeros());
        for p in points {
            let from = p.coords() - centre;
            let distance = from.norm().max(1e-9);
            let row = from / distance;
            normal += row * row.transpose();
            right += row * (distance - radius);
        }
        centre += normal.lu().solve(&right).unwrap_or_default();
    }
    Ok(centre)
}
