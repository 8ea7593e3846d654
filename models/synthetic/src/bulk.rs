//! Muscles of more or less bulk: their surfaces move towards their own middle or away from it.
//!
//! Every vertex moves along the radius of the largest ball that touches it from within (Ma et al. 2012, Vis Comput 28:7, shrink such
//! balls to find the medial axis), by the same share of it everywhere, so that a sheet thins, a belly narrows and neither folds. Where
//! a muscle lies on bone it stays there.

use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::query::MeshQuery;
use coxa_geometry::{Mesh, Point, Vector};

/// Largest ball that is looked for, in mm.
const LARGEST_BALL_MM: f64 = 24.0;
/// Smallest, so that a crease moves with what is beside it.
const SMALLEST_BALL_MM: f64 = 1.0;
/// A muscle nearer to a bone than the first is fastened to it; farther from it than the second it is free.
const FASTENED_MM: [f64; 2] = [1.5, 7.0];
/// Rounds of smoothing over neighbouring vertices.
const SMOOTHINGS: usize = 4;
/// Shares of the radius by which a vertex moves: outwards, inwards.
const MOST_SHARE: [f64; 2] = [-0.5, 0.75];
/// Halvings of that range until the volume is right.
const HALVINGS: usize = 14;

/// The surface with so many times its volume, as near as that can be had; unchanged where it is too damaged to tell inside from
/// outside.
pub(super) fn resized(
    mesh: &Mesh<Patient>,
    volume_ratio: f64,
    bones: &[MeshQuery<Patient>],
) -> Mesh<Patient> {
    let Ok(query) = MeshQuery::new(mesh) else { return mesh.clone() };
    let normals = mesh.vertex_normals();
    let places = || mesh.vertices.iter().zip(&normals);
    let mut reach: Vec<f64> =
        places().map(|(&vertex, &normal)| inner_radius(&query, vertex, normal)).collect();
    let neighbours = neighbours(mesh);
    for _ in 0..SMOOTHINGS {
        reach = (0..reach.len())
            .map(|v| {
                let around: f64 = neighbours[v].iter().map(|&n| reach[n as usize]).sum();
                0.5 * reach[v] + 0.5 * around / neighbours[v].len().max(1) as f64
            })
            .collect();
    }
    // After smoothing, so that what is fastened does not move with what is free.
    for (reach, vertex) in reach.iter_mut().zip(&mesh.vertices) {
        *reach *= freedom(bones, *vertex);
    }
    let moved = |share: f64| Mesh {
        vertices: places()
            .zip(&reach)
            .map(|((&vertex, &normal), &reach)| vertex - normal * (share * reach))
            .collect(),
        triangles: mesh.triangles.clone(),
    };
    let wanted = volume_ratio * mesh.signed_volume();
    let [mut out, mut inwards] = MOST_SHARE;
    for _ in 0..HALVINGS {
        let middle = (out + inwards) / 2.0;
        if moved(middle).signed_volume() > wanted { out = middle } else { inwards = middle }
    }
    moved((out + inwards) / 2.0)
}

/// Share of its way that a place may go, by its distance from the bones.
fn freedom(bones: &[MeshQuery<Patient>], place: Point<Patient>) -> f64 {
    let [fastened, free] = FASTENED_MM;
    let nearest = bones.iter().fold(free, |nearest, bone| {
        bone.closest_within(place, nearest).map_or(nearest, |(.., distance)| distance)
    });
    ((nearest - fastened) / (free - fastened)).clamp(0.0, 1.0)
}

