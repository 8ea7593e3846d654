//! Meshes of a user's own parts: reading them, the frame they are told in, and whether they are bodies.

use super::fields::{Fields, problem};
use crate::implants::error::Problem;
use coxa_geometry::frame::Frame;
use coxa_geometry::mesh::validate::{Defect, defects};
use coxa_geometry::mesh::{self, Mesh};
use coxa_geometry::{Point, Transform, Vector};
use std::path::Path;

/// Axes may be typed with few digits; beyond this they are no frame.
const FRAME_TOLERANCE: f64 = 5e-3;

/// The way from the coordinates of a mesh to the frame of its part, as the table `frame` gives it.
pub(super) fn read_frame<F: Frame>(
    table: toml::Table,
    problems: &mut Vec<Problem>,
) -> Option<Transform<F, F>> {
    let mut fields = Fields { table, prefix: "frame." };
    let origin = fields.triple("origin_mm", "[x, y, z] in millimetres", problems);
    let axes =
        ["x_axis", "y_axis", "z_axis"].map(|name| fields.triple(name, "a unit vector [x, y, z]", problems));
    fields.finish(problems);
    let [Some(x), Some(y), Some(z)] = axes.map(|a| a.map(|[x, y, z]| Vector::<F>::new(x, y, z))) else {
        return None;
    };
    let [ox, oy, oz] = origin?;
    let worst_length = [x, y, z].iter().map(|v| (v.norm() - 1.0).abs()).fold(0.0, f64::max);
    let worst_angle = [x.dot(y), y.dot(z), z.dot(x)].iter().fold(0.0, |w: f64, d| w.max(d.abs()));
    if worst_length > FRAME_TOLERANCE || worst_angle > FRAME_TOLERANCE {
        problems.push(problem(
            "frame_not_orthonormal",
            "frame: the axes must be unit vectors at right angles to each other",
        ));
        return None;
    }
    if x.cross(y).dot(z) < 0.0 {
        problems.push(problem(
            "frame_left_handed",
            "frame: the axes are left-handed: z_axis must be x_axis cross y_axis",
        ));
        return None;
    }
    Some(Transform::<F, F>::from_axes(Point::new(ox, oy, oz), x, y)?.inverse())
}

/// The mesh of a file beside a description, in its own coordinates.
pub(super) fn read_mesh<F: Frame>(toml: &Path, name: &str, problems: &mut Vec<Problem>) -> Option<Mesh<F>> {
    let beside = Path::new(name).components().all(|c| matches!(c, std::path::Component::Normal(_)));
    if !beside {
        problems.push(problem(
            "mesh_elsewhere",
            "mesh must be a file beside the description, without .. or a leading /",
        ));
        return None;
    }
    let path = toml.parent().unwrap_or(Path::new(".")).join(name);
    let ending = path.extension().and_then(|e| e.to_str()).unwrap_or_default().to_ascii_lowercase();
    if ["step", "stp", "iges", "igs", "sldprt"].contains(&ending.as_str()) {
        problems.push(problem(
            "mesh_is_cad",
            format!("{name} is a CAD model, which is not read: export it from CAD as STL in millimetres, with a deviation of 0.02 mm"),
        ));
        return None;
    }
    if !path.is_file() {
        problems
            .push(problem("mesh_missing", format!("there is no mesh file {name} beside the description")));
        return None;
    }
    match mesh::file::read(&path) {
        Ok(mesh) => Some(mesh),
        Err(error) => {
            problems.push(problem("mesh_unreadable", error.to_string()));
            None
        }
    }
}

/// Whether the mesh can be cut.
pub(super) fn check_mesh<F: Frame>(mesh: &Mesh<F>, problems: &mut Vec<Problem>) -> bool {
    let all = defects(mesh);
    let count = |f: fn(&Defect) -> bool| all.iter().filter(|d| f(d)).count();
    let unusable = all
        .iter()
        .find(|d| matches!(d, Defect::Empty | Defect::NotFinite { .. } | Defect::IndexOutOfRange { .. }));
    if let Some(defect) = unusable {
        problems.push(problem("mesh_unusable", format!("mesh: {defect}")));
        return false;
    }
    let open = count(|d| matches!(d, Defect::OpenEdge { .. }));
    let shared = count(|d| matches!(d, Defect::NonManifoldEdge { .. }));
    if open + shared > 0 {
        problems.push(problem(
            "not_watertight",
            format!(
                "the mesh is not watertight: {open} open edges, {shared} edges with more than two triangles"
            ),
        ));
    }
    let turned = count(|d| matches!(d, Defect::InconsistentOrientation { .. }));
    if turned > 0 {
        problems.push(problem(
            "orientation",
            format!("{turned} pairs of neighbouring triangles have opposite orientations"),
        ));
    }
    if all.iter().any(|d| matches!(d, Defect::InsideOut { .. })) {
        problems.push(problem("inside_out", "the mesh is inside out: reverse its triangles"));
    }
    let flat = count(|d| matches!(d, Defect::Degenerate { .. }));
    if flat > 0 {
        problems.push(problem("degenerate", format!("{flat} triangles of the mesh have no area")));
    }
    true
}
