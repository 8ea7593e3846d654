//! Which pictures a report has: before and planned side by side, in the same views.

use super::captions::{self, Middle, Stage};
use super::input::ReportInput;
use crate::pictures::{
    Canvas, Colour, MovedBone, Picture, Solid, View, bone_colour, implant_colour, radiograph, scene, slice,
};
use coxa_anatomy::{Bone, BoneSurfaces};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Point, Side};
use coxa_imaging::CtVolume;
use coxa_locale::Language;
use rayon::prelude::*;
use std::collections::BTreeMap;

/// Margin around the bones on the radiograph.
const MARGIN_MM: f64 = 15.0;
/// Longest side of the radiograph and the scenes.
const TALLEST_MM: f64 = 420.0;
/// Square that the slices show.
const SLICE_MM: f64 = 150.0;
/// Turn of the oblique scene towards the side that is planned, radians.
const OBLIQUE: f64 = 0.9;
/// Outlines in the slices, at 4 pixels a millimetre.
const BONE_LINE_PX: f32 = 1.6;
const IMPLANT_LINE_PX: f32 = 2.6;

/// Bone as it is drawn in shaded views, where colour would distract.
const IVORY: Colour = [226, 214, 190];
const FEMUR_IVORY: Colour = [206, 200, 186];
const SACRUM_IVORY: Colour = [196, 184, 164];

/// Draws all pictures, in the order in which the page shows them.
pub(super) fn draw(input: &ReportInput<'_>, ct: &CtVolume) -> Result<Vec<Picture>, png::EncodingError> {
    let Some(pelvis_view) = pelvis_view(input.surfaces) else { return Ok(Vec::new()) };
    let mut tasks: Vec<Box<dyn Fn() -> Result<Picture, png::EncodingError> + Send + Sync + '_>> = Vec::new();
    for &stage in stages(input) {
        tasks.push(Box::new(move || {
            finished(input, film(input, ct, &pelvis_view, stage), &format!("radiograph_{}", stage.name()))
        }));
    }
    if let Some((centre, _)) = middle_of_joint(input) {
        let planes: [(&str, PlaneView); 3] =
            [("coronal", View::coronal), ("sagittal", View::sagittal), ("axial", View::axial)];
        for (plane, view) in planes {
            for &stage in stages(input) {
                tasks.push(Box::new(move || {
                    let view = view(centre, SLICE_MM, SLICE_MM, 4.0);
                    finished(input, cut(input, ct, &view, stage), &format!("{plane}_{}", stage.name()))
                }));
            }
        }
    }
    for Scene { name, view, stage, .. } in scenes(input) {
        tasks.push(Box::new(move || finished(input, solids(input, &view, stage), &name)));
    }
    tasks.par_iter().map(|task| task()).collect()
}

/// A picture with its caption in English, which files keep.
fn finished(input: &ReportInput<'_>, canvas: Canvas, name: &str) -> Result<Picture, png::EncodingError> {
    let mut picture = canvas.finish(name, "")?;
    picture.caption = caption_in(input, &picture, Language::English).unwrap_or_default();
    Ok(picture)
}

/// The caption of a picture in the language of the report.
pub(super) fn caption(input: &ReportInput<'_>, picture: &Picture) -> String {
    let other = (input.language != Language::English).then(|| caption_in(input, picture, input.language));
    other.flatten().unwrap_or_else(|| picture.caption.clone())
}

fn caption_in(input: &ReportInput<'_>, picture: &Picture, language: Language) -> Option<String> {
    let middle = middle_of_joint(input).map(|(_, middle)| middle);
    captions::of_gallery(language, picture, middle, input.side)
}

/// Bones and implants in space, of which a report has a picture.
pub struct Scene {
    /// Name of the picture.
    pub name: String,
    /// From where.
    pub view: View,
    /// When.
    pub stage: Stage,
    /// Colours of the implants by name, which are those of the page's legend.
    pub colours: BTreeMap<String, Colour>,
}

impl Scene {
    /// A scene without implants.
    pub fn new(name: &str, view: View, stage: Stage) -> Self {
        Scene { name: name.to_owned(), view, stage, colours: BTreeMap::new() }
    }
}

/// The scenes of a report: from the front, and from the front and the side that is planned; none where there are no bones.
pub fn scenes(input: &ReportInput<'_>) -> Vec<Scene> {
    let Some(pelvis_view) = pelvis_view(input.surfaces) else { return Vec::new() };
    let turn = match input.side {
        Side::Right => OBLIQUE,
        Side::Left => -OBLIQUE,
    };
    let front = View { px_per_mm: 2.0, ..pelvis_view };
    let oblique = View { sides: [' ', ' '], ..front.turned(turn) };
    let views = [("front", front), ("oblique", oblique)];
    let implants = input.planned.iter().flat_map(|planned| planned.implants.keys());
    let colours: BTreeMap<String, Colour> =
        implants.map(|name| (name.clone(), implant_colour(name))).collect();
    let scene = |name: &str, view: View, stage: Stage| {
        let name = format!("{name}_{}", stage.name());
        Scene { colours: colours.clone(), ..Scene::new(&name, view, stage) }
    };
    let of_view = |(name, view): &(&str, View)| {
        stages(input).iter().map(|&stage| scene(name, *view, stage)).collect::<Vec<_>>()
    };
    views.iter().flat_map(of_view).collect()
}

