//! Pictures of what stops each motion: the femur turned to its limit, close up on the contact.

use super::captions::{SeenFrom, from_where, of_contact};
use super::input::ReportInput;
use crate::pictures::{Colour, Picture, Solid, View, close_up, implant_colour};
use crate::plan::SCREW_PREFIX;
use crate::simulate::{ContactPair, MotionLimit, Simulated};
use coxa_anatomy::Bone;
use coxa_geometry::frame::Patient;
use coxa_geometry::{Mesh, Side, Vector};
use coxa_locale::Language;
use rayon::prelude::*;

/// What a picture shows, and its scale.
const WIDE_MM: f64 = 130.0;
const PX_PER_MM: f64 = 3.2;

const PELVIS: Colour = [226, 214, 190];
const FEMUR: Colour = [130, 166, 214];

/// Names and colours of what the pictures show.
pub(super) fn legend() -> [(&'static str, Colour); 6] {
    [
        ("Hip bone", PELVIS),
        ("Femur", FEMUR),
        ("Shell", implant_colour("shell")),
        ("Liner", implant_colour("liner")),
        ("Head", implant_colour("head")),
        ("Stem", implant_colour("stem")),
    ]
}

/// One picture for each motion that meets something after a free start and within its range.
pub(super) fn draw(input: &ReportInput<'_>) -> Result<Vec<Picture>, png::EncodingError> {
    let Some(simulated) = input.simulation else { return Ok(Vec::new()) };
    let limits = &simulated.results.limits;
    limits.par_iter().filter_map(|limit| picture(input, simulated, limit)).collect()
}

fn picture(
    input: &ReportInput<'_>,
    simulated: &Simulated,
    limit: &MotionLimit,
) -> Option<Result<Picture, png::EncodingError>> {
    let planned = input.planned?;
    let (place, cause, reached) = (limit.place_mm?, limit.cause?, limit.limit_deg?);
    if limit.is_blocked() || reached > limit.motion.range {
        return None;
    }
    let position = simulated.frames.position(limit.position()?);
    let femur = position.apply(planned.bones.get(&Bone::femur(input.side))?);
    let moved: Vec<(&str, Mesh<Patient>)> = ["stem", "head"]
        .into_iter()
        .filter_map(|name| Some((name, position.apply(planned.implants.get(name)?))))
        .collect();
    let mut solids = vec![Solid { mesh: &femur, colour: FEMUR }];
    // The femur would hide where the neck meets the liner, and nothing of it takes part.
    if cause == ContactPair::NeckOnLiner {
        solids.clear();
    }
    solids.push(Solid { mesh: planned.bones.get(&Bone::hip(input.side))?, colour: PELVIS });
    let is_still =
        |name: &str| ["shell", "liner", "mobile_bearing"].contains(&name) || name.starts_with(SCREW_PREFIX);
    let still = planned.implants.iter().map(|(name, mesh)| (name.as_str(), mesh));
    let still = still.filter(|(name, _)| is_still(name));
    let parts = still.chain(moved.iter().map(|(name, mesh)| (*name, mesh)));
    solids.extend(parts.map(|(name, mesh)| Solid { mesh, colour: implant_colour(name) }));

    let lateral = if input.side == Side::Right { 1.0 } else { -1.0 };
    let usual = Vector::new(0.6 * lateral, 0.8, 0.0);
    let (canvas, view) = close_up(place, WIDE_MM, PX_PER_MM, usual, &solids);
    let from = seen_from(&view, lateral);
    let caption = of_contact(Language::English, &limit.motion.name, reached, cause, from);
    Some(canvas.finish(&name_of(limit), caption))
}

fn name_of(limit: &MotionLimit) -> String {
    format!("contact_{}", limit.motion.name)
}

/// The caption of a picture in the language of the report. From where one looks is told by the English that the picture has.
pub(super) fn caption(input: &ReportInput<'_>, picture: &Picture) -> String {
    let other = (input.language != Language::English).then(|| translated(input, picture));
    other.flatten().unwrap_or_else(|| picture.caption.clone())
}

fn translated(input: &ReportInput<'_>, picture: &Picture) -> Option<String> {
    let limits = &input.simulation?.results.limits;
    let limit = limits.iter().find(|limit| name_of(limit) == picture.name)?;
    let (cause, reached) = (limit.cause?, limit.limit_deg?);
    let all = [1, 0, -1].map(|x| [1, 0, -1].map(|y| [1, 0, -1].map(|z| [x, y, z])));
    let mut all = all.as_flattened().as_flattened().iter();
    let from =
        all.find(|from| picture.caption.contains(&format!(" {}.", from_where(Language::English, **from))))?;
    Some(of_contact(input.language, &limit.motion.name, reached, cause, *from))
}

/// From where one looks.
fn seen_from(view: &View, lateral: f64) -> SeenFrom {
    // The viewer stands against the direction of view.
    let from = -view.into_picture();
    let outward = -from.x() * lateral;
    [-from.y(), outward, from.z()].map(|part| match part {
        part if part > 0.4 => 1,
        part if part < -0.4 => -1,
        _ => 0,
    })
}
