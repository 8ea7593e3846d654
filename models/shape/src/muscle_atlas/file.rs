//! Reading the file of an atlas.

use super::muscle::AtlasMuscle;
use crate::shape_model::file::{ModelError, array_of, member_of};
use coxa_anatomy::label_names;
use coxa_geometry::mesh::validate::check_usable;
use coxa_geometry::{Mesh, Point, Side, Vector};
use nalgebra::{Matrix3, Vector3};
use serde::Deserialize;
use std::io::Cursor;
use zip::ZipArchive;

/// Version of the format that is read.
const FORMAT: u32 = 3;
/// Most control vertices: more make the warp slow and no better.
const MOST_CONTROLS: usize = 2000;
/// Most muscles, and most of what `ends.npy` counts.
const MOST_MUSCLES: usize = 100;
const MOST_VALUES: f64 = 1e8;
/// Most people that an atlas is of.
const MOST_MEMBERS: usize = 2;

/// `atlas.json`.
#[derive(Deserialize)]
struct Metadata {
    format: u32,
    side: String,
    length_unit: String,
    members: Vec<String>,
    muscles: Vec<Named>,
}

/// A muscle's names, and where a usual person lies between the atlas's two.
#[derive(Deserialize)]
struct Named {
    name: String,
    structure: String,
    usual: f64,
}

/// What the file of an atlas holds.
pub(super) struct AtlasFile {
    pub(super) muscles: Vec<AtlasMuscle>,
    pub(super) femur_pose: (Matrix3<f64>, Vector3<f64>),
    pub(super) control_pelvis: Vec<usize>,
    pub(super) control_femur: Vec<usize>,
}

impl AtlasFile {
    /// Reads the file of an atlas whose control vertices are of models with so many.
    pub(super) fn parse(bytes: &[u8], pelvis: usize, femur: usize) -> Result<AtlasFile, ModelError> {
        let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|e| ModelError::Zip(e.to_string()))?;
        let metadata: Metadata = serde_json::from_slice(&member_of(&mut zip, "atlas.json")?)
            .map_err(|e| ModelError::Member { member: "atlas.json", reason: e.to_string() })?;
        if metadata.format != FORMAT {
            return Err(ModelError::Format { found: metadata.format, reads: FORMAT });
        }
        if metadata.side != "right" || metadata.length_unit != "mm" {
            return Err(ModelError::Inconsistent("an atlas must hold the muscles of the right side, in mm"));
        }
        if !(1..=MOST_MEMBERS).contains(&metadata.members.len()) {
            return Err(ModelError::Inconsistent("an atlas is of one person or of two"));
        }
        let mut read = |member| array_of(&mut zip, member).map(|a| a.values);
        let arrays = [
            read("vertices.npy")?,
            read("difference.npy")?,
            read("bow.npy")?,
            read("faces.npy")?,
            read("ends.npy")?,
        ];
        let muscles = muscles(&metadata.muscles, &arrays)?;
        let controls = |values: Vec<f64>, count: usize| {
            let is_place = |v: &f64| v.fract() == 0.0 && (0.0..count as f64).contains(v);
            if values.len() > MOST_CONTROLS || !values.iter().all(is_place) {
                return Err(ModelError::Inconsistent("a control vertex is not in the shape model"));
            }
            Ok(values.into_iter().map(|v| v as usize).collect::<Vec<usize>>())
        };
        let control_pelvis = controls(read("control_pelvis.npy")?, pelvis)?;
        let control_femur = controls(read("control_femur.npy")?, femur)?;
        let pose = read("femur_pose.npy")?;
        if pose.len() != 12 {
            return Err(ModelError::Inconsistent("`femur_pose.npy` needs three rows of four numbers"));
        }
        let turn = Matrix3::from_fn(|row, column| pose[4 * row + column]);
        let shift = Vector3::from_fn(|row, _| pose[4 * row + 3]);
        Ok(AtlasFile { muscles, femur_pose: (turn, shift), control_pelvis, control_femur })
    }
}

/// Muscles from their vertices, differences, bows and faces one after the other; `ends` has a row for each: where its vertices and faces end.
fn muscles(
    names: &[Named],
    [vertices, differences, bows, faces, ends]: &[Vec<f64>; 5],
) -> Result<Vec<AtlasMuscle>, ModelError> {
    let wrong = || ModelError::Inconsistent("`ends.npy` does not fit the vertices and faces");
    let is_count = |v: &f64| v.fract() == 0.0 && (0.0..=MOST_VALUES).contains(v);
    if names.is_empty() || names.len() > MOST_MUSCLES || !ends.iter().all(is_count) {
        return Err(wrong());
    }
    if ends.len() != 2 * names.len() || differences.len() != vertices.len() || bows.len() != vertices.len() {
        return Err(wrong());
    }
    let (mut first_vertex, mut first_face) = (0, 0);
    let mut found = Vec::with_capacity(names.len());
    for (named, end) in names.iter().zip(ends.chunks_exact(2)) {
        let (last_vertex, last_face) = (end[0] as usize, end[1] as usize);
        let range = 3 * first_vertex..3 * last_vertex;
        let own = vertices.get(range.clone()).ok_or_else(wrong)?;
        let apart = differences.get(range.clone()).ok_or_else(wrong)?;
        let bowed = bows.get(range).ok_or_else(wrong)?;
        let corners = faces.get(3 * first_face..3 * last_face).ok_or_else(wrong)?;
        let vertices = own.chunks_exact(3).map(|c| Point::new(c[0], c[1], c[2])).collect();
        let vectors =
            |values: &[f64]| values.chunks_exact(3).map(|c| Vector::new(c[0], c[1], c[2])).collect();
        let (difference, bow) = (vectors(apart), vectors(bowed));
        let own = first_vertex as f64..last_vertex as f64;
        if !corners.iter().all(|v| v.fract() == 0.0 && own.contains(v)) {
            return Err(ModelError::Inconsistent("`faces.npy` names a vertex of another muscle or of none"));
        }
        let corner = |v: f64| (v - first_vertex as f64) as u32;
        let triangles = corners.chunks_exact(3).map(|f| [corner(f[0]), corner(f[1]), corner(f[2])]).collect();
        let mesh = Mesh { vertices, triangles };
        check_usable(&mesh).map_err(|_| ModelError::Inconsistent("a muscle has no usable surface"))?;
        let Named { name, structure, usual } = named;
        if Side::BOTH.iter().any(|side| label_names::structure_id(&format!("{structure}_{side}")).is_none()) {
            return Err(ModelError::Inconsistent(
                "a muscle is of a structure that the program has no label for",
            ));
        }
        if !(-1.0..=1.0).contains(usual) {
            return Err(ModelError::Inconsistent("a usual person does not lie between those of the atlas"));
        }
        let (name, structure) = (name.clone(), structure.clone());
        found.push(AtlasMuscle { name, structure, mesh, difference, bow, usual: *usual });
        (first_vertex, first_face) = (last_vertex, last_face);
    }
    Ok(found)
}
