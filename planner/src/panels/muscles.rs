//! Muscles: volume, fat and lean mass of each, and where they lie.

use super::input::{PanelInput, words};
use crate::pictures::{GreyWindow, View, grey};
use coxa_anatomy::muscle::MuscleMeasure;
use coxa_geometry::{Point, Side, Unit};
use coxa_panel::{Overlay, Panel, Picture, Ramp, Table, TableRow};
use rayon::prelude::*;

/// Name of the panel.
pub(super) const MUSCLES: &str = "muscles";
/// Soft tissue fills the window.
const WINDOW: GreyWindow = GreyWindow { black_hu: -160.0, white_hu: 240.0 };
const PX_PER_MM: f64 = 1.0;
/// Fat that the ramp's last colour stands for: beyond it muscle is more fat than lean to the eye (Goutallier 1994, grade 3 and 4).
const MUCH_FAT_PERCENT: f32 = 50.0;

/// `None` where no muscle was measured.
pub(super) fn panel(input: &PanelInput<'_>) -> Option<Panel> {
    let muscles = &input.anatomy.muscles;
    let first = muscles.first()?;
    let mut names: Vec<&str> = Vec::new();
    for muscle in muscles {
        if !names.contains(&muscle.name.as_str()) {
            names.push(&muscle.name);
        }
    }
    let columns = ["right", "left"]
        .iter()
        .flat_map(|side| ["volume", "fat", "lean"].iter().map(move |what| format!("{what}, {side}")));
    let row = |name: &&str| {
        let of = |side: Side| muscles.iter().find(|m| m.name == **name && m.side == side);
        let found = [Side::Right, Side::Left].map(of);
        TableRow {
            name: title(name, &found),
            cells: found.into_iter().flat_map(cells).collect(),
            method: found.into_iter().flatten().map(notes).collect::<Vec<_>>().join("\n"),
        }
    };
    Some(Panel {
        module: MUSCLES.into(),
        title: "Muscles".into(),
        evidence: format!(
            "Fat by {}; lean mass by {}. * The scan contains only part of this muscle, on the side named.",
            first.fat_fraction.method, first.lean_mass.method
        ),
        table: Table { columns: columns.collect(), rows: names.iter().map(row).collect() },
        pictures: picture(input).into_iter().collect(),
        ..Panel::default()
    })
}

fn title(name: &str, found: &[Option<&MuscleMeasure>; 2]) -> String {
    let mut letters = name.chars();
    let first = letters.next().map(char::to_uppercase).into_iter().flatten();
    let words: String = first.chain(letters).collect::<String>().replace('_', " ");
    let cut: Vec<&str> =
        found.iter().flatten().filter(|muscle| muscle.is_cut).map(|m| m.side.name()).collect();
    if cut.is_empty() { words } else { format!("{words} * {}", cut.join(", ")) }
}

fn cells(muscle: Option<&MuscleMeasure>) -> [String; 3] {
    let Some(muscle) = muscle else { return Default::default() };
    let fat = &muscle.fat_fraction;
    [
        words(&muscle.volume, 0),
        format!("{:.0} \u{b1} {:.0} %", 100.0 * fat.value, 100.0 * fat.spread),
        words(&muscle.lean_mass, 0),
    ]
}

fn notes(muscle: &MuscleMeasure) -> String {
    let dice = muscle.predicted_dice.map(|dice| format!("; expected Dice of the label {dice:.2}"));
    let trust = dice.unwrap_or_default();
    format!("Volume, {}: {}{trust}", muscle.side, muscle.volume.method)
}

/// The axial slice through the planned hip, each muscle in the colour of its fat.
fn picture(input: &PanelInput<'_>) -> Option<Picture> {
    let ct = input.ct;
    let [low, high] = ct.grid.bounds(0.5);
    let middle = low.midpoint(high);
    let hip = input.anatomy.side(input.side).head.as_ref().map_or(middle, |head| head.centre_mm);
    let centre = Point::new(middle.x(), middle.y(), hip.z());
    let view = View::axial(centre, (high.x() - low.x()).abs(), (high.y() - low.y()).abs(), PX_PER_MM);
    let (width, height) = view.size_px();
    let mut fat_of = [None; 256];
    for label in &input.labels.table {
        let muscle = input.anatomy.muscles.iter().find(|m| label.name == format!("{}_{}", m.name, m.side));
        if let Some(muscle) = muscle {
            fat_of[usize::from(label.id)] = Some((100.0 * muscle.fat_fraction.value) as f32);
        }
    }
    let (grid, voxels) = (&input.labels.volume.grid, &input.labels.volume.voxels);
    let fat_at = |at: usize| {
        let (x, y) = (at % width as usize, at / width as usize);
        let voxel = grid.to_voxel(view.place(x as f64 + 0.5, y as f64 + 0.5)).coords().map(f64::round);
        // Negative indices become large ones.
        let index = [voxel.z, voxel.y, voxel.x].map(|c| if c < 0.0 { usize::MAX } else { c as usize });
        voxels.get(index).and_then(|&id| fat_of[usize::from(id)])
    };
    let values: Vec<Option<f32>> =
        (0..width as usize * height as usize).into_par_iter().map(fat_at).collect();
    Some(Picture {
        caption: format!(
            "Axial slice through the {} hip, viewed from the feet, anterior at the top: fat in each muscle",
            input.side
        ),
        size_px: [width as usize, height as usize],
        grey: grey(ct, &view, None, WINDOW),
        sides: view.sides,
        overlay: Some(Overlay {
            title: "intramuscular fat".into(),
            unit: Unit::Percent.to_string(),
            low: 0.0,
            high: MUCH_FAT_PERCENT,
            ramp: Ramp::Viridis,
            values,
        }),
    })
}
