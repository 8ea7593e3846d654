//! The shape model the virtual patients are drawn from: embedded in the program, or a folder of the same form.
//!
//! Four closed meshes in template space (LPS axes, millimetres): both hip bones and the sacrum with the anterior
//! pelvic plane in the coronal plane and the origin halfway between the anterior superior iliac spines, and a
//! right femur with its head centre at the origin, standing on its mechanical axis with the posterior condyles in
//! the coronal plane. Shape modes move the vertices of all four together. Source, licence (MPL-2.0) and
//! recipe of the embedded one are in the card beside the data; the recipe makes others of fewer people.

use coxa_anatomy::LandmarkKind;
use coxa_geometry::mesh::{file, ply, validate};
use coxa_geometry::{Mesh, Point, frame::Patient};
use coxa_shape::muscle_atlas::MuscleAtlas;
use nalgebra::{Point3, Vector3};
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Longest `template.json` and `modes.bin` that are read.
const MOST_BYTES: u64 = 64 << 20;
/// Names of the bones, of their files, and in `template.json`.
const BONES: [&str; 4] = ["hip_right", "hip_left", "sacrum", "femur_right"];
/// Bytes of the displacement of a vertex in `modes.bin`.
const DISPLACEMENT_BYTES: usize = 6;
/// A landmark farther than this from the embedded template's lies in another frame or unit, not on another person.
const FARTHEST_LANDMARK_MM: f64 = 120.0;
const META: &str = include_str!("../data/virtual_patient/template.json");
const MODES: &[u8] = include_bytes!("../data/virtual_patient/modes.bin");
const PLY: [&[u8]; 4] = [
    include_bytes!("../data/virtual_patient/hip_right.ply"),
    include_bytes!("../data/virtual_patient/hip_left.ply"),
    include_bytes!("../data/virtual_patient/sacrum.ply"),
    include_bytes!("../data/virtual_patient/femur_right.ply"),
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

/// Bones of several people as their mean and modes, from which virtual patients are drawn.
#[derive(Debug, Clone)]
pub struct Template {
    pub(super) hip_right: TemplateBone,
    pub(super) hip_left: TemplateBone,
    pub(super) sacrum: TemplateBone,
    pub(super) femur: TemplateBone,
    /// Whose bones they are, by their places in the source.
    pub(super) people: Vec<u32>,
    /// Atlas of muscles instead of the one that comes with the program.
    muscles: Option<Arc<MuscleAtlas>>,
}

/// Why a template could not be read. A build of unchanged sources cannot show this for the embedded one.
#[derive(Debug, thiserror::Error)]
#[error("{}: {why}; make the folder with models/training/virtual_patient/make_template.py", .path.display())]
pub struct TemplateError {
    /// The file, or the folder.
    pub path: PathBuf,
    /// What is wrong with it.
    pub why: String,
}

#[derive(Deserialize)]
struct Meta {
    #[serde(default)]
    people: Vec<u32>,
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
    /// The embedded one.
    ///
    /// # Errors
    /// Only if the program was built with damaged files, which a test rules out.
    pub fn shipped() -> Result<Template, TemplateError> {
        let damaged = |why: String| TemplateError { path: PathBuf::from("the built-in template"), why };
        let meshes = PLY.map(ply::parse::<Patient>).into_iter().collect::<Result<_, _>>();
        let meshes = meshes.map_err(|error| damaged(error.to_string()))?;
        Template::assemble(META.as_bytes(), MODES, meshes).map_err(damaged)
    }

    /// One in a folder, as the recipe writes it: a PLY file for each bone, `modes.bin` and `template.json`.
    ///
    /// # Errors
    /// A file is missing, damaged or does not go with the others.
    pub fn read(folder: &Path) -> Result<Template, TemplateError> {
        let bad = |path: PathBuf, why: String| TemplateError { path, why };
        let bytes = |name: &str| {
            let path = folder.join(name);
            let length =
                std::fs::metadata(&path).map_err(|error| bad(path.clone(), error.to_string()))?.len();
            if length > MOST_BYTES {
                return Err(bad(path, format!("has {length} bytes; the most that is read is {MOST_BYTES}")));
            }
            std::fs::read(&path).map_err(|error| bad(path, error.to_string()))
        };
        let (meta, modes) = (bytes("template.json")?, bytes("modes.bin")?);
        let mesh = |name: &str| {
            let path = folder.join(format!("{name}.ply"));
            let mesh = file::read::<Patient>(&path).map_err(|error| bad(path.clone(), error.to_string()))?;
            match validate::first_defect(&mesh) {
                Some(defect) => Err(bad(path, format!("not a closed surface: {defect}"))),
                None => Ok(mesh),
            }
        };
        let meshes = BONES.into_iter().map(mesh).collect::<Result<_, _>>()?;
        let template = Template::assemble(&meta, &modes, meshes);
        let template = template.map_err(|why| bad(folder.to_owned(), why))?;
        template.stands_like(&Template::shipped()?).map_err(|why| bad(folder.to_owned(), why))?;
        Ok(template)
    }

    /// With the muscles of another atlas than the one that comes with the program.
    #[must_use]
    pub fn with_muscles(self, atlas: MuscleAtlas) -> Template {
        Template { muscles: Some(Arc::new(atlas)), ..self }
    }

    /// The atlas that muscles are drawn from; `None` only where the one that comes with the program is damaged.
    pub(super) fn muscles(&self) -> Option<&MuscleAtlas> {
        self.muscles.as_deref().or(MuscleAtlas::shipped())
    }

    /// Whose bones it is made of, by their places in its source.
    pub fn people(&self) -> &[u32] {
        &self.people
    }

    fn bones(&self) -> [&TemplateBone; 4] {
        [&self.hip_right, &self.hip_left, &self.sacrum, &self.femur]
    }

    /// Puts the files together; the value of an error says what is wrong.
    fn assemble(meta: &[u8], modes: &[u8], meshes: Vec<Mesh<Patient>>) -> Result<Template, String> {
        let Meta { people, mode_step_mm, mut bones } =
            serde_json::from_slice(meta).map_err(|error| format!("template.json: {error}"))?;
        let total: usize = meshes.iter().map(|mesh| mesh.vertices.len()).sum();
        if mode_step_mm.is_empty() || mode_step_mm.iter().any(|step| !step.is_finite()) {
            return Err(
                "template.json: mode_step_mm has no modes, or holds values that are not numbers".to_owned()
            );
        }
        let expected = total * mode_step_mm.len() * DISPLACEMENT_BYTES;
        if modes.len() != expected {
            let (found, count) = (modes.len(), mode_step_mm.len());
            return Err(format!(
                "modes.bin has {found} bytes, but {count} modes of {total} vertices make {expected}"
            ));
        }
        let mut found = Vec::with_capacity(BONES.len());
        let mut first = 0;
        for (name, mesh) in BONES.into_iter().zip(meshes) {
            let mean: Vec<_> = mesh.vertices.into_iter().map(Point::coords).collect();
            let displacements = |(mode, &step): (usize, &f64)| {
                let start = (mode * total + first) * DISPLACEMENT_BYTES;
                displacements(&modes[start..start + mean.len() * DISPLACEMENT_BYTES], step)
            };
            let modes = mode_step_mm.iter().enumerate().map(displacements).collect();
            first += mean.len();
            let regions =
                bones.remove(name).ok_or_else(|| format!("template.json says nothing of {name}"))?;
            let articular = if regions.head.is_empty() { regions.socket } else { regions.head };
            if regions.landmarks.values().chain(&articular).any(|&v| v >= mean.len()) {
                return Err(format!("template.json names a vertex that {name} does not have"));
            }
            let (triangles, landmarks) = (mesh.triangles, regions.landmarks);
            found.push(TemplateBone { mean, triangles, modes, landmarks, articular });
        }
        let [hip_right, hip_left, sacrum, femur] =
            found.try_into().map_err(|_| "a bone is missing".to_owned())?;
        Ok(Template { hip_right, hip_left, sacrum, femur, people, muscles: None })
    }

    /// Whether the bones have the landmarks of another template, roughly where they are there.
    fn stands_like(&self, other: &Template) -> Result<(), String> {
        for (name, (own, others)) in BONES.into_iter().zip(self.bones().into_iter().zip(other.bones())) {
            if own.articular.is_empty() != others.articular.is_empty() {
                return Err(format!("template.json names no vertices of the joint on {name}"));
            }
            for (kind, &vertex) in &others.landmarks {
                let place = own.landmarks.get(kind).map(|&v| own.mean[v]);
                let place = place.ok_or_else(|| format!("{name} has no landmark {}", kind.name()))?;
                let away = (place - others.mean[vertex]).norm();
                if away.is_nan() || away > FARTHEST_LANDMARK_MM {
                    return Err(format!(
                        "{} of {name} lies {away:.0} mm from its place in the frame of the template: check that it is in millimetres with x left, y back and z up",
                        kind.name()
                    ));
                }
            }
        }
        Ok(())
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

/// What a mode moves the vertices by: steps of 16 bits, x y z.
fn displacements(bytes: &[u8], step: f64) -> Vec<Vector3<f64>> {
    let value = |b: &[u8]| f64::from(i16::from_le_bytes([b[0], b[1]])) * step;
    bytes
        .chunks_exact(DISPLACEMENT_BYTES)
        .map(|b| Vector3::new(value(b), value(&b[2..]), value(&b[4..])))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The embedded files as a folder.
    fn folder() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("template.json"), META).unwrap();
        std::fs::write(folder.path().join("modes.bin"), MODES).unwrap();
        for (name, bytes) in BONES.into_iter().zip(PLY) {
            std::fs::write(folder.path().join(format!("{name}.ply")), bytes).unwrap();
        }
        folder
    }

    #[test]
    fn a_folder_of_the_embedded_files_is_the_embedded_template() {
        let read = Template::read(folder().path()).unwrap();
        let shipped = Template::shipped().unwrap();
        assert_eq!(read.people(), shipped.people());
        for (a, b) in read.bones().into_iter().zip(shipped.bones()) {
            assert_eq!((&a.mean, &a.modes, &a.articular), (&b.mean, &b.modes, &b.articular));
        }
    }

    #[test]
    fn what_is_wrong_with_a_folder_is_said() {
        let changed = |name: &str, change: &dyn Fn(Vec<u8>) -> Vec<u8>| {
            let folder = folder();
            let path = folder.path().join(name);
            std::fs::write(&path, change(std::fs::read(&path).unwrap())).unwrap();
            Template::read(folder.path()).unwrap_err().to_string()
        };
        let replaced = |from: &'static str, to: &'static str| {
            changed("template.json", &move |b| String::from_utf8(b).unwrap().replace(from, to).into_bytes())
        };
        assert!(changed("modes.bin", &|b| b[..b.len() - 6].to_vec()).contains("modes.bin has"));
        assert!(changed("sacrum.ply", &|b| b[..1000].to_vec()).contains("sacrum.ply"));
        assert!(changed("template.json", &|_| b"{".to_vec()).contains("template.json"));
        assert!(replaced("\"asis\"", "\"aiis\"").contains("hip_right has no landmark asis"));
        assert!(replaced("\"sacrum\"", "\"coccyx\"").contains("says nothing of sacrum"));
        assert!(replaced("\"asis\": ", "\"asis\": 99").contains("does not have"));
        let missing = Template::read(Path::new("no such folder")).unwrap_err().to_string();
        assert!(missing.contains("template.json") && missing.contains("make_template.py"), "{missing}");
        // Metres instead of millimetres: the whole pelvis lies at the origin.
        let metres = |bytes: Vec<u8>| {
            let mut mesh = ply::parse::<Patient>(&bytes).unwrap();
            mesh.vertices.iter_mut().for_each(|v| *v = Point::from_coords(v.coords() / 1000.0));
            let mut written = Vec::new();
            ply::write(&mesh, &mut written).unwrap();
            written
        };
        assert!(changed("femur_right.ply", &metres).contains("millimetres"));
    }

    #[test]
    fn embedded_template_is_whole() {
        let template = Template::shipped().unwrap();
        assert_eq!(template.people(), (0..26).collect::<Vec<u32>>());
        for bone in template.bones() {
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
        let template = Template::shipped().unwrap();
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