fn stages(input: &ReportInput<'_>) -> &'static [Stage] {
    match input.planned {
        Some(_) => &[Stage::Before, Stage::Planned],
        None => &[Stage::Before],
    }
}

type PlaneView = fn(Point<Patient>, f64, f64, f64) -> View;

/// The view from the front that holds all bones, or their upper part where the femora are long.
fn pelvis_view(surfaces: &BoneSurfaces) -> Option<View> {
    let bounds: Vec<_> = surfaces.values().filter_map(Mesh::bounds).collect();
    let (low, high) = bounds.into_iter().reduce(|(al, ah), (bl, bh)| {
        (Point::from_coords(al.coords().inf(&bl.coords())), Point::from_coords(ah.coords().sup(&bh.coords())))
    })?;
    let width = (high.x() - low.x() + 2.0 * MARGIN_MM).min(TALLEST_MM);
    let height = (high.z() - low.z() + 2.0 * MARGIN_MM).min(TALLEST_MM);
    let middle = low.midpoint(high);
    let top = high.z() + MARGIN_MM;
    Some(View::coronal(Point::new(middle.x(), middle.y(), top - height / 2.0), width, height, 2.0))
}

/// Where the slices cut, and what that is: the planned centre of rotation, else the best that the scan shows.
fn middle_of_joint(input: &ReportInput<'_>) -> Option<(Point<Patient>, Middle)> {
    let hip = input.anatomy.side(input.side);
    let bone = |bone: Bone| {
        let (low, high) = input.surfaces.get(&bone)?.bounds()?;
        Some(low.midpoint(high))
    };
    let hip_bone = match input.side {
        Side::Right => Bone::HipRight,
        Side::Left => Bone::HipLeft,
    };
    None.or_else(|| Some((input.planned?.pose.hip_centre, Middle::Planned)))
        .or_else(|| Some((hip.head.as_ref()?.centre_mm, Middle::Head)))
        .or_else(|| Some((hip.acetabulum.as_ref()?.centre_mm, Middle::Acetabulum)))
        .or_else(|| Some((bone(hip_bone)?, Middle::HipBone)))
        .or_else(|| Some((bone(own_femur(input.side))?, Middle::Femur)))
}

fn bones<'a>(input: &ReportInput<'a>, stage: Stage) -> &'a BoneSurfaces {
    match (stage, input.planned) {
        (Stage::Planned, Some(planned)) => &planned.bones,
        _ => input.surfaces,
    }
}

fn implants<'a>(input: &ReportInput<'a>, stage: Stage) -> impl Iterator<Item = (&'a Mesh<Patient>, Colour)> {
    let planned = input.planned.filter(|_| stage == Stage::Planned);
    planned.into_iter().flat_map(|p| &p.implants).map(|(part, mesh)| (mesh, implant_colour(part)))
}

/// The femur of the planned side.
fn own_femur(side: Side) -> Bone {
    match side {
        Side::Right => Bone::FemurRight,
        Side::Left => Bone::FemurLeft,
    }
}

fn film(input: &ReportInput<'_>, ct: &CtVolume, view: &View, stage: Stage) -> Canvas {
    let femur = own_femur(input.side);
    let planned = input.planned.filter(|_| stage == Stage::Planned);
    let moved = planned.and_then(|p| p.bones.get(&femur)).map(|mesh| (mesh, bone_colour(femur)));
    radiograph(ct, view, moved, implants(input, stage))
}

fn cut(input: &ReportInput<'_>, ct: &CtVolume, view: &View, stage: Stage) -> Canvas {
    let femur = own_femur(input.side);
    let moved = input.planned.filter(|_| stage == Stage::Planned).and_then(|p| {
        let (scanned, planned) = (input.surfaces.get(&femur)?, p.bones.get(&femur)?);
        Some(MovedBone { scanned, planned, motion: p.pose.reduced() })
    });
    let bones = bones(input, stage).iter().map(|(&bone, mesh)| (mesh, bone_colour(bone), BONE_LINE_PX));
    let implants = implants(input, stage).map(|(mesh, colour)| (mesh, colour, IMPLANT_LINE_PX));
    slice(ct, view, moved.as_ref(), bones.chain(implants))
}

fn solids(input: &ReportInput<'_>, view: &View, stage: Stage) -> Canvas {
    let bones = bones(input, stage).iter().map(|(bone, mesh)| {
        let colour = match bone {
            Bone::HipRight | Bone::HipLeft => IVORY,
            Bone::FemurRight | Bone::FemurLeft => FEMUR_IVORY,
            Bone::Sacrum => SACRUM_IVORY,
        };
        Solid { mesh, colour }
    });
    let implants = implants(input, stage).map(|(mesh, colour)| Solid { mesh, colour });
    scene(view, &bones.chain(implants).collect::<Vec<_>>())
}
