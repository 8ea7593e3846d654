//! The atlas: muscles about the mean bones of the shape models, and what ties them to these bones.

use super::file::AtlasFile;
use super::muscle::{AtlasMuscle, CarriedMuscle};
use super::warp::Warp;
use crate::shape_model::ShapeModel;
use crate::shape_model::file::{ModelError, ModelFileError};
use crate::shape_model::shipped;
use coxa_geometry::frame::{RightSide, Template};
use coxa_geometry::{Mesh, Point, Vector};
use nalgebra::{Matrix3, Point3, Vector3};
use std::path::Path;
use std::sync::OnceLock;

/// Largest file that is read.
const MOST_BYTES: u64 = 64 << 20;

/// Muscles of a right hip and thigh about the mean bones of the shape models of pelvis and femur.
#[derive(Debug, Clone)]
pub struct MuscleAtlas {
    /// The muscles.
    pub muscles: Vec<AtlasMuscle>,
    /// Turn and shift that lay the mean femur in the socket of the mean pelvis.
    femur_pose: (Matrix3<f64>, Vector3<f64>),
    /// Vertices of the models whose places carry the muscles.
    control_pelvis: Vec<usize>,
    control_femur: Vec<usize>,
    /// Warps away from the places of the control vertices about the mean bones.
    warp: Warp,
}

