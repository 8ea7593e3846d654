//! Which pictures a report has: before and planned side by side, in the same views.

use super::ReportInput;
use crate::pictures::{
    Canvas, Colour, Picture, Solid, View, bone_colour, implant_colour, radiograph, scene, slice,
};
use coxa_anatomy::{Bone, BoneSurfaces};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Point, Side};
use rayon::prelude::*;

/// Margin around the bones on the radiograph.
const MARGIN_MM: f64 = 15.0;
/// Longest side of the radiograph and the scenes.
const TALLEST_MM: f64 = 420.0;
/// Square that the slices show.
const SLICE_MM: f64 = 150.0;

/// Bone as it is drawn in shaded views, where colour would distract.
const IVORY: Colour = [226, 214, 190];
const FEMUR_IVORY: Colour = [206, 200, 186];
const SACRUM_IVORY: Colour = [196, 184, 164];

/// Draws all pictures, in the order in which the page shows them.
pub(super) fn draw(input: &ReportInput<'_>) -> Result<Vec<Picture>, png::EncodingError> {
    let Some(pelvis_view) = pelvis_view(input.surfaces) else { return Ok(Vec::new()) };
    let mut tasks: Vec<Box<dyn Fn() -> Result<Picture, png::EncodingError> + Send + Sync + '_>> = Vec::new();
    let stages: &[Stage] =
        if input.planned.is_some() { &[Stage::Before, Stage::Planned] } else { &[Stage::Before] };
    for &stage in stages {
        tasks.push(Box::new(move || {
            let caption = format!(
                "Simulated AP radiograph (parallel projection, to scale), {}",
                stage.words(input.side)
            );
            film(input, &pelvis_view, stage).finish(&format!("radiograph_{}", stage.name()), caption)
        }));
    }
    if let Some(centre) = hip_centre(input) {
        let planes: [(&str, PlaneView); 3] =
            [("coronal", View::coronal), ("sagittal", View::sagittal), ("axial", View::axial)];
        for (plane, view) in planes {
            for &stage in stages {
                tasks.push(Box::new(move || {
                    let view = view(centre, SLICE_MM, SLICE_MM, 4.0);
                    let caption = format!(
                        "{} slice through the centre of rotation, {}",
                        capitalised(plane),
                        stage.words(input.side)
                    );
                    cut(input, &view, stage).finish(&format!("{plane}_{}", stage.name()), caption)
                }));
            }
        }
    }
    let oblique = match input.side {
        Side::Right => 0.9,
        Side::Left => -0.9,
    };
    for (name, turn, what) in
        [("front", 0.0, "from the front"), ("oblique", oblique, "obliquely from the operated side")]
    {
        for &stage in stages {
            tasks.push(Box::new(move || {
                let mut view = View { px_per_mm: 1.6, ..pelvis_view }.turned(turn);
                if turn != 0.0 {
                    view.sides = [' ', ' '];
                }
                let caption = format!("Bones {what}, {}", stage.words(input.side));
                solids(input, &view, stage).finish(&format!("{name}_{}", stage.name()), caption)
            }));
        }
    }
    tasks.par_iter().map(|task| task()).collect()
}

type PlaneView = fn(Point<Patient>, f64, f64, f64) -> View;

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Before,
    Planned,
}

impl Stage {
    fn name(self) -> &'static str {
        match self {
            Stage::Before => "before",
            Stage::Planned => "planned",
        }
    }

    fn words(self, side: Side) -> String {
        match self {
            Stage::Before => "as scanned".into(),
            Stage::Planned => format!("as planned on the {side} side"),
        }
    }
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
}

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

/// Where the slices cut: the planned centre of rotation, else the head centre as scanned.
fn hip_centre(input: &ReportInput<'_>) -> Option<Point<Patient>> {
    let hip = input.anatomy.side(input.side);
    input
        .planned
        .map(|p| p.hip_centre_mm)
        .or(hip.head.as_ref().map(|h| h.centre_mm))
        .or(hip.acetabulum.as_ref().map(|a| a.centre_mm))
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

fn film(input: &ReportInput<'_>, view: &View, stage: Stage) -> Canvas {
    radiograph(input.ct, view, implants(input, stage))
}

fn cut(input: &ReportInput<'_>, view: &View, stage: Stage) -> Canvas {
    let bones = bones(input, stage).iter().map(|(&bone, mesh)| (mesh, bone_colour(bone), 1.6));
    slice(input.ct, view, bones.chain(implants(input, stage).map(|(mesh, colour)| (mesh, colour, 2.4))))
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
