//! The surfaces of a case by name, each with the looks it has at first.

use super::poses::Body;
use super::soft::present;
use super::stage::Stage;
use super::surface::Surface;
use coxa_anatomy::Bone;
use coxa_anatomy::{BoneSurfaces, label_names};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Side};
use coxa_imaging::LabelMap;
use coxa_planner::Planned;
use coxa_planner::pictures::{Colour, bone_colour, implant_colour};
use coxa_planner::report::name_in_words;
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// What a part is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Group {
    /// Bones.
    Bones,
    /// Parts of the planned implant.
    Implants,
    /// Muscles, vessels and whatever else is labelled.
    SoftTissue,
}

impl Group {
    /// All, in the order in which they are listed.
    pub const ALL: [Group; 3] = [Group::Implants, Group::Bones, Group::SoftTissue];

    /// What a list calls it.
    pub const fn title(self) -> &'static str {
        match self {
            Group::Bones => "Bones",
            Group::Implants => "Implants",
            Group::SoftTissue => "Soft tissue",
        }
    }
}

/// One surface and how it looks.
#[derive(Clone)]
pub struct ShownPart {
    /// `femur_right`, `stem`, `gluteus_medius_left`.
    pub name: String,
    /// What it is.
    pub group: Group,
    /// When it is there; `None` where the plan changes nothing about it.
    pub stage: Option<Stage>,
    /// What it moves with.
    pub body: Body,
    /// Its surface.
    pub surface: Arc<Surface>,
    /// Colour of its surface in space.
    pub colour: Colour,
    /// Colour of its outline in slices, the same as in the report.
    pub outline: Colour,
    /// Whether it is seen at first.
    pub is_shown: bool,
}

impl ShownPart {
    /// `Gluteus medius, left`.
    pub fn title(&self) -> String {
        let (name, side) = match (self.name.strip_suffix("_left"), self.name.strip_suffix("_right")) {
            (Some(rest), _) => (rest, ", left"),
            (_, Some(rest)) => (rest, ", right"),
            _ => (self.name.as_str(), ""),
        };
        format!("{}{side}", name_in_words(name))
    }
}

const BONE: Colour = [222, 206, 176];
const SACRUM: Colour = [211, 196, 168];
const TITANIUM: Colour = [156, 161, 170];
const STEM: Colour = [176, 180, 188];
const POLYETHYLENE: Colour = [238, 238, 230];
const CERAMIC: Colour = [214, 152, 172];

/// What of a case does not follow its plan: bones as scanned, and of the labels all that is no bone.
pub fn scanned(side: Side, surfaces: &BoneSurfaces, is_planned: bool, labels: &LabelMap) -> Vec<ShownPart> {
    let own_femur = Bone::femur(side);
    // Planning cuts and moves the operated femur only.
    let stage = |b: Bone| (b == own_femur && is_planned).then_some(Stage::Before);
    let body = |b: Bone| if b == own_femur { Body::ScannedFemur } else { Body::Fixed };
    let mut parts: Vec<ShownPart> =
        surfaces.iter().map(|(&b, mesh)| bone(b, mesh, stage(b), body(b))).collect();
    let is_bone = |name: &str| Bone::ALL.iter().any(|bone| bone.name() == name) || name == label_names::METAL;
    let is_there = present(labels);
    let soft = labels.table.iter().filter(|label| !is_bone(&label.name) && is_there[usize::from(label.id)]);
    parts.extend(soft.map(|label| ShownPart {
        name: label.name.clone(),
        group: Group::SoftTissue,
        stage: None,
        body: Body::Fixed,
        // It comes later: see `SoftTissue`.
        surface: Arc::new(Surface::new(Mesh::default())),
        colour: label.colour,
        outline: label.colour,
        is_shown: false,
    }));
    parts
}

/// What a plan makes: the resected femur and the implants.
pub fn planned(planned: &Planned) -> Vec<ShownPart> {
    let own_femur = Bone::femur(planned.plan.side);
    let femur = planned.bones.get(&own_femur);
    let femur = femur.map(|mesh| bone(own_femur, mesh, Some(Stage::Planned), Body::Femur));
    let implants = planned.implants.iter().map(|(name, mesh)| ShownPart {
        name: name.clone(),
        group: Group::Implants,
        stage: Some(Stage::Planned),
        body: if matches!(name.as_str(), "stem" | "head") { Body::Stem } else { Body::Cup },
        surface: Arc::new(Surface::new(mesh.clone())),
        colour: match name.as_str() {
            "liner" | "mobile_bearing" => POLYETHYLENE,
            "head" => CERAMIC,
            "stem" => STEM,
            _ => TITANIUM,
        },
        outline: implant_colour(name),
        is_shown: true,
    });
    femur.into_iter().chain(implants).collect()
}

fn bone(bone: Bone, mesh: &Mesh<Patient>, stage: Option<Stage>, body: Body) -> ShownPart {
    ShownPart {
        name: bone.name().into(),
        group: Group::Bones,
        stage,
        body,
        surface: Arc::new(Surface::new(mesh.clone())),
        colour: if bone == Bone::Sacrum { SACRUM } else { BONE },
        outline: bone_colour(bone),
        is_shown: true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use coxa_geometry::Point;
    use coxa_imaging::{Grid, Label, Volume};
    use ndarray::Array3;

    fn labels() -> LabelMap {
        let grid = Grid::axis_aligned([8, 8, 8], Point::origin(), [1.0; 3]);
        let mut voxels = Array3::zeros((8, 8, 8));
        voxels[(3, 3, 3)] = 9;
        let named = |id, name: &str| Label { name: name.into(), ..Label::unnamed(id) };
        let table =
            vec![named(1, "femur_left"), named(9, "gluteus_medius_left"), named(10, "sartorius_left")];
        LabelMap { volume: Volume::new(grid, voxels), table }
    }

    #[test]
    fn a_case_without_a_plan_shows_bones_and_labelled_soft_tissue() {
        let cube = Mesh::cuboid([0.0; 3], [1.0; 3]);
        let surfaces = BoneSurfaces::from([(Bone::FemurLeft, cube)]);
        let parts = scanned(Side::Left, &surfaces, false, &labels());
        let names: Vec<(&str, Option<Stage>, bool)> =
            parts.iter().map(|p| (p.name.as_str(), p.stage, p.is_shown)).collect();
        // Labels without a voxel have no surface; a femur that no plan moves is there in both stages.
        assert_eq!(names, [("femur_left", None, true), ("gluteus_medius_left", None, false)]);
        assert_eq!(parts[1].title(), "Gluteus medius, left");
    }
}
