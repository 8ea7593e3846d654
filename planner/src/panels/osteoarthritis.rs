//! Grades of osteoarthritis and subluxation, the signs that they rest on, and the joint space over the loaded socket.

use super::input::{PanelInput, words};
use coxa_anatomy::osteoarthritis::{GradeProbabilities, JointSpacePlace};
use coxa_geometry::frame::Patient;
use coxa_geometry::{Point, Quantity, Side, Unit};
use coxa_panel::{Overlay, Panel, Picture, Ramp, Table, TableRow};
use rayon::prelude::*;

/// Name of the panel.
pub(super) const OSTEOARTHRITIS: &str = "osteoarthritis";
/// The loaded part of the socket reaches so far from the vertical.
const LOADED_DEG: f64 = 55.0;
/// A pixel has the joint space of the nearest place, if that is so near.
const NEAR_DEG: f64 = 3.0;
/// Width and height of a map.
const MAP_PX: usize = 180;
/// A healthy hip's joint space is 3 to 5 mm (Lequesne 2004); what is above is as good.
const FULL_MM: f32 = 5.0;

/// Signs, with digits after the point.
const SIGNS: [(Quantity, usize); 10] = [
    (Quantity::JointSpaceSuperior, 1),
    (Quantity::JointSpaceMedial, 1),
    (Quantity::JointSpaceMinimum, 1),
    (Quantity::JointSpaceMean, 1),
    (Quantity::OsteophyteHeight, 1),
    (Quantity::SubchondralSclerosis, 0),
    (Quantity::SubchondralCysts, 2),
    (Quantity::HeadAsphericity, 2),
    (Quantity::HeadMigrationSuperior, 1),
    (Quantity::CroweRatio, 0),
];

/// `None` where no hip was graded.
pub(super) fn panel(input: &PanelInput<'_>) -> Option<Panel> {
    let sides = [Side::Right, Side::Left];
    let graded = |side: Side| input.anatomy.side(side).severity.as_ref();
    let methods: Vec<&str> = sides
        .into_iter()
        .filter_map(graded)
        .flat_map(|severity| [&severity.kellgren_lawrence, &severity.crowe])
        .filter_map(|grade| Some(grade.as_ref()?.method.as_str()))
        .collect();
    if methods.is_empty() {
        return None;
    }
    let mut rows = Vec::new();
    for (name, of, roman) in [("Kellgren and Lawrence", 0, false), ("Crowe", 1, true)] {
        let grade = |side: Side| {
            let severity = graded(side)?;
            if of == 0 { severity.kellgren_lawrence.as_ref() } else { severity.crowe.as_ref() }
        };
        let method = by_side(sides.map(|side| Some((side, grade(side)?.method.as_str()))));
        if !method.is_empty() {
            let cells =
                sides.map(|side| grade(side).map(|grade| grade_words(grade, roman)).unwrap_or_default());
            rows.push(TableRow { name: name.into(), cells: cells.into(), method });
        }
    }
    for (quantity, digits) in SIGNS {
        let sign = |side: Side| input.anatomy.measurements.get(quantity.of(side));
        let method = by_side(sides.map(|side| Some((side, sign(side)?.method.as_str()))));
        if !method.is_empty() {
            let cells = sides.map(|side| sign(side).map(|sign| words(sign, digits)).unwrap_or_default());
            rows.push(TableRow { name: quantity.title().into(), cells: cells.into(), method });
        }
    }
    let mut evidence: Vec<&str> = methods;
    evidence.dedup();
    let first = evidence.first().copied().unwrap_or_default();
    Some(Panel {
        module: OSTEOARTHRITIS.into(),
        title: "Osteoarthritis".into(),
        evidence: format!("Probabilities, not a diagnosis. {first}"),
        table: Table { columns: vec!["right".into(), "left".into()], rows },
        pictures: sides.into_iter().filter_map(|side| map(input, side)).collect(),
        ..Panel::default()
    })
}

