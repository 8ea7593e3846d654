//! The atlas: muscles about the mean bones of the shape models, and what ties them to these bones.

use super::warp::Warp;
use crate::shape_model::ShapeModel;
use crate::shape_model::file::{ModelError, array_of, member_of};
use crate::shape_model::shipped;
use coxa_geometry::frame::{RightSide, Template};
use coxa_geometry::mesh::validate::check_usable;
use coxa_geometry::{Mesh, Point};
use nalgebra::{Matrix3, Point3, Vector3};
use serde::Deserialize;
use std::io::Cursor;
use std::sync::OnceLock;
use zip::ZipArchive;

/// Version of the format that is read.
const FORMAT: u32 = 1;

/// Most control vertices: more make the warp slow and no better.
const MOST_CONTROLS: usize = 2000;

/// One muscle of the atlas.
#[derive(Debug, Clone, PartialEq)]
pub struct AtlasMuscle {
    /// Name of its label without side, such as `gluteus_medius`.
    pub name: String,
    /// Closed surface of a right one about the mean pelvis of the shape model, millimetres.
    pub mesh: Mesh<Template>,
}

/// Muscles of a right hip about the mean bones of the shape models of pelvis and femur.
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

/// `atlas.json`.
#[derive(Deserialize)]
struct Metadata {
    format: u32,
    side: String,
    length_unit: String,
    muscles: Vec<String>,
}

impl MuscleAtlas {
    /// The atlas that comes with the program. `None` only if it was built with a damaged file, which a test rules out.
    pub fn shipped() -> Option<&'static MuscleAtlas> {
        static ATLAS: OnceLock<Option<MuscleAtlas>> = OnceLock::new();
        let load = || {
            let bytes = include_bytes!("../../../weights/muscles.npz");
            MuscleAtlas::parse(bytes, shipped::pelvis()?, shipped::femur()?).ok()
        };
        ATLAS.get_or_init(load).as_ref()
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
    ) -> Option<Vec<(String, Mesh<RightSide>)>> {
        let at = |all: &[Point<RightSide>], controls: &[usize]| -> Option<Vec<Point3<f64>>> {
            controls.iter().map(|&v| all.get(v).map(|p| p.coords())).collect()
        };
        let mut target = at(pelvis, &self.control_pelvis)?;
        target.extend(at(femur, &self.control_femur)?);
        let spline = self.warp.to(&target)?;
        let moved = |m: &AtlasMuscle| {
            let vertices =
                m.mesh.vertices.iter().map(|v| Point::from_coords(spline.apply(v.coords()))).collect();
            (m.name.clone(), Mesh { vertices, triangles: m.mesh.triangles.clone() })
        };
        Some(self.muscles.iter().map(moved).collect())
    }

    fn parse(bytes: &[u8], pelvis: &ShapeModel, femur: &ShapeModel) -> Result<MuscleAtlas, ModelError> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| ModelError::Zip(e.to_string()))?;
        let metadata: Metadata = serde_json::from_slice(&member_of(&mut zip, "atlas.json")?)
            .map_err(|e| ModelError::Member { member: "atlas.json", reason: e.to_string() })?;
        if metadata.format != FORMAT {
            return Err(ModelError::Format(metadata.format));
        }
        if metadata.side != "right" || metadata.length_unit != "mm" {
            return Err(ModelError::Inconsistent("an atlas must hold the muscles of the right side, in mm"));
        }
        let mut read = |member| array_of(&mut zip, member).map(|a| a.values);
        let (vertices, faces, ends) = (read("vertices.npy")?, read("faces.npy")?, read("ends.npy")?);
        let muscles = muscles(&metadata.muscles, &vertices, &faces, &ends)?;
        let controls = |values: Vec<f64>, model: &ShapeModel| {
            let ids: Vec<usize> = values.iter().map(|&v| v as usize).collect();
            if ids.len() > MOST_CONTROLS || ids.iter().any(|&v| v >= model.vertex_count()) {
                return Err(ModelError::Inconsistent("a control vertex is not in the shape model"));
            }
            Ok(ids)
        };
        let control_pelvis = controls(read("control_pelvis.npy")?, pelvis)?;
        let control_femur = controls(read("control_femur.npy")?, femur)?;
        let pose = read("femur_pose.npy")?;
        if pose.len() != 12 {
            return Err(ModelError::Inconsistent("`femur_pose.npy` needs three rows of four numbers"));
        }
        let turn = Matrix3::from_fn(|row, column| pose[4 * row + column]);
        let shift = Vector3::from_fn(|row, _| pose[4 * row + 3]);
        let mean = pelvis.mean_mesh();
        let mut source: Vec<Point3<f64>> =
            control_pelvis.iter().map(|&v| mean.vertices[v].coords()).collect();
        let mean = femur.mean_mesh();
        source.extend(
            control_femur.iter().map(|&v| Point3::from(turn * mean.vertices[v].coords().coords + shift)),
        );
        let warp = Warp::from(source)
            .ok_or(ModelError::Inconsistent("the control vertices do not span three dimensions"))?;
        Ok(MuscleAtlas { muscles, femur_pose: (turn, shift), control_pelvis, control_femur, warp })
    }
}