/// Radius of the largest ball inside that touches the surface here, within the limits.
fn inner_radius(query: &MeshQuery<Patient>, vertex: Point<Patient>, normal: Vector<Patient>) -> f64 {
    let mut radius = LARGEST_BALL_MM;
    for _ in 0..8 {
        let (nearest, _, distance) = query.closest(vertex - normal * radius);
        if distance > 0.99 * radius {
            break;
        }
        // The ball that touches here and passes through the point that is too near.
        let across = vertex - nearest;
        let along = normal.dot(across);
        let smaller = across.dot(across) / (2.0 * along.max(1e-9));
        if smaller >= radius {
            break;
        }
        radius = smaller;
    }
    radius.max(SMALLEST_BALL_MM)
}

/// Vertices that share an edge with each.
fn neighbours(mesh: &Mesh<Patient>) -> Vec<Vec<u32>> {
    let mut neighbours = vec![Vec::with_capacity(6); mesh.vertices.len()];
    for &[a, b, c] in &mesh.triangles {
        // Each edge of a closed surface is met once in either direction.
        for (from, to) in [(a, b), (b, c), (c, a)] {
            neighbours[from as usize].push(to);
        }
    }
    neighbours
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::mesh::validate::is_watertight;
    use coxa_shape::muscle_atlas::MuscleAtlas;

    /// Of a usual person.
    fn muscle(name: &str) -> Mesh<Patient> {
        let atlas = MuscleAtlas::shipped().unwrap();
        let muscle = atlas.muscles.iter().find(|muscle| muscle.name == name).unwrap();
        let vertices = muscle.person(0.0).vertices.iter().map(|v| Point::from_coords(v.coords())).collect();
        Mesh { vertices, triangles: muscle.mesh.triangles.clone() }
    }

    #[test]
    fn muscles_have_the_volume_that_was_asked_for() {
        for name in ["gluteus_maximus", "gluteus_minimus", "psoas_major", "pectineus"] {
            let whole = muscle(name);
            for ratio in [0.6, 0.85, 1.0, 1.25] {
                let resized = resized(&whole, ratio, &[]);
                let found = resized.signed_volume() / whole.signed_volume();
                assert!((found - ratio).abs() < 0.01, "{name} {ratio}: {found}");
                assert!(is_watertight(&resized));
            }
        }
    }

    #[test]
    fn a_wasted_muscle_lies_within_the_whole_one_and_is_as_long() {
        let whole = muscle("gluteus_minimus");
        let query = MeshQuery::new(&whole).unwrap();
        let wasted = resized(&whole, 0.7, &[]);
        let outside = wasted.vertices.iter().filter(|&&v| !query.contains(v)).count();
        assert!(outside < wasted.vertices.len() / 50, "{outside} of {}", wasted.vertices.len());
        let height = |mesh: &Mesh<Patient>| mesh.bounds().map(|(low, high)| (high - low).norm()).unwrap();
        assert!(height(&wasted) > 0.93 * height(&whole), "{} {}", height(&wasted), height(&whole));
    }

    #[test]
    fn it_stays_on_the_bone() {
        // A bone through the muscle: what lies on its surface keeps its place, what is far from it makes up for that.
        let whole = muscle("gluteus_medius");
        let (low, high) = whole.bounds().unwrap();
        let bone = Mesh::cuboid(
            [low.x() - 50.0, low.y() - 50.0, low.z() - 50.0],
            [high.x() + 50.0, high.y() + 50.0, (low.z() + high.z()) / 2.0],
        );
        let bone = MeshQuery::new(&bone).unwrap();
        let wasted = resized(&whole, 0.85, std::slice::from_ref(&bone));
        let mean = |on_bone: bool| {
            let moved: Vec<f64> = whole
                .vertices
                .iter()
                .zip(&wasted.vertices)
                .filter(|(v, _)| if on_bone { bone.closest(**v).2 < 1.0 } else { bone.closest(**v).2 > 12.0 })
                .map(|(before, after)| before.distance(*after))
                .collect();
            assert!(moved.len() > 10);
            moved.iter().sum::<f64>() / moved.len() as f64
        };
        assert!(mean(true) < 0.3 * mean(false), "{} {}", mean(true), mean(false));
    }
}