/// How both sides were obtained: once where that is the same, else each by itself.
fn by_side(methods: [Option<(Side, &str)>; 2]) -> String {
    let mut told: Vec<(Side, &str)> = methods.into_iter().flatten().collect();
    if told.len() == 2 && told[0].1 == told[1].1 {
        told.pop();
        return told[0].1.to_owned();
    }
    told.into_iter().map(|(side, method)| format!("{side}: {method}")).collect::<Vec<_>>().join("\n")
}

/// `2 (44 %); 1 33 %, 0 14 %`: the likeliest grade, then those that are not ruled out, likeliest first.
fn grade_words(grade: &GradeProbabilities, is_roman: bool) -> String {
    const ROMAN: [&str; 5] = ["0", "I", "II", "III", "IV"];
    let name = |grade: u8| match ROMAN.get(usize::from(grade)).filter(|_| is_roman) {
        Some(roman) => (*roman).to_owned(),
        None => grade.to_string(),
    };
    let mut all: Vec<(u8, f64)> = (grade.from..).zip(grade.probabilities.iter().copied()).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    let per_cent = |p: f64| format!("{:.0} %", 100.0 * p);
    let Some(&(first, p)) = all.first() else { return String::new() };
    let others: Vec<String> = all[1..]
        .iter()
        .filter(|(_, p)| *p >= 0.05)
        .map(|&(grade, p)| format!("{} {}", name(grade), per_cent(p)))
        .collect();
    let likeliest = format!("{} ({})", name(first), per_cent(p));
    if others.is_empty() { likeliest } else { format!("{likeliest}; {}", others.join(", ")) }
}

/// The joint space as it is seen from the feet: the vertical through the head centre in the middle, angles from it to scale.
fn map(input: &PanelInput<'_>, side: Side) -> Option<Picture> {
    let hip = input.anatomy.side(side);
    let centre = hip.head.as_ref()?.centre_mm;
    let places: Vec<([f64; 2], f32)> =
        hip.joint_space.iter().filter_map(|place| flat(place, centre)).collect();
    if places.is_empty() {
        return None;
    }
    let scale = 2.0 * LOADED_DEG / MAP_PX as f64;
    let at = |index: usize| (index as f64 + 0.5) * scale - LOADED_DEG;
    let value = |pixel: usize| {
        let (x, y) = (at(pixel % MAP_PX), at(pixel / MAP_PX));
        let nearest = places
            .iter()
            .map(|([px, py], width)| ((px - x).hypot(py - y), Some(*width)))
            .fold((NEAR_DEG, None), |near, one| if one.0 < near.0 { one } else { near });
        nearest.1
    };
    let values = (0..MAP_PX * MAP_PX).into_par_iter().map(value).collect();
    Some(Picture {
        caption: format!(
            "Joint space, {side}: acetabular roof from below, anterior at the top, up to {LOADED_DEG:.0}\u{b0} from the vertical"
        ),
        size_px: [MAP_PX; 2],
        grey: vec![0; MAP_PX * MAP_PX],
        sides: ['R', 'L'],
        overlay: Some(Overlay {
            title: "joint space".into(),
            unit: Unit::Millimetre.to_string(),
            low: 0.0,
            high: FULL_MM,
            ramp: Ramp::Viridis,
            values,
        }),
    })
}

/// A place by its angle from the vertical, towards the patient's left and to the back, in degrees.
fn flat(place: &JointSpacePlace, centre: Point<Patient>) -> Option<([f64; 2], f32)> {
    let d = (place.place_mm - centre).normalised()?;
    let across = d.x().hypot(d.y());
    let angle = across.atan2(d.z()).to_degrees();
    let step = if across > 0.0 { angle / across } else { 0.0 };
    place.width_mm.is_finite().then_some(([d.x() * step, d.y() * step], place.width_mm as f32))
}
