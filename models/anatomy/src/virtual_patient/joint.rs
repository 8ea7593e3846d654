//! Congruent joints: a round head, a socket around it, and gaps where bones meet.

use super::VirtualPatientError;
use super::shape::smoothstep;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point, frame::Patient};
use nalgebra::{Matrix3, Matrix4, Point3, Vector3, Vector4};

/// Thinnest bone left between the socket and the surface behind it.
const WALL_MM: f64 = 2.5;

/// The femoral head; its centre is the femur's origin.
pub(super) struct Head {
    pub(super) radius: f64,
}

/// The socket, in the frame of the vertices it was formed in.
pub(super) struct Socket {
    pub(super) centre: Point3<f64>,
    pub(super) radius: f64,
}

/// Moves the femur so that its head centre is the origin and rounds the head to a sphere; fovea and unevenness
/// of the model's surface, some tenths of a millimetre, are lost.
pub(super) fn form_head(vertices: &mut [Point3<f64>], articular: &[usize]) -> Head {
    let (centre, radius) = sphere(articular.iter().map(|&v| vertices[v]));
    for v in vertices {
        let from = *v - centre;
        let distance = from.norm();
        let outside = distance - radius;
        // Whole weight on the head's surface, none on the neck, which leaves the sphere.
        let weight =
            if from.z.is_finite() && outside < 3.5 { 1.0 - smoothstep((outside - 1.0) / 2.5) } else { 0.0 };
        let weight = if outside < -2.0 { 0.0 } else { weight };
        *v = Point3::from(from * (1.0 - weight * outside / distance));
    }
    Head { radius }
}

/// Shapes the socket of a right hip bone to a sphere of the given radius, wherever that sphere lies best.
///
/// The mean of many sockets is shallow and not round. Surface that looks into the socket is drawn radially onto the
/// sphere where it lies near, left where it is deeper (fossa) and at the rim; nothing stays inside the sphere; and the
/// wall behind keeps its thickness.
pub(super) fn form_socket(
    mesh: &Mesh<Patient>,
    vertices: &mut [Point3<f64>],
    articular: &[usize],
    radius: f64,
) -> Socket {
    let centre = sphere_of_radius(articular.iter().map(|&v| vertices[v]), radius);
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
        let fossa = 2.5 * smoothstep((medial_below - 0.72) / 0.2);
        let snapped = fossa + (depth - fossa).max(0.0) * smoothstep((depth - fossa - 2.0) / 4.0);
        let behind = (WALL_MM + fossa) * smoothstep(-facing / 0.3);
        let wanted = (inner * snapped + (1.0 - inner) * depth).max(behind);
        *v = centre + from * ((radius + wanted.max(0.0)) / distance);
    }
    Socket { centre, radius }
}

/// Pushes vertices out of another bone and its neighbourhood, until the gap is open.
pub(super) fn keep_clear(
    mesh: &mut Mesh<Patient>,
    other: &Mesh<Patient>,
    gap: f64,
) -> Result<(), VirtualPatientError> {
    let query = MeshQuery::new(other).map_err(|_| VirtualPatientError::Unfit)?;
    let Some((low, high)) = other.bounds() else { return Ok(()) };
    for v in &mut mesh.vertices {
        let p = v.coords();
        if (0..3).any(|a| p[a] < low.coords()[a] - gap || p[a] > high.coords()[a] + gap) {
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

/// Least-squares sphere: |p|^2 = 2 c.p + (r^2 - |c|^2) is linear in c and the last term.
fn sphere(points: impl Iterator<Item = Point3<f64>>) -> (Point3<f64>, f64) {
    let (mut normal, mut right) = (Matrix4::zeros(), Vector4::zeros());
    for p in points {
        let row = Vector4::new(2.0 * p.x, 2.0 * p.y, 2.0 * p.z, 1.0);
        normal += row * row.transpose();
        right += row * p.coords.norm_squared();
    }
    let x = normal.lu().solve(&right).unwrap_or_default();
    let centre = Point3::new(x[0], x[1], x[2]);
    (centre, (x[3] + centre.coords.norm_squared()).max(0.0).sqrt())
}

/// Centre of the sphere of known radius with the least squared distances to the points, by Gauss and Newton.
fn sphere_of_radius(points: impl Iterator<Item = Point3<f64>> + Clone, radius: f64) -> Point3<f64> {
    let (mut centre, _) = sphere(points.clone());
    for _ in 0..30 {
        let (mut normal, mut right) = (Matrix3::zeros(), Vector3::zeros());
        for p in points.clone() {
            let from = p - centre;
            let distance = from.norm().max(1e-9);
            let row = from / distance;
            normal += row * row.transpose();
            right += row * (distance - radius);
        }
        centre += normal.lu().solve(&right).unwrap_or_default();
    }
    centre
}
