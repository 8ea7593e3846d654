//! Labels to surfaces of the bones.

use super::held::Stages;
use crate::folder::{Case, Ingredients, Stage, read_bones};
use anyhow::{Context, Result};
use coxa_anatomy::BoneSurfaces;
use coxa_geometry::Mesh;
use coxa_geometry::frame::Patient;
use coxa_geometry::mesh::ply;
use coxa_measure::surfaces;
use std::sync::Arc;

impl Stages<'_> {
    /// Sees to it that surfaces stand.
    ///
    /// # Errors
    /// As [`Stages::make_labels`].
    pub fn make_surfaces(&mut self) -> Result<()> {
        if !self.is_new(Stage::Surfaces) {
            return Ok(());
        }
        self.make_labels()?;
        if self.surfaces.is_some() {
            self.seen.insert(Stage::Surfaces);
            return Ok(());
        }
        if self.stands(Stage::Surfaces, &ingredients(self.case))? {
            return Ok(());
        }
        let (ct, labels) = (self.ct()?, self.labels()?);
        let bones = self.progress.stage("making surfaces of the labels in the case", |_| {
            surfaces::bone_surfaces(&ct, &labels.map)
        });
        save_surfaces(self.case, &bones)?;
        self.surfaces = Some(Arc::new(bones));
        Ok(())
    }

    /// Surfaces of the bones, as scanned.
    ///
    /// # Errors
    /// As [`Stages::make_surfaces`], and files that cannot be read.
    pub fn surfaces(&mut self) -> Result<Arc<BoneSurfaces>> {
        self.make_surfaces()?;
        if self.surfaces.is_none() {
            let folder = self.case.folder().to_owned();
            let has_none = self.case.done(Stage::Surfaces).is_some_and(|done| done.files.is_empty());
            let bones = match has_none {
                true => BoneSurfaces::new(),
                false => self.progress.stage("reading surfaces", |_| read_bones(&folder))?,
            };
            self.surfaces = Some(Arc::new(bones));
        }
        self.surfaces.clone().context("there are no surfaces")
    }
}

fn ingredients(case: &Case) -> Ingredients {
    Ingredients::default().with("voxels", &*case.request().ct.blake3).with_stages(case, &[Stage::Labels])
}

/// Keeps surfaces of bones as those of the labels that the case holds.
pub(super) fn save_surfaces(case: &mut Case, bones: &BoneSurfaces) -> Result<()> {
    let from = ingredients(case);
    case.begin(Stage::Surfaces);
    for (bone, mesh) in bones {
        put_mesh(case, bone.name(), mesh)?;
    }
    case.finish(Stage::Surfaces, from, None)
}

/// Writes a surface.
pub(super) fn put_mesh(case: &mut Case, name: &str, mesh: &Mesh<Patient>) -> Result<()> {
    let mut bytes = Vec::new();
    ply::write(mesh, &mut bytes).with_context(|| format!("the surface {name} cannot be written as PLY"))?;
    case.put(&format!("surfaces/{name}.ply"), &bytes)
}
