//! The shape model the virtual patients are drawn from, embedded in the program.
//!
//! Four closed meshes in template space (LPS axes, millimetres): both hip bones and the sacrum with the anterior
//! pelvic plane in the coronal plane and the origin halfway between the anterior superior iliac spines, and a
//! right femur with its head centre at the origin, standing on its mechanical axis with the posterior condyles in
//! the coronal plane. Eight shape modes move the vertices of all four together. Source, licence (MPL-2.0) and
//! recipe are in the card beside the data.

use crate::patient::LandmarkKind;
use coxa_geometry::mesh::ply;
use coxa_geometry::{Point, frame::Patient};
use nalgebra::{Point3, Vector3};
use serde::Deserialize;
use std::collections::BTreeMap;

const META: &str = include_str!("../../data/virtual_patient/template.json");
const MODES: &[u8] = include_bytes!("../../data/virtual_patient/modes.bin");
const PLY: [(&str, &[u8]); 4] = [
    ("hip_right", include_bytes!("../../data/virtual_patient/hip_right.ply")),
    ("hip_left", include_bytes!("../../data/virtual_patient/hip_left.ply")),
    ("sacrum", include_bytes!("../../data/virtual_patient/sacrum.ply")),
    ("femur_right", include_bytes!("../../data/virtual_patient/femur_right.ply")),
];

/// One bone of the template.
#[derive(Debug, Clone)]
pub(super) struct TemplateBone {
    /// Mean vertex positions.
    pub(super) mean: Vec<Point3<f64>>,
    /// Triangles, counter-clockwise seen from outside.
    pub(super) triangles: Vec<[u32; 3]>,
    /// Vertex displacements for one standard deviation, by mode.
    pub(super) modes: Vec<Vec<Vector3<f64>>>,
    /// Vertices of landmarks.
    pub(super) landmarks: BTreeMap<LandmarkKind, usize>,
    /// Vertices on the articular surface: of the head or of the socket; empty for the sacrum.
    pub(super) articular: Vec<usize>,
}

/// The whole template.
#[derive(Debug, Clone)]
pub(super) struct Template {
    pub(super) hip_right: TemplateBone,
    pub(super) hip_left: TemplateBone,
    pub(super) sacrum: TemplateBone,
    pub(super) femur: TemplateBone,
}

/// The embedded template is damaged; a build of unchanged sources cannot show this.
#[derive(Debug, thiserror::Error)]
#[error("the built-in shape template is damaged: {0}")]
pub struct TemplateError(String);

#[derive(Deserialize)]
struct Meta {
    mode_step_mm: Vec<f64>,
    bones: BTreeMap<String, Regions>,
}

#[derive(Deserialize, Default)]
struct Regions {
    landmarks: BTreeMap<LandmarkKind, usize>,
    #[serde(default)]
    head: Vec<usize>,
    #[serde(default)]
    socket: Vec<usize>,
}

impl Template {
    /// Decodes the embedded files.
    pub(super) fn load() -> Result<Template, TemplateError> {
        let damaged = |what: &str| TemplateError(what.to_owned());
        let mut meta: Meta = serde_json::from_str(META).map_err(|e| TemplateError(e.to_string()))?;
        let mut bones = Vec::with_capacity(PLY.len());
        let mut first = 0;
        let total: usize = MODES.len() / 6 / meta.mode_step_mm.len().max(1);
        for (name, bytes) in PLY {
            let mesh = ply::parse::<Patient>(bytes).map_err(|e| TemplateError(e.to_string()))?;
            let mean: Vec<_> = mesh.vertices.into_iter().map(Point::coords).collect();
            let modes = meta
                .mode_step_mm
                .iter()
                .enumerate()
                .map(|(mode, &step)| mode_displacements(mode * total + first, mean.len(), step))
                .collect::<Option<Vec<_>>>()
                .ok_or_else(|| damaged("modes"))?;
            first += mean.len();
            let regions = meta.bones.remove(name).ok_or_else(|| damaged(name))?;
            let articular = if regions.head.is_empty() { regions.socket } else { regions.head };
            let named = regions.landmarks.values().chain(&articular);
            if named.copied().any(|v| v >= mean.len()) {
                return Err(damaged("a named vertex does not exist"));
            }
            bones.push(TemplateBone {
                mean,
                triangles: mesh.triangles,
                modes,
                landmarks: regions.landmarks,
                articular,
            });
        }
        let mut bones = bones.into_iter();
        let mut next = || bones.next().ok_or_else(|| damaged("a bone is missing"));
        Ok(Template { hip_right: next()?, hip_left: next()?, sacrum: next()?, femur: next()? })
    }
}

impl TemplateBone {
    /// The shape with the given mode scores, in standard deviations, then scaled.
    pub(super) fn shaped(&self, scores: &[f64], size: f64) -> Vec<Point3<f64>> {
        let mut vertices = self.mean.clone();
        for (mode, &score) in self.modes.iter().zip(scores) {
            for (vertex, displacement) in vertices.iter_mut().zip(mode) {
                *vertex += displacement * score;
            }
        }
        for vertex in &mut vertices {
            *vertex *= size;
        }
        vertices
    }
}

fn mode_displacements(first: usize, count: usize, step: f64) -> Option<Vec<Vector3<f64>>> {
    let bytes = MODES.get(first * 6..(first + count) * 6)?;
    let value = |b: &[u8]| f64::from(i16::from_le_bytes([b[0], b[1]])) * step;
    Some(bytes.chunks_exact(6).map(|b| Vector3::new(value(b), value(&b[2..]), value(&b[4..]))).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Mesh;
    use coxa_geometry::mesh::validate;

    #[test]
    fn embedded_template_is_whole() {
        let template = Template::load().unwrap();
        for bone in [&template.hip_right, &template.hip_left, &template.sacrum, &template.femur] {
            let mesh = Mesh::<Patient> {
                vertices: bone.mean.iter().copied().map(Point::from_coords).collect(),
                triangles: bone.triangles.clone(),
            };
            assert_eq!(validate::defects(&mesh), []);
            assert_eq!(bone.modes.len(), 8);
            assert!(bone.modes.iter().all(|mode| mode.len() == bone.mean.len()));
        }
        assert!(template.sacrum.articular.is_empty());
        assert!(template.femur.articular.len() > 100 && template.hip_left.articular.len() > 100);
    }

    #[test]
    fn template_stands_in_the_anterior_pelvic_plane() {
        let template = Template::load().unwrap();
        let at = |bone: &TemplateBone, kind| bone.mean[bone.landmarks[&kind]];
        for kind in [LandmarkKind::Asis, LandmarkKind::PubicTubercle] {
            let (right, left) = (at(&template.hip_right, kind), at(&template.hip_left, kind));
            assert!((right.y + left.y).abs() < 0.1, "{kind:?} in front of the plane");
            assert!(right.x < 0.0 && left.x > 0.0);
        }
        // Femur: condyles parallel to the table, epicondyles below the head.
        let femur = |kind| at(&template.femur, kind);
        let (medial, lateral) =
            (femur(LandmarkKind::MedialPosteriorCondyle), femur(LandmarkKind::LateralPosteriorCondyle));
        assert!((medial.y - lateral.y).abs() < 0.1 && medial.x > lateral.x);
    }
}
