//! A range-of-motion workload: surfaces of both sides of a right hip, poses with agreed answers, limits of flexion.
//!
//! The folder holds `pelvis.ply`, `femur_resected.ply`, `cup.ply` and `neck_and_stem.ply` in millimetres, in patient axes (LPS)
//! about the hip centre; `poses.csv` with flexion_deg, abduction_deg, internal_rotation_deg and, 0 or 1, bone_bone_collides and
//! neck_cup_collides; and `flexion_limits.csv` with abduction_deg, internal_rotation_deg and, blank where flexion is free to 150
//! degrees, bone_bone_flexion_limit_deg and neck_cup_flexion_limit_deg.

use super::table::Table;
use anyhow::{Context, Result};
use coxa_geometry::frame::{Femur, Frame, Gravity, Patient};
use coxa_geometry::joint::HipAngles;
use coxa_geometry::mesh::file;
use coxa_geometry::{Mesh, Point};
use coxa_rom::contact::{ContactModel, NamedMesh};
use std::path::Path;

/// One fixed and one moving surface.
pub struct SurfacePair {
    /// What meets, such as `bone on bone`.
    pub name: &'static str,
    fixed: (&'static str, Mesh<Gravity>),
    moving: (&'static str, Mesh<Femur>),
}

/// A position and whether each pair meets in it.
pub struct AgreedPose {
    /// The position.
    pub angles: HipAngles,
    /// In the order of the pairs.
    pub collides: [bool; 2],
}

/// Where flexion ends in some abduction and rotation.
pub struct AgreedLimit {
    /// The position at [`Workload::FLEXION_START_DEG`].
    pub start: HipAngles,
    /// Flexion of first contact for each pair, `None` where there is none.
    pub flexion_deg: [Option<f64>; 2],
}

/// The folder in memory.
pub struct Workload {
    /// Bone on bone, and neck on cup.
    pub pairs: [SurfacePair; 2],
    /// Poses in the order of the file.
    pub poses: Vec<AgreedPose>,
    /// Limits in the order of the file.
    pub limits: Vec<AgreedLimit>,
}

impl SurfacePair {
    fn read(
        folder: &Path,
        name: &'static str,
        fixed: &'static str,
        moving: &'static str,
    ) -> Result<SurfacePair> {
        Ok(SurfacePair {
            name,
            fixed: (fixed, surface(folder, fixed)?),
            moving: (moving, surface(folder, moving)?),
        })
    }

    /// The engine for this pair.
    pub fn model(&self) -> Result<ContactModel<Gravity>> {
        let fixed = NamedMesh { name: self.fixed.0, mesh: &self.fixed.1 };
        let moving = NamedMesh { name: self.moving.0, mesh: &self.moving.1 };
        Ok(ContactModel::new(&[fixed], &[moving])?)
    }

    /// The surfaces.
    pub fn surfaces(&self) -> (&Mesh<Gravity>, &Mesh<Femur>) {
        (&self.fixed.1, &self.moving.1)
    }

    /// Triangles of both sides.
    pub fn triangles(&self) -> usize {
        self.fixed.1.triangles.len() + self.moving.1.triangles.len()
    }
}

impl Workload {
    /// Flexion from which the limits were searched; nearer ones are not known.
    pub const FLEXION_START_DEG: f64 = 60.0;
    /// Flexion to which they were searched.
    pub const FLEXION_END_DEG: f64 = 150.0;

    /// Reads a folder.
    pub fn read(folder: &Path) -> Result<Workload> {
        let pairs = [
            SurfacePair::read(folder, "bone on bone", "pelvis", "femur_resected")?,
            SurfacePair::read(folder, "neck on cup", "cup", "neck_and_stem")?,
        ];
        let (abduction, rotation) = ("abduction_deg", "internal_rotation_deg");
        let collides = ["bone_bone_collides", "neck_cup_collides"];
        let columns = [&["flexion_deg", abduction, rotation], &collides[..]].concat();
        let mut poses = Vec::new();
        for row in Table::read(&folder.join("poses.csv"), &columns)?.rows() {
            let answer = |column: &str| match row.number(column)? {
                0.0 => Ok(false),
                1.0 => Ok(true),
                other => Err(row.error(format!("{column} is {other}, neither 0 nor 1"))),
            };
            poses.push(AgreedPose {
                angles: HipAngles::from_degrees(
                    row.number("flexion_deg")?,
                    -row.number(abduction)?,
                    row.number(rotation)?,
                ),
                collides: [answer(collides[0])?, answer(collides[1])?],
            });
        }
        let columns = [abduction, rotation, "bone_bone_flexion_limit_deg", "neck_cup_flexion_limit_deg"];
        let mut limits = Vec::new();
        for row in Table::read(&folder.join("flexion_limits.csv"), &columns)?.rows() {
            limits.push(AgreedLimit {
                start: HipAngles::from_degrees(
                    Self::FLEXION_START_DEG,
                    -row.number(abduction)?,
                    row.number(rotation)?,
                ),
                flexion_deg: [row.number_or_blank(columns[2])?, row.number_or_blank(columns[3])?],
            });
        }
        Ok(Workload { pairs, poses, limits })
    }
}

/// A surface of the folder, turned to the axes of the joint.
fn surface<F: Frame>(folder: &Path, name: &str) -> Result<Mesh<F>> {
    let path = folder.join(format!("{name}.ply"));
    let mesh: Mesh<Patient> = file::read(&path)
        .with_context(|| format!("{} is not a range-of-motion workload", folder.display()))?;
    let turned = |p: &Point<Patient>| Point::new(-p.y(), p.z(), -p.x());
    Ok(Mesh { vertices: mesh.vertices.iter().map(turned).collect(), triangles: mesh.triangles })
}