impl MuscleAtlas {
    /// The atlas that comes with the program. `None` only if it was built with a damaged file, which a test rules out.
    pub fn shipped() -> Option<&'static MuscleAtlas> {
        static ATLAS: OnceLock<Option<MuscleAtlas>> = OnceLock::new();
        let load = || MuscleAtlas::parse(include_bytes!("../../../weights/muscles.npz")).ok();
        ATLAS.get_or_init(load).as_ref()
    }

    /// An atlas that `models/training/muscle_atlas` made of other people.
    ///
    /// # Errors
    /// A file that cannot be read, is no atlas, or does not fit the shape models that come with the program.
    pub fn read(path: &Path) -> Result<MuscleAtlas, ModelFileError> {
        let io = |source| ModelFileError::Io { path: path.to_owned(), source };
        let wrong = |reason| ModelFileError::NotAnAtlas { path: path.to_owned(), reason };
        let size = std::fs::metadata(path).map_err(io)?.len();
        if size > MOST_BYTES {
            return Err(wrong(ModelError::Inconsistent("it is larger than any atlas of muscles")));
        }
        MuscleAtlas::parse(&std::fs::read(path).map_err(io)?).map_err(wrong)
    }

    /// The mean femur of the femur's model where it lies to the mean pelvis and the muscles.
    pub fn femur_vertices(&self, femur: &ShapeModel) -> Vec<Point<Template>> {
        let (turn, shift) = &self.femur_pose;
        femur
            .mean_mesh()
            .vertices
            .iter()
            .map(|v| Point::from_coords(Point3::from(turn * v.coords().coords + shift)))
            .collect()
    }

    /// Every muscle where a pelvis and a femur carry it: right bones with the vertices of the shape
    /// models. `None` where the numbers of vertices are not those of the models.
    ///
    /// What moves between them is a biharmonic spline through the control vertices (kernel |r| with a linear part), the smoothest
    /// map in three dimensions that takes them to their places.
    pub fn carried(
        &self,
        pelvis: &[Point<RightSide>],
        femur: &[Point<RightSide>],
    ) -> Option<Vec<CarriedMuscle>> {
        let at = |all: &[Point<RightSide>], controls: &[usize]| -> Option<Vec<Point3<f64>>> {
            controls.iter().map(|&v| all.get(v).map(|p| p.coords())).collect()
        };
        let mut target = at(pelvis, &self.control_pelvis)?;
        target.extend(at(femur, &self.control_femur)?);
        let spline = self.warp.to(&target)?;
        let moved = |m: &AtlasMuscle| {
            let [first, middle, second] = [-1.0, 0.0, 1.0].map(|member| {
                m.member(member).vertices.iter().map(|p| spline.apply(p.coords())).collect::<Vec<_>>()
            });
            let ends = || first.iter().zip(&second);
            let bow = ends()
                .zip(&middle)
                .map(|((a, b), middle)| Vector::from_coords(nalgebra::center(a, b) - middle));
            CarriedMuscle {
                name: m.name.clone(),
                structure: m.structure.clone(),
                difference: ends()
                    .map(|(first, second)| Vector::from_coords((second - first) / 2.0))
                    .collect(),
                bow: bow.collect(),
                usual: m.usual,
                mesh: Mesh {
                    vertices: middle.iter().map(|&p| Point::from_coords(p)).collect(),
                    triangles: m.mesh.triangles.clone(),
                },
            }
        };
        Some(self.muscles.iter().map(moved).collect())
    }

    /// An atlas of the bytes of its file.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn parse(bytes: &[u8]) -> Result<MuscleAtlas, ModelError> {
        let damaged = || ModelError::Inconsistent("a built-in shape model is damaged: install Coxa again");
        let (pelvis, femur) = (shipped::pelvis().ok_or_else(damaged)?, shipped::femur().ok_or_else(damaged)?);
        let file = AtlasFile::parse(bytes, pelvis.vertex_count(), femur.vertex_count())?;
        let AtlasFile { muscles, femur_pose, control_pelvis, control_femur } = file;
        let (turn, shift) = &femur_pose;
        let mean = pelvis.mean_mesh();
        let mut source: Vec<Point3<f64>> =
            control_pelvis.iter().map(|&v| mean.vertices[v].coords()).collect();
        let mean = femur.mean_mesh();
        source.extend(
            control_femur.iter().map(|&v| Point3::from(turn * mean.vertices[v].coords().coords + shift)),
        );
        let warp = Warp::from(source)
            .ok_or(ModelError::Inconsistent("the control vertices do not span three dimensions"))?;
        Ok(MuscleAtlas { muscles, femur_pose, control_pelvis, control_femur, warp })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_anatomy::label_names;
    use coxa_geometry::Transform;
    use coxa_geometry::mesh::query::MeshQuery;
    use coxa_geometry::mesh::validate::is_watertight;
    use nalgebra::Isometry3;

    /// BLAKE3 of `models/weights/muscles.npz`; its card says where it comes from.
    const HASH: &str = "509a2296987046719cdd2534ec632e3e30455643fb5ce08253cd8e60b8ec3dea";

    fn bones() -> (Vec<Point<RightSide>>, Vec<Point<RightSide>>) {
        let stand = |v: Vec<Point<Template>>| v.into_iter().map(|p| Point::from_coords(p.coords())).collect();
        let pelvis = shipped::pelvis().unwrap().mean_mesh().vertices;
        let femur = MuscleAtlas::shipped().unwrap().femur_vertices(shipped::femur().unwrap());
        (stand(pelvis), stand(femur))
    }

    #[test]
    fn the_shipped_file_is_the_one_that_the_card_is_of() {
        let bytes = include_bytes!("../../../weights/muscles.npz");
        assert_eq!(blake3::hash(bytes).to_hex().as_str(), HASH, "models/weights/muscles.npz has changed");
    }

    #[test]
    fn bytes_that_are_cut_or_changed_give_an_error_or_a_sound_atlas() {
        let bytes = include_bytes!("../../../weights/muscles.npz");
        assert!(MuscleAtlas::parse(&bytes[..bytes.len() / 2]).is_err());
        assert!(MuscleAtlas::parse(b"hello").is_err());
        for place in (0..bytes.len()).step_by(bytes.len() / 12) {
            let mut changed = bytes.to_vec();
            changed[place] ^= 0x55;
            let Ok(atlas) = MuscleAtlas::parse(&changed) else { continue };
            for AtlasMuscle { mesh, .. } in &atlas.muscles {
                assert!(mesh.triangles.iter().flatten().all(|&v| (v as usize) < mesh.vertices.len()));
            }
        }
    }

    #[test]
    fn a_file_that_is_no_atlas_is_named() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("muscles.npz");
        let message = MuscleAtlas::read(&path).unwrap_err().to_string();
        assert!(message.starts_with("cannot use"), "{message}");
        std::fs::write(&path, "hello").unwrap();
        let message = MuscleAtlas::read(&path).unwrap_err().to_string();
        assert!(message.contains("not an atlas of muscles") && message.contains("not an .npz"), "{message}");
    }

    #[test]
    fn people_lie_between_the_two_about_a_usual_one() {
        let atlas = MuscleAtlas::shipped().unwrap();
        let (pelvis, femur) = bones();
        for muscle in atlas.carried(&pelvis, &femur).unwrap() {
            let same = |a: &Mesh<RightSide>, b: &Mesh<RightSide>| {
                a.vertices.iter().zip(&b.vertices).all(|(a, b)| a.distance(*b) < 1e-9)
            };
            assert!(same(&muscle.person(-1.0), &muscle.member(-1.0)), "{}", muscle.name);
            assert!(same(&muscle.person(0.0), &muscle.member(muscle.usual)), "{}", muscle.name);
            assert!(same(&muscle.person(1.0), &muscle.member(1.0)), "{}", muscle.name);
        }
    }

    #[test]
    fn muscles_are_closed_have_labels_and_fill_what_muscles_fill() {
        let atlas = MuscleAtlas::shipped().unwrap();
        assert_eq!(atlas.muscles.len(), 26);
        for muscle in &atlas.muscles {
            assert!(is_watertight(&muscle.mesh), "{}", muscle.name);
            assert!((1e3..1e6).contains(&muscle.mesh.signed_volume()), "{}", muscle.name);
            for side in ["right", "left"] {
                assert!(label_names::structure_id(&format!("{}_{side}", muscle.structure)).is_some());
            }
            assert_eq!(muscle.difference.len(), muscle.mesh.vertices.len());
            assert!(muscle.difference.iter().any(|apart| apart.norm() > 1.0), "{}", muscle.name);
        }
    }

    #[test]
    fn carried_by_the_mean_bones_the_atlas_stays_and_moves_as_they_move() {
        let atlas = MuscleAtlas::shipped().unwrap();
        let (pelvis, femur) = bones();
        let stayed = atlas.carried(&pelvis, &femur).unwrap();
        let motion: Transform<RightSide, RightSide> = Transform::from_isometry(Isometry3::new(
            Vector3::new(40.0, -300.0, 900.0),
            Vector3::new(0.2, 0.1, -0.7),
        ));
        let turn = |all: &[Point<RightSide>]| all.iter().map(|&p| motion.apply(p)).collect::<Vec<_>>();
        let moved = atlas.carried(&turn(&pelvis), &turn(&femur)).unwrap();
        for ((own, stayed), moved) in atlas.muscles.iter().zip(&stayed).zip(&moved) {
            let [own_member, stayed, moved] = [
                Transform::<Template, RightSide>::identity().apply(&own.mesh),
                stayed.member(0.0),
                moved.member(0.0),
            ];
            for ((a, b), c) in own_member.vertices.iter().zip(&stayed.vertices).zip(&moved.vertices) {
                assert!((a.coords() - b.coords()).norm() < 1e-6, "{}", own.name);
                assert!(motion.apply(*b).distance(*c) < 1e-6, "{}", own.name);
            }
        }
        assert!(atlas.carried(&pelvis[..100], &femur).is_none());
    }

    #[test]
    fn muscles_lie_outside_bone_and_beside_one_another() {
        let atlas = MuscleAtlas::shipped().unwrap();
        let (pelvis, femur) = bones();
        let faces = |model: &ShapeModel| model.faces.clone();
        let solid = |vertices: Vec<Point<RightSide>>, triangles| {
            MeshQuery::new(&Mesh { vertices, triangles }).unwrap()
        };
        let mut solids = vec![
            ("pelvis".to_owned(), solid(pelvis, faces(shipped::pelvis().unwrap()))),
            ("femur".to_owned(), solid(femur, faces(shipped::femur().unwrap()))),
        ];
        let standing = |m: &AtlasMuscle| -> Mesh<RightSide> {
            Transform::<Template, RightSide>::identity().apply(&m.mesh)
        };
        solids.extend(atlas.muscles.iter().map(|m| (m.name.clone(), MeshQuery::new(&standing(m)).unwrap())));
        for muscle in &atlas.muscles {
            let vertices = standing(muscle).vertices;
            for (name, solid) in solids.iter().filter(|(name, _)| *name != muscle.name) {
                let deep = |p: &&Point<RightSide>| solid.contains(**p) && solid.closest(**p).2 > 1.0;
                let share = vertices.iter().filter(deep).count() as f64 / vertices.len() as f64;
                assert!(
                    share < 0.02,
                    "{:.1} % of the vertices of {} are in {name}",
                    100.0 * share,
                    muscle.name
                );
            }
        }
    }
}