/// Muscles from their vertices and faces one after the other; `ends` has a row for each: where its vertices and faces end.
fn muscles(
    names: &[String],
    vertices: &[f64],
    faces: &[f64],
    ends: &[f64],
) -> Result<Vec<AtlasMuscle>, ModelError> {
    let wrong = ModelError::Inconsistent("`ends.npy` does not fit the vertices and faces");
    if ends.len() != 2 * names.len() {
        return Err(wrong);
    }
    let (mut first_vertex, mut first_face) = (0, 0);
    let mut found = Vec::with_capacity(names.len());
    for (name, end) in names.iter().zip(ends.chunks_exact(2)) {
        let (last_vertex, last_face) = (end[0] as usize, end[1] as usize);
        let (Some(own), Some(corners)) =
            (vertices.get(3 * first_vertex..3 * last_vertex), faces.get(3 * first_face..3 * last_face))
        else {
            return Err(wrong);
        };
        let vertices = own.chunks_exact(3).map(|c| Point::new(c[0], c[1], c[2])).collect();
        let corner = |v: f64| (v - first_vertex as f64) as u32;
        let triangles = corners.chunks_exact(3).map(|f| [corner(f[0]), corner(f[1]), corner(f[2])]).collect();
        let mesh = Mesh { vertices, triangles };
        check_usable(&mesh).map_err(|_| ModelError::Inconsistent("a muscle has no usable surface"))?;
        found.push(AtlasMuscle { name: name.clone(), mesh });
        (first_vertex, first_face) = (last_vertex, last_face);
    }
    Ok(found)
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
    const HASH: &str = "da89f5f767040fb125aaadcae40f8ce40f2fd6ea278a4ea712c28ec93cc8a0ef";

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
    fn muscles_are_closed_have_labels_and_fill_what_muscles_fill() {
        let atlas = MuscleAtlas::shipped().unwrap();
        assert!(atlas.muscles.len() >= 15);
        for muscle in &atlas.muscles {
            assert!(is_watertight(&muscle.mesh), "{}", muscle.name);
            assert!((1e3..1e6).contains(&muscle.mesh.signed_volume()), "{}", muscle.name);
            for side in ["right", "left"] {
                assert!(label_names::structure_id(&format!("{}_{side}", muscle.name)).is_some());
            }
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
        for ((own, stayed), (_, moved)) in
            atlas.muscles.iter().zip(&stayed).map(|(m, s)| (m, &s.1)).zip(&moved)
        {
            for ((a, b), c) in own.mesh.vertices.iter().zip(&stayed.vertices).zip(&moved.vertices) {
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
